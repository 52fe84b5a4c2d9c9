"""Runs and classical denoisers side by side, as workers do it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.analysis.bench import Bench
from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.workspace.codec import Decoder, Encoder, build
from explorer.workspace.messages import Denoise, ModelRef, RunBench, TrainRun
from explorer.workspace.tasks import run_task
from explorer.workspace.workspace import Workspace

STEPS = np.arange(24, dtype=np.float32)


def waves() -> Dataset:
    rng = np.random.default_rng(0)
    clean = np.sin(STEPS / 3 + rng.uniform(0, 6, (90, 1)))[:, :, None].astype(np.float32)
    return Dataset(values=clean + 0.3 * rng.standard_normal(clean.shape).astype(np.float32), targets=clean)


@pytest.fixture
def run(workspace: Workspace, means: str) -> ModelRef:
    workspace.add_data(waves())
    started = workspace.begin_run("pca", {"latent_dim": 2}, None)
    workspace.end_run(run_task("train", TrainRun(str(workspace.path), started.id, workspace.data)))
    assert workspace.model_ref is not None
    return workspace.model_ref


def test_a_run_beside_classics(run: ModelRef) -> None:
    rows: list[Any] = []

    class Listener:
        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            rows.extend([] if payload is None else [payload])

        def cancelled(self) -> bool:
            return False

    request = RunBench(waves(), [run], ["savitzky-golay", f"median:3 + run:{run.run}"])
    found = run_task("run_bench", request, Listener())
    name = f"run:{run.run}"
    assert [row.name for row in found.rows] == ["noisy", name, "savitzky-golay", f"median:3 + {name}"]
    assert rows == found.rows[1:]
    assert found.ranked()[0].name == name, "two numbers tell all that there is in these waves"
    assert found.rows[1].title == "PCA (run 1)" and found.rows[1].settings == name
    frame = Encoder().encode(found)
    again = build(Bench, Decoder().feed(frame)[0])
    assert again.rows[1].measures == found.rows[1].measures
    np.testing.assert_array_equal(again.rows[2].squares, found.rows[2].squares)
    assert again.pairs == found.pairs


def test_the_window_shows_what_the_bench_measured(run: ModelRef) -> None:
    """A sample of the live view is the one of the bench: the same draw, the same errors."""
    data = Dataset(values=waves().clean, split=waves().split)
    texts = ["savitzky-golay:7,order=2", "pca:2", "linear-mmse:0.01", f"run:{run.run}"]
    found = run_task("run_bench", RunBench(data, [run], texts[:3], "gaussian:0.4", 7))
    row = 3
    shown = run_task("denoise", Denoise(run, data, int(found.indices[row]), "gaussian:0.4", 7, texts, [run]))
    assert [each.name for each in shown.estimates] == texts
    for each in shown.estimates:
        at = next(other for other in found.rows if other.name == each.name)
        assert each.metrics["mse"] == pytest.approx(at.squares[row].sum() / at_count(found, row), rel=1e-5)
        assert each.seconds > 0 and each.refused == ""
    assert shown.metrics["mse"] == shown.estimates[3].metrics["mse"]
    assert set(shown.baselines) == {"Savitzky–Golay", "Moving average"}
    np.testing.assert_array_equal(shown.denoised, shown.estimates[3].denoised)


def at_count(found: Bench, row: int) -> int:
    return int(found.counts[row].sum())


def test_denoisers_without_a_model(run: ModelRef) -> None:
    data = waves()
    shown = run_task("denoise", Denoise(None, data, 3, None, denoisers=["median:3", "linear-mmse"]))
    assert shown.model is None and shown.baselines == {}
    assert set(shown.metrics) == {"noisy_mse", "noisy_mae"}
    assert all(each.metrics["snr_gain_db"] > 0 for each in shown.estimates)
    image = Dataset(values=np.ones((9, 4, 4, 1), np.float32))
    refused = run_task("denoise", Denoise(None, image, 3, "gaussian:1", denoisers=["median:3"])).estimates[0]
    assert (refused.denoised, refused.refused) == (None, "takes series")


def test_runs_that_do_not_fit(run: ModelRef) -> None:
    other = Dataset(values=np.ones((30, 9, 1), np.float32))
    found = run_task("run_bench", RunBench(other, [run], ["median"], "gaussian:1"))
    assert found.refused == {f"run:{run.run}": "learnt from samples of 24 × 1 and these are of 9 × 1"}
    with pytest.raises(InputError, match="no run '9'"):
        run_task("run_bench", RunBench(other, [run], ["median + run:9"]))
    with pytest.raises(InputError, match="named twice"):
        run_task("run_bench", RunBench(other, [], ["median", "median"]))


def test_where_no_denoiser_fits_one_error_says_so() -> None:
    images = Dataset(values=np.zeros((20, 4, 4, 1), np.float32), name="pictures")
    with pytest.raises(InputError, match=r"pictures.*no denoiser takes part \(each of the 2 takes series\).*run"):
        run_task("run_bench", RunBench(images, [], ["median", "wavelet"], "gaussian:0.5"))
    with pytest.raises(InputError, match=r"\(median: takes series\)"):
        run_task("run_bench", RunBench(images, [], ["median"], "gaussian:0.5"))


@pytest.mark.parametrize("shape", [(40, 5), (40, 4, 4, 1)])
def test_runs_on_vectors_and_images(workspace: Workspace, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    flat = rng.standard_normal((40, 2)) @ rng.standard_normal((2, int(np.prod(shape[1:]))))
    data = Dataset(values=flat.reshape(shape).astype(np.float32))
    workspace.add_data(data)
    started = workspace.begin_run("pca", {"latent_dim": 2}, None)
    workspace.end_run(run_task("train", TrainRun(str(workspace.path), started.id, data)))
    assert workspace.model_ref is not None
    found = run_task("run_bench", RunBench(data, [workspace.model_ref], ["median"], "gaussian:0.5", levels=[0.1]))
    assert found.refused == {"median": "takes series"}
    run = found.rows[1]
    assert run.measures["snr_gain_db"].value > 2 and run.levels[0].mse.value < run.measures["mse"].value
