"""Codes in two and three dimensions."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from explorer.analysis.projections import METHODS, project
from explorer.errors import Cancelled, InputError
from explorer.progress import Silent

QUICK: dict[str, dict[str, Any]] = {"pca": {}, "tsne": {"iterations": 250}, "umap": {"iterations": 50}}


def groups(n: int = 40, width: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Return codes in three groups that are far apart, and the groups."""
    rng = np.random.default_rng(1)
    which = np.arange(3 * n) % 3
    centres = np.zeros((3, width))
    centres[1, 0], centres[2, 1] = 20, 15
    return rng.normal(size=(3 * n, width)) + centres[which], which


class Watch(Silent):
    """Collects fractions, and stops at one."""

    def __init__(self, stop_at: float = 2.0) -> None:
        self.told: list[float] = []
        self._stop_at = stop_at

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        self.told.append(fraction)

    def cancelled(self) -> bool:
        return bool(self.told) and self.told[-1] >= self._stop_at


@pytest.mark.parametrize("method", METHODS)
def test_groups_stay_apart_and_new_codes_join_theirs(method: str) -> None:
    codes, which = groups()
    watch = Watch()
    found = project(codes[:-9], method, 2, QUICK[method], seed=3, progress=watch)
    assert found.coordinates.shape == (111, 2)
    assert found.note == ""
    centres = np.stack([found.coordinates[which[:-9] == k].mean(axis=0) for k in range(3)])

    def nearest_group(points: np.ndarray) -> np.ndarray:
        return np.linalg.norm(points[:, None] - centres, axis=2).argmin(axis=1)

    np.testing.assert_array_equal(nearest_group(found.coordinates), which[:-9])
    np.testing.assert_array_equal(nearest_group(found.place(codes[-9:])), which[-9:])
    np.testing.assert_allclose(found.place(codes[:5]), found.coordinates[:5], atol=1e-5)
    known = [fraction for fraction in watch.told if fraction == fraction]
    assert known[-1] == 1.0
    assert all(a <= b for a, b in pairwise(known))


@pytest.mark.parametrize("method", METHODS)
def test_the_seed_decides(method: str) -> None:
    codes, _ = groups(12)
    one, same, other = (project(codes, method, 3, QUICK[method], seed).coordinates for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, same)
    assert method == "pca" or not np.array_equal(one, other)


def test_pca_is_linear_and_exact() -> None:
    codes, _ = groups()
    found = project(codes, "pca", 3)
    axes = found.axes
    assert axes is not None
    np.testing.assert_allclose(axes.vectors @ axes.vectors.T, np.eye(3), atol=1e-12)
    variances = np.linalg.eigvalsh(np.cov(codes.T))[::-1]
    np.testing.assert_allclose(axes.ratios, variances[:3] / variances.sum())
    np.testing.assert_allclose(found.coordinates.var(axis=0, ddof=1), variances[:3], rtol=1e-5)
    assert (axes.vectors[np.arange(3), np.abs(axes.vectors).argmax(axis=1)] > 0).all()


def test_fewer_coordinates_than_dimensions() -> None:
    found = project(np.arange(6.0)[:, None], "pca", 3)
    assert not found.coordinates[:, 1:].any()
    np.testing.assert_allclose(found.coordinates[:, 0], np.arange(6) - 2.5)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 4, 5, 7])
@pytest.mark.parametrize("codes", ["apart", "the same"])
def test_few_codes_and_duplicates(method: str, n: int, codes: str) -> None:
    z = np.random.default_rng(n).normal(size=(n, 2)) if codes == "apart" else np.ones((n, 2))
    found = project(z, method, 2, QUICK[method])
    assert np.isfinite(found.coordinates).all()
    assert ("this is PCA" in found.note) == (method != "pca" and (n < 5 or codes == "the same"))


@pytest.mark.parametrize("method", METHODS)
def test_codes_that_are_no_numbers_have_no_place(method: str) -> None:
    codes, _ = groups(5)
    codes[3, 1] = np.nan
    codes[7] = np.inf
    found = project(codes, method, 2, QUICK[method])
    assert np.flatnonzero(np.isnan(found.coordinates).all(axis=1)).tolist() == [3, 7]
    assert np.isfinite(np.delete(found.coordinates, [3, 7], axis=0)).all()
    assert found.note == "2 codes are no numbers and have no place."
    assert np.isnan(found.place(codes[3:4])).all()


def test_of_many_some_are_laid_out_and_the_others_placed() -> None:
    codes, which = groups(40)
    found = project(codes, "tsne", 2, {"most": 60, "iterations": 250})
    assert found.n_placed == 60
    assert found.note.startswith("60 of 120 codes were laid out")
    assert np.isfinite(found.coordinates).all()
    centres = np.stack([found.coordinates[which == k].mean(axis=0) for k in range(3)])
    spread = max(np.linalg.norm(found.coordinates[which == k] - centres[k], axis=1).max() for k in range(3))
    assert spread < np.linalg.norm(centres[0] - centres[1])


def test_the_perplexity_fits_the_codes() -> None:
    assert project(groups(4)[0], "tsne", 2, {"perplexity": 50, "iterations": 250}).params["perplexity"] == 11 / 3


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_it_can_be_cancelled_amid(method: str) -> None:
    watch = Watch(stop_at=0.3)
    with pytest.raises(Cancelled):
        project(groups()[0], method, 2, QUICK[method], progress=watch)
    assert 0.3 <= watch.told[-1] < 0.5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("isomap",), "there is no projection 'isomap'"),
        (("pca", 4), "cannot be shown in 4 dimensions"),
        (("tsne", 2, {"perplexity": 0}), "'perplexity' cannot be 0"),
        (("umap", 2, {"perplexity": 5}), "the projection 'umap' has no parameter 'perplexity'"),
    ],
)
def test_what_cannot_be(arguments: tuple[Any, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        project(groups(3)[0], *arguments)
    with pytest.raises(InputError, match="no code is a number"):
        project(np.full((3, 2), np.nan))
