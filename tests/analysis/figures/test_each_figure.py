"""What one figure shows, what its table holds, and what is refused."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from explorer.analysis.camera import Camera
from explorer.analysis.figures import FigureStyle, draw, numbers, render, write
from explorer.analysis.planes import NeighbourPlane
from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.training.history import History
from explorer.workspace.contents import loss_content, map_content
from explorer.workspace.run import Run
from tests.analysis.figures.examples import CONTENTS, data_sets


def test_map_table_holds_the_codes():
    columns = numbers(*CONTENTS["map-label"])
    assert list(columns) == ["sample", "name", "z1", "z3", "selected", "label"]
    codes = np.random.default_rng(1).standard_normal((40, 3))
    np.testing.assert_array_equal(columns["z3"], codes[:, 2])
    assert np.flatnonzero(columns["selected"]).tolist() == [1, 7]
    assert columns["label"][0] == "plain"


def test_map_column_that_shares_a_name_is_kept():
    dataset = Dataset(values=np.zeros((3, 2)), columns={"name": np.array([1.0, 2.0, np.nan])})
    columns = numbers("map", map_content(dataset, np.eye(3)[:, :2], "name"))
    assert columns["name"].tolist() == ["0", "1", "2"]
    assert columns["name (colour)"][1] == 2.0


def test_map_legend_names_the_classes_and_the_handle():
    legend = draw(*CONTENTS["map-label"]).legends[0]
    texts = [text.get_text() for text in legend.get_texts()]
    assert texts[0] == "plain" and texts[-2:] == ["selected (2)", "handle"]
    assert texts[1].endswith("…") and len(texts[1]) == 28


def test_many_classes_get_a_colour_bar():
    assert len(draw(*CONTENTS["map-label"]).axes) == 1
    assert len(draw(*CONTENTS["map-many"]).axes) == 2
    assert draw(*CONTENTS["map-value"]).axes[1].get_ylabel() == "age"


def test_dense_points_become_a_picture_in_vector_formats():
    def images(n: int) -> int:
        rng = np.random.default_rng(0)
        dataset = Dataset(values=np.zeros((n, 1)))
        svg = render("map", map_content(dataset, rng.standard_normal((n, 2)), ""), "svg", FigureStyle(dpi=72))
        return svg.count(b"<image")

    assert images(500) == 0
    assert images(20_001) == 1


def test_codes_that_are_missing_are_said_to_be():
    codes = np.random.default_rng(0).standard_normal((40, 2))
    codes[3] = np.nan
    content = map_content(data_sets()["series"], codes, selection=np.array([3, 4]))
    axes = draw("map", content).axes[0]
    assert axes.get_title(loc="left") == "showing 39 of 40: the others have no code"
    with pytest.raises(InputError, match="no codes"):
        draw("map", {**content, "codes": codes * np.nan})


def test_the_view_is_what_was_asked_for():
    content = map_content(data_sets()["series"], np.zeros((40, 2)), view=(-1.0, 2.0, -3.0, 4.0))
    axes = draw("map", content).axes[0]
    assert axes.get_xlim() == (-1.0, 2.0) and axes.get_ylim() == (-3.0, 4.0)


def test_three_coordinates_are_drawn_as_the_camera_sees_them():
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((40, 4)) * [1, 2, 3, 4]
    camera = Camera.start().turned(-0.3, 0.1, 0.2)
    content = map_content(data_sets()["series"], codes, "", axes=(3, 0, 1), handle=codes[5], camera=camera)
    axes = draw("map", content).axes[0]
    shown = codes[:, [3, 0, 1]]
    seen = camera.view(shown - (shown.min(axis=0) + shown.max(axis=0)) / 2)
    dots = axes.collections[0].get_offsets()
    np.testing.assert_allclose(dots, seen[np.argsort(seen[:, 2], kind="stable"), :2], atol=1e-12)
    sizes = axes.collections[0].get_sizes()
    assert (np.diff(sizes) > 0).all(), "the nearest come last, and are the largest"
    np.testing.assert_allclose(axes.collections[-1].get_offsets()[0], seen[5, :2])
    words = [text.get_text() for text in axes.texts]
    assert {"z4", "z1", "z2"} <= set(words)
    assert axes.get_aspect() == 1.0
    columns = numbers("map", content)
    np.testing.assert_array_equal(columns["z4"], codes[:, 3])
    assert [name for name in columns if name.startswith("z")] == ["z4", "z1", "z2"]


def test_an_axis_that_points_at_the_eye_has_no_name():
    content = map_content(data_sets()["series"], np.eye(40)[:, :3], "", axes=(0, 1, 2), camera=Camera.front())
    words = [text.get_text() for text in draw("map", content).axes[0].texts]
    assert "z1" in words and "z2" in words and "z3" not in words


def test_laid_out_maps_are_drawn_where_the_samples_lie():
    codes = np.random.default_rng(0).standard_normal((40, 5))
    places = np.random.default_rng(1).standard_normal((40, 2)).astype(np.float32)
    plane = NeighbourPlane(places, codes, ("t-SNE 1", "t-SNE 2"))
    content = map_content(data_sets()["series"], codes, "", plane=plane, place=np.array([0.5, 0.25]))
    np.testing.assert_array_equal(content["codes"], places)
    np.testing.assert_array_equal(content["handle"], [0.5, 0.25])
    axes = draw("map", content).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("t-SNE 1", "t-SNE 2")


def test_axes_and_columns_that_do_not_exist_are_refused():
    series = data_sets()["series"]
    with pytest.raises(InputError, match="axes 1 and 3"):
        map_content(series, np.zeros((40, 2)), axes=(0, 2))
    with pytest.raises(InputError, match=r"no column 'weight'.*age, ward"):
        map_content(series, np.zeros((40, 2)), "weight")


def test_colours_of_samples():
    sets, codes = data_sets(), np.zeros((40, 2))
    assert map_content(sets["series"], codes, "split")["class_names"] == ["train", "validation", "test"]
    wards = map_content(sets["series"], codes, "ward")
    assert (wards["colour_kind"], wards["class_names"]) == ("class", ["a", "b"])
    assert wards["colours"].tolist() == [0, 1] * 20
    assert map_content(sets["series"], codes, "age")["colour_kind"] == "value"
    assert map_content(sets["plane"], codes, "label")["colour_kind"] == ""


def test_series_tables_have_units_and_the_time():
    columns = numbers(*CONTENTS["decode-series"])
    assert list(columns) == ["time (s)", "decoded (mV)", "nearest (mV)"]
    series = data_sets()["series"]
    np.testing.assert_array_equal(columns["nearest (mV)"], series.values[3, :, 0])
    assert columns["time (s)"][1] == pytest.approx(0.02)
    columns = numbers(*CONTENTS["denoise-series"])
    assert list(columns) == ["time (s)", "clean (mV)", "noisy (mV)", "denoised (mV)", "denoised - clean (mV)"]
    np.testing.assert_allclose(
        columns["denoised - clean (mV)"], columns["denoised (mV)"] - columns["clean (mV)"], atol=1e-6
    )


def test_axis_labels_have_units():
    top, below = draw(*CONTENTS["denoise-series"]).axes
    assert top.get_ylabel() == "lead II (mV)"
    assert below.get_xlabel() == "time (s)" and below.get_ylabel() == "residual\n(mV)"


def test_image_tables_have_a_row_a_pixel():
    columns = numbers(*CONTENTS["decode-image"])
    image = data_sets()["image"].values[3, :, :, 0]
    place = int(np.flatnonzero((columns["row"] == 5) & (columns["column"] == 2))[0])
    assert columns["nearest (counts)"][place] == image[5, 2]


def test_the_curves_are_the_data():
    axes = draw(*CONTENTS["decode-series"]).axes[0]
    series = data_sets()["series"].values
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), series[3, :, 0])
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), series[0, :, 0] * np.float32(0.9))


def test_a_lone_value_between_gaps_is_a_dot():
    axes = draw(*CONTENTS["decode-gaps"]).axes[0]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in dots] == [[7.0], [7.0]]


def test_channels_that_do_not_fit_are_counted():
    figure = draw(*CONTENTS["decode-channels"])
    assert "showing 5 of 9 channels" in figure.legends[0].get_title().get_text()
    assert len(draw(*CONTENTS["decode-channels"], FigureStyle(height_mm=220)).axes) == 9
    assert len(numbers(*CONTENTS["decode-channels"])) == 1 + 2 * 9


def test_denoising_without_a_truth_shows_what_was_taken():
    content = {**CONTENTS["denoise-series"][1], "clean": None, "metrics": {}}
    columns = numbers("denoise", content)
    assert list(columns)[-1] == "noisy - denoised (mV)"
    assert "clean" not in [text.get_text() for text in draw("denoise", content).legends[0].get_texts()]


def test_loss_of_one_term_has_one_panel():
    content = dict(CONTENTS["loss-terms"][1])
    content["terms"] = {"loss": content["terms"]["loss"], "reconstruction": content["terms"]["loss"]}
    assert len(draw("loss", content).axes) == 1
    assert list(numbers("loss", content)) == [
        "epoch", "train loss", "validation loss", "train reconstruction", "validation reconstruction",
    ]  # fmt: skip


def test_phases_are_parted_and_named():
    assert CONTENTS["loss-terms"][1]["phases"] == []
    content = CONTENTS["loss-phases"][1]
    assert content["phases"] == [[1, "autoencoder"], [5, "supervisor"], [9, "both"]]
    first, second = draw("loss", content).axes
    assert [text.get_text() for text in first.texts] == ["autoencoder", "supervisor", "both"]
    for axes in (first, second):
        assert [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "-"][-2:] == [4.5, 8.5]


def test_a_run_without_epochs_has_no_loss():
    content = loss_content(Run(id=1, name="pca", data=1, recipe="pca", history=History()))
    with pytest.raises(InputError, match="not trained in epochs"):
        draw("loss", content)


def test_vector_figures_have_the_size_that_was_asked_for():
    svg = render(*CONTENTS["loss-one"], "svg", FigureStyle(width_mm=85, height_mm=60)).decode()
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    assert width == pytest.approx(85 / 25.4 * 72, abs=0.3) and height == pytest.approx(60 / 25.4 * 72, abs=0.3)


@pytest.mark.parametrize(
    ("style", "message"),
    [
        (FigureStyle(width_mm=5), "width cannot be 5 mm"),
        (FigureStyle(dpi=5), "resolution"),
        (FigureStyle(width_mm=2000, height_mm=2000, dpi=2400), "too large"),
        (FigureStyle(width_mm=25, height_mm=25, font_size=60), "too small for its labels"),
    ],
)
def test_impossible_styles_are_refused(style: FigureStyle, message: str):
    with pytest.raises(InputError, match=message):
        render(*CONTENTS["denoise-series"], "png", style)


def test_unknown_endings_and_kinds_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"\.jpg'.*\.svg, \.pdf, \.png, \.csv or \.py"):
        write(*CONTENTS["loss-one"], tmp_path / "x.jpg")
    with pytest.raises(InputError, match="no figure called 'pie'"):
        write("pie", {}, tmp_path / "x.svg")


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "x.svg"
    path.write_text("old")
    with pytest.raises(InputError, match="Make its folder first"):
        write(*CONTENTS["loss-one"], tmp_path / "no" / "x.svg")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        write(*CONTENTS["loss-one"], tmp_path / "folder.svg")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"No space left on device.*make room"):
        write(*CONTENTS["loss-one"], path)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir() if item.is_file()] == ["x.svg"]
