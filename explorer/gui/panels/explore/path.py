"""From A to B: the codes on the way, what they decode to, and how many samples are near each step."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QSpinBox, QStackedWidget, QWidget

from explorer.analysis.paths import spherical, straight
from explorer.gui.exporter import Steps
from explorer.gui.panels.explore.page import ExplorePage, near_tips, near_words
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.gallery import Gallery
from explorer.gui.plots.ranges import channel_ranges, shared_axis
from explorer.gui.plots.style import CurveStyle, mixed_color
from explorer.gui.ways import Sketch, Spot
from explorer.workspace.messages import DecodedCodes

_BEAT_MS = 33
_SECONDS = 4.0
"""That the handle takes from A to B."""
_WAYS = {
    "linear": ("Straight", "The line from A to B"),
    "spherical": (
        "Spherical",
        "The arc around the origin: draws from a Gaussian prior lie near a sphere, a line within",
    ),
}
FRAMES = 61
"""Pictures of an animation."""
MOST_WORDS = 10
"""Letters of a place's name on its button."""


class PathPage(ExplorePage):
    """A strip of decoded steps, or all of them over each other; the handle plays along."""

    name: ClassVar[str] = "path"
    heading: ClassVar[str] = "Path from A to B"
    purpose: ClassVar[str] = "Then mark two places, and see what the model makes of the way between them."

    def make_head(self) -> list[QWidget]:
        """Make the buttons of both ends, the choices and the player."""
        self._codes: np.ndarray | None = None
        self._decoded: DecodedCodes | None = None
        self._share = 0.0
        self._player = QTimer(self, interval=_BEAT_MS)
        self._player.timeout.connect(self._beat)
        self.ends = {end: self._end_button(end) for end in "AB"}
        swap = self.button("⇄", "swap", "Let A and B change sides")
        swap.setAccessibleName("Swap A and B")
        swap.clicked.connect(lambda: self.ways.swap("A", "B"))
        self.way = self._choice("way", "Way", {key: title for key, (title, _) in _WAYS.items()})
        self.way.activated.connect(self._choose)
        self.count = QSpinBox()
        self.count.setObjectName("path-steps")
        self.count.setAccessibleName("Steps")
        self.count.setToolTip("How many steps are decoded, A and B among them")
        self.count.setRange(3, 30)
        self.count.setValue(9)
        self.count.setSuffix(" steps")
        self.count.setKeyboardTracking(False)
        self.count.valueChanged.connect(self._choose)
        self.shown = self._choice("shown", "Show as", {"strip": "Strip", "overlay": "Overlay"})
        self.shown.setToolTip("The steps beside each other, or all curves over each other")
        self.shown.activated.connect(self._show)
        self.play = self.button("Play", "play", "Let the handle go from A to B and back")
        self.play.setCheckable(True)
        self.play.toggled.connect(self._set_playing)
        self.save = self.button("Save…", "save", "Write the steps as CSV or NPZ")
        self.save.clicked.connect(self._save)
        return [
            self.ends["A"], swap, self.ends["B"], self.way, self.count, self.shown, self.play, self.save
        ]  # fmt: skip

    def _choice(self, name: str, title: str, entries: dict[str, str]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"path-{name}")
        box.setAccessibleName(title)
        for key, text in entries.items():
            box.addItem(text, key)
        box.setToolTip(_WAYS["linear"][1])
        return box

    def _end_button(self, end: str) -> QPushButton:
        button = self.button(f"{end}: here", f"end-{end}", "")
        button.clicked.connect(lambda: self._mark(end))
        return button

    def make_body(self) -> QWidget:
        """Make the strip and the overlay."""
        self.strip = Gallery("path-strip", "Steps of the path", rows=False)
        self.strip.chosen.connect(self._go)
        self.overlay = CurvePlot()
        self.overlay.setObjectName("path-overlay")
        self.overlay.setAccessibleName("Steps of the path over each other")
        self.overlay.setMinimumHeight(96)
        self.body = QStackedWidget()
        for widget in (self.strip, self.overlay):
            self.body.addWidget(widget)
        return self.body

    def forget(self) -> None:
        """Show nothing of another run."""
        self.play.setChecked(False)
        self._codes = self._decoded = None
        self.strip.clear_samples()
        self.overlay.clear_curves()

    # What is chosen

    def _mark(self, end: str) -> None:
        spot = self.ways.here()
        if spot is not None:
            self.ways.mark(end, spot)

    def _choose(self, *_: object) -> None:
        self.way.setToolTip(_WAYS[self.way.currentData()][1])
        self.poke()

    def update_page(self) -> None:
        """Decode the steps between the ends as they are."""
        for end, button in self.ends.items():
            show_end(button, end, self.ways.spot(end))
        data = self.workspace.data
        curves = data is not None and data.layout in ("series", "profile")
        self.shown.setEnabled(curves)
        self.play.setEnabled(self._both() is not None)
        self.save.setEnabled(self._decoded is not None)
        ends = self._both()
        if ends is None:
            self._codes = self._decoded = None
            self.strip.clear_samples()
            self.overlay.clear_curves()
            missing = [end for end in "AB" if self.ways.spot(end) is None]
            self.tell(
                f"Put the handle where {' and '.join(missing)} should be and press the button, "
                "or right-click a place on the map"
            )
            return
        codes = self._path(self.count.value())
        if self._codes is None or not np.array_equal(codes, self._codes):
            self._codes = codes
            self.decode(codes, self._take)

    def _both(self) -> tuple[Spot, Spot] | None:
        a, b = self.ways.spot("A"), self.ways.spot("B")
        return None if a is None or b is None else (a, b)

    def _path(self, steps: int) -> np.ndarray:
        ends = self._both()
        assert ends is not None
        way = spherical if self.way.currentData() == "spherical" else straight
        return way(ends[0].code, ends[1].code, steps)

    # What comes of it

    def _take(self, decoded: DecodedCodes) -> None:
        if self._codes is not None and decoded.codes.shape == self._codes.shape:
            self._decoded = decoded
            self._show()
            self.draw_sketch()

    def _show(self, *_: object) -> None:
        data, decoded = self.workspace.data, self._decoded
        if data is None or decoded is None:
            return
        self.save.setEnabled(True)
        names = [data.sample_name(index) if index >= 0 else "" for index in decoded.nearest.tolist()]
        captions = near_words(decoded)
        captions[0], captions[-1] = f"A · {captions[0]}", f"B · {captions[-1]}"
        self.strip.show_samples(data, decoded.samples, captions, tips=near_tips(decoded, names), texts=decoded.texts)
        overlaid = self.shown.currentData() == "overlay" and self.shown.isEnabled()
        fits = decoded.times is not None or decoded.samples.shape[1:] == data.sample_shape
        self.body.setCurrentWidget(self.overlay if overlaid and fits else self.strip)
        if overlaid and fits:
            x = shared_axis(data) if data.layout == "series" else np.arange(1.0, data.values.shape[1] + 1)
            x = x if decoded.times is None else decoded.times
            channels = data.channel_names if data.layout == "series" else ("",)
            self.overlay.configure(x, channel_ranges(data), channels=channels, bottom=data.sample_time_label)
            for step, sample in enumerate(decoded.samples):
                share = step / (len(decoded.samples) - 1)
                style = CurveStyle(f"{share:.0%}", mixed_color("validation", "decoded", share), width=1.6, front=step)
                self.overlay.set_curve(f"step {step}", sample, style)
            self.overlay.fit()
        lonely = int(np.count_nonzero(decoded.near == 0))
        self.tell(
            f"{lonely} of {len(decoded.near)} steps have no sample near: what they decode to is a guess"
            if lonely
            else "Every step has samples near"
        )

    def _go(self, row: int) -> None:
        if self._codes is not None:
            self.play.setChecked(False)
            self._share = row / (len(self._codes) - 1)
            self.controller.hand.set_code(self._codes[row])

    def sketch(self) -> Sketch | None:
        """Return the way and its steps, and the letters of the ends."""
        spots = {end: spot.code for end in "AB" if (spot := self.ways.spot(end)) is not None}
        if self._both() is None:
            return Sketch(spots=spots) if spots else None
        return Sketch(points=self._path(self.count.value())[1:-1], lines=(self._path(61),), spots=spots)

    def steps_names(self) -> list[str]:
        """Return what each step is called in a file."""
        count = 0 if self._decoded is None else len(self._decoded.codes)
        return [f"{round(100 * step / (count - 1))} %" for step in range(count)]

    def steps(self) -> Steps | None:
        """Return the steps, and the way between them in quick succession."""
        ends = self._both()
        if ends is None or self._decoded is None:
            return None
        title = f"From {ends[0].words} to {ends[1].words}"
        return Steps(self._decoded, self.steps_names(), title, self._path(FRAMES))

    # Playing

    def _set_playing(self, on: bool) -> None:
        self.play.setText("Stop" if on else "Play")
        if on and self._both() is not None:
            self._player.start()
        else:
            self._player.stop()

    def _beat(self) -> None:
        """Move the handle on: to B, and back to A."""
        if self._both() is None or not self.isVisible():
            self.play.setChecked(False)
            return
        self._share = (self._share + _BEAT_MS / 1000 / _SECONDS) % 2.0
        share = 1 - abs(1 - self._share)
        path = self._path(121)
        self.controller.hand.set_code(path[round(share * 120)])
        if self._codes is not None:
            self.strip.set_current(round(share * (len(self._codes) - 1)))

    def _save(self) -> None:
        if self._decoded is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, "Save the path", "path.csv", "CSV (*.csv);;NumPy (*.npz)")
        if path:
            self.controller.exporter.many(path, self._decoded, self.steps_names())


def show_end(button: QPushButton, end: str, spot: Spot | None, most: int = MOST_WORDS) -> None:
    """Say what is marked, in `most` letters, and what a press does."""
    words = "here" if spot is None else spot.words
    short = words if len(words) <= most else f"{words[: most - 1]}…"
    button.setText(f"{end}: {short}".replace("&", "&&"))
    button.setAccessibleName(f"Mark {end} at the handle; now {words}" if spot else f"Mark {end} at the handle")
    button.setToolTip(
        f"{end} is {words}. Press to mark it where the handle is" if spot else f"Mark {end} at the handle"
    )
