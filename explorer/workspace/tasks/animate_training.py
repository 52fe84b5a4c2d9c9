"""Write the maps of a run's epochs as an animation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from explorer.errors import InputError
from explorer.progress import Progress
from explorer.workspace.messages import AnimateTraining
from explorer.workspace.project import ProjectFile

MARGIN = 0.04
"""Of the map's size, left free around all that the points ever cover."""


def animate_training(request: AnimateTraining, progress: Progress) -> str:
    """Draw the maps and write them, and return the path; see `AnimateTraining`.

    Raises
    ------
    InputError
        If no map of an epoch was kept, the map cannot be animated, or the file cannot be written.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis import animation

    animation.check_name(request.path)
    project = ProjectFile.look(request.project)
    try:
        epochs = _spread(project.past_epochs(request.run), request.most)
        if not epochs:
            raise InputError(
                f"no map of an epoch of run {request.run} was kept",
                source=request.project,
                remedy="Choose a run that was trained in epochs, by this version of the program or a newer one",
            )
        contents = _contents(request, project, epochs)
        pictures = animation.figures("map", contents, request.style)
        return str(animation.write(request.path, pictures, len(epochs), rate=request.rate, progress=progress))
    finally:
        project.close()


def _spread(epochs: list[int], most: int) -> list[int]:
    """Return evenly many epochs of those there are, the first and the last among them."""
    if len(epochs) <= most:
        return epochs
    return [epochs[i] for i in np.linspace(0, len(epochs) - 1, max(2, most)).round().astype(int)]


def _contents(
    request: AnimateTraining, project: ProjectFile, epochs: list[int]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the map after each epoch, with a title; all of them show the same part of the plane."""
    from explorer.analysis.planes import plane_from_json
    from explorer.workspace.contents import map_content

    run = project.run(request.run)
    first = project.past_codes(run.id, epochs[0])
    plane = plane_from_json(request.plane, first.spread(len(request.data)))
    if plane is None or plane.approximate or plane.dims != 2:
        raise InputError(
            "this map cannot be animated", remedy="Show two axes of the code, or its first two principal components"
        )
    bounds: list[np.ndarray] = []
    for epoch in epochs:
        places = plane.project(project.past_codes(run.id, epoch).codes)
        places = places[np.isfinite(places).all(axis=1)]
        if len(places):
            bounds.append(np.stack([places.min(axis=0), places.max(axis=0)]))
    if not bounds:
        raise InputError("the codes of all epochs are no numbers", source=request.project)
    low, high = np.min(bounds, axis=0)[0], np.max(bounds, axis=0)[1]
    space = np.where(high > low, (high - low) * MARGIN, 0.5)
    view = (low[0] - space[0], high[0] + space[0], low[1] - space[1], high[1] + space[1])
    if plane.flat:
        view = (*view[:2], -1.0, float(len(request.data)))
    total = run.history.epochs[-1].number if run.history.epochs else epochs[-1]
    for epoch in epochs:
        past = project.past_codes(run.id, epoch)
        past.spread(len(request.data))  # says where they are not of these data
        data = request.data if past.stride == 1 else request.data.subset(np.arange(0, len(request.data), past.stride))
        title = f"{run.name}: epoch {epoch:,} of {total:,}"
        if past.stride > 1:
            title += f" (showing {len(data):,} of {len(request.data):,} samples)"
        yield title, map_content(data, past.codes, request.colouring, plane=plane, view=view)
