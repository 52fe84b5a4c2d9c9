"""Real windows: nothing of a test may live on after it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QProcess, QSettings, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from explorer.gui import jobs


class Watched(QProcess):
    """A worker that can be asked for once its test is over."""

    started_here: ClassVar[list[QProcess]] = []

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.started_here.append(self)


@pytest.fixture(autouse=True)
def settings(home: Path) -> None:
    """Keep the settings of a test to itself."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home))
    QApplication.setOrganizationName("Latentscape")
    QApplication.setApplicationName("Latentscape")


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a thread, a worker, a window, or the timer of a window behind."""
    monkeypatch.setattr(jobs, "QProcess", Watched)
    Watched.started_here.clear()
    threads = set(threading.enumerate())
    widgets = {id(widget) for widget in QApplication.topLevelWidgets()}
    # What was there before the test need not be gone through when it is over: that took longer than most tests.
    gc.freeze()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    left = [thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive()]
    assert not left, f"threads left behind: {left}"
    stopped = QProcess.ProcessState.NotRunning
    workers = [each.arguments() for each in Watched.started_here if isValid(each) and each.state() != stopped]
    assert not workers, f"workers left running: {workers}"
    windows = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in widgets]
    visible = [widget.objectName() or type(widget).__name__ for widget in windows if widget.isVisible()]
    assert not visible, f"windows left open: {visible}"
    ticking = [
        f"{timer.interval()} ms in {type(widget).__name__} {widget.objectName()}"
        for widget in windows
        for timer in widget.findChildren(QTimer)
        if timer.isActive()
    ]
    assert not ticking, f"timers left running: {ticking}"
