"""Questions to the codes of a run, asked as the window asks them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import Cancelled, InputError, UnsupportedError
from explorer.progress import Silent
from explorer.workspace.codec import Decoder, Encoder, build
from explorer.workspace.messages import (
    CompareRuns,
    FindClusters,
    FindSpectrum,
    ForecastSample,
    ModelRef,
    PretrainCurve,
    ProbeCodes,
    ProjectCodes,
    RankOutliers,
    SegmentSample,
    TrainRun,
)  # fmt: skip
from explorer.workspace.project import ProjectFile
from explorer.workspace.tasks import TASKS, run_task, types_of
from explorer.workspace.workspace import Workspace


@pytest.fixture(autouse=True)
def one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def groups(n: int = 160) -> Dataset:
    """Return vectors of six numbers in three groups; the third is rare and called an anomaly."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat([0, 1, 2], [n // 2, n // 2 - n // 16, n // 16]))
    centres = np.array([[5, 0, 0, 0, 0, 0], [0, 5, 0, 0, 0, 0], [0, 0, 0, 4, -4, 4]])
    values = centres[labels] + rng.normal(size=(n, 6))
    return Dataset(
        values=values.astype(np.float32), labels=labels, class_names=("a", "b", "anomaly"), name="groups",
        columns={"first": values[:, 0], "kind": np.array(["x", "y", ""])[labels]},
    )  # fmt: skip


def trained(project: ProjectFile, data: Dataset, *recipes: tuple[str, dict[str, Any]]) -> list[ModelRef]:
    """Train recipes on data in a project."""
    space = Workspace(project)
    space.add_data(data)
    refs = []
    for recipe, params in recipes:
        run = space.begin_run(recipe, params, None)
        outcome = run_task("train", TrainRun(str(project.path), run.id, data))
        space.end_run(outcome)
        refs.append(ModelRef(str(project.path), run.id, outcome.version))
    return refs


@pytest.fixture(scope="module")
def data() -> Dataset:
    return groups()


@pytest.fixture(scope="module")
def refs(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ModelRef]]:
    """PCA of one and of three components on the groups."""
    home = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("analysis")
    home.setenv("LATENTSCAPE_HOME", str(folder))
    file = ProjectFile.create(folder / "p.latentscape")
    yield trained(file, data, ("pca", {"latent_dim": 1}), ("pca", {"latent_dim": 3}))
    file.close()
    home.undo()


def sent(name: str, request: Any) -> Any:
    """Do a task as a worker does it: request and result go through the codec."""
    asked, answers = types_of(name)
    (arrived,) = Decoder().feed(Encoder().encode(request))
    result = run_task(name, build(asked, arrived))
    (arrived,) = Decoder().feed(Encoder().encode(result))
    return build(answers, arrived)


def test_each_task_has_types_of_its_own() -> None:
    for name in TASKS:
        asked, answers = types_of(name)
        assert asked is not answers


@pytest.mark.parametrize("dims", [2, 3])
def test_codes_in_few_dimensions(refs: list[ModelRef], dims: int) -> None:
    found = sent("project_codes", ProjectCodes(refs[1], "pca", dims))
    assert found.coordinates.shape == (160, dims)
    assert found.coordinates.dtype == np.float32
    file = ProjectFile.open(refs[1].project)
    codes = file.codes(refs[1].run)
    file.close()
    assert codes is not None
    np.testing.assert_allclose((codes - found.mean) @ found.vectors.T, found.coordinates, atol=1e-4)
    laid_out = sent("project_codes", ProjectCodes(refs[1], "tsne", dims, {"iterations": 250}, 1))
    assert laid_out.mean is None
    assert laid_out.params["perplexity"] == 30
    assert laid_out.model == refs[1]
    assert np.isfinite(laid_out.coordinates).all()


def test_the_version_of_the_codes_is_told(refs: list[ModelRef]) -> None:
    old = msgspec.structs.replace(refs[1], version=0)
    assert run_task("project_codes", ProjectCodes(old, "pca")).model == refs[1]
    with pytest.raises(InputError, match="no run 99"):
        run_task("project_codes", ProjectCodes(msgspec.structs.replace(refs[0], run=99), "pca"))


