"""Real windows: nothing of a test may live on after it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def settings(home: Path) -> None:
    """Keep the settings of a test to itself."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home))
    QApplication.setOrganizationName("Latentscape")
    QApplication.setApplicationName("Latentscape")


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a thread or a top-level widget behind."""
    threads = set(threading.enumerate())
    widgets = {id(widget) for widget in QApplication.topLevelWidgets()}
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    left = [thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive()]
    assert not left, f"threads left behind: {left}"
    visible = [
        widget.objectName() or type(widget).__name__
        for widget in QApplication.topLevelWidgets()
        if id(widget) not in widgets and widget.isVisible()
    ]
    assert not visible, f"windows left open: {visible}"
