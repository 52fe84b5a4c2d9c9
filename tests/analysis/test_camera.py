"""The camera turns and does nothing else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.analysis.camera import Camera, Stage

ANGLES = st.floats(-7, 7)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANGLES, ANGLES, ANGLES), max_size=8), st.integers(0, 2**31))
def test_turning_keeps_every_distance_and_never_mirrors(turns: list[tuple[float, float, float]], seed: int) -> None:
    camera = Camera.start()
    for turn in turns:
        camera = camera.turned(*turn)
    np.testing.assert_allclose(camera.rotation @ camera.rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(camera.rotation) == pytest.approx(1)
    points = np.random.default_rng(seed).normal(size=(6, 3))
    seen = camera.view(points)
    np.testing.assert_allclose(
        np.linalg.norm(seen[1:] - seen[0], axis=1), np.linalg.norm(points[1:] - points[0], axis=1)
    )


def test_the_near_side_goes_with_the_hand() -> None:
    near = np.array([[0.0, 0.0, 1.0]])
    front = Camera.front()
    np.testing.assert_array_equal(front.view(near), near)
    assert front.turned(0.1, 0).view(near)[0, 0] > 0, "to the right"
    assert front.turned(0, 0.1).view(near)[0, 1] < 0, "downward"
    right = np.array([[1.0, 0.0, 0.0]])
    assert front.turned(0, 0, 0.1).view(right)[0, 1] > 0, "anticlockwise"


def test_no_direction_locks() -> None:
    """Looking straight down, a drag to the right still moves what is near to the right."""
    top = Camera.front().turned(0, np.pi / 2)
    near = top.rotation[2][None]
    for right, down in ((0.05, 0.0), (0.0, 0.05)):
        seen = top.turned(right, down).view(near)[0]
        assert seen[0] == pytest.approx(np.sin(right), abs=1e-9)
        assert seen[1] == pytest.approx(-np.sin(down), abs=1e-9)


def test_ten_thousand_small_turns_leave_no_shear() -> None:
    camera = Camera.front()
    for _ in range(10_000):
        camera = camera.turned(0.003, -0.002, 0.001)
    np.testing.assert_allclose(camera.rotation @ camera.rotation.T, np.eye(3), atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(ANGLES, ANGLES, st.integers(0, 2**31))
def test_a_move_stays_in_the_viewing_plane(right: float, down: float, seed: int) -> None:
    camera, r = Camera.start().turned(right, down), np.random.default_rng(seed)
    point, to = r.normal(size=3), r.normal(size=2)
    seen = camera.view(camera.moved(point, to)[None])[0]
    np.testing.assert_allclose(seen[:2], to, atol=1e-12)
    assert seen[2] == pytest.approx(camera.view(point[None])[0, 2]), "no nearer to the eye, no farther"


def test_a_camera_is_remembered_as_json() -> None:
    camera = Camera.start().turned(1, 2, 3)
    again = Camera.from_json(json.loads(json.dumps(camera.to_json())))
    np.testing.assert_array_equal(again.rotation, camera.rotation)
    for value in (None, 1, [[1, 0], [0, 1]], np.zeros((3, 3)).tolist(), [["a"] * 3] * 3, np.diag([1, 1, -1]).tolist()):
        assert Camera.from_json(value) is None


def test_the_stage_holds_its_points_however_they_are_turned() -> None:
    r = np.random.default_rng(0)
    points = r.normal(size=(200, 3)) * [1, 20, 0.1] + 5
    points[3] = np.nan
    known = np.delete(points, 3, axis=0)
    for equal in (True, False):
        stage = Stage.of(points, equal=equal)
        put = stage.put(known)
        np.testing.assert_allclose(stage.take(put), known)
        assert np.linalg.norm(put, axis=1).max() == pytest.approx(stage.radius)
        np.testing.assert_allclose(put.max(axis=0), stage.half)
        np.testing.assert_allclose(put.min(axis=0), -stage.half)
    np.testing.assert_allclose(stage.half, 1)
    assert Stage.of(np.ones((4, 3))).radius == 1.0
    assert Stage.of(np.full((4, 3), np.nan), equal=False).radius == 1.0
