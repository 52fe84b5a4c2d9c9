"""What spoils the inputs while a model trains: none, or a corruption with its settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QSizePolicy, QVBoxLayout, QWidget

from explorer.data.corruption import CORRUPTIONS, corruption_text, parse_corruption
from explorer.errors import InputError
from explorer.gui.forms import ParameterForm
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.parameters import values_of

_INDENT = 2 * GRID


class CorruptionBox(QWidget):
    """A combo box of all corruptions, and the form of the chosen one.

    Signals
    -------
    changed
        Another corruption, or another setting of it.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form: ParameterForm | None = None
        self.combo = QComboBox()
        self.combo.setObjectName("training_corruption")
        self.combo.setAccessibleName("Corruption while training")
        self.combo.setToolTip(
            "<p>Spoils the inputs afresh in every epoch, while the clean samples stay the target: the model learns to"
            " denoise.</p>"
        )
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(8)
        self.combo.addItem("none", None)
        for name, cls in CORRUPTIONS.load_all()[0].items():
            self.combo.addItem(cls.title or name, name)
        line = QFormLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setHorizontalSpacing(GRID)
        line.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._label = Words("Corruption", color="muted", wrap=False)
        self._label.setBuddy(self.combo)
        self._label.setToolTip(self.combo.toolTip())
        line.addRow(self._label, self.combo)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID)
        self._layout.addLayout(line)
        self.combo.currentIndexChanged.connect(self._chosen)

    def set_label_width(self, width: int) -> None:
        """Give the labels at least this room, so that the editors are aligned with those of a form above."""
        self._label.setMinimumWidth(width)
        self._align()

    def _align(self) -> None:
        if self.form is not None:
            self.form.set_label_width(max(0, self._label.minimumWidth() - _INDENT))

    def text(self) -> str | None:
        """Return the corruption as text of `corruption_text`, or None.

        Raises
        ------
        InputError
            If a setting does not fit.
        """
        if self.form is None:
            return None
        return corruption_text(CORRUPTIONS.load(self.combo.currentData())(**self.form.values()))

    def set_text(self, text: str | None) -> None:
        """Show a corruption; one that this installation does not have is shown as none."""
        try:
            corruption = None if text is None else parse_corruption(text)
            name = None if corruption is None else CORRUPTIONS.name_of(type(corruption))
        except InputError:
            corruption = name = None
        self.combo.blockSignals(True)
        self.combo.setCurrentIndex(self.combo.findData(name))
        self.combo.blockSignals(False)
        self._show_form()
        if self.form is not None and corruption is not None:
            self.form.blockSignals(True)
            self.form.set_values(values_of(corruption))
            self.form.blockSignals(False)
        self.changed.emit()

    def _chosen(self) -> None:
        self._show_form()
        self.changed.emit()

    def _show_form(self) -> None:
        if self.form is not None:
            self._layout.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        name = self.combo.currentData()
        if name is not None:
            self.form = ParameterForm(CORRUPTIONS.load(name), resettable=False)
            self.form.setContentsMargins(_INDENT, 0, 0, 0)
            self.form.changed.connect(self.changed)
            self._layout.addWidget(self.form)
            self._align()
