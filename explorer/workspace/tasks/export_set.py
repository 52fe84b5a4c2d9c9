"""Write a named set to a file."""

from __future__ import annotations

from explorer.progress import Progress
from explorer.workspace.messages import ExportSet
from explorer.workspace.named_sets import NamedSet
from explorer.workspace.set_contents import write_set


def export_set(request: ExportSet, progress: Progress) -> str:
    """Write the samples of a set, and return the path of the file; see `ExportSet`."""
    progress.report(0.0, f"Writing {request.name}")
    chosen = NamedSet(request.name, len(request.dataset), request.bits)
    return str(write_set(request.path, request.dataset, chosen, codes=request.codes, samples=request.samples))
