"""Ways to data: a file of one's own, or a built-in set with settings."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from explorer.data.generated import SETS
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.dialogs.choose_file import ask_for_data_file
from explorer.gui.dialogs.import_data import ImportDialog
from explorer.gui.forms import ParameterForm
from explorer.gui.theme import GRID
from explorer.gui.widgets.buttons import answers
from explorer.gui.widgets.labels import Words


def choose_data_file(controller: Controller, parent: QWidget) -> None:
    """Ask for a data file, then show it before it is imported."""
    path = ask_for_data_file(parent, "Open data")
    if path:
        dialog = ImportDialog(controller, path, parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class BuiltinDialog(QDialog):
    """A built-in set with settings: which, how large, how noisy, from which seed.

    Parameters
    ----------
    controller : Controller
    parent : QWidget, optional
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.form: ParameterForm | None = None
        self.setObjectName("builtin_dialog")
        self.setWindowTitle("Built-in set")
        self.setMinimumWidth(44 * GRID)
        self.set = QComboBox()
        self.set.setObjectName("set")
        self.set.setAccessibleName("Built-in set")
        self.set.setToolTip("Which set to make")
        self._loaded = SETS.load_all()[0]
        for name, cls in self._loaded.items():
            self.set.addItem(cls.title or name, name)
        self.description = Words("", "small", "muted")
        self.seed = QSpinBox(maximum=2**31 - 1)  # type: ignore[call-overload] - a Qt property
        self.seed.setObjectName("seed")
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed makes the same numbers, and the same split")
        seed = QFormLayout()
        seed.addRow(Words("Seed", color="muted", wrap=False), self.seed)
        self._holder = QVBoxLayout()
        buttons, self.make_button = answers(
            self,
            "Open",
            "Make the set and open it",
            "Close; what is open stays as it is",
        )
        buttons.accepted.connect(self._make)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.set)
        layout.addWidget(self.description)
        layout.addLayout(self._holder)
        layout.addLayout(seed)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.set.currentIndexChanged.connect(self._show_form)
        self._show_form()

    def _show_form(self) -> None:
        if self.form is not None:
            self._holder.removeWidget(self.form)
            self.form.deleteLater()
        cls = self._loaded[self.set.currentData()]
        self.description.setText((cls.__doc__ or "").strip().splitlines()[0])
        self.form = ParameterForm(cls)
        self.form.changed.connect(self._check)
        self._holder.addWidget(self.form)
        self._check()

    def _check(self) -> None:
        self.make_button.setEnabled(self.form is not None and self.form.error() is None)

    def _make(self) -> None:
        assert self.form is not None
        try:
            options = self.form.values()
        except InputError:
            return  # the form says what is wrong
        if self.seed.value():
            options["seed"] = self.seed.value()
        self._controller.librarian.open_builtin(self.set.currentData(), options)
        self.accept()
