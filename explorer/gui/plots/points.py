"""Samples that are points of the plane or of space: the data as a faint cloud, the roles marked on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.gui.plots.style import style_of
from explorer.gui.theme import theme

_MOST = 4000
_START = (-0.6, 0.45)


class PointsView(QWidget):
    """Draws a cloud ``(N, D)``, D ≤ 3, and one marked point per role.

    Drag turns a cloud in space and moves one in the plane, the wheel zooms, double-click resets. The cloud is kept
    as a pixmap, so that a moving mark costs no more than its own paint.
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cloud = np.zeros((0, 2))
        self._names: tuple[str, ...] = ("", "")
        self._center, self._radius, self._reach = np.zeros(2), np.ones(2), 1.1
        self._marks: dict[str, np.ndarray] = {}
        self._hidden: set[str] = set()
        self._angles, self._zoom, self._shift = _START, 1.0, QPointF(0, 0)
        self._pressed: QPointF | None = None
        self._backdrop: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)
        theme().changed.connect(self._redraw)

    def set_cloud(self, cloud: np.ndarray, names: Sequence[str]) -> None:
        """Set the data's points ``(N, D)`` and what their coordinates are called; at most 4000 are drawn."""
        cloud = _two_at_least(np.asarray(cloud, float))
        cloud = cloud[np.isfinite(cloud).all(axis=1)]
        self._cloud = cloud[:: max(1, -(-len(cloud) // _MOST))]
        self._names = tuple(names)
        low = cloud.min(axis=0) if len(cloud) else np.zeros(cloud.shape[1])
        high = cloud.max(axis=0) if len(cloud) else np.ones(cloud.shape[1])
        self._center = (low + high) / 2
        half = (high - low) / 2
        # One scale for all, so that turning keeps the shape and a circle stays a circle; only a plane whose sides are
        # of quite different units is stretched.
        stretched = cloud.shape[1] == 2 and 0 < half.max() > 8 * half.min() > 0
        self._radius = half if stretched else np.full(cloud.shape[1], float(half.max()) or 1.0)
        spread = np.linalg.norm((self._cloud - self._center) / self._radius, axis=1)
        self._reach = 1.1 * (float(spread.max(initial=1.0)) if cloud.shape[1] == 3 else 1.0)
        self._marks, self._hidden = {}, set()
        self.reset_view()

    def set_marks(self, marks: Mapping[str, np.ndarray]) -> None:
        """Mark one point ``(D,)`` per role."""
        self._marks = {role: np.asarray(point, float).reshape(-1) for role, point in marks.items()}
        self.update()

    def set_visible(self, role: str, visible: bool) -> None:
        """Show or hide a mark."""
        (self._hidden.discard if visible else self._hidden.add)(role)
        self.update()

    def reset_view(self) -> None:
        """Show the whole cloud again."""
        self._angles, self._zoom, self._shift = _START, 1.0, QPointF(0, 0)
        self._redraw()

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return where points ``(N, D)`` are drawn, in pixels ``(N, 2)``."""
        points = (_two_at_least(np.atleast_2d(points)) - self._center) / self._radius
        if points.shape[1] == 3:
            turn, tilt = self._angles
            x, y, z = points.T
            right = np.cos(turn) * x + np.sin(turn) * y
            away = -np.sin(turn) * x + np.cos(turn) * y
            flat = np.stack([right, np.cos(tilt) * z + np.sin(tilt) * away], axis=1)
        else:
            flat = points
        room = self._room()
        scale = min(room.width(), room.height()) / 2 / self._reach * self._zoom
        center = room.center() + self._shift
        return np.stack([center.x() + flat[:, 0] * scale, center.y() - flat[:, 1] * scale], axis=1)

    def _room(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(self.rect()).adjusted(line + 4, 4, -4, -line - 4)

    def _redraw(self) -> None:
        self._backdrop = None
        self.update()

    def _draw_backdrop(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(theme().color("field"))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("small"))
        pen = QPen(theme().color("muted", 0.55), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if len(self._cloud):
            painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in self.project(self._cloud)]))
        painter.setPen(theme().color("muted"))
        if len(self._names) == 3:
            self._draw_triad(painter)
        else:
            room = QRectF(self.rect()).adjusted(4, 2, -4, -2)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter), self._names[0])
            if len(self._names) == 2:
                painter.translate(0, self.height())
                painter.rotate(-90)
                side = QRectF(0, 2, self.height(), painter.fontMetrics().height())
                painter.drawText(side, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter), self._names[1])
        painter.end()
        return pixmap

    def _draw_triad(self, painter: QPainter) -> None:
        """Draw the three directions, small, in the lower left corner."""
        metrics = painter.fontMetrics()
        ends = self.project(self._center + np.eye(3) * self._radius) - self.project(self._center[None])
        ends *= 2.2 * metrics.height() / max(1e-9, float(np.abs(ends).max()))
        corner = QPointF(3.2 * metrics.height(), self.height() - 2.2 * metrics.height())
        for name, (x, y) in zip(self._names, ends, strict=True):
            tip = corner + QPointF(x, y)
            painter.drawLine(corner, tip)
            width = metrics.horizontalAdvance(name)
            left = min(max(2.0, tip.x() + (4 if x >= 0 else -width - 4)), self.width() - width - 2.0)
            painter.drawText(QPointF(left, tip.y() + (metrics.ascent() if y > 0 else -2)), name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the cloud, mark the roles, then tell."""
        if self._backdrop is None:
            self._backdrop = self._draw_backdrop()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._backdrop)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for role, point in sorted(self._marks.items(), key=lambda mark: style_of(mark[0]).front):
            if role in self._hidden or not np.isfinite(point).all():
                continue
            x, y = self.project(point)[0]
            style = style_of(role)
            painter.setPen(QPen(theme().color("field"), 1.5))
            painter.setBrush(style.qcolor())
            radius = 4.0 + style.width
            painter.drawEllipse(QPointF(x, y), radius, radius)
        painter.end()
        self.painted.emit()

    def sizeHint(self) -> QSize:
        """Ask for no more than the least: the layout's stretch gives it the rest."""
        return QSize(240, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the cloud anew."""
        self._backdrop = None
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn or move."""
        if self._pressed is None:
            return
        moved = event.position() - self._pressed
        self._pressed = event.position()
        if len(self._names) == 3:
            turn, tilt = self._angles
            self._angles = (turn - moved.x() / 120, float(np.clip(tilt + moved.y() / 120, -1.57, 1.57)))
        else:
            self._shift += moved
        self._redraw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset the view."""
        self.reset_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        self._zoom = float(np.clip(self._zoom * 1.0015 ** event.angleDelta().y(), 0.3, 30.0))
        self._redraw()
        event.accept()


def _two_at_least(points: np.ndarray) -> np.ndarray:
    """Return points of one coordinate as points on the horizontal axis of the plane."""
    return points if points.shape[1] > 1 else np.hstack([points, np.zeros_like(points)])
