"""The open data: facts, table, plot, and the selection that all share."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.data.generated import SETS
from explorer.gui.controller import Controller
from explorer.gui.panels.data import DataPanel, describe
from explorer.gui.panels.samples_model import SamplesModel
from tests.gui.sync_jobs import errors_of


def small() -> Dataset:
    values = np.random.default_rng(0).normal(size=(6, 10, 2)).astype(np.float32)
    return Dataset(
        values=values, name="small", labels=np.array([0, 1, 0, 1, -1, 0]), class_names=("calm", "storm"),
        names=np.array(["e", "d", "c", "b", "a", "ff"]),
        columns={"age": np.array([30.0, 4.0, np.nan, 25.0, 9.0, 11.0])},
        split=np.array([0, 0, 0, 1, 2, 2], dtype=np.int8), sampling_rate=50.0,
    )  # fmt: skip


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller) -> DataPanel:
    made = DataPanel(controller)
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    return made


def selected(panel: DataPanel) -> list[str]:
    """Return the names of the rows that the table shows as selected."""
    return [index.data() for index in panel.table.selectionModel().selectedRows()]


def names(panel: DataPanel) -> list[str]:
    model = panel.table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def click(qtbot: QtBot, panel: DataPanel, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at = panel.table.visualRect(panel.table.model().index(row, 0)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, keys, at)


def test_without_data_it_offers_ways_to_data(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    button = panel.findChild(QPushButton, "empty_builtin")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    assert not panel.table.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.workspace.data is not None
    assert controller.workspace.data.origin.name == "sines"
    assert panel.table.isVisible()
    assert panel.title.text() == controller.workspace.data.name


def test_facts_and_rows(panel: DataPanel, controller: Controller) -> None:
    controller.workspace.add_data(small())
    assert panel.facts.text() == "6 series × 10 steps × 2 channels, 50 Hz · 2 classes\n3 train · 1 validation · 2 test"
    model = panel.table.model()
    titles = [model.headerData(i, Qt.Orientation.Horizontal) for i in range(model.columnCount())]
    assert titles == ["name", "label", "part", "age"]
    row = [model.index(4, column).data() for column in range(4)]
    assert row == ["a", "–", "test", "9"]
    assert model.index(2, 3).data() == "–"
    assert panel.count.text() == "6 samples"


@pytest.mark.parametrize("name", SETS.names())
def test_every_set_opens_from_the_menu(qtbot: QtBot, panel: DataPanel, controller: Controller, name: str) -> None:
    errors = errors_of(controller)
    menu = panel.findChild(QMenu, "open_data_menu")
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == SETS.load(name).title).trigger()
    assert not errors
    assert controller.workspace.data is not None
    assert controller.workspace.data.origin.name == name
    assert panel.table.model().rowCount() == len(controller.workspace.data)
    click(qtbot, panel, 0)
    qtbot.waitUntil(lambda: panel._plot is not None and panel._plot.isVisible())


def test_a_click_selects_in_the_workspace(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    controller.workspace.add_data(small())
    click(qtbot, panel, 1)
    assert controller.workspace.selection.tolist() == [1]
    click(qtbot, panel, 3, Qt.KeyboardModifier.ShiftModifier)
    assert controller.workspace.selection.tolist() == [1, 2, 3]
    click(qtbot, panel, 2, Qt.KeyboardModifier.ControlModifier)
    assert controller.workspace.selection.tolist() == [1, 3]
    assert panel.count.text() == "6 samples · 2 selected"
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    assert len(controller.workspace.selection) == 1


def test_the_workspace_selects_in_the_table_without_an_echo(panel: DataPanel, controller: Controller) -> None:
    controller.workspace.add_data(small())
    told: list[int] = []
    controller.workspace.selection_changed.connect(lambda: told.append(1))
    controller.workspace.select([0, 4])
    assert selected(panel) == ["e", "a"]
    assert told == [1]
    controller.workspace.undo()
    assert selected(panel) == []


def test_sorting_keeps_the_selection_on_its_samples(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    controller.workspace.add_data(small())
    controller.workspace.select([1, 5])
    header = panel.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(0) + 8, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert names(panel) == ["a", "b", "c", "d", "e", "ff"]
    assert selected(panel) == ["d", "ff"]
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert names(panel) == ["ff", "e", "d", "c", "b", "a"]
    assert controller.workspace.selection.tolist() == [1, 5]


def test_the_filter_hides_rows_and_leaves_the_selection(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    controller.workspace.add_data(small())
    controller.workspace.select([0, 1])
    qtbot.keyClicks(panel.filter, "STORM")
    assert names(panel) == ["d", "b"]
    assert selected(panel) == ["d"]
    assert controller.workspace.selection.tolist() == [0, 1]
    assert panel.count.text() == "showing 2 of 6 · 2 selected"
    panel.filter.clear()
    assert selected(panel) == ["e", "d"]
    qtbot.keyClicks(panel.filter, "nothing like it")
    assert names(panel) == []


def test_several_sets_are_chosen_in_a_list(panel: DataPanel, controller: Controller) -> None:
    first = controller.workspace.add_data(small())
    assert panel.title.isVisible()
    assert not panel.sets.isVisible()
    controller.librarian.open_builtin("curve")
    assert panel.sets.isVisible()
    assert panel.sets.count() == 2
    panel.sets.setCurrentIndex(0)
    panel.sets.activated.emit(0)
    assert controller.workspace.data_id == first
    assert panel.table.model().rowCount() == 6
    panel._remove()
    assert not panel.sets.isVisible()
    controller.workspace.undo()
    assert panel.sets.isVisible()


def test_a_double_click_puts_the_handle_on_the_sample(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    controller.librarian.open_builtin("sines", {"n": 30})
    controller.trainer.start("pca", {}, None)
    at = panel.table.visualRect(panel.table.model().index(4, 0)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert controller.hand.source == 4


def test_the_plot_follows_the_selection(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    controller.librarian.open_builtin("sines", {"n": 30})
    data = controller.workspace.data
    assert data is not None and data.targets is not None
    controller.workspace.select([3])
    qtbot.waitUntil(lambda: panel._plot is not None and set(panel._plot.view.samples) == {"noisy", "clean"})
    assert panel._plot is not None
    np.testing.assert_array_equal(panel._plot.view.samples["clean"], data.targets[3])
    panel._plot.way.setCurrentIndex(panel._plot.way.findData("first"))
    controller.workspace.select(range(12))
    qtbot.waitUntil(lambda: "8 of 12 selected" in panel._plot.caption.text())
    plot = panel._plot.view.plot
    assert plot is not None
    np.testing.assert_array_equal(plot.values("#2"), data.values[2])
    controller.workspace.select([])
    qtbot.waitUntil(lambda: not panel._plot.isVisible())


def test_many_curves_are_drawn_together(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    values = np.random.default_rng(0).normal(size=(400, 30, 2)).astype(np.float32)
    labels = np.arange(400) % 2
    data = Dataset(values=values, labels=labels, class_names=("calm", "storm"))
    controller.workspace.add_data(data)
    qtbot.waitUntil(lambda: panel._plot is not None)
    plot = panel._plot
    assert plot is not None
    controller.workspace.select(range(4))
    qtbot.waitUntil(lambda: plot.isVisible())
    assert not plot.way.isVisible()
    controller.workspace.select(range(300))
    qtbot.waitUntil(lambda: plot._together is not None and plot._together.drawn > 0)
    assert plot.way.isVisible() and plot.caption.text() == "300 curves"
    together = plot._together
    assert together is not None and together._picture._image is not None
    qtbot.keyClick(plot.way, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: len(together._items) == 6)  # of two channels: the median and two bands
    assert plot.caption.text() == "selected (300)"
    median = together._items[2]
    np.testing.assert_allclose(
        median.yData,
        plot.view.plot.placed(np.median(values[:300], axis=0))[:, 0],
        rtol=1e-4,  # type: ignore
    )
    plot.way.setCurrentIndex(plot.way.findData("classes"))
    plot.way.activated.emit(plot.way.currentIndex())
    qtbot.waitUntil(lambda: len(together._items) == 12)
    assert plot.caption.text() == "calm (150) · storm (150)"
    controller.workspace.name_set("few", [1, 2, 3])
    plot.way.setCurrentIndex(plot.way.findData("sets"))
    controller.workspace.select(range(200))
    qtbot.waitUntil(lambda: plot.caption.text() == "few (3)")
    qtbot.waitUntil(lambda: len(together._items) == 6)
    controller.workspace.select([3])
    qtbot.waitUntil(lambda: not together.shown)
    assert not plot.way.isVisible()


def test_a_million_samples_are_filtered_sorted_and_selected_in_time(qtbot: QtBot) -> None:
    n = 1_000_000
    model = SamplesModel()
    values = np.random.default_rng(0).normal(size=(n, 1)).astype(np.float32)
    data = Dataset(values=values, columns={"size": values[:, 0]}, split=np.zeros(n, np.int8))
    begun = time.perf_counter()
    model.set_dataset(data)
    with qtbot.waitSignal(model.arranged):
        model.sort(2)
        assert model.busy
    assert not model.busy
    selection = model.selection_of(*model.ranges_of(np.arange(0, n, 2)[:2000]))
    assert len(model.samples_at(selection)) == 2000
    assert time.perf_counter() - begun < 5
    assert model.rowCount() == n
    assert float(model.index(0, 2).data()) == pytest.approx(float(values.min()), rel=1e-3)


def test_sorting_and_filtering_many_goes_on_beside_the_window(
    qtbot: QtBot, panel: DataPanel, controller: Controller
) -> None:
    n = 150_000
    values = np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32)
    scores = np.random.default_rng(1).random(n)
    controller.workspace.add_data(Dataset(values=values, columns={"score": scores}, split=np.zeros(n, np.int8)))
    controller.workspace.select([5, 9])
    qtbot.keyClicks(panel.filter, "score > 0.75")
    qtbot.waitUntil(lambda: not panel._model.busy)
    kept = np.flatnonzero(scores > 0.75)
    qtbot.waitUntil(lambda: panel._model.rowCount() == len(kept))
    assert panel.count.text().startswith(f"showing {len(kept):,} of 150,000")
    assert not panel.give_up.isVisible()
    header = panel.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 8, header.height() // 2)
    with qtbot.waitSignal(panel._model.arranged):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert panel._model.sample(0) == kept[np.argmin(scores[kept])]
    assert controller.workspace.selection.tolist() == [5, 9]


def test_sorting_many_can_be_given_up(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    n = 400_000
    controller.workspace.add_data(Dataset(values=np.zeros((n, 2), np.float32), split=np.zeros(n, np.int8)))
    panel.filter.setText("77")
    assert panel.give_up.isVisible() and "sorting and filtering" in panel.count.text()
    qtbot.mouseClick(panel.give_up, Qt.MouseButton.LeftButton)
    assert not panel._model.busy and not panel.give_up.isVisible()
    assert panel._model.rowCount() == n


def test_selecting_all_of_many_is_quick(qtbot: QtBot, panel: DataPanel, controller: Controller) -> None:
    n = 200_000
    controller.workspace.add_data(Dataset(values=np.zeros((n, 2), np.float32), split=np.zeros(n, np.int8)))
    begun = time.perf_counter()
    panel.table.selectAll()
    controller.workspace.select([5])
    panel.table.selectAll()
    assert len(controller.workspace.selection) == n
    assert time.perf_counter() - begun < 5


def test_a_scattered_selection_of_many_is_quick_and_marked(
    qtbot: QtBot, panel: DataPanel, controller: Controller
) -> None:
    n = 200_000
    controller.workspace.add_data(Dataset(values=np.zeros((n, 2), np.float32), split=np.zeros(n, np.int8)))
    begun = time.perf_counter()
    controller.workspace.select(np.arange(0, n, 4))
    assert time.perf_counter() - begun < 2
    model = panel.table.model()
    marked = [row for row in range(12) if model.index(row, 0).data(Qt.ItemDataRole.BackgroundRole)]
    assert marked == [0, 4, 8]
    assert panel.count.text() == "200,000 samples · 50,000 selected"
    click(qtbot, panel, 1, Qt.KeyboardModifier.NoModifier)
    assert controller.workspace.selection.tolist() == [1]
    assert not [row for row in range(12) if model.index(row, 0).data(Qt.ItemDataRole.BackgroundRole)]


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ((3, 4), "3 profiles × 4 features"), ((3, 2), "3 points × 2 features"), ((1, 5, 1), "1 series × 5 steps"),
        ((3, 8, 8, 1), "3 images × 8 × 8 pixels"), ((3, 8, 8, 3), "3 images × 8 × 8 pixels × 3 channels"),
    ],
)  # fmt: skip
def test_every_layout_is_described(shape: tuple[int, ...], told: str) -> None:
    assert describe(Dataset(values=np.zeros(shape, np.float32))).split("\n")[0] == told


def test_missing_values_are_told() -> None:
    observed = np.ones((2, 5, 1), bool)
    observed[0, :2] = False
    assert "20.0% missing" in describe(Dataset(values=np.zeros((2, 5, 1), np.float32), observed=observed))


def test_every_control_says_what_it_is(panel: DataPanel) -> None:
    for widget in (panel.sets, panel.open_button, panel.filter, panel.table):
        assert widget.objectName()
        assert widget.accessibleName()
    assert panel.minimumSizeHint().width() <= 280
