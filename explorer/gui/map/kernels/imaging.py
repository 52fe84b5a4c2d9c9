"""Points as an image: how many of each colour fall on each pixel, and how that looks."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.gui.map.kernels.compiling import kernel

CHOSEN = np.uint8(128)
"""The bit of a key that says that its point is selected."""
SLOT = np.uint8(127)
"""The bits of a key that say which colour it has."""
LEVELS = 127
"""Levels of values, beside the one of those that have none."""
BIN_SHIFT = np.uint32(17)
"""The bits of a float32 that are not told apart: what is left are its exponent and six bits, 64 bins for a doubling."""
BINS = 1 << 14


@kernel
def class_keys(values: Any, slots: Any, keys: Any) -> None:
    """Write the key of each point: the slot of its class, where -1 and below have the first."""
    for i in range(len(keys)):
        keys[i] = slots[min(max(values[i], -1) + 1, len(slots) - 1)]


@kernel
def value_keys(values: Any, low: float, scale: float, keys: Any) -> None:
    """Write the key of each point: the level of its value, from 1; 0 for NaN."""
    for i in range(len(keys)):
        value = (values[i] - low) * scale
        keys[i] = np.uint8(np.rint(value) + 1) if np.isfinite(value) else np.uint8(0)


@kernel
def sort_keys(keys: Any, marks: Any, order: Any, sorted_keys: Any) -> None:
    """Write the keys in the order of the sorted points, with the bit of those that are marked; no marks: none is."""
    for i in range(len(order)):
        key = keys[order[i]] if len(keys) else np.uint8(0)
        sorted_keys[i] = key | CHOSEN if len(marks) and marks[order[i]] else key


@kernel
def place(value: float, edges: Any, scale: float) -> Any:
    """Return the cell of a value between the first and last of `edges`; each holds its lower edge, the last both."""
    last = len(edges) - 2
    cell = min(max(int((value - edges[0]) * scale), 0), last)
    if value < edges[cell] and cell > 0:
        cell -= 1
    elif cell < last and value >= edges[cell + 1]:
        cell += 1
    return cell


@kernel
def count(xs: Any, ys: Any, starts: Any, boxes: Any, x_edges: Any, y_edges: Any, counts: Any) -> None:
    """Add up how many points fall into each cell of `counts` ``(ny, nx)``, as `numpy.histogram2d` has it."""
    nx, ny = len(x_edges) - 1, len(y_edges) - 1
    x0, x1, y0, y1 = x_edges[0], x_edges[nx], y_edges[0], y_edges[ny]
    sx, sy = nx / (x1 - x0), ny / (y1 - y0)
    for cell in range(len(boxes)):
        if boxes[cell, 0] > x1 or boxes[cell, 1] < x0 or boxes[cell, 2] > y1 or boxes[cell, 3] < y0:
            continue
        for i in range(starts[cell], starts[cell + 1]):
            x, y = np.float64(xs[i]), np.float64(ys[i])
            if x >= x0 and x <= x1 and y >= y0 and y <= y1:
                counts[place(y, y_edges, sy), place(x, x_edges, sx)] += 1


@kernel
def gather(
    xs: Any, ys: Any, keys: Any, starts: Any, boxes: Any, x_edges: Any, y_edges: Any, columns: Any, stamp: Any,
    shares: Any, planes: Any, levels: bool,
) -> Any:  # fmt: skip
    """Add the points of some columns up, by colour.

    Parameters
    ----------
    xs, ys, keys : ndarray ``(N,)``
        Sorted into cells that begin at `starts` and reach over `boxes`.
    x_edges, y_edges : ndarray ``(nx + 1,)``, ``(ny + 1,)``
        Of the pixels, upwards.
    columns : tuple of int
        The first, and the one after the last.
    stamp, shares : ndarray, int ``(K, 2)``, and ``(K,)``
        Pixels up and right of its own over which a point spreads, and with how much; none beyond `margin`.
    planes : ndarray ``(ny + 2 * margin, columns + 2 * margin, P)``
        Zero. Rows upwards. Of classes, a plane for each slot, and then those of the selected; of values
        (`levels`), how many have none, how many have one, and the sum of their levels.

    Returns
    -------
    touched : int
        How many points were looked at.
    """
    nx, ny = len(x_edges) - 1, len(y_edges) - 1
    margin = (planes.shape[0] - ny) // 2
    reach = margin // 2
    first, after = max(columns[0] - reach, 0), min(columns[1] + reach, nx)
    x0, x1, y0, y1 = x_edges[first], x_edges[after], y_edges[0], y_edges[ny]
    sx, sy = nx / (x_edges[nx] - x_edges[0]), ny / (y1 - y0)
    half = planes.shape[2] // 2 if not levels else 3
    touched = 0
    for cell in range(len(boxes)):
        if boxes[cell, 0] > x1 or boxes[cell, 1] < x0 or boxes[cell, 2] > y1 or boxes[cell, 3] < y0:
            continue
        touched += starts[cell + 1] - starts[cell]
        for i in range(starts[cell], starts[cell + 1]):
            x, y = np.float64(xs[i]), np.float64(ys[i])
            if not (x >= x0 and (x < x1 or (x == x1 and after == nx)) and y >= y0 and y <= y1):
                continue
            column = place(x, x_edges, sx) - columns[0] + margin
            row = place(y, y_edges, sy) + margin
            slot = np.int64(keys[i] & SLOT)
            plane = half if keys[i] & CHOSEN else 0
            if len(stamp) == 1 and not levels:
                planes[row, column, plane + slot] += shares[0]
                continue
            for k in range(len(stamp)):
                r, c = row + stamp[k, 0], column + stamp[k, 1]
                if levels:
                    if slot == 0:
                        planes[r, c, plane] += shares[k]
                    else:
                        planes[r, c, plane + 1] += shares[k]
                        planes[r, c, plane + 2] += shares[k] * (slot - 1)
                else:
                    planes[r, c, plane + slot] += shares[k]
    return touched


@kernel
def blend(planes: Any, margin: int, half: int, levels: bool, table: Any, amounts: Any, colours: Any) -> None:
    """Turn what some columns hold into how much there is, and in which colour.

    Parameters
    ----------
    planes : ndarray ``(ny + 2 * margin, columns + 2 * margin, P)``
        Of `gather`. The selected begin at plane `half`, where P is greater.
    table : ndarray, float32 ``(K, 3)``
        The slots' colours from 0 to 255; of values, first that of none, then the ramp.
    amounts : ndarray, float32 ``(parts, ny, columns)``
        The top row first. How many points; where there are two parts, of those that are not selected, and of those
        that are.
    colours : ndarray, uint32 ``(parts, ny, columns)``
        Red, green and blue, from the highest byte but one down; written where there are any.
    """
    parts, ny, nx = amounts.shape
    sums = half - 1 if levels else half  # the last plane of values is no number of points
    for row in range(ny):
        down = ny - 1 - row
        for column in range(nx):
            for part in range(parts):
                first = part * half
                total = np.float32(0)
                for slot in range(sums):
                    total += np.float32(planes[row + margin, column + margin, first + slot])
                amounts[part, down, column] = total
                if total == 0:
                    continue
                red, green, blue = np.float32(0), np.float32(0), np.float32(0)
                if levels:
                    known = np.float32(planes[row + margin, column + margin, first + 1])
                    mean = np.float32(planes[row + margin, column + margin, first + 2]) / max(known, np.float32(1e-6))
                    share = mean / np.float32(LEVELS - 1)
                    key = int(share * (len(table) - 2) + np.float32(0.5)) + 1 if known > 0 else 0
                    red, green, blue = table[key, 0], table[key, 1], table[key, 2]
                else:
                    # The larger share of a pixel counts more than in proportion: one sees which class is there.
                    weights = np.float32(0)
                    for slot in range(half):
                        share = np.float32(planes[row + margin, column + margin, first + slot]) / total
                        weight = share * share
                        weights += weight
                        red += weight * table[slot, 0]
                        green += weight * table[slot, 1]
                        blue += weight * table[slot, 2]
                    red, green, blue = red / weights, green / weights, blue / weights
                colours[part, down, column] = (
                    (np.uint32(red + np.float32(0.5)) << np.uint32(16))
                    | (np.uint32(green + np.float32(0.5)) << np.uint32(8))
                    | np.uint32(blue + np.float32(0.5))
                )


@kernel
def tally(amounts: Any, bins: Any) -> None:
    """Count the pixels of each bin of amounts, positive float32 seen as uint32: the bins are even in the logarithm."""
    for i in range(len(amounts)):
        if amounts[i]:
            bins[amounts[i] >> BIN_SHIFT] += 1


@kernel
def byte(pixel: Any, shift: int) -> Any:
    """Return one of a pixel's four parts as a float32 from 0 to 255."""
    return np.float32((pixel >> np.uint32(shift)) & np.uint32(255))


