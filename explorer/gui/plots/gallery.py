"""Samples drawn small in a row or in rows, each with a caption; one is chosen by click or arrow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListView, QListWidget, QListWidgetItem, QWidget

from explorer.analysis.thumbnails import thumbnails
from explorer.data.dataset import Dataset
from explorer.gui.plots.small import cell_of, look_of, pixmap_of
from explorer.gui.theme import GRID, theme

_MOST = 64
"""Characters of a sentence that are shown."""


class Gallery(QListWidget):
    """A list of small samples.

    Parameters
    ----------
    name, title : str
        Of the object, and for those who cannot see it.
    rows : bool
        Whether it goes on in further rows, or in one that scrolls sideways.
    """

    chosen = Signal(int)
    """The sample that was chosen, from 0."""

    def __init__(self, name: str, title: str, *, rows: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(f"{title}: choose one to put the handle there")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(rows)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setFrameShape(QFrame.Shape.NoFrame)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        (self.setHorizontalScrollBarPolicy if rows else self.setVerticalScrollBarPolicy)(off)
        self._rows = rows
        self._data: Dataset | None = None
        self._samples = np.zeros((0, 1))
        self._captions: Sequence[str] = ()
        self._tips: Sequence[str] = ()
        self._texts: Sequence[str] = ()
        self._quiet = False
        self.currentRowChanged.connect(self._on_row)
        self.itemClicked.connect(lambda item: self._on_row(self.row(item)))
        theme().changed.connect(self._draw)
        self._draw()

    @property
    def captions(self) -> list[str]:
        """What stands under the samples."""
        return list(self._captions)

    def show_samples(
        self,
        data: Dataset,
        samples: np.ndarray,
        captions: Sequence[str],
        *,
        tips: Sequence[str] = (),
        texts: Sequence[str] = (),
    ) -> None:
        """Show samples ``(M, *sample_shape)`` of a data set's kind, with words under each; of text its words."""
        self._data, self._samples, self._captions = data, samples, captions
        self._tips, self._texts = tips or captions, texts
        self._draw()

    def clear_samples(self) -> None:
        """Show nothing."""
        self._samples, self._captions, self._tips, self._texts = np.zeros((0, 1)), (), (), ()
        self._draw()

    def set_current(self, row: int) -> None:
        """Mark one without telling; -1 marks none."""
        self._quiet = True
        self.setCurrentRow(row)
        self._quiet = False

    def _on_row(self, row: int) -> None:
        if row >= 0 and not self._quiet:
            self.chosen.emit(row)

    def _draw(self) -> None:
        row, self._quiet = self.currentRow(), True
        p = theme().palette
        self.setFont(theme().font("small"))
        self.setStyleSheet(
            f"QListWidget {{ background: transparent; outline: none; }}"
            f" QListWidget::item {{ border-radius: 6px; padding: 2px; color: {p.muted}; }}"
            f" QListWidget::item:hover {{ background: {p.window}; }}"
            f" QListWidget::item:selected {{ background: {p.window}; color: {p.accent}; }}"
        )
        self.clear()
        if self._data is not None and len(self._samples):
            self._fill(self._data)
        self.setCurrentRow(min(row, self.count() - 1))
        self._quiet = False

    def _fill(self, data: Dataset) -> None:
        metrics, (tall, wide) = self.fontMetrics(), cell_of(data)
        line = metrics.height()
        if self._texts:
            wide, lines = 20 * metrics.averageCharWidth(), 3
            size = QSize(wide + GRID, lines * line + GRID)
        else:
            widest = max(metrics.horizontalAdvance(caption) for caption in self._captions)
            size = QSize(max(wide, widest) + 2 * GRID, tall + line + GRID + 2)
        self.setIconSize(QSize(wide, tall))
        self.setGridSize(size + QSize(2, 2))
        self.setWordWrap(bool(self._texts))
        if not self._rows:
            bar = self.horizontalScrollBar().sizeHint().height()
            self.setFixedHeight(size.height() + 4 + bar)
        pictures = [] if self._texts else self._pictures(data, (tall, wide))
        for place, caption in enumerate(self._captions):
            if self._texts:
                item = QListWidgetItem(f"{caption}  {self._texts[place][:_MOST]}", self)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            else:
                icon = QIcon()
                for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # else Qt tints the chosen one
                    icon.addPixmap(pictures[place], mode)
                item = QListWidgetItem(icon, caption, self)
            item.setSizeHint(size)
            item.setToolTip("\n".join(filter(None, (self._texts[place] if self._texts else "", self._tips[place]))))

    def _pictures(self, data: Dataset, cell: tuple[int, int]) -> list[QPixmap]:
        ratio = self.devicePixelRatioF()
        look = look_of(data, (round(cell[0] * ratio), round(cell[1] * ratio)))
        samples, ranges = self._samples, look.ranges
        if (
            samples.shape[1:-1] == data.sample_shape[:-1]
            and samples.shape[1:] != data.sample_shape
            and samples.ndim > 2
        ):
            ranges = np.array([[0.0, max(samples.shape[-1] - 1, 1)]])  # the probabilities of classes
            samples = samples.argmax(axis=-1)[..., None].astype(np.float32)
        drawn = thumbnails(samples, look.layout, look.size, ranges, look.colours, look.vocabulary)
        return [_framed(image, ratio) for image in drawn]


def _framed(image: np.ndarray, ratio: float) -> QPixmap:
    """Return a picture on the ground of a plot."""
    height, width = image.shape
    pixmap = QPixmap(width, height)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(theme().color("field"))
    painter = QPainter(pixmap)
    painter.drawPixmap(0, 0, pixmap_of(image, ratio))
    painter.setPen(theme().color("line"))
    painter.drawRect(0, 0, round(width / ratio) - 1, round(height / ratio) - 1)
    painter.end()
    return pixmap
