"""Decode codes all over a map, and draw them small."""

from __future__ import annotations

import numpy as np

from explorer.errors import UnsupportedError
from explorer.progress import Progress
from explorer.workspace.drawn_small import drawn_small
from explorer.workspace.fitted import decoded_of, fitted
from explorer.workspace.map_planes import plane_from_words
from explorer.workspace.messages import DrawLattice, Lattice


def draw_lattice(request: DrawLattice, progress: Progress) -> Lattice:
    """Return a picture of what the decoder makes of each place; see `DrawLattice`.

    Raises
    ------
    InputError
        If the run, its codes or the map's layout are gone.
    UnsupportedError
        If the model has no decoder.
    Cancelled
        If the person cancelled.
    """
    model, used = fitted(request.model)
    if not model.can_decode:
        raise UnsupportedError(f"{model.title} has no decoder that starts from one code")
    plane = plane_from_words(request.plane, request.model)
    codes = plane.lift_all(np.asarray(request.places, np.float64), np.asarray(request.z, np.float64))
    return Lattice(used, *drawn_small(model, decoded_of(model, codes, progress), request.look))
