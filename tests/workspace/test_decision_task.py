"""Decisions of a class-conditional VAE over a plane of samples, asked as the window asks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis.decision import SamplePlane
from explorer.data.dataset import Dataset
from explorer.errors import Cancelled, UnsupportedError
from explorer.models.recipes.conditional_vae import ConditionalVAE
from explorer.progress import Silent
from explorer.workspace.codec import Decoder, Encoder, build
from explorer.workspace.messages import Decisions, MapDecisions, ModelRef
from explorer.workspace.model_cache import MODELS
from explorer.workspace.project import ProjectFile
from explorer.workspace.tasks import run_task, types_of
from tests.workspace.test_analysis_tasks import trained

SETTINGS = {"latent_dim": 2, "hidden": (16,), "epochs": 20, "learning_rate": 0.02, "batch_size": 16, "patience": 0}


def clouds(n: int = 480) -> Dataset:
    """Return three normal clouds far apart in eight dimensions, every second sample held out."""
    rng = np.random.default_rng(0)
    labels = np.arange(n) % 3
    values = (3.0 * np.eye(8)[labels] + 0.5 * rng.standard_normal((n, 8))).astype(np.float32)
    split = np.where(np.arange(n) % 2, 2, 0).astype(np.int8)
    return Dataset(values=values, labels=labels, class_names=("a", "b", "c"), split=split, name="clouds")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ModelRef, ModelRef, Dataset]]:
    home, folder, data = pytest.MonkeyPatch(), tmp_path_factory.mktemp("decisions"), clouds()
    home.setenv("LATENTSCAPE_HOME", str(folder))
    file = ProjectFile.create(folder / "p.latentscape")
    vae, pca = trained(file, data, ("conditional-vae", SETTINGS), ("pca", {"latent_dim": 2}))
    yield vae, pca, data
    file.close()
    home.undo()


def test_each_cloud_lies_in_its_own_class(asked: tuple[ModelRef, ModelRef, Dataset]) -> None:
    model, _, data = asked
    found = run_task("map_decisions", MapDecisions(model, data, grid=15))
    assert found.names == ["a", "b", "c"] and found.n_samples == 240 and found.part == "test"
    assert found.accuracy["generative"] > 0.95 and found.accuracy["discriminative"] > 0.95
    assert found.accuracy["usual"] == pytest.approx(1 / 3)
    plane, vae = SamplePlane.of(data), MODELS.get(model).model
    assert isinstance(vae, ConditionalVAE) and data.labels is not None
    assert found.accuracy["generative"] == vae.measure(data.part("test"))["accuracy"], "as after the training"
    np.testing.assert_allclose(found.points, plane.flat(data.values))
    np.testing.assert_array_equal(found.labels, data.labels)
    for label in range(3):
        middle = found.points[found.labels == label].mean(axis=0)
        at = np.abs(found.y - middle[1]).argmin(), np.abs(found.x - middle[0]).argmin()
        assert found.classes["generative"][at] == found.classes["discriminative"][at] == label
        assert found.likelihood[at] > found.typical > found.likelihood.min()
    assert found.examples.shape == (3, 3, 8)
    np.testing.assert_array_equal(found.examples[1], vae.samples_of(1, 3, 0))
    corner = plane.samples(np.array([[found.x[2], found.y[-1]]]))
    assert found.confidence["discriminative"][-1, 2] == pytest.approx(vae.recognised(corner).max(), abs=1e-5)
    (arrived,) = Decoder().feed(Encoder().encode(found))
    back = build(types_of("map_decisions")[1], arrived)
    assert isinstance(back, Decisions) and back.accuracy == found.accuracy
    np.testing.assert_array_equal(back.classes["generative"], found.classes["generative"])


def test_classes_are_known_by_their_names(asked: tuple[ModelRef, ModelRef, Dataset]) -> None:
    model, _, data = asked
    assert data.labels is not None
    other = replace(data, labels=np.where(data.labels == 2, -1, 1 - data.labels), class_names=("b", "a", "z"))
    found = run_task("map_decisions", MapDecisions(model, other, grid=4))
    assert found.n_samples == 160 and found.accuracy["generative"] > 0.95
    unknown = run_task("map_decisions", MapDecisions(model, replace(data, labels=None, class_names=()), grid=4))
    assert unknown.accuracy == {} and (unknown.labels == -1).all()


def test_other_models_and_a_person_can_stop_it(asked: tuple[ModelRef, ModelRef, Dataset]) -> None:
    model, pca, data = asked
    with pytest.raises(UnsupportedError, match="does not learn p"):
        run_task("map_decisions", MapDecisions(pca, data))

    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        run_task("map_decisions", MapDecisions(model, data), Stop())
