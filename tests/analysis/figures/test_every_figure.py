"""One battery over every kind of figure and every layout of data."""

from __future__ import annotations

import csv
import io
import struct
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from explorer.analysis.figures import FigureStyle, draw, numbers, render, write
from explorer.analysis.figures.style import applied
from explorer.analysis.palette import PALETTES
from explorer.data.writing import table_bytes
from tests.analysis.figures.examples import CONTENTS

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("style", [FigureStyle(dpi=100), FigureStyle(width_mm=85, height_mm=70, font_size=7, dpi=100)])
def test_nothing_is_cut_off_or_covered(case, style: FigureStyle):
    figure = draw(*case, style)
    with applied(style):
        figure.draw_without_rendering()
        box = figure.get_tightbbox()
        assert box.x0 >= 0 and box.y0 >= 0, box
        assert box.x1 <= style.width_mm / 25.4 + 0.01 and box.y1 <= style.height_mm / 25.4 + 0.01, box
        for legend in figure.legends:
            for axes in figure.axes:
                assert not legend.get_window_extent().overlaps(axes.get_window_extent())


def test_files_are_whole(case):
    style = FigureStyle(width_mm=100, height_mm=80, dpi=72, theme="light", font_size=7)
    svg = render(*case, "svg", style)
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert not list(root.iter(f"{SVG}text")), "text is outlines, for every machine"
    assert len(list(root.iter(f"{SVG}use"))) > 5
    assert b"<dc:date>" not in svg
    png = render(*case, "png", style)
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[-12:-4] == b"\0\0\0\0IEND"
    assert struct.unpack(">II", png[16:24]) == (round(100 / 25.4 * 72), round(80 / 25.4 * 72))


@pytest.mark.parametrize("name", ["map-label", "loss-terms", "denoise-image"])
@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_figure_gives_the_same_bytes(name: str, form: str):
    assert render(*CONTENTS[name], form, FigureStyle(dpi=72)) == render(*CONTENTS[name], form, FigureStyle(dpi=72))


@pytest.mark.parametrize("name", ["map-value", "decode-space", "denoise-rgb", "loss-terms"])
def test_pdf_is_whole(name: str):
    pdf = render(*CONTENTS[name], "pdf", FigureStyle(dpi=72))
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("theme", ["dark", "print"])
def test_pdf_carries_its_fonts(theme: str):
    data = render(*CONTENTS["map-label"], "pdf", FigureStyle(theme=theme))
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
    assert b"/FontFile2" in data and b"/Type3" not in data
    assert b"/CreationDate" not in data
    assert render(*CONTENTS["map-label"], "pdf", FigureStyle(theme=theme)) == data


def test_numbers_are_columns_of_one_length(case):
    columns = numbers(*case)
    assert len({len(column) for column in columns.values()}) == 1
    rows = list(csv.reader(io.StringIO(table_bytes(columns).decode())))
    assert rows[0] == list(columns)
    assert len(rows) == 1 + len(next(iter(columns.values())))
    for index, column in enumerate(columns.values()):
        if column.dtype.kind == "f":
            read = np.array([float(row[index] or "nan") for row in rows[1:]], dtype=column.dtype)
            np.testing.assert_array_equal(read, column)


def test_the_background_is_the_theme(tmp_path: Path):
    from matplotlib.image import imread

    for theme, palette in PALETTES.items():
        path = write(*CONTENTS["loss-one"], tmp_path / f"{theme}.png", FigureStyle(theme=theme, dpi=50))
        corner = np.round(imread(path)[0, 0, :3] * 255).astype(int)
        assert "#{:02X}{:02X}{:02X}".format(*corner) == palette.field


def test_the_settings_of_matplotlib_are_neither_used_nor_changed():
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9}):
        before = dict(matplotlib.rcParams)
        odd = render(*CONTENTS["loss-terms"], "svg")
        assert dict(matplotlib.rcParams) == before
    assert odd == render(*CONTENTS["loss-terms"], "svg")


def test_pyplot_is_not_loaded():
    import subprocess
    import sys

    program = (
        "import sys; from explorer.analysis.figures import render; import tests.analysis.figures.examples as c;"
        "render(*c.CONTENTS['decode-series'], 'svg'); assert 'matplotlib.pyplot' not in sys.modules;"
        "assert 'torch' not in sys.modules and 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_strange_names_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for form in ("svg", "pdf", "png"):
            render(*CONTENTS["decode-named"], form)
