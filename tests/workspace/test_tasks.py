"""Heavy work, run in this process as the command line does it."""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import numpy as np
import pytest

from explorer.data.corruption import corrupt, parse_corruption
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.reader import Preview
from explorer.errors import Cancelled, InputError
from explorer.models.base import LatentModel
from explorer.workspace import model_cache
from explorer.workspace.messages import (
    Decode,
    Denoise,
    EpochUpdate,
    EstimateRun,
    ExportArrays,
    ExportFigure,
    LoadData,
    ModelRef,
    PreviewData,
    TrainOutcome,
    TrainRun,
)
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.tasks import TASKS, run_task
from explorer.workspace.workspace import Workspace
from tests.workspace.conftest import series

TRAIN = sys.modules["explorer.workspace.tasks.train"]
"""The module, which the function of its name hides."""


@pytest.fixture(autouse=True)
def one_thread() -> None:
    import torch

    torch.set_num_threads(1)


class Listener:
    """A progress that keeps what it hears, and may cancel after some epochs."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.updates: list[EpochUpdate] = []
        self.fractions: list[float] = []
        self._cancel_after = cancel_after

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        self.fractions.append(fraction)
        if payload is not None:
            assert isinstance(payload, EpochUpdate)
            self.updates.append(payload)

    def cancelled(self) -> bool:
        return self._cancel_after is not None and len(self.updates) >= self._cancel_after


def train(
    workspace: Workspace,
    recipe: str,
    params: dict[str, Any] | None = None,
    corruption: str | None = None,
    listener: Listener | None = None,
) -> Run:
    run = workspace.begin_run(recipe, params or {}, corruption)
    assert workspace.data is not None
    outcome = run_task("train", TrainRun(str(workspace.path), run.id, workspace.data), listener)
    assert isinstance(outcome, TrainOutcome)
    workspace.end_run(outcome)
    return workspace.runs[0]


def ref(workspace: Workspace) -> ModelRef:
    assert workspace.model_ref is not None
    return workspace.model_ref


@pytest.mark.parametrize("name", list(TASKS))
def test_workers_can_read_every_tasks_types(name: str) -> None:
    hints = get_type_hints(TASKS[name])
    assert issubclass(hints["request"], msgspec.Struct)
    assert "return" in hints


def test_no_such_task() -> None:
    with pytest.raises(InputError, match="no task called 'fly'"):
        run_task("fly", None)


# Data


def test_loading_a_file_and_a_set(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n3,4\n5,6\n")
    assert len(run_task("load_data", LoadData(str(tmp_path / "x.csv")))) == 3
    found = run_task("load_data", LoadData("sines", None, {"n": 12, "seed": 3}))
    assert found.sha256 == make("sines", n=12, seed=3).sha256
    assert isinstance(run_task("preview_data", PreviewData(str(tmp_path / "x.csv"))), Preview)
    with pytest.raises(InputError, match="no such file"):
        run_task("load_data", LoadData(str(tmp_path / "none.csv")))


# Training


def test_a_training_keeps_everything(workspace: Workspace, means: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TRAIN, "SNAPSHOT_SECONDS", 0.0)
    monkeypatch.setattr(TRAIN, "SNAPSHOT_SHARE", 1.0)
    monkeypatch.setattr(TRAIN, "CODES_SHARE", 1.0)
    workspace.add_data(series())
    listener = Listener()
    run = train(workspace, "means", {"epochs": 5, "seed": 3}, None, listener)
    assert [update.epoch.number for update in listener.updates] == [1, 2, 3, 4, 5]
    assert [update.version for update in listener.updates] == [1, 2, 3, 4, 5]
    assert {update.total_epochs for update in listener.updates} == {5}
    first = listener.updates[0].codes
    for update in listener.updates:  # the codes are those of just this epoch
        assert update.codes is not None and first is not None
        np.testing.assert_allclose(update.codes, first * update.epoch.number, rtol=1e-5)
    assert listener.fractions[-1] == 1.0
    assert (run.status, run.version, run.seconds) == ("done", 6, pytest.approx(0.5))
    assert len(run.history.epochs) == 5
    assert run.provenance["sha256"] == series().sha256
    assert run.provenance["seed"] == 3
    assert run.provenance["config"]["epochs"] == 5
    assert {"python", "numpy", "torch", "latentscape"} <= set(run.provenance["versions"])
    model = LatentModel.from_bytes(workspace.project.weights(run.id)[0])
    np.testing.assert_array_equal(model.transform(series()), workspace.codes)


def test_snapshots_are_rationed(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    listener = Listener()
    run = train(workspace, "means", {"epochs": 40, "seconds": 0.01}, None, listener)
    snapshots = {update.version for update in listener.updates}
    told = [epoch.number for update in listener.updates for epoch in (*update.earlier, update.epoch)]
    assert told == list(range(1, told[-1] + 1)), "every epoch once, some together"
    assert len(listener.updates) < 20
    assert 2 <= len(snapshots) <= 5
    assert run.version == max(snapshots) + 1
    for update in listener.updates:  # codes come once for each snapshot
        assert update.codes is None or update.version in snapshots


def test_costly_codes_are_rationed_further(workspace: Workspace, means: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TRAIN, "SNAPSHOT_SECONDS", 0.0)
    monkeypatch.setattr(TRAIN, "SNAPSHOT_SHARE", 0.1)  # weights after most epochs
    workspace.add_data(series())

    def slow(self: Any, X: Dataset) -> np.ndarray:
        time.sleep(0.05)
        return np.zeros((len(X), 1), np.float32)

    recipe = sys.modules["tests.workspace.conftest"].Means
    monkeypatch.setattr(recipe, "transform", slow)
    listener = Listener()
    start = time.monotonic()
    train(workspace, "means", {"epochs": 40, "seconds": 0.02}, None, listener)
    encoded = sum(update.codes is not None for update in listener.updates)
    assert 1 <= encoded <= 1 + (time.monotonic() - start) / 0.5
    assert len({update.version for update in listener.updates}) > 20  # the weights are kept all the same


def test_metrics_are_in_the_datas_units(workspace: Workspace, means: str) -> None:
    data = series()
    workspace.add_data(data)
    run = train(workspace, "means", {"epochs": 1})
    expected = data.values.mean(axis=(1, 2), keepdims=True) - data.values
    for part in ("train", "validation", "test"):
        errors = expected[data.indices(part)]
        assert run.metrics[part]["mse"] == pytest.approx(float((errors**2).mean()), rel=1e-5)
        assert run.metrics[part]["mae"] == pytest.approx(float(np.abs(errors).mean()), rel=1e-5)
        assert "snr_gain_db" not in run.metrics[part]


def test_clean_targets_give_a_gain(workspace: Workspace, means: str) -> None:
    clean = np.repeat(np.arange(30, dtype=np.float32), 8).reshape(30, 8, 1)
    noise = np.tile(np.array([1, -1], np.float32), 120).reshape(30, 8, 1)
    noise[:, 0] += 4  # the mean of the noise is 0.5, the mean of its squares 4
    workspace.add_data(Dataset(values=clean + noise, targets=clean))
    run = train(workspace, "means", {"epochs": 1})
    assert run.metrics["test"]["mse"] == pytest.approx(0.25, rel=1e-5)
    assert run.metrics["test"]["snr_gain_db"] == pytest.approx(10 * math.log10(4 / 0.25), abs=1e-4)


def test_a_corruption_gives_a_gain(workspace: Workspace, means: str) -> None:
    workspace.add_data(Dataset(values=np.ones((40, 64, 1), np.float32)))
    run = train(workspace, "means", {"epochs": 1}, "gaussian:0.5")
    assert run.metrics["test"]["snr_gain_db"] == pytest.approx(10 * math.log10(64), abs=3)
    run = train(workspace, "pca", {"latent_dim": 1}, "gaussian:0.5")  # has no parameter of that name
    assert run.metrics["test"]["snr_gain_db"] > 10
    assert workspace.codes is not None
    assert np.ptp(workspace.codes) < 1e-6  # of the samples themselves, which are all alike


def test_unknown_values_do_not_count(workspace: Workspace, means: str) -> None:
    values = np.ones((20, 4, 1), np.float32)
    values[:, 2] = np.nan
    workspace.add_data(Dataset(values=values, observed=np.isfinite(values)))
    assert train(workspace, "means", {"epochs": 1}).metrics["test"] == {"mse": 0.0, "mae": 0.0}


def test_cancelled(workspace: Workspace, means: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TRAIN, "TELL_SECONDS", 0.0)
    workspace.add_data(series())
    run = train(workspace, "means", {"epochs": 100}, None, Listener(cancel_after=3))
    assert (run.status, len(run.history.epochs)) == ("cancelled", 3)
    assert workspace.codes is not None
    assert run.metrics


def test_cancelled_before_the_first_epoch(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    run = workspace.begin_run("means", {}, None)
    with pytest.raises(Cancelled):
        run_task("train", TrainRun(str(workspace.path), run.id, series()), Listener(cancel_after=0))
    workspace.fail_run(run.id, "cancelled")
    assert workspace.runs[0].status == "cancelled"
    assert workspace.model_ref is None


def test_a_run_deleted_meanwhile_stops(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    run = workspace.begin_run("means", {"epochs": 1000, "seconds": 0.01}, None)

    class Deletes(Listener):
        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            super().report(fraction, message, payload)
            if len(self.updates) == 3:
                workspace.project.delete_run(run.id)

    with pytest.raises(Cancelled):
        run_task("train", TrainRun(str(workspace.path), run.id, series()), Deletes())
    assert workspace.project.runs() == []


def test_a_training_that_cannot_begin(workspace: Workspace) -> None:
    workspace.add_data(series())
    run = workspace.begin_run("pca", {}, None)
    data = Dataset(values=np.full((5, 3), np.nan, np.float32), name="odd")
    with pytest.raises(InputError, match="all values are missing"):
        run_task("train", TrainRun(str(workspace.path), run.id, data))
    found = workspace.project.run(run.id)
    assert found.status == "failed"
    assert "are missing" in found.error
    with pytest.raises(InputError, match="no run 99"):
        run_task("train", TrainRun(str(workspace.path), 99, data))


def test_a_full_disk_at_the_end_keeps_the_model(
    workspace: Workspace, means: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.add_data(series())
    run = workspace.begin_run("means", {"epochs": 2}, None)

    def full(*_: object, **__: object) -> int:
        raise InputError("there is no space left", source="p", remedy="Free some")

    monkeypatch.setattr(ProjectFile, "write_snapshot", full)
    monkeypatch.setattr(TRAIN, "TELL_SECONDS", 0.0)
    listener = Listener()
    with pytest.raises(InputError, match="no space left") as caught:
        run_task("train", TrainRun(str(workspace.path), run.id, series()), listener)
    assert len(listener.updates) == 2
    (rescued,) = (home / "untitled").glob("*.safetensors")
    assert str(rescued) in str(caught.value)
    assert LatentModel.load(rescued).transform(series()).shape == (20, 1)
    assert workspace.project.run(run.id).status == "failed"


def test_a_disk_full_for_a_while_costs_a_note(
    workspace: Workspace, means: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TRAIN, "SNAPSHOT_SECONDS", 0.0)
    workspace.add_data(series())
    write, calls = ProjectFile.write_snapshot, []

    def sometimes(*args: Any, **named: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise InputError("there is no space left")
        return write(*args, **named)

    monkeypatch.setattr(ProjectFile, "write_snapshot", sometimes)
    run = train(workspace, "means", {"epochs": 9, "seconds": 0.03})
    assert run.status == "done"
    assert [note for note in run.history.notes if "no space left" in note]


def test_the_real_networks_train(workspace: Workspace) -> None:
    workspace.add_data(make("sines", n=60))
    run = train(workspace, "lstm-autoencoder", {"epochs": 3, "latent_dim": 2})
    assert run.status == "done"
    assert run.metrics["test"].keys() == {"mse", "mae", "snr_gain_db"}
    assert workspace.codes is not None
    assert workspace.codes.shape == (60, 2)
    decoded = run_task("decode", Decode(ref(workspace), workspace.codes[7]))
    model = LatentModel.from_bytes(workspace.project.weights(run.id)[0])
    np.testing.assert_allclose(decoded.sample, model.inverse_transform(workspace.codes[7:8])[0], atol=1e-6)
    assert decoded.nearest == 7


def test_estimating() -> None:
    data = make("sines", n=100)
    found = run_task("estimate", EstimateRun("lstm-autoencoder", {"epochs": 100}, data))
    assert found.n_parameters == 277
    assert 0 < found.seconds < 100
    assert run_task("estimate", EstimateRun("pca", {}, data)).seconds is None
    with pytest.raises(InputError, match="'epochs'"):
        run_task("estimate", EstimateRun("vae", {"epochs": -1}, data))


# The hand


def test_decoding(workspace: Workspace, means: str) -> None:
    data = series()
    workspace.add_data(data)
    train(workspace, "means", {"epochs": 2})
    assert workspace.codes is not None
    found = run_task("decode", Decode(ref(workspace), np.array([0.25])))
    np.testing.assert_allclose(found.sample, np.full((8, 2), 0.125))
    assert found.sample.dtype == np.float32
    distances = np.abs(workspace.codes[:, 0] - 0.25)
    assert found.nearest == distances.argmin()
    assert found.distance == pytest.approx(distances.min())
    assert 0 < found.forward_ms < 100
    assert found.model == ref(workspace)


def test_decoding_is_quick(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    train(workspace, "means", {"epochs": 1})
    request = Decode(ref(workspace), np.array([0.25]))
    run_task("decode", request)
    times = []
    for _ in range(200):
        start = time.perf_counter()
        run_task("decode", request)
        times.append(time.perf_counter() - start)
    # Other work on the machine only ever slows: the faster quarter is the task's own time.
    assert np.percentile(times, 25) < 1e-3


def test_decoding_follows_a_training(workspace: Workspace, means: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer version than the one asked for is used once it is read; it is read only when asked for."""
    monkeypatch.setattr(TRAIN, "SNAPSHOT_SECONDS", 0.0)
    monkeypatch.setattr(TRAIN, "SNAPSHOT_SHARE", 1.0)
    monkeypatch.setattr(TRAIN, "CODES_SHARE", 1.0)
    workspace.add_data(series())
    used = []

    class Decodes(Listener):
        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            super().report(fraction, message, payload)
            if payload is not None:
                model = ModelRef(str(workspace.path), payload.run, payload.version)
                used.append((payload.version, run_task("decode", Decode(model, np.array([1.0])))))

    run = train(workspace, "means", {"epochs": 4}, None, Decodes())
    for number, decoded in used:
        assert decoded.model.version == number
        np.testing.assert_allclose(decoded.sample, 1 / number, rtol=1e-6)
    reads = []
    read = ProjectFile.weights
    monkeypatch.setattr(ProjectFile, "weights", lambda *args: reads.append(1) or read(*args))
    old = ModelRef(str(workspace.path), run.id, 1)
    assert run_task("decode", Decode(old, np.array([1.0]))).model.version >= 4
    assert not reads


