"""The report of the bench's window: the numbers that the window shows."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from explorer.gui.bench.window import BenchWindow
from explorer.workspace.bench_facts import bench_facts
from explorer.workspace.codec import Decoder, Encoder, build
from explorer.workspace.messages import WriteReport
from tests.analysis.test_report import _Reader
from tests.gui.bench.conftest import waves


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    value = value.tolist() if hasattr(value, "tolist") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def test_a_click_writes_what_the_window_shows(
    open_bench: Callable[..., BenchWindow], tmp_path: Path, monkeypatch: Any
) -> None:
    window = open_bench(waves())
    assert not window.foot.report.isEnabled()
    window.start()
    path = str(tmp_path / "r")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, "HTML page (*.html)"))
    QTest.mouseClick(window.foot.report, Qt.MouseButton.LeftButton)
    assert window.banner.text == f"Wrote {path}.html"
    reader = _Reader()
    reader.feed(Path(f"{path}.html").read_text(encoding="utf-8"))
    assert window.contest.result is not None
    assert json.loads(reader.texts["script"]) == plain(bench_facts(window.contest.result))
    # As it goes to a worker and comes out there.
    request, result = window.contest.request, window.contest.result
    assert request is not None
    sent = WriteReport("r.html", request.data, result, request.runs, request.denoisers, request.levels, "waves")
    (message,) = Decoder().feed(Encoder().encode(sent))
    again = build(WriteReport, message)
    assert plain(bench_facts(again.found)) == plain(bench_facts(result))
    np.testing.assert_array_equal(again.found.rows[1].squares, result.rows[1].squares)
