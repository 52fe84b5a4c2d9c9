"""On or off the manifold: against densities in closed form and models whose re-encoding is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.analysis.manifold import Cloud, K, Scale, kernel_width
from explorer.analysis.reencoding import decoded_data, reencoding_error, why_not
from explorer.data.dataset import Dataset
from explorer.models.recipes.pca import PCA


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_density_of_a_posterior_is_the_mixture_in_closed_form() -> None:
    from scipy.stats import norm

    means, spreads = rng().normal(size=(9, 3)), rng(1).uniform(0.2, 2, size=(9, 3))
    z = rng(2).normal(size=(5, 3)) * 2
    each = norm.pdf(z[:, None], means, spreads).prod(axis=2)
    np.testing.assert_allclose(Cloud(means, spreads).surprise(z), -np.log(each.mean(axis=1)), rtol=1e-10)
    own = np.array([3])
    others = np.delete(np.arange(9), 3)
    left_out = -np.log(norm.pdf(means[3], means[others], spreads[others]).prod(axis=1).mean())
    assert Cloud(means, spreads).surprise(means[own], own=own)[0] == pytest.approx(left_out)


def test_far_away_the_density_is_small_and_not_nothing() -> None:
    surprise = Cloud(rng().normal(size=(50, 2))).surprise(np.array([[1e4, 0.0]]))[0]
    assert np.isfinite(surprise)
    assert surprise > 1e6


def test_a_kernel_of_normal_codes_is_about_silvermans() -> None:
    codes = rng().normal(size=(1000, 2)) * [1.0, 30.0]
    rule = (4 / (1000 * 4)) ** (1 / 6)
    width = kernel_width(codes)
    assert width[1] / width[0] == pytest.approx(30, rel=0.1)
    assert 0.5 * rule < width[0] < 1.5 * rule


def test_a_kernel_suits_a_ring_better_than_the_rule_of_thumb() -> None:
    angle = rng().uniform(0, 2 * np.pi, 500)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    cloud = Cloud(ring)
    middle, on = cloud.surprise(np.array([[0.0, 0.0], [1.0, 0.0]]))
    assert middle > cloud.scales()["density"].far > on  # the hole is a hole


def test_distance_is_the_mean_of_the_nearest_and_nobody_is_their_own_neighbour() -> None:
    line = np.arange(20.0)[:, None]
    cloud = Cloud(line)
    assert cloud.distance(np.array([[-1.0]]))[0] == pytest.approx(np.mean(np.arange(1, K + 1)))
    assert cloud.distance(line[:1], own=np.array([0]))[0] == pytest.approx(np.mean(np.arange(1, K + 1)))
    same = Cloud(np.zeros((30, 2)))
    np.testing.assert_array_equal(same.distance(same.codes, own=np.arange(30)), 0)


def test_scales_know_usual_rare_and_unlike() -> None:
    scale = Scale.of(np.linspace(1, 2, 101))
    assert (scale.median, scale.edge) == (1.5, pytest.approx(1.95))
    assert [scale.level(value) for value in (1.0, 1.96, 4.4, 4.6, math.nan)] == [0, 1, 1, 2, 2]
    assert scale.share(1.0) == 1
    assert scale.share(1.75) == pytest.approx(26 / 101)
    places = scale.place(np.array([0.0, 1.0, 1.5, 1.95, scale.far, 1e9]))
    np.testing.assert_allclose(places, [0, 0, 0.3, 0.6, 0.85, 1.0])
    assert (np.diff(scale.place(np.linspace(1, 50, 1000))) >= 0).all()
    logs = Scale.of(np.linspace(-1, 0, 101), logarithmic=True)
    assert logs.far == pytest.approx(-0.01 + math.log(20))


def test_a_scale_of_equal_values_still_tells_more_from_less() -> None:
    scale = Scale.of(np.zeros(50))
    assert [scale.level(value) for value in (0.0, 1.0)] == [0, 2]
    assert scale.place(np.array([0.0]))[0] < 0.9 < scale.place(np.array([1.0]))[0]


def test_pca_encodes_again_what_it_decoded() -> None:
    data = Dataset(values=rng().normal(size=(40, 6, 1)).astype(np.float32))
    model = PCA(latent_dim=2).fit(data)
    z = rng(1).normal(size=(7, 2)) * 10
    assert reencoding_error(model, z, data.subset(np.zeros(7, dtype=int))).max() < 1e-4
    assert why_not(model) == ""


def test_what_is_decoded_is_as_long_as_the_sample_it_is_likened_to() -> None:
    data = Dataset(values=np.ones((3, 5, 1), np.float32), lengths=np.array([5, 2, 4]), labels=np.array([0, 1, 1]))
    made = decoded_data(PCA(), np.zeros((2, 5, 1), np.float32), data.subset(np.array([1, 2])))
    assert made.lengths is not None
    assert made.lengths.tolist() == [2, 4]
    assert not made.values.any()


def test_what_is_left_by_rounding_is_usual() -> None:
    scale = Scale.of(np.linspace(0, 1e-7, 50), least=1e-3)
    assert [scale.level(value) for value in (9e-4, 1.5e-3, 2.5e-3)] == [0, 1, 2]


def test_decoded_sentences_end_where_their_end_token_stands() -> None:
    words = ("<pad>", "<start>", "<end>", "<unknown>", "a", "b")
    data = Dataset(values=np.array([[4, 5, 2]], np.int32), vocabulary=words, lengths=np.array([3]))
    made = decoded_data(PCA(), np.array([[5, 2, 0]], np.int32), data)
    assert made.lengths is not None
    assert made.lengths.tolist() == [2]
    assert made.text_of(0) == "b"
