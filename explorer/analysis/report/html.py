"""A report as one HTML file: no network, no scripts to run, light and dark, and fit to be printed."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from html import escape
from typing import Any

from explorer.analysis.report import Picture, Report, Table
from explorer.data.writing import table_bytes
from explorer.progress import Progress, check

_SVG = "image/svg+xml"
_STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --muted: #5b6470; --line: #dde1e6; --field: #fff; --wash: #f4f5f7;
  --accent: #0b63ce; }
@media screen and (prefers-color-scheme: dark) { :root { --text: #e8ebef; --muted: #9ba5b1; --line: #313840;
  --field: #15181c; --wash: #1c2025; --accent: #5aa7ff; } }
body { margin: 0 auto; padding: 24px; max-width: 960px; color: var(--text); background: var(--field);
  font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 26px; margin: 0 0 8px; } h2 { font-size: 19px; margin: 40px 0 8px; } h3 { font-size: 15px; }
p, figcaption, caption { max-width: 72ch; } a { color: var(--accent); }
.lead li { margin: 4px 0; } .muted, figcaption, caption { color: var(--muted); font-size: 13px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 8px; } th, td { padding: 4px 16px 4px 0; text-align: left;
  border-bottom: 1px solid var(--line); vertical-align: top; } td.number { text-align: right; white-space: nowrap; }
thead th { color: var(--muted); font-weight: 600; } tbody th { font-weight: 600; }
figure { margin: 24px 0; } figure img { width: 100%; height: auto; }
pre { background: var(--wash); padding: 12px; overflow-x: auto;
  font: 12px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--accent); }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } figure, table { break-inside: avoid; }
  details { display: none; } }
"""


def page(report: Report, progress: Progress) -> bytes:
    """Return the file.

    Raises
    ------
    Cancelled
        If the person cancelled.
    """
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(report.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{escape(report.title)}</h1>",
        '<ul class="lead">' + "".join(f"<li>{escape(line)}</li>" for line in report.lead) + "</ul>",
    ]
    parts += [_table(table) for table in report.tables]
    if report.pictures:
        parts.append("<h2>Figures</h2>")
    for i, picture in enumerate(report.pictures):
        check(progress)
        progress.report(i / len(report.pictures), f"Drawing {picture.title}")
        parts.append(_figure(picture, i + 1))
    for heading, facts in report.settings.items():
        rows = tuple((name, value) for name, value in facts.items())
        parts.append(_table(Table(heading, ("", ""), rows)))
    if report.commands:
        parts.append("<h2>To come by this again</h2>\n<pre>" + escape("\n".join(report.commands)) + "</pre>")
    numbers = as_json(report.numbers)
    link = _link("All numbers of this report (JSON)", "numbers.json", "application/json", numbers.encode())
    parts.append(f"<h2>Numbers</h2>\n<p>{link}</p>")
    # A block of data: nothing runs it.
    safe = numbers.replace("<", "\\u003c")
    parts.append(f'<script type="application/json" id="numbers">{safe}</script>\n</main>\n</body>\n</html>\n')
    progress.report(1.0, "Writing")
    return "\n".join(parts).encode()


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in table.header)
    head = f"<thead><tr>{head}</tr></thead>" if any(table.header) else ""
    body = "".join(f"<tr>{_cells(row)}</tr>\n" for row in table.rows)
    note = f"<caption>{escape(table.note)}</caption>" if table.note else ""
    heading = f"<h2>{escape(table.title)}</h2>"
    return f'{heading}\n<div class="wide"><table>{note}{head}\n<tbody>{body}</tbody></table></div>'


def _cells(row: tuple[str, ...]) -> str:
    first, *rest = row
    return f'<th scope="row">{escape(first)}</th>' + "".join(
        f'<td class="number">{escape(cell)}</td>' if _is_number(cell) else f"<td>{escape(cell)}</td>" for cell in rest
    )


def _is_number(cell: str) -> bool:
    return bool(cell) and cell.lstrip("+−-<≥ ")[:1].isdigit() and not any(c.isalpha() and c not in "e" for c in cell)


def _figure(picture: Picture, number: int) -> str:
    from explorer.analysis.figures import FigureStyle, render
    from explorer.analysis.figures.script import script

    looks = (FigureStyle(theme="print"), FigureStyle(theme="dark"))
    light, dark = (render(picture.kind, picture.content, "svg", look) for look in looks)
    made = script(picture.kind, picture.content)
    words = f"Figure {number}. {picture.title}"
    table = table_bytes(made.columns)
    links = " · ".join(
        [
            _link("numbers (CSV)", f"{picture.name}.csv", "text/csv", table),
            _link("script (Python)", f"{picture.name}.py", "text/x-python", made.text.encode()),
            _link("figure (SVG)", f"{picture.name}.svg", _SVG, light),
        ]
    )
    alt, source, image = escape(f"{words}. {picture.caption}", quote=True), _data(_SVG, dark), _data(_SVG, light)
    return (
        f'<figure id="{escape(picture.name)}">\n<picture><source media="screen and (prefers-color-scheme: dark)" '
        f'srcset="{source}"><img alt="{alt}" src="{image}"></picture>\n'
        f"<figcaption><strong>{escape(words)}.</strong> {escape(picture.caption)}<br>{links}</figcaption>\n"
        f"<details><summary>The script that redraws it from its numbers</summary>"
        f"<pre>{escape(made.text)}</pre></details>\n</figure>"
    )


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _link(text: str, name: str, kind: str, content: bytes) -> str:
    return f'<a download="{escape(name, quote=True)}" href="{_data(kind, content)}">{escape(text)}</a>'


def as_json(value: Any) -> str:
    """Return numbers as the command line prints them; what is no finite number is null."""
    return json.dumps(_plain(value), allow_nan=False, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: what is no finite number as None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
