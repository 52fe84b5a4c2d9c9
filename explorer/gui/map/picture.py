"""A picture of the points that is kept, and moved or scaled where another view is wanted before it is drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QRegion

from explorer.gui.map.view import MapView


@dataclass(frozen=True, eq=False)
class Picture:
    """What the frame of a view shows, from its upper left corner on.

    Parameters
    ----------
    image : QImage
        Premultiplied. (A pixmap would be a copy.)
    view : MapView
    ratio : float
        Pixels of the screen for a logical one.
    extent : tuple of float
        Width and height in logical pixels: a little more than the frame's, where pixels do not fill it evenly.
    """

    image: QImage
    view: MapView
    ratio: float
    extent: tuple[float, float]

    def target(self, view: MapView) -> QRectF:
        """Return where it lies in another view."""
        frame = self.view.frame
        if (view.sx, view.sy, view.cx, view.cy) == (self.view.sx, self.view.sy, self.view.cx, self.view.cy):
            x0, y0 = view.to_px(*self.view.to_data(frame.left, frame.top))
            return QRectF(round(x0), round(y0), *self.extent)
        x0, y0 = view.to_px(*self.view.to_data(frame.left, frame.top))
        x1, y1 = view.to_px(*self.view.to_data(frame.left + self.extent[0], frame.top + self.extent[1]))
        return QRectF(x0, y0, x1 - x0, y1 - y0)

    def covers(self, view: MapView) -> bool:
        """Whether nothing of a view lies outside of it."""
        frame = view.frame
        return (
            self.target(view)
            .adjusted(-0.5, -0.5, 0.5, 0.5)
            .contains(QRectF(frame.left, frame.top, frame.width, frame.height))
        )

    def paint(self, painter: QPainter, view: MapView, *, beside: Picture | None = None) -> None:
        """Paint it into a view; but for where another lies, if one is given."""
        painter.save()
        if beside is not None:
            frame = view.frame
            whole = QRectF(frame.left, frame.top, frame.width, frame.height).toAlignedRect()
            taken = beside.target(view).intersected(QRectF(whole)).toRect()
            painter.setClipRegion(QRegion(whole) - QRegion(taken))
        painter.drawImage(self.target(view), self.image, QRectF(self.image.rect()))
        painter.restore()
