"""Scores along recordings: which steps are judged, and a cut-down run over made ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from explorer.analysis.experiments.recurrent_ensemble import NabEnsemble, _SecondHalf
from explorer.data import outside
from explorer.data.readers.nab import Nab
from explorer.progress import Silent

STEPS = 400


def recording(path: Path, anomaly: slice, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.sin(np.arange(STEPS) * 0.4) + 0.1 * rng.standard_normal(STEPS)
    values[anomaly] += rng.choice([-3, 3], size=len(values[anomaly]))
    times = np.datetime64("2020-01-01T00:00:00") + np.arange(STEPS) * np.timedelta64(300, "s")
    rows = [f"{str(time).replace('T', ' ')},{value}" for time, value in zip(times, values, strict=True)]
    path.write_text("timestamp,value\n" + "\n".join(rows) + "\n")


@pytest.fixture
def benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small benchmark of two recordings with an anomaly in the second half, and one without."""
    folder = tmp_path / "nab" / "data" / "made"
    folder.mkdir(parents=True)
    (tmp_path / "nab" / "labels").mkdir()
    at = {"first": slice(300, 330), "second": slice(250, 290), "early": slice(50, 60)}
    labels = {}
    for i, (name, anomaly) in enumerate(at.items()):
        recording(folder / f"{name}.csv", anomaly, seed=i)
        times = np.datetime64("2020-01-01T00:00:00") + np.array([anomaly.start, anomaly.stop - 1]) * np.timedelta64(
            300, "s"
        )
        labels[f"made/{name}.csv"] = [[str(time).replace("T", " ") + ".000000" for time in times]]
    (tmp_path / "nab" / "labels" / "combined_windows.json").write_text(json.dumps(labels))
    monkeypatch.setattr(outside, "_CHOSEN", [tmp_path])
    monkeypatch.setattr(NabEnsemble, "folders", ("made",))
    monkeypatch.setattr(NabEnsemble, "members", 3)
    monkeypatch.setattr(NabEnsemble, "epochs", 15)
    return folder


def test_only_steps_after_those_that_were_learnt_are_judged(benchmark: Path) -> None:
    data = Nab(stride=8, train=0.5).read(benchmark / "second.csv", Silent())
    second = _SecondHalf(data)
    assert second.length == STEPS and second.begin == 200
    np.testing.assert_array_equal(np.flatnonzero(second.truth) + 200, np.arange(250, 290))
    learnt = data.indices("train").tolist() + data.indices("validation").tolist()
    assert (np.asarray(data.columns["first step"])[learnt] + 64 <= second.begin).all()
    scores = np.zeros(STEPS)
    scores[:200] = 9.0  # what was learnt from does not count
    scores[250:290] = 1.0
    assert second.judged_steps(scores) == {"roc_auc": 1.0, "average_precision": 1.0, "prevalence": 40 / 200}


def test_a_cut_down_run(benchmark: Path) -> None:
    found = NabEnsemble().measure(0, Silent())
    assert {target.measure for target in NabEnsemble.targets} <= set(found.values)
    assert {"auroc_first", "ap_second"} <= set(found.values) and "auroc_early" not in found.values
    assert found.values["auroc"] == pytest.approx((found.values["auroc_first"] + found.values["auroc_second"]) / 2)
    assert found.values["auroc"] > 0.9 and abs(found.baselines["random_auroc"] - 0.5) < 0.15
    assert found.baselines["prevalence"] == pytest.approx((30 + 40) / 2 / 200)
    assert found.baselines["prevalence_whole"] == pytest.approx((30 + 40) / 2 / STEPS)
