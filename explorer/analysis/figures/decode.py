"""A decoded sample beside the nearest real one.

Content: the facts of `explorer.analysis.figures.samples`, and::

    "decoded": float, sample shape    in the data's own units; str of text
    "mean": the same                  only of a record, of which "decoded" has what would be recorded, else NaN; both it
                                      and the nearest are drawn as dots, with the mean as a thin line behind
    "nearest": the same, or None      the real sample whose code is nearest
    "nearest_name": str
    "distance": float or None         Euclidean, between the two codes
    "z": float (L,)                   the code that was decoded
    "nearest_time": float (T,)        only of a model in continuous time: the times of the nearest real sample, which is
                                      drawn as dots; "time" is then the decoded curve's
    "last_seen": float                and when that sample was last observed
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.samples import Version, draw_versions
from explorer.analysis.figures.tables import columns_of
from explorer.analysis.look import FigureStyle


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    versions = []
    if content["nearest"] is not None:
        name = f"nearest real sample: {style.short(content['nearest_name'])}"
        if content["layout"] == "text":
            name = "nearest real sentence"
        if content["layout"] == "image":
            name = f"nearest: {style.short(content['nearest_name'], 16)}"
        own = content.get("nearest_time")
        near, dots = np.asarray(content["nearest"]), own is not None or "mean" in content
        versions.append(Version(name, near, palette.nearest, 1.1, dashed=True, time=own, dots=dots))
    if "mean" in content:
        versions.append(Version("mean", np.asarray(content["mean"]), palette.decoded, 0.6))
    versions.append(Version("decoded", np.asarray(content["decoded"]), palette.decoded, 1.7, dots="mean" in content))
    if content["layout"] == "image":
        versions.reverse()
    figure = style.new_figure(look)
    draw_versions(figure, content, versions, look, caption=_caption(content))
    return figure


def _caption(content: Mapping[str, Any]) -> str:
    z = np.asarray(content["z"], dtype=float)
    head = ", ".join(f"{value:.3g}" for value in z[:4])
    text = f"z = ({head}{', …' if len(z) > 4 else ''})"
    if content["distance"] is not None:
        text += f", distance to the nearest code {content['distance']:.3g}"
    return text


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the decoded and the nearest real sample as columns."""
    if content["layout"] == "text":
        return {name: np.array([content[name]]) for name in ("decoded", "nearest") if content[name] is not None}
    versions = {name: np.asarray(content[name]) for name in ("decoded", "mean") if name in content}
    if content["nearest"] is not None and content.get("nearest_time") is None:
        versions["nearest"] = np.asarray(content["nearest"])
    return columns_of(content, versions)
