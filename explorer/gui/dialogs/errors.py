"""Errors, told so that a person can act on them."""

from __future__ import annotations

import platform
import traceback
from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from explorer.errors import InputError
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Words


class ErrorDialog(QDialog):
    """What is wrong, where, and what to do; the details can be unfolded and copied.

    Parameters
    ----------
    error : Exception
        An `InputError` is told as it is. Anything else is a mistake of the program, and says so.
    parent : QWidget, optional
    """

    def __init__(self, error: Exception, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.error = error
        expected = isinstance(error, InputError)
        self.setObjectName("error_dialog")
        self.setWindowTitle("That did not work" if expected else "A mistake in the program")
        self.setMinimumWidth(52 * GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        problem, where, remedy = _told(error)
        self.problem = self._line(problem, "title", "text", "problem")
        self.where = self._line(where, "body", "muted", "where")
        self.remedy = self._line(remedy, "body", "text", "remedy")
        self.details = QPlainTextEdit(details_of(error), readOnly=True)  # type: ignore[call-overload] - a Qt property
        self.details.setObjectName("details")
        self.details.setAccessibleName("Details for a report")
        self.details.setFont(theme().font("number"))
        self.details.setMinimumHeight(20 * GRID)
        self.details.setVisible(False)
        layout.addWidget(self.details, 100)
        layout.addSpacing(GRID)
        layout.addStretch(1)
        layout.addWidget(self._buttons(expected))
        self._fit()
        self.setAccessibleName(self.windowTitle())
        self.setAccessibleDescription(" ".join(part for part in (problem, where, remedy) if part))

    def _line(self, text: str, role: str, color: str, name: str) -> Words:
        label = Words(text, "title" if role == "title" else "body", color)
        label.setObjectName(name)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # A path of two hundred letters without a space must not make the dialog as wide as the screen.
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        label.setVisible(bool(text))
        layout = self.layout()
        if layout is not None:
            layout.addWidget(label)
        return label

    def _buttons(self, expected: bool) -> QDialogButtonBox:
        box = QDialogButtonBox()
        self.close_button = QPushButton("Close")
        self.close_button.setProperty("primary", True)
        self.close_button.setToolTip("Close; nothing that is open is lost")
        self.details_button = QPushButton("Show details")
        self.details_button.setToolTip("Show what to send with a report of this error")
        self.copy_button = QPushButton("Copy details")
        self.copy_button.setToolTip("Copy the details, for a report of this error")
        role = QDialogButtonBox.ButtonRole
        box.addButton(self.details_button, role.ActionRole)
        box.addButton(self.copy_button, role.ActionRole)
        box.addButton(self.close_button, role.AcceptRole)
        for button, name in (
            (self.close_button, "close"),
            (self.details_button, "show_details"),
            (self.copy_button, "copy_details"),
        ):
            button.setObjectName(name)
            button.setAccessibleName(button.text())
            button.setAutoDefault(button is self.close_button)  # Return closes, whatever was pressed before
        self.details_button.setVisible(not expected)
        self.details_button.clicked.connect(self._toggle)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setDefault(True)
        return box

    def _toggle(self) -> None:
        show = self.details.isHidden()
        self.details.setVisible(show)
        self.details_button.setText("Hide details" if show else "Show details")
        self._fit()

    def _fit(self) -> None:
        """Be just as high as the wrapped lines need; Qt would reserve room as if the dialog were narrow."""
        layout = self.layout()
        if layout is not None:
            width = max(self.width() if self.isVisible() else 0, self.minimumWidth(), layout.minimumSize().width())
            self.resize(width, layout.totalHeightForWidth(width))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy_button.setText("Copied")


def details_of(error: Exception) -> str:
    """Return what a report of the error needs: what it says, its trace, and the versions."""
    lines = [f"Latentscape {version('latentscape')}, Python {platform.python_version()}, {platform.platform()}", ""]
    lines.append(str(error) or type(error).__name__)
    if told := getattr(error, "details", ""):
        lines += ["", str(told)]
    elif not isinstance(error, InputError):
        lines += ["", "".join(traceback.format_exception(error)).rstrip()]
    return "\n".join(lines)


def _told(error: Exception) -> tuple[str, str, str]:
    """Return the problem, the place and the remedy as sentences; empty where there is none."""
    if isinstance(error, InputError):
        where = ", ".join(part for part in (error.source, error.place) if part)
        return sentence(error.problem), where, sentence(error.remedy or "")
    problem = getattr(error, "problem", "")
    remedy = getattr(error, "remedy", "") or "Nothing that is open was lost. The details help whoever mends it"
    return sentence(problem or f"{type(error).__name__}: {error}"), "", sentence(remedy)


def sentence(text: str) -> str:
    """Return `text` with a capital at its start and a full stop at its end."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")
