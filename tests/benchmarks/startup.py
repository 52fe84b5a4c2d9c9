"""From the start of the process to the first painted window, against a bare PySide6 window in the same run.

The program starts as a person starts it for the second time (its project and the byte code are there). "Painted" means
that the main window and the map with its points have been drawn and the event loop would go on to wait for the hand.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

from tests.benchmarks._measure import main

PAIRS = 9

BARE = """
import sys, time, json, os
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(json.dumps({"painted": time.time()}), flush=True)
        os._exit(0)
app = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

PROGRAM = """
import sys, time, json, os
import explorer.app
from PySide6.QtCore import QObject, QEvent
from PySide6.QtWidgets import QApplication, QWidget
HEAVY = ("torch", "pandas", "scipy", "matplotlib", "pyqtgraph", "sklearn")
class Watch(QObject):
    waiting = 0
    def eventFilter(self, watched, event):
        if event.type() != QEvent.Type.Paint:
            return False
        watched.removeEventFilter(self)
        watched.event(event)
        self.waiting -= 1
        if not self.waiting:
            told = {"painted": time.time(), "modules": [name for name in HEAVY if name in sys.modules]}
            print(json.dumps(told), flush=True)
            os._exit(0)
        return True
watch = Watch()
original = QApplication.exec
def execute(*_):
    (window,) = [w for w in QApplication.topLevelWidgets() if w.objectName() == "main_window"]
    if sys.argv[1:] == ["first"]:
        window.furnished.connect(window.close)
    else:
        for widget in (window, window.findChild(QWidget, "map_canvas")):
            widget.installEventFilter(watch)
            watch.waiting += 1
    return original()
QApplication.exec = execute
sys.exit(explorer.app.run())
"""


def _time(script: str, environment: dict[str, str]) -> tuple[float, dict[str, Any]]:
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    if not done.stdout.strip():
        raise RuntimeError(f"nothing was painted: {done.stderr}")
    told = json.loads(done.stdout.splitlines()[-1])
    return 1000 * (told["painted"] - started), told


def measure() -> dict[str, Any]:
    """Start both in turn, and return the median of the ratios, pair by pair."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LATENTSCAPE_HOME": home}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        _time(BARE, environment)
        subprocess.run([sys.executable, "-c", PROGRAM, "first"], env=environment, check=True, timeout=120)
        _time(PROGRAM, environment)
        ratios, bare, program, told = [], [], [], {}
        for _ in range(PAIRS):
            bare.append(_time(BARE, environment)[0])
            milliseconds, told = _time(PROGRAM, environment)
            program.append(milliseconds)
            ratios.append(program[-1] / bare[-1])
    return {
        "ratio": round(statistics.median(ratios), 2),
        "torch_loaded": "torch" in told["modules"],
        "bare_ms": round(statistics.median(bare), 1),
        "program_ms": round(statistics.median(program), 1),
        "heavy_modules": told["modules"],
    }


if __name__ == "__main__":
    main(__doc__ or "", measure)
