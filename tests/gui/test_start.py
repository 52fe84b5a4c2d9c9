"""The program from its start, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CLOSES_DIALOGS = """
import sys
from PySide6.QtCore import QTimer
from explorer import app
from explorer.gui.dialogs.errors import ErrorDialog

ErrorDialog.open = lambda dialog: (dialog.show(), QTimer.singleShot(50, dialog.reject))
sys.exit(app.run())
"""


def test_a_folder_for_data_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    environment = os.environ | {"LATENTSCAPE_HOME": str(tmp_path / "taken"), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", CLOSES_DIALOGS]
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("latentscape:")]
    assert len(told) == 1 and "taken" in told[0] and "LATENTSCAPE_HOME" in told[0]
    assert "Traceback" not in done.stderr


def test_pyside_reads_no_sources_at_the_start() -> None:
    script = (
        "import sys, linecache\n"
        "from explorer.app import spare_sources\n"
        "spare_sources()\n"
        "import explorer.gui.theme, PySide6.QtWidgets, numpy\n"
        "print(len(linecache.cache))\n"
    )
    for spared in (True, False):
        done = subprocess.run(
            [sys.executable, "-c", script if spared else script.replace("\nspare_sources()", "\n")],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        count = int(done.stdout)
        assert (count < 40) if spared else (count > 60)
