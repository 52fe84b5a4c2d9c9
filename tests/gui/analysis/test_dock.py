"""The dock in the window: its list, menu and keys, its place behind the training, and what is exported from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from explorer.analysis.look import FigureStyle
from explorer.data.generated import make
from explorer.gui.controller import Controller
from explorer.gui.dialogs.export import ExportDialog
from explorer.gui.main_window import ROOM, MainWindow
from explorer.gui.panels.analysis.pages import PAGES
from explorer.gui.panels.analysis.panel import AnalysisPanel
from explorer.gui.panels.decode import DecodePanel
from explorer.gui.panels.denoise import DenoisePanel
from explorer.gui.theme import install_theme


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, trained: Controller) -> Iterator[MainWindow]:
    install_theme(qapp)
    made = MainWindow()
    made.attach(trained)
    with qtbot.waitSignal(made.furnished, timeout=60_000):
        made.show()
    yield made
    trained.setParent(None)
    made._attached = False  # the fixture of the controller closes it
    made.close()
    made.deleteLater()


def bars(window: MainWindow, title: str) -> list[QTabBar]:
    return [
        bar
        for bar in window.findChildren(QTabBar)
        if bar.isVisible() and title in [bar.tabText(i) for i in range(bar.count())]
    ]


def test_keys_and_menu_lead_to_the_pages(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.panel("analysis")
    assert isinstance(panel, AnalysisPanel)
    assert panel.page is None, "the training is in front at first, and no page was made"
    for place, name in enumerate(PAGES, 1):
        action = window.actions_.analyses[place - 1]
        assert action.shortcut().toString() == f"Ctrl+{place}"
        action.trigger()
        assert panel.page.name == name
        assert panel.page.isVisible()
    tabs = 40
    qtbot.waitUntil(lambda: window.docks["analysis"].height() >= ROOM["analysis"] - tabs)


def test_a_tab_gives_its_page_room_when_it_is_first_chosen(window: MainWindow, qtbot: QtBot) -> None:
    explore, training = window.docks["explore"], window.docks["training"]
    (bar,) = bars(window, "Explore")
    before = training.height()
    assert before < ROOM["explore"] - 40

    def choose(title: str) -> None:
        place = [bar.tabText(i) for i in range(bar.count())].index(title)
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())

    choose("Explore")
    qtbot.waitUntil(lambda: explore.height() >= ROOM["explore"] - 40)
    choose("Training")
    window.resizeDocks([training], [before], Qt.Orientation.Vertical)
    qtbot.waitUntil(lambda: training.height() < ROOM["explore"] - 40)
    choose("Explore")
    qtbot.wait(50)
    assert explore.height() < ROOM["explore"] - 40, "it is as high as the person made it"


def test_a_click_in_the_list_shows_a_page_which_the_next_start_shows_again(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_.analyses[0].trigger()
    panel = window.panel("analysis")
    row = list(PAGES).index("outliers")
    at = panel.list.visualItemRect(panel.list.item(row)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel.page.name == "outliers"
    other = AnalysisPanel(window.controller)
    qtbot.addWidget(other)
    other.show()
    assert other.page.name == "outliers"


def test_no_tab_bar_is_left_lying_about(window: MainWindow, qtbot: QtBot) -> None:
    for change in (lambda: None, window.reset_layout, lambda: window.resize(1100, 760), window.reset_layout):
        change()
        qtbot.waitUntil(lambda: len(bars(window, "Analysis")) == 1)
        qtbot.waitUntil(lambda: len(bars(window, "Runs")) == 1)
    (bar,) = bars(window, "Analysis")
    titles = [bar.tabText(i) for i in range(bar.count())]
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(titles.index("Analysis")).center())
    qtbot.waitUntil(lambda: window.panel("analysis").isVisible())


@pytest.mark.parametrize(("page", "kind"), [("components", "spectrum"), ("features", "features")])
def test_an_answer_is_exported_from_its_page(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, page: str, kind: Any
) -> None:
    exporter = window.controller.exporter
    assert not exporter.has_analysis(kind)
    window.show_analysis(page)
    shown = window.panel("analysis").page
    shown.ask()
    qtbot.mouseClick(shown.findChild(QPushButton, f"{page}-export"), Qt.MouseButton.LeftButton)
    dialog = next(w for w in window.findChildren(QDialog) if isinstance(w, ExportDialog))
    assert dialog.what.currentData() == kind
    dialog.reject()
    for ending in ("svg", "csv"):
        path = tmp_path / f"{kind}.{ending}"
        exporter.figure(kind, str(path), FigureStyle())
        assert path.stat().st_size > 0
    if kind == "spectrum":
        table = np.genfromtxt(path, delimiter=",", names=True)
        np.testing.assert_allclose(table["share"], shown.inquiry.result.ratios, rtol=1e-5)


def test_decoded_classes_lie_over_the_nearest_sample(controller: Controller, qtbot: QtBot, tmp_path: Path) -> None:
    data = make("segmented-digits")
    controller.workspace.add_data(data.subset(np.arange(30)))
    controller.trainer.start("segmentation-autoencoder", {"epochs": 1, "latent_dim": 4}, None)
    decode, denoise = DecodePanel(controller), DenoisePanel(controller)
    for panel in (decode, denoise):
        qtbot.addWidget(panel)
        panel.show()
    controller.hand.place_on(5)
    last = controller.hand.last
    assert decode.masks.isVisible()
    assert not decode.view.isVisible()
    np.testing.assert_array_equal(decode.masks.masks["predicted"], last.sample.argmax(axis=-1))
    np.testing.assert_array_equal(decode.masks.masks["true"], data.masks[last.nearest])
    assert denoise.stages.stage == "encoder"
    assert "Segments" in denoise.stages.currentWidget().widget().advice.text()
    path = tmp_path / "decoded.csv"
    controller.exporter.figure("decode", str(path), FigureStyle())
    assert "decoded class" in path.read_text(encoding="utf-8").splitlines()[0]
    numbers = tmp_path / "numbers.csv"
    controller.exporter.decoded(str(numbers))
    assert "decoded ink" in numbers.read_text(encoding="utf-8").splitlines()[0]


def test_a_decoded_future_lies_behind_its_line(controller: Controller, qtbot: QtBot) -> None:
    controller.workspace.add_data(make("sines", n=40, n_steps=30))
    controller.trainer.start("future-predictor", {"epochs": 1, "hidden": 4}, None)
    decode, denoise = DecodePanel(controller), DenoisePanel(controller)
    for panel in (decode, denoise):
        qtbot.addWidget(panel)
        panel.show()
    first = int(np.flatnonzero(np.isfinite(controller.hand.last.sample[:, 0]))[0])
    line = decode.view.plot._mark
    assert line.isVisible()
    assert line.value() == first - 0.5
    assert denoise.stages.stage == "encoder"
    controller.trainer.start("pca", {}, None)
    assert not line.isVisible()
    assert denoise.stages.stage == "body"
