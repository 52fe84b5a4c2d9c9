"""Playing: with a device, without one, stopped, and left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.data.notation import HOLD, VOCABULARY, token_of
from explorer.gui.jobs import Jobs
from explorer.gui.panels.play_button import PlayButton
from explorer.gui.player import Player
from explorer.workspace.messages import Played

TUNE = np.array([token_of(60), HOLD, HOLD, HOLD] * 8, np.int32)


class StagedJob:
    cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class StagedJobs(Jobs):
    """Takes what is to be played; the test says how it goes."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[dict[str, Any]] = []

    def submit(self, task: str, request: Any, **calls: Any) -> Any:
        job = StagedJob()
        self.calls.append({"task": task, "request": request, "job": job, **calls})
        return job


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[StagedJobs]:
    jobs = StagedJobs()
    yield jobs
    jobs.close()
    jobs.deleteLater()


@pytest.fixture
def player(jobs: StagedJobs) -> Iterator[Player]:
    player = Player(jobs)
    yield player
    player.stop()
    player.deleteLater()


def test_the_line_starts_with_the_sound_and_ends_with_it(jobs: StagedJobs, player: Player, qtbot: QtBot) -> None:
    places: list[float | None] = []
    player.moved.connect(places.append)
    player.play(TUNE, VOCABULARY, 120.0)
    (call,) = jobs.calls
    assert call["lane"] == "sound" and call["request"].tempo == 120.0
    np.testing.assert_array_equal(call["request"].tokens, TUNE)
    assert player.playing and not places
    call["on_progress"](0.0, "Playing", None, None)
    qtbot.waitUntil(lambda: len(places) > 3, timeout=3000)
    assert all(place is not None and 0 <= place < 32 for place in places)
    assert places == sorted(places)  # type: ignore[type-var]
    call["on_result"](Played(heard=True))
    assert not player.playing and places[-1] is None


def test_without_a_device_it_goes_through_in_silence_and_says_so(
    jobs: StagedJobs, player: Player, qtbot: QtBot
) -> None:
    button = PlayButton(player, lambda: (TUNE, VOCABULARY, 60_000.0))
    qtbot.addWidget(button)
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Stop"
    jobs.calls[0]["on_result"](Played(heard=False))
    assert "no sound" in button.text() and "no sound device" in button.toolTip()
    with qtbot.waitSignal(player.changed, timeout=3000):
        pass
    assert not player.playing and button.text() == "Play (no sound)"


def test_a_failure_is_silence_too(jobs: StagedJobs, player: Player) -> None:
    player.play(TUNE, VOCABULARY, 120.0)
    jobs.calls[0]["on_error"](RuntimeError("no"))
    assert player.playing and player.silent


def test_stop_cancels_and_another_melody_takes_over(jobs: StagedJobs, player: Player, qtbot: QtBot) -> None:
    button = PlayButton(player, lambda: (TUNE, VOCABULARY, 120.0))
    qtbot.addWidget(button)
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    first = jobs.calls[0]
    first["on_progress"](0.0, "", None, None)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert first["job"].cancelled and not player.playing
    player.play(TUNE, VOCABULARY, 120.0)
    player.play(TUNE[:16], VOCABULARY, 120.0)
    assert jobs.calls[1]["job"].cancelled and player.playing
    first["on_result"](Played(heard=True))  # of one that nobody waits for any more
    assert player.playing


def test_where_there_is_nothing_to_play_the_button_does_nothing(jobs: StagedJobs, player: Player, qtbot: QtBot) -> None:
    button = PlayButton(player, lambda: None)
    qtbot.addWidget(button)
    button.show()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not jobs.calls and not player.playing


def test_a_worker_plays_or_says_that_it_cannot(qtbot: QtBot) -> None:
    jobs = Jobs()
    player = Player(jobs)
    player.play(TUNE[:4], VOCABULARY, 2400.0)
    with qtbot.waitSignal(player.changed, timeout=30_000):  # the worker has come up: it is heard, or silent
        pass
    if player.playing:
        with qtbot.waitSignal(player.changed, timeout=10_000):
            pass
    assert not player.playing
    player.play(TUNE, VOCABULARY, 20.0)
    player.stop()
    jobs.close()
    player.deleteLater()
    jobs.deleteLater()
