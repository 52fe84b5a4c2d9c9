"""The command `denoise` over recordings: a project's run, or a filter without a project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    values = np.sin(np.arange(230) / 8)
    path = tmp_path / "long.csv"
    path.write_text("time;x\n" + "".join(f"{i};{value:.4f}\n".replace(".", ",") for i, value in enumerate(values)))
    return path


def test_a_filter_needs_no_project(call, recording: Path, tmp_path: Path) -> None:
    facts = call("denoise", "long.csv", "--denoiser", "median:5", "--out", "out.csv", "--json").json
    assert (facts["denoiser"], facts["n_steps"], facts["run"], facts["window"]) == ("median:5", 230, None, None)
    head = (tmp_path / "out.csv").read_text().splitlines()
    assert head[0] == "time;x" and head[3].startswith("2;0,")
    from scipy.ndimage import median_filter

    found, given = load(tmp_path / "out.csv").values[0, :, 0], load(recording).values[0, :, 0]
    np.testing.assert_allclose(found[2:-2], median_filter(given, 5)[2:-2], atol=1e-6)


def test_a_series_longer_than_the_models_samples_is_streamed(call, project: Path, recording: Path) -> None:
    answer = call("denoise", project, "long.csv", "--run", "1", "--out", "out.csv", "--json")
    assert "gone through in windows (--stream)" in answer.err
    assert (answer.json["run"], answer.json["window"], answer.json["hop"]) == (1, 50, 25)
    again = call(
        "denoise", project, "long.csv", "--run", "1", "--stream", "--overlap", "0.8", "--out", "o.csv", "--json"
    )
    assert again.json["hop"] == 10
    chain = call("denoise", project, "long.csv", "--denoiser", "median:3 + run:1", "--out", "o.csv", "--json").json
    assert chain["denoiser"] == "median:3 + run:1"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["long.csv", "--out", "o.csv"], "not a Latentscape project"),
        (["long.csv", "--stream", "--out", "o.csv"], "this is no project"),
        (["P", "--stream", "--out", "o.csv"], "no recording is named"),
        (["P", "sines", "--stream", "--out", "o.csv"], "'sines' is no file"),
        (["long.csv", "--denoiser", "median:5", "--corrupt", "gaussian:0.3", "--out", "o.csv"], "does not go with"),
        (["long.csv", "--denoiser", "median:5", "--no-stream", "--out", "o.csv"], "does not go with --denoiser"),
        (["long.csv", "--denoiser", "median:5", "--out", "o.tsv"], "ends in .csv"),
        (["long.csv", "--denoiser", "meadian:5", "--out", "o.csv"], "meadian"),
        (["no.csv", "--denoiser", "median:5", "--out", "o.csv"], "no such file"),
    ],
)
def test_mistakes_are_told_in_a_line(call, project: Path, recording: Path, arguments: list[str], problem: str) -> None:
    answer = call("denoise", *[str(project) if each == "P" else each for each in arguments])
    assert answer.status == 2 and problem in answer.err, answer.err
    assert answer.err.count("\n") == 1
