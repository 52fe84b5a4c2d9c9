"""Asks for a project's data file that is not where it was."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from explorer.errors import InputError, MissingDataError
from explorer.gui.controller import Controller
from explorer.gui.theme import GRID, theme


class FindDataDialog(QDialog):
    """Tells which file is missing and lets a person point at it; without it the map and the runs stay usable."""

    def __init__(
        self, controller: Controller, data_id: int, error: MissingDataError, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._data_id, self._error = controller, data_id, error
        self.setObjectName("find_data_dialog")
        self.setWindowTitle("A data file has moved")
        self._message = QLabel(str(error), self)
        self._message.setWordWrap(True)
        self._message.setMinimumWidth(420)
        self._complaint = QLabel(self)
        self._complaint.setWordWrap(True)
        self._complaint.setStyleSheet(f"color: {theme().palette.bad}")
        self._complaint.hide()
        buttons = QDialogButtonBox(self)
        find = buttons.addButton("Find the file…", QDialogButtonBox.ButtonRole.ActionRole)
        find.setObjectName("find_file")
        find.setAccessibleName("Find the file")
        find.setToolTip("Point at the file where it is now; it must have the same content")
        find.clicked.connect(self._ask)
        later = buttons.addButton("Go on without", QDialogButtonBox.ButtonRole.RejectRole)
        later.setObjectName("go_on_without")
        later.setAccessibleName("Go on without the file")
        later.setToolTip("The runs and their codes stay; samples cannot be drawn or trained on")
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        for widget in (self._message, self._complaint, buttons):
            layout.addWidget(widget)

    def _ask(self) -> None:
        name = Path(self._error.source or "").name
        path, _ = QFileDialog.getOpenFileName(self, f"Find {name}", str(Path.home()), f"{name};;All files (*)")
        if path:
            self.relocate(path)

    def relocate(self, path: str) -> None:
        """Take a file as the data set's new place; complain in the dialog if it is another file."""
        try:
            self._controller.workspace.relocate_data(self._data_id, path)
        except InputError as reason:
            self._complaint.setText(str(reason))
            self._complaint.show()
            return
        self.accept()
