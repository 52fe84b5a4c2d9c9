"""Tell all over a map whether codes are like those of real samples."""

from __future__ import annotations

import numpy as np

from explorer.errors import UnsupportedError
from explorer.progress import Progress
from explorer.workspace.map_planes import plane_from_words
from explorer.workspace.messages import ManifoldMap, MapManifold
from explorer.workspace.surroundings import SURROUNDINGS


def map_manifold(request: MapManifold, progress: Progress) -> ManifoldMap:
    """Return one of the readings at each place of a grid; see `MapManifold`.

    Raises
    ------
    InputError
        If the run, its codes or the map's layout are gone.
    UnsupportedError
        If the reading cannot be had of this model, or of so few samples.
    Cancelled
        If the person cancelled.
    """
    from contourpy import contour_generator

    around = SURROUNDINGS.get(request.model, request.data, progress)
    scale = around.scales.get(request.reading)
    if scale is None:
        few = around.cloud is None
        reason = "there are too few samples" if few else f"{around.model.title} decodes no samples"
        raise UnsupportedError(f"{request.reading} cannot be judged: {reason}")
    plane = plane_from_words(request.plane, request.model)
    x, y = np.asarray(request.x, np.float64), np.asarray(request.y, np.float64)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    codes = plane.lift_all(places, np.asarray(request.z, np.float64))
    values = around.read(request.reading, codes, progress).reshape(len(y), len(x))
    placed = scale.place(values)
    edge, far = (
        [np.asarray(line) for line in contour_generator(x, y, np.ma.masked_invalid(placed)).lines(level)]
        if min(placed.shape) > 1
        else []
        for level in (0.6, 0.85)
    )
    marks = [float(scale.values[0]), scale.median, scale.edge, scale.far]
    assert around.cloud is not None
    return ManifoldMap(
        around.ref, request.reading, values.astype(np.float32), placed.astype(np.float32), marks, edge, far,
        posterior=around.cloud.posterior,
    )  # fmt: skip
