"""What is said of a sample under the pointer, and how the workspace's colouring is drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from explorer.data.dataset import PART_NAMES
from explorer.gui.map.colours import Colouring
from explorer.workspace.view_state import SETS, colour_values
from explorer.workspace.workspace import Workspace


def description(workspace: Workspace, index: int) -> list[str]:
    """Return a sample's name, label and value of the colouring, a line each."""
    data, name = workspace.data, workspace.colouring
    if data is None or not 0 <= index < len(data):
        return [str(index)]
    lines = [data.sample_name(index) if data.names is not None else f"sample {index}"]
    if data.labels is not None:
        label = int(data.labels[index])
        lines.append(f"label: {data.class_names[label] if label >= 0 else 'none'}")
    if name in data.columns:
        value = data.columns[name][index]
        lines.append(f"{name}: {value:.4g}" if isinstance(value, np.floating) else f"{name}: {value}")
    elif name == SETS:
        lines.append(f"sets: {', '.join(each.name for each in workspace.sets if each.holds(index)) or 'none'}")
    elif name == "split":
        lines.append(f"part: {PART_NAMES[int(data.split[index])]}")
    return lines


def colouring_of(workspace: Workspace) -> Colouring:
    """Return by what the workspace's samples are coloured."""
    return colouring_to_be(workspace)()


def colouring_to_be(workspace: Workspace) -> Callable[[], Colouring]:
    """Return what finds out by what the samples are coloured as the workspace is now; any thread may call it."""
    name = workspace.colouring
    if not name:
        return Colouring
    data, sets = workspace.data, tuple(workspace.sets)

    def found() -> Colouring:
        kind, values, names = colour_values(data, name, sets)
        return Colouring(kind, "part" if name == "split" else name, values, names).counted()

    return found
