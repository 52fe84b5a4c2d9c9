"""Forms made from declared parameters: one battery over every plug-in, and how a form behaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.data.corruption import CORRUPTIONS
from explorer.data.generated import SETS
from explorer.data.reader import READERS
from explorer.errors import InputError
from explorer.gui.fields import BoolField, NumberBox
from explorer.gui.forms import ParameterForm
from explorer.models.base import RECIPES
from explorer.parameters import Param, parameters


@dataclass(kw_only=True)
class Machine:
    width: Annotated[int, Param("How wide.", ge=1, le=64, unit="units")] = 2
    rate: Annotated[float, Param("How fast.", gt=0, log=True)] = 0.001
    both: Annotated[bool, Param("Both ways.")] = False
    seed: Annotated[int, Param("Where from.", ge=0, advanced=True)] = 0


EVERY_PLUG_IN = [
    pytest.param(registry, name, id=f"{registry.kind}-{name}")
    for registry in (RECIPES, READERS, CORRUPTIONS, SETS)
    for name in registry.names()
]


@pytest.fixture
def form(qtbot: QtBot) -> ParameterForm:
    made = ParameterForm(Machine)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


def retype(qtbot: QtBot, form: ParameterForm, name: str, text: str) -> None:
    box = form.field(name).editor
    assert isinstance(box, NumberBox)
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), text)


def complaint(form: ParameterForm, name: str) -> QLabel:
    label = form.findChild(QLabel, f"complaint-{name}")
    assert isinstance(label, QLabel)
    return label


@pytest.mark.parametrize(("registry", "name"), EVERY_PLUG_IN)
def test_every_plug_in_has_a_form(qtbot: QtBot, registry: object, name: str) -> None:
    cls = registry.load(name)
    form = ParameterForm(cls)
    qtbot.addWidget(form)
    form.resize(280, 600)
    form.show()
    declared = parameters(cls)
    assert form.names == tuple(parameter.name for parameter in declared)
    assert form.values() == {}
    assert form.error() is None
    assert len([parameter for parameter in declared if not parameter.param.advanced]) <= 9, "fold some away"
    for parameter in declared:
        editor = form.field(parameter.name).editor
        assert editor.accessibleName().startswith(parameter.label)
        assert editor.accessibleDescription() == parameter.param.help
        assert parameter.param.help.split()[0] in editor.toolTip()
        assert editor.isVisible() is not parameter.param.advanced
    form.set_values({parameter.name: parameter.default for parameter in declared})
    assert form.values() == {}
    cls(**form.values())
    assert form.minimumSizeHint().width() <= 280


@pytest.mark.parametrize(("registry", "name"), EVERY_PLUG_IN)
def test_every_form_fits_a_dock_in_large_type(qtbot: QtBot, qapp: QApplication, registry: object, name: str) -> None:
    before = qapp.font()
    large = qapp.font()
    large.setPointSizeF(before.pointSizeF() * 2)
    qapp.setFont(large)
    try:
        form = ParameterForm(registry.load(name))
        qtbot.addWidget(form)
        assert form.minimumSizeHint().width() <= 2 * 280
    finally:
        qapp.setFont(before)


def test_only_what_was_changed_is_a_value(qtbot: QtBot, form: ParameterForm) -> None:
    with qtbot.waitSignal(form.changed):
        retype(qtbot, form, "width", "8")
    both = form.field("both").editor
    both.setFocus()
    qtbot.keyClick(both, Qt.Key.Key_Space)
    assert form.values() == {"width": 8, "both": True}
    retype(qtbot, form, "width", "2")
    assert form.values() == {"both": True}


def test_a_mistake_is_told_below_its_row_once_the_person_pauses(qtbot: QtBot, form: ParameterForm) -> None:
    retype(qtbot, form, "rate", "0")
    assert not complaint(form, "rate").isVisible()
    qtbot.waitUntil(lambda: complaint(form, "rate").isVisible(), timeout=3000)
    assert complaint(form, "rate").text() == "Give a number > 0."
    assert "'rate'" in complaint(form, "rate").toolTip()
    error = form.error()
    assert error is not None and "'rate'" in str(error)
    with pytest.raises(InputError):
        form.values()
    retype(qtbot, form, "rate", "0.5")
    assert not complaint(form, "rate").isVisible()
    assert form.values() == {"rate": 0.5}


def test_return_tells_a_mistake_at_once(qtbot: QtBot, form: ParameterForm) -> None:
    retype(qtbot, form, "width", "65")
    qtbot.keyClick(form.field("width").editor, Qt.Key.Key_Return)
    assert complaint(form, "width").text() == "Give a whole number ≥ 1 and ≤ 64."


def test_advanced_settings_are_folded_away_and_counted(qtbot: QtBot, form: ParameterForm) -> None:
    fold = form.findChild(QToolButton, "advanced")
    assert isinstance(fold, QToolButton)
    seed = form.field("seed").editor
    assert not seed.isVisible()
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert seed.isVisible()
    retype(qtbot, form, "seed", "7")
    assert fold.text() == "Advanced · 1 changed"
    qtbot.keyClick(fold, Qt.Key.Key_Space)
    assert not seed.isVisible()
    assert form.values() == {"seed": 7}


def test_a_mistake_in_a_folded_setting_unfolds_it(form: ParameterForm) -> None:
    form.set_values({"seed": -1})
    assert form.field("seed").editor.isVisible()
    assert complaint(form, "seed").isVisible()


def test_reset_sets_everything_back(qtbot: QtBot, form: ParameterForm) -> None:
    reset = form.findChild(QToolButton, "reset")
    assert isinstance(reset, QToolButton)
    assert not reset.isEnabled()
    form.set_values({"width": 8, "both": True, "seed": 3})
    assert reset.isEnabled()
    with qtbot.waitSignals([form.changed]):
        qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert form.values() == {}
    assert not reset.isEnabled()


def test_set_values_sends_one_change(qtbot: QtBot, form: ParameterForm) -> None:
    sent: list[int] = []
    form.changed.connect(lambda: sent.append(1))
    form.set_values({"width": 8, "rate": 0.1, "unknown": 3})
    assert sent == [1]
    assert form.values() == {"width": 8, "rate": 0.1}


def test_suggestions_fill_what_the_person_left_alone(qtbot: QtBot, form: ParameterForm) -> None:
    retype(qtbot, form, "width", "8")
    sent: list[int] = []
    form.changed.connect(lambda: sent.append(1))
    form.suggest({"width": 16, "rate": 0.1})
    assert form.field("rate").value() == 0.1
    assert form.field("width").value() == 8
    assert form.values() == {"width": 8}
    assert not sent, "an answer to a change must not ask again"
    form.suggest({"rate": 0.2, "width": 8})
    assert form.values() == {"width": 8}, "the person's choice stays theirs, also when it is repeated"
    assert form.field("rate").value() == 0.2


def test_tab_goes_through_the_editors_in_order(qtbot: QtBot, form: ParameterForm) -> None:
    form.activateWindow()
    form.field("width").editor.setFocus()
    seen: list[str] = []
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QWidget)
        seen.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == ["field-width", "field-rate", "field-both", "advanced"]


def test_a_check_box_carries_its_own_label(form: ParameterForm) -> None:
    assert isinstance(form.field("both"), BoolField)
    assert form.field("both").editor.text() == "Both"


def test_a_file_is_typed_or_chosen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    form = ParameterForm(CORRUPTIONS.load("recording"))
    qtbot.addWidget(form)
    assert form.values() == {}
    button = form.field("path").editor.findChild(QToolButton, "choose-file")
    monkeypatch.setattr("explorer.gui.dialogs.choose_file.ask_for_data_file", lambda *_: "")
    with qtbot.assertNotEmitted(form.changed):
        button.click()  # cancelled
    monkeypatch.setattr("explorer.gui.dialogs.choose_file.ask_for_data_file", lambda *_: "/data/a, b.csv")
    with qtbot.waitSignal(form.changed):
        button.click()
    assert form.values() == {"path": "/data/a, b.csv"}
