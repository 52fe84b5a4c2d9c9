"""From sample to sample, from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.workspace.project import ProjectFile


def codes_of(project: Path, run: int) -> np.ndarray:
    file = ProjectFile.open(project)
    codes = file.codes(run)
    file.close()
    return codes


def test_a_way_leads_through_the_codes_of_its_samples(call, project: Path, tmp_path: Path) -> None:
    facts = call("interpolate", project, "0", "s5", "9", "--steps", "5", "--out", "w.npz", "--json").json
    codes = codes_of(project, 2)
    assert facts["through"] == [0, 5, 9]
    with np.load(tmp_path / "w.npz", allow_pickle=False) as archive:
        np.testing.assert_allclose(archive["z"][[0, 2, 4]], codes[[0, 5, 9]], atol=1e-6)
        np.testing.assert_allclose(archive["z"][1], codes[[0, 5]].mean(axis=0), atol=1e-6)
        assert archive["values"].shape == (5, 6)
    assert len(facts["near"]) == 5 and facts["near"][0] >= 1 and facts["radius"] > 0


def test_it_is_drawn_as_a_figure_with_its_numbers_and_as_an_animation(call, project: Path, tmp_path: Path) -> None:
    told = call("interpolate", project, "0", "1", "--run", "1", "--out", "w.svg").out
    assert "7 samples from 0 to 1" in told and "near" in told
    assert (tmp_path / "w.svg").read_text(encoding="utf-8").startswith("<?xml")
    small = ("--width-mm", "60", "--height-mm", "40", "--dpi", "50", "--steps", "3")
    assert call("interpolate", project, "0", "1", "--run", "1", "--out", "w.gif", *small).status == 0
    with Image.open(tmp_path / "w.gif") as film:
        assert getattr(film, "n_frames", 1) == 3
    assert call("interpolate", project, "0", "1", "--out", "w.csv", "--way", "spherical").status == 0
    with (tmp_path / "w.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) >= 7


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("0",), "from one sample to another"),
        (("0", "60"), "60"),
        (("0", "nobody"), "nobody"),
        (("0", "1", "--out", "w.mid"), "only melodies"),
        (("0", "1", "--out", "w.webm"), "no format"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(call, project: Path, arguments: tuple[str, ...], told: str) -> None:
    out = () if "--out" in arguments else ("--out", "w.csv")
    answer = call("interpolate", project, *arguments, *out)
    assert answer.status == 2
    assert told in answer.err and answer.err.count("\n") == 1
