"""Places that a person marked among the codes, between which one goes: the ends of a path, the corners of a palette."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from explorer.gui.desk import Desk
from explorer.gui.hand import Hand

PLACES = ("A", "B", "1", "2", "3", "4")
"""The ends of a path, and the corners of a palette: lower left, lower right, upper left, upper right."""


@dataclass(frozen=True, eq=False)
class Spot:
    """A code ``(L,)``, and what a person calls it; `sample` is that whose code it is, or -1."""

    code: np.ndarray
    words: str
    sample: int = -1


@dataclass(frozen=True, eq=False)
class Sketch:
    """What a page has drawn on the map: hollow points and lines, codes ``(K, L)`` each, and marked spots by letter."""

    points: np.ndarray | None = None
    lines: tuple[np.ndarray, ...] = ()
    spots: dict[str, np.ndarray] = field(default_factory=dict)


class Ways(QObject):
    """Keeps the marked places of the run that is shown, and what is sketched on its map."""

    changed = Signal()
    """A place was marked, or they were all forgotten."""
    page_wanted = Signal(str)
    """The person did something on the map that this page of the Explore dock goes on with."""
    sketched = Signal()
    """Something else should be drawn on the map."""

    def __init__(self, desk: Desk, hand: Hand) -> None:
        super().__init__(desk)
        self._workspace, self._hand = desk.workspace, hand
        self._spots: dict[str, Spot] = {}
        self._sketches: dict[str, Sketch] = {}
        self._workspace.active_run_changed.connect(self._forget)
        self._workspace.data_changed.connect(self._forget)
        self._workspace.codes_changed.connect(self._follow)

    def spot(self, place: str) -> Spot | None:
        """Return what is marked as one of `PLACES`; None where nothing is."""
        return self._spots.get(place)

    def mark(self, place: str, spot: Spot) -> None:
        """Mark a place."""
        self._spots[place] = spot
        self.changed.emit()

    def mark_many(self, spots: dict[str, Spot]) -> None:
        """Mark several places at once."""
        self._spots.update(spots)
        self.changed.emit()

    def swap(self, first: str, second: str) -> None:
        """Let two places change sides."""
        before = dict(self._spots)
        for here, there in ((first, second), (second, first)):
            self._spots.pop(here, None)
            if there in before:
                self._spots[here] = before[there]
        self.changed.emit()

    def here(self) -> Spot | None:
        """Return where the handle is: the sample that it rests on, or its code; None where there is no handle."""
        z = self._hand.z
        if z is None:
            return None
        resting = self._hand.resting_on
        return self.of_sample(resting) if resting >= 0 else Spot(np.array(z), "a place")

    def of_sample(self, index: int) -> Spot | None:
        """Return a sample's place; None where it has no code."""
        codes, data = self._workspace.codes, self._workspace.data
        if codes is None or not 0 <= index < len(codes) or not np.isfinite(codes[index]).all():
            return None
        name = str(index) if data is None else data.sample_name(index)
        return Spot(np.array(codes[index], dtype=np.float64), name, index)

    # On the map

    @property
    def sketches(self) -> tuple[Sketch, ...]:
        """What should be drawn on the map."""
        return tuple(self._sketches.values())

    def sketch(self, name: str, sketch: Sketch | None) -> None:
        """Draw a page's sketch in place of its last, or wipe that off."""
        if sketch is None:
            if self._sketches.pop(name, None) is None:
                return
        else:
            self._sketches[name] = sketch
        self.sketched.emit()

    # What happens

    def _forget(self) -> None:
        self._spots, self._sketches = {}, {}
        self.changed.emit()
        self.sketched.emit()

    def _follow(self) -> None:
        """Let marked samples go along with their codes while a run trains."""
        codes = self._workspace.codes
        moved = False
        for place, spot in list(self._spots.items()):
            if codes is None or codes.shape[1] != len(spot.code):
                del self._spots[place]
                moved = True
            elif 0 <= spot.sample < len(codes) and not np.array_equal(codes[spot.sample], spot.code):
                self._spots[place] = replace(spot, code=np.array(codes[spot.sample], dtype=np.float64))
                moved = True
        if moved:
            self.changed.emit()
