"""What part of the plane is seen, and where on the screen: data to pixels and back. Knows no Qt."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

MARGIN = 0.07
"""Share of the frame that `MapView.fit` leaves free on each side."""
_FINEST = 1e-9  # the smallest visible span, as a share of the coordinates' size: float64 ends not far below
_LEAST = 1e-100  # a span below this is none


@dataclass(frozen=True)
class Bounds:
    """A rectangle in data coordinates."""

    x0: float
    x1: float
    y0: float
    y1: float

    @classmethod
    def of(cls, x: np.ndarray, y: np.ndarray) -> Bounds | None:
        """Return the smallest that holds all finite points ``(N,)``; None where there is none."""
        finite = np.isfinite(x) & np.isfinite(y)
        if not finite.any():
            return None
        if not finite.all():
            x, y = x[finite], y[finite]
        return cls(float(x.min()), float(x.max()), float(y.min()), float(y.max()))

    @property
    def width(self) -> float:
        """Extent along x."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Extent along y."""
        return self.y1 - self.y0

    def holds(self, other: Bounds) -> bool:
        """Whether the other lies inside this one."""
        return self.x0 <= other.x0 and other.x1 <= self.x1 and self.y0 <= other.y0 and other.y1 <= self.y1


@dataclass(frozen=True)
class Frame:
    """The rectangle of the screen that shows the plane, in logical pixels."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def inside(cls, width: float, height: float, insets: tuple[float, float, float, float]) -> Frame:
        """Return the frame of a widget of this size inside insets (left, top, right, bottom); never empty."""
        left, top, right, bottom = insets
        return cls(left, top, max(width - left - right, 16.0), max(height - top - bottom, 16.0))

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def holds(self, px: float, py: float) -> bool:
        """Whether a pixel is in it."""
        return self.left <= px <= self.right and self.top <= py <= self.bottom


@dataclass(frozen=True)
class MapView:
    """A frame of the screen over a part of the plane. Immutable: every change gives a new one.

    Parameters
    ----------
    frame : Frame
    cx, cy : float
        The data coordinates in the middle of the frame.
    sx, sy : float
        Pixels per unit, positive. The y axis points up on the screen.
    """

    frame: Frame
    cx: float = 0.0
    cy: float = 0.0
    sx: float = 1.0
    sy: float = 1.0

    @classmethod
    def fit(
        cls, frame: Frame, bounds: Bounds | None, *, equal: bool = True, clear: tuple[float, float] = (0.0, 0.0)
    ) -> MapView:
        """Return the view that shows all of `bounds` with a margin; around the origin where there are none.

        With `equal`, a unit is as long on either axis, so that distances look as they are. A side without extent
        takes the other's scale; a single point is shown in the middle of two units. The bounds are kept out of
        `clear` pixels on the left and the right, where something lies over the map.
        """
        bounds = bounds or Bounds(-1.0, 1.0, -1.0, 1.0)
        cx, cy = (bounds.x0 + bounds.x1) / 2, (bounds.y0 + bounds.y1) / 2
        size = max(abs(cx), abs(cy))
        width, height = (side if side > max(_FINEST * size, _LEAST) else 0.0 for side in (bounds.width, bounds.height))
        room = 1 - 2 * MARGIN
        left, right = clear
        sx = max(frame.width - left - right, frame.width / 4) * room / (width or height or 2.0)
        sy = frame.height * room / (height or width or 2.0)
        if equal:
            sx = sy = min(sx, sy)
        return cls(frame, cx - (left - right) / 2 / sx, cy, sx, sy)

    @property
    def bounds(self) -> Bounds:
        """The part of the plane that is seen."""
        dx, dy = self.frame.width / 2 / self.sx, self.frame.height / 2 / self.sy
        return Bounds(self.cx - dx, self.cx + dx, self.cy - dy, self.cy + dy)

    def to_px(self, x, y):
        """Return the pixel ``(px, py)`` of data coordinates: numbers or arrays."""
        frame = self.frame
        return (
            frame.left + frame.width / 2 + (x - self.cx) * self.sx,
            frame.top + frame.height / 2 - (y - self.cy) * self.sy,
        )

    def to_data(self, px, py):
        """Return the data coordinates ``(x, y)`` of a pixel: numbers or arrays."""
        frame = self.frame
        return (
            self.cx + (px - frame.left - frame.width / 2) / self.sx,
            self.cy - (py - frame.top - frame.height / 2) / self.sy,
        )

    def panned(self, dx: float, dy: float) -> MapView:
        """Return the view after the plane was drawn along by pixels ``(dx, dy)``."""
        return replace(self, cx=self.cx - dx / self.sx, cy=self.cy + dy / self.sy)

    def zoomed(self, factor: float, px: float, py: float) -> MapView:
        """Return the view that is `factor` times larger, with the point under the pixel left where it is."""
        x, y = self.to_data(px, py)
        finest = _FINEST * max(abs(x), abs(y), 1e-300)
        most = min(self.frame.width / self.sx, self.frame.height / self.sy) / finest
        factor = min(factor, max(most, 1.0))
        sx, sy = self.sx * factor, self.sy * factor
        if min(sx, sy) < 1e-150 or max(sx, sy) > 1e150:
            return self
        zoomed = replace(self, sx=sx, sy=sy)
        there_x, there_y = zoomed.to_data(px, py)
        return replace(zoomed, cx=self.cx + x - there_x, cy=self.cy + y - there_y)

    def resized(self, frame: Frame) -> MapView:
        """Return the view in another frame: the same middle, and nothing seen before is lost."""
        x, y = frame.width / self.frame.width, frame.height / self.frame.height
        if self.sx == self.sy:
            x = y = min(x, y)
        return replace(self, frame=frame, sx=self.sx * x, sy=self.sy * y)

    def toward(self, other: MapView, share: float) -> MapView:
        """Return the view at `share` (0 to 1) of the way to another of the same frame: an even zoom."""
        if share >= 1:
            return other
        sx = self.sx * (other.sx / self.sx) ** share
        sy = self.sy * (other.sy / self.sy) ** share
        mix = [a + (b - a) * share for a, b in ((self.cx, other.cx), (self.cy, other.cy))]
        return replace(other, cx=mix[0], cy=mix[1], sx=sx, sy=sy)

    def differs_much(self, other: MapView) -> bool:
        """Whether a person would call the two different: the middle off by an eighth, or the scale by a quarter."""
        off_x = abs(self.cx - other.cx) * max(self.sx, other.sx) / self.frame.width
        off_y = abs(self.cy - other.cy) * max(self.sy, other.sy) / self.frame.height
        grown = max(self.sx / other.sx, other.sx / self.sx, self.sy / other.sy, other.sy / self.sy)
        return max(off_x, off_y) > 0.125 or grown > 1.25


def nice_ticks(low: float, high: float, most: int) -> np.ndarray:
    """Return at most about `most` multiples of 1, 2 or 5 times a power of ten between `low` and `high`."""
    span = high - low
    if not (math.isfinite(span) and span > 0) or most < 1:
        return np.zeros(0)
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return np.arange(first, last + 1) * step


def tick_labels(ticks: Iterable[float]) -> list[str]:
    """Return labels of even ticks, all with the same number of decimals, with a true minus sign."""
    ticks = [float(tick) for tick in ticks]  # of ten numbers, numpy would take several times as long
    if not ticks:
        return []
    step = min(map(operator.sub, ticks[1:], ticks)) if len(ticks) > 1 else abs(ticks[0]) or 1.0
    largest = max(map(abs, ticks))
    if largest >= 1e6 or 0 < largest < 1e-4:
        digits = max(0, _power(largest) - _power(step))
        texts = [f"{tick:.{digits}e}" if tick else "0" for tick in ticks]
    else:
        decimals = min(max(-_power(step), 0), 12)
        texts = [f"{tick + 0.0:.{decimals}f}" for tick in ticks]
    return [text.replace("-", "−") for text in texts]


def _power(value: float) -> int:
    """Return the power of ten of a positive value's first digit."""
    return math.floor(math.log10(value) + 1e-9)
