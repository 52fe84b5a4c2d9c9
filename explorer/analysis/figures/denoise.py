"""A sample clean, noisy and denoised, with what is left between.

Content: the facts of `explorer.analysis.figures.samples`, and::

    "clean": float, sample shape, or None    the truth, where it is known
    "noisy", "denoised": float, sample shape
    "sample_name": str
    "corruption": str or None                as it is written: "gaussian:0.3"
    "metrics": dict of str to float          "mse", "snr_gain_db", … where the truth is known
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
    versions = [Version("noisy", np.asarray(content["noisy"]), palette.noisy, 0.9, marker="x")]
    if content["clean"] is not None:
        # Dashed as well as of another colour: green and orange are one to some eyes, and on grey paper.
        versions.append(Version("clean", np.asarray(content["clean"]), palette.clean, 1.5, dashed=True))
    versions.append(Version("denoised", np.asarray(content["denoised"]), palette.denoised, 1.5, marker="D"))
    if content["layout"] == "image":
        versions.sort(key=lambda version: ("clean", "noisy", "denoised").index(version.name))
    figure = style.new_figure(look)
    draw_versions(figure, content, versions, look, residual=_residual(content), caption=_caption(content))
    return figure


def _residual(content: Mapping[str, Any]) -> tuple[str, np.ndarray]:
    """Return what the denoised differs by from the clean; or, where that is unknown, what was taken away."""
    denoised = np.asarray(content["denoised"])
    if content["clean"] is None:
        return "noisy − denoised", np.asarray(content["noisy"]) - denoised
    return "denoised − clean", denoised - np.asarray(content["clean"])


def _caption(content: Mapping[str, Any]) -> str:
    parts = [f"sample {style.short(content['sample_name'])}"]
    if content["corruption"]:
        parts.append(style.short(content["corruption"], 40))
    metrics = content["metrics"]
    if metrics.get("snr_gain_db") is not None:
        parts.append(f"SNR gain {metrics['snr_gain_db']:+.1f} dB".replace("-", "−"))
    if metrics.get("mse") is not None:
        parts.append(f"MSE {metrics['mse']:.3g}")
    return ", ".join(parts)


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return clean, noisy, denoised and the residual as columns."""
    title, residual = _residual(content)
    versions = {} if content["clean"] is None else {"clean": np.asarray(content["clean"])}
    versions |= {"noisy": np.asarray(content["noisy"]), "denoised": np.asarray(content["denoised"])}
    # Plain ASCII in the header of a table: a hyphen for the minus sign.
    return columns_of(content, versions | {title.replace("−", "-"): residual})
