"""Components in a row, each as a small picture, curve or set of bars; one is chosen."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QWidget

from explorer.data.dataset import Layout
from explorer.gui.theme import GRID, theme

_SIDE = 44


def diverging(values: np.ndarray) -> np.ndarray:
    """Return values ``(H, W)`` as colours ``(H, W, 3)`` uint8: one hue below zero, one above, the ground at zero."""
    size = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
    share = np.nan_to_num(values / size)[..., None]
    colors = [theme().color(role) for role in ("accent", "field", "validation")]
    low, ground, high = (np.array([color.red(), color.green(), color.blue()]) for color in colors)
    mixed = np.where(share < 0, ground + (low - ground) * -share, ground + (high - ground) * share)
    return np.ascontiguousarray(np.rint(mixed).astype(np.uint8))


class ComponentStrip(QListWidget):
    """A row of tiles that scrolls; arrows and clicks choose one.

    Parameters
    ----------
    name : str
    """

    chosen = Signal(int)
    """The component that was chosen, from 0."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Components")
        self.setToolTip("The components: how samples differ from their mean. Choose one to see what it changes")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setSpacing(2)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._components = np.zeros((0, 1))
        self._titles: list[str] = []
        self._layout: Layout = "series"
        self._quiet = False
        self.currentRowChanged.connect(self._on_row)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_components(self, components: np.ndarray, titles: list[str], layout: Layout) -> None:
        """Show components ``(K, *sample_shape)`` of data of a layout."""
        self._components, self._titles, self._layout = components, titles, layout
        self._restyle()
        self.set_current(0)

    def set_current(self, index: int) -> None:
        """Mark a component, without telling."""
        self._quiet = True
        self.setCurrentRow(index)
        self._quiet = False

    def _on_row(self, row: int) -> None:
        if row >= 0 and not self._quiet:
            self.chosen.emit(row)

    def _restyle(self) -> None:
        p, row = theme().palette, self.currentRow()
        self._quiet = True
        self.clear()
        self.setFont(theme().font("small"))
        line = self.fontMetrics().height()
        for component, title in zip(self._components, self._titles, strict=True):
            icon, tile = QIcon(), self._tile(component)
            for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # else Qt tints the chosen one
                icon.addPixmap(tile, mode)
            item = QListWidgetItem(icon, title, self)
            item.setToolTip(f"Component {title}")
            item.setSizeHint(QSize(_SIDE + 2 * GRID, _SIDE + line + GRID + 4))
        self.setFixedHeight(_SIDE + line + GRID + 4 + 2 * GRID)
        self.setStyleSheet(
            "QListWidget { background: transparent; outline: none; }"
            f" QListWidget::item {{ border-radius: 6px; padding: 3px; color: {p.muted}; }}"
            f" QListWidget::item:hover {{ background: {p.window}; }}"
            f" QListWidget::item:selected {{ background: {p.window}; color: {p.accent}; }}"
        )
        self.setCurrentRow(row)
        self._quiet = False

    def _tile(self, component: np.ndarray) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(_SIDE * ratio), round(_SIDE * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(theme().color("field"))
        painter = QPainter(pixmap)
        if self._layout == "image":
            colours = diverging(component.mean(axis=-1))
            image = QImage(
                colours.data, colours.shape[1], colours.shape[0], colours.strides[0], QImage.Format.Format_RGB888
            )
            scale = _SIDE / max(image.width(), image.height())
            width, height = image.width() * scale, image.height() * scale
            painter.drawImage(QRectF((_SIDE - width) / 2, (_SIDE - height) / 2, width, height), image)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = _SIDE / 2
            painter.setPen(QPen(theme().color("line"), 1))
            painter.drawLine(QPointF(0, middle), QPointF(_SIDE, middle))
            size = float(np.abs(component).max()) or 1.0
            (self._bars if self._layout == "points" else self._curves)(painter, component * (0.44 * _SIDE / size))
        painter.setPen(QPen(theme().color("line"), 1))
        painter.drawRect(QRectF(0.5, 0.5, _SIDE - 1, _SIDE - 1))
        painter.end()
        return pixmap

    def _curves(self, painter: QPainter, component: np.ndarray) -> None:
        curves = component.reshape(len(component), -1)
        x = np.linspace(2, _SIDE - 2, len(curves))
        for channel in range(curves.shape[1]):
            several = curves.shape[1] > 1
            color = QColor(theme().palette.class_color(channel)) if several else theme().color("accent")
            painter.setPen(QPen(color, 1.2))
            points = [QPointF(a, _SIDE / 2 - b) for a, b in zip(x, curves[:, channel], strict=True)]
            painter.drawPolyline(QPolygonF(points))

    def _bars(self, painter: QPainter, component: np.ndarray) -> None:
        step = _SIDE / len(component)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent"))
        for place, height in enumerate(component):
            painter.drawRect(QRectF((place + 0.25) * step, _SIDE / 2 - max(height, 0), step / 2, abs(height)))
