"""Write a figure."""

from __future__ import annotations

from explorer.progress import Progress
from explorer.workspace.messages import ExportFigure


def export_figure(request: ExportFigure, progress: Progress) -> str:
    """Draw a figure and write it, and return the path; see `ExportFigure`.

    Raises
    ------
    InputError
        If the file cannot be written, or its name ends otherwise than in .svg, .pdf, .png, .csv or .py.
    """
    from explorer.analysis import figures

    return str(figures.write(request.kind, request.content, request.path, request.style))