@kernel
def pixel_of(alpha: Any, red: Any, green: Any, blue: Any) -> Any:
    """Return a pixel of four parts from 0 to 255."""
    half = np.float32(0.5)
    return (
        (np.uint32(alpha + half) << np.uint32(24))
        | (np.uint32(red + half) << np.uint32(16))
        | (np.uint32(green + half) << np.uint32(8))
        | np.uint32(blue + half)
    )


@kernel
def compose(amounts: Any, colours: Any, opacity: Any, image: Any) -> None:
    """Write the picture of amounts and colours over what `image` holds; in place where that is `colours`.

    Parameters
    ----------
    amounts : ndarray, uint32 ``(ny, nx)``
        float32 seen as such.
    colours : ndarray, uint32 ``(ny, nx)``
        As `blend` writes them: their highest byte is zero.
    opacity : ndarray, float32 ``(bins,)``
        Of the bins of `tally`, from 0 to 1.
    image : ndarray, uint32 ``(ny, nx)``
        Premultiplied ``0xAARRGGBB``.
    """
    ny, nx = amounts.shape
    for row in range(ny):
        for column in range(nx):
            amount = amounts[row, column]
            if not amount:
                continue
            alpha = opacity[amount >> BIN_SHIFT]
            colour, below = colours[row, column], image[row, column]
            clear = below >> np.uint32(24) == 0  # what is there then is at most a colour that is not composed yet
            rest = np.float32(0) if clear else np.float32(1) - alpha
            image[row, column] = pixel_of(
                alpha * 255 + rest * byte(below, 24),
                alpha * byte(colour, 16) + rest * byte(below, 16),
                alpha * byte(colour, 8) + rest * byte(below, 8),
                alpha * byte(colour, 0) + rest * byte(below, 0),
            )