def test_a_run_without_codes(project: ProjectFile, data: Dataset) -> None:
    space = Workspace(project)
    space.add_data(data)
    run = space.begin_run("pca", {}, None)
    with pytest.raises(InputError, match=f"run {run.id} has no codes yet"):
        run_task("project_codes", ProjectCodes(ModelRef(str(project.path), run.id, 0), "pca"))


def test_the_spectrum_of_data(data: Dataset) -> None:
    found = sent("find_spectrum", FindSpectrum(data, 3))
    assert found.components.shape == (3, 6)
    assert found.variances[0] / found.total == pytest.approx(found.ratios[0])


@pytest.mark.parametrize(("method", "params"), [("k-means", {}), ("hdbscan", {"smallest": 8})])
def test_clusters_beside_labels(refs: list[ModelRef], data: Dataset, method: Any, params: dict[str, Any]) -> None:
    found = sent("find_clusters", FindClusters(refs[1], data, method, params))
    assert found.labels.shape == (160,)
    assert found.n_clusters == 3
    assert found.scores["ari"] > 0.7
    assert set(found.scores) == {"silhouette", "ari", "nmi"}
    unlabelled = replace(data, labels=None, class_names=())
    blind = run_task("find_clusters", FindClusters(refs[1], unlabelled, method, params))
    np.testing.assert_array_equal(blind.labels, found.labels)
    assert set(blind.scores) == {"silhouette"}


def test_probes_of_labels_columns_and_words(refs: list[ModelRef], data: Dataset) -> None:
    found = sent("probe_codes", ProbeCodes(refs[1], data, 3))
    rows = {(row.features, row.probe): row for row in found.rows}
    assert len(rows) == 6
    assert found.held_out
    assert found.n_samples <= len(data.indices("test"))
    assert found.measure == "accuracy"
    assert rows["code", "linear"].mean > 0.9 > found.baseline
    assert rows["code", "linear"].mean == pytest.approx(np.mean(rows["code", "linear"].folds))
    assert rows["code", "linear"].sd == pytest.approx(np.std(rows["code", "linear"].folds, ddof=1))
    number = run_task("probe_codes", ProbeCodes(refs[1], data, 3, target="first"))
    assert number.measure == "r2"
    assert {row.probe: row.mean for row in number.rows if row.features == "raw"}["linear"] > 0.99
    words = run_task("probe_codes", ProbeCodes(refs[1], data, 3, target="kind"))
    assert words.measure == "accuracy"
    with pytest.raises(InputError, match=r"no column 'age'.*label, first, kind"):
        run_task("probe_codes", ProbeCodes(refs[1], data, target="age"))


def test_of_a_small_test_part_all_are_probed(refs: list[ModelRef], data: Dataset) -> None:
    found = run_task("probe_codes", ProbeCodes(refs[1], data.subset(np.arange(50)), 2))
    assert not found.held_out


def test_outliers_by_label(refs: list[ModelRef], data: Dataset) -> None:
    found = sent("rank_outliers", RankOutliers(refs[0], data))
    assert found.anomalies == ["anomaly"]
    assert found.part == "test"
    assert found.scores.shape == (160,)
    assert found.step_scores is None
    assert found.metrics["roc_auc"] > 0.8
    prevalence = float(np.mean(np.asarray(data.labels)[data.indices("test")] == 2))
    assert found.metrics["prevalence"] == pytest.approx(prevalence)
    assert list(found.baselines) == ["random", "|x|", "pca", "1-nn"]
    assert all(set(each) == set(found.metrics) for each in found.baselines.values())
    asked = run_task("rank_outliers", RankOutliers(refs[0], data, ["a"]))
    assert asked.anomalies == ["a"]
    assert asked.metrics["prevalence"] > 0.4


def test_outliers_that_nothing_tells(refs: list[ModelRef], data: Dataset) -> None:
    found = run_task("rank_outliers", RankOutliers(refs[0], replace(data, labels=None)))
    assert (found.metrics, found.baselines, found.anomalies) == ({}, {}, [])
    np.testing.assert_array_equal(found.scores, run_task("rank_outliers", RankOutliers(refs[0], data)).scores)


