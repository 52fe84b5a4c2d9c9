"""TimeGAN: its phases, who moves in which, and what its codes mean."""

from __future__ import annotations

import numpy as np
import torch

from explorer.data.generated import make
from explorer.models.parts.adversarial import ENOUGH, Adversaries, Generator, _moments_error
from explorer.models.recipes.time_gan import TimeGAN
from explorer.training.step import Batch, Step


def adversaries(steps: int = 8, channels: int = 2) -> Adversaries:
    torch.manual_seed(0)
    return Adversaries(Generator(3, 2, 6, 1, steps, channels), channels, 6, 1, 3, 1.0)


def batch(n: int = 20, steps: int = 8) -> Batch:
    values = torch.rand((n, steps, 2), generator=torch.Generator().manual_seed(1))
    return Batch(values, values)


def step() -> Step:
    return Step(0, 1, True, torch.Generator().manual_seed(2))


def test_the_phases_are_those_of_the_article() -> None:
    phases = adversaries().phases()
    assert [phase.name for phase in phases] == ["embedding", "supervision", "joint"]
    assert [phase.keeps_best for phase in phases] == [True, True, False]
    joint = phases[2].turns
    assert [turn.times for turn in joint] == [2, 2, 1, 1]
    assert [turn.above for turn in joint] == [None, None, ENOUGH, None]
    moved = [{id(parameter) for parameter in turn.parameters} for turn in joint]
    assert all(not (first & second) for i, first in enumerate(moved) for second in moved[:i])
    assert len(set.union(*moved)) == len(list(adversaries().parameters()))


def test_each_turn_reaches_all_that_it_moves() -> None:
    module = adversaries()
    for phase in module.phases():
        for turn in phase.turns:
            module.zero_grad()
            terms = turn.objective(batch(), step())
            terms["loss"].backward()
            gradients = [parameter.grad for parameter in turn.parameters]
            assert all(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients), phase.name


def test_the_generator_s_loss_is_the_sum_of_its_terms() -> None:
    module = adversaries()
    module.code_weight = 0.0
    terms = module.generate(batch(), step())
    expected = terms["generator"] + 100 * terms["supervised"] + 100 * terms["moments"]
    torch.testing.assert_close(terms["loss"], expected)
    at_first = 4 * np.log(2)  # a discriminator that knows nothing, of two kinds of states, by each 2 log 2 in all
    assert float(terms["generator"].detach()) < at_first


def test_moments_are_equal_for_the_same_series_and_gaps_are_left_out() -> None:
    given = batch()
    assert float(_moments_error(given.targets, given)) < 1e-6
    assert abs(float(_moments_error(given.targets + 0.5, given)) - 0.5) < 1e-5
    observed = torch.ones_like(given.targets, dtype=torch.bool)
    observed[:, :, 1] = False
    hidden = Batch(given.inputs, torch.where(observed, given.targets, 99.0), observed)
    assert float(_moments_error(given.targets, hidden)) < 1e-6


def test_a_code_decodes_alike_and_draws_differ() -> None:
    model = TimeGAN(epochs=4, latent_dim=3, hidden=8).fit(make("timegan-sines", n=200, n_steps=10, channels=2))
    assert [epoch.phase for epoch in model.history_.epochs] == ["embedding", "supervision", "joint", "joint"]
    codes = model.sample_prior(6, seed=1)
    np.testing.assert_array_equal(model.inverse_transform(codes), model.inverse_transform(codes))
    drawn, again, other = (model.draw(codes, 3, seed) for seed in (1, 1, 2))
    assert drawn.shape == (18, 10, 2)
    np.testing.assert_array_equal(drawn, again)
    assert np.abs(drawn - other).max() > 1e-4
    assert np.abs(drawn[0] - drawn[1]).max() > 1e-5  # of one code
    assert model.generative and model.spread(codes) is None


def test_series_of_unequal_lengths_are_learnt() -> None:
    module = adversaries()
    lengths = torch.tensor([3, 8, 5, 1])
    within = torch.arange(8)[None, :, None] < lengths[:, None, None]
    values = torch.rand(4, 8, 2, generator=torch.Generator().manual_seed(3))
    observed = within.expand_as(values)
    losses = []
    for padding in (0.0, 7.0):
        padded = torch.where(observed, values, padding)
        given = Batch(padded, padded, observed, lengths)
        losses.append([float(turn(given, step())["loss"].detach()) for turn in (module.embed, module.supervise)])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-5)
