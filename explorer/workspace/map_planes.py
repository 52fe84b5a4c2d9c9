"""What a map's coordinates mean, in words that a worker understands: it has the project's codes and layouts itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.analysis.planes import NeighbourPlane, Plane, plane_from_json
from explorer.errors import InputError
from explorer.workspace.messages import ModelRef
from explorer.workspace.project import ProjectFile

LAYOUT = "layout"
"""The kind of a plane that is a layout kept in the project."""


def plane_words(plane: Plane, method: str = "", dims: int = 2) -> dict[str, Any]:
    """Return a plane in plain values; one that was laid out is named by its method, and read from the project."""
    if isinstance(plane, NeighbourPlane):
        return {"kind": LAYOUT, "method": method, "dims": dims}
    return plane.to_json()


def plane_from_words(words: dict[str, Any], ref: ModelRef) -> Plane:
    """Return the plane of `plane_words` over the codes that a run has in the project now.

    Raises
    ------
    InputError
        If the run, its codes or the layout are gone, or do not fit the plane.
    """
    project = ProjectFile.look(ref.project)
    try:
        codes = project.codes(ref.run)
        laid_out = words.get("kind") == LAYOUT
        layout = project.layout(ref.run, str(words["method"]), int(words["dims"])) if laid_out else None
    finally:
        project.close()
    if codes is None:
        raise InputError(f"run {ref.run} has no codes yet", source=ref.project, remedy="Train it first")
    if laid_out:
        if layout is None or len(layout.coordinates) != len(codes):
            raise InputError(f"the layout of run {ref.run} is gone", source=ref.project, remedy="Lay it out again")
        return NeighbourPlane(layout.coordinates, codes)
    plane = plane_from_json(words, codes)
    if plane is None:
        raise InputError("the plane does not fit the codes", source=ref.project, remedy="Choose other axes")
    return plane


def held_across(plane: Plane, z: np.ndarray) -> np.ndarray:
    """Return a code that tells what `z` ``(L,)`` is across the map, the same wherever `z` is on it."""
    if plane.approximate:
        return np.zeros(0)
    return plane.lift(np.zeros(plane.dims), np.asarray(z, dtype=np.float64))