def test_steps_of_series_with_masks(project: ProjectFile) -> None:
    sines = make("sines", n=160, n_steps=20)
    values, masks = np.array(sines.clean), np.zeros((160, 20), np.int64)
    for row in range(0, 160, 9):
        values[row, 5:8], masks[row, 5:8] = 3.0, 1
    data = Dataset(values=values, masks=masks, split=sines.split, name="spiky")
    (ref,) = trained(project, data, ("pca", {"latent_dim": 2}))
    found = sent("rank_outliers", RankOutliers(ref, data))
    assert found.step_scores.shape == (160, 20)
    np.testing.assert_allclose(found.step_scores.mean(axis=1), found.scores, rtol=1e-4)
    assert found.metrics["roc_auc"] > 0.9
    assert found.metrics["step_roc_auc"] > 0.9
    assert found.metrics["step_average_precision"] > found.baselines["random"]["step_average_precision"]
    assert found.metrics["step_prevalence"] == pytest.approx(masks[data.indices("test")].mean())


def test_overlapping_windows_of_a_recording(project: ProjectFile) -> None:
    """Each step of the recording counts once, however many windows it is in."""
    recording = np.sin(np.arange(600) / 3).astype(np.float32)
    recording[450:456] += 2
    anomalous = np.zeros(600, np.int64)
    anomalous[450:456] = 1
    starts = np.arange(0, 581, 5)
    at = starts[:, None] + np.arange(20)
    data = Dataset(
        values=recording[at][..., None], masks=anomalous[at], columns={"first step": starts},
        split=np.where(starts < 300, 0, 2).astype(np.int8),
    )  # fmt: skip
    (ref,) = trained(project, data, ("pca", {"latent_dim": 2}))
    found = sent("rank_outliers", RankOutliers(ref, data))
    assert found.recording.shape == (600,)
    assert found.metrics["step_prevalence"] == pytest.approx(6 / 300)
    assert found.baselines["random"]["step_prevalence"] == pytest.approx(6 / 300)
    assert 450 <= found.recording.argmax() < 456
    # Step 452 is in the windows that begin at 435, 440, 445 and 450.
    assert found.recording[452] == pytest.approx(found.step_scores[[87, 88, 89, 90], [17, 12, 7, 2]].mean(), rel=1e-4)


def test_two_runs_side_by_side(refs: list[ModelRef], data: Dataset) -> None:
    found = sent("compare_runs", CompareRuns(refs[0], refs[1], data))
    mse = found.measures["reconstruction_mse"]
    assert mse[0] > mse[1]
    assert found.better["reconstruction_mse"] == "lower"
    assert set(found.better) == set(found.measures)
    assert (found.first, found.second, found.part) == (refs[0], refs[1], "test")
    same = run_task("compare_runs", CompareRuns(refs[1], refs[1], data))
    assert same.similarity == pytest.approx({"procrustes": 1.0, "cka": 1.0})
    assert all(a == b for a, b in same.measures.values())


