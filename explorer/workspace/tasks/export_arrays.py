"""Write numbers to a file."""

from __future__ import annotations

from explorer.data.writing import write_columns
from explorer.progress import Progress
from explorer.workspace.messages import ExportArrays


def export_arrays(request: ExportArrays, progress: Progress) -> str:
    """Write a table or named arrays, whole or not at all, and return the path; see `ExportArrays`.

    Raises
    ------
    InputError
        If the file cannot be written, or its name ends otherwise than in .csv, .tsv or .npz.
    """
    return str(write_columns(request.path, request.columns))
