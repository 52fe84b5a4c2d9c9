"""Look at the head of a file."""

from __future__ import annotations

from explorer.data.reader import Preview, preview
from explorer.progress import Progress
from explorer.workspace.messages import PreviewData


def preview_data(request: PreviewData, progress: Progress) -> Preview:
    """Return what a reader makes of the head of a file; see `PreviewData`."""
    return preview(request.path, reader=request.reader, options=request.options)
