"""Encoders and decoders that belong together, by the name of their kind: what recipes over any network are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from explorer.errors import InputError
from explorer.models.networks import network_for
from explorer.models.parts.attention import TransformerDecoder, TransformerEncoder
from explorer.models.parts.causal import CausalDecoder, CausalEncoder
from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.convolutional import ConvolutionalDecoder, ConvolutionalEncoder
from explorer.models.parts.dense import DenseDecoder, DenseEncoder
from explorer.models.parts.frames import usual_frame
from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder
from explorer.models.spec import SampleSpec

Builder = Callable[..., tuple[Encoder, Decoder]]
"""``(spec, latent_dim, hidden, output_shape, activation, **options) -> (encoder, decoder)``."""


def build(
    network: str,
    spec: SampleSpec,
    latent_dim: int,
    hidden: Sequence[int] | None = None,
    *,
    output_shape: tuple[int, ...] | None = None,
    activation: str = "elu",
    **options: Any,
) -> tuple[Encoder, Decoder]:
    """Return an encoder of samples and a decoder of codes.

    Parameters
    ----------
    network : str
        As `explorer.models.networks.Network` lists them.
    spec : SampleSpec
    latent_dim : int
    hidden : sequence of int, optional
        Width of each layer of the encoder from the sample to the code; the decoder mirrors them. By default as is
        usual for the kind.
    output_shape : tuple of int, optional
        Of what the decoder writes; by default a sample.
    activation : str
        What follows dense and convolutional layers.
    **options
        What else the kind of network takes: ``kernel`` (convolutional, wavenet), ``block`` (wavenet), ``heads``
        (transformer).

    Raises
    ------
    InputError
        If this kind of network does not take such samples or widths.
    """
    kind = network_for(network, spec)
    builder, usual = BUILDERS[kind]
    return builder(
        spec, latent_dim, usual if hidden is None else hidden, output_shape or spec.shape, activation, **options
    )


def _dense(
    spec: SampleSpec, latent_dim: int, hidden: Sequence[int], output_shape: tuple[int, ...], activation: str
) -> tuple[Encoder, Decoder]:
    encoder = DenseEncoder(spec.shape, hidden, activation)
    return encoder, DenseDecoder(latent_dim, output_shape, hidden[::-1], activation)


def _recurrent(
    spec: SampleSpec, latent_dim: int, hidden: Sequence[int], output_shape: tuple[int, ...], activation: str
) -> tuple[Encoder, Decoder]:
    if len(set(hidden)) != 1:
        raise InputError(
            f"all layers of a recurrent network have the same width, not {tuple(hidden)}",
            remedy="Give one width as often as there are layers",
        )
    width, layers, frame = hidden[0], len(hidden), usual_frame(spec)
    steps, channels = output_shape
    encoder = RecurrentEncoder(spec.channels, width, "gru", layers=layers, bidirectional=True, frame=frame)
    return encoder, RecurrentDecoder(latent_dim, width, steps, channels, "gru", layers=layers, frame=frame)


def _convolutional(
    spec: SampleSpec,
    latent_dim: int,
    hidden: Sequence[int],
    output_shape: tuple[int, ...],
    activation: str,
    kernel: int = 5,
) -> tuple[Encoder, Decoder]:
    encoder = ConvolutionalEncoder(spec.shape, hidden, activation, kernel)
    return encoder, ConvolutionalDecoder(latent_dim, output_shape, hidden[::-1], activation, kernel)


def _wavenet(
    spec: SampleSpec,
    latent_dim: int,
    hidden: Sequence[int],
    output_shape: tuple[int, ...],
    activation: str,
    kernel: int = 2,
    block: str = "gated",
) -> tuple[Encoder, Decoder]:
    if len(hidden) != 1:
        raise InputError(
            f"a wavenet has one width, not {len(hidden)}: its layers are as many as the steps ask for",
            remedy="Give one width",
        )
    steps, channels = output_shape
    encoder = CausalEncoder(spec.channels, hidden[0], spec.steps, kernel, block=block)
    return encoder, CausalDecoder(latent_dim, hidden[0], steps, channels, kernel, block=block)


def _transformer(
    spec: SampleSpec,
    latent_dim: int,
    hidden: Sequence[int],
    output_shape: tuple[int, ...],
    activation: str,
    heads: int = 2,
) -> tuple[Encoder, Decoder]:
    if len(set(hidden)) != 1:
        raise InputError(
            f"all layers of a transformer have the same width, not {tuple(hidden)}",
            remedy="Give one width as often as there are layers",
        )
    width, layers = hidden[0], len(hidden)
    steps, channels = output_shape
    encoder = TransformerEncoder(spec.channels, width, heads, layers)
    return encoder, TransformerDecoder(latent_dim, width, heads, layers, steps, channels)


BUILDERS: dict[str, tuple[Builder, tuple[int, ...]]] = {
    "dense": (_dense, (128, 64)),
    "recurrent": (_recurrent, (64,)),
    "convolutional": (_convolutional, (32, 64)),
    "wavenet": (_wavenet, (32,)),
    "transformer": (_transformer, (32, 32)),
}
"""How each kind is built, and its usual widths."""
