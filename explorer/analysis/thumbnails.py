"""Samples as pictures of a few dozen pixels: curves, images, bars and piano rolls, drawn by numpy alone.

A lattice behind the map holds hundreds of them: they are drawn beside the window, in one go.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.analysis.pixels import packed

_PAD = 2.0  # pixels that stay free around a curve
_HALF = 0.65  # of the width of a line, in pixels
_OVERLAID = 3
"""Channels that are drawn over each other; more are drawn on lanes of their own."""
_LANES = 8
"""Lanes at most: of more channels the first are drawn."""
_ROWS = 1 << 20
"""Pixels that are drawn at a time: what is in between stays in the processor's cache."""


def thumbnails(
    samples: np.ndarray,
    layout: str,
    size: tuple[int, int],
    ranges: np.ndarray,
    colours: Sequence[str],
    vocabulary: Sequence[str] = (),
) -> np.ndarray:
    """Draw samples.

    Parameters
    ----------
    samples : ndarray ``(M, *sample_shape)``
        What is not a number is left out.
    layout : str
        Of the data set: "series", "profile", "image", "points", "notes"; of any other nothing is drawn.
    size : tuple of int
        Height and width of each picture, in pixels.
    ranges : ndarray ``(C, 2)``
        The least and the greatest value of each channel, or one row for all.
    colours : sequence of str
        ``#RRGGBB`` of each channel; they are used again from the start. Images bring their own.
    vocabulary : sequence of str
        What the tokens of "notes" mean.

    Returns
    -------
    ndarray, uint32 ``(M, height, width)``
        Premultiplied ``0xAARRGGBB``, the top row first.
    """
    height, width = size
    if min(size) < 1:
        raise ValueError(f"a picture of {width} × {height} pixels is none")
    drawn = np.zeros((len(samples), height, width), dtype=np.uint32)
    step = max(1, _ROWS // (height * width))
    for start in range(0, len(samples), step):
        piece = samples[start : start + step]
        drawn[start : start + step] = _draw(piece, layout, size, np.asarray(ranges, np.float32), colours, vocabulary)
    return drawn


def _draw(
    samples: np.ndarray,
    layout: str,
    size: tuple[int, int],
    ranges: np.ndarray,
    colours: Sequence[str],
    vocabulary: Sequence[str],
) -> np.ndarray:
    if layout == "image":
        return _images(samples, size, ranges)
    if layout in ("series", "profile"):
        series = samples.reshape(len(samples), samples.shape[1], -1)
        return _painted(_curves(series, size, ranges), colours)
    if layout == "points":
        return _painted(_bars(samples, size, ranges), colours)
    if layout == "notes":
        return _painted(_notes(samples, size, vocabulary)[:, None], colours)
    return np.zeros((len(samples), *size), dtype=np.uint32)


def _painted(ink: np.ndarray, colours: Sequence[str]) -> np.ndarray:
    """Return inks ``(M, C, h, w)`` from 0 to 1 as colours laid over each other, the first channel on top."""
    count, channels, height, width = ink.shape
    planes = np.zeros((4, count, height, width), dtype=np.float32)  # red, green, blue times opacity, and opacity
    for channel in reversed(range(channels)):
        colour = colours[channel % len(colours)]
        cover = ink[:, channel]
        planes *= 1 - cover
        for plane, start in zip(planes, (1, 3, 5), strict=False):
            plane += cover * np.float32(int(colour[start : start + 2], 16))
        planes[3] += cover * np.float32(255)
    return packed(planes)


def _levels(values: np.ndarray, ranges: np.ndarray, room: float) -> np.ndarray:
    """Return values ``(M, T, C)`` as pixels from the top of a lane, as long as it has `room`."""
    low, high = ranges[:, 0], ranges[:, 1]
    span = np.where(high > low, high - low, np.float32(1))
    share = np.clip((values - low) / span, -0.05, 1.05)
    return np.float32(_PAD) + (1 - share) * np.float32(max(room - 2 * _PAD, 1.0))


def _curves(series: np.ndarray, size: tuple[int, int], ranges: np.ndarray) -> np.ndarray:
    """Return how much each pixel is covered by each curve of series ``(M, T, C)``, float32 ``(M, C, h, w)``."""
    height, width = size
    channels = min(series.shape[2], _LANES)
    laned = channels > _OVERLAID
    room = height / channels if laned else float(height)
    series = series[..., :channels].astype(np.float32, copy=False)
    ranges = ranges[:channels] if len(ranges) > 1 else ranges
    levels = _levels(series, ranges, room)
    if laned:
        levels = levels + np.arange(channels, dtype=np.float32) * np.float32(room)
    top, bottom = _extents(np.moveaxis(levels, 2, 1), width)
    rows = np.arange(height, dtype=np.float32)[:, None]
    upper, lower = top[:, :, None] - np.float32(_HALF), bottom[:, :, None] + np.float32(_HALF)
    with np.errstate(invalid="ignore"):
        cover = np.minimum(lower, rows + 1) - np.maximum(upper, rows)
    return np.clip(np.nan_to_num(cover), 0, 1)


def _extents(levels: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how high and how low each curve ``(M, C, T)`` reaches in each column of pixels, ``(M, C, width)``.

    A curve is drawn as lines from step to step; a step that is not a number breaks it.
    """
    steps = levels.shape[-1]
    if steps == 1:
        flat = np.repeat(levels, width, axis=-1)
        return flat, flat
    room = max(width - 2 * _PAD, 1.0)
    edges = np.clip((np.arange(width + 1) - _PAD) / room, 0, 1) * (steps - 1)
    before = np.minimum(edges.astype(np.int64), steps - 2)
    share = (edges - before).astype(np.float32)
    there = levels[..., before] * (1 - share) + levels[..., before + 1] * share
    top, bottom = np.fmin(there[..., :-1], there[..., 1:]), np.fmax(there[..., :-1], there[..., 1:])
    # Steps that lie inside of a column may reach farther than the curve at its edges.
    column = np.searchsorted(edges, np.arange(steps), side="right") - 1
    column = np.clip(column, 0, width - 1)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    inside = column[starts]
    top[..., inside] = np.fmin(top[..., inside], np.fmin.reduceat(levels, starts, axis=-1))
    bottom[..., inside] = np.fmax(bottom[..., inside], np.fmax.reduceat(levels, starts, axis=-1))
    outside = (edges[:-1] >= steps - 1) | (edges[1:] <= 0)
    top[..., outside] = bottom[..., outside] = np.nan
    return top, bottom


def _bars(samples: np.ndarray, size: tuple[int, int], ranges: np.ndarray) -> np.ndarray:
    """Return how much each pixel is covered by a bar for each feature ``(M, D)``, float32 ``(M, D, h, w)``.

    A bar begins at zero, or at the end of the range that is nearest to it.
    """
    height, width = size
    features = samples.shape[1]
    low, high = ranges[:, 0], ranges[:, 1]
    ground = np.clip(np.zeros(features, np.float32), low, high)
    values = _levels(samples[:, None].astype(np.float32), ranges, height)[:, 0]
    zero = _levels(np.broadcast_to(ground, (1, 1, features)).astype(np.float32), ranges, height)[0, 0]
    upper, lower = np.minimum(values, zero - 0.5), np.maximum(values, zero + 0.5)
    rows, columns = np.arange(height, dtype=np.float32), np.arange(width)
    with np.errstate(invalid="ignore"):
        tall = np.minimum(lower[..., None], rows + 1) - np.maximum(upper[..., None], rows)
    at = np.clip((columns - _PAD) / max(width - 2 * _PAD, 1.0), -1, 1.999) * features
    place = np.arange(features)[:, None]
    wide = (at >= place + 0.15) & (at < place + 0.85)
    return np.clip(np.nan_to_num(tall), 0, 1)[..., None] * wide[:, None, :]


def _notes(tokens: np.ndarray, size: tuple[int, int], vocabulary: Sequence[str]) -> np.ndarray:
    """Return how much each pixel is covered by the notes of melodies ``(M, T)``, float32 ``(M, h, w)``.

    A token is a pitch, which begins a note; "hold", which goes on with it; or "rest".
    """
    height, width = size
    pitch_of = np.array([float(word) if word.isdigit() else np.nan for word in vocabulary], dtype=np.float32)
    holds = np.array([word == "hold" for word in vocabulary])
    tokens = np.clip(tokens.astype(np.int64), 0, len(vocabulary) - 1)
    steps = tokens.shape[1]
    # What is held is what was begun last: a note, or silence.
    begun = np.where(holds[tokens], 0, np.arange(steps))
    pitches = pitch_of[np.take_along_axis(tokens, np.maximum.accumulate(begun, axis=1), axis=1)]
    known = np.isfinite(pitches)
    if not known.any():
        return np.zeros((len(tokens), height, width), dtype=np.float32)
    low, high = float(pitches[known].min()) - 1, float(pitches[known].max()) + 1
    thick = max(1.5, (height - 2 * _PAD) / max(high - low, 12.0))
    middle = _PAD + (high - pitches) / (high - low) * (height - 2 * _PAD)
    step = np.clip(
        ((np.arange(width) - _PAD + 0.5) / max(width - 2 * _PAD, 1.0) * steps).astype(np.int64), 0, steps - 1
    )
    middle = middle[:, None, step]
    starts = np.zeros(tokens.shape, dtype=bool)
    starts[:, 1:] = ~holds[tokens[:, 1:]]
    fresh = np.zeros((len(tokens), width), dtype=bool)
    fresh[:, 1:] = starts[:, step[1:]] & (step[1:] != step[:-1])  # a gap tells a note struck again from one held
    rows = np.arange(height, dtype=np.float32)[:, None]
    with np.errstate(invalid="ignore"):
        cover = np.minimum(middle + thick / 2, rows + 1) - np.maximum(middle - thick / 2, rows)
    ink = np.clip(np.nan_to_num(cover), 0, 1).astype(np.float32)
    return np.where(fresh[:, None] & (width >= 3 * steps), np.float32(0), ink)


def _images(samples: np.ndarray, size: tuple[int, int], ranges: np.ndarray) -> np.ndarray:
    """Return images ``(M, H, W, C)`` in the middle of their pictures, as large as they fit."""
    height, width = size
    rows, columns = samples.shape[1:3]
    scale = min((height - 2) / rows, (width - 2) / columns)
    if scale > 1:
        scale = float(max(1, int(scale)))  # whole multiples keep all pixels of one size
    tall, wide = max(1, round(rows * scale)), max(1, round(columns * scale))
    low, high = float(ranges[0, 0]), float(ranges[0, 1])
    picked = samples[..., :3] if samples.shape[-1] in (3, 4) else samples[..., :1]
    values = (np.nan_to_num(picked.astype(np.float32), nan=low) - low) * np.float32(255 / ((high - low) or 1.0))
    values = _resampled(_resampled(np.clip(values, 0, 255), tall, 1), wide, 2)
    planes = np.zeros((4, len(samples), height, width), dtype=np.float32)
    top, left = (height - tall) // 2, (width - wide) // 2
    inside = (slice(None), slice(max(top, 0), top + tall), slice(max(left, 0), left + wide))
    for colour in range(3):
        planes[(colour, *inside)] = values[..., min(colour, values.shape[-1] - 1)][:, :height, :width]
    planes[(3, *inside)] = 255
    return packed(planes)


def _resampled(values: np.ndarray, count: int, axis: int) -> np.ndarray:
    """Return images with `count` pixels along an axis: repeated where they are more, else means of those that merge."""
    length = values.shape[axis]
    if count >= length:
        return np.take(values, (np.arange(count) * length) // count, axis=axis)
    starts = (np.arange(count) * length) // count
    sizes = np.diff(starts, append=length)
    shape = [1] * values.ndim
    shape[axis] = count
    return np.add.reduceat(values, starts, axis=axis) / sizes.reshape(shape).astype(np.float32)
