"""A dot plot: mean and standard deviation of repeated scores, one row for each, over a common axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.gui.plots.style import color_of
from explorer.gui.theme import GRID, theme


@dataclass(frozen=True)
class DotRow:
    """One row: its title, the mean and standard deviation of its scores, and the scores themselves."""

    title: str
    mean: float
    sd: float
    scores: tuple[float, ...]
    color: str
    best: bool = False


class DotPlot(QWidget):
    """Rows in groups with headings; the best of a group is marked, and a baseline is a dashed line.

    Parameters
    ----------
    name : str
    description : str
        What is drawn, for those who do not see it; the numbers are added.
    """

    def __init__(self, name: str, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._description = description
        self._groups: tuple[tuple[str, tuple[DotRow, ...]], ...] = ()
        self._baseline: tuple[str, float] | None = None
        self._label = ""
        self._range = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    @property
    def groups(self) -> tuple[tuple[str, tuple[DotRow, ...]], ...]:
        """What is drawn: heading and rows of each group."""
        return self._groups

    def set_groups(
        self,
        groups: Sequence[tuple[str, Sequence[DotRow]]],
        label: str,
        *,
        baseline: tuple[str, float] | None = None,
    ) -> None:
        """Draw exactly these groups.

        Parameters
        ----------
        groups : sequence of (heading, rows)
        label : str
            What the axis measures.
        baseline : tuple of str and float, optional
            Name and value of what trivial guessing reaches.
        """
        self._groups = tuple((heading, tuple(rows)) for heading, rows in groups)
        self._baseline, self._label = baseline, label
        values = [score for _, rows in self._groups for row in rows for score in (*row.scores, row.mean)]
        values += [] if baseline is None else [baseline[1]]
        finite = [value for value in values if math.isfinite(value)]
        low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
        pad = 0.08 * (high - low) or 0.05
        self._range = (low - pad, min(high + pad, 1.0 if high <= 1.0 else math.inf) + 0.02 * (high - low))
        told = [f"{heading}, {row.title}: {row.mean:.3f} ± {row.sd:.3f}" for heading, rows in groups for row in rows]
        self.setAccessibleName(self._description)
        self.setAccessibleDescription("; ".join(told))
        self.setToolTip("\n".join(told))
        self.updateGeometry()
        self.update()

    def _lines(self) -> int:
        return sum(1 + len(rows) for _, rows in self._groups) + 2

    def sizeHint(self) -> QSize:
        """Ask for the least."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Ask for the words of all rows."""
        metrics = QFontMetrics(theme().font("small"))
        return QSize(40 * metrics.averageCharWidth(), self._lines() * (metrics.height() + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axis, the baseline and the rows."""
        if not self._groups:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme().color("field"))
        painter.setFont(theme().font("small"))
        metrics = painter.fontMetrics()
        line = min(self.height() / self._lines(), 1.8 * metrics.height())
        rows = [row for _, group in self._groups for row in group]
        titles = [metrics.horizontalAdvance(row.title) + 3 * GRID for row in rows]
        left = max(*titles, *(metrics.horizontalAdvance(heading) + 2 * GRID for heading, _ in self._groups))
        right = metrics.horizontalAdvance("0.000 ± 0.000") + 2 * GRID
        low, high = self._range
        width = max(1.0, self.width() - left - right)

        def x(value: float) -> float:
            return left + width * (value - low) / (high - low)

        bottom = (self._lines() - 2) * line
        self._axis(painter, x, bottom, line)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        y = 0.0
        for heading, group in self._groups:
            painter.setPen(theme().color("muted"))
            painter.drawText(QRectF(GRID, y, self.width(), line), middle, heading)
            y += line
            for row in group:
                self._row(painter, row, x, y + line / 2)
                painter.setPen(theme().color("text" if row.best else "muted"))
                painter.drawText(QRectF(2 * GRID, y, left, line), middle, row.title)
                number = f"{row.mean:.3f} ± {row.sd:.3f}"
                painter.drawText(QRectF(self.width() - right + GRID, y, right, line), middle, number)
                y += line

    def _axis(self, painter: QPainter, x, bottom: float, line: float) -> None:
        low, high = self._range
        step = _tick_step(high - low)
        tick = math.ceil(low / step) * step
        decimals = max(0, -math.floor(math.log10(step)))
        center = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        while tick <= high + 1e-9:
            painter.setPen(QPen(theme().color("line"), 1))
            painter.drawLine(QPointF(x(tick), line / 2), QPointF(x(tick), bottom))
            painter.setPen(theme().color("muted"))
            painter.drawText(QRectF(x(tick) - 40, bottom + 2, 80, line), center, f"{tick:.{decimals}f}")
            tick += step
        text = self._label
        if self._baseline is not None:
            name, value = self._baseline
            text += f"; dashed: {name}, {value:.3f}"
            painter.setPen(QPen(theme().color("warn"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x(value), line / 2), QPointF(x(value), bottom))
        painter.setPen(theme().color("muted"))
        painter.drawText(QRectF(0, bottom + line, self.width(), line), center, text)

    def _row(self, painter: QPainter, row: DotRow, x, y: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color_of(row.color, 0.35))
        for score in row.scores:
            painter.drawEllipse(QPointF(x(score), y), 2, 2)
        painter.setPen(QPen(color_of(row.color), 2.0))
        painter.drawLine(QPointF(x(row.mean - row.sd), y), QPointF(x(row.mean + row.sd), y))
        painter.setBrush(color_of(row.color) if row.best else theme().color("field"))
        painter.drawEllipse(QPointF(x(row.mean), y), 4.5, 4.5)


def _tick_step(span: float) -> float:
    """Return a round step that gives about five ticks."""
    rough = span / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
