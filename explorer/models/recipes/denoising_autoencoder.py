"""Denoising autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.models.recipes.autoencoder import Autoencoder
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class DenoisingAutoencoder(Autoencoder):
    """Learns to restore clean samples from noisy ones; the noise is drawn anew at every step.

    The noise comes on top of the inputs; where the data have clean targets those are restored, else the inputs before
    the noise. Another corruption takes its place if one is chosen (Vincent et al. 2010).
    """

    title: ClassVar[str] = "Denoising autoencoder"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 8
    noise: Annotated[
        float,
        Param("Gaussian noise on the inputs while it trains, where no other corruption is chosen.", ge=0, unit="σ"),
    ] = 0.3

    @property
    def regularised(self) -> bool:
        """Whether there is noise."""
        return self.noise > 0 or super().regularised

    def compose(self, spec: SampleSpec) -> Composition:
        """Return noise → dense encoder → linear code → mirrored decoder, squared error."""
        from explorer.models.parts.noise import GaussianNoise

        composition = super().compose(spec)
        if not self.corruption:
            composition.spoil = GaussianNoise(self.noise)
        return composition
