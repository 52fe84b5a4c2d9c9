"""What was found, as one document that needs nothing else: figures, tables, settings, and how to come by them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from explorer.analysis.look import FigureKind
from explorer.data.writing import write_bytes
from explorer.errors import InputError
from explorer.progress import Part, Progress, Silent

SUFFIXES = (".html", ".pdf")


@dataclass(frozen=True)
class Table:
    """A table as people read it.

    Parameters
    ----------
    title : str
    header : tuple of str
    rows : tuple of tuple of str
    note : str
        What else is to be said of it.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure: its kind and content, as `explorer.analysis.figures.draw` takes them, and what it shows."""

    name: str
    kind: FigureKind
    content: Mapping[str, Any]
    title: str
    caption: str = ""


@dataclass(frozen=True)
class Report:
    """A document.

    Parameters
    ----------
    title : str
    lead : tuple of str
        What it comes to, a sentence each.
    tables : tuple of Table
    pictures : tuple of Picture
    settings : dict of str to dict of str to str
        By heading: what the figures hang on.
    commands : tuple of str
        What to type to come by it again.
    numbers : dict
        All figures, as JSON.
    """

    title: str
    lead: tuple[str, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)


def check_suffix(path: str | Path) -> str:
    """Return the ending of a report's name.

    Raises
    ------
    InputError
        If it is none of a report.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"a report cannot be written as '{suffix or Path(path).name}'",
            source=path,
            remedy="Give a name that ends in .html or .pdf",
        )
    return suffix


def write(report: Report, path: str | Path, progress: Progress | None = None) -> Path:
    """Write a report: one HTML file, or a PDF and beside it an archive with the figures' numbers and scripts.

    Returns
    -------
    Path
        The file, absolute; it is whole or not there.

    Raises
    ------
    InputError
        If the path ends otherwise or cannot be written.
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    if check_suffix(path) == ".html":
        from explorer.analysis.report.html import page

        return write_bytes(path, page(report, progress))
    from explorer.analysis.report.pdf import document, sources

    path = Path(path).expanduser().absolute()
    archive = path.with_name(f"{path.stem}-figures.zip")
    pages = document(report, Part(progress, 0.0, 0.7), archive.name)
    write_bytes(archive, sources(report, Part(progress, 0.7, 0.3)))
    return write_bytes(path, pages)


__all__ = ["SUFFIXES", "Picture", "Report", "Table", "check_suffix", "write"]
