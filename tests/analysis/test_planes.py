"""Planes lead to the map and back, exactly where they can, smoothly where they cannot."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.analysis import planes
from explorer.analysis.planes import AxisPlane, LinearPlane, NeighbourPlane, Plane, plane_from_json

SEEDS = st.integers(0, 2**31)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(3, 9), st.integers(2, 3))
def test_axes_lead_there_and_back_and_hold_the_rest(seed: int, width: int, dims: int) -> None:
    r = rng(seed)
    axes = r.permutation(width)[:dims].tolist()
    plane, z, point = AxisPlane(*axes), r.normal(size=width), r.normal(size=dims)
    lifted = plane.lift(point, z)
    np.testing.assert_array_equal(plane.project(lifted[None])[0], point)
    others = [i for i in range(width) if i not in axes]
    np.testing.assert_array_equal(lifted[others], z[others])
    assert plane.names == tuple(f"z{i + 1}" for i in axes)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(3, 9), st.integers(2, 3))
def test_linear_planes_lead_there_and_back_and_hold_the_residual(seed: int, width: int, dims: int) -> None:
    r = rng(seed)
    vectors = r.normal(size=(dims, width))
    plane = LinearPlane(r.normal(size=width), vectors)
    z, point = r.normal(size=width), r.normal(size=dims)
    lifted = plane.lift(point, z)
    np.testing.assert_allclose(plane.project(lifted[None])[0], point, atol=1e-7)
    # The step lies within the plane: nothing is left of it once its part along the vectors is taken out.
    step = lifted - z
    along, *_ = np.linalg.lstsq(vectors.T, step, rcond=None)
    np.testing.assert_allclose(vectors.T @ along, step, atol=1e-6 * (1 + np.abs(step).max()))
    assert plane.lift(plane.project(z[None])[0], z) == pytest.approx(z), "a place where one is moves nothing"


def test_principal_planes_are_those_of_the_singular_value_decomposition() -> None:
    r = rng(0)
    codes = (r.normal(size=(500, 6)) * [9, 1, 4, 0.5, 0.1, 2] + 3).astype(np.float32)
    codes[7] = np.nan
    plane = LinearPlane.principal(codes, 3)
    known = np.delete(codes, 7, axis=0).astype(float)
    _, singular, components = np.linalg.svd(known - known.mean(axis=0), full_matrices=False)
    for mine, theirs in zip(plane.vectors, components, strict=False):
        assert abs(mine @ theirs) == pytest.approx(1, abs=1e-6)
        assert mine[np.abs(mine).argmax()] > 0
    shares = singular**2 / np.sum(singular**2)
    assert plane.names == tuple(f"PC{i + 1} ({share:.0%})".replace("%", " %") for i, share in enumerate(shares[:3]))
    np.testing.assert_allclose(plane.project(codes).std(axis=0, where=np.isfinite(codes[:, :3])) > 0, True)
    assert np.isnan(plane.project(codes)[7]).all()


def test_a_principal_plane_does_not_flip_while_the_codes_move_on() -> None:
    r = rng(1)
    codes = r.normal(size=(300, 4)) * [5, 3, 1, 1]
    before = LinearPlane.principal(codes)
    turned = LinearPlane(before.mean, -before.vectors, before.names)
    after = LinearPlane.principal(codes * 1.1, like=turned)
    assert (np.sum(after.vectors * turned.vectors, axis=1) > 0.9).all()


def test_a_collapsed_code_has_a_principal_plane_all_the_same() -> None:
    plane = LinearPlane.principal(np.ones((9, 3)))
    assert np.isfinite(plane.vectors).all()
    assert plane.names == ("PC1 (0 %)", "PC2 (0 %)")


def laid_out(n: int = 400, width: int = 5, dims: int = 2, seed: int = 0) -> NeighbourPlane:
    r = rng(seed)
    codes = r.normal(size=(n, width))
    return NeighbourPlane((codes[:, :dims] * 3 + 0.1 * r.normal(size=(n, dims))).astype(np.float32), codes)


@pytest.mark.parametrize("n", [1, 5, 13, 14, 400, 9000])
def test_on_a_sample_a_laid_out_place_is_the_sample(n: int) -> None:
    plane = laid_out(n)
    for i in (0, n // 2, n - 1):
        np.testing.assert_allclose(plane.lift(plane.coordinates[i], np.zeros(5)), plane.codes[i], atol=1e-12)
        np.testing.assert_allclose(plane.project(plane.codes[i][None])[0], plane.coordinates[i], atol=1e-6)
    np.testing.assert_array_equal(plane.project(plane.codes.copy()), plane.coordinates)


def test_the_nearest_are_the_nearest() -> None:
    plane = laid_out(9000)
    point = np.array([0.3, -0.4])
    squares = np.sum((plane.coordinates - point.astype(np.float32)) ** 2, axis=1)
    nearest = np.argsort(squares)[: planes.NEIGHBOURS + 1]
    d = np.sqrt(squares[nearest].astype(float))
    w = ((d.max() - d) / (d.max() * d)) ** 2
    np.testing.assert_allclose(plane.lift(point, np.zeros(5)), (w / w.sum()) @ plane.codes[nearest], rtol=1e-4)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_a_small_move_over_a_laid_out_map_is_a_small_move_of_the_code(seed: int) -> None:
    plane = laid_out(seed=seed % 1000)
    start, end = rng(seed).normal(size=(2, 2)) * 3
    path = start + np.linspace(0, 1, 4001)[:, None] * (end - start)
    lifted = np.array([plane.lift(point, np.zeros(5)) for point in path])
    steps = np.linalg.norm(np.diff(lifted, axis=0), axis=1)
    # A jump would stay as large however fine the path; a continuous way is cut into steps that shrink with it.
    coarse = np.linalg.norm(np.diff(lifted[::40], axis=0), axis=1)
    assert steps.max() < 0.25 * max(coarse.max(), 0.05)


def test_samples_without_a_finite_place_are_left_out() -> None:
    r = rng(3)
    coordinates, codes = r.normal(size=(50, 2)).astype(np.float32), r.normal(size=(50, 3))
    coordinates[4], codes[9] = np.nan, np.inf
    plane = NeighbourPlane(coordinates, codes)
    for point in coordinates[np.isfinite(coordinates).all(axis=1)]:
        assert np.isfinite(plane.lift(point, np.zeros(3))).all()
    nowhere = NeighbourPlane(np.full((5, 2), np.nan), np.zeros((5, 3)))
    np.testing.assert_array_equal(nowhere.lift(np.zeros(2), np.ones(3)), np.ones(3))
    assert np.isnan(nowhere.project(np.ones((1, 3)))).all()


def test_a_move_over_many_samples_is_quick() -> None:
    for n in (10_000, 200_000):
        plane = laid_out(n, width=16)
        times = []
        for point in rng(0).normal(size=(40, 2)):
            start = time.perf_counter()
            plane.lift(point, np.zeros(16))
            times.append(time.perf_counter() - start)
        assert min(times) < 0.001, f"{n}: {1000 * min(times):.2f} ms"


@pytest.mark.parametrize(
    "plane",
    [AxisPlane(2, 0), AxisPlane(0, 1, 4), LinearPlane.principal(laid_out().codes, 3), laid_out(), laid_out(dims=3)],
    ids=lambda plane: f"{plane.kind}{plane.dims}",
)
def test_planes_are_remembered_as_json(plane: Plane) -> None:
    codes = laid_out().codes
    again = plane_from_json(json.loads(json.dumps(plane.to_json())), codes)
    assert type(again) is type(plane)
    assert again.names == plane.names
    np.testing.assert_array_equal(again.project(codes), plane.project(codes))
    point = np.full(plane.dims, 0.2)
    np.testing.assert_allclose(again.lift(point, codes[3]), plane.lift(point, codes[3]), rtol=1e-12)


@pytest.mark.parametrize(
    "value",
    [
        None, [], {}, {"kind": "axes"}, {"kind": "axes", "axes": [0, 9]}, {"kind": "axes", "axes": [0, 0]},
        {"kind": "axes", "axes": []}, {"kind": "axes", "axes": [0]}, {"kind": "linear", "mean": [0], "vectors": [[1]]},
        {"kind": "linear", "mean": [0] * 5, "vectors": [[0] * 5] * 2, "names": ["a", "b"]},
        {"kind": "linear", "mean": [None] * 5, "vectors": [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]], "names": ["a", "b"]},
        {"kind": "neighbours", "coordinates": "AAAA", "names": ["a", "b"]},
        {"kind": "neighbours", "coordinates": "!", "names": ["a", "b"]}, {"kind": "else", "names": []},
    ],
)  # fmt: skip
def test_what_is_no_plane_of_these_codes_is_none(value: object) -> None:
    assert plane_from_json(value, laid_out().codes) is None


def test_a_code_of_one_coordinate_is_shown_against_the_samples_numbers() -> None:
    plane = AxisPlane(0)
    assert plane.flat
    assert plane.names == ("z1", "sample")
    np.testing.assert_array_equal(plane.project(np.array([[5.0], [7.0]])), [[5, 0], [7, 1]])
    np.testing.assert_array_equal(plane.lift(np.array([3.0, 9.0]), np.array([1.0])), [3.0])


def test_wrong_planes_are_refused() -> None:
    for axes in ((), (0, 0), (0, 1, 2, 3), (-1, 0)):
        with pytest.raises(ValueError, match="no axes"):
            AxisPlane(*axes)
    with pytest.raises(ValueError, match="do not fit"):
        LinearPlane(np.zeros(3), np.zeros((2, 4)))
    with pytest.raises(ValueError, match="do not fit"):
        NeighbourPlane(np.zeros((3, 2)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match="do not fit"):
        NeighbourPlane(np.zeros((3, 2)), np.zeros((3, 2)), ("a",))


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(3, 7), st.sampled_from(["axes", "linear", "neighbours"]))
def test_many_places_are_lifted_as_each_alone(seed: int, width: int, kind: str) -> None:
    r = rng(seed)
    codes, z, places = r.normal(size=(30, width)), r.normal(size=width), r.normal(size=(9, 2))
    plane: Plane = {
        "axes": AxisPlane(*r.permutation(width)[:2].tolist()),
        "linear": LinearPlane(r.normal(size=width), r.normal(size=(2, width))),
        "neighbours": NeighbourPlane(r.normal(size=(30, 2)), codes),
    }[kind]
    np.testing.assert_allclose(plane.lift_all(places, z), [plane.lift(place, z) for place in places], atol=1e-12)


def test_places_of_a_code_of_one_number_are_lifted_by_their_first_coordinate() -> None:
    np.testing.assert_array_equal(
        AxisPlane(0).lift_all(np.array([[1.0, 9.0], [2.0, 9.0]]), np.zeros(1)), [[1.0], [2.0]]
    )
