"""What the command line prints: results on stdout, all else on stderr."""

from __future__ import annotations

import json
import math
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from explorer.progress import TimeLeft
from explorer.workspace.messages import EpochUpdate

PLAIN_EVERY = 10.0
"""Seconds between lines of progress where stderr is no terminal."""


def emit(facts: Mapping[str, Any], *, as_json: bool, text: Callable[[], str]) -> None:
    """Print a result: exactly one JSON object on one line, or the text for people."""
    line = json.dumps(plain(facts), allow_nan=False) if as_json else text()
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """Return a value as JSON has it: arrays as lists, what is no finite number as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # of numpy
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def say(text: str) -> None:
    """Print one line on stderr."""
    sys.stderr.write(f"{' '.join(text.split())}\n")
    sys.stderr.flush()


def warn(text: str) -> None:
    """Print a warning on stderr."""
    say(f"latentscape: warning: {text}")


def duration(seconds: float) -> str:
    """Return a time as people say it: ``"42 s"``, ``"3 min 5 s"``, ``"2 h 10 min"``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class Bar:
    """A `Progress` that draws a bar with the time left on stderr, or lines now and then where that is no terminal.

    The first Ctrl-C asks the work to stop, which then leaves what it has; the second stops the program.
    """

    def __init__(self, title: str) -> None:
        self._title, self._time_left, self._stop = title, TimeLeft(), False
        self._bar: Any = None
        self._task: Any = None
        self._told = time.monotonic()

    def cancelled(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._stop

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Draw how far the work is."""
        left = self._time_left.update(fraction)
        words = _epoch_words(payload) if isinstance(payload, EpochUpdate) else message or self._title
        ending = "" if left is None else f"{duration(left)} left"
        if self._bar is not None:
            known = fraction == fraction
            self._bar.update(
                self._task, completed=fraction if known else 0.0, total=1.0 if known else None, words=words, left=ending
            )
        elif time.monotonic() - self._told >= PLAIN_EVERY:
            self._told = time.monotonic()
            done = f"{100 * fraction:.0f} %" if fraction == fraction else ""
            say(", ".join(part for part in (words, done, ending) if part))

    @contextmanager
    def shown(self) -> Iterator[Bar]:
        """Show the bar, and take Ctrl-C, within this."""
        before = {number: signal.signal(number, self._interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            if sys.stderr.isatty():
                with _rich_bar() as self._bar:
                    self._task = self._bar.add_task("", total=None, words=self._title, left="")
                    yield self
            else:
                yield self
        finally:
            self._bar = None
            for number, handler in before.items():
                signal.signal(number, handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._stop:
            say("latentscape: stopped")
            raise KeyboardInterrupt
        self._stop = True
        say("latentscape: stopping, and keeping what there is; again to stop at once")


def _rich_bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(
        TextColumn("{task.fields[words]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[left]}"),
        console=Console(stderr=True),
        transient=True,
    )


def _epoch_words(update: EpochUpdate) -> str:
    epoch = update.epoch
    total = f" of {update.total_epochs}" if update.total_epochs else ""
    words = [f"epoch {epoch.number}{total}"]
    words += [f"loss {epoch.train['loss']:.4g}"] if "loss" in epoch.train else []
    words += [f"validation {epoch.validation['loss']:.4g}"] if "loss" in epoch.validation else []
    return ", ".join(words)
