"""Recordings denoised from file to file, in bounded memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from explorer.data.reader import load
from explorer.errors import Cancelled, InputError
from explorer.models.base import LatentModel
from explorer.progress import Silent
from explorer.workspace.messages import DenoiseRecording, ModelRef
from explorer.workspace.project import ProjectFile
from explorer.workspace.tasks import run_task


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PCA of noisy sines of 50 steps."""
    from explorer.__main__ import main

    folder = tmp_path_factory.mktemp("recordings")
    home = pytest.MonkeyPatch()
    home.setenv("LATENTSCAPE_HOME", str(folder / "home"))
    try:
        options = [
            "--model",
            "pca",
            "--set",
            "latent_dim=4",
            "--data-option",
            "n=60",
            "--out",
            str(folder / "p.latentscape"),
        ]
        assert main(["train", "sines", *options]) == 0
    finally:
        home.undo()
    return folder / "p.latentscape"


def _recording(folder: Path, steps: int = 400) -> Path:
    rng = np.random.default_rng(0)
    values = np.sin(np.arange(steps) / 8) + rng.normal(0, 0.3, steps)
    cells = [f"{value:.6g}" for value in values]
    cells[60:65] = [""] * 5
    path = folder / "long.csv"
    path.write_text("time (s),lead\n" + "".join(f"{i / 50},{cell}\n" for i, cell in enumerate(cells)))
    return path


def test_a_run_goes_over_a_recording_in_windows(project: Path, tmp_path: Path) -> None:
    path = _recording(tmp_path)
    request = DenoiseRecording(str(path), str(tmp_path / "out.csv"), "run:1", [ModelRef(str(project), 1, 1)])
    found = run_task("denoise_recording", request)
    assert (found.n_series, found.n_steps, found.missing, found.window, found.hop) == (1, 400, 5, 50, 25)
    given, written = load(path), load(tmp_path / "out.csv")
    assert written.sampling_rate == 50 and written.channel_names == ("lead",)
    file = ProjectFile.open(project)
    model = LatentModel.from_bytes(file.weights(1)[0])
    file.close()
    # By hand: all windows, then their weighted mean.
    from explorer.analysis.overlap_add import taper_of

    sums, totals = np.zeros(400), np.zeros(400)
    for start in range(0, 351, 25):
        window = given.values[:, start : start + 50]
        sums[start : start + 50] += taper_of(50) * np.asarray(model.reconstruct(window))[0, :, 0]
        totals[start : start + 50] += taper_of(50)
    expected = np.where(np.isnan(given.values[0, :, 0]), np.nan, sums / totals)
    assert_allclose(written.values[0, :, 0], expected, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"out": "long.csv"}, "this is the recording itself"),
        ({"out": "x.npz"}, "in the format that it came in"),
        ({"denoiser": "run:7"}, "there is no run '7'"),
        ({"denoiser": "pca"}, "learns from samples, and there are none"),
        ({"denoiser": "median:5", "overlap": 1.0, "options": {"layout": "nope"}}, "layout"),
        ({"overlap": 1.0}, "cannot overlap by 1"),
        ({"path": "short.csv"}, r"short\.csv, series 1: the series has 20 steps, fewer than the 50"),
        ({"path": "two.csv"}, "the recording has 2 channels and the model learnt from 1"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_nothing(
    change: dict, problem: str, project: Path, tmp_path: Path
) -> None:
    _recording(tmp_path)
    (tmp_path / "short.csv").write_text("t,x\n" + "".join(f"{i},{i}\n" for i in range(20)))
    (tmp_path / "two.csv").write_text("t,a,b\n" + "".join(f"{i},{i}.5,{i}.5\n" for i in range(80)))
    asked = {"path": "long.csv", "out": "out.csv", "denoiser": "run:1", **change}
    asked |= {key: str(tmp_path / asked[key]) for key in ("path", "out")}
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match=problem):
        run_task("denoise_recording", DenoiseRecording(runs=[ModelRef(str(project), 1, 1)], **asked))
    assert sorted(tmp_path.iterdir()) == before


def test_it_reports_can_be_cancelled_and_holds_little(tmp_path: Path) -> None:
    """A recording of a million steps (8 MB): a median over it holds less than that, and stops when it is told to."""

    class Listener(Silent):
        def __init__(self, stop_at: float) -> None:
            self.fractions, self._stop_at = [0.0], stop_at

        def report(self, fraction: float, message: str = "", payload: object = None) -> None:
            self.fractions.append(fraction)

        def cancelled(self) -> bool:
            return self.fractions[-1] >= self._stop_at

    np.save(tmp_path / "long.npy", np.random.default_rng(0).normal(size=(1_000_000, 1)))
    request = DenoiseRecording(str(tmp_path / "long.npy"), str(tmp_path / "out.npy"), "moving-average:5")
    with pytest.raises(Cancelled):
        run_task("denoise_recording", request, Listener(0.5))
    assert not (tmp_path / "out.npy").exists()
    listener = Listener(2.0)
    tracemalloc.start()
    found = run_task("denoise_recording", request, listener)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.n_steps == 1_000_000
    assert peak < 8e6
    assert len(listener.fractions) > 10 and listener.fractions == sorted(listener.fractions)
    written = np.load(tmp_path / "out.npy")
    assert written.dtype == np.float64 and written.shape == (1_000_000, 1)
