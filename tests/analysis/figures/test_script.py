"""The script that redraws a figure: of every kind and layout, it draws what the figure shows."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.testing import assert_allclose

from explorer.analysis.figures import FigureStyle, draw, script, write
from explorer.analysis.figures.style import applied
from explorer.errors import UnsupportedError
from tests.analysis.figures.examples import CONTENTS


def _redrawn(path: Path, monkeypatch: pytest.MonkeyPatch) -> Figure:
    import matplotlib.pyplot as plt

    monkeypatch.setattr(Figure, "savefig", lambda *_, **__: None)  # it would take most of the time
    monkeypatch.setattr(matplotlib, "get_backend", lambda *_, **__: "agg")
    with matplotlib.rc_context():
        figure = runpy.run_path(str(path))["fig"]
        figure.draw_without_rendering()
        plt.close(figure)
    return figure


def _in_order(figure: Figure) -> list[Any]:
    """Return the axes, and behind them those of colour bars, by their labels."""
    plain = [axes for axes in figure.axes if not hasattr(axes, "_colorbar")]
    return plain + sorted((axes for axes in figure.axes if axes not in plain), key=lambda axes: axes.get_ylabel())


def _ticks(axis: Any) -> list[str]:
    """Return the labels of the ticks that are drawn."""
    return [tick.label1.get_text() for tick in axis._update_ticks() if tick.label1.get_visible()]


def _is_band(drawn: Any) -> bool:
    return isinstance(drawn, PolyCollection)


def _drawn(figure: Figure) -> list[dict[str, Any]]:
    """Return the numbers that are drawn on each axes, and its words; points in the order of their places."""
    found = []
    for axes in _in_order(figure):
        marks, curves = [np.zeros((0, 2))], []
        for line in axes.lines:
            assert isinstance(line, Line2D)
            data = np.asarray(line.get_xydata(), float)
            (marks if line.get_linestyle() in ("None", "none") else curves).append(data)
        for cloud in axes.collections:
            if isinstance(cloud, PathCollection):
                marks.append(np.asarray(np.ma.filled(cloud.get_offsets().astype(float), np.nan)))
            elif hasattr(cloud, "get_segments"):
                curves += [np.asarray(segment) for segment in cloud.get_segments()]
        points, bends = np.concatenate(marks), np.concatenate([np.zeros((0, 2)), *curves])
        bends = bends[np.isfinite(bends).all(axis=1)]
        boxes = [patch.get_bbox().bounds for patch in axes.patches if hasattr(patch, "get_bbox")]
        found.append(
            {
                "points": points[np.lexsort(points.T)],
                "curves": bends[np.lexsort(bends.T)],
                "boxes": np.array(boxes).reshape(-1, 4),
                "images": [np.ma.filled(image.get_array().astype(float), np.nan) for image in axes.images],
                "bands": [path.vertices for band in axes.collections if _is_band(band) for path in band.get_paths()],
                "limits": np.array([*axes.get_xlim(), *axes.get_ylim()]),
                "words": [axes.get_xlabel(), axes.get_ylabel(), axes.get_title(), axes.get_title(loc="left")],
                "ticks": [_ticks(axes.xaxis), _ticks(axes.yaxis)],
                "place": np.array(axes.get_position().bounds),
            }
        )  # fmt: skip
    return found


# Decoded samples are drawn as denoised ones are, but for the residual; the others left out have twins, too.
ALIKE = {
    "loss-first",
    "loss-one",
    "labels-one",
    "map-none",
    "map-split",
    "map-one-axis",
    "denoise-gaps",
    "denoise-plane",
}
DIFFERENT = sorted(name for name in CONTENTS if name not in ALIKE and (name[:6] != "decode" or "space" in name))


@pytest.mark.parametrize("name", DIFFERENT)
@pytest.mark.filterwarnings("ignore:Glyph", "ignore:Matplotlib currently does not support")
def test_it_draws_what_the_figure_shows(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, look = CONTENTS[name], FigureStyle(dpi=72)
    figure = draw(*case, look)
    with applied(look):
        figure.draw_without_rendering()
        expected = _drawn(figure)
    again = _redrawn(write(*case, tmp_path / "f.py", look), monkeypatch)
    found = _drawn(again)
    assert len(found) == len(expected)
    for own, one in zip(found, expected, strict=True):
        assert own["words"] == one["words"]
        assert own["ticks"] == one["ticks"]
        for what in ("points", "curves", "boxes", "limits"):
            assert_allclose(own[what], one[what], rtol=1e-5, atol=1e-6, err_msg=what)
        for what in ("images", "bands"):
            assert len(own[what]) == len(one[what])
            for a, b in zip(own[what], one[what], strict=True):
                assert_allclose(a, b, rtol=1e-5, atol=1e-6, err_msg=what)
        assert_allclose(own["place"], one["place"], atol=0.02, err_msg="place")
    legends = [[text.get_text() for legend in each.legends for text in legend.get_texts()] for each in (again, figure)]
    assert legends[0] == legends[1]


def test_it_needs_nothing_of_ours(tmp_path: Path) -> None:
    """Run by itself, where the package cannot be imported, moved and renamed with its table."""
    write(*CONTENTS["denoise-series"], tmp_path / "first.py")
    for suffix in (".py", ".csv"):
        (tmp_path / f"first{suffix}").rename(tmp_path / f"other name{suffix}")
    blocked = "import sys; sys.modules['explorer'] = None; import runpy, matplotlib; matplotlib.use('agg');"
    program = f"{blocked} runpy.run_path('other name.py')"
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, cwd=tmp_path)
    assert (tmp_path / "other name.pdf").read_bytes().startswith(b"%PDF-")


def test_a_map_of_many_points_is_one_cloud_of_its_coordinates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.data.dataset import Dataset
    from explorer.workspace.contents import map_content

    codes = np.random.default_rng(0).standard_normal((21_000, 2))
    data = Dataset(values=np.zeros((21_000, 2), np.float32), labels=np.arange(21_000) % 3)
    made = script.script("map", map_content(data, codes, "label"))
    assert made.text.count("scatter(") == 1
    assert "ax1.scatter(data['z1'][data['drawn 1'].astype(int)], data['z2']" in made.text
    assert list(made.columns)[:4] == ["sample", "name", "z1", "z2"]


def test_what_it_cannot_draw_is_told() -> None:
    from matplotlib.patches import Wedge

    from explorer.analysis.figures.artists import Columns, artists

    axes = Figure().add_subplot()
    axes.add_patch(Wedge((0, 0), 1, 0, 90))
    with pytest.raises(UnsupportedError, match="Wedge"):
        list(artists(axes, "ax", Columns({"x": np.zeros(3)})))
