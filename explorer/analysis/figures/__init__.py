"""Figures for papers, drawn by matplotlib, with the numbers behind them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from explorer.analysis.look import FigureKind, FigureStyle, check
from explorer.data.writing import table_bytes, write_bytes
from explorer.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES: tuple[FigureKind, ...] = get_args(FigureKind)
SUFFIXES = (".svg", ".pdf", ".png", ".csv", ".py")


def _module(kind: str) -> ModuleType:
    if kind not in FIGURES:
        raise InputError(f"there is no figure called '{kind}'", remedy=f"Choose one of: {', '.join(FIGURES)}")
    return import_module(f"explorer.analysis.figures.{kind}")


def draw(kind: str, content: Mapping[str, Any], style: FigureStyle | None = None) -> Figure:
    """Draw a figure.

    Parameters
    ----------
    kind : str
        One of `FIGURES`; each is drawn by the module of that name.
    content : mapping
        Plain values and arrays, as the module of that kind documents.
    style : FigureStyle, optional

    Returns
    -------
    matplotlib.figure.Figure
        Not known to pyplot. matplotlib's global settings are left as they were.

    Raises
    ------
    InputError
        If the kind is unknown, the style is out of bounds, or there is nothing to draw.
    """
    from explorer.analysis.figures.style import applied

    look = style or FigureStyle()
    check(look)
    with applied(look):
        return _module(kind).draw(content, look)


def numbers(kind: str, content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the numbers behind a figure as columns of one length, by their titles with units."""
    return _module(kind).numbers(content)


def write(kind: str, content: Mapping[str, Any], path: str | Path, style: FigureStyle | None = None) -> Path:
    """Write a figure (.svg, .pdf, .png) or the numbers behind it (.csv); the file is whole or not there.

    A script (.py) is written with its numbers beside it; see `explorer.analysis.figures.script`. The same content and
    style give the same bytes.

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    InputError
        As `draw`; or if the path ends otherwise, cannot be written, or the figure is too small for its labels.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"a figure cannot be written as '{suffix or Path(path).name}'",
            source=path,
            remedy=f"Give a name that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}",
        )
    if suffix == ".csv":
        return write_bytes(path, table_bytes(numbers(kind, content)))
    if suffix == ".py":
        from explorer.analysis.figures import script

        return script.write(kind, content, path, style)
    return write_bytes(path, render(kind, content, suffix[1:], style))


def render(kind: str, content: Mapping[str, Any], form: str, style: FigureStyle | None = None) -> bytes:
    """Return the figure as the bytes of an "svg", "pdf" or "png"; see `write`."""
    from explorer.analysis.figures.style import applied

    look = style or FigureStyle()
    figure = draw(kind, content, look)
    metadata: dict[str, dict[str, str | None]] = {
        "svg": {"Date": None, "Creator": "Latentscape", "Title": kind},
        "pdf": {"CreationDate": None, "Creator": "Latentscape", "Title": kind},
        "png": {"Software": "Latentscape", "Title": kind},
    }
    buffer = io.BytesIO()
    with applied(look):
        try:
            figure.savefig(buffer, format=form, dpi=look.dpi, metadata=metadata[form])
        except UserWarning as reason:  # of constrained_layout, made an error by `applied`
            raise InputError(
                "the figure is too small for its labels", remedy="Make it larger, or its font smaller"
            ) from reason
    return buffer.getvalue()


__all__ = ["FIGURES", "SUFFIXES", "FigureKind", "FigureStyle", "draw", "numbers", "render", "write"]
