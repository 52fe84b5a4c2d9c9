"""Exploring tasks, run in this process on a small model."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.readings import READINGS
from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError
from explorer.models.recipes.pca import PCA
from explorer.training.history import History
from explorer.workspace.map_planes import plane_words
from explorer.workspace.messages import (
    DecodeCodes,
    DrawCodes,
    DrawLattice,
    GaugeCode,
    MapManifold,
    ModelRef,
    ThumbnailLook,
)
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.stored_layouts import MapLayout
from explorer.workspace.tasks import run_task


@pytest.fixture
def data() -> Dataset:
    """Series that lie on a plane, so that PCA knows every answer; 60 of 12 steps, two classes."""
    rng = np.random.default_rng(0)
    codes, ways = rng.normal(size=(60, 3)) * [3.0, 2.0, 1.0], rng.normal(size=(3, 12))
    return Dataset(values=(codes @ ways)[:, :, None].astype(np.float32), labels=np.arange(60) % 2)


@pytest.fixture
def ref(project: ProjectFile, data: Dataset) -> ModelRef:
    """Return a PCA of three components in a project."""
    project.add_data(data)
    model = PCA(latent_dim=3).fit(data)
    run = project.add_run(Run(id=0, name="PCA 1", data=1, recipe="pca", status="done", version=1))
    version = project.write_snapshot(run.id, model.to_bytes(), model.transform(data).astype(np.float32), History())
    return ModelRef(str(project.path), run.id, version or 1)


def model_of(project: ProjectFile, ref: ModelRef) -> PCA:
    return PCA.from_bytes(project.weights(ref.run)[0])


LOOK = ThumbnailLook("series", (20, 30), np.array([[-30.0, 30.0]]), ["#FF0000"])


def test_a_lattice_is_drawn_of_what_each_place_decodes_to(project: ProjectFile, ref: ModelRef) -> None:
    from explorer.analysis.thumbnails import thumbnails

    z = np.array([0.1, 0.2, 0.7])
    places = np.array([[0.0, 0.0], [1.0, -2.0]])
    drawn = run_task("draw_lattice", DrawLattice(ref, {"kind": "axes", "axes": [2, 0]}, places, z, LOOK))
    codes = np.array([[0.0, 0.2, 0.0], [-2.0, 0.2, 1.0]])
    expected = thumbnails(
        model_of(project, ref).inverse_transform(codes), "series", (20, 30), LOOK.ranges, LOOK.colours
    )
    np.testing.assert_array_equal(drawn.images, expected)
    assert expected.any()


def test_a_layout_is_read_from_the_project(project: ProjectFile, ref: ModelRef) -> None:
    from explorer.analysis.planes import NeighbourPlane

    codes = project.codes(ref.run)
    coordinates = np.random.default_rng(1).normal(size=(60, 2)).astype(np.float32)
    plane = NeighbourPlane(coordinates, codes)
    words = plane_words(plane, "tsne", 2)
    request = DrawLattice(ref, words, coordinates[:2], codes[0], LOOK)
    with pytest.raises(InputError, match="layout of run"):
        run_task("draw_lattice", request)
    project.write_layout(MapLayout(ref.run, "tsne", 2, 1, 1, coordinates))
    drawn = run_task("draw_lattice", request)
    at = run_task("draw_lattice", DrawLattice(ref, {"kind": "axes", "axes": [0, 1]}, codes[:1, :2], codes[0], LOOK))
    np.testing.assert_array_equal(drawn.images[0], at.images[0])  # on a sample it is that sample


def test_a_plane_that_does_not_fit_is_refused(ref: ModelRef) -> None:
    with pytest.raises(InputError, match="does not fit"):
        run_task(
            "draw_lattice", DrawLattice(ref, {"kind": "axes", "axes": [0, 5]}, np.zeros((1, 2)), np.zeros(3), LOOK)
        )


def test_a_sample_is_on_the_manifold_and_a_far_code_is_not(project: ProjectFile, ref: ModelRef, data: Dataset) -> None:
    codes = project.codes(ref.run)
    on = run_task("gauge_code", GaugeCode(ref, data, codes[np.argmin(np.sum(codes**2, axis=1))]))
    assert [reading.name for reading in on.readings] == list(READINGS)
    assert [reading.level for reading in on.readings] == [0, 0, 0]
    off = run_task("gauge_code", GaugeCode(ref, data, np.array([90.0, 0.0, 0.0])))
    assert [reading.level for reading in off.readings][:2] == [2, 2]
    assert off.readings[0].value == pytest.approx(np.sort(np.linalg.norm(codes - [90, 0, 0], axis=1))[:5].mean(), 1e-4)
    assert (off.readings[0].share, off.posterior) == (0.0, False)
    assert off.readings[0].place > 0.85 > on.readings[0].place


def test_where_there_are_too_few_samples_nothing_is_told(project: ProjectFile, ref: ModelRef, data: Dataset) -> None:
    few = data.subset(np.arange(4))
    assert run_task("gauge_code", GaugeCode(ref, few, np.zeros(3))).readings == []
    with pytest.raises(UnsupportedError, match="too few samples"):
        run_task("map_manifold", _map(ref, few, "density"))


def _map(ref: ModelRef, data: Dataset, reading: str) -> MapManifold:
    x, y = np.linspace(-60, 60, 7), np.linspace(-40, 40, 5)
    return MapManifold(ref, data, {"kind": "axes", "axes": [0, 1]}, np.array([0.0, 0.0, 0.4]), x, y, reading)


@pytest.mark.parametrize("reading", READINGS)
def test_a_map_of_a_reading_has_at_each_place_what_the_gauge_says(ref: ModelRef, data: Dataset, reading: str) -> None:
    request = _map(ref, data, reading)
    found = run_task("map_manifold", request)
    assert found.values.shape == (5, 7)
    for row, column in ((0, 0), (2, 3), (4, 6)):
        z = np.array([request.x[column], request.y[row], 0.4])
        gauged = run_task("gauge_code", GaugeCode(ref, data, z)).readings[READINGS.index(reading)]
        assert found.values[row, column] == pytest.approx(gauged.value, rel=1e-4, abs=1e-5)
        assert found.places[row, column] == pytest.approx(gauged.place, abs=1e-3)
    assert found.marks == sorted(found.marks)
    for line in found.edge:
        assert (np.abs(line) <= [60, 40]).all()


def test_the_lines_go_round_what_is_dense(ref: ModelRef, data: Dataset) -> None:
    found = run_task("map_manifold", _map(ref, data, "density"))
    assert len(found.edge) >= 1
    assert found.places[2, 3] < 0.6 < found.places[0, 0]


def test_codes_are_decoded_with_the_samples_around_them(project: ProjectFile, ref: ModelRef) -> None:
    codes = project.codes(ref.run)
    z = np.array([codes[7], codes[7] + 1e-3, [500, 0, 0]])
    found = run_task("decode_codes", DecodeCodes(ref, z))
    np.testing.assert_allclose(found.samples, model_of(project, ref).inverse_transform(z), atol=1e-4)
    assert found.nearest[:2].tolist() == [7, 7]
    assert found.distances[0] == pytest.approx(0, abs=1e-5)
    assert found.near[0] >= 1 and found.near[2] == 0
    assert found.radius > 0 and found.texts == []


def test_codes_like_those_of_samples_are_drawn_and_the_same_again(project: ProjectFile, ref: ModelRef) -> None:
    codes = project.codes(ref.run)
    for source in ("gaussian", "kernel"):
        drawn, again, other = (run_task("draw_codes", DrawCodes(ref, 400, source, seed)) for seed in (1, 1, 2))
        np.testing.assert_array_equal(drawn.codes, again.codes)
        assert not np.array_equal(drawn.codes, other.codes)
        np.testing.assert_allclose(drawn.codes.mean(axis=0), codes.mean(axis=0), atol=0.25 * codes.std(axis=0).max())
        np.testing.assert_allclose(drawn.codes.std(axis=0), codes.std(axis=0), rtol=0.3)
        assert len(drawn.samples) == 400
    with pytest.raises(UnsupportedError, match="no prior"):
        run_task("draw_codes", DrawCodes(ref, 3, "prior"))


def test_a_variational_model_is_asked_for_its_prior_and_judged_by_its_posterior(
    project: ProjectFile, data: Dataset
) -> None:
    from explorer.models.recipes.vae import VAE

    project.add_data(data)
    model = VAE(epochs=2, hidden=(8,), latent_dim=2).fit(data)
    run = project.add_run(Run(id=0, name="VAE 1", data=1, recipe="vae", status="done", version=1))
    version = project.write_snapshot(run.id, model.to_bytes(), model.transform(data).astype(np.float32), History())
    ref = ModelRef(str(project.path), run.id, version)
    drawn = run_task("draw_codes", DrawCodes(ref, 5, "prior", 3))
    np.testing.assert_allclose(drawn.codes, model.sample_prior(5, 3))
    gauged = run_task("gauge_code", GaugeCode(ref, data, drawn.codes[0]))
    assert gauged.posterior and len(gauged.readings) == 3
