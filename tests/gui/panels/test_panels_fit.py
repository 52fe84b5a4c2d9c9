"""Panels at the widths of a dock, in dark and light and with letters of twice the size: nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLabel, QSlider, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.controller import Controller
from explorer.gui.panels.decode import DecodePanel
from explorer.gui.panels.denoise import DenoisePanel
from explorer.gui.panels.training import TrainingPanel
from explorer.gui.theme import theme
from explorer.gui.widgets.labels import Elided

PANELS = [DecodePanel, DenoisePanel, TrainingPanel]


@pytest.fixture
def large(qapp: QApplication) -> Iterator[None]:
    """Letters of twice the size, as a system with large fonts starts the program."""
    before, base = QFont(qapp.font()), theme()._base_font
    font = QFont(before)
    font.setPointSizeF(2 * before.pointSizeF())
    qapp.setFont(font)
    theme()._base_font = font
    yield
    qapp.setFont(before)
    theme()._base_font = base


def cut(panel: QWidget) -> list[str]:
    """Return what has less room than its words need."""
    found = []
    for widget in panel.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, Elided):
            continue
        if isinstance(widget, QAbstractButton) and widget.width() < widget.minimumSizeHint().width():
            found.append(f"{widget.objectName()}: {widget.text()}")
        elif isinstance(widget, QLabel) and not widget.wordWrap() and widget.width() < widget.sizeHint().width():
            found.append(widget.text())
        elif (
            isinstance(widget, QLabel) and widget.wordWrap() and widget.height() < widget.heightForWidth(widget.width())
        ):
            found.append(f"tall: {widget.text()}")
    return found


@pytest.mark.parametrize("panel_class", PANELS)
def test_nothing_is_cut_in_a_narrow_dock(trained: Controller, qtbot: QtBot, panel_class: type[QWidget]) -> None:
    panel = panel_class(trained)
    qtbot.addWidget(panel)
    panel.show()
    for width in (280, 360):
        panel.resize(QSize(width, 700))
        qtbot.wait(30)
        assert cut(panel) == [], width


@pytest.mark.parametrize("panel_class", PANELS)
def test_nothing_is_cut_with_large_letters(
    large: None, trained: Controller, qtbot: QtBot, panel_class: type[QWidget]
) -> None:
    panel = panel_class(trained)
    qtbot.addWidget(panel)
    panel.resize(QSize(360, 1400))
    panel.show()
    qtbot.wait(30)
    assert cut(panel) == []


@pytest.mark.parametrize("panel_class", PANELS)
def test_every_control_explains_itself(trained: Controller, qtbot: QtBot, panel_class: type[QWidget]) -> None:
    panel = panel_class(trained)
    qtbot.addWidget(panel)
    panel.show()
    for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider):
        for widget in panel.findChildren(kind):
            if widget.objectName().startswith("qt_") or not widget.isVisible():
                continue
            assert widget.objectName(), widget
            assert widget.accessibleName(), widget.objectName()
            assert widget.toolTip(), widget.objectName()


@pytest.mark.parametrize("panel_class", PANELS)
def test_a_theme_restyles_it(trained: Controller, qtbot: QtBot, panel_class: type[QWidget]) -> None:
    panel = panel_class(trained)
    qtbot.addWidget(panel)
    panel.resize(340, 500)
    panel.show()
    try:
        shots = []
        for choice in ("light", "dark"):
            theme().choose(choice)
            qtbot.wait(20)
            shots.append(panel.grab().toImage())
        assert shots[0] != shots[1]
    finally:
        theme().choose("system")
