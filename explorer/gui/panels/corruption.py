"""Choose how a sample is spoilt: the corruption, its strength by a slider, its other parameters, a new draw."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from explorer.data.corruption import CORRUPTIONS, Corruption, corruption_text, parse_corruption, strength_range
from explorer.data.dataset import Dataset
from explorer.data.scaling import typical_size
from explorer.gui.forms import ParameterForm
from explorer.gui.theme import GRID
from explorer.gui.widgets.flow import Row
from explorer.gui.widgets.labels import Words
from explorer.parameters import parameters

AS_RECORDED = "As recorded"
_STEPS = 500


class CorruptionChoice(QWidget):
    """The widgets that make a corruption's text; None stands for the sample with its own noise.

    Signals
    -------
    changed
        At every move of the slider, and every other change.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seed = 0
        self._classes, failed = CORRUPTIONS.load_all()
        self._strengths: dict[str, float] = {}
        self._size = 1.0
        self._unit = ""
        self._form: ParameterForm | None = None
        self._quiet = False
        self.kind = QComboBox(self)
        self.kind.setObjectName("corruption")
        self.kind.setAccessibleName("Corruption")
        self.kind.setToolTip("How the clean sample is spoilt before the model sees it")
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(12)
        self.kind.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.kind.addItem(AS_RECORDED, None)
        self.kind.setItemData(0, "The sample as it is, with its own noise", Qt.ItemDataRole.ToolTipRole)
        for name, cls in self._classes.items():
            self.kind.addItem(cls.title or name, name)
            self.kind.setItemData(
                self.kind.count() - 1, (cls.__doc__ or "").splitlines()[0], Qt.ItemDataRole.ToolTipRole
            )
        for name, reason in failed.items():
            self.kind.addItem(f"{name} (cannot be loaded)", name)
            item = self.kind.model().index(self.kind.count() - 1, 0)
            self.kind.model().setData(item, 0, Qt.ItemDataRole.UserRole - 1)  # makes the entry unselectable
            self.kind.setItemData(self.kind.count() - 1, reason, Qt.ItemDataRole.ToolTipRole)
        self.again = QPushButton("New noise", self)
        self.again.setObjectName("new-noise")
        self.again.setAccessibleName("Draw new noise")
        self.again.setToolTip("Draw the random numbers anew, at the same strength")
        self.again.clicked.connect(self._draw_again)
        self.label = Words("Strength", "body", "muted", wrap=False)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("strength")
        self.slider.setAccessibleName("Strength of the corruption")
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.valueChanged.connect(self._slid)
        self.value = QDoubleSpinBox(self)
        self.value.setObjectName("strength-value")
        self.value.setAccessibleName("Strength of the corruption, as a number")
        self.value.setKeyboardTracking(False)
        self.value.valueChanged.connect(self._typed)
        self.label.setBuddy(self.slider)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)
        self.slider.setMinimumWidth(12 * GRID)
        self._strength_row = Row(self.label, self.slider, self.value, stretch=1)
        self._column.addWidget(Row(self.kind, self.again))
        self._column.addWidget(self._strength_row)
        self._kind_changed()

    # What is chosen

    @property
    def name(self) -> str | None:
        """The registered name of the corruption; None where the sample is taken as recorded."""
        return self.kind.currentData()

    def text(self) -> str | None:
        """Return the corruption as text, or None for the sample as recorded.

        Raises
        ------
        InputError
            If a parameter does not fit.
        """
        if self.name is None:
            return None
        more = {} if self._form is None else self._form.values()
        return corruption_text(self._classes[self.name](strength=self.value.value(), **more))

    def choose(self, text: str | None) -> None:
        """Show a corruption given as text, or "as recorded" for None."""
        corruption = None if text is None else parse_corruption(text)
        name = None if corruption is None else CORRUPTIONS.name_of(type(corruption))
        if corruption is not None and name is not None:
            self._strengths[name] = corruption.strength
        at = self.kind.findData(name)
        if at == self.kind.currentIndex():
            self._kind_changed()
        else:
            self.kind.setCurrentIndex(at)

    def set_dataset(self, dataset: Dataset) -> None:
        """Take the slider's range and unit from the data, and start with what suits them.

        Data with a clean target are shown as recorded; others with Gaussian noise, since without it there is nothing
        to see.
        """
        self._size = float(np.mean(typical_size(dataset)))
        self._unit = dataset.unit
        self._strengths.clear()
        wished = None if dataset.targets is not None else "gaussian"
        at = max(0, self.kind.findData(wished))
        if at == self.kind.currentIndex():
            self._kind_changed()
        else:
            self.kind.setCurrentIndex(at)

    # Changes

    def _cls(self) -> type[Corruption] | None:
        return None if self.name is None else self._classes.get(self.name)

    def _kind_changed(self) -> None:
        cls = self._cls()
        for widget in (self.again, self._strength_row):
            widget.setVisible(cls is not None)
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        if cls is not None and self.name is not None:
            declared = next(parameter for parameter in parameters(cls) if parameter.name == "strength")
            low, high = strength_range(cls, self._size)
            # A strength without an upper bound is in the data's units.
            unit = declared.param.unit or ("" if declared.param.le is not None else self._unit)
            strength = self._strengths.setdefault(self.name, _sensible(declared.default, high))
            high = max(high, strength)
            self._quiet = True
            self.value.setSuffix(f" {unit}" if unit else "")
            self.value.setDecimals(int(min(9, max(2, 2 - math.floor(math.log10(high)))) if high > 0 else 2))
            self.value.setRange(low, high)
            self.value.setSingleStep(high / 50)
            self.value.setValue(strength)
            self.slider.setValue(round(_STEPS * strength / high) if high > 0 else 0)
            self._quiet = False
            for widget in (self.slider, self.value):
                widget.setToolTip(declared.param.help)
            if {parameter.name for parameter in parameters(cls)} - {"strength", "unit"}:
                self._form = ParameterForm(cls, hidden=("strength", "unit"), parent=self)
                self._form.changed.connect(self.changed)
                self._column.addWidget(self._form)
        self.changed.emit()

    def _slid(self, step: int) -> None:
        if not self._quiet:
            self._set_strength(self.value.maximum() * step / _STEPS, from_slider=True)

    def _typed(self, value: float) -> None:
        if not self._quiet:
            self._set_strength(value, from_slider=False)

    def _set_strength(self, strength: float, *, from_slider: bool) -> None:
        self._quiet = True
        if from_slider:
            self.value.setValue(strength)
        else:
            self.slider.setValue(round(_STEPS * strength / self.value.maximum()))
        self._quiet = False
        if self.name is not None:
            self._strengths[self.name] = self.value.value()
        self.changed.emit()

    def _draw_again(self) -> None:
        self.seed += 1
        self.changed.emit()


def _sensible(default: float, high: float) -> float:
    """Return the declared strength where it is one to be seen on these data, else a fifth of the slider's range."""
    return default if 0.02 * high <= default <= high else 0.2 * high
