"""The curve of accuracy by labels: who sees which of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.analysis import pretraining
from explorer.analysis.pretraining import label_curve
from explorer.data.dataset import Dataset
from explorer.errors import Cancelled, InputError
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.auxiliary_autoencoder import AuxiliaryAutoencoder
from explorer.models.recipes.pca import PCA


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretraining, "STEPS", 60)


def made(n: int = 300, seed: int = 0) -> Dataset:
    """Return noisy copies of three patterns: a code that reconstructs them tells them apart."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(3, size=n)
    patterns = rng.standard_normal((3, 20)) * 2
    X = patterns[labels] + rng.standard_normal((n, 20))
    return Dataset(values=X.astype(np.float32), labels=labels)


def test_few_labels_suffice_where_the_code_knows_the_classes(quick: None) -> None:
    data = made()
    curve = label_curve(Autoencoder(latent_dim=2, epochs=40), data, (3, 30, 150), (0, 1))
    assert curve.pretrained.shape == curve.scratch.shape == curve.frozen.shape == (2, 3)
    assert curve.counts == (3, 30, 150) and curve.seeds == (0, 1)
    assert (curve.pretrained[:, -1] > 0.9).all() and (curve.frozen[:, -1] > 0.9).all()
    assert curve.pretrained[:, 0].mean() > curve.baseline + 0.2
    test = data.part("test")
    usual = np.bincount(data.part("train").labels).argmax()
    assert curve.baseline == pytest.approx(np.mean(test.labels == usual))


def test_a_fitted_model_serves_all_seeds_and_stays_as_it_was(quick: None) -> None:
    data = made()
    model = Autoencoder(latent_dim=2, epochs=5).fit(data)
    before = model.to_bytes()
    first, second = (label_curve(model, data, (9,), (4,)) for _ in range(2))
    for name in ("pretrained", "scratch", "frozen"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert model.to_bytes() == before


def test_labels_are_drawn_of_each_class_alike_and_the_fewer_are_among_the_more() -> None:
    data = made()
    order = pretraining._drawn(data, seed=1)
    assert set(order) == set(data.indices("train"))
    for count in (3, 6, 30):
        assert (np.bincount(data.labels[order[:count]]) == count // 3).all()
    assert not np.array_equal(order, pretraining._drawn(data, seed=2))


@pytest.mark.parametrize(("count", "held"), [(9, 0), (30, 6), (90, 18)])
def test_only_the_labels_that_were_asked_for_are_seen(count: int, held: int) -> None:
    data = made()
    chosen = pretraining._drawn(data, seed=0)[:count]
    part = pretraining._labelled(data, chosen, classes=3)
    known = np.flatnonzero(part.labels >= 0)
    np.testing.assert_array_equal(known, np.sort(chosen))
    assert (part.split[known] == 1).sum() == held
    assert len(np.unique(np.bincount(part.labels[known][part.split[known] == 1], minlength=3))) == 1
    np.testing.assert_array_equal(part.indices("test"), data.indices("test"))


class Watch:
    def __init__(self, stop_at: float = 2.0) -> None:
        self.stop_at, self.fractions = stop_at, [0.0]
        self.payloads: list[Any] = []

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        self.fractions.append(fraction)
        self.payloads.append(payload)

    def cancelled(self) -> bool:
        return self.fractions[-1] >= self.stop_at


def test_it_tells_how_far_it_is_and_can_be_cancelled(quick: None) -> None:
    watch = Watch()
    label_curve(Autoencoder(epochs=5), made(), (6, 12), (0,), watch)
    assert watch.fractions == sorted(watch.fractions) and watch.fractions[-1] == pytest.approx(1.0)
    assert not any(watch.payloads)
    with pytest.raises(Cancelled):
        label_curve(Autoencoder(epochs=5), made(), (6, 12), (0,), Watch(stop_at=0.4))


def test_what_cannot_be_asked_is_told() -> None:
    data = made()
    with pytest.raises(InputError, match="PCA is no network"):
        label_curve(PCA(), data, (3,))
    with pytest.raises(InputError, match="learns from labels already"):
        label_curve(AuxiliaryAutoencoder(), data, (3,))
    for counts in ((), (0,), (1000,)):
        with pytest.raises(InputError, match="not possible"):
            label_curve(Autoencoder(), data, counts)
    with pytest.raises(InputError, match="no labels"):
        label_curve(Autoencoder(), Dataset(values=data.values), (3,))
