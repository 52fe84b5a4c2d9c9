"""Convolutional parts: any size, no trace of padding, and what a stride and its mirror do."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from explorer.errors import InputError
from explorer.models.parts.convolutional import ConvolutionalDecoder, ConvolutionalEncoder, grids
from explorer.training.step import Batch

SIZES = st.integers(1, 20)


def plain(x: torch.Tensor, lengths: torch.Tensor | None = None) -> Batch:
    return Batch(x, x, None, lengths)


def both(shape: tuple[int, ...], hidden: tuple[int, ...], kernel: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    """Return features and what is decoded of some samples of a shape."""
    encoder, decoder = ConvolutionalEncoder(shape, hidden, "elu", kernel), ConvolutionalDecoder(3, shape, hidden[::-1])
    with torch.no_grad():
        features, decoded = encoder(plain(torch.randn(2, *shape))), decoder(torch.randn(2, 3))
    assert features.shape == (2, encoder.width)
    return features, decoded


@settings(max_examples=60, deadline=None)
@given(
    steps=st.integers(1, 70), channels=st.integers(1, 3), layers=st.integers(0, 4), kernel=st.sampled_from([1, 3, 7])
)
def test_series_of_any_length(steps: int, channels: int, layers: int, kernel: int) -> None:
    features, decoded = both((steps, channels), (4,) * layers, kernel)
    assert features.shape[1] == -(-steps // 2**layers) * (4 if layers else channels)
    assert decoded.shape == (2, steps, channels)


@settings(max_examples=60, deadline=None)
@given(height=SIZES, width=SIZES, channels=st.integers(1, 3), layers=st.integers(0, 3))
def test_images_of_any_size(height: int, width: int, channels: int, layers: int) -> None:
    assert both((height, width, channels), (4,) * layers)[1].shape == (2, height, width, channels)


def test_grids_are_halved_and_rounded_up() -> None:
    assert grids((13,), 4) == [(1, 13), (1, 7), (1, 4), (1, 2), (1, 1)]
    assert grids((8, 5), 2) == [(8, 5), (4, 3), (2, 2)]


def test_an_even_kernel_is_refused() -> None:
    with pytest.raises(InputError, match="odd"):
        ConvolutionalEncoder((8, 1), (4,), kernel=4)


def test_series_are_convolved_as_torch_convolves_them() -> None:
    encoder = ConvolutionalEncoder((11, 2), (3, 4), "tanh", 3).double()
    x = torch.randn(5, 11, 2, dtype=torch.float64)
    expected = x.transpose(1, 2)
    for layer in encoder.layers:
        expected = torch.tanh(functional.conv1d(expected, layer.weight.squeeze(2), layer.bias, stride=2, padding=1))
    torch.testing.assert_close(encoder(plain(x)), expected.flatten(1))


def test_the_decoder_mirrors_the_encoder() -> None:
    """A transposed convolution is the adjoint of the convolution with the same kernel: ⟨Kx, y⟩ = ⟨x, Kᵀy⟩."""
    for size in (8, 9):
        encoder, decoder = (
            ConvolutionalEncoder((size, size, 2), (3,), "linear"),
            ConvolutionalDecoder(1, (size, size, 2), (3,), "linear"),
        )
        x, y = torch.randn(1, 2, size, size), torch.randn(1, 3, -(-size // 2), -(-size // 2))
        with torch.no_grad():
            decoder.layers[0].weight.copy_(encoder.layers[0].weight)
            forth, back = encoder.layers[0](x), decoder.layers[0](y)
        assert torch.dot(forth.flatten(), y.flatten()).item() == pytest.approx(
            torch.dot(x.flatten(), back.flatten()).item(), abs=1e-4
        )


@settings(max_examples=30, deadline=None)
@given(steps=st.integers(2, 30), layers=st.integers(1, 3), kernel=st.sampled_from([3, 5]))
def test_padding_does_not_change_a_code(steps: int, layers: int, kernel: int) -> None:
    torch.manual_seed(steps)
    encoder = ConvolutionalEncoder((steps, 2), (5,) * layers, kernel=kernel)
    with torch.no_grad():  # biases make a difference between what is empty and what is 0
        for layer in encoder.layers:
            layer.bias.normal_()
    lengths = torch.arange(1, steps + 1)
    x = torch.randn(steps, steps, 2)
    ends = torch.arange(steps) < lengths[:, None]
    spoilt = torch.where(ends[:, :, None], x, 50.0)
    with torch.no_grad():
        codes = encoder(plain(x, lengths))
        assert (encoder(plain(spoilt, lengths)) - codes).abs().max() < 1e-6
        assert (encoder(plain(spoilt)) - codes)[:-1].abs().max() > 1.0
        # What comes before the end counts all the same: each step of the longest series.
        if kernel > 1:
            changed = x.clone().requires_grad_()
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(encoder(plain(changed, lengths)).square().sum(), changed)
    assert (gradient.abs().sum(-1)[ends] > 0).all() and (gradient[~ends] == 0).all()
