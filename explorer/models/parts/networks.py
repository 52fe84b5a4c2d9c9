"""Encoders and decoders that belong together, by the name of their kind: what recipes over any network are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from explorer.models.networks import network_for
from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.dense import DenseDecoder, DenseEncoder
from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder
from explorer.models.spec import SampleSpec

Builder = Callable[[SampleSpec, int, Sequence[int], tuple[int, ...], str], tuple[Encoder, Decoder]]
"""``(spec, latent_dim, hidden, output_shape, activation) -> (encoder, decoder)``."""


def build(
    network: str,
    spec: SampleSpec,
    latent_dim: int,
    hidden: Sequence[int] | None = None,
    *,
    output_shape: tuple[int, ...] | None = None,
    activation: str = "elu",
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

    Raises
    ------
    InputError
        If this kind of network does not take such samples.
    """
    kind = network_for(network, spec)
    builder, usual = BUILDERS[kind]
    return builder(spec, latent_dim, usual if hidden is None else hidden, output_shape or spec.shape, activation)


def _dense(
    spec: SampleSpec, latent_dim: int, hidden: Sequence[int], output_shape: tuple[int, ...], activation: str
) -> tuple[Encoder, Decoder]:
    encoder = DenseEncoder(spec.shape, hidden, activation)
    return encoder, DenseDecoder(latent_dim, output_shape, hidden[::-1], activation)


def _recurrent(
    spec: SampleSpec, latent_dim: int, hidden: Sequence[int], output_shape: tuple[int, ...], activation: str
) -> tuple[Encoder, Decoder]:
    encoder = RecurrentEncoder(spec.channels, hidden[-1], layers=len(hidden))
    steps, channels = output_shape
    return encoder, RecurrentDecoder(latent_dim, hidden[-1], steps, channels, layers=len(hidden))


BUILDERS: dict[str, tuple[Builder, tuple[int, ...]]] = {
    "dense": (_dense, (128, 64)),
    "recurrent": (_recurrent, (64,)),
}
"""How each kind is built, and its usual widths."""
