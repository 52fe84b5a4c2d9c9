"""Samples drawn small: how large, in which colours, and as pixmaps for strips and galleries."""

from __future__ import annotations

import weakref

import numpy as np
from PySide6.QtGui import QPixmap

from explorer.data.dataset import Dataset
from explorer.gui.pixels import image_of
from explorer.gui.plots.ranges import channel_ranges
from explorer.gui.theme import theme
from explorer.workspace.messages import ThumbnailLook

_CELLS: dict[str, tuple[int, int]] = {
    "series": (40, 60), "profile": (40, 60), "image": (46, 46), "points": (34, 40), "notes": (36, 72),
    "text": (44, 132),
}  # fmt: skip
_RANGES: weakref.WeakKeyDictionary[Dataset, np.ndarray] = weakref.WeakKeyDictionary()


def cell_of(dataset: Dataset) -> tuple[int, int]:
    """Return height and width, in logical pixels, in which a sample can just be told from others."""
    return _CELLS.get(dataset.layout, (40, 60))


def look_of(dataset: Dataset, size: tuple[int, int]) -> ThumbnailLook:
    """Return how a data set's samples are drawn at a size in pixels of the screen, in the theme's colours."""
    palette = theme().palette
    ranges = _RANGES.get(dataset)
    if ranges is None:
        ranges = _RANGES[dataset] = channel_ranges(dataset)
    several = dataset.layout == "series" and dataset.values.shape[-1] > 1
    colours = list(palette.classes) if several else [palette.decoded]
    return ThumbnailLook(dataset.layout, size, ranges, colours, list(dataset.vocabulary))


def pixmap_of(image: np.ndarray, ratio: float) -> QPixmap:
    """Return premultiplied pixels ``(h, w)`` as a pixmap for a screen of so many pixels for a logical one."""
    pixmap = QPixmap.fromImage(image_of(np.ascontiguousarray(image)))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
