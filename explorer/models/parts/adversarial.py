"""TimeGAN: a generator of series in the latent space of an autoencoder (Yoon, Jarrett & van der Schaar 2019).

Four networks as in the article: embedding e, recovery r, generator g, discriminator d; and the supervisor s, which its
program adds, that says which latent state follows another. A fifth, the inverter, finds the code of a series.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.codes import PlainCode
from explorer.models.parts.composition import Coded, Composition, Decoder
from explorer.models.parts.frames import within
from explorer.models.parts.reconstruction import masked_mean
from explorer.models.parts.recurrent import RecurrentEncoder, recurrent
from explorer.models.parts.scan import scan
from explorer.training.phases import Phase, Turn
from explorer.training.step import Batch, Step

STRENGTHS = {"supervised": 100.0, "moments": 100.0, "recovery": 10.0, "embedding": 0.1}
"""Weights of the terms, those of the authors' program."""
ENOUGH = 0.15
"""The discriminator waits while its loss is below this."""
SHARES = (1.0, 0.5, 2.5)
"""Of the epochs: embedding, supervision, joint training."""


class Stack(nn.Module):
    """GRU layers → a linear layer at every step → sigmoid where `bounded`."""

    def __init__(self, channels: int, hidden: int, out: int, layers: int, *, bounded: bool = True) -> None:
        super().__init__()
        self.network = recurrent("gru", channels, hidden, layers=layers)
        self.last = nn.Linear(hidden, out)
        self.bounded = bounded

    def forward(self, x: Tensor) -> Tensor:
        """Return ``(B, T, out)`` of ``(B, T, channels)``."""
        out = self.last(scan(self.network, x, x.shape[1]))
        return out.sigmoid() if self.bounded else out