@kernel
def stamp_discs(image: Any, left: Any, top: Any, rows: Any, stamps: Any) -> None:
    """Lay stamps over a picture, one after another.

    Parameters
    ----------
    image : ndarray, uint32 ``(H, W)``
        Premultiplied ``0xAARRGGBB``.
    left, top : ndarray, int64 ``(M,)``
        The pixel of each stamp's corner.
    rows : ndarray, int64 ``(M,)``
        Which stamp.
    stamps : ndarray, uint32 ``(K, side, side)``
    """
    height, width = image.shape
    side = stamps.shape[1]
    for i in range(len(left)):
        for r in range(max(0, -top[i]), min(side, height - top[i])):
            for c in range(max(0, -left[i]), min(side, width - left[i])):
                above = stamps[rows[i], r, c]
                clear = np.uint32(255) - (above >> np.uint32(24))
                if clear == 255:
                    continue
                if clear:
                    below, mixed = image[top[i] + r, left[i] + c], np.uint32(0)
                    for shift in (0, 8, 16, 24):
                        part = ((below >> np.uint32(shift)) & np.uint32(255)) * clear
                        mixed |= ((part + np.uint32(127)) // np.uint32(255)) << np.uint32(shift)
                    above = above + mixed
                image[top[i] + r, left[i] + c] = above
