"""Generative adversarial network for series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Layout
from explorer.models.generative import GenerativeModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class TimeGAN(GenerativeModel):
    """Generates series that a discriminator cannot tell from real ones (Yoon, Jarrett & van der Schaar 2019).

    An autoencoder learns latent states of each step; a supervisor learns which follows which; then a generator of such
    states and a discriminator learn against each other. A code stands for the whole series, and noise comes in at
    every step: that of decoding is drawn once and kept. Encoding is learnt beside it, from series that were generated
    and by decoding what it finds in real ones; a GAN has no encoder, so reconstructions are only as near as the
    generator can come.
    """

    title: ClassVar[str] = "TimeGAN"
    family: ClassVar[str] = "Generative"
    layouts: ClassVar[tuple[Layout, ...]] = ("series",)

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 8
    hidden: Annotated[int, Param("Units of each network, and width of its latent states.", ge=1, le=4096)] = 24
    epochs: Annotated[
        int,
        Param(
            "Passes over the training samples: a quarter for the autoencoder, most for all together.",
            ge=1,
            le=1_000_000,
        ),
    ] = 120
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 2e-3
    batch_size: Annotated[int, Param("Samples in a step.", ge=1, le=1_000_000, advanced=True)] = 128
    layers: Annotated[int, Param("Recurrent layers of each network; published: 3.", ge=1, le=16)] = 1
    noise: Annotated[int, Param("Width of the noise at each step.", ge=0, le=4096)] = 2
    code_weight: Annotated[
        float,
        Param("Weight of the terms that tie codes to series both ways; 0: as published.", ge=0, le=1e6, advanced=True),
    ] = 1.0
    scaling: Annotated[
        Literal["standard", "minmax", "none"],
        Param(
            "To 0 … 1 as published, to mean 0 and deviation 1, or not at all; undone in every output.", advanced=True
        ),
    ] = "minmax"
    optimiser: Annotated[Literal["auto", "adam", "soap"], Param("Adam, as published, or SOAP.", advanced=True)] = "adam"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return the generator, its adversary, and the networks around them."""
        from explorer.models.parts.adversarial import Adversaries, Generator

        generator = Generator(
            self.latent_dim,
            self.noise,
            self.hidden,
            self.layers,
            spec.steps,
            spec.channels,
            bounded=self.scaling == "minmax",
        )
        return Adversaries(generator, spec.channels, self.hidden, self.layers, self.latent_dim, self.code_weight)

    @property
    def regularised(self) -> bool:
        """The code is drawn, and not learnt from a sample that it could copy."""
        return True

    def draw(self, Z: np.ndarray, n: int = 1, seed: int = 0) -> np.ndarray:
        """Return `n` series of each code, each with noise of its own, in the data's own units.

        Returns
        -------
        ndarray, float32 ``(N · n, T, C)``
            Those of the first code, then those of the second.
        """
        import torch

        from explorer.models.parts.adversarial import Generator

        codes = np.repeat(self._checked_codes(np.atleast_2d(np.asarray(Z))), n, axis=0)
        module = self._inference()
        decoder, like = module.decoder, next(module.parameters())
        assert isinstance(decoder, Generator)
        generator = torch.Generator(like.device).manual_seed(seed)
        with torch.inference_mode():
            drawn = [
                decoder.draw(torch.tensor(some, dtype=like.dtype, device=like.device), generator).float().cpu().numpy()
                for some in np.array_split(codes, max(1, len(codes) // 1024))
            ]
        return self._undone(np.concatenate(drawn) if drawn else np.empty((0, *self.output_shape_), np.float32))
