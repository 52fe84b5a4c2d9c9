"""Pixels between numpy and Qt: premultiplied ``0xAARRGGBB``, uint32 ``(H, W)``, the top row first."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied


def image_of(pixels: np.ndarray) -> QImage:
    """Return pixels as an image of the same memory, which it keeps; they lie one after another."""
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, PREMULTIPLIED)


def pixels_of(image: QImage) -> np.ndarray:
    """Return a copy of an image's pixels."""
    flat = np.frombuffer(image.constBits(), dtype=np.uint32)
    return flat.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()].copy()
