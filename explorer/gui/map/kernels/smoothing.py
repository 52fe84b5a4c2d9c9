"""A smooth density from counts on pixels, and the lines of equal density on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.gui.map.kernels.compiling import kernel
from explorer.gui.map.kernels.imaging import byte, pixel_of


@kernel
def smooth_rows(source: Any, reach: int, result: Any) -> None:
    """Write the mean of the ``2 * reach + 1`` pixels around each, along its row; there is nothing beyond the edges."""
    ny, nx = source.shape
    share = np.float32(1 / (2 * reach + 1))
    for row in range(ny):
        total = np.float64(0)
        for column in range(min(reach, nx)):
            total += source[row, column]
        for column in range(nx):
            if column + reach < nx:
                total += source[row, column + reach]
            if column - reach - 1 >= 0:
                total -= source[row, column - reach - 1]
            result[row, column] = max(np.float32(total), np.float32(0)) * share


@kernel
def turn(source: Any, result: Any) -> None:
    """Write rows as columns, block by block."""
    ny, nx = source.shape
    for top in range(0, ny, 32):
        for left in range(0, nx, 32):
            for row in range(top, min(top + 32, ny)):
                for column in range(left, min(left + 32, nx)):
                    result[column, row] = source[row, column]


@kernel
def draw_lines(density: Any, levels: Any, colour: Any, image: Any) -> None:
    """Draw where a density passes one of ascending levels into a picture with its top row first, a good pixel wide.

    How far a pixel is from the line is told by the density there and how steep it is.
    """
    ny, nx = density.shape
    for row in range(1, ny - 1):
        for column in range(1, nx - 1):
            here = density[row, column]
            across = (density[row, column + 1] - density[row, column - 1]) / 2
            up = (density[row + 1, column] - density[row - 1, column]) / 2
            steep = np.sqrt(across * across + up * up)
            if steep == 0:
                continue
            cover = np.float32(0)
            for level in levels:
                cover = max(cover, np.float32(1.25) - abs(here - level) / steep)
            if cover <= 0:
                continue
            alpha = min(cover, np.float32(1)) * np.float32(0.8)
            below, rest = image[ny - 1 - row, column], np.float32(1) - alpha
            image[ny - 1 - row, column] = pixel_of(
                alpha * 255 + rest * byte(below, 24),
                alpha * byte(colour, 16) + rest * byte(below, 16),
                alpha * byte(colour, 8) + rest * byte(below, 8),
                alpha * byte(colour, 0) + rest * byte(below, 0),
            )
