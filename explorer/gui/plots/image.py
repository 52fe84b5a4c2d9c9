"""Pictures side by side, with crisp pixels and one range of values for the whole data set."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.gui.plots.style import style_of
from explorer.gui.theme import GRID, theme


def to_bytes(image: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return a picture ``(H, W, C)`` as bytes ``(H, W)`` grey or ``(H, W, 3)``; missing values are black.

    `low` becomes 0 and `high` 255; values outside are cut. Of two channels, or more than three, the first is taken.
    """
    picked = image[..., :3] if image.shape[-1] in (3, 4) else image[..., 0]
    scaled = (np.nan_to_num(picked, nan=low) - low) * (255.0 / (high - low))
    return np.ascontiguousarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))


class ImageRow(QWidget):
    """Draws the pictures of all roles in one row, each with its name in its colour beneath."""

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range = (0.0, 1.0)
        self._images: dict[str, QImage] = {}
        self._hidden: set[str] = set()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        theme().changed.connect(self.update)

    def set_range(self, low: float, high: float) -> None:
        """Set the values that are black and white; the pictures are cleared."""
        self._range = (low, high)
        self._images, self._hidden = {}, set()
        self.update()

    def set_images(
        self, images: Mapping[str, np.ndarray], ranges: Mapping[str, tuple[float, float]] | None = None
    ) -> None:
        """Show pictures ``(H, W, C)`` by role, in that order; `ranges` differ from the set's for some."""
        self._images = {}
        for role, image in images.items():
            data = to_bytes(image, *(ranges or {}).get(role, self._range))
            form = QImage.Format.Format_Grayscale8 if data.ndim == 2 else QImage.Format.Format_RGB888
            # QImage does not hold the array: the copy does.
            self._images[role] = QImage(data.data, data.shape[1], data.shape[0], data.strides[0], form).copy()
        self.update()

    def set_visible(self, role: str, visible: bool) -> None:
        """Show or hide a role."""
        (self._hidden.discard if visible else self._hidden.add)(role)
        self.update()

    def rectangles(self) -> dict[str, QRectF]:
        """Return where each picture is drawn."""
        shown = [role for role in self._images if role not in self._hidden]
        if not shown:
            return {}
        caption = QFontMetrics(theme().font("small")).height() * self._caption_lines(shown) + 4
        cell = (self.width() - GRID * (len(shown) + 1)) / len(shown)
        room = max(1.0, self.height() - caption - 2 * GRID)
        found = {}
        for place, role in enumerate(shown):
            image = self._images[role]
            scale = min(cell / image.width(), room / image.height())
            if scale > 2:  # whole multiples keep all pixels of one size
                scale = float(int(scale))
            width, height = image.width() * scale, image.height() * scale
            left = GRID + place * (cell + GRID) + (cell - width) / 2
            found[role] = QRectF(left, GRID + (room - height) / 2, width, height)
        return found

    def _caption_lines(self, shown: list[str]) -> int:
        metrics = QFontMetrics(theme().font("small"))
        cell = max(1.0, (self.width() - GRID * (len(shown) + 1)) / len(shown))
        return 2 if any(metrics.horizontalAdvance(style_of(role).title) > cell for role in shown) else 1

    def sizeHint(self) -> QSize:
        """Ask for no more than the least: the layout's stretch gives it the rest."""
        return QSize(240, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, then tell."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("field"))
        painter.setFont(theme().font("small"))
        rectangles = self.rectangles()
        cell = (self.width() - GRID * (len(rectangles) + 1)) / max(1, len(rectangles))
        line = painter.fontMetrics().height() * self._caption_lines(list(rectangles)) if rectangles else 0
        for role, target in rectangles.items():
            painter.drawImage(target, self._images[role])
            painter.setPen(QPen(theme().color("line"), 1))
            painter.drawRect(target.adjusted(-0.5, -0.5, 0.5, 0.5))
            painter.setPen(style_of(role).qcolor())
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            place = QRectF(target.center().x() - cell / 2, target.bottom() + 4, cell, line)
            painter.drawText(place, int(flags), style_of(role).title)
        painter.end()
        self.painted.emit()
