"""One editor for one declared parameter: what a person types, and what it shows."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from explorer.errors import InputError
from explorer.parameters import Parameter

AUTOMATIC = "auto"
# Characters that would show as nothing, by what a person calls them.
_SPOKEN = {"\t": "tab", " ": "space", ",": "comma  ,", ";": "semicolon  ;", "|": "bar  |"}


class Field(QObject):
    """The editor of a parameter. `raw` is what was typed, unchecked; `write` shows a value.

    Signals
    -------
    edited
        The person, or `write`, changed it.
    """

    edited = Signal()
    editor: QWidget

    def __init__(self, parameter: Parameter, editor: QWidget) -> None:
        super().__init__(editor)
        self.parameter = parameter
        self.editor = editor
        editor.setMinimumHeight(QFontMetrics(editor.font()).height() + 10)  # all kinds alike

    def raw(self) -> Any:
        """Return what is in the editor."""
        raise NotImplementedError

    def write(self, value: Any) -> None:
        """Show `value`."""
        raise NotImplementedError

    def value(self) -> Any:
        """Return the value that is shown, converted.

        Raises
        ------
        InputError
            If it does not fit what the parameter declares.
        """
        return self.parameter.convert(self.raw())


class NumberBox(QAbstractSpinBox):
    """A spin box over a parameter's text: no digit is lost, empty means None, and out of bounds is told, not clipped.

    The arrow keys, Page Up and Down, and the wheel (while it has the focus) step: by factors where the parameter is
    logarithmic (1, 2, 5, 10 … for numbers, doubling for whole ones), else by a unit of its second digit.
    """

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        # No step is finer than a hundredth of the default's size, else stepping down would never arrive at 0.
        self._unit = _second_digit(parameter.default or 0.1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(QFontMetrics(self.font()).averageCharWidth() * 11)

    def typed(self) -> str:
        """Return the text that was typed, with a decimal comma, as half of the world types it, read as a point."""
        text = self.lineEdit().text().strip()
        return text.replace(",", ".") if self._parameter.kind is float and "." not in text else text

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let a person type anything; `Parameter.convert` judges it and says why."""
        return QValidator.State.Acceptable, text, position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Both directions, as far as the bounds go."""
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def stepBy(self, steps: int) -> None:
        """Step up or down and stay within the bounds."""
        try:
            value = self._parameter.convert(self.typed())
        except InputError:
            value = self._parameter.default
        if value is None:
            value = next((bound for bound in (self._parameter.param.ge, self._parameter.param.gt) if bound), 1)
        stepped = self._stepped(value, steps)
        param = self._parameter.param
        if param.ge is not None:
            stepped = max(stepped, param.ge)
        if param.le is not None:
            stepped = min(stepped, param.le)
        try:
            stepped = self._parameter.convert(int(stepped) if self._parameter.kind is int else stepped)
        except InputError:
            return  # an open bound was reached
        self.lineEdit().setText(shown(stepped))
        self.selectAll()

    def _stepped(self, value: float, steps: int) -> float:
        whole, log = self._parameter.kind is int, self._parameter.param.log
        for _ in range(abs(steps)):
            if log and whole:
                value = max(1, value * 2 if steps > 0 else value // 2)
            elif log and value > 0:
                value = _next_factor(value, up=steps > 0)
            else:
                size = max(1.0, _second_digit(value)) if whole else max(self._unit, _second_digit(value))
                value = float(f"{value + math.copysign(size, steps):.10g}")
        return value

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only where the person is: scrolling past must not change a setting."""
        _wheel_if_focused(self, event, super().wheelEvent)


