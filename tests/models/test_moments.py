"""Directions of the greatest variance, found a block at a time, against an SVD in double precision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.errors import Cancelled
from explorer.models import moments
from explorer.models.moments import principal, principal_of_few
from explorer.models.recipes.pca import PCA


def samples(n: int, d: int, *, offset: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d)) * np.arange(1, d + 1) ** -0.5
    return (X @ np.linalg.qr(rng.standard_normal((d, d))).Q + offset).astype(np.float32)


def check(found: moments.Principal, X: np.ndarray, k: int, *, angle: float) -> None:
    centred = X.astype(np.float64) - X.mean(axis=0, dtype=np.float64)
    _, singular, ways = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(found.mean, X.mean(axis=0, dtype=np.float64), atol=1e-6 * np.abs(X).max())
    np.testing.assert_allclose(found.variances, singular[:k] ** 2 / (len(X) - 1), rtol=1e-5)
    assert found.total == pytest.approx((singular**2).sum() / (len(X) - 1), rel=1e-5)
    np.testing.assert_allclose(found.components @ found.components.T, np.eye(k), atol=1e-10)
    away = ways[:k] - (ways[:k] @ found.components.T) @ found.components
    assert np.linalg.norm(away, 2) < angle


def in_blocks(X: np.ndarray, passes: list[int]) -> moments.Blocks:
    def blocks() -> Iterator[np.ndarray]:
        passes.append(1)
        return (X[first : first + 97] for first in range(0, len(X), 97))

    return blocks


@pytest.mark.parametrize("offset", [0.0, 1.0, 300.0])
@pytest.mark.parametrize("single", [False, True])
def test_of_a_covariance(single: bool, offset: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "SINGLE", 0 if single else 1e30)
    X, passes = samples(1500, 40, offset=offset), []
    check(principal(in_blocks(X, passes), *X.shape, 3), X, 3, angle=1e-5 if single else 1e-9)
    assert len(passes) == 1


def test_doubtful_directions_are_sought_again_in_double_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "SINGLE", 0)
    X, passes = samples(600, 12), []
    centred = X - X.mean(axis=0)
    u, singular, ways = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    singular[2] = singular[1] * (1 - 1e-6)  # two directions that single precision cannot tell apart
    X = ((u * singular) @ ways).astype(np.float32)
    check(principal(in_blocks(X, passes), *X.shape, 2), X, 2, angle=1e-2)
    assert len(passes) == 2


def test_of_very_wide_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "WIDEST", 50)
    X, passes = samples(900, 240, offset=2.0), []
    found = principal(in_blocks(X, passes), *X.shape, 4)
    assert found.settled and len(passes) < 20
    check(found, X, 4, angle=1e-4)


def test_wide_samples_within_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "WIDEST", 50)
    monkeypatch.setattr(moments, "_SPACE", 0)  # three blocks of directions, then it begins anew from the best
    X = samples(900, 240, offset=2.0)
    found = principal(in_blocks(X, []), *X.shape, 4)
    assert found.settled
    check(found, X, 4, angle=1e-4)


def test_more_directions_than_samples_span(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "WIDEST", 50)
    X = samples(5, 240)
    found = principal(in_blocks(X, []), *X.shape, 4)
    check(found, X, 4, angle=1e-6)
    check(principal_of_few(X, 4), X, 4, angle=1e-9)


def test_what_cannot_be_settled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "WIDEST", 50)
    monkeypatch.setattr(moments, "_PASSES", 2)
    X = np.random.default_rng(0).standard_normal((900, 240)).astype(np.float32)
    model = PCA(latent_dim=2).fit(X)
    assert "approximate" in model.history_.notes[0]


@pytest.mark.parametrize("d", [30, 700])
def test_a_memory_map_gives_what_memory_gives(d: int, tmp_path: Path) -> None:
    X = samples(400, d, offset=3.0)
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    ours, theirs = PCA(latent_dim=3).fit(mapped), PCA(latent_dim=3).fit(X)
    np.testing.assert_array_equal(ours.components_, theirs.components_)
    np.testing.assert_array_equal(ours.transform(mapped), theirs.transform(X))
    assert ours.n_features_in_ == d


def test_the_fit_is_told_and_cancelled() -> None:
    class Watch:
        def __init__(self, after: int) -> None:
            self.after, self.told = after, []

        def report(self, fraction: float, message: str = "", payload: object = None) -> None:
            self.told.append(fraction)

        def cancelled(self) -> bool:
            return len(self.told) >= self.after

    X = np.zeros((300_000, 30), np.float32)
    X[:, 0] = np.arange(300_000) % 7
    watch = Watch(1000)
    PCA(latent_dim=1).fit(X, progress=watch)
    assert len(watch.told) > 3 and watch.told == sorted(watch.told) and 0 <= watch.told[0] < watch.told[-1] < 1
    with pytest.raises(Cancelled):
        PCA(latent_dim=1).fit(Dataset(values=X), progress=Watch(2))
