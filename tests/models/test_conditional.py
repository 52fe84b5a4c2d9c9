"""A class-conditional VAE: Bayes' rule, samples of a class, and what samples without labels are good for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.models.parts.codes import VariationalCode
from explorer.models.parts.conditional import ConditionalComposition
from explorer.models.recipes.conditional_vae import ConditionalVAE
from explorer.training.step import Batch, Step


def blobs(n: int = 240, seed: int = 0) -> Dataset:
    """Three normal clouds far apart, in eight dimensions."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    centres = 3.0 * np.eye(8)[:3]
    values = (centres[labels] + 0.5 * rng.standard_normal((n, 8))).astype(np.float32)
    return Dataset(values=values, labels=labels, class_names=("a", "b", "c"))


@pytest.fixture(scope="module")
def model() -> ConditionalVAE:
    return ConditionalVAE(latent_dim=2, hidden=(16,), epochs=40, learning_rate=0.01, batch_size=16).fit(blobs())


def test_classes_are_told_by_bayes_rule(model: ConditionalVAE) -> None:
    new = blobs(90, seed=1)
    joint, chances = model.joint(new), model.predict_proba(new)
    assert chances.shape == (90, 3)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    by_hand = np.exp(joint) / np.exp(joint).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(chances, by_hand)
    assert (model.predict(new) == new.labels).mean() > 0.95
    assert (model.recognised(new).argmax(axis=1) == new.labels).mean() > 0.95
    # log p(x) is the sum over the classes.
    np.testing.assert_allclose(model.log_likelihoods(new, 16), np.log(np.exp(joint).sum(axis=1)), atol=1e-6)
    assert model.measure(new)["accuracy"] > 0.95


def test_new_samples_are_of_the_class_that_was_asked_for(model: ConditionalVAE) -> None:
    for label in range(3):
        made = model.samples_of(label, 20)
        assert made.shape == (20, 8) and (made.mean(axis=0).argmax() == label) and (model.predict(made) == label).all()
    noisy = model.samples_of(0, 200, noise=True)
    assert noisy.std(axis=0)[5] == pytest.approx(0.5, abs=0.15)
    with pytest.raises(InputError, match="no class 3"):
        model.samples_of(3)


def test_a_code_is_z_and_the_class(model: ConditionalVAE) -> None:
    data = blobs(30, seed=2)
    assert data.labels is not None
    codes = model.transform(data)
    assert codes.shape == (30, 5) and model.latent_dim_ == 5
    np.testing.assert_array_equal(codes[:, 2:], np.eye(3)[data.labels])
    other = codes.copy()
    other[:, 2:] = np.roll(codes[:, 2:], 1, axis=1)
    moved = model.inverse_transform(other)
    assert (moved.argmax(axis=1) == (data.labels + 1) % 3).mean() > 0.8  # the same z, of the next class
    drawn = model.sample_prior(600)
    assert set(drawn[:, 2:].sum(axis=1)) == {1.0}
    np.testing.assert_allclose(drawn[:, 2:].mean(axis=0), 1 / 3, atol=0.08)
    divergence = model.divergence(data)
    assert divergence is not None and (divergence[2:] == 0).all() and (divergence[:2] > 0).all()


def test_samples_without_labels_help() -> None:
    data = blobs(300)
    rows = data.indices("train")
    assert data.labels is not None
    labels = np.where(np.isin(np.arange(300), rows[:6]), data.labels, -1)
    few = replace(data, labels=labels)
    found = ConditionalVAE(latent_dim=2, hidden=(16,), epochs=60, learning_rate=0.01, batch_size=16).fit(few)
    test = data.part("test")
    assert (found.predict(test) == test.labels).mean() > 0.9


def test_the_loss_of_a_sample_without_a_label_is_the_expectation_over_its_classes() -> None:
    """With q(y|x) certain, it is that of the labelled sample, but for the cross-entropy of the label."""
    torch.manual_seed(0)
    data = blobs()
    module = ConditionalVAE(latent_dim=2, hidden=(4,), alpha=0.0, warm_up=0, epochs=1).fit(data)._module
    assert isinstance(module, ConditionalComposition)
    with torch.no_grad():
        module.recognise.weight.zero_()
        module.recognise.bias.copy_(torch.tensor([60.0, 0.0, 0.0]))
    x = torch.tensor(data.values[:4])
    losses = []
    for label in (0, -1):
        batch = Batch(x, x, labels=torch.full((4,), label))
        step = Step(1, 1, False, torch.Generator().manual_seed(0))
        # The draws of rows that do not count come between the others; without spread there are none.
        assert isinstance(module.code, VariationalCode)
        with torch.no_grad():
            for weights in module.code.log_variance.parameters():
                weights.fill_(-40.0 if weights.ndim == 1 else 0.0)
        losses.append(module.objective(batch, step)["loss"].item())
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
