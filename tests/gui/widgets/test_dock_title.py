"""The title row of a dock, alone and among tabs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.icons import NAMES, icon
from explorer.gui.theme import install_theme, theme
from explorer.gui.widgets.dock_title import DockTitle


def two_docks(qtbot: QtBot) -> tuple[QMainWindow, list[QDockWidget]]:
    window = QMainWindow()
    qtbot.addWidget(window)
    docks = []
    for name in ("one", "two"):
        dock = QDockWidget(name, window)
        dock.setObjectName(f"dock_{name}")
        dock.setTitleBarWidget(DockTitle(dock))
        dock.setWidget(QWidget())
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        docks.append(dock)
    window.resize(500, 400)
    window.show()
    qtbot.waitExposed(window)
    return window, docks


def title(dock: QDockWidget) -> DockTitle:
    bar = dock.titleBarWidget()
    assert isinstance(bar, DockTitle)
    return bar


def test_among_tabs_only_a_grip_is_left(qapp: QApplication, qtbot: QtBot) -> None:
    install_theme(qapp)
    window, (one, two) = two_docks(qtbot)
    alone = title(one).height()
    assert title(one)._name.isVisible()
    window.tabifyDockWidget(one, two)
    qtbot.waitUntil(lambda: title(two)._name.isHidden() and title(one)._name.isHidden())
    qtbot.waitUntil(lambda: 0 < title(two).height() < alone)
    two.setFloating(True)
    qtbot.waitUntil(lambda: not title(two)._name.isHidden() and not title(one)._name.isHidden())


def test_its_buttons_float_and_hide_the_dock(qapp: QApplication, qtbot: QtBot) -> None:
    install_theme(qapp)
    window, (one, _) = two_docks(qtbot)
    for button in title(one).findChildren(QToolButton):
        assert button.objectName() and button.accessibleName() and button.toolTip()
    floating, hide = (title(one).findChild(QToolButton, f"dock_one_{name}") for name in ("float", "close"))
    assert isinstance(floating, QToolButton)
    assert isinstance(hide, QToolButton)
    floating.click()
    qtbot.waitUntil(one.isFloating)
    floating.click()
    qtbot.waitUntil(lambda: not one.isFloating())
    hide.click()
    assert one.isHidden()
    assert window.isVisible()


def test_every_icon_is_drawn_sharp_at_each_scale(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    install_theme(qapp)
    monkeypatch.setattr("explorer.gui.icons._ratios", lambda: (1, 2, 3))
    for name in NAMES:
        drawn = icon(name, theme().color("text"))
        for ratio in (1, 2, 3):
            image = drawn.pixmap(QSize(20, 20), float(ratio)).toImage()
            assert image.width() == 20 * ratio
            assert any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height()))
