"""Named sets on the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest


def test_sets_from_first_to_last(call, project: Path, tmp_path: Path) -> None:
    vectors = ["--data", "vectors"]
    assert call("sets", "list", project, *vectors, "--json").json["sets"] == []
    assert call("sets", "add", project, "few", "--indices", "0,3-5", *vectors, "--json").json["n_samples"] == 4
    odd = call("sets", "add", project, "odd", "--where", "label = odd", *vectors, "--json").json
    assert odd["n_samples"] == 30
    call("sets", "union", project, "few", "odd", "--as", "all of them", *vectors)
    call("sets", "intersection", project, "few", "odd", "--as", "both", *vectors)
    call("sets", "difference", project, "few", "odd", "--as", "even few", *vectors)
    call("sets", "complement", project, "odd", "--as", "even", *vectors)
    call("sets", "rename", project, "both", "odd few", *vectors)
    assert "removed" in call("sets", "remove", project, "even", *vectors).out
    found = {each["name"]: each["n_samples"] for each in call("sets", "list", project, *vectors, "--json").json["sets"]}
    assert found == {"few": 4, "odd": 30, "all of them": 32, "odd few": 2, "even few": 2}
    call("sets", "export", project, "odd few", "--out", tmp_path / "a.csv", *vectors)
    assert (tmp_path / "a.csv").read_text().splitlines()[1].startswith("3,s3,odd")
    call("sets", "export", project, "odd few", "--samples", "--out", tmp_path / "a.npz", *vectors)
    with np.load(tmp_path / "a.npz") as archive:
        assert archive["values"].shape == (2, 6)
    assert "odd few" in call("sets", "list", project, *vectors).out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", "x", "--indices", "900"], "no samples"),
        (["add", "x", "--where", "colour > 3"], "no comparison"),
        (["add", "x"], "no sample is selected"),
        (["add", " "], "needs a name"),
        (["remove", "x"], "no set"),
        (["list", "--data", "nowhere"], "no data"),
        (["export", "x", "--out", "a.doc"], "format"),
    ],
)
def test_mistakes_are_one_line(call, project: Path, arguments: list[str], told: str) -> None:
    answer = call("sets", arguments[0], project, *arguments[1:])
    assert answer.status == 2
    assert told in answer.err
    assert answer.err.count("\n") == 1
