"""Causal parts: WaveNet's equations, nothing of the future, and what the last step sees."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.models.parts.causal import CausalDecoder, CausalEncoder, CausalStack, dilations_for, receptive_field
from explorer.models.parts.causal_blocks import BLOCKS, ResidualBlock
from explorer.training.step import Batch


def plain(x: torch.Tensor, lengths: torch.Tensor | None = None) -> Batch:
    return Batch(x, x, None, lengths)


def by_loops(stack: CausalStack, x: torch.Tensor, h: torch.Tensor | None) -> torch.Tensor:
    """Return the outputs of a stack by the paper's equations, one step after the other."""
    n, steps, width = len(x), x.shape[1], stack.first.out_features
    hidden, total = x @ stack.first.weight.T + stack.first.bias, torch.zeros(n, steps, width, dtype=x.dtype)
    shifts = torch.zeros(n, len(stack.blocks), 2 * width, dtype=x.dtype)
    if stack.condition is not None and h is not None:
        shifts = (h @ stack.condition.weight.T + stack.condition.bias).view(n, len(stack.blocks), 2 * width)
    for i, block in enumerate(stack.blocks):
        weight, following = block.convolution.weight[:, :, 0], hidden.clone()
        for t in range(steps):
            mapped = block.convolution.bias + shifts[:, i]
            for j in range(weight.shape[2]):
                source = t - (weight.shape[2] - 1 - j) * block.dilation
                if source >= 0:
                    mapped = mapped + hidden[:, source] @ weight[:, :, j].T
            z = torch.tanh(mapped[:, :width]) * torch.sigmoid(mapped[:, width:])
            total[:, t] += z @ block.skip.weight[:, :, 0, 0].T + block.skip.bias
            if block.onward is not None:
                following[:, t] += z @ block.onward.weight[:, :, 0, 0].T + block.onward.bias
        hidden = following
    return torch.relu(total)


@pytest.mark.parametrize(("steps", "kernel", "condition"), [(1, 2, 0), (9, 2, 3), (13, 3, 0), (20, 4, 2)])
def test_a_stack_follows_the_papers_equations(steps: int, kernel: int, condition: int) -> None:
    torch.manual_seed(0)
    stack = CausalStack(2, 4, steps, kernel, condition).double()
    x = torch.randn(3, steps, 2, dtype=torch.float64)
    h = torch.randn(3, condition, dtype=torch.float64) if condition else None
    with torch.no_grad():
        torch.testing.assert_close(stack(x, h), by_loops(stack, x, h))


def normed(block: ResidualBlock, i: int, x: torch.Tensor) -> torch.Tensor:
    """Return what a convolution of a residual block makes of the past of ``(B, C, T)``, by torch's own parts."""
    mine = (block.reading, block.writing)[i]
    theirs = torch.nn.Conv1d(block.width, block.width, block.kernel, dilation=block.dilation, dtype=x.dtype)
    theirs.load_state_dict({"weight": mine.weight[:, :, 0], "bias": mine.bias})
    parametrised = torch.nn.utils.parametrizations.weight_norm(theirs)
    parametrised.parametrizations.weight.original0.data = mine.length[:, :, 0].data
    return parametrised(torch.nn.functional.pad(x, ((block.kernel - 1) * block.dilation, 0)))


def test_residual_blocks_are_torchs_own_weight_normed_convolutions() -> None:
    """Bai, Kolter & Koltun 2018, fig. 1b: conv, relu, conv, relu, and a shortcut before the last relu."""
    torch.manual_seed(0)
    stack = CausalStack(2, 4, 60, 3, block="residual", growth=3).double()
    x = torch.randn(3, 60, 2, dtype=torch.float64)
    assert stack.dilations == [1, 3, 9, 27]
    with torch.no_grad():
        for block in stack.blocks:
            for convolution in (block.reading, block.writing):
                convolution.length.mul_(torch.rand_like(convolution.length) + 0.5)  # what training does to them
        hidden = stack.first(x).transpose(1, 2)
        for block in stack.blocks:
            hidden = torch.relu(hidden + torch.relu(normed(block, 1, torch.relu(normed(block, 0, hidden)))))
        torch.testing.assert_close(stack(x), hidden.transpose(1, 2))


def test_a_residual_block_by_hand() -> None:
    """Weights of ones: y = relu(x_t + the sum of two steps of the sum of two steps before)."""
    stack = CausalStack(1, 1, 3, 2, block="residual")
    assert stack.receptive_field == 3
    for parameter in stack.parameters():
        torch.nn.init.ones_(parameter) if parameter.ndim > 1 else torch.nn.init.zeros_(parameter)
    for convolution in (stack.blocks[0].reading, stack.blocks[0].writing):
        convolution.length.data.fill_(2**0.5)
    with torch.no_grad():
        written = stack(torch.tensor([1.0, 0.0, 2.0, -9.0])[None, :, None])[0, :, 0]
    torch.testing.assert_close(written, torch.tensor([2.0, 2.0, 5.0, 0.0]))


