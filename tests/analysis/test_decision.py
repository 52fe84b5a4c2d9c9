"""Decision maps: the plane of samples, and what a model says all over it."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.decision import SamplePlane, decision_map, edges, opacity, sure_of_nonsense
from explorer.data.dataset import Dataset
from explorer.errors import InputError


def flat_data() -> Dataset:
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.standard_normal((6, 2)))[0].T
    return Dataset(values=(rng.standard_normal((50, 2)) * [3, 1] @ axes + 5).astype(np.float32).reshape(50, 6))


def test_samples_on_the_plane_come_back() -> None:
    data = flat_data()
    plane = SamplePlane.of(data)
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(plane.samples(plane.flat(data.values)), data.values, atol=1e-5)


def test_two_normal_classes_are_divided_where_they_are_as_likely() -> None:
    """p(x|y) = N(±1, 1) along the first axis: the boundary is at 0, and p(y|x) is the logistic of 2x."""
    plane = SamplePlane(np.zeros(3), np.eye(3)[:2], (3,))
    around = np.array([[-3.0, -2.0], [3.0, 2.0]])

    def joint(samples: np.ndarray) -> np.ndarray:
        return np.stack([-0.5 * (samples[:, 0] - side) ** 2 - np.log(2) for side in (-1, 1)], axis=1)

    def chances(samples: np.ndarray) -> np.ndarray:
        p = 1 / (1 + np.exp(-2 * samples[:, 0].astype(float)))
        return np.stack([1 - p, p], axis=1)

    generative = decision_map(plane, around, chances, joint, grid=21)
    discriminative = decision_map(plane, around, chances, grid=21)
    assert generative.x[0] == pytest.approx(-3.9) and generative.y[-1] == pytest.approx(2.6)
    np.testing.assert_array_equal(generative.classes[:, :10], 0)
    np.testing.assert_array_equal(generative.classes[:, 11:], 1)
    np.testing.assert_allclose(generative.confidence, discriminative.confidence, atol=1e-6)
    assert discriminative.likelihood is None and generative.likelihood is not None
    by_hand = np.log(0.5 * (np.exp(-0.5 * (generative.x - 1) ** 2) + np.exp(-0.5 * (generative.x + 1) ** 2)))
    np.testing.assert_allclose(generative.likelihood[3], by_hand, atol=1e-6)
    # Far out the discriminative model is sure, and the generative one says how unlikely it is.
    assert discriminative.confidence[0, 0] > 0.99 and generative.likelihood[0, 0] < generative.likelihood[0, 8] - 3
    assert sure_of_nonsense(discriminative) == pytest.approx(np.mean(np.abs(np.tanh(discriminative.x)) > 0.8))


def test_there_is_no_plane_through_gaps() -> None:
    values = flat_data().values.copy()
    values[0, 0] = np.nan
    with pytest.raises(InputError, match="no plane"):
        SamplePlane.of(Dataset(values=values))


def test_a_guess_is_faint_and_what_is_sure_is_clear() -> None:
    np.testing.assert_allclose(opacity(np.array([0.25, 0.625, 1.0]), 4), [0.06, 0.33, 0.6])


def test_cells_are_around_their_middles() -> None:
    assert edges(np.array([0.0, 1.0, 2.0])) == (-0.5, 2.5)
