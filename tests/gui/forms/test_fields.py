"""Editors of single parameters, driven by keys and mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from explorer.errors import InputError
from explorer.gui.fields import Field, NumberBox, make_field, shown
from explorer.parameters import Param, parameters


@dataclass(kw_only=True)
class Everything:
    count: Annotated[int, Param("A count.", ge=1, le=100)] = 5
    units: Annotated[int, Param("Doubling.", ge=1, log=True)] = 8
    rate: Annotated[float, Param("A rate.", gt=0, le=1, log=True)] = 1e-3
    level: Annotated[float, Param("A level.", ge=0)] = 0.3
    limit: Annotated[float | None, Param("A limit.", gt=0)] = None
    layers: Annotated[tuple[int, ...], Param("Layers.", ge=1)] = (64, 32)
    kind: Annotated[Literal["one", "none"], Param("A kind.")] = "one"
    mark: Annotated[Literal[",", "\t"] | None, Param("A mark.")] = None
    header: Annotated[bool | None, Param("A header.")] = None
    both: Annotated[bool, Param("Both ways.")] = True
    word: Annotated[str | None, Param("A word.")] = None


DECLARED = {parameter.name: parameter for parameter in parameters(Everything)}


@pytest.fixture
def field(qtbot: QtBot, request: pytest.FixtureRequest) -> Field:
    made = make_field(DECLARED[request.param])
    made.write(DECLARED[request.param].default)
    qtbot.addWidget(made.editor)
    made.editor.show()
    return made


def retype(qtbot: QtBot, field: Field, text: str) -> None:
    line = field.editor.lineEdit() if isinstance(field.editor, NumberBox) else field.editor
    assert isinstance(line, QLineEdit)
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)


@pytest.mark.parametrize("field", sorted(DECLARED), indirect=True)
def test_the_default_is_shown_and_read_back(field: Field) -> None:
    assert field.value() == field.parameter.default
    assert type(field.value()) is type(field.parameter.default)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("count", "17", 17),
        ("rate", "1e-2", 0.01),
        ("level", "0,25", 0.25),
        ("limit", "", None),
        ("limit", "auto", None),
        ("limit", "2", 2.0),
        ("layers", "8, 4", (8, 4)),
        ("layers", "", ()),
        ("word", "age", "age"),
        ("word", "", None),
    ],
    indirect=["field"],
)
def test_typed_text_becomes_a_value(qtbot: QtBot, field: Field, text: str, value: object) -> None:
    edits: list[None] = []
    field.edited.connect(lambda: edits.append(None))
    retype(qtbot, field, text)
    assert bool(edits) == bool(text or value != field.parameter.default), "edited if, and only if, something was typed"
    assert field.value() == value
    assert type(field.value()) is type(value)


@pytest.mark.parametrize(
    ("field", "text"),
    [("count", "0"), ("count", "1.5"), ("count", "x"), ("count", ""), ("rate", "0"), ("rate", "2"), ("layers", "8, a")],
    indirect=["field"],
)
def test_what_does_not_fit_is_told_and_stays_as_typed(qtbot: QtBot, field: Field, text: str) -> None:
    retype(qtbot, field, text)
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)
    with pytest.raises(InputError) as told:
        field.value()
    assert f"'{field.parameter.name}'" in str(told.value)
    assert field.raw() == text


@pytest.mark.parametrize(
    ("field", "key", "values"),
    [
        ("count", Qt.Key.Key_Up, [6, 7]),
        ("count", Qt.Key.Key_Down, [4, 3, 2, 1, 1]),
        ("units", Qt.Key.Key_Up, [16, 32]),
        ("units", Qt.Key.Key_Down, [4, 2, 1, 1]),
        ("rate", Qt.Key.Key_Up, [0.002, 0.005, 0.01]),
        ("rate", Qt.Key.Key_Down, [0.0005, 0.0002, 0.0001]),
        ("level", Qt.Key.Key_Up, [0.31, 0.32]),
        ("limit", Qt.Key.Key_Up, [1.1]),
    ],
    indirect=["field"],
)
def test_arrow_keys_step_within_the_bounds(qtbot: QtBot, field: Field, key: Qt.Key, values: list[float]) -> None:
    for value in values:
        qtbot.keyClick(field.editor, key)
        assert field.value() == pytest.approx(value)


@pytest.mark.parametrize("field", ["level"], indirect=True)
def test_stepping_down_stops_at_zero(qtbot: QtBot, field: Field) -> None:
    field.write(0.05)
    for _ in range(60):
        qtbot.keyClick(field.editor, Qt.Key.Key_PageDown)
    assert field.value() == 0


@pytest.mark.parametrize("field", ["count", "kind"], indirect=True)
def test_the_wheel_over_an_editor_without_focus_changes_nothing(field: Field) -> None:
    field.editor.clearFocus()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    before = field.value()
    QApplication.sendEvent(field.editor, event)
    assert field.value() == before
    assert not event.isAccepted()


@pytest.mark.parametrize("field", ["both"], indirect=True)
def test_a_click_toggles_a_check_box(qtbot: QtBot, field: Field) -> None:
    assert isinstance(field.editor, QCheckBox)
    field.editor.setFocus()
    qtbot.keyClick(field.editor, Qt.Key.Key_Space)
    assert field.value() is False


@pytest.mark.parametrize(
    ("field", "texts"), [("mark", ["auto", "comma  ,", "tab"]), ("header", ["auto", "yes", "no"])], indirect=["field"]
)
def test_a_choice_names_what_cannot_be_seen(qtbot: QtBot, field: Field, texts: list[str]) -> None:
    combo = field.editor
    assert isinstance(combo, QComboBox)
    assert [combo.itemText(i) for i in range(combo.count())] == texts
    qtbot.keyClick(combo, Qt.Key.Key_End)
    assert field.value() in ("\t", False)


@pytest.mark.parametrize("field", ["kind"], indirect=True)
def test_a_choice_called_none_is_not_nothing(field: Field) -> None:
    field.write("none")
    assert field.value() == "none"


def test_values_are_shown_as_typed() -> None:
    assert [shown(value) for value in (None, 0.1 + 0.2, 1e-7, 3, (4, 5), "x", ())] == [
        "", "0.3", "1e-07", "3", "4, 5", "x", "",
    ]  # fmt: skip
