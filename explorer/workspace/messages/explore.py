"""Questions to a model that makes samples: what it decodes all over the map, and along ways through its codes."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

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
