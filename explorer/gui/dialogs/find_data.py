"""A project's data file is not where it was: ask for its new place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from explorer.errors import MissingDataError
from explorer.gui.controller import Controller
from explorer.gui.dialogs.errors import sentence
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words


class FindDataDialog(QDialog):
    """Says which file is missing, lets the person find it, and opens it in place of the lost one.

    Parameters
    ----------
    controller : Controller
    data_id : int
        The data set's id in the project.
    error : MissingDataError
        Says which file, and whether it is gone or was changed.
    parent : QWidget, optional
    """

    def __init__(
        self, controller: Controller, data_id: int, error: MissingDataError, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._data_id, self._source = controller, data_id, error.source or ""
        self._over = False
        self.setObjectName("find_data_dialog")
        self.setWindowTitle("Find the data")
        self.setMinimumWidth(56 * GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        explanation = "The runs, their maps and settings are in the project and are not lost."
        self.told = Words("", "body", "bad")
        self.told.setObjectName("told")
        for label in (
            Words(sentence(error.problem), "title"),
            Words(self._source, "body", "muted"),
            Words(explanation, "body"),
            self.told,
        ):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(label)
        self.told.hide()
        layout.addSpacing(GRID)
        box = QDialogButtonBox()
        self.find_button = QPushButton("Find the file…")
        self.find_button.setObjectName("find")
        self.find_button.setAccessibleName("Find the file")
        self.find_button.setToolTip("Choose where the file is now")
        self.find_button.setProperty("primary", True)
        self.find_button.setDefault(True)
        later = QPushButton("Not now")
        later.setObjectName("later")
        later.setAccessibleName("Not now")
        later.setToolTip("Go on without these data")
        box.addButton(self.find_button, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(later, QDialogButtonBox.ButtonRole.RejectRole)
        self.find_button.clicked.connect(self._ask)
        later.clicked.connect(self.reject)
        layout.addWidget(box)

    def _ask(self) -> None:
        name = Path(self._source).name
        suffix = Path(self._source).suffix
        pattern = f"{name} or like it (*{suffix});;All files (*)" if suffix else "All files (*)"
        start = Path(self._source).parent
        folder = next((str(place) for place in (start, *start.parents) if place.is_dir()), str(Path.home()))
        path, _ = QFileDialog.getOpenFileName(self, f"Where is {name}?", folder, pattern)
        if path:
            self.relocate(path)

    def relocate(self, path: str) -> None:
        """Take `path` as the file's new place; where it is another file, say so and stay open."""
        self.find_button.setEnabled(False)
        self._controller.librarian.relocate_data(self._data_id, path, self._found, self._complain)

    def done(self, result: int) -> None:
        """Close; an answer that is still to come is not waited for."""
        self._over = True
        super().done(result)

    def _found(self) -> None:
        if not self._over:
            self.accept()

    def _complain(self, reason: Exception) -> None:
        if self._over:
            return
        self.find_button.setEnabled(True)
        self.told.setText(str(reason))
        self.told.show()
