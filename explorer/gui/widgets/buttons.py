"""Buttons as they are made everywhere."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton


def quiet_button(text: str, name: str, accessible: str, tip: str) -> QPushButton:
    """Return a button which Return presses only where it has the focus."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(accessible)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    return made


def answers(dialog: QDialog, text: str, tip: str, cancel_tip: str) -> tuple[QDialogButtonBox, QPushButton]:
    """Return the two answers to a dialog, and the one that does what it is for.

    Each is named by its text; Cancel rejects the dialog. The box tells by `accepted` that the other was pressed.
    """
    accept, cancel = QPushButton(text), QPushButton("Cancel")
    accept.setProperty("primary", True)
    accept.setDefault(True)
    accept.setToolTip(tip)
    cancel.setToolTip(cancel_tip)
    box = QDialogButtonBox()
    box.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
    box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
    for button in (accept, cancel):
        button.setObjectName(button.text().lower())
        button.setAccessibleName(button.text())
    box.rejected.connect(dialog.reject)
    return box, accept
