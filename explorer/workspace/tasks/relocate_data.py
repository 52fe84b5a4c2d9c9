"""Read a project's data file where it is now, and keep its place."""

from __future__ import annotations

from explorer.data.dataset import Dataset
from explorer.progress import Progress
from explorer.workspace.messages import RelocateData
from explorer.workspace.project import ProjectFile


def relocate_data(request: RelocateData, progress: Progress) -> Dataset:
    """Return the data set of the moved file, whose new place is then in the project; see `RelocateData`.

    Raises
    ------
    InputError
        If the file cannot be read, or holds other data.
    """
    project = ProjectFile.open(request.project)
    try:
        return project.relocate_data(request.data, request.path)
    finally:
        project.close()
