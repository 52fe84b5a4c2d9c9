"""Questions to a model that makes samples: what it decodes all over the map, and along ways through its codes."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from explorer.analysis.drawing import Source
from explorer.analysis.readings import ReadingName
from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


class ThumbnailLook(msgspec.Struct, frozen=True):
    """How samples are drawn small; see `explorer.analysis.thumbnails.thumbnails`.

    `layout` is the data's, `size` height and width in pixels, `ranges` ``(C, 2)`` of the channels, `colours` theirs.
    """

    layout: str
    size: tuple[int, int]
    ranges: np.ndarray
    colours: list[str]
    vocabulary: list[str] = []


class DrawLattice(msgspec.Struct, frozen=True):
    """Decode codes all over a map, and draw what comes out. Result: `Lattice`.

    `plane` says what the map's coordinates mean, in the words of `explorer.workspace.map_planes`; `places` ``(M, 2)``
    are on it, and across the map the codes are as in `z` ``(L,)``.
    """

    model: ModelRef
    plane: dict[str, Any]
    places: np.ndarray
    z: np.ndarray
    look: ThumbnailLook


class Lattice(msgspec.Struct, frozen=True):
    """A picture of the sample at each place: `images` uint32 ``(M, height, width)``, premultiplied ``0xAARRGGBB``.

    Of samples that are text, `texts` are the words and the images are empty.
    """

    model: ModelRef
    images: np.ndarray
    texts: list[str] = []


class GaugeCode(msgspec.Struct, frozen=True):
    """Judge whether a code `z` ``(L,)`` is like those of real samples. Result: `Gauged`."""

    model: ModelRef
    data: Dataset
    z: np.ndarray


class Reading(msgspec.Struct, frozen=True):
    """One of the readings of `explorer.analysis.manifold`, of a code.

    `value` as it is there, `usual` that of half of the real samples; `level` 0 where it is usual, 1 where it is rare, 2
    where no real sample has such; `place` between 0 and 1 is where it stands on an even way, and `share` is that of
    the real samples with as great a one.
    """

    name: ReadingName
    value: float
    usual: float
    level: int
    place: float
    share: float


class Gauged(msgspec.Struct, frozen=True):
    """Whether a code is like those of real samples; see `GaugeCode`.

    `readings` are those that can be had: re-encoding is not of a model that decodes no samples. `posterior` tells
    whether the density is the aggregate posterior's, else it is a kernel density's. All is empty where there are too
    few samples to tell.
    """

    model: ModelRef
    z: np.ndarray
    readings: list[Reading]
    posterior: bool


class MapManifold(msgspec.Struct, frozen=True):
    """Take one of the readings all over a map. Result: `ManifoldMap`.

    `plane` and `z` as in `DrawLattice`; `x` ``(nx,)`` and `y` ``(ny,)`` are coordinates on the map, rising.
    """

    model: ModelRef
    data: Dataset
    plane: dict[str, Any]
    z: np.ndarray
    x: np.ndarray
    y: np.ndarray
    reading: ReadingName


class ManifoldMap(msgspec.Struct, frozen=True):
    """A reading all over a map: `values` and `places` float32 ``(ny, nx)``, the lowest row first; see `Reading`.

    `marks` are the least reading of real samples, their median, and where it becomes rare, and unlike any. `edge` and
    `far` are lines ``(K, 2)`` around what is less than the last two, on the map.
    """

    model: ModelRef
    reading: ReadingName
    values: np.ndarray
    places: np.ndarray
    marks: list[float]
    edge: list[np.ndarray]
    far: list[np.ndarray]
    posterior: bool


class DecodeCodes(msgspec.Struct, frozen=True):
    """Decode codes ``(M, L)``, and look at the samples around each. Result: `DecodedCodes`."""

    model: ModelRef
    codes: np.ndarray


class DecodedCodes(msgspec.Struct, frozen=True):
    """What codes decode to: `samples` ``(M, *output_shape)`` in the data's own units, or of tokens `texts` as well.

    `nearest` int64 ``(M,)`` are the samples whose codes are nearest, `distances` how far those are; -1 and NaN where
    the project has no codes of the run. `near` counts the samples within `radius` of each; see
    `explorer.analysis.blends.near_counts`. `times` ``(G,)`` are those of the samples where the decoder writes at times
    of its own.
    """

    model: ModelRef
    codes: np.ndarray
    samples: np.ndarray
    texts: list[str]
    nearest: np.ndarray
    distances: np.ndarray
    near: np.ndarray
    radius: float
    times: np.ndarray | None = None


class DrawCodes(msgspec.Struct, frozen=True):
    """Draw codes at random, and decode them. Result: `DecodedCodes`.

    `source` "prior" asks the model, which must be generative; the others are fitted to the codes of samples, see
    `explorer.analysis.drawing`.
    """

    model: ModelRef
    count: int
    source: Source
    seed: int = 0
