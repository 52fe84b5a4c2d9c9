"""Signals of the core."""

from __future__ import annotations

import gc

import pytest

from explorer.events import Signal


class Source:
    changed = Signal()


class Listener:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def hear(self, value: object) -> None:
        self.heard.append(value)

    def hear_nothing(self) -> None:
        self.heard.append(None)


def test_listeners_are_told_in_order_with_what_they_take() -> None:
    source, listener, told = Source(), Listener(), []
    source.changed.connect(listener.hear)
    source.changed.connect(listener.hear_nothing)
    source.changed.connect(told.append)
    source.changed.connect(lambda *values: told.append(values))
    source.changed.emit(7)
    assert listener.heard == [7, None]
    assert told == [7, (7,)]


def test_instances_do_not_hear_each_other() -> None:
    one, other, listener = Source(), Source(), Listener()
    one.changed.connect(listener.hear)
    other.changed.emit(1)
    assert not listener.heard


def test_a_listener_that_is_gone_is_forgotten() -> None:
    source, listener = Source(), Listener()
    heard = listener.heard
    source.changed.connect(listener.hear)
    del listener
    gc.collect()
    source.changed.emit(1)
    assert not heard
    assert not source.changed._listeners


def test_a_listener_may_leave_and_what_it_raises_reaches_the_emitter() -> None:
    source, listener = Source(), Listener()
    source.changed.connect(listener.hear)
    source.changed.disconnect(listener.hear)
    source.changed.emit(1)
    assert not listener.heard

    def fail() -> None:
        raise ValueError("no")

    source.changed.connect(fail)
    with pytest.raises(ValueError, match="no"):
        source.changed.emit(1)
