"""Hierarchical recurrent variational autoencoder of melodies (MusicVAE)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from explorer.data.dataset import Layout
from explorer.models.variational import VariationalModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class MusicVAE(VariationalModel):
    """Codes melodies; its decoder plans the bars by the code first, and then writes each by itself.

    Of the code a conductor makes a plan for each segment, and a recurrent network writes the segment's tokens by it,
    one after the other. What is written in a segment is not seen in any other, so that all of them have to be in the
    code (Roberts et al. 2018). Its flat decoder writes all tokens in a row instead.
    """

    title: ClassVar[str] = "Melody VAE (MusicVAE)"
    layouts: ClassVar[tuple[Layout, ...]] = ("notes",)
    family: ClassVar[str] = "Music"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 32
    hierarchical: Annotated[
        bool, Param("A conductor plans the segments; off: a flat decoder writes all tokens in a row.")
    ] = True
    hidden: Annotated[int, Param("Units of the decoder.", ge=1, le=4096)] = 64
    encoder_hidden: Annotated[int, Param("Units of the encoder, in each direction.", ge=1, le=4096)] = 96
    conductor: Annotated[int, Param("Units of the conductor.", ge=1, le=4096, advanced=True)] = 96
    segment: Annotated[
        int, Param("Length of a segment; 0: a bar, or what divides the melody.", ge=0, le=4096, unit="sixteenths")
    ] = 0
    cell: Annotated[Literal["gru", "lstm"], Param("Kind of recurrent cell.", advanced=True)] = "gru"
    frame: Annotated[
        int, Param("Tokens that the encoder reads at once.", ge=1, le=64, unit="sixteenths", advanced=True)
    ] = 4
    embedding: Annotated[int, Param("Numbers that stand for a token.", ge=1, le=1024, advanced=True)] = 16
    scheduled_sampling: Annotated[
        Literal["none", "constant", "linear", "inverse-sigmoid"],
        Param(
            "How often the decoder sees the true token before while it trains, not its own: never, always, or less and "
            "less (Bengio et al. 2015). In use it sees its own.",
            advanced=True,
        ),
    ] = "inverse-sigmoid"
    beta: Annotated[float, Param("Weight β of the KL term; 1 is the ELBO.", ge=0)] = 0.2
    free_bits: Annotated[
        float, Param("KL of each dimension of the code that costs nothing.", ge=0, unit="nats", advanced=True)
    ] = 1.0
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 60
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 2e-3
    batch_size: Annotated[int, Param("Samples in a step.", ge=1, le=1_000_000, advanced=True)] = 16
    # Tokens have no noise, no scale and no clean version: these are no parameters here.
    corruption: Any = None
    scaling: Any = "none"
    target: Any = "input"

    @property
    def breadth(self) -> int:
        """The states of the network beside its tokens; see `NeuralModel.breadth`."""
        return 2

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder in both directions → Gaussian code → hierarchical or flat decoder."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.melody import MelodyDecoder, MelodyEncoder

        encoder = MelodyEncoder(spec.vocabulary, self.embedding, self.encoder_hidden, self.cell, frame=self.frame)
        code = VariationalCode(encoder.width, self.latent_dim)
        decoder = MelodyDecoder(
            self.latent_dim,
            self.hidden,
            spec.steps,
            spec.vocabulary,
            segments=spec.steps // segment_of(spec.steps, self.segment) if self.hierarchical else 1,
            conductor=self.conductor,
            embedding=self.embedding,
            cell=self.cell,
            teaching=self.scheduled_sampling,
        )
        likelihood = self.likelihood_term(spec)
        return Composition(encoder, code, decoder, [likelihood, self.kl_term()])

    def taught(self, X: Any) -> Any:
        """Return what the decoder writes where it always sees the true token before, int32 ``(N, T)``.

        See how far it leans on that: free-running, it has only its own.
        """
        import numpy as np
        import torch

        from explorer.training.step import Step

        module, dataset = self._ready(X)
        step = Step(self.epochs, self.epochs, False, torch.Generator().manual_seed(0))
        with torch.inference_mode():
            written = [
                module.decoder(module.encode(batch).mean, batch, step).argmax(-1).cpu().numpy()
                for batch in self._chunks(dataset, module)
            ]
        return np.concatenate(written).astype(np.int32)


def segment_of(steps: int, wanted: int) -> int:
    """Return the length of a segment: the one wanted, or a bar of 4/4 or 3/4; the next shorter one that divides all."""
    for length in [wanted] if wanted else [16, 12]:
        if steps % length == 0:
            return length
    return next(length for length in range(min(wanted or 16, steps), 0, -1) if steps % length == 0)
