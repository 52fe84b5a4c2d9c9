"""The training as an animation, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image


def test_a_training_is_written_as_an_animation(call, project: Path, tmp_path: Path) -> None:
    small = ("--width-mm", "80", "--height-mm", "60", "--dpi", "50")
    facts = call("animate", project, "--run", "1", "--out", "a.gif", *small, "--json").json
    assert (facts["run"], facts["model"]) == (1, "lstm-autoencoder")
    with Image.open(tmp_path / "a.gif") as film:
        assert film.size == (157, 118)
        assert getattr(film, "n_frames", 1) in (1, 2)  # of two quick epochs the second may not have been kept


@pytest.mark.parametrize(
    ("run", "options", "told"),
    [
        ("2", (), "no map of an epoch of run 2 was kept"),
        ("1", ("--axes", "1,3"), "do not fit codes of 2"),
        ("1", ("--axes", "1"), "not two coordinates"),
        ("1", ("--colour", "age"), "no column 'age'"),
        ("1", ("--out", "a.webm"), "no format to write"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(call, project: Path, run: str, options: tuple, told: str) -> None:
    answer = call("animate", project, "--run", run, "--out", "a.gif", *options)
    assert answer.status == 2
    assert told in answer.err and answer.err.count("\n") == 1
    assert not Path("a.gif").exists()
