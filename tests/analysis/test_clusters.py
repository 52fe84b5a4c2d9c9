"""Groups among codes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from explorer.analysis import clusters
from explorer.analysis.clusters import agreement, find_clusters, silhouette
from explorer.errors import Cancelled, InputError
from explorer.progress import Silent


def blobs(sizes: tuple[int, ...] = (40, 20, 30), spread: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    which = np.repeat(np.arange(len(sizes)), sizes)
    which = rng.permutation(which)
    centres = np.array([[0, 0], [8, 0], [0, 9], [9, 9]])[: len(sizes)]
    return centres[which] + spread * rng.normal(size=(len(which), 2)), which


@pytest.mark.parametrize(
    ("method", "params"), [("k-means", {}), ("k-means", {"clusters": 3}), ("hdbscan", {"smallest": 8})]
)
def test_groups_that_are_far_apart(method: str, params: dict[str, Any]) -> None:
    codes, which = blobs()
    found = find_clusters(codes, method, params)
    assert found.n_clusters == 3
    # By size: 40, 30, 20.
    sure = found.labels >= 0
    np.testing.assert_array_equal(found.labels[sure], np.array([0, 2, 1])[which[sure]])
    assert sure.mean() > 0.9
    if method == "k-means":
        assert found.params == {"clusters": 3}
        assert agreement(which, found.labels) == pytest.approx({"ari": 1.0, "nmi": 1.0})
    assert silhouette(codes, found.labels) > 0.9


def test_hdbscan_leaves_what_is_between_as_noise() -> None:
    codes, _ = blobs()
    lonely = np.array([[40.0, 40.0], [-50.0, 3.0]])
    found = find_clusters(np.concatenate([codes, lonely]), "hdbscan", {"smallest": 8})
    assert found.labels[-2:].tolist() == [-1, -1]


@pytest.mark.parametrize("method", clusters.METHODS)
@pytest.mark.parametrize("n", [1, 2, 3, 6])
@pytest.mark.parametrize("same", [True, False])
def test_few_codes_and_duplicates(method: str, n: int, same: bool) -> None:
    codes = np.ones((n, 2)) if same else np.arange(2.0 * n).reshape(n, 2)
    found = find_clusters(codes, method, {})
    assert found.labels.shape == (n,)
    assert found.n_clusters <= n
    if same and method == "k-means":
        assert found.labels.tolist() == [0] * n
        assert math.isnan(silhouette(codes, found.labels))


def test_codes_that_are_no_numbers_are_noise() -> None:
    codes, _ = blobs()
    codes[4, 1] = np.nan
    found = find_clusters(codes, "k-means", {"clusters": 3})
    assert np.flatnonzero(found.labels < 0).tolist() == [4]


def test_of_many_the_others_join_their_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "MOST", 30)
    codes, which = blobs()
    found = find_clusters(codes, "k-means", {"clusters": 3}, seed=1)
    assert agreement(which, found.labels)["ari"] == 1.0


def test_the_seed_decides() -> None:
    codes = np.random.default_rng(0).normal(size=(200, 3))
    one, same = (find_clusters(codes, "k-means", {"clusters": 7}, seed=3).labels for _ in range(2))
    np.testing.assert_array_equal(one, same)


def test_agreement_by_hand() -> None:
    """Two pairs of six agree where 4/3 are expected: Hubert and Arabie's index of [[2,0],[1,1]]."""
    labels, found = np.array([0, 0, 1, 1, -1]), np.array([0, 0, 0, 1, 1])
    # Σ C(n_ij, 2) = 1; rows 1 + 1 = 2, columns 3 + 0 = 3; expected 2·3/6 = 1; largest 2.5.
    assert agreement(labels, found)["ari"] == pytest.approx((1 - 1) / (2.5 - 1))
    assert agreement(np.full(5, -1), found) == {}


def test_it_can_be_cancelled_between_two_numbers_of_groups() -> None:
    class Stop(Silent):
        count = 0

        def cancelled(self) -> bool:
            self.count += 1
            return self.count > 3

    with pytest.raises(Cancelled):
        find_clusters(blobs()[0], "k-means", progress=Stop())


@pytest.mark.parametrize(
    ("method", "params", "said"),
    [
        ("ward", {}, "there is no clustering 'ward'"),
        ("k-means", {"clusters": 0}, "'clusters' cannot be 0"),
        ("hdbscan", {"clusters": 3}, "the clustering 'hdbscan' has no parameter 'clusters'"),
    ],
)
def test_what_cannot_be(method: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        find_clusters(blobs()[0], method, params)
