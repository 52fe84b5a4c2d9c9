"""Named sets under a person's hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.map.panel import MapPanel
from explorer.gui.panels import sets as sets_module
from explorer.gui.panels.sets import SetsPanel

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller) -> SetsPanel:
    values = np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32)
    controller.workspace.add_data(Dataset(values=values, name="points"))
    made = SetsPanel(controller)
    qtbot.addWidget(made)
    made.resize(300, 320)
    made.show()
    return made


def keep(qtbot: QtBot, panel: SetsPanel, name: str, samples: list[int]) -> None:
    panel._workspace.select(samples)
    panel.name.setFocus()
    qtbot.keyClicks(panel.name, name)
    qtbot.keyClick(panel.name, Qt.Key.Key_Return)


def click(qtbot: QtBot, panel: SetsPanel, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(panel.list.viewport(), LEFT, keys, place(panel, row))


def place(panel: SetsPanel, row: int) -> QPoint:
    return panel.list.visualRect(panel.model.index(row, 0)).center()


def told(panel: SetsPanel) -> dict[str, str]:
    rows = range(panel.model.rowCount())
    return {panel.model.index(row, 0).data(): panel.model.index(row, 1).data() for row in rows}


def test_the_selection_is_kept_by_a_name(qtbot: QtBot, panel: SetsPanel) -> None:
    assert not panel.name.isEnabled()
    assert panel._empty.isVisible()
    keep(qtbot, panel, "first", [1, 2, 3])
    assert told(panel) == {"first": "3"}
    assert not panel._empty.isVisible()
    assert panel.name.text() == ""
    panel._workspace.select([5])
    qtbot.mouseClick(panel.keep_button, LEFT)
    assert told(panel) == {"first": "3", "set 1": "1"}
    panel._workspace.undo()
    assert told(panel) == {"first": "3"}


def test_a_name_that_is_taken_is_told(qtbot: QtBot, panel: SetsPanel, controller: Controller) -> None:
    notices: list[str] = []
    controller.notice.connect(lambda _level, text: notices.append(text))
    keep(qtbot, panel, "first", [1])
    keep(qtbot, panel, "first", [2])
    assert told(panel) == {"first": "1"}
    assert "already" in notices[-1]


def test_a_double_click_selects_the_samples(qtbot: QtBot, panel: SetsPanel) -> None:
    keep(qtbot, panel, "first", [1, 2])
    keep(qtbot, panel, "second", [7])
    click(qtbot, panel, 0)
    qtbot.mouseDClick(panel.list.viewport(), LEFT, pos=place(panel, 0))
    assert panel._workspace.selection.tolist() == [1, 2]
    click(qtbot, panel, 1, CONTROL)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert panel._workspace.selection.tolist() == [1, 2, 7]


def test_sets_are_combined_and_the_name_can_be_edited_at_once(qtbot: QtBot, panel: SetsPanel) -> None:
    keep(qtbot, panel, "a", [1, 2, 3])
    keep(qtbot, panel, "b", [3, 4])
    click(qtbot, panel, 0)
    assert not panel._actions["union"].isEnabled()
    click(qtbot, panel, 1, CONTROL)
    assert panel._actions["union"].isEnabled()
    assert not panel._actions["rename"].isEnabled()
    panel._actions["difference"].trigger()
    assert told(panel)["a − b"] == "2"
    editor = panel.list.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "only a")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: told(panel) == {"a": "3", "b": "2", "only a": "2"})
    click(qtbot, panel, 2)
    panel._actions["complement"].trigger()
    assert told(panel)["not only a"] == "28"


def test_delete_and_undo(qtbot: QtBot, panel: SetsPanel) -> None:
    keep(qtbot, panel, "a", [1])
    keep(qtbot, panel, "b", [2])
    panel.list.setFocus()
    click(qtbot, panel, 0)
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert list(told(panel)) == ["b"]
    panel._workspace.undo()
    assert list(told(panel)) == ["a", "b"]


def test_the_map_is_coloured_by_the_sets(qtbot: QtBot, panel: SetsPanel, controller: Controller) -> None:
    controller.trainer.start("pca", {}, None)
    shown = MapPanel(controller)
    qtbot.addWidget(shown)
    keep(qtbot, panel, "a", [1, 2])
    keep(qtbot, panel, "b", [2, 3])
    assert "sets" in [shown.colour_box.itemData(i) for i in range(shown.colour_box.count())]
    qtbot.mouseClick(panel.colour, LEFT)
    assert shown.colour_box.currentData() == "sets"
    assert shown.canvas._colouring.values[:5].tolist() == [-1, 0, 1, 1, -1]
    panel._workspace.rename_set("a", "renamed")
    assert "renamed" in shown.canvas._colouring.names
    assert shown.describe(2)[-1] == "sets: renamed, b"
    qtbot.mouseClick(panel.colour, LEFT)
    assert shown.colour_box.currentData() != "sets"


def test_a_set_is_exported(qtbot: QtBot, panel: SetsPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(qtbot, panel, "a", [4, 6])
    click(qtbot, panel, 0)
    kind = "Samples with their values (*.npz)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a"), kind))
    panel._actions["export"].trigger()
    with np.load(tmp_path / "a.npz") as archive:
        assert archive["sample"].tolist() == [4, 6]


def test_many_samples_are_named_beside_the_window(
    qtbot: QtBot, panel: SetsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets_module, "_MANY", 10)
    keep(qtbot, panel, "a", list(range(20)))
    qtbot.waitUntil(lambda: told(panel) == {"a": "20"})
    panel._workspace.select([])
    panel.list.selectRow(0)
    panel._actions["select"].trigger()
    qtbot.waitUntil(lambda: len(panel._workspace.selection) == 20)


def test_every_control_says_what_it_is(panel: SetsPanel) -> None:
    for widget in (panel.name, panel.keep_button, panel.colour, panel.more, panel.list):
        assert widget.objectName()
        assert widget.accessibleName()
    for widget in (panel.name, panel.keep_button, panel.colour, panel.more):
        assert widget.toolTip()
    assert panel.minimumSizeHint().width() <= 280
