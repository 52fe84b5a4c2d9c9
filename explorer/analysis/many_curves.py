"""Very many curves at once: how many pass through each pixel, or their median with the bands that hold most of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.pixels import packed

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of the bands: nine of ten curves, half of them, and the median."""
MOST_VALUES = 1 << 23
"""Values that are looked at for one picture or group; of more, samples evenly spread over them."""
_MOST_CURVES = 5000


def spread(indices: np.ndarray, most: int) -> np.ndarray:
    """Return at most so many of the indices, evenly spread over them."""
    if len(indices) <= most:
        return indices
    return indices[np.linspace(0, len(indices) - 1, most).round().astype(np.int64)]


def drawable(indices: np.ndarray, sample_values: int) -> np.ndarray:
    """Return those of the samples whose curves are drawn together: all, or some thousands of them."""
    return spread(indices, max(2, min(_MOST_CURVES, MOST_VALUES // max(1, sample_values))))


@dataclass(frozen=True, eq=False)
class Bands:
    """The quantiles of a group of samples at every step.

    Parameters
    ----------
    name : str
    count, used : int
        How many samples the group has, and how many were looked at.
    edges : ndarray, float32 ``(5, T, C)``
        By `QUANTILES`; NaN where no sample is known.
    """

    name: str
    count: int
    used: int
    edges: np.ndarray


def bands_of(values: np.ndarray, groups: Sequence[tuple[str, np.ndarray]]) -> list[Bands]:
    """Return median and bands of groups of samples.

    Parameters
    ----------
    values : ndarray ``(N, T)`` or ``(N, T, C)``
        May be a memory map; NaN where missing.
    groups : sequence of (str, ndarray)
        Names, and the samples' indices.
    """
    found = []
    for name, indices in groups:
        used = spread(indices, max(2, MOST_VALUES // max(1, int(np.prod(values.shape[1:])))))
        part = np.asarray(values[used])
        part = part[..., None] if part.ndim == 2 else part
        gaps = np.isnan(part)
        if gaps.any():
            empty = gaps.all(axis=0)
            part = np.where(empty, np.float32(0), part)
            edges = np.where(empty, np.float32(np.nan), np.nanquantile(part, QUANTILES, axis=0))
        else:
            edges = np.quantile(part, QUANTILES, axis=0)
        found.append(Bands(name, len(indices), len(used), edges.astype(np.float32)))
    return found


def raster(
    curves: np.ndarray,
    x: np.ndarray,
    view: tuple[float, float, float, float],
    size: tuple[int, int],
) -> np.ndarray:
    """Return through how many curves each pixel is crossed, int32 ``(height, width)``, the top row first.

    Parameters
    ----------
    curves : ndarray ``(n, T)``
        NaN where there is a gap.
    x : ndarray ``(T,)``
        Growing.
    view : tuple of float
        What the picture shows: left, right, bottom, top.
    size : tuple of int
        Width and height in pixels.

    Notes
    -----
    A curve crosses, in each column, all pixels from its lowest to its highest value there. These runs are added up as
    their ends, +1 and -1, and summed along the columns, so that the cost does not grow with the height.
    """
    width, height = size
    left, right, bottom, top = view
    edges = np.linspace(left, right, width + 1)
    at = _at(curves, x, edges)
    low, high = np.fmin(at[:, :-1], at[:, 1:]), np.fmax(at[:, :-1], at[:, 1:])
    column = np.searchsorted(edges, x, side="right") - 1
    inside = (column >= 0) & (column < width)
    if np.bincount(column[inside], minlength=1).max(initial=0) > 0:  # steps between the edges may reach farther
        places = column[inside]
        starts = np.flatnonzero(np.append(True, np.diff(places) > 0))
        if len(places):
            part = curves[:, inside]
            columns = places[starts]
            low[:, columns] = np.fmin(low[:, columns], np.fmin.reduceat(part, starts, axis=1))
            high[:, columns] = np.fmax(high[:, columns], np.fmax.reduceat(part, starts, axis=1))
    known = np.isfinite(low) & np.isfinite(high)
    scale = height / (top - bottom)
    first = np.floor((top - np.where(known, high, 0)) * scale)
    last = np.floor((top - np.where(known, low, 0)) * scale)
    known &= (last >= 0) & (first < height)
    first, last = np.clip(first, 0, height - 1).astype(np.int64), np.clip(last, 0, height - 1).astype(np.int64)
    place = np.broadcast_to(np.arange(width), known.shape)[known]
    ends = np.bincount(first[known] * width + place, minlength=(height + 1) * width)
    ends -= np.bincount((last[known] + 1) * width + place, minlength=(height + 1) * width)
    return ends.reshape(height + 1, width).cumsum(axis=0)[:-1].astype(np.int32)


def _at(curves: np.ndarray, x: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return curves ``(n, T)`` between their steps, ``(n, P)``; NaN before the first and behind the last."""
    if len(x) < 2:
        return np.where(places == x[0], curves, np.nan) if len(x) else np.full((len(curves), len(places)), np.nan)
    after = np.clip(np.searchsorted(x, places), 1, len(x) - 1)
    share = (places - x[after - 1]) / (x[after] - x[after - 1])
    found = curves[:, after - 1] * (1 - share) + curves[:, after] * share
    found[:, (places < x[0]) | (places > x[-1])] = np.nan
    return found


def shaded(counts: Sequence[np.ndarray], colors: Sequence[tuple[int, int, int]]) -> np.ndarray:
    """Return a picture of how many curves of each class cross each pixel: premultiplied ARGB, uint32 ``(H, W)``.

    A pixel has the classes' mixed colour, and is the more opaque the more curves cross it, by the logarithm.
    """
    total = np.sum(counts, axis=0)
    most = max(1, int(total.max(initial=0)))
    alpha = np.where(total > 0, 0.18 + 0.82 * np.log1p(total) / np.log1p(most), 0.0)
    mixed = np.zeros((*total.shape, 3))
    for count, color in zip(counts, colors, strict=True):
        mixed += count[..., None] * np.array(color, dtype=float)
    mixed *= (alpha / np.maximum(total, 1))[..., None]
    return packed((*np.moveaxis(mixed, -1, 0), 255 * alpha))
