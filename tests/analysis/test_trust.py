"""Trustworthiness and continuity."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from explorer.analysis.trust import trust
from explorer.errors import InputError


@pytest.mark.parametrize("neighbours", [1, 5, 12])
def test_as_scikit_learn(neighbours: int) -> None:
    rng = np.random.default_rng(0)
    original = rng.normal(size=(80, 6))
    shown = original[:, :2] + 0.3 * rng.normal(size=(80, 2))
    found = trust(original.reshape(80, 3, 2), shown, neighbours)
    assert found.trustworthiness == pytest.approx(trustworthiness(original, shown, n_neighbors=neighbours))
    # Continuity is trustworthiness with both sides exchanged.
    assert found.continuity == pytest.approx(trustworthiness(shown, original, n_neighbors=neighbours))
    assert (found.neighbours, found.n_samples) == (neighbours, 80)


def test_one_order_is_perfect_and_the_reverse_of_two_halves_is_not() -> None:
    line = np.arange(20.0)[:, None]
    assert trust(line, -3 * line + 1) == trust(line, line)
    assert trust(line, line).trustworthiness == trust(line, line).continuity == 1.0
    # A circle torn open: what is shown as near is near, but the two ends were neighbours.
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    torn = trust(np.column_stack([np.cos(angle), np.sin(angle)]), angle[:, None], 4)
    assert torn.trustworthiness > 0.99
    assert torn.continuity < torn.trustworthiness


def test_by_hand() -> None:
    """Four points on a line, of which the map exchanges two: N = 4, k = 1, norm 2 / (4 · 1 · 4)."""
    found = trust(np.array([[0.0], [1.0], [3.0], [7.0]]), np.array([[0.0], [3.0], [1.0], [7.0]]), 1)
    # The nearest in the map, 0→2, 1→2, 2→0 and 3→1, are all the second nearest among the samples.
    assert found.trustworthiness == pytest.approx(1 - 2 / 16 * 4 * (2 - 1))
    # The nearest among the samples, 0→1, 1→0, 2→1 and 3→2, are all the second nearest in the map.
    assert found.continuity == found.trustworthiness


def test_of_many_some_are_drawn_by_the_seed() -> None:
    rng = np.random.default_rng(1)
    original, shown = rng.normal(size=(60, 4)), rng.normal(size=(60, 2))
    drawn = [trust(original, shown, 5, most=30, seed=seed) for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0].n_samples == 30


def test_what_is_no_number_is_left_out_and_few_neighbours_are_taken_of_few() -> None:
    original = np.arange(8.0)[:, None]
    shown = original.copy()
    shown[3] = np.nan
    found = trust(original, shown)
    assert (found.n_samples, found.neighbours) == (7, 3)
    with pytest.raises(InputError, match="need three samples"):
        trust(original[:2], shown[:2])
