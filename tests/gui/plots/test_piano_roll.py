"""The piano roll: notes at their place, the same pitches for all, and a line of play."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.notation import HOLD, REST, VOCABULARY, token_of
from explorer.gui.panels.data import describe
from explorer.gui.panels.selection_plot import SelectionPlot
from explorer.gui.plots.piano_roll import PianoRoll
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import style_of
from explorer.gui.theme import theme

TUNE = np.array([token_of(60), HOLD, token_of(72), HOLD, REST, HOLD, token_of(64), HOLD] * 2)


@pytest.fixture
def roll(qtbot: QtBot) -> PianoRoll:
    roll = PianoRoll()
    qtbot.addWidget(roll)
    roll.resize(400, 240)
    roll.configure(TUNE[None], VOCABULARY, 8)
    roll.show()
    return roll


@pytest.fixture
def tunes() -> Dataset:
    return make("tunes", n=20)


def test_pitches_have_room_for_the_whole_set(roll: PianoRoll) -> None:
    assert roll.pitches == (58, 74)
    flat = np.full(16, HOLD)
    flat[0] = token_of(60)
    roll.configure(flat[None], VOCABULARY, 16)
    low, high = roll.pitches
    assert high - low >= 12
    roll.configure(np.full((1, 16), HOLD), VOCABULARY, 16)
    assert roll.pitches[0] < 60 < roll.pitches[1]


def test_notes_are_drawn_at_their_pitch_and_time(roll: PianoRoll) -> None:
    roll.set_melodies({"decoded": TUNE})
    low, high, third = (roll.note_at("decoded", number) for number in range(3))
    assert high.bottom() <= third.top() < third.bottom() <= low.top()
    assert low.left() < high.left() < third.left()
    assert third.left() - high.left() == pytest.approx(2 * (high.left() - low.left()))
    assert low.right() < high.left()
    picture = roll.grab().toImage()
    ratio = picture.width() / roll.width()
    for number, role in ((0, "decoded"), (1, "decoded")):
        place = roll.note_at(role, number).center() * ratio
        assert picture.pixelColor(int(place.x()), int(place.y())) == QColor(style_of("decoded").qcolor().name())
    silence = (roll.note_at("decoded", 1).right() + roll.note_at("decoded", 2).left()) / 2
    ground = picture.pixelColor(int(silence * ratio), int(high.center().y() * ratio))
    assert ground != style_of("decoded").qcolor()


def test_pitches_beyond_the_data_make_room(roll: PianoRoll) -> None:
    wild = TUNE.copy()
    wild[0] = token_of(100)
    roll.set_melodies({"decoded": wild})
    assert roll.note_at("decoded", 0).top() >= 0
    assert roll.note_at("decoded", 1).bottom() <= roll.height()


def test_a_hidden_role_is_not_drawn_and_it_is_told_in_words(roll: PianoRoll) -> None:
    roll.set_melodies({"nearest": TUNE, "decoded": np.full(16, HOLD)})
    assert "nearest sample: C4 C5 E4" in roll.accessibleDescription()
    assert "decoded: silence" in roll.accessibleDescription()
    with_it = roll.grab().toImage()
    roll.set_visible("nearest", False)
    assert roll.grab().toImage() != with_it


def test_the_line_of_play_moves(roll: PianoRoll) -> None:
    roll.set_melodies({"decoded": TUNE})
    still = roll.grab().toImage()
    roll.set_playing(8.0)
    x = (roll.note_at("decoded", 0).left() + roll.width() - 2) / 2
    picture = roll.grab().toImage()
    ratio = picture.width() / roll.width()
    assert picture.pixelColor(round(x * ratio), 4) == theme().color("accent")
    roll.set_playing(None)
    assert roll.grab().toImage() == still


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_follows_the_theme(roll: PianoRoll, name: str) -> None:
    before = theme().choice
    theme().choose(name)  # type: ignore[arg-type]
    roll.set_melodies({"decoded": TUNE})
    picture = roll.grab().toImage()
    assert picture.pixelColor(1, 1) == theme().color("field")
    theme().choose(before)


def test_a_view_of_melodies_is_a_piano_roll(qtbot: QtBot, tunes: Dataset) -> None:
    view = SampleView("view")
    qtbot.addWidget(view)
    view.set_dataset(tunes)
    view.show()
    assert view.roll is not None and view.plot is None
    view.show_samples({"nearest": tunes.values[0], "decoded": tunes.values[1]})
    assert list(view.roll.melodies) == ["nearest", "decoded"]
    view.legend.chip("nearest").click()
    assert view.roll._hidden == {"nearest"}
    view.set_dataset(make("sines", n=10))
    assert view.roll is None and view.plot is not None


def test_selected_melodies_have_the_colours_of_their_classes(qtbot: QtBot, tunes: Dataset) -> None:
    plot = SelectionPlot()
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.set_dataset(tunes)
    plot.show()
    plot.show_samples(np.array([3, 5]))
    roll = plot.view.roll
    assert roll is not None and list(roll.melodies) == ["3", "5"] and tunes.labels is not None
    place = roll.note_at("5", 0).center()
    picture = roll.grab().toImage()
    ratio = picture.width() / roll.width()
    expected = theme().palette.class_color(int(tunes.labels[5]))
    assert picture.pixelColor(int(place.x() * ratio), int(place.y() * ratio)).name() == expected.lower()
    plot.show_samples(np.array([4]))
    assert list(roll.melodies) == ["sample"]
    assert describe(tunes).startswith("20 melodies × 2 bars of 4/4")
