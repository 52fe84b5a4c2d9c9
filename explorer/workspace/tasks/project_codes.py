"""Lay the codes of a run out in two or three dimensions."""

from __future__ import annotations

import msgspec

from explorer.errors import InputError
from explorer.progress import Progress
from explorer.workspace.messages import ProjectCodes, Projected
from explorer.workspace.project import ProjectFile


def project_codes(request: ProjectCodes, progress: Progress) -> Projected:
    """Return the codes of a run, as they are in the project, in few dimensions; see `ProjectCodes`.

    Raises
    ------
    InputError
        If the run is gone or has no codes, or the method or a parameter does not exist.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.projections import project

    file = ProjectFile.look(request.model.project)
    try:
        version, codes = file.run(request.model.run).version, file.codes(request.model.run)
    finally:
        file.close()
    if codes is None:
        raise InputError(
            f"run {request.model.run} has no codes yet", source=request.model.project, remedy="Train it first"
        )
    found = project(codes, request.method, request.dims, request.params, request.seed, progress)
    axes = found.axes if request.method == "pca" else None
    return Projected(
        model=msgspec.structs.replace(request.model, version=version),
        method=request.method,
        dims=request.dims,
        coordinates=found.coordinates,
        mean=None if axes is None else axes.mean,
        vectors=None if axes is None else axes.vectors,
        ratios=None if axes is None else axes.ratios,
        params=found.params,
        seed=request.seed,
        n_placed=found.n_placed,
        note=found.note,
    )
