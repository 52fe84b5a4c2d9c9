import numpy as np
import pytest

from explorer.analysis.curves import Watch, curve_errors, regions, simple_curves
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.models.recipes.latent_ode import LatentOde

NAN = np.nan


@pytest.fixture
def data() -> Dataset:
    values = np.array([[1, NAN, 3, NAN], [NAN, 5, NAN, NAN]], np.float32)[:, :, None]
    targets = np.array([[1, 2, 3, 4], [4, 5, 6, NAN]], np.float32)[:, :, None]
    return Dataset(values=values, targets=targets, times=np.array([[0, 1, 2, 3], [0, 0.5, 1, 5]]))


def test_steps_are_seen_hidden_or_ahead(data: Dataset) -> None:
    found = regions(data)
    assert found["seen"].tolist() == [[True, False, True, False], [False, True, False, False]]
    assert found["hidden"].tolist() == [[False, True, False, False], [True, False, False, False]]
    assert found["within"].tolist() == [[True, True, True, False], [True, True, False, False]]
    assert found["ahead"].tolist() == [[False, False, False, True], [False, False, True, False]]


def test_errors_are_told_for_each_region(data: Dataset) -> None:
    written = data.clean + np.array([0, 1, 2, 3], np.float32)[:, None]
    assert curve_errors(data, written) == pytest.approx({"within": 6 / 5, "seen": 5 / 3, "hidden": 0.5, "ahead": 6.5})


def test_what_anybody_could_write(data: Dataset) -> None:
    found = simple_curves(data, np.array([7.0]))
    assert found["mean"][0, 2, 0] == 7
    assert found["last_value"][..., 0].tolist() == [[1, 1, 3, 3], [5, 5, 5, 5]]
    assert found["straight_lines"][..., 0].tolist() == [[1, 2, 3, 3], [5, 5, 5, 5]]


def test_a_training_is_judged_by_what_it_would_leave() -> None:
    data = make("periodic", n=40, seed=0)
    # With such steps losses rise too.
    model = LatentOde(epochs=6, learning_rate=0.1, schedule="constant", batch_size=10, patience=0)
    watch = Watch(model, data.part("test"), range(1, 7))
    model.fit(data, progress=watch)
    losses = [epoch.validation["loss"] for epoch in model.history_.epochs]
    best = [int(np.argmin(losses[: k + 1])) + 1 for k in range(6)]
    assert 1 < len(set(best)) < 6
    for number, epoch in enumerate(best, start=1):
        assert watch.errors[number] == watch.errors[epoch]
    left = curve_errors(data.part("test"), model.reconstruct(data.part("test")))
    assert watch.errors[6] == pytest.approx(left, rel=1e-6, nan_ok=True)
