"""Steps that are done one after the other: choose one, move it, remove it, add another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from explorer.gui.theme import GRID

_MOST_ROWS = 5


class StepList(QWidget):
    """A short list in the order in which its steps are done, with buttons for the chosen one.

    It is to be seen where there are two steps or more; the owner puts the button `add` where it can be pressed before.
    The owner keeps the steps: it does what the signals ask for, and then calls `show_steps`.

    Parameters
    ----------
    name : str
        Before the names of its parts: ``"denoise"`` gives ``"denoise-steps"``.
    what : str
        What a step is called: ``"corruption"``.

    Signals
    -------
    chosen : int
        The person wants to see this step.
    moved : int, int
        From one place to another.
    removed : int
    added
        Another step is to come after the chosen one.
    """

    chosen = Signal(int)
    moved = Signal(int, int)
    removed = Signal(int)
    added = Signal()

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = _Keys(self)
        self.list.setObjectName(f"{name}-steps")
        self.list.setAccessibleName(f"Steps of the {what}, in order")
        self.list.setToolTip("Done from the top to the bottom. Alt with an arrow key moves a step, Del removes it")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.currentRowChanged.connect(self._choose)
        self.list.nudged.connect(self._move)
        self.list.deleted.connect(self._remove)
        self.up = self._button(f"{name}-step-up", "Do this step earlier", arrow=Qt.ArrowType.UpArrow)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down = self._button(f"{name}-step-down", "Do this step later", arrow=Qt.ArrowType.DownArrow)
        self.down.clicked.connect(lambda: self._move(1))
        self.remove = self._button(f"{name}-step-remove", "Remove this step", text="−")
        self.remove.clicked.connect(self._remove)
        self.add = self._button(f"{name}-step-add", f"Add another {what} after this one", text="+")
        self.add.clicked.connect(self.added)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(0)
        for button in (self.up, self.down, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.setVisible(False)

    def _button(
        self, name: str, tip: str, *, text: str = "", arrow: Qt.ArrowType = Qt.ArrowType.NoArrow
    ) -> QToolButton:
        button = QToolButton(self, autoRaise=True)  # type: ignore[call-overload] - a Qt property
        button.setObjectName(name)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setText(text)
        button.setArrowType(arrow)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def show_steps(self, labels: Sequence[str], current: int) -> None:
        """Show the steps by these labels, and `current` as the chosen one; no signal is sent."""
        self.list.blockSignals(True)
        while self.list.count() > len(labels):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(labels):
            self.list.addItem("")
        for row, label in enumerate(labels):
            item = self.list.item(row)
            item.setText(f"{row + 1}  {label}")
            item.setToolTip(label)
        self.list.setCurrentRow(current)
        self.list.blockSignals(False)
        self.up.setEnabled(current > 0)
        self.down.setEnabled(current < len(labels) - 1)
        several = len(labels) > 1
        if several:
            rows = min(max(3, len(labels)), _MOST_ROWS)
            height = rows * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth()
            self.list.setFixedHeight(max(height, self.up.sizeHint().height() * 3))
        self.setVisible(several)

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + by < self.list.count():
            self.moved.emit(row, row + by)

    def _remove(self) -> None:
        if self.list.currentRow() >= 0:
            self.removed.emit(self.list.currentRow())


class _Keys(QListWidget):
    """A list that also tells of the keys that move and remove."""

    nudged = Signal(int)
    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, alt = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.nudged.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(20 * GRID, super().sizeHint().height())
