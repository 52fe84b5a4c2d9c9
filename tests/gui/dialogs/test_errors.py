"""Errors are told with place and remedy, and can be copied."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from explorer.errors import InputError
from explorer.gui.dialogs.errors import ErrorDialog, details_of, sentence
from explorer.gui.jobs import WorkerError

LONG = "/data/" + "measurement" * 30 + ".csv"


def shown(qtbot: QtBot, error: Exception) -> ErrorDialog:
    dialog = ErrorDialog(error)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_an_input_error_says_what_where_and_what_to_do(qtbot: QtBot) -> None:
    error = InputError("the cell has text", source=LONG, place="row 3, column 'age'", remedy="Remove the text")
    dialog = shown(qtbot, error)
    assert dialog.problem.text() == "The cell has text."
    assert dialog.where.text() == f"{LONG}, row 3, column 'age'"
    assert dialog.remedy.text() == "Remove the text."
    assert not dialog.details_button.isVisible()
    assert dialog.width() < 700
    assert "row 3" in dialog.accessibleDescription()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert str(error) in QGuiApplication.clipboard().text()
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_what_was_not_foreseen_has_details_to_copy(qtbot: QtBot) -> None:
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError as reason:
        error = reason
    dialog = shown(qtbot, error)
    assert dialog.problem.text() == "ZeroDivisionError: by zero."
    assert "lost" in dialog.remedy.text()
    assert not dialog.details.isVisible()
    qtbot.mouseClick(dialog.details_button, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    assert "Traceback" in dialog.details.toPlainText()
    assert "test_errors.py" in dialog.details.toPlainText()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == dialog.details.toPlainText()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_an_error_of_a_worker_shows_the_workers_trace(qtbot: QtBot) -> None:
    dialog = shown(qtbot, WorkerError("the worker ended", "Try a smaller model", "trace of the worker"))
    assert dialog.problem.text() == "The worker ended."
    assert dialog.remedy.text() == "Try a smaller model."
    assert "trace of the worker" in dialog.details.toPlainText()
    dialog.close()


def test_details_name_the_version() -> None:
    assert "Latentscape" in details_of(InputError("no"))


@pytest.mark.parametrize(("text", "told"), [("no file", "No file."), ("Why?", "Why?"), ("", "")])
def test_sentences(text: str, told: str) -> None:
    assert sentence(text) == told
