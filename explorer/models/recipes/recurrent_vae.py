"""Recurrent variational autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.times import TimeScale
from explorer.models.likelihood import LikelihoodName, Sigma, SigmaPer
from explorer.models.recurrent import RecurrentLayers
from explorer.models.variational import VariationalModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition, Decoder, Encoder
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentVAE(RecurrentLayers, VariationalModel):
    """Reads a series into a distribution of codes, and writes series step by step from a code: also from one drawn.

    The RNN-VAE of the slides (Bowman et al. 2016; the baseline of Rubanova et al. 2019), for series of unequal lengths
    with missing values. An unconditioned decoder sees the code alone. A conditioned one also sees the step before,
    p(x|z) = Π p(x_t | x_<t, z), and may then do without the code: dropout of what it sees, a KL that rises slowly and
    free bits keep it from that. Where the steps are at irregular times, `timed` tells both halves when they are.
    """

    title: ClassVar[str] = "Recurrent VAE"
    family: ClassVar[str] = "Generative"

    step_dropout: Annotated[
        float,
        Param(
            "Share of true steps that a conditioned decoder is not shown while it trains.", ge=0, le=1, advanced=True
        ),
    ] = 0.25
    input_dropout: Annotated[
        float, Param("Share of steps that the encoder does not see while it trains.", ge=0, lt=1, advanced=True)
    ] = 0.0
    timed: Annotated[
        bool,
        Param("Tell encoder and decoder when each step is, for irregular times; the decoder sees the code alone."),
    ] = False
    likelihood: LikelihoodName = "auto"
    sigma: Sigma = None
    sigma_per: SigmaPer = "data"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder → Gaussian code → recurrent decoder, negative log likelihood and KL."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.noise import StepDropout
        from explorer.models.parts.ode_rnn import GapEncoder
        from explorer.models.parts.taught import TaughtDecoder
        from explorer.models.parts.timed import TimedDecoder

        encoder: Encoder
        decoder: Decoder
        if self.timed:
            sizes = (self.latent_dim, self.hidden, spec.steps, spec.channels, self.cell)
            encoder, decoder = GapEncoder(spec.channels, self.hidden), TimedDecoder(*sizes, layers=self.layers)
        else:
            taught: dict[str, Any] = {"dropout": self.step_dropout} if self.decoder == "conditioned" else {}
            encoder = self._encoder(spec)
            decoder = self._decoder(spec, spec.steps, conditioned=TaughtDecoder, **taught)
        likelihood = self.likelihood_term(spec)
        return Composition(
            encoder,
            VariationalCode(encoder.width, self.latent_dim),
            decoder,
            [likelihood, self.kl_term()],
            spoil=StepDropout(self.input_dropout),
            link=likelihood.link,
        )

    # When the steps are

    @property
    def clock(self) -> TimeScale | None:
        """How the times of the steps are scaled: 0 where the training data begin and 1 where they end."""
        return self._clock if self.timed else None

    @property
    def output_times_(self) -> np.ndarray | None:
        """Times at which a code is decoded, float64 ``(T,)``: even ones; None where times do not count."""
        return self._clock.undo(np.linspace(0.0, 1.0, self.sample_shape_[0])) if self.timed else None

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        super()._prepare(module, dataset, rows)
        if self.timed:
            values = dataset.values if self.target == "input" else dataset.clean
            self._clock = TimeScale.of(dataset.all_times[rows], np.isfinite(values[rows]).max(axis=2))

    def _facts(self) -> dict[str, Any]:
        return {**super()._facts(), **({"clock": self._clock.to_json()} if self.timed else {})}

    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        if self.timed:
            self._clock = TimeScale(**facts["clock"])
        super()._restore(arrays, facts)
