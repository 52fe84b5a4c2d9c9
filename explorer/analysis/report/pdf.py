"""A report as PDF pages, set by matplotlib as its figures are."""

from __future__ import annotations

import io
import textwrap
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from explorer.analysis.look import FigureStyle
from explorer.analysis.report import Picture, Report, Table
from explorer.data.writing import table_bytes
from explorer.progress import Progress, check

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _MARGIN = 210.0, 297.0, 20.0
"""A4, in millimetres."""
_POINT = 25.4 / 72
_LOOK = FigureStyle(width_mm=210.0, height_mm=148.0, dpi=200)
"""Half a sheet for each figure."""
_CAPTION = 24.0
_CHARACTER = 0.58
"""Width of a character, on average, in parts of its height; of digits more."""


@dataclass
class _Pages:
    """Pages that are filled from above."""

    pages: list[Figure] = field(default_factory=list)
    left: float = 0.0
    """Millimetres that are left on the last page."""

    def room(self, height: float) -> float:
        """Return how far above the foot of a page something of that height begins; a new page where it needs one."""
        from matplotlib.figure import Figure

        if self.left < height:
            self.pages.append(Figure(figsize=(_WIDTH / 25.4, _HEIGHT / 25.4)))
            self.left = _HEIGHT - 2 * _MARGIN
        top = self.left + _MARGIN
        self.left -= height
        return top

    def line(self, text: str, size: float = 9.0, *, x: float = 0.0, top: float | None = None, **style: Any) -> float:
        """Write a line, and return where its top is."""
        top = self.room(size * 1.45 * _POINT) if top is None else top
        self.pages[-1].text((_MARGIN + x) / _WIDTH, top / _HEIGHT, text, fontsize=size, va="top", **style)
        return top

    def words(self, text: str, size: float = 9.0, **style: Any) -> None:
        """Write a paragraph."""
        width = int((_WIDTH - 2 * _MARGIN) / (size * _CHARACTER * _POINT))
        for line in textwrap.wrap(text, width) or [""]:
            self.line(line, size, **style)

    def heading(self, text: str) -> None:
        """Write a heading, which does not stand alone at the foot of a page."""
        if self.left < 30:
            self.left = 0
        self.room(min(self.left, 5.0) if self.pages else 0)
        self.line(text, 13, weight="bold")
        self.room(1.0)


def document(report: Report, progress: Progress, archive: str) -> bytes:
    """Return the PDF; `archive` is the file with the figures' numbers and scripts, which it names."""
    from matplotlib.backends.backend_pdf import PdfPages

    from explorer.analysis.figures.style import applied

    buffer = io.BytesIO()
    facts = {"Title": report.title, "Creator": "Latentscape", "CreationDate": None}
    with applied(_LOOK), PdfPages(buffer, metadata=facts) as file:
        pages = _Pages()
        pages.words(report.title, 18, weight="bold")
        pages.room(3)
        for line in report.lead:
            pages.words(line)
        for table in report.tables:
            _table(pages, table)
        for heading, settings in report.settings.items():
            _table(pages, Table(heading, ("", ""), tuple(settings.items())))
        if report.commands:
            pages.heading("To come by this again")
            for line in report.commands:
                for part in textwrap.wrap(line, 92, subsequent_indent="    ", break_long_words=True):
                    pages.line(part, 7.5, family="monospace")
        pages.heading("Figures")
        pages.words(f"Their numbers, and the scripts that redraw them, are in {archive} beside this file.")
        for page in pages.pages:
            file.savefig(page)
        for i, picture in enumerate(report.pictures):
            check(progress)
            progress.report(i / len(report.pictures), f"Drawing {picture.title}")
            file.savefig(_figure(picture, i + 1))
    return buffer.getvalue()


def _figure(picture: Picture, number: int) -> Figure:
    """Return a page with a figure and what it shows below it."""
    from explorer.analysis.figures import draw

    figure = draw(picture.kind, picture.content, _LOOK)
    engine: Any = figure.get_layout_engine()
    if engine is not None:
        engine.set(rect=(0.01, _CAPTION / _LOOK.height_mm, 0.97, 0.97 - _CAPTION / _LOOK.height_mm))
    text = f"Figure {number}. {picture.title}. {picture.caption}".strip()
    wrapped = textwrap.fill(text, int((_LOOK.width_mm - 10) / (8 * _CHARACTER * _POINT)))
    figure.text(5 / _LOOK.width_mm, (_CAPTION - 2) / _LOOK.height_mm, wrapped, fontsize=8, va="top")
    return figure


def _table(pages: _Pages, table: Table) -> None:
    """Set a table, its cells wrapped as far as the page's width asks for."""
    pages.heading(table.title)
    if table.note:
        pages.words(table.note, 8, style="italic")
    size, room = 7.5, int((_WIDTH - 2 * _MARGIN) / (7.5 * _CHARACTER * _POINT))
    cells = [row for row in (table.header, *table.rows) if any(row)]
    longest = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    widest = max(longest)
    while sum(min(each, widest) + 2 for each in longest) > room and widest > 6:
        widest -= 1
    for row in cells:
        wrapped = [textwrap.wrap(cell, min(each, widest)) or [""] for cell, each in zip(row, longest, strict=True)]
        lines = max(map(len, wrapped))
        if pages.left < lines * size * 1.45 * _POINT:
            pages.left = 0
        weight = "bold" if row is table.header else "normal"
        for line in range(lines):
            top, x = None, 0.0
            for column, each in zip(wrapped, longest, strict=True):
                text = column[line] if line < len(column) else ""
                top = pages.line(text, size, x=x, top=top, weight=weight)
                x += (min(each, widest) + 2) * size * _CHARACTER * _POINT


def sources(report: Report, progress: Progress) -> bytes:
    """Return an archive with the table of numbers and the script of each figure, and all numbers as JSON."""
    from explorer.analysis.figures.script import script
    from explorer.analysis.report.html import as_json

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, picture in enumerate(report.pictures):
            check(progress)
            progress.report(i / len(report.pictures), f"Writing {picture.title}")
            made = script(picture.kind, picture.content)
            for suffix, data in ((".csv", table_bytes(made.columns)), (".py", made.text.encode())):
                entry = zipfile.ZipInfo(f"{picture.name}{suffix}")
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        archive.writestr(zipfile.ZipInfo("numbers.json"), as_json(report.numbers).encode())
    return buffer.getvalue()
