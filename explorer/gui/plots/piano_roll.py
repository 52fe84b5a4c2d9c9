"""Melodies on a piano roll: pitch upwards, time to the right, a bar for each note."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.data.notation import VOCABULARY, Notes, notes_of, pitch_name, pitches_of
from explorer.gui.plots.style import color_of, style_of
from explorer.gui.theme import GRID, theme

_BLACK = frozenset((1, 3, 6, 8, 10))
_LEAST = 14
"""Semitones that are shown at least: more than an octave."""
_LEAST_HEIGHT = 4.0
"""Of a note, in pixels: where many octaves share a low roll, neighbours overlap rather than vanish."""
_BEAT = 4
"""Sixteenths of a quarter note."""


class PianoRoll(QWidget):
    """Draws melodies by role over one another: the nearest sample as outlines, the others filled.

    The pitches are those of the whole data set, so that nothing jumps under the hand.
    """

    painted = Signal()
    """After every paint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("piano-roll")
        self.setAccessibleName("Piano roll of the melody")
        self._vocabulary = VOCABULARY
        self._steps, self._bar = 32, 16
        self._low, self._high = 60, 60 + _LEAST
        self._melodies: dict[str, Notes] = {}
        self._hidden: set[str] = set()
        self._colors: dict[str, str] = {}
        self._playing: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        theme().changed.connect(self.update)

    @property
    def melodies(self) -> dict[str, Notes]:
        """The notes that are shown, by role."""
        return dict(self._melodies)

    @property
    def pitches(self) -> tuple[int, int]:
        """The lowest and the highest pitch that there is room for."""
        return self._low, self._high

    @property
    def playing(self) -> float | None:
        """Where the line of play is, in sixteenths; None where nothing plays."""
        return self._playing

    def configure(self, values: np.ndarray, vocabulary: tuple[str, ...], bar: int) -> None:
        """Prepare for melodies like these, tokens ``(N, T)``, with bars of so many sixteenths; nothing is shown yet."""
        self._vocabulary, self._bar, self._steps = vocabulary, bar, values.shape[1]
        found = pitches_of(vocabulary)[np.unique(values)]
        found = found[found >= 0]
        low, high = (int(found.min()), int(found.max())) if len(found) else (60, 72)
        room = max(0, _LEAST - (high - low))
        self._low, self._high = low - 1 - room // 2, high + 1 + room - room // 2
        self._melodies, self._hidden, self._playing = {}, set(), None
        self._describe()
        self.update()

    def set_melodies(self, melodies: Mapping[str, np.ndarray], colors: Mapping[str, str] | None = None) -> None:
        """Show melodies ``(T,)`` by role, or by names that have colours of their own, as `color_of` takes them."""
        self._colors = dict(colors or {})
        self._melodies = {role: notes_of(tokens, self._vocabulary) for role, tokens in melodies.items()}
        self._describe()
        self.update()

    def set_visible(self, role: str, visible: bool) -> None:
        """Show or hide a role."""
        (self._hidden.discard if visible else self._hidden.add)(role)
        self.update()

    def set_playing(self, step: float | None) -> None:
        """Draw the line of play at a sixteenth; None takes it away."""
        if step != self._playing:
            self._playing = step
            self.update()

    def note_at(self, role: str, number: int) -> QRectF:
        """Return where a note of a role is drawn."""
        return QRectF(*self._places(role)[number].tolist())

    def _places(self, role: str) -> np.ndarray:
        """Return where the notes of a role are drawn, ``(M, 4)``: left, top, width and height."""
        notes, field = self._melodies[role], self._field()
        low, high = self._range()
        row = field.height() / (high - low + 1)
        height = max(row, _LEAST_HEIGHT)
        step = field.width() / self._steps
        left = field.left() + notes.starts * step
        top = field.top() + (high - notes.pitches + 0.5) * row - height / 2
        # A gap to the next one shows where notes of one pitch follow each other.
        width = np.maximum(1.5, (notes.ends - notes.starts) * step - 1.0)
        return np.column_stack([left, top, width, np.full(len(notes), height)])

    def _range(self) -> tuple[int, int]:
        """Return the pitches drawn: those of the data, and those that a decoder made up beyond them."""
        shown = [notes.pitches for notes in self._melodies.values() if len(notes)]
        low = min([self._low, *(int(pitches.min()) for pitches in shown)])
        return low, max([self._high, *(int(pitches.max()) for pitches in shown)])

    def _field(self) -> QRectF:
        """Return where the notes are: right of the names of the pitches, above the numbers of the bars."""
        metrics = QFontMetrics(theme().font("small"))
        left = metrics.horizontalAdvance("C♯4") + GRID
        bottom = metrics.height() + GRID // 2
        return QRectF(left, 2, max(1.0, self.width() - left - 2), max(1.0, self.height() - bottom - 4))

    def sizeHint(self) -> QSize:
        """Ask for no more than the least: the layout's stretch gives it the rest."""
        return QSize(240, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, then tell."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("field"))
        painter.setFont(theme().font("small"))
        field = self._field()
        self._paint_keys(painter, field)
        self._paint_bars(painter, field)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for role in sorted(self._melodies, key=lambda role: style_of(role).front):
            if role not in self._hidden:
                self._paint_notes(painter, role)
        if self._playing is not None:
            painter.setPen(QPen(theme().color("accent"), 2))
            x = field.left() + min(max(self._playing / self._steps, 0.0), 1.0) * field.width()
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
        painter.end()
        self.painted.emit()

    def _paint_keys(self, painter: QPainter, field: QRectF) -> None:
        """Shade the rows of black keys, and name as many pitches as there is room for: every C at least."""
        low, high = self._range()
        height = field.height() / (high - low + 1)
        letters = painter.fontMetrics().height()
        shade, line, text = theme().color("line", 0.28), theme().color("line", 0.9), theme().color("muted")
        wanted = (0, 4, 7) if 3 * height > 0.95 * letters else (0,)
        if height > 0.95 * letters:
            wanted = tuple(range(12))
        for pitch in range(low, high + 1):
            top = field.top() + (high - pitch) * height
            if pitch % 12 in _BLACK:
                painter.fillRect(QRectF(field.left(), top, field.width(), height), shade)
            if pitch % 12 == 0:
                painter.setPen(QPen(line, 1))
                painter.drawLine(QPointF(field.left(), top + height), QPointF(field.right(), top + height))
            if pitch % 12 in wanted:
                painter.setPen(text)
                place = QRectF(0, top + height / 2 - letters / 2, field.left() - GRID // 2, letters)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, pitch_name(pitch))

    def _paint_bars(self, painter: QPainter, field: QRectF) -> None:
        """Draw a line at each beat where there is room, a stronger one at each bar, and number the bars."""
        step = field.width() / self._steps
        metrics = painter.fontMetrics()
        if step * _BEAT >= GRID:
            painter.setPen(QPen(theme().color("line", 0.45), 1))
            for at in range(0, self._steps, _BEAT):
                x = field.left() + at * step
                painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
        every = 1
        while every * self._bar * step < metrics.horizontalAdvance("bar 00") + GRID:
            every *= 2
        painter.setPen(QPen(theme().color("muted", 0.8), 1))
        for at in range(0, self._steps + 1, self._bar):
            x = field.left() + at * step
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
        painter.setPen(theme().color("muted"))
        for number, at in enumerate(range(0, self._steps, self._bar), 1):
            if (number - 1) % every == 0:
                place = QPointF(field.left() + at * step + 3, field.bottom() + metrics.ascent() + GRID // 4)
                painter.drawText(place, f"bar {number}" if number == 1 else str(number))

    def _paint_notes(self, painter: QPainter, role: str) -> None:
        color = color_of(self._colors[role]) if role in self._colors else style_of(role).qcolor()
        places = self._places(role)
        if not len(places):
            return
        inset = min(1.0, places[0, 3] * 0.12)
        if role == "nearest":
            painter.setPen(QPen(color, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            places += [0.75, 0.75, -1.5, -1.5]
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            places += [0.5, inset, -0.5, -2 * inset]
        radii = np.minimum(3.0, places[:, 2:].min(axis=1) / 3)
        if (radii < 1.0).all():  # too small for round corners to be seen
            painter.drawRects([QRectF(*place) for place in places.tolist()])
            return
        for place, radius in zip(places.tolist(), radii.tolist(), strict=True):
            painter.drawRoundedRect(QRectF(*place), radius, radius)

    def _describe(self) -> None:
        """Tell what is drawn to who does not see it."""
        told = [
            f"{style_of(role).title}: {' '.join(pitch_name(pitch) for pitch in notes.pitches.tolist()) or 'silence'}"
            for role, notes in self._melodies.items()
        ]
        self.setAccessibleDescription("; ".join(told))