def test_a_project_saved_in_anothers_place_is_read_anew(tmp_path: Path, workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    train(workspace, "means", {"epochs": 1})
    workspace.save_as(tmp_path / "x.latentscape")
    first = run_task("decode", Decode(ref(workspace), np.array([1.0])))
    workspace.close()
    other = Workspace(ProjectFile.create(tmp_path / "other.latentscape"))
    other.add_data(series())
    train(other, "means", {"epochs": 2})
    other.save_as(tmp_path / "x.latentscape")
    second = run_task("decode", Decode(msgspec.structs.replace(ref(other), version=1), np.array([1.0])))
    np.testing.assert_allclose(second.sample, first.sample / 2)
    other.close()


def test_decoding_what_is_gone(workspace: Workspace, means: str, tmp_path: Path) -> None:
    workspace.add_data(series())
    run = train(workspace, "means")
    with pytest.raises(InputError, match="no trained model"):
        run_task("decode", Decode(ModelRef(str(workspace.path), run.id + 1, 1), np.zeros(1)))
    with pytest.raises(InputError, match="is gone"):
        run_task("decode", Decode(ModelRef(str(tmp_path / "none"), 1, 1), np.zeros(1)))


def test_few_models_are_kept(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    for _ in range(model_cache.KEPT + 2):
        train(workspace, "means", {"epochs": 1})
        run_task("decode", Decode(ref(workspace), np.zeros(1)))
    assert len(model_cache.MODELS._loaded) == model_cache.KEPT


# Denoising


def test_denoising_a_sample_with_a_clean_target(workspace: Workspace, means: str) -> None:
    clean = np.full((12, 16, 1), 2.0, np.float32)
    noise = np.tile(np.array([1, -1], np.float32), 96).reshape(12, 16, 1)
    data = Dataset(values=clean + noise, targets=clean)
    workspace.add_data(data)
    train(workspace, "means", {"epochs": 1})
    found = run_task("denoise", Denoise(ref(workspace), data, 3, None))
    np.testing.assert_array_equal(found.noisy, data.values[3])
    np.testing.assert_array_equal(found.clean, clean[3])
    np.testing.assert_allclose(found.denoised, 2.0, rtol=1e-6)
    assert found.metrics["noisy_mse"] == found.metrics["noisy_mae"] == 1.0
    assert found.metrics["mse"] == pytest.approx(0, abs=1e-10)
    assert found.baselines.keys() == {"Savitzky–Golay", "Moving average"}
    assert found.baselines["Moving average"] > 10


def test_denoising_without_the_truth(workspace: Workspace, means: str) -> None:
    data = series()
    workspace.add_data(data)
    train(workspace, "means", {"epochs": 1})
    found = run_task("denoise", Denoise(ref(workspace), data, 3, None))
    assert found.clean is None
    assert found.metrics == found.baselines == {}
    np.testing.assert_array_equal(found.noisy, data.values[3])


def test_corrupting_takes_the_clean_and_the_same_draw(workspace: Workspace, means: str) -> None:
    clean = np.zeros((8, 200, 1), np.float32)
    data = Dataset(values=clean + 50, targets=clean)
    workspace.add_data(data)
    train(workspace, "means", {"epochs": 1})
    weak, strong, other = (
        run_task("denoise", Denoise(ref(workspace), data, index, text))
        for index, text in ((2, "gaussian:0.1"), (2, "gaussian:0.2"), (3, "gaussian:0.1"))
    )
    np.testing.assert_allclose(strong.noisy, 2 * weak.noisy, rtol=1e-5)
    assert abs(float(np.corrcoef(weak.noisy[:, 0], other.noisy[:, 0])[0, 1])) < 0.5
    # the same sample as when the whole set is spoilt
    np.testing.assert_array_equal(weak.noisy, corrupt(data, parse_corruption("gaussian:0.1")).values[2])
    assert weak.metrics["noisy_mse"] == pytest.approx(0.01, rel=0.4)
    assert weak.metrics["snr_gain_db"] == pytest.approx(10 * math.log10(200), abs=12)


def test_gaps_stay_gaps_and_count_as_bridged(workspace: Workspace, means: str) -> None:
    ramp = np.tile(np.arange(40, dtype=np.float32)[:, None], (10, 1, 1))
    data = Dataset(values=ramp)
    workspace.add_data(data)
    train(workspace, "means", {"epochs": 1})
    found = run_task("denoise", Denoise(ref(workspace), data, 0, "dropout:0.3", 1))
    assert np.isnan(found.noisy).sum() == 12
    inner = np.isfinite(found.noisy[[0, -1]]).all()
    if inner:  # straight lines bridge a ramp without an error
        assert found.metrics["noisy_mse"] == pytest.approx(0, abs=1e-8)
    assert np.isfinite(found.denoised).all()
    assert all(map(math.isfinite, found.metrics.values()))


def test_denoising_short_series_ends_with_them(workspace: Workspace, means: str) -> None:
    values = np.ones((6, 10, 1), np.float32)
    values[2, 7:] = np.nan
    data = Dataset(values=values, observed=np.isfinite(values), lengths=np.array([10, 10, 7, 10, 10, 10]))
    workspace.add_data(data)
    train(workspace, "means", {"epochs": 1})
    found = run_task("denoise", Denoise(ref(workspace), data, 2, "gaussian:0.1"))
    assert np.isfinite(found.denoised[:, 0]).tolist() == [True] * 7 + [False] * 3
    assert math.isfinite(found.metrics["mse"])


def test_vectors_and_images_are_denoised_without_filters(workspace: Workspace, means: str) -> None:
    for shape in ((9, 5), (9, 4, 4, 1)):
        data = Dataset(values=np.ones(shape, np.float32))
        workspace.add_data(data)
        train(workspace, "means", {"epochs": 1})
        found = run_task("denoise", Denoise(ref(workspace), data, 0, "gaussian:0.1"))
        assert found.noisy.shape == found.denoised.shape == shape[1:]
        assert found.baselines == {}


def test_denoising_nothing(workspace: Workspace, means: str) -> None:
    data = series()
    workspace.add_data(data)
    train(workspace, "means", {"epochs": 1})
    with pytest.raises(InputError, match="no sample 20"):
        run_task("denoise", Denoise(ref(workspace), data, 20, None))
    with pytest.raises(InputError, match="no corruption called"):
        run_task("denoise", Denoise(ref(workspace), data, 0, "fog:1"))


# Export


def test_writing_tables(tmp_path: Path) -> None:
    columns = {"sample": np.array(["a", "b"]), "z1": np.array([0.5, np.nan])}
    path = tmp_path / "codes.csv"
    assert run_task("export_arrays", ExportArrays(str(path), columns)) == str(path)
    assert path.read_text() == "sample,z1\na,0.5\nb,\n"
    run_task("export_arrays", ExportArrays(str(tmp_path / "codes.npz"), columns))
    with np.load(tmp_path / "codes.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["z1"], columns["z1"])
    with pytest.raises(InputError, match=r"\.xls"):
        run_task("export_arrays", ExportArrays(str(tmp_path / "codes.xls"), columns))
    with pytest.raises(InputError, match="cannot be written"):
        run_task("export_arrays", ExportArrays(str(tmp_path / "no" / "codes.csv"), columns))


def test_writing_a_figure_nowhere(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run_task("export_figure", ExportFigure("loss", str(tmp_path / "x.odd"), {}))
