"""The report of a bench: its numbers are those of the command line and of the window's figures."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.analysis.test_report import _content, _Reader


def test_the_numbers_are_the_same_everywhere(call, project: Path, tmp_path: Path) -> None:
    spoilt = ["--data-option", "n=80", "--corrupt", "gaussian:0.3", "--seed", "3"]
    taking_part = ["--run", f"{project}:1", "--denoisers", "median:5,wavelet"]
    told = call("bench", "sines", *spoilt, *taking_part, "--levels", "0.2,0.6", "--report", "r.html", "--json").json
    assert Path(told["report"]) == tmp_path / "r.html"
    reader = _Reader()
    reader.feed((tmp_path / "r.html").read_text(encoding="utf-8"))
    numbers = json.loads(reader.texts["script"])

    def lasting(facts: dict) -> dict:
        """Leave out how long it took, which is another time each time."""
        rows = [{key: value for key, value in row.items() if "seconds" not in key} for row in facts["denoisers"]]
        return {**{key: value for key, value in facts.items() if key in numbers}, "denoisers": rows}

    assert lasting(told) == lasting(numbers)
    # What the figure is drawn from, and what its script reads.
    files = {given["download"]: given["href"] for _, given in reader.tags if "download" in given}
    rows = list(csv.DictReader(io.StringIO(_content(files["scores.csv"]).decode())))
    drawn = {row["denoiser"]: float(row["SNR gain (dB)"]) for row in rows}
    gains = {
        row["title"]: row["measures"]["snr_gain_db"]["value"] for row in told["denoisers"] if row["name"] != "noisy"
    }
    assert drawn == pytest.approx(gains, rel=1e-12)
    # What people read.
    for row in told["denoisers"]:
        value = f"{row['measures']['mse']['value']:.4g}".replace("-", "−")
        assert re.search(rf"{re.escape(value)} \[", reader.texts["td"])
    # And what the command `denoise` tells of the same run on the same samples.
    alone = call("denoise", project, "sines", "--run", "1", *spoilt, "--out", "y.npz", "--json").json["test"]
    own = next(row for row in told["denoisers"] if row["name"] == "run:1")["measures"]
    assert alone["mse"] == own["mse"] and alone["snr_gain_db"] == own["snr_gain_db"]
    for name in ("levels-snr.py", "pairs.py", "sample-worst.py", "spectra.csv", "residuals.svg"):
        assert name in files
    assert (
        f"latentscape bench sines --run {project.name}:1" in reader.texts["pre"] and "--seed 3" in reader.texts["pre"]
    )
    assert "SHA-256" in reader.texts["th"] and "torch" in reader.texts["th"]


def test_a_report_without_a_truth_or_of_another_kind(call, tmp_path: Path) -> None:
    lines = ["name," + ",".join(f"t{i}" for i in range(40))]
    lines += [f"s{i}," + ",".join(f"{(i * 7 + j * j) % 11 / 3:.3f}" for j in range(40)) for i in range(30)]
    (tmp_path / "d.csv").write_text("\n".join(lines))
    assert call("bench", "d.csv", "--denoisers", "median:5", "--report", "r.html").status == 0
    assert "No clean target is known" in (tmp_path / "r.html").read_text(encoding="utf-8")
    answer = call("bench", "d.csv", "--denoisers", "median:5", "--report", "r.doc")
    assert answer.status == 2 and ".html or .pdf" in answer.err
