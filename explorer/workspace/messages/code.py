"""The dimensions of a run's code, and what lies at the ends of each."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.messages.explore import ThumbnailLook
from explorer.workspace.messages.model import ModelRef


class RankAxes(msgspec.Struct, frozen=True):
    """Order the dimensions of a run's code on its `data`. Result: `RankedAxes`."""

    model: ModelRef
    data: Dataset


class RankedAxes(msgspec.Struct, frozen=True):
    """The dimensions, the most used first; see `explorer.analysis.code_axes.CodeAxes`."""

    model: ModelRef
    measure: str
    axes: np.ndarray
    weights: np.ndarray
    low: np.ndarray
    high: np.ndarray


class DrawEnds(msgspec.Struct, frozen=True):
    """Decode code `z` ``(L,)`` with some dimensions set to their ends, one at a time. Result: `Ends`.

    `axes` ``(K,)`` are the dimensions, `low` and `high` ``(K,)`` their ends.
    """

    model: ModelRef
    z: np.ndarray
    axes: np.ndarray
    low: np.ndarray
    high: np.ndarray
    look: ThumbnailLook


class Ends(msgspec.Struct, frozen=True):
    """Small pictures ``(K, 2, height, width)`` of what is decoded at both ends, as in `Lattice`; of text its words."""

    model: ModelRef
    images: np.ndarray
    texts: list[str] = []


class DrawBand(msgspec.Struct, frozen=True):
    """Tell where the samples of a code `z` ``(L,)`` lie, of a generative model. Result: `Band`.

    `near` is a data set of one sample, whose posterior says how sharply a code is known there; None: exactly.
    """

    model: ModelRef
    z: np.ndarray
    near: Dataset | None = None


class Band(msgspec.Struct, frozen=True):
    """Between `low` and `high`, each of a sample's shape, lie 90 % of the samples of code `z` at each entry."""

    model: ModelRef
    z: np.ndarray
    low: np.ndarray
    high: np.ndarray
