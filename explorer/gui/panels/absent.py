"""Why a panel has no data to show."""

from __future__ import annotations

from explorer.workspace.workspace import Workspace


def why_no_data(workspace: Workspace) -> str:
    """Return a sentence for the empty state of a panel that wants data."""
    if workspace.missing is not None:
        return str(workspace.missing)
    if workspace.pending_data is not None:
        return "The data are being read."
    return "Open a file, drop one on the window, or take a built-in set."
