"""Transformer parts against torch's own, and their masks."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.errors import InputError
from explorer.models.parts.attention import (
    Attention,
    TransformerBlock,
    TransformerDecoder,
    TransformerEncoder,
    TransformerStack,
)
from explorer.models.parts.positions import sinusoids, within
from explorer.training.step import Batch

KNOWN = torch.arange(7) < torch.tensor([7, 4, 1])[:, None]


def plain(x: torch.Tensor, lengths: torch.Tensor | None = None) -> Batch:
    return Batch(x, x, None, lengths)


@pytest.mark.parametrize("heads", [1, 4])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("known", [None, KNOWN])
def test_attention_is_torchs(heads: int, causal: bool, known: torch.Tensor | None) -> None:
    ours, theirs = Attention(8, heads).double(), nn.MultiheadAttention(8, heads, batch_first=True).double()
    theirs.in_proj_weight.data, theirs.in_proj_bias.data = (
        ours.queries_keys_values.weight,
        ours.queries_keys_values.bias,
    )
    theirs.out_proj.load_state_dict(ours.last.state_dict())
    x = torch.randn(3, 7, 8, dtype=torch.float64)
    future = torch.ones(7, 7, dtype=torch.bool).triu(1) if causal else None
    expected, _ = theirs(x, x, x, key_padding_mask=None if known is None else ~known, attn_mask=future)
    torch.testing.assert_close(ours(x, known, causal=causal), expected)


def test_a_block_is_torchs_pre_norm_layer() -> None:
    ours = TransformerBlock(8, 2).double()
    theirs = nn.TransformerEncoderLayer(8, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True).double().eval()
    norm, widen, _, narrow = ours.feed_forward
    theirs.self_attn.in_proj_weight.data = ours.attention.queries_keys_values.weight
    theirs.self_attn.in_proj_bias.data = ours.attention.queries_keys_values.bias
    pairs = ((theirs.self_attn.out_proj, ours.attention.last), (theirs.norm1, ours.norm), (theirs.norm2, norm))
    for torchs, own in (*pairs, (theirs.linear1, widen), (theirs.linear2, narrow)):
        torchs.load_state_dict(own.state_dict())
    x = torch.randn(3, 7, 8, dtype=torch.float64)
    torch.testing.assert_close(ours(x, None, causal=False), theirs(x))


def test_positions_follow_their_equation() -> None:
    found = sinusoids(5, 6, torch.zeros(1, dtype=torch.float64))
    for t in range(5):
        for i in range(3):
            angle = t / 10_000 ** (2 * i / 6)
            assert found[t, 2 * i].item() == pytest.approx(math.sin(angle))
            assert found[t, 2 * i + 1].item() == pytest.approx(math.cos(angle))
    assert torch.equal(sinusoids(5, 5, torch.zeros(1)), sinusoids(5, 5, torch.zeros(1))[:, :5])
    assert len(sinusoids(2000, 8, torch.zeros(1)).unique(dim=0)) == 2000


def test_what_is_within_a_series() -> None:
    assert within(None, 4) is None
    assert torch.equal(within(torch.tensor([0, 2, 4]), 4), torch.tensor([[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]]) > 0)


@pytest.mark.parametrize("known", [None, KNOWN])
@pytest.mark.parametrize("t", [0, 3, 5])
def test_the_future_leaves_the_past_as_it_was(known: torch.Tensor | None, t: int) -> None:
    x = torch.randn(3, 7, 8)
    changed = x.clone()
    changed[:, t + 1 :] = 10 * torch.randn(3, 6 - t, 8)
    stack, open_stack = TransformerStack(8, 2, 3, causal=True), TransformerStack(8, 2, 3)
    with torch.no_grad():
        before, after = stack(x, known), stack(changed, known)
        assert torch.equal(before[:, : t + 1], after[:, : t + 1])
        assert (before[:, t + 1 :] - after[:, t + 1 :]).abs().max() > 0.1
        assert not torch.equal(open_stack(x)[:, : t + 1], open_stack(changed)[:, : t + 1])


def test_padding_does_not_change_a_code() -> None:
    torch.manual_seed(0)
    encoder = TransformerEncoder(2, 8, 2, 2)
    x, lengths = torch.randn(8, 10, 2), torch.arange(3, 11)
    padded = torch.cat([x, torch.full((8, 7, 2), 50.0)], 1)
    for i, length in enumerate(lengths):
        padded[i, length:] = 50.0
    with torch.no_grad():
        codes = encoder(plain(padded, lengths))
        for i, length in enumerate(lengths):
            assert (codes[i] - encoder(plain(x[i : i + 1, :length]))[0]).abs().max() < 1e-6
        assert torch.isfinite(encoder(plain(x, torch.zeros(8, dtype=torch.int64)))).all()


def test_the_order_of_steps_counts() -> None:
    encoder, x = TransformerEncoder(1, 8, 2, 1), torch.randn(4, 9, 1)
    with torch.no_grad():
        assert (encoder(plain(x)) - encoder(plain(x.flip(1)))).abs().max() > 1e-3


@settings(max_examples=30, deadline=None)
@given(steps=st.integers(1, 70), channels=st.integers(1, 3), heads=st.integers(1, 3), layers=st.integers(1, 2))
def test_series_of_any_length(steps: int, channels: int, heads: int, layers: int) -> None:
    encoder = TransformerEncoder(channels, 3 * heads, heads, layers)
    decoder = TransformerDecoder(2, 3 * heads, heads, layers, steps, channels)
    x = torch.randn(2, steps, channels)
    with torch.no_grad():
        assert encoder(plain(x)).shape == (2, 3 * heads)
        assert decoder(torch.randn(2, 2)).shape == x.shape
        longer = torch.zeros(2, steps + 5, channels)
        assert decoder(torch.randn(2, 2), plain(longer)).shape == longer.shape


def test_heads_must_share_the_width() -> None:
    with pytest.raises(InputError, match="multiple"):
        Attention(8, 3)