class _Combo(QComboBox):
    """A combo box that does not change when the page is scrolled over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        _wheel_if_focused(self, event, super().wheelEvent)


class NumberField(Field):
    """Whole and other numbers."""

    def __init__(self, parameter: Parameter) -> None:
        box = NumberBox(parameter)
        super().__init__(parameter, box)
        self._box = box
        if parameter.optional:
            box.lineEdit().setPlaceholderText(AUTOMATIC)
        box.lineEdit().textChanged.connect(self.edited)

    def raw(self) -> Any:
        """Return what is in the editor."""
        return self._box.typed()

    def write(self, value: Any) -> None:
        """Show `value`."""
        self._box.lineEdit().setText(shown(value))


class BoolField(Field):
    """Yes or no; the check box carries the label."""

    def __init__(self, parameter: Parameter) -> None:
        box = QCheckBox(parameter.label)
        super().__init__(parameter, box)
        self._box = box
        box.toggled.connect(self.edited)

    def raw(self) -> Any:
        """Return what is in the editor."""
        return self._box.isChecked()

    def write(self, value: Any) -> None:
        """Show `value`."""
        self._box.setChecked(bool(value))


class ChoiceField(Field):
    """One of a few values; None, where allowed, comes first."""

    def __init__(self, parameter: Parameter) -> None:
        combo = _Combo()
        super().__init__(parameter, combo)
        self._box = combo
        if parameter.optional:
            combo.addItem(AUTOMATIC, None)
        if parameter.kind is bool:
            combo.addItem("yes", True)
            combo.addItem("no", False)
        for choice in parameter.choices:
            combo.addItem(_SPOKEN.get(choice, str(choice)), choice)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        combo.setMinimumContentsLength(8)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.currentIndexChanged.connect(self.edited)

    def raw(self) -> Any:
        """Return what is in the editor."""
        return self._box.currentData()

    def value(self) -> Any:
        """Return the chosen value: each entry is a declared one, and the text "none" must not be read as None."""
        return self.raw()

    def write(self, value: Any) -> None:
        """Show `value`."""
        self._box.setCurrentIndex(self._box.findData(value))


class TextField(Field):
    """Text, and numbers with commas."""

    def __init__(self, parameter: Parameter) -> None:
        line = QLineEdit()
        super().__init__(parameter, line)
        self._box = line
        if parameter.optional:
            line.setPlaceholderText(AUTOMATIC)
        elif parameter.kind is tuple:
            line.setPlaceholderText("none")
        line.setMinimumWidth(QFontMetrics(line.font()).averageCharWidth() * 11)
        line.textChanged.connect(self.edited)

    def raw(self) -> Any:
        """Return what is in the editor."""
        return self._box.text()

    def write(self, value: Any) -> None:
        """Show `value`."""
        self._box.setText(shown(value))


class FileField(Field):
    """The path of a file to read, with a button that chooses one."""

    def __init__(self, parameter: Parameter) -> None:
        editor = PathEditor()
        super().__init__(parameter, editor)
        self._box = editor.line
        self._box.textChanged.connect(self.edited)

    def raw(self) -> Any:
        """Return what is in the editor."""
        return self._box.text()

    def write(self, value: Any) -> None:
        """Show `value`."""
        self._box.setText(shown(value))


class PathEditor(QWidget):
    """A line for a path, and a button beside it."""

    editingFinished = Signal()  # noqa: N815 - as Qt's own editors call it

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setObjectName("path")
        self.line.setPlaceholderText("no file")
        self.line.setMinimumWidth(QFontMetrics(self.line.font()).averageCharWidth() * 11)
        self.line.editingFinished.connect(self.editingFinished)
        button = QToolButton()
        button.setText("…")
        button.setObjectName("choose-file")
        button.setAccessibleName("Choose a file")
        button.setToolTip("Choose a file")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(button)
        self.setFocusProxy(self.line)

    def setAccessibleName(self, name: str) -> None:
        """Give the line the name too: it has the focus."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def setToolTip(self, tip: str) -> None:
        """Say what the file is for where the person points."""
        super().setToolTip(tip)
        self.line.setToolTip(tip)

    def _ask(self) -> None:
        from explorer.gui.dialogs.choose_file import ask_for_data_file

        if path := ask_for_data_file(self.window(), "Choose a file"):
            self.line.setText(path)
            self.editingFinished.emit()


def make_field(parameter: Parameter) -> Field:
    """Return the editor that fits a parameter's type."""
    if parameter.param.file:
        return FileField(parameter)
    if parameter.choices or (parameter.kind is bool and parameter.optional):
        return ChoiceField(parameter)
    if parameter.kind is bool:
        return BoolField(parameter)
    if parameter.kind in (int, float):
        return NumberField(parameter)
    return TextField(parameter)


def shown(value: Any) -> str:
    """Return a value as a person would type it; None is empty."""
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def _second_digit(value: float) -> float:
    """Return the weight of a number's second digit: 0.01 for 0.3, 10 for 250; 0 for 0."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - 1) if value else 0.0


def _next_factor(value: float, *, up: bool) -> float:
    """Return the next of 1, 2, 5, 10, 20, 50 … above or below."""
    power = 10.0 ** math.floor(math.log10(value))
    ladder = [power * factor for factor in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)]
    slack = 1e-6 * value
    nearest = min(x for x in ladder if x > value + slack) if up else max(x for x in ladder if x < value - slack)
    return float(f"{nearest:.10g}")


def _wheel_if_focused(widget: QWidget, event: QWheelEvent, step: Any) -> None:
    if widget.hasFocus():
        step(event)
    else:
        event.ignore()