@settings(max_examples=60, deadline=None)
@given(steps=st.integers(1, 70), kernel=st.integers(2, 8), block=st.sampled_from(sorted(BLOCKS)), data=st.data())
def test_the_last_step_alone_is_that_of_all_steps(steps: int, kernel: int, block: str, data: st.DataObject) -> None:
    lengths = torch.tensor([steps, *data.draw(st.lists(st.integers(1, steps), min_size=3, max_size=3))])
    growth = data.draw(st.integers(2, kernel))
    stack = CausalStack(3, 4, steps, kernel, block=block, growth=growth).double()
    x = torch.randn(4, steps, 3, dtype=torch.float64)
    with torch.no_grad():
        states = stack(x)
        torch.testing.assert_close(stack.last_step(x), states[:, -1])
        torch.testing.assert_close(stack.last_step(x, lengths), states[torch.arange(4), lengths - 1])


@pytest.mark.parametrize(("steps", "kernel", "blocks"), [(1, 2, 1), (2, 2, 1), (3, 2, 2), (50, 2, 6), (1020, 8, 8)])
def test_the_receptive_field_covers_the_steps(steps: int, kernel: int, blocks: int) -> None:
    dilations = dilations_for(steps, kernel)
    assert dilations == [2**i for i in range(blocks)]
    assert receptive_field(dilations, kernel) >= steps
    assert steps <= 2 or receptive_field(dilations[:-1], kernel) < steps


@pytest.mark.parametrize(
    ("block", "growth", "field"), [("gated", 2, 31), ("gated", 3, 27), ("residual", 2, 29), ("residual", 3, 53)]
)
def test_the_receptive_field_is_what_is_seen(block: str, growth: int, field: int) -> None:
    """The gradient of the last output reaches back just so many steps."""
    torch.manual_seed(0)
    stack = CausalStack(1, 8, 20, 3, block=block, growth=growth).double()
    assert stack.receptive_field == field
    seen = torch.zeros(70, dtype=torch.bool)
    for _ in range(5):  # a unit that is silent on one series passes no gradient
        x = torch.randn(1, 70, 1, dtype=torch.float64, requires_grad=True)
        (gradient,) = torch.autograd.grad(stack(x)[0, -1].sum(), x)
        seen |= gradient[0, :, 0] != 0
    assert seen[-field:].all() and not seen[:-field].any()


@pytest.mark.parametrize("block", sorted(BLOCKS))
@pytest.mark.parametrize("t", [0, 7, 18])
def test_the_future_leaves_the_past_as_it_was(t: int, block: str) -> None:
    torch.manual_seed(0)
    stack, x = CausalStack(2, 8, 20, block=block), torch.randn(3, 20, 2)
    changed = x.clone()
    changed[:, t + 1 :] += 100.0
    with torch.no_grad():
        before, after = stack(x), stack(changed)
    assert torch.equal(before[:, : t + 1], after[:, : t + 1])
    assert (before[:, t + 1 :] - after[:, t + 1 :]).abs().max() > 0.1


@settings(max_examples=40, deadline=None)
@given(steps=st.integers(1, 70), channels=st.integers(1, 3), width=st.integers(1, 9))
def test_series_of_any_length(steps: int, channels: int, width: int) -> None:
    encoder, decoder = CausalEncoder(channels, width, steps), CausalDecoder(3, width, steps, channels)
    x = torch.randn(2, steps, channels)
    with torch.no_grad():
        assert encoder(plain(x)).shape == (2, width)
        assert decoder(torch.randn(2, 3)).shape == (2, steps, channels)
        longer = torch.zeros(2, steps + 5, channels)
        assert decoder(torch.randn(2, 3), plain(longer)).shape == longer.shape


@pytest.mark.parametrize("block", sorted(BLOCKS))
def test_padding_does_not_change_a_code(block: str) -> None:
    torch.manual_seed(0)
    encoder = CausalEncoder(2, 6, 10, block=block)
    x, lengths = torch.randn(8, 10, 2), torch.arange(3, 11)
    padded = torch.cat([x, torch.full((8, 7, 2), 50.0)], 1)
    for i, length in enumerate(lengths):
        padded[i, length:] = 50.0
    with torch.no_grad():
        codes = encoder(plain(padded, lengths))
        for i, length in enumerate(lengths):
            assert (codes[i] - encoder(plain(x[i : i + 1, :length]))[0]).abs().max() < 1e-6


@pytest.mark.parametrize("block", sorted(BLOCKS))
def test_a_decoder_tells_steps_and_codes_apart(block: str) -> None:
    torch.manual_seed(0)
    decoder = CausalDecoder(2, 8, 30, 1, block=block)
    with torch.no_grad():
        decoded = decoder(torch.randn(2, 2))[:, :, 0]
    assert len(decoded[0].unique()) == 30 and (decoded[0] - decoded[1]).abs().min() > 0