class Generator(Decoder):
    """The code of a series and noise at every step → latent states → what follows them → a series.

    What the article calls static noise is the code here, and the noise at each step is drawn for a new series
    (`drawn`), or that which is kept, so that a code always decodes to the same series.

    Parameters
    ----------
    latent_dim, noise : int
        Width of the code, and of the noise at each step.
    hidden, layers : int
        Of each network.
    steps, channels : int
    bounded : bool
        Whether series lie between 0 and 1.
    """

    kept: Tensor

    def __init__(
        self,
        latent_dim: int,
        noise: int,
        hidden: int,
        layers: int,
        steps: int,
        channels: int,
        *,
        bounded: bool = True,
    ) -> None:
        super().__init__()
        self.noise, self.steps = noise, steps
        self.generator = Stack(latent_dim + noise, hidden, hidden, layers)
        self.supervisor = Stack(hidden, hidden, hidden, max(1, layers - 1))
        self.recovery = Stack(hidden, hidden, channels, layers, bounded=bounded)
        self.register_buffer("kept", torch.randn(steps, noise))

    def states(self, z: Tensor, noise: Tensor) -> Tensor:
        """Return latent states ``(B, T, hidden)`` of codes and noise ``(B, T, noise)``, before the supervisor."""
        return self.generator(torch.cat([z.unsqueeze(1).expand(-1, noise.shape[1], -1), noise], 2))

    def series(self, z: Tensor, noise: Tensor) -> Tensor:
        """Return the series of codes and noise."""
        return self.recovery(self.supervisor(self.states(z, noise)))

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)`` with the noise that is kept, as long as those given."""
        steps = self.steps if given is None else given.inputs.shape[1]
        kept = self.kept.to(z.dtype)[torch.arange(steps, device=z.device) % self.steps]
        return self.series(z, kept.expand(len(z), -1, -1))

    def draw(self, z: Tensor, generator: torch.Generator) -> Tensor:
        """Return series with noise of their own."""
        shape = (len(z), self.steps, self.noise)
        return self.series(z, torch.randn(shape, generator=generator, device=z.device, dtype=z.dtype))


class Adversaries(Composition):
    """All networks, and the three phases in which they learn.

    Parameters
    ----------
    decoder : Generator
    channels, hidden, layers, latent_dim : int
    code_weight : float
        Weight of the terms that make the generator use its code: it shall be found again in what was generated (Chen
        et al. 2016, InfoGAN), and what is found in real series shall decode to them. 0 as in the article, which asks
        nothing of the code.
    """

    decoder: Generator

    def __init__(
        self, decoder: Generator, channels: int, hidden: int, layers: int, latent_dim: int, code_weight: float
    ) -> None:
        inverter = RecurrentEncoder(channels, hidden, "gru", bidirectional=True)
        super().__init__(inverter, PlainCode(inverter.width, latent_dim), decoder, [])
        self.embedding = Stack(channels, hidden, hidden, layers)
        self.discriminator = Stack(hidden, hidden, 1, layers, bounded=False)
        self.latent_dim, self.code_weight = latent_dim, code_weight

    def phases(self) -> tuple[Phase, ...]:
        """Return embedding, supervision and joint training; in the last all take turns."""
        autoencoder = _parameters(self.embedding, self.decoder.recovery)
        supervisor = _parameters(self.decoder.supervisor)
        generator = _parameters(self.decoder.generator, self.decoder.supervisor)
        return (
            Phase("embedding", SHARES[0], (Turn(self.embed, autoencoder),)),
            Phase("supervision", SHARES[1], (Turn(self.supervise, supervisor),)),
            Phase(
                "joint",
                SHARES[2],
                (
                    Turn(self.generate, generator, times=2),
                    Turn(self.embed_on, autoencoder, times=2),
                    Turn(self.discriminate, _parameters(self.discriminator), above=ENOUGH),
                    Turn(self.invert, _parameters(self.encoder, self.code)),
                ),
                keeps_best=False,
            ),
        )

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the generator's terms."""
        return self.generate(batch, step)

    # What they learn

    def embed(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return how far the autoencoder is from its input: √MSE, as the authors weigh it."""
        error = self._recovery_error(batch, self.embedding(batch.inputs))
        return {"recovery": error, "loss": STRENGTHS["recovery"] * _root(error)}

    def supervise(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return how far the supervisor is from the next latent state of real series."""
        error = self._supervised_error(batch, self._states(batch))
        return {"supervised": error, "loss": error}

    def embed_on(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the autoencoder's loss in the joint phase: its latent states shall be predictable, too."""
        states = self.embedding(batch.inputs)
        error, follows = self._recovery_error(batch, states), self._supervised_error(batch, states)
        loss = STRENGTHS["recovery"] * _root(error) + STRENGTHS["embedding"] * follows
        return {"recovery": error, "loss": loss}

    def generate(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the generator's terms: what the discriminator thinks, the supervised and the moment term."""
        z, noise = self._chance(batch, step)
        states = self.decoder.states(z, noise)
        followed = self.decoder.supervisor(states)
        series = self.decoder.recovery(followed)
        fooled = self._told(followed, 1.0) + self._told(states, 1.0)
        supervised = _root(self._supervised_error(batch, self._states(batch)))
        moments = _moments_error(series, batch)
        loss = fooled + STRENGTHS["supervised"] * supervised + STRENGTHS["moments"] * moments
        if self.code_weight:
            tied = self._code_error(series, z) + STRENGTHS["recovery"] * _root(self._inversion_error(batch, step))
            loss = loss + self.code_weight * tied
        return {"generator": fooled, "moments": moments, "supervised": supervised, "loss": loss}

    def discriminate(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return how well the discriminator tells latent states of real series from generated ones, in nats."""
        with torch.no_grad():
            real = self._states(batch)
            states = self.decoder.states(*self._chance(batch, step))
            followed = self.decoder.supervisor(states)
        steps = None if batch.lengths is None else within(batch.lengths, real.shape[1])
        loss = self._told(real, 1.0, steps) + self._told(followed, 0.0) + self._told(states, 0.0)
        return {"discriminator": loss, "loss": loss}

    def invert(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return how far the inverter is from the codes of generated series, and what it finds from real series.

        Of real series no code is known: those that it finds shall decode to them, whatever the noise.
        """
        z, noise = self._chance(batch, step)
        with torch.no_grad():
            series = self.decoder.series(z, noise)
        error, code = self._inversion_error(batch, step), self._code_error(series, z)
        return {"inversion": error, "code": code, "loss": code + STRENGTHS["recovery"] * _root(error)}

    # What they are made of

    def _states(self, batch: Batch) -> Tensor:
        with torch.no_grad():
            return self.embedding(batch.inputs)

    def _chance(self, batch: Batch, step: Step) -> tuple[Tensor, Tensor]:
        """Return codes and noise for as many series as there are in the batch."""
        like = batch.inputs
        sizes = ((len(like), self.latent_dim), (len(like), like.shape[1], self.decoder.noise))
        z, noise = (torch.randn(size, generator=step.generator, device=like.device, dtype=like.dtype) for size in sizes)
        return z, noise

    def _recovery_error(self, batch: Batch, states: Tensor) -> Tensor:
        return masked_mean((self.decoder.recovery(states) - batch.targets).square(), batch.observed)

    def _supervised_error(self, batch: Batch, states: Tensor) -> Tensor:
        error = (self.decoder.supervisor(states)[:, :-1] - states[:, 1:]).square()
        if batch.lengths is None:
            return error.mean() if error.numel() else error.sum()
        return masked_mean(error, within(batch.lengths, states.shape[1])[:, 1:].expand_as(error))

    def _told(self, states: Tensor, truth: float, steps: Tensor | None = None) -> Tensor:
        """Return the cross-entropy of what the discriminator says of states, at every step."""
        logits = self.discriminator(states)
        entries = nn.functional.binary_cross_entropy_with_logits(
            logits, torch.full_like(logits, truth), reduction="none"
        )
        return masked_mean(entries, steps)

    def _inversion_error(self, batch: Batch, step: Step) -> Tensor:
        """Return how far real series are from what the codes that are found in them decode to."""
        found: Coded = self.code(self.encoder(batch))
        _, noise = self._chance(batch, step)
        return masked_mean((self.decoder.series(found.z, noise) - batch.targets).square(), batch.observed)

    def _code_error(self, series: Tensor, z: Tensor) -> Tensor:
        found: Coded = self.code(self.encoder(Batch(series, series)))
        return (found.mean - z).square().mean()


def _parameters(*modules: nn.Module) -> tuple[nn.Parameter, ...]:
    return tuple(parameter for module in modules for parameter in module.parameters())


def _root(error: Tensor) -> Tensor:
    return (error + 1e-12).sqrt()  # its slope is infinite at 0


def _moments_error(series: Tensor, batch: Batch) -> Tensor:
    """Return how far mean and deviation over the batch are from real ones, at each step of each channel."""
    known = torch.ones_like(batch.targets) if batch.observed is None else batch.observed.to(batch.targets)
    count = known.sum(0).clamp(min=1)
    mean = (known * batch.targets).sum(0) / count
    variance = (known * (batch.targets - mean).square()).sum(0) / count
    own_mean, own_variance = series.mean(0), series.var(0, correction=0)
    gaps = (own_mean - mean).abs() + ((own_variance + 1e-6).sqrt() - (variance + 1e-6).sqrt()).abs()
    return masked_mean(gaps, known.sum(0) > 1) if len(series) > 1 else masked_mean((own_mean - mean).abs(), count > 0)
