"""Pages in a narrow dock, dark and light, and with large letters: nothing is cut, and every control explains itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QListWidget, QSlider
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.theme import theme
from tests.analysis.figures.examples import decided
from tests.gui.panels.test_panels_fit import cut, large

__all__ = ["large"]
ASKED = ["components", "clusters", "features", "outliers"]
Show = Callable[..., Any]


def explained(page: Any) -> None:
    """Check that each control has a name, one for those who do not see it, and a tip."""
    for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QLineEdit, QListWidget):
        for widget in page.findChildren(kind):
            if widget.objectName().startswith("qt_") or not widget.isVisible():
                continue
            assert widget.objectName(), widget
            assert widget.accessibleName(), widget.objectName()
            assert widget.toolTip(), widget.objectName()


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_cut(trained: Controller, show: Show, qtbot: QtBot, name: str) -> None:
    page = show(trained, name)
    page.ask()
    for width in (420, 640):
        page.resize(QSize(width, 320))
        qtbot.wait(30)
        assert cut(page) == [], width


@pytest.mark.parametrize("name", ASKED)
def test_in_a_laptops_window_it_need_not_scroll(trained: Controller, show: Show, qtbot: QtBot, name: str) -> None:
    page = show(trained, name)
    page.ask()
    page.resize(QSize(498, 290))  # what a window of 1280 x 800 leaves
    qtbot.wait(30)
    area = page.stages.currentWidget()
    assert (area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()) == (0, 0)


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_cut_with_large_letters(
    large: None, trained: Controller, show: Show, name: str, qtbot: QtBot
) -> None:
    page = show(trained, name)
    page.ask()
    page.resize(QSize(900, 900))
    qtbot.wait(30)
    assert cut(page) == []


@pytest.mark.parametrize("name", ASKED)
def test_every_control_explains_itself(trained: Controller, show: Show, name: str) -> None:
    page = show(trained, name)
    page.ask()
    explained(page)


@pytest.mark.parametrize("name", ASKED)
def test_a_theme_restyles_it(trained: Controller, show: Show, qtbot: QtBot, name: str) -> None:
    page = show(trained, name)
    page.ask()
    try:
        shots = []
        for choice in ("light", "dark"):
            theme().choose(choice)
            qtbot.wait(20)
            shots.append(page.grab().toImage())
        assert shots[0] != shots[1]
    finally:
        theme().choose("system")


@pytest.fixture
def decisions(controller: Controller, digits: Dataset, show: Show) -> Any:
    """Return the page of decisions with an answer."""
    controller.workspace.add_data(digits)
    controller.trainer.start("conditional-vae", {"latent_dim": 2, "hidden": (16,), "epochs": 1}, None)
    page = show(controller, "decision")
    answer = msgspec.structs.replace(decided(tuple("012")), examples=digits.values[:6].reshape(3, 2, 8, 8, 1))
    page.inquiry.result, page.inquiry.basis = answer, page.analyst.basis(page.settings(), of_model=True)
    page.refresh()
    return page


@pytest.mark.parametrize("size", [(420, 320), (498, 290), (640, 320)])
def test_decisions_fit(decisions: Any, qtbot: QtBot, size: tuple[int, int]) -> None:
    page = decisions
    page.resize(QSize(*size))
    for place in range(page.what.count()):
        page.what.setCurrentIndex(place)
        qtbot.wait(30)
        assert cut(page) == []
        if size[0] > 420:
            area = page.stages.currentWidget()
            assert (area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()) == (0, 0)
        explained(page)


def test_decisions_fit_with_large_letters(large: None, decisions: Any, qtbot: QtBot) -> None:
    decisions.resize(QSize(900, 900))
    qtbot.wait(30)
    assert cut(decisions) == []
