"""What makes one class another: the way between their means, added to any sample."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSlider, QVBoxLayout, QWidget

from explorer.analysis.blends import group_vector
from explorer.gui.exporter import Steps
from explorer.gui.panels.explore.page import ExplorePage, near_tips
from explorer.gui.panels.explore.path import FRAMES, show_end
from explorer.gui.plots.gallery import Gallery
from explorer.gui.theme import GRID
from explorer.gui.ways import Sketch
from explorer.workspace.messages import DecodedCodes

_LEAST, _MOST = -0.5, 1.5
_STRENGTHS = np.linspace(_LEAST, _MOST, 9)
_FINE = 200


class GroupPage(ExplorePage):
    """Moves a sample as the classes differ, by a slider of how far."""

    name: ClassVar[str] = "group"
    heading: ClassVar[str] = "From class to class"
    purpose: ClassVar[str] = "Then see a sample become one of another class."

    def make_head(self) -> list[QWidget]:
        """Make the choices of the classes and the sample."""
        self._codes: np.ndarray | None = None
        self._shown: DecodedCodes | None = None
        self._of: object = None
        self.first, self.second = (self._class_box(name, title) for name, title in (("from", "From"), ("to", "To")))
        self.base = self.button("Sample: here", "base", "")
        self.base.clicked.connect(self._take_base)
        return [self.base, self.first, self.second]

    def _class_box(self, name: str, title: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"group-{name}")
        box.setAccessibleName(f"{title} class")
        box.setToolTip(f"The class whose mean the way leads {title.lower()}")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.activated.connect(self._chosen)
        return box

    def make_body(self) -> QWidget:
        """Make the slider and the strip."""
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("group-strength")
        self.slider.setAccessibleName("How far")
        self.slider.setToolTip(
            "How much of the way is added: 0 is the sample itself, 1 the whole way between the means"
        )
        self.slider.setRange(0, _FINE)
        self.slider.setValue(_step(0.0))
        self.slider.valueChanged.connect(self._move)
        self.strip = Gallery("group-strip", "The sample on its way", rows=False)
        self.strip.chosen.connect(lambda row: self.slider.setValue(_step(float(_STRENGTHS[row]))))
        layout.addWidget(self.slider)
        layout.addWidget(self.strip)
        layout.addStretch(1)
        return body

    def obstacle(self) -> str:
        """Say why there is no way from class to class."""
        data = self.workspace.data
        if data is not None and (data.labels is None or len(np.unique(data.labels[data.labels >= 0])) < 2):
            return "The data have no labels of two classes or more."
        return super().obstacle()

    def forget(self) -> None:
        """Show nothing of other data."""
        self._codes, self._shown, self._of = None, None, None
        self.strip.clear_samples()
        data = self.workspace.data
        for place, box in enumerate((self.first, self.second)):
            box.clear()
            if data is not None and data.labels is not None:
                for index in np.unique(data.labels[data.labels >= 0]).tolist():
                    box.addItem(data.class_names[index], index)
                box.setCurrentIndex(min(place, box.count() - 1))

    def _take_base(self) -> None:
        if (spot := self.ways.here()) is not None:
            self._rest()
            self.ways.mark("base", spot)

    def _rest(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(_step(0.0))
        self.slider.blockSignals(False)

    def _chosen(self, *_: object) -> None:
        self._rest()
        self.flush()

    def _vector(self) -> np.ndarray | None:
        data, codes = self.workspace.data, self.workspace.codes
        a, b = self.first.currentData(), self.second.currentData()
        if data is None or data.labels is None or codes is None or a is None or b is None:
            return None
        labels = data.labels
        return self.guard(lambda: group_vector(codes, labels, a, b))

    def update_page(self) -> None:
        """Decode the sample on its way."""
        if self._of is not self.workspace.data:
            self.forget()
            self._of = self.workspace.data
        if self.ways.spot("base") is None:
            spot = self.ways.here()
            if spot is not None:
                self.ways.mark("base", spot)
                return
        base, vector = self.ways.spot("base"), self._vector()
        show_end(self.base, "Sample", base)
        if base is None or vector is None:
            return
        codes = base.code + _STRENGTHS[:, None] * vector
        if self._codes is None or not np.array_equal(codes, self._codes):
            self._codes = codes
            self.decode(codes, self._show)

    def _show(self, decoded: DecodedCodes) -> None:
        data = self.workspace.data
        if data is None or self._codes is None or decoded.codes.shape != self._codes.shape:
            return
        self._shown = decoded
        names = [data.sample_name(index) if index >= 0 else "" for index in decoded.nearest.tolist()]
        captions = [f"{strength} · {count:,}" for strength, count in zip(_words(), decoded.near.tolist(), strict=True)]
        self.strip.show_samples(data, decoded.samples, captions, tips=near_tips(decoded, names), texts=decoded.texts)
        self.strip.set_current(int(np.argmin(np.abs(_STRENGTHS))))
        self.draw_sketch()
        self.tell("How much of the way between the classes' mean codes is added, and how many samples are near")

    def _move(self, step: int) -> None:
        base, vector = self.ways.spot("base"), self._vector()
        if base is None or vector is None:
            return
        strength = _LEAST + (_MOST - _LEAST) * step / _FINE
        self.strip.set_current(int(np.argmin(np.abs(_STRENGTHS - strength))))
        if strength == 0 and base.sample >= 0:
            self.controller.hand.place_on(base.sample)
        else:
            self.controller.hand.set_code(base.code + strength * vector)

    def steps(self) -> Steps | None:
        """Return the sample on its way, and an animation of it."""
        base, vector = self.ways.spot("base"), self._vector()
        if base is None or vector is None or self._shown is None or len(vector) != len(base.code):
            return None
        title = f"{base.words}: from {self.first.currentText()} to {self.second.currentText()}"
        return Steps(self._shown, _words(), title, base.code + np.linspace(_LEAST, _MOST, FRAMES)[:, None] * vector)

    def sketch(self) -> Sketch | None:
        """Return the way that the sample goes."""
        base, vector = self.ways.spot("base"), self._vector()
        if base is None or vector is None or len(vector) != len(base.code):
            return None
        ends = base.code + np.array([[_LEAST], [_MOST]]) * vector
        return Sketch(points=base.code + _STRENGTHS[:, None] * vector, lines=(ends,), spots={"0": base.code})


def _step(strength: float) -> int:
    return round((strength - _LEAST) / (_MOST - _LEAST) * _FINE)


def _words() -> list[str]:
    return [f"{strength:g}".replace("-", "−") for strength in _STRENGTHS.tolist()]
