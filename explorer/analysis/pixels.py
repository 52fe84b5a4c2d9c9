"""Colours as pixels: premultiplied ``0xAARRGGBB``, as Qt draws them fastest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def packed(planes: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
    """Return red, green, blue and opacity, each from 0 to 255 ``(…)``, as one number a pixel: uint32 ``(…)``."""
    red, green, blue, alpha = (np.rint(plane).astype(np.uint32) for plane in planes)
    return (alpha << 24) | (red << 16) | (green << 8) | blue
