"""What a panel shows while it has nothing to show: what to do next, with the buttons to do it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words


class EmptyState(QWidget):
    """A heading, a sentence, and buttons below each other, in the middle.

    Parameters
    ----------
    heading : str
        What is missing, in a few words.
    advice : str
        What to do, as a sentence.
    buttons : QPushButton
        The first is the main one.
    """

    def __init__(self, heading: str, advice: str, *buttons: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addStretch(1)
        self.heading = Words(heading, "title")
        self.advice = Words(advice, "body", "muted")
        for label in (self.heading, self.advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addSpacing(GRID)
        for position, button in enumerate(buttons):
            button.setProperty("primary", position == 0)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
