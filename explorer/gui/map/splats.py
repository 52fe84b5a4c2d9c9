"""Discs in depth, drawn as numbers: near ones over far ones, larger and clearer. Knows no Qt.

A turning map is drawn anew in every frame, so there is no picture to keep. A disc is a few pixels of a table, found by
its colour and by where within a pixel its middle is; they are written from the farthest to the nearest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

LEVELS = 6
"""Steps of depth, each with a size and a clearness of its own."""
_SMALL, _LARGE = 0.74, 1.22  # of the discs, far and near, as a share of their size in a flat map
_FAINT = 0.42  # how clear the farthest are
_PHASES = 3  # places of a disc's middle within a pixel, along each side
_RIMMED = 4000  # points up to which discs have a rim in the ground's colour, which keeps neighbours apart
_PIXELS = 450_000  # of all discs together, that are written within a frame
_CHUNK = 512  # points at a time: their pixels stay in the processor's cache
_MOST_TURNING = 25_000  # points drawn while the map turns; of more, evenly many


@dataclass(frozen=True)
class _Stamp:
    """A disc at every place within a pixel: the K pixels that it covers around its middle, and how much of each.

    All are ``(PHASES * PHASES, K)``; a disc that covers fewer has its last one several times over.
    """

    dx: np.ndarray
    dy: np.ndarray
    cover: np.ndarray
    """float32, from 0 to 1."""


def _stamp(radius: float, rim: float) -> _Stamp:
    side = math.ceil(radius + rim + 1)
    y, x = (each.ravel() for each in np.mgrid[-side : side + 1, -side : side + 1])
    middles = (np.arange(_PHASES) + 0.5) / _PHASES - 0.5
    distance = np.stack([np.hypot(x - mx, y - my) for my in middles for mx in middles])
    cover = np.clip(radius + 0.5 - distance, 0, 1)
    used = [
        np.flatnonzero((share > 0.08) | (away <= radius + rim)) for share, away in zip(cover, distance, strict=True)
    ]
    most = max(map(len, used))
    chosen = np.stack([np.pad(each, (0, most - len(each)), mode="edge") for each in used])
    return _Stamp(x[chosen], y[chosen], np.take_along_axis(cover, chosen, axis=1).astype(np.float32))


def _packed(colours: np.ndarray) -> np.ndarray:
    """Return colours ``(…, 3)`` from 0 to 255 as opaque pixels, uint32 ``0xffRRGGBB``."""
    whole = np.rint(colours).astype(np.uint32)
    return np.uint32(0xFF000000) | (whole[..., 0] << np.uint32(16)) | (whole[..., 1] << np.uint32(8)) | whole[..., 2]


@dataclass
class Splats:
    """Draws discs of the colours of a table over a ground.

    Parameters
    ----------
    table : ndarray, uint8 ``(K, 3)``
        The colours.
    ground : ndarray ``(3,)``
        What far discs fade into.
    """

    table: np.ndarray
    ground: np.ndarray
    _stamps: dict[tuple[float, float], _Stamp] = field(default_factory=dict)
    _colours: dict[tuple[int, float], np.ndarray] = field(default_factory=dict)

    def draw(
        self,
        image: np.ndarray,
        places: tuple[np.ndarray, np.ndarray],
        depth: np.ndarray,
        keys: np.ndarray,
        radius: float,
        *,
        clear: float = 1.0,
        rim: float = 0.0,
    ) -> None:
        """Draw discs into an image.

        Parameters
        ----------
        image : ndarray, uint32 ``(H, W)``
            Pixels ``0xAARRGGBB``, the top row first.
        places : tuple of ndarray ``(N,)``
            The middles, in pixels from the left and from the top; those that are not finite are left out.
        depth : ndarray ``(N,)``
            From -1 (far) to 1 (near).
        keys : ndarray of int ``(N,)``
            Rows of the table.
        radius : float
            In pixels, at middle depth.
        clear : float
            From 0 to 1: how much of their colours they have.
        rim : float
            Pixels around each in the ground's colour.
        """
        height, width = image.shape
        px, py = places
        with np.errstate(invalid="ignore"):
            seen = np.flatnonzero((px > -8) & (px < width + 8) & (py > -8) & (py < height + 8) & np.isfinite(depth))
        fine = np.clip((depth[seen] + 1) * 32767, 0, 65535).astype(np.uint16)  # which numpy sorts in linear time
        seen = seen[np.argsort(fine, kind="stable")]
        level = np.clip((depth[seen] + 1) / 2 * LEVELS, 0, LEVELS - 1).astype(np.intp)
        bounds = np.searchsorted(level, np.arange(LEVELS + 1))
        pad = math.ceil(radius * _LARGE + rim + 2) + 8
        wide = np.zeros((height + 2 * pad, width + 2 * pad), dtype=np.uint32)
        wide[pad : pad + height, pad : pad + width] = image
        flat = wide.reshape(-1)
        for step in range(LEVELS):
            members = seen[bounds[step] : bounds[step + 1]]
            if not len(members):
                continue
            share = step / (LEVELS - 1)
            stamp = self._stamp_of(round(radius * (_SMALL + (_LARGE - _SMALL) * share), 2), rim)
            table = self._table_of(stamp, clear * (_FAINT + (1 - _FAINT) * share))
            column, row = np.floor(px[members]), np.floor(py[members])
            phase = ((py[members] - row) * _PHASES).astype(np.intp) * _PHASES
            phase += ((px[members] - column) * _PHASES).astype(np.intp)
            np.minimum(phase, _PHASES * _PHASES - 1, out=phase)  # a middle that rounding puts on the next pixel
            base = (row.astype(np.intp) + pad) * wide.shape[1] + column.astype(np.intp) + pad
            around = stamp.dy * wide.shape[1] + stamp.dx
            rows = keys[members] * (_PHASES * _PHASES) + phase
            for start in range(0, len(members), _CHUNK):
                part = slice(start, start + _CHUNK)
                flat[base[part, None] + around[phase[part]]] = table[rows[part]]
        image[:] = wide[pad : pad + height, pad : pad + width]

    def _stamp_of(self, radius: float, rim: float) -> _Stamp:
        key = (radius, rim)
        if key not in self._stamps:
            self._stamps[key] = _stamp(radius, rim)
        return self._stamps[key]

    def _table_of(self, stamp: _Stamp, clear: float) -> np.ndarray:
        """Return the pixels of a disc of each colour at each phase, uint32 ``(keys * phases, K)``."""
        key = (id(stamp), clear)  # stamps are kept as long as these
        if key not in self._colours:
            ground = self.ground.astype(np.float32)
            colours = ground + (self.table.astype(np.float32) - ground) * clear
            pixels = _packed(ground + (colours[:, None, None, :] - ground) * stamp.cover[None, :, :, None])
            self._colours[key] = pixels.reshape(-1, stamp.cover.shape[1])
        return self._colours[key]


def plan(n: int, radius: float, ratio: float) -> tuple[float, float, float, int]:
    """Return how so many discs are drawn within a frame's time.

    Returns
    -------
    radius : float
        In logical pixels: smaller where there are very many.
    rim : float
        In logical pixels.
    side : float
        Of an image's pixel, in logical pixels.
    step : int
        Every how many-th point is drawn while the map turns.
    """
    rim = 0.8 if n <= _RIMMED else 0.0
    area = _PIXELS / max(n, 1)  # pixels for each disc
    side = 1 / ratio
    if n * math.pi * ((radius + 0.5 + rim) / side) ** 2 > _PIXELS:
        side = max(1.0, math.floor(ratio)) / ratio
    radius = min(radius, max(math.sqrt(area / math.pi) * side - 0.5, 0.6))
    step = max(1, -(-n // _MOST_TURNING))
    return radius, rim, side, step
