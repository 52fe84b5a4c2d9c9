"""What spoils the inputs while a model trains: none, or corruptions one after the other with their settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from explorer.data.corruption import CORRUPTIONS, Corruption, corruption_text, parse_corruption
from explorer.errors import InputError
from explorer.gui.forms import ParameterForm
from explorer.gui.panels.corruption_steps import CorruptionSteps
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.parameters import values_of

_INDENT = 2 * GRID


class CorruptionBox(QWidget):
    """A combo box of all corruptions, and the form of the chosen one; of a chain, of the step that is chosen.

    Signals
    -------
    changed
        Another corruption, another order of them, or another setting.
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
        self.steps = CorruptionSteps("training", self)
        self.steps.shown.connect(self._step_shown)
        beside = QHBoxLayout()
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(GRID // 2)
        beside.addWidget(self.combo, 1)
        beside.addWidget(self.steps.add)
        line = QFormLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setHorizontalSpacing(GRID)
        line.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._label = Words("Corruption", color="muted", wrap=False)
        self._label.setBuddy(self.combo)
        self._label.setToolTip(self.combo.toolTip())
        line.addRow(self._label, beside)
        self.complaint = Words("", "small", "bad")
        self.complaint.setObjectName("corruption_complaint")
        self.complaint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.complaint.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID)
        self._layout.addWidget(self.steps)
        self._layout.addLayout(line)
        self._layout.addWidget(self.complaint)
        self._show_form()
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
        self._step()  # says what does not fit
        return self.steps.text()

    def set_text(self, text: str | None) -> None:
        """Show a corruption, of a chain the first step; one that this installation does not have is shown as none."""
        try:
            self.steps.set_text(text)
        except InputError:
            self.steps.set_text(None)
        self._show_step(self.steps.current())
        self.changed.emit()

    def _step(self) -> Corruption:
        assert self.form is not None
        return CORRUPTIONS.load(self.combo.currentData())(**self.form.values())

    def _step_shown(self, text: str) -> None:
        self._show_step(text)
        self.changed.emit()

    def _show_step(self, text: str | None) -> None:
        step = None if text is None else parse_corruption(text)
        self.combo.blockSignals(True)
        self.combo.setCurrentIndex(self.combo.findData(None if step is None else CORRUPTIONS.name_of(type(step))))
        self.combo.blockSignals(False)
        self._show_form()
        if self.form is not None and step is not None:
            self.form.blockSignals(True)
            self.form.set_values(values_of(step))
            self.form.blockSignals(False)

    def _chosen(self) -> None:
        self._show_form()
        self._write()

    def _write(self) -> None:
        """Take the form's step into the chain; what does not fit, and the form cannot know, is told below."""
        told = ""
        try:
            self.steps.write(None if self.form is None else corruption_text(self._step()))
        except InputError as reason:
            told = "" if self.form is None or self.form.error() else f"{reason.remedy or reason.problem}."
        self.complaint.setText(told)
        self.complaint.setVisible(bool(told))
        self.changed.emit()

    def _show_form(self) -> None:
        self.complaint.hide()
        if self.form is not None:
            self._layout.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        name = self.combo.currentData()
        self.steps.add.setVisible(name is not None)
        if name is not None:
            self.form = ParameterForm(CORRUPTIONS.load(name), resettable=False)
            self.form.setContentsMargins(_INDENT, 0, 0, 0)
            self.form.changed.connect(self._write)
            self._layout.addWidget(self.form)
            self._align()
