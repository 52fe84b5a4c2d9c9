"""Records with gaps: what is measured when, and what is found."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, LowRankMultivariateNormal

from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel
from explorer.models.parts.records import RecordLikelihood
from explorer.models.recipes.record_vae import RecordVAE
from explorer.training.step import Batch


def stays(n: int = 300, seed: int = 0) -> Dataset:
    """Return 12 hours of a pulse measured nearly always, and of two laboratory values that are measured together.

    The sick (a third) have a faster pulse and more samples taken; the older more so.
    """
    rng = np.random.default_rng(seed)
    sick = (rng.random(n) < 1 / 3).astype(np.int64)
    level = rng.standard_normal((n, 1)) + 2.5 * sick[:, None]
    pulse = (80 + 8 * level + 2 * rng.standard_normal((n, 12))).round()
    common = rng.standard_normal((n, 12))
    sodium, potassium = 140 + 3 * common, np.exp(0.3 * common + 0.1 * rng.standard_normal((n, 12)))
    values = np.stack([pulse, sodium, potassium], 2)
    drawn = rng.random((n, 12)) < (0.1 + 0.4 * sick[:, None])
    there = np.stack([rng.random((n, 12)) < 0.9, drawn, drawn], 2)
    return Dataset(
        values=np.where(there, values, np.nan).astype(np.float32),
        observed=there,
        labels=sick,
        class_names=("well", "sick"),
        columns={"age": rng.normal(50, 10, n) + 10 * sick, "sex": np.array(["f", "m"])[rng.integers(0, 2, n)]},
        channel_names=("pulse", "sodium", "potassium"),
    )


@lru_cache(maxsize=1)
def trained() -> RecordVAE:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        model = RecordVAE(latent_dim=4, hidden=16, kinds=4, epochs=40, learning_rate=1e-2, batch_size=64, warm_up=5)
        return model.fit(stays(900))
    finally:
        torch.set_num_threads(before)


def test_what_is_generated_looks_like_the_records() -> None:
    data, made = stays(3000, 1), trained().generate(3000, seed=1)
    rate, own = np.isfinite(made.values).mean(axis=(0, 1)), np.isfinite(data.values).mean(axis=(0, 1))
    np.testing.assert_allclose(rate, own, atol=0.05)
    together = np.isfinite(made.values[..., 1]) == np.isfinite(made.values[..., 2])
    assert together.mean() > 0.95
    pairs = made.values[np.isfinite(made.values).all(axis=2)]
    assert np.corrcoef(pairs[:, 1], np.log(pairs[:, 2]))[0, 1] > 0.6
    pulse = made.values[..., 0]
    assert np.nanmean(pulse) == pytest.approx(np.nanmean(data.values[..., 0]), abs=3)
    assert (pulse[np.isfinite(pulse)] % 1 == 0).all()  # whole numbers stay whole
    means = [np.nanmean(each, axis=1) for each in (pulse[:, :6], pulse[:, 6:])]
    known = np.isfinite(means[0]) & np.isfinite(means[1])
    assert np.corrcoef(means[0][known], means[1][known])[0, 1] > 0.6  # one person has one pulse


def test_label_and_facts_go_with_the_record() -> None:
    made = trained().generate(3000, seed=1)
    assert made.labels is not None and made.class_names == ("well", "sick")
    assert made.labels.mean() == pytest.approx(1 / 3, abs=0.1)
    pulse = np.nanmean(made.values[..., 0], axis=1)
    assert np.nanmean(pulse[made.labels == 1]) - np.nanmean(pulse[made.labels == 0]) > 8
    assert made.columns["age"][made.labels == 1].mean() - made.columns["age"][made.labels == 0].mean() > 2
    assert set(made.columns["sex"]) == {"f", "m"}


def test_generating_is_seeded_and_a_code_decodes_alike() -> None:
    model = trained()
    first, again, other = (model.generate(20, seed).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (np.isfinite(first) != np.isfinite(other)).any()
    codes = model.sample_prior(5)
    decided = model.decided(codes)
    np.testing.assert_array_equal(decided, model.decided(codes))
    there = np.isfinite(decided)
    assert 0 < there.mean() < 1
    np.testing.assert_allclose(decided[there], model.inverse_transform(codes)[there])  # the means, where measured
    means, recorded = model.with_gaps(codes)
    np.testing.assert_array_equal(recorded, there)
    np.testing.assert_allclose(means, model.inverse_transform(codes), rtol=1e-6)
    chances = model.chances(codes)
    assert chances.shape == decided.shape and (chances >= 0).all() and (chances <= 1).all()
    assert (model.spread(codes) >= 0).all()


def test_labels_are_not_shown_to_the_encoder_and_facts_are() -> None:
    model, data = trained(), stays(50, 2)
    codes = model.transform(data)
    flipped = Dataset(
        values=data.values,
        observed=data.observed,
        labels=1 - data.labels,
        class_names=data.class_names,
        columns=data.columns,
    )
    np.testing.assert_array_equal(model.transform(flipped), codes)
    assert np.abs(model.transform(Dataset(values=data.values, observed=data.observed)) - codes).max() > 1e-3


def test_it_is_saved_with_its_facts_and_quantiles() -> None:
    model = trained()
    loaded = LatentModel.from_bytes(model.to_bytes())
    assert isinstance(loaded, RecordVAE)
    first, again = model.generate(30, 3), loaded.generate(30, 3)
    np.testing.assert_array_equal(first.values, again.values)
    for name in first.columns:
        np.testing.assert_array_equal(first.columns[name], again.columns[name])


def test_the_likelihood_is_that_of_torch_s_distributions() -> None:
    torch.manual_seed(0)
    channels, kinds = 5, 3
    likelihood = RecordLikelihood(channels, kinds)
    likelihood.loadings.data.normal_()
    output = torch.randn(4, 6, 2 * channels + kinds + kinds * channels)
    values, there = torch.randn(4, 6, channels), torch.rand(4, 6, channels) < 0.6
    found = likelihood.of_samples(output, Batch(values, values, there))
    mean, log_sd, kind, variables = likelihood._parts(output)
    own = likelihood._bounded()
    expected = torch.zeros(4)
    for b in range(4):
        for t in range(6):
            chance = kind[b, t].softmax(0)
            of_kind = [Bernoulli(logits=variables[b, t, k]).log_prob(there[b, t].float()).sum() for k in range(kinds)]
            expected[b] -= torch.log((chance * torch.stack(of_kind).exp()).sum())
            seen = there[b, t]
            if seen.any():
                sd = log_sd[b, t, seen].exp()
                normal = LowRankMultivariateNormal(
                    mean[b, t, seen], sd[:, None] * own[seen], sd.square() * (1 - own[seen].square().sum(1))
                )
                expected[b] -= normal.log_prob(values[b, t, seen])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_a_record_without_any_measurement_has_a_code() -> None:
    data = stays(5)
    empty = Dataset(values=np.full_like(data.values, np.nan), observed=np.zeros(data.values.shape, bool))
    assert np.isfinite(trained().transform(empty)).all()
