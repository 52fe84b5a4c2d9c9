"""A form for the declared parameters of a class: recipe, reader, corruption, built-in set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from explorer.errors import InputError
from explorer.gui.fields import AUTOMATIC, BoolField, Field, make_field, shown
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.parameters import Parameter, parameters

_PATIENCE_MS = 500


class ParameterForm(QWidget):
    """One row for each parameter, the advanced ones folded away; what does not fit is told below its row.

    Parameters
    ----------
    cls : type
        A dataclass with declared parameters.
    hidden : collection of str
        Names of parameters that are edited elsewhere.
    resettable : bool
        Whether there is a button that sets all back to the defaults.

    Signals
    -------
    changed
        A value was changed, by the person or by `set_values`. Sent once per call.
    """

    changed = Signal()

    def __init__(
        self, cls: type, *, hidden: Collection[str] = (), resettable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows: dict[str, _Row] = {}
        self._quiet = False
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(GRID)
        self._layout.setVerticalSpacing(GRID // 2)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._tell_all)

        declared = [parameter for parameter in parameters(cls) if parameter.name not in hidden]
        plain = [parameter for parameter in declared if not parameter.param.advanced]
        advanced = [parameter for parameter in declared if parameter.param.advanced]
        for parameter in plain:
            self._add(parameter)
        self._add_footer(bool(advanced), resettable and bool(declared))
        for parameter in advanced:
            self._add(parameter)
        self._unfold(False)
        self._mark()

    # What callers use

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that the form shows."""
        return tuple(self._rows)

    @property
    def label_width(self) -> int:
        """The room that the widest label needs, in pixels."""
        return max((row.label.sizeHint().width() for row in self._rows.values()), default=0)

    def set_label_width(self, width: int) -> None:
        """Give the labels at least this room, so that the editors of two forms are aligned."""
        for row in self._rows.values():
            row.label.setMinimumWidth(width)

    def field(self, name: str) -> Field:
        """Return the editor of a parameter."""
        return self._rows[name].field

    def values(self) -> dict[str, Any]:
        """Return the values that differ from the defaults.

        Raises
        ------
        InputError
            Of the first value that does not fit.
        """
        return {name: value for name, row in self._rows.items() if (value := row.field.value()) != row.baseline}

    def error(self) -> InputError | None:
        """Return what is wrong with the first value that does not fit, or None."""
        return next((reason for row in self._rows.values() if (reason := row.error())), None)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show `values`, and the defaults of all others; names that the form does not show are left out."""
        with _Quietly(self):
            for name, row in self._rows.items():
                row.field.write(values.get(name, row.baseline))

    def reset(self) -> None:
        """Show the defaults."""
        self.set_values({})

    def suggest(self, values: Mapping[str, Any]) -> None:
        """Take `values` as the defaults, as found out from a file; what the person set stays as they set it.

        `changed` is not sent: a suggestion is an answer to a change, and must not ask again.
        """
        with _Quietly(self, tell=False):
            for name, row in self._rows.items():
                if row.error() is None and row.field.value() in (row.baseline, None):
                    row.baseline = values.get(name, row.default)
                    row.field.write(row.baseline)

    # Rows

    def _add(self, parameter: Parameter) -> None:
        row = _Row(parameter)
        self._rows[parameter.name] = row
        row.field.edited.connect(self._edited)
        if isinstance(row.field, BoolField):
            self._layout.addRow(row.body)
        else:
            self._layout.addRow(row.label, row.body)
        self._layout.addRow(row.complaint)
        self._layout.setRowVisible(row.complaint, False)
        if hasattr(row.field.editor, "editingFinished"):
            row.field.editor.editingFinished.connect(self._tell_all)  # type: ignore[attr-defined] - just asked

    def _add_footer(self, advanced: bool, resettable: bool) -> None:
        self._fold = QToolButton(autoRaise=True)
        self._fold.setObjectName("advanced")
        self._fold.setAccessibleName("Advanced settings")
        self._fold.setToolTip("Show or hide the settings that rarely need a change")
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.clicked.connect(lambda: self._unfold(not self._open))
        self._reset = QToolButton(autoRaise=True)
        self._reset.setText("Reset")
        self._reset.setObjectName("reset")
        self._reset.setAccessibleName("Reset all settings to their defaults")
        self._reset.setToolTip("Set everything in this form back to its default")
        self._reset.clicked.connect(self.reset)
        footer = QWidget()
        line = QHBoxLayout(footer)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._fold)
        line.addStretch(1)
        line.addWidget(self._reset)
        self._layout.addRow(footer)
        for button in (self._fold, self._reset):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fold.setVisible(advanced)
        self._reset.setVisible(resettable)
        self._layout.setRowVisible(footer, advanced or resettable)

    def _unfold(self, open_: bool) -> None:
        self._open = open_
        self._fold.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        for row in self._rows.values():
            if row.field.parameter.param.advanced:
                self._layout.setRowVisible(row.body, open_)
                self._layout.setRowVisible(row.complaint, open_ and row.told)

    # Changes

    def _edited(self) -> None:
        if self._quiet:
            return
        self._mark()
        # A number half typed is no mistake yet; an old complaint goes at once.
        for row in self._rows.values():
            if row.told and row.error() is None:
                self._tell(row)
        self._patience.start()
        self.changed.emit()

    def _tell_all(self) -> None:
        self._patience.stop()
        for row in self._rows.values():
            self._tell(row)

    def _tell(self, row: _Row) -> None:
        reason = row.error()
        row.complaint.setText(f"{reason.remedy or reason.problem}." if reason else "")
        row.complaint.setToolTip(str(reason) if reason else "")
        row.told = reason is not None
        if row.told and row.field.parameter.param.advanced and not self._open:
            self._unfold(True)
        self._layout.setRowVisible(row.complaint, row.told)

    def _mark(self) -> None:
        """Show which values differ from the default."""
        changed = {name: row.differs() for name, row in self._rows.items()}
        for name, row in self._rows.items():
            row.label.set_color("text" if changed[name] else "muted")
        folded = sum(changed[name] for name, row in self._rows.items() if row.field.parameter.param.advanced)
        self._fold.setText(f"Advanced · {folded} changed" if folded else "Advanced")
        self._reset.setEnabled(any(changed.values()))


class _Row:
    """The widgets of one parameter and the value that counts as its default."""

    def __init__(self, parameter: Parameter) -> None:
        self.default = self.baseline = parameter.default
        self.told = False
        self.field = make_field(parameter)
        self.field.write(parameter.default)
        name, param = parameter.label, parameter.param
        unit = f" ({param.unit})" if param.unit else ""
        fallback = shown(parameter.default) or (AUTOMATIC if parameter.optional else "none")
        tip = f"<p>{escape(param.help)}</p><p>Default: {escape(fallback)}{escape(' ' + param.unit).rstrip()}</p>"
        editor = self.field.editor
        editor.setObjectName(f"field-{parameter.name}")
        editor.setAccessibleName(name + unit)
        editor.setAccessibleDescription(param.help)
        editor.setToolTip(tip)
        self.label = Words(name, color="muted", wrap=False)
        self.label.setToolTip(tip)
        self.label.setBuddy(editor)
        self.body = QWidget()
        line = QHBoxLayout(self.body)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID * 3 // 4)
        line.addWidget(editor, 1)
        if param.unit:
            line.addWidget(Words(param.unit, "small", "muted", wrap=False))
        self.complaint = Words("", "small", "bad")
        self.complaint.setObjectName(f"complaint-{parameter.name}")
        self.complaint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def error(self) -> InputError | None:
        try:
            self.field.value()
        except InputError as reason:
            return reason
        return None

    def differs(self) -> bool:
        return self.error() is not None or self.field.value() != self.baseline


class _Quietly:
    """Change many rows and send `changed` once."""

    def __init__(self, form: ParameterForm, *, tell: bool = True) -> None:
        self._form, self._tell = form, tell

    def __enter__(self) -> None:
        self._form._quiet = True

    def __exit__(self, *_: object) -> None:
        self._form._quiet = False
        self._form._mark()
        self._form._tell_all()
        if self._tell:
            self._form.changed.emit()