def test_labels_that_an_encoder_saves(project: ProjectFile, data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.analysis import pretraining

    monkeypatch.setattr(pretraining, "STEPS", 4)
    monkeypatch.setattr(pretraining, "EPOCHS", 1)
    (ref,) = trained(project, data, ("autoencoder", {"epochs": 1, "hidden": [4]}))
    found = sent("pretrain_curve", PretrainCurve(ref, data, [3, 6], [0]))
    assert found.pretrained.shape == found.scratch.shape == found.frozen.shape == (1, 2)
    assert ((found.pretrained >= 0) & (found.pretrained <= 1)).all()
    assert 0 < found.baseline < 1


def test_a_forecast_beside_what_came(project: ProjectFile) -> None:
    data = make("sines", n=60, n_steps=20)
    lengths = np.full(60, 20)
    lengths[3] = 17
    values = np.array(data.values)
    values[3, 17:] = np.nan
    data = replace(data, values=values, lengths=lengths)
    forecaster, other = trained(
        project, data, ("future-predictor", {"epochs": 1, "horizon": 4, "hidden": 4}), ("pca", {})
    )
    found = sent("forecast_sample", ForecastSample(forecaster, data, 3))
    assert found.horizon == 4
    assert np.flatnonzero(np.isfinite(found.forecast[:, 0])).tolist() == [13, 14, 15, 16]
    np.testing.assert_array_equal(found.persistence[13:17, 0], [values[3, 12, 0]] * 4)
    assert np.isnan(found.truth[17:]).all()
    np.testing.assert_array_equal(found.truth[:17], data.clean[3, :17])
    assert found.errors.shape == found.persistence_errors.shape == found.autoregression_errors.shape == (4,)
    assert found.n_samples == len(data.indices("test"))
    whole = run_task("forecast_sample", ForecastSample(forecaster, data, 0))
    # The errors over the test part are those of its samples, one by one.
    each = [run_task("forecast_sample", ForecastSample(forecaster, data, int(i))) for i in data.indices("test")]
    squares = [(it.persistence - it.truth)[:, 0] ** 2 for it in each]
    ends = data.lengths[data.indices("test")] if data.lengths is not None else []
    by_step = np.mean([square[end - 4 : end] for square, end in zip(squares, ends, strict=True)], axis=0)
    np.testing.assert_allclose(whole.persistence_errors, by_step, rtol=1e-4)
    with pytest.raises(UnsupportedError, match="PCA forecasts nothing"):
        run_task("forecast_sample", ForecastSample(other, data, 0))
    with pytest.raises(InputError, match="no sample 60 among 60"):
        run_task("forecast_sample", ForecastSample(forecaster, data, 60))


def test_the_mask_of_a_sample_beside_trivial_ones(project: ProjectFile) -> None:
    data = make("bursts", n=60, n_steps=32)
    (ref,) = trained(
        project, data, ("segmentation-autoencoder", {"epochs": 1, "network": "dense", "hidden": [8], "latent_dim": 4})
    )
    assert data.masks is not None
    row = int(np.flatnonzero(data.masks.max(axis=1) > 0)[0])
    found = sent("segment_sample", SegmentSample(ref, data, row))
    assert found.names == list(data.mask_names)
    assert found.probabilities.shape == (32, 4)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-4)
    np.testing.assert_array_equal(found.mask, found.probabilities.argmax(axis=1))
    np.testing.assert_array_equal(found.truth, data.masks[row])
    assert found.metrics["accuracy"] == pytest.approx(np.mean(found.mask == found.truth))
    assert set(found.baselines) == {"all background", "Otsu"}
    assert found.baselines["all background"]["iou"] == 0
    # The same data with the classes in another order: the truth is told in the model's.
    order = np.array([1, 0, 3, 2])
    other = replace(data, masks=order[data.masks], mask_names=tuple(data.mask_names[i] for i in order))
    again = run_task("segment_sample", SegmentSample(ref, other, row))
    np.testing.assert_array_equal(again.truth, found.truth)
    assert again.metrics == found.metrics
    unknown = run_task("segment_sample", SegmentSample(ref, replace(data, masks=None, mask_names=()), row))
    assert unknown.truth is None
    assert unknown.metrics == unknown.baselines == {}


def test_masks_are_not_of_every_model(refs: list[ModelRef], data: Dataset) -> None:
    with pytest.raises(UnsupportedError, match="PCA writes no masks"):
        run_task("segment_sample", SegmentSample(refs[0], data, 0))


@pytest.mark.parametrize("name", ["find_clusters", "probe_codes", "rank_outliers", "compare_runs", "find_spectrum"])
def test_they_can_be_cancelled(refs: list[ModelRef], data: Dataset, name: str) -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    request = {
        "find_clusters": FindClusters(refs[1], data),
        "probe_codes": ProbeCodes(refs[1], data),
        "rank_outliers": RankOutliers(refs[1], data),
        "compare_runs": CompareRuns(refs[0], refs[1], data),
        "find_spectrum": FindSpectrum(data),
    }[name]
    with pytest.raises(Cancelled):
        run_task(name, request, Stop())


def test_other_data_do_not_fit(refs: list[ModelRef]) -> None:
    with pytest.raises(InputError, match="do not fit"):
        run_task("find_clusters", FindClusters(refs[0], make("sines", n=5)))


def test_nothing_heavy_is_imported_to_read_their_types(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys, explorer.workspace.tasks as t; [t.types_of(n) for n in t.TASKS]; "
        "print([m for m in ('torch', 'sklearn', 'scipy', 'pandas', 'matplotlib', 'umap') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
