"""A file is seen before it is imported, and what is wrong with it is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from explorer.data.reader import READERS
from explorer.gui.controller import Controller
from explorer.gui.dialogs.import_data import ImportDialog
from explorer.gui.theme import theme


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    lines = ["patient,diagnosis," + ",".join(f"t{i}" for i in range(8))]
    for i in range(30):
        values = ",".join(f"{value:.3f}" for value in rng.normal(size=8))
        lines.append(f"p{i},{'sick' if i % 2 else 'healthy'},{values}")
    path = tmp_path / "patients.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def opened(qtbot: QtBot, controller: Controller, path: Path) -> ImportDialog:
    dialog = ImportDialog(controller, str(path))
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def marked(dialog: ImportDialog) -> set[str]:
    """Return the titles of the columns that are drawn in the accent's colour."""
    accent = theme().color("accent")
    titles = set()
    for column in range(dialog.table.columnCount()):
        item, header = dialog.table.item(0, column), dialog.table.horizontalHeaderItem(column)
        if item is not None and header is not None and item.foreground().color() == accent:
            titles.add(header.text())
    return titles


def test_the_head_and_what_was_found_out_are_shown(qtbot: QtBot, controller: Controller, table: Path) -> None:
    dialog = opened(qtbot, controller, table)
    assert dialog.table.item(0, 0).text() == "p0"
    assert dialog.table.horizontalHeaderItem(1).text() == "diagnosis"
    assert "30 samples × 8 steps" in dialog.summary.text()
    assert dialog.import_button.isEnabled()
    assert dialog.form is not None
    assert dialog.form.values() == {}, "what was found out is not the person's choice"
    assert "diagnosis" in marked(dialog)
    dialog.reject()


def test_a_changed_option_is_seen_and_imported(qtbot: QtBot, controller: Controller, table: Path) -> None:
    dialog = opened(qtbot, controller, table)
    assert dialog.form is not None
    line = dialog.form.field("label_column").editor
    assert isinstance(line, QLineEdit)
    line.selectAll()
    qtbot.keyClicks(line, "-")
    qtbot.waitUntil(lambda: "diagnosis" not in marked(dialog), timeout=5000)
    rows = dialog.form.field("samples").editor
    assert isinstance(rows, QComboBox)
    rows.setCurrentIndex(rows.findData("vectors"))
    qtbot.waitUntil(lambda: "8 features" in dialog.summary.text(), timeout=5000)
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    data = controller.workspace.data
    assert data is not None
    assert data.values.shape == (30, 8)
    assert data.labels is None
    assert not dialog.isVisible()


def test_a_mistaken_option_is_told_and_can_be_mended(qtbot: QtBot, controller: Controller, table: Path) -> None:
    dialog = opened(qtbot, controller, table)
    assert dialog.form is not None
    line = dialog.form.field("label_column").editor
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, "x")
    qtbot.waitUntil(lambda: "diagnosisx" in dialog.summary.text(), timeout=5000)
    assert not dialog.import_button.isEnabled()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.waitUntil(dialog.import_button.isEnabled, timeout=5000)
    dialog.reject()
    assert controller.workspace.data is None


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "empty"),
        ("ragged.csv", b"a,b,c\n1,2,3\n4,5\n6,7,8,9\n", ""),
        ("binary.csv", b"\x00\x01\x02\x03" * 100, "not a text file"),
        ("unknown.xyz", b"1,2,3\n", "no reader takes"),
    ],
)
def test_a_bad_file_is_told_in_the_dialog(
    qtbot: QtBot, controller: Controller, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    dialog = opened(qtbot, controller, path)
    assert told in dialog.summary.text().lower()
    assert dialog.summary.text()
    assert not dialog.import_button.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.reject()


def test_a_reader_can_be_chosen_for_an_unknown_ending(qtbot: QtBot, controller: Controller, tmp_path: Path) -> None:
    path = tmp_path / "values.xyz"
    path.write_text("a,b,c,d\n" + "".join(f"{i},{i + 1},{i + 2},{i * 2}\n" for i in range(12)))
    dialog = opened(qtbot, controller, path)
    assert dialog.reader.currentIndex() == -1
    dialog.reader.setCurrentIndex(dialog.reader.findData("delimited"))
    assert dialog.import_button.isEnabled()
    qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    assert controller.workspace.data is not None
    assert len(controller.workspace.data) == 12


def test_an_answer_after_the_dialog_was_closed_is_dropped(
    qtbot: QtBot, controller: Controller, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Callable[[Exception], None]] = []
    monkeypatch.setattr(controller.librarian, "preview", lambda *args: answers.append(args[-1]))
    dialog = opened(qtbot, controller, table)
    assert dialog.summary.text() == "Looking at the file…"
    assert not dialog.import_button.isEnabled()
    dialog.reject()
    answers[0](ValueError("late"))
    assert dialog.summary.text() == "Looking at the file…"


@pytest.mark.parametrize("name", READERS.names())
def test_every_reader_is_offered(qtbot: QtBot, controller: Controller, table: Path, name: str) -> None:
    dialog = opened(qtbot, controller, table)
    row = dialog.reader.findData(name)
    assert dialog.reader.itemText(row) == READERS.load(name).title
    dialog.reader.setCurrentIndex(row)
    assert dialog.form is not None
    assert dialog.summary.text()
    dialog.reject()


def test_a_clean_file_is_read_beside_it(
    qtbot: QtBot, controller: Controller, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = tmp_path / "clean.csv"
    clean.write_text(table.read_text())
    monkeypatch.setattr("explorer.gui.dialogs.choose_file.ask_for_data_file", lambda *_: str(clean))
    dialog = opened(qtbot, controller, table)
    dialog.clean.findChild(QToolButton, "choose-file").click()
    dialog.import_button.click()
    data = controller.workspace.data
    assert data is not None and data.targets is not None
    np.testing.assert_array_equal(data.targets, data.values)
    assert data.origin.clean == str(clean)
