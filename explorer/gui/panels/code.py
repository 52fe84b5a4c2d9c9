"""The code under the handle, dimension by dimension: sliders with what lies at both ends of each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QSlider, QVBoxLayout, QWidget

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.panels.absent import why_no_data, why_no_decoding
from explorer.gui.plots.small import cell_of, look_of, pixmap_of
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.numbers import number
from explorer.gui.widgets.stages import Stages
from explorer.workspace.messages import DrawEnds, Ends, RankAxes, RankedAxes
from explorer.workspace.run import Run

MOST = 8
"""Dimensions that have a slider: the most used."""
STEPS = 1000
"""Of a slider from end to end."""
ENDS_MS = 150
"""The pictures at the ends follow the handle so often at most."""
WIDE = 520
"""Pixels from which the sliders stand in two columns."""


class AxisRow(QWidget):
    """One dimension: its name and weight, a slider, its value, and a picture at both ends."""

    def __init__(self, number_: int, panel: CodePanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.axis = number_
        self.low, self.high = -1.0, 1.0
        self.name = Words("", "small", wrap=False)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 20)
        self.slider.valueChanged.connect(self._slid)
        self.value = Words("", "number", "muted", wrap=False)
        self.ends = (self._picture("low"), self._picture("high"))
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(self.name)
        head.addStretch(1)
        head.addWidget(self.value)
        column.addLayout(head)
        column.addWidget(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.ends[0], 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(middle, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.ends[1], 0, Qt.AlignmentFlag.AlignVCenter)

    def _picture(self, end: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(f"end-{end}")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setFont(theme().font("small"))
        label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return label

    def set_axis(self, axis: int, weight: str, low: float, high: float, size: QSize) -> None:
        """Be the slider of a dimension (from 0) between two ends."""
        self.axis, self.low, self.high = axis, low, high
        title = f"z{axis + 1}"
        self.setObjectName(f"code-row-{axis}")
        self.slider.setObjectName(f"code-slider-{axis}")
        self.slider.setAccessibleName(f"Dimension {axis + 1} of the code")
        self.slider.setToolTip(f"Move the handle along {title}; all other dimensions stay ({weight})")
        self.name.setText(f"{title} · {weight}")
        for label, end in zip(self.ends, (low, high), strict=True):
            label.setFixedSize(size)
            label.setPixmap(QPixmap())
            label.setAccessibleName(f"Decoded at {title} = {number(end)}")
            label.setToolTip(f"What is decoded at {title} = {number(end)}, the other dimensions as they are")

    def follow(self, z: np.ndarray) -> None:
        """Show where the handle is."""
        value = float(z[self.axis])
        share = (value - self.low) / (self.high - self.low)
        self.slider.blockSignals(True)
        self.slider.setValue(round(STEPS * min(max(share, 0.0), 1.0)))
        self.slider.blockSignals(False)
        self.value.setText(f"{value:.2f}".replace("-", "−"))

    def _slid(self, place: int) -> None:
        self._panel.move_to(self.axis, self.low + (self.high - self.low) * place / STEPS)


class CodePanel(QWidget):
    """Sliders for the most used dimensions of the code; they move the handle, and follow it.

    Parameters
    ----------
    controller : Controller
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller, self._workspace = controller, controller.workspace
        self._seen = True
        self._ranked: RankedAxes | None = None
        self._asked: tuple[object, ...] = ()
        self.rows: list[AxisRow] = []
        self._draw = Calm(self, ENDS_MS, self._draw_ends)
        self.order = Words("", "small", "muted")
        self.order.setObjectName("code-order")
        self._make()
        controller.hand.moved.connect(self._moved)
        self._workspace.active_run_changed.connect(self._run_changed)
        self._workspace.codes_changed.connect(self.refresh)
        self._workspace.run_changed.connect(self._heard)
        self._workspace.data_changed.connect(self._run_changed)
        theme().changed.connect(self._draw.poke)
        self.refresh()

    def _make(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.order)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(3 * GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.stages = Stages(body, self)
        make = QPushButton("Open noisy sine waves")
        make.setObjectName("code-open")
        make.setAccessibleName(make.text())
        make.setToolTip("Make the built-in set of noisy sine waves and look at it")
        make.clicked.connect(lambda: self.controller.librarian.open_builtin("sines"))
        self.stages.add_empty("data", EmptyState("No data yet", "", make))
        self.stages.add_empty("model", EmptyState("No code yet", "Train a model; then move its code here, by sliders."))
        self.stages.add_empty("encoder", EmptyState("This model cannot decode", ""))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stages)

    # What there is

    def set_seen(self, seen: bool) -> None:
        """Work only while somebody looks."""
        self._seen = seen
        if seen:
            self.refresh()
            self._moved(self.controller.hand.z)  # it went on meanwhile

    def _run_changed(self) -> None:
        self._ranked, self._asked = None, ()
        self._fill()
        self.refresh()

    def _heard(self, run: int) -> None:
        active = self._workspace.run
        if active is not None and active.id == run and not active.active:
            self.refresh()

    def refresh(self) -> None:
        """Show the sliders, or what is missing for them."""
        run, data = self._workspace.run, self._workspace.data
        if data is None:
            self.stages.go("data", why_no_data(self._workspace))
        elif run is None or self._workspace.codes is None:
            self.stages.go("model")
        elif why := why_no_decoding(run):
            self.stages.go("encoder", why)
        else:
            self.stages.go("body")
            if self._seen:
                self._rank(run, data)

    def _rank(self, run: Run, data: Dataset) -> None:
        """Have the dimensions ordered once, and once more when the training is over: nothing jumps meanwhile."""
        model = self._workspace.model_ref
        asked = (run.id, run.active, id(data))
        if model is None or asked == self._asked:
            if self._ranked is not None:
                self._draw.poke()
            return
        self._asked = asked

        def ranked(found: RankedAxes) -> None:
            if self.controller.is_current(found.model):
                self._ranked = found
                self._fill()

        def failed(reason: Exception) -> None:
            self._asked = ()
            self.controller.notice.emit("warn", str(reason))

        self.controller.jobs.latest(
            "code-axes", "rank_axes", RankAxes(model, data), lane="study", on_result=ranked, on_error=failed
        )

    def _fill(self) -> None:
        """Have a row for each of the most used dimensions."""
        found, data = self._ranked, self._workspace.data
        count = 0 if found is None else min(MOST, len(found.axes))
        while len(self.rows) > count:
            row = self.rows.pop()
            self._grid.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < count:
            self.rows.append(AxisRow(len(self.rows), self))
        if found is None or data is None:
            self.order.setText("The dimensions are being ordered…")
            return
        high, wide = cell_of(data)
        for place, row in enumerate(self.rows):
            weight = float(found.weights[place])
            told = f"{number(weight)} nats" if found.measure == "kl" else f"{weight:.0%} of the variance"
            low, top = float(found.low[place]), float(found.high[place])
            row.set_axis(int(found.axes[place]), told, low, top, QSize(wide, high))
            row.show()
        what = "KL divergence from the prior" if found.measure == "kl" else "variance"
        shown = f"{count} of {len(found.axes)} dimensions" if count < len(found.axes) else "All dimensions"
        self.order.setText(f"{shown}, ordered by {what}")
        self._arrange()
        self._moved(self.controller.hand.z)

    def _arrange(self) -> None:
        columns = 2 if self.width() >= WIDE else 1
        deep = -(-len(self.rows) // columns)
        for place, row in enumerate(self.rows):
            self._grid.addWidget(row, place % deep, place // deep)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in as many columns as there is room for."""
        super().resizeEvent(event)
        if self.rows:
            self._arrange()

    # The handle

    def move_to(self, axis: int, value: float) -> None:
        """Put the handle at a value of one dimension."""
        z = self.controller.hand.z
        if z is not None and axis < len(z):
            moved = z.copy()
            moved[axis] = value
            self.controller.hand.set_code(moved)

    def _moved(self, z: np.ndarray | None) -> None:
        if z is None or not self._seen or not all(row.axis < len(z) for row in self.rows):
            return
        for row in self.rows:
            row.follow(z)
        if self.rows:
            self._draw.poke()

    def _failed(self, reason: Exception) -> None:
        """Tell of it in the margin: the handle goes on without the pictures."""
        self.controller.notice.emit("warn", str(reason))

    def _draw_ends(self) -> None:
        model, data, found, z = self._workspace.model_ref, self._workspace.data, self._ranked, self.controller.hand.z
        if model is None or data is None or found is None or z is None or not self._seen or not self.rows:
            return
        count, ratio = len(self.rows), self.devicePixelRatioF()
        if len(z) != len(found.axes):
            return
        size = tuple(round(side * ratio) for side in cell_of(data))
        look = look_of(data, (size[0], size[1]))
        asked = DrawEnds(model, z, found.axes[:count], found.low[:count], found.high[:count], look)

        def drawn(ends: Ends) -> None:
            if not self.controller.is_current(ends.model) or len(ends.images) != len(self.rows):
                return
            for i, row in enumerate(self.rows):
                for j, label in enumerate(row.ends):
                    if ends.texts:
                        label.setText(ends.texts[2 * i + j])
                    else:
                        label.setPixmap(pixmap_of(ends.images[i, j], ratio))

        self.controller.jobs.latest(
            "code-ends", "draw_ends", asked, lane="work", on_result=drawn, on_error=self._failed
        )
