"""Built-in sets with settings, opening by dialog, and files that moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from explorer.errors import MissingDataError
from explorer.gui.controller import Controller
from explorer.gui.dialogs.find_data import FindDataDialog
from explorer.gui.dialogs.import_data import ImportDialog
from explorer.gui.dialogs.open_data import BuiltinDialog, choose_data_file


def csv(path: Path, seed: int = 0) -> Path:
    np.savetxt(path, np.random.default_rng(seed).normal(size=(20, 6)), delimiter=",", header="a,b,c,d,e,f", comments="")
    return path


def test_a_built_in_set_with_settings(qtbot: QtBot, controller: Controller) -> None:
    dialog = BuiltinDialog(controller)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.set.setCurrentIndex(dialog.set.findData("sines"))
    assert dialog.form is not None
    dialog.form.set_values({"n": 0})
    assert not dialog.make_button.isEnabled()
    dialog.form.set_values({"n": 25})
    dialog.seed.setValue(3)
    qtbot.mouseClick(dialog.make_button, Qt.MouseButton.LeftButton)
    data = controller.workspace.data
    assert data is not None
    assert len(data) == 25
    assert data.origin.options["seed"] == 3


def test_opening_by_dialog_shows_the_file_first(
    qtbot: QtBot, controller: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv(tmp_path / "values.csv")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    choose_data_file(controller, parent)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportDialog)
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    assert controller.workspace.data is not None
    assert controller.workspace.data.name == "values"


def test_a_file_that_moved_is_found_again(qtbot: QtBot, controller: Controller, tmp_path: Path) -> None:
    path = csv(tmp_path / "values.csv")
    controller.librarian.open_file(str(path))
    workspace = controller.workspace
    data = workspace.data_id
    assert data is not None
    moved = tmp_path / "elsewhere" / "values.csv"
    moved.parent.mkdir()
    path.rename(moved)
    other = csv(tmp_path / "other.csv", seed=1)
    error = MissingDataError("the data file is not where it was", source=path)
    dialog = FindDataDialog(controller, data, error)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.relocate(str(other))
    assert dialog.isVisible()
    assert dialog.told.text()
    dialog.relocate(str(moved))
    assert not dialog.isVisible()
    assert workspace.data is not None
    assert len(workspace.data) == 20
