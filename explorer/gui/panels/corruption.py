"""Choose how a sample is spoilt: the corruptions, the strength of one by a slider, its other parameters, a new draw."""

from __future__ import annotations

import contextlib
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

from explorer.data.corruption import (
    CORRUPTIONS,
    Corruption,
    Unit,
    corruption_text,
    parse_corruption,
    steps_of,
    strength_range,
)
from explorer.data.dataset import Dataset
from explorer.data.noise import Noise, in_unit
from explorer.data.scaling import rough_size
from explorer.errors import InputError
from explorer.gui.forms import ParameterForm
from explorer.gui.panels.corruption_steps import CorruptionSteps
from explorer.gui.theme import GRID
from explorer.gui.widgets.flow import Row
from explorer.gui.widgets.labels import Words
from explorer.parameters import parameters, values_of

AS_RECORDED = "As recorded"
_STEPS = 500
_UNHEARD_DB = 200.0
"""Stands for no noise at all in a box that shows no infinity."""
_ELSEWHERE = ("strength", "unit")


class CorruptionChoice(QWidget):
    """The widgets that make a corruption's text, of a chain step by step; None is the sample with its own noise.

    Signals
    -------
    changed
        At every move of the slider, and every other change.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seed = 0
        self._classes, self._failed = CORRUPTIONS.load_all()
        self._strengths: dict[tuple[str, str], float] = {}
        self._strength = 0.0
        self._range = (0.0, 1.0)
        self._size = 1.0
        self._unit = ""
        self._form: ParameterForm | None = None
        self._quiet = False
        self.kind = self._kind_combo()
        self.again = QPushButton("New noise", self)
        self.again.setObjectName("new-noise")
        self.again.setAccessibleName("Draw new noise")
        self.again.setToolTip("Draw the random numbers anew, at the same strength")
        self.again.clicked.connect(self._draw_again)
        self.steps = CorruptionSteps("denoise", self)
        self.steps.shown.connect(self._show_step)
        self._make_strength_row()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)
        self._column.addWidget(self.steps)
        self._column.addWidget(Row(self.kind, self.again, self.steps.add))
        self._column.addWidget(self._strength_row)
        self._kind_changed()

    def _kind_combo(self) -> QComboBox:
        kind = QComboBox(self)
        kind.setObjectName("corruption")
        kind.setAccessibleName("Corruption")
        kind.setToolTip("How the clean sample is spoilt before the model sees it")
        kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        kind.setMinimumContentsLength(12)
        kind.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kind.addItem(AS_RECORDED, None)
        kind.setItemData(0, "The sample as it is, with its own noise", Qt.ItemDataRole.ToolTipRole)
        for name, cls in self._classes.items():
            kind.addItem(cls.title or name, name)
            kind.setItemData(kind.count() - 1, (cls.__doc__ or "").splitlines()[0], Qt.ItemDataRole.ToolTipRole)
        for name, reason in self._failed.items():
            kind.addItem(f"{name} (cannot be loaded)", name)
            item = kind.model().index(kind.count() - 1, 0)
            kind.model().setData(item, 0, Qt.ItemDataRole.UserRole - 1)  # makes the entry unselectable
            kind.setItemData(kind.count() - 1, reason, Qt.ItemDataRole.ToolTipRole)
        kind.currentIndexChanged.connect(self._kind_changed)
        return kind

    def _make_strength_row(self) -> None:
        self.label = Words("Strength", "body", "muted", wrap=False)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("strength")
        self.slider.setAccessibleName("Strength of the corruption")
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.setMinimumWidth(12 * GRID)
        self.slider.valueChanged.connect(self._slid)
        self.value = QDoubleSpinBox(self)
        self.value.setObjectName("strength-value")
        self.value.setAccessibleName("Strength of the corruption, as a number")
        self.value.setKeyboardTracking(False)
        self.value.valueChanged.connect(self._typed)
        self.unit = QComboBox(self)
        self.unit.setObjectName("strength-unit")
        self.unit.setAccessibleName("Unit of the strength")
        self.unit.setToolTip(
            "<p>In the data's unit, in standard deviations of the channel (σ), or as the ratio of signal to noise (dB):"
            " the more dB, the less noise.</p>"
        )
        for text, unit in (("units", "data"), ("σ", "sigma"), ("dB", "dB")):
            self.unit.addItem(text, unit)
        self.unit.currentIndexChanged.connect(self._unit_changed)
        self.label.setBuddy(self.slider)
        self._strength_row = Row(self.label, self.slider, self.value, self.unit, stretch=1)

    # What is chosen

    @property
    def name(self) -> str | None:
        """The registered name of the corruption, of a chain that of the chosen step; None: as recorded."""
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
        self._step()  # says what does not fit
        return self.steps.text()

    def choose(self, text: str | None) -> None:
        """Show a corruption given as text, of a chain the first step, or "as recorded" for None."""
        self.steps.set_text(text)
        self._show_step(self.steps.current())

    def set_dataset(self, dataset: Dataset) -> None:
        """Take the slider's range and unit from the data, and start with what suits them.

        Data with a clean target are shown as recorded; others with Gaussian noise, since without it there is nothing
        to see.
        """
        self._size = float(np.mean(rough_size(dataset)))
        self._unit = dataset.unit
        self.unit.setItemText(0, self._unit or "units")
        self._strengths.clear()
        wished = None if dataset.targets is not None else "gaussian"
        self.steps.write(None)
        at = max(0, self.kind.findData(wished))
        if at == self.kind.currentIndex():
            self._kind_changed()
        else:
            self.kind.setCurrentIndex(at)

    def _cls(self) -> type[Corruption] | None:
        return None if self.name is None else self._classes.get(self.name)

    def _step(self) -> Corruption:
        """Return the chosen step as the widgets say."""
        more = {} if self._form is None else self._form.values()
        if self._has_unit():
            more["unit"] = self.unit.currentData()
        return self._classes[self.name or ""](strength=self._strength, **more)

    def _has_unit(self) -> bool:
        cls = self._cls()
        return cls is not None and issubclass(cls, Noise)

    # Changes

    def _show_step(self, text: str | None) -> None:
        """Show a step, as it is written, in the widgets."""
        step = None if text is None else parse_corruption(text)
        self._quiet = True
        self.kind.setCurrentIndex(self.kind.findData(None if step is None else CORRUPTIONS.name_of(type(step))))
        if isinstance(step, Noise):
            self.unit.setCurrentIndex(self.unit.findData(step.unit))
        self._quiet = False
        self._show_kind(step)
        self._told()

    def _kind_changed(self) -> None:
        if self._quiet:
            return
        self._show_kind(None)
        self._write()

    def _show_kind(self, step: Corruption | None) -> None:
        """Show the widgets of the kind that is chosen, with the settings of a step of it, else with usual ones."""
        cls = self._cls()
        self._strength_row.setVisible(cls is not None)
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        if cls is None:
            return
        if {parameter.name for parameter in parameters(cls)} - set(_ELSEWHERE):
            self._form = ParameterForm(cls, hidden=_ELSEWHERE, parent=self)
            if step is not None:
                self._form.set_values(values_of(step))
            self._form.changed.connect(self._write)
            self._column.addWidget(self._form)
        self._show_strength(None if step is None else step.strength)

    def _show_strength(self, strength: float | None = None) -> None:
        """Set the slider and the box to the range of the kind and unit, and to a strength or a usual one."""
        cls, unit = self._cls(), self.unit.currentData() if self._has_unit() else "data"
        if cls is None or self.name is None:
            return
        declared = next(parameter for parameter in parameters(cls) if parameter.name == "strength")
        weak, strong = strength_range(cls(strength=0.0, unit=unit) if issubclass(cls, Noise) else cls, self._size)
        if strength is None:
            usual = 10.0 if unit == "dB" else 0.3 if unit == "sigma" else declared.default
            strength = self._strengths.setdefault((self.name, unit), _sensible(usual, weak, strong))
        strength = min(strength, _UNHEARD_DB) if unit == "dB" else strength
        self._strengths[self.name, unit] = self._strength = strength
        if unit == "dB":
            weak, strong = max(weak, strength), min(strong, strength)
        else:
            strong = max(strong, strength)
        self._range = weak, strong
        # A strength without an upper bound is in the data's units; noise says so by its own box.
        bounded = declared.param.le is not None and cls.slider is None
        suffix = declared.param.unit or ("" if bounded or self._has_unit() else self._unit)
        span = abs(strong - weak)
        self._quiet = True
        self.unit.setVisible(self._has_unit())
        self.value.setSuffix(f" {suffix}" if suffix else "")
        decimals = 1 if unit == "dB" else min(9, max(2, 2 - math.floor(math.log10(span)))) if span > 0 else 2
        self.value.setDecimals(int(decimals))
        self.value.setRange(min(weak, strong), max(weak, strong))
        self.value.setSingleStep(1.0 if unit == "dB" else span / 50)
        self.value.setValue(strength)
        self.slider.setValue(self._place(strength))
        self._quiet = False
        for widget in (self.slider, self.value):
            widget.setToolTip(declared.param.help)

    def _place(self, strength: float) -> int:
        weak, strong = self._range
        return round(_STEPS * (strength - weak) / (strong - weak)) if strong != weak else 0

    def _unit_changed(self) -> None:
        """Go on with about as much noise, in the unit that was chosen."""
        if self._quiet or self.name is None:
            return
        unit: Unit = self.unit.currentData()
        try:
            before = parse_corruption(self.steps.current() or self.name)
            strength = in_unit(before, unit, self._size) if isinstance(before, Noise) else None
        except InputError:  # a frequency that cannot be: told where the sample is spoilt
            strength = None
        self._show_strength(strength)
        self._write()

    def _slid(self, step: int) -> None:
        if not self._quiet:
            weak, strong = self._range
            self._set_strength(weak + (strong - weak) * step / _STEPS, from_slider=True)

    def _typed(self, value: float) -> None:
        if not self._quiet:
            self._set_strength(value, from_slider=False)

    def _set_strength(self, strength: float, *, from_slider: bool) -> None:
        self._quiet = True
        if from_slider:
            self.value.setValue(strength)
        else:
            self.slider.setValue(self._place(strength))
        self._quiet = False
        self._strength = self.value.value()
        if self.name is not None:
            self._strengths[self.name, self.unit.currentData() if self._has_unit() else "data"] = self._strength
        self._write()

    def _write(self) -> None:
        """Take the widgets' step into the chain, unless a parameter does not fit: the form tells of that."""
        with contextlib.suppress(InputError):
            self.steps.write(None if self.name is None else corruption_text(self._step()))
        self._told()

    def _told(self) -> None:
        text = self.steps.text()
        chance = text is not None and any(step.random for step in steps_of(parse_corruption(text)))
        self.again.setVisible(chance)
        self.steps.add.setVisible(text is not None)
        self.changed.emit()

    def _draw_again(self) -> None:
        self.seed += 1
        self.changed.emit()


def _sensible(usual: float, weak: float, strong: float) -> float:
    """Return the usual strength where it is one to be seen on these data, else a fifth of the slider's range."""
    share = (usual - weak) / (strong - weak) if strong != weak else 0.0
    return usual if 0.02 <= share <= 1 else weak + 0.2 * (strong - weak)
