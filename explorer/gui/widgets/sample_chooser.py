"""One sample, chosen by its number, by arrows, or by what is selected on the map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QToolButton, QWidget

from explorer.data.dataset import PART_NAMES
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Elided
from explorer.workspace.workspace import Workspace


class SampleChooser(QWidget):
    """A number between two arrows, and the sample's name and part. It follows the selection, and makes one.

    Parameters
    ----------
    name : str
        The beginning of its widgets' names: "denoise".
    purpose : str
        What is done with the sample: "Number of the sample to denoise".
    """

    chosen = Signal(int)
    """Another sample is to be shown."""

    def __init__(self, workspace: Workspace, name: str, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._quiet = workspace, False
        self.number = QSpinBox(self)
        self.number.setObjectName(f"{name}-index")
        self.number.setAccessibleName(purpose)
        self.number.setToolTip("The sample's number, from 0; it follows the selection on the map")
        self.number.setKeyboardTracking(False)
        self.previous = self._arrow(f"{name}-previous", "Previous sample", Qt.ArrowType.LeftArrow)
        self.next = self._arrow(f"{name}-next", "Next sample", Qt.ArrowType.RightArrow)
        self.previous.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))
        self.name = Elided("", "small", "muted")
        self.name.setMinimumWidth(10 * self.name.fontMetrics().averageCharWidth())
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID // 2)
        for widget in (self.previous, self.number, self.next):
            line.addWidget(widget)
        line.addSpacing(GRID // 2)
        line.addWidget(self.name, 1)
        self.number.valueChanged.connect(self._on_number)
        workspace.selection_changed.connect(self._follow_selection)
        workspace.data_changed.connect(self.refresh)
        self.refresh()

    @property
    def index(self) -> int:
        """The number of the sample."""
        return self.number.value()

    def refresh(self) -> None:
        """Offer the open data's samples, and start at the first of the test part or of the selection."""
        data = self._workspace.data
        if data is None:
            return
        self._quiet = True
        self.number.setRange(0, len(data) - 1)
        test = data.indices("test")
        self.number.setValue(int(test[0]) if len(test) else 0)
        selection = self._workspace.selection
        if len(selection) and self.index not in selection:
            self.number.setValue(int(selection[0]))
        self._quiet = False
        self._tell()

    def _arrow(self, name: str, text: str, arrow: Qt.ArrowType) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(f"{text}; among those selected where there are several")
        button.setArrowType(arrow)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _follow_selection(self) -> None:
        selection = self._workspace.selection
        if self._workspace.data is not None and len(selection) and self.index not in selection:
            self.number.setValue(int(selection[0]))
        self._tell()

    def _step(self, by: int) -> None:
        """Go to another sample of the selection where several are selected, else to its neighbour in the set."""
        selection = self._workspace.selection
        if len(selection) > 1:
            at = int(np.searchsorted(selection, self.index))
            self.number.setValue(int(selection[(at + by) % len(selection)]))
        else:
            self.number.setValue(self.index + by)

    def _on_number(self, index: int) -> None:
        if self._quiet:
            return
        selection = self._workspace.selection
        if len(selection) == 1 and selection[0] != index:
            self._workspace.select([index])  # so the map and the table follow
        self._tell()
        self.chosen.emit(index)

    def _tell(self) -> None:
        data = self._workspace.data
        if data is None or self.index >= len(data):
            return
        part = PART_NAMES[int(data.split[self.index])]
        name = "" if data.names is None else f"{data.sample_name(self.index)} · "
        self.name.setText(f"{name}between two parts" if part == "gap" else f"{name}{part} part")
        several = len(self._workspace.selection) > 1
        self.previous.setEnabled(self.index > 0 or several)
        self.next.setEnabled(self.index < len(data) - 1 or several)
