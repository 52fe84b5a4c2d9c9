"""What to say where there is no map, or one that needs a word. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from explorer.workspace.workspace import Workspace

ButtonName = Literal["open", "sample", "train"]


@dataclass(frozen=True)
class Missing:
    """What stands in for the map: a heading, advice, and the buttons to follow it."""

    heading: str
    advice: str
    buttons: tuple[ButtonName, ...] = ()


def missing(workspace: Workspace) -> Missing | None:
    """Return why there is no map to show; None where there is one."""
    data, run, codes = workspace.data, workspace.run, workspace.codes
    if data is None and workspace.missing is not None:
        return Missing("The data are not where they were", str(workspace.missing), ("open",))
    if data is None and workspace.pending_data is not None:
        return Missing("Reading the data", "The map appears when they are here.")
    if data is None:
        return Missing(
            "No data yet",
            "Open a file of time series, vectors or images, or drop one on the window.",
            ("open", "sample"),
        )
    if run is None:
        return Missing("No map yet", f"Train a model on {data.name} to see the codes of its samples.", ("train",))
    if codes is None or not len(codes):
        if run.active:
            return Missing(f"Training {run.name}", "The map appears with the first epoch, and refreshes as it learns.")
        if run.status == "failed":
            reason = run.error.rstrip(".") or "The training failed"
            return Missing(f"{run.name} failed", f"{reason}.", ("train",))
        return Missing("No map of this run", f"{run.name} ended before it had any codes. Train it again.", ("train",))
    if not np.isfinite(codes).all(axis=1).any():
        return Missing(
            "The codes are not numbers",
            f"The training of {run.name} diverged. Try a smaller learning rate, or gradient clipping.",
            ("train",),
        )
    return None


def standing_note(workspace: Workspace) -> str:
    """Return a short remark on the map that is shown; empty where none is needed."""
    run, codes = workspace.run, workspace.codes
    if run is None or codes is None:
        return ""
    if run.active:
        return "paused" if run.status == "paused" else "refreshes while it trains"
    finite = codes[np.isfinite(codes).all(axis=1)]
    if len(finite) > 1 and not np.ptp(finite, axis=0).any():
        return f"all {len(finite):,} samples have the same code: the model tells them no longer apart"
    if run.status == "diverged":
        return "the training diverged; these are its last good codes"
    return ""
