"""Curves below each other, each in a lane of its own over the same times and on the same scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.traces import TracePlot
from explorer.gui.theme import theme

_BEHIND = "behind: "


class LanesPlot(TracePlot):
    """Named curves in lanes, the first on top; a reference, where there is one, lies behind each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes: tuple[tuple[str, str], ...] = ()
        self._scale = (0.0, 1.0)
        self.item.showGrid(x=True, y=False)

    @property
    def lanes(self) -> list[str]:
        """The names of the curves, from top to bottom."""
        return [key for key, _ in self._lanes]

    def set_scale(self, x: np.ndarray, low: float, high: float, *, bottom: str = "") -> None:
        """Set the times ``(T,)`` and what is at the bottom and the top of each lane; curves are cleared."""
        self._scale, self._lanes = (low, high), ()
        self.configure(x, np.array([[0.0, 1.0]]), bottom=bottom)

    def set_lanes(
        self,
        curves: Mapping[str, tuple[np.ndarray, CurveStyle]],
        behind: tuple[np.ndarray, CurveStyle] | None = None,
    ) -> None:
        """Draw exactly these curves ``(T,)`` in lanes, in their order, with the same one `behind` each."""
        lanes = tuple((key, style.title) for key, (_, style) in curves.items())
        count = max(1, len(lanes))
        if lanes != self._lanes:
            self._lanes = lanes
            self.clear_curves()
            self._ranges = np.array([[0.0, float(count)]])
            self._rebase()
            self.reset_view()
        low, high = self._scale
        drawn: dict[str, tuple[np.ndarray, CurveStyle]] = {}
        for lane, (key, (values, style)) in enumerate(curves.items()):
            for name, shown in ((key, (values, style)), *(((_BEHIND + key, behind),) if behind else ())):
                scaled = (shown[0] - low) / (high - low) * 0.9 + 0.05 + (count - 1 - lane)
                drawn[name] = scaled, shown[1]
        self.set_curves(drawn)

    def _rebase(self) -> None:
        super()._rebase()
        count = len(self._lanes)
        metrics = QFontMetrics(theme().font("small"))
        ticks = [(count - lane - 0.5, _short(title)) for lane, (_, title) in enumerate(self._lanes)]
        axis = self.item.getAxis("left")
        axis.setTicks([ticks, []])
        axis.setWidth(max((metrics.horizontalAdvance(title) for _, title in ticks), default=0) + 12)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        self.item.showGrid(x=True, y=False, alpha=0.35 if theme().name == "light" else 0.45)


def _short(title: str, most: int = 20) -> str:
    return title if len(title) <= most else f"{title[: most - 1]}…"
