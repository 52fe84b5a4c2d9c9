"""Records with gaps: which variables are measured at a step, and what is found, step by step from a code.

A record is p(facts, label | z) Π_t p(m_t | x_<t, m_<t, z) p(x_t | m_t, x_<t, m_<t, z): what was measured before says
both what is measured next and what comes of it. Nothing is imputed; what is missing is part of what is learnt.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Coded, Decoder, Encoder, Head, Pass, Term
from explorer.models.parts.dense import layers
from explorer.models.parts.frames import within
from explorer.models.parts.likelihoods import Likelihood
from explorer.models.parts.recurrent import RecurrentEncoder, recurrent
from explorer.models.parts.scan import scan
from explorer.training.step import Batch, Step

FACTORS = 6
"""What the measurements of a step have in common beside their means: so many directions."""
LOG_SD = (-5.0, 1.5)
"""Bounds of the log of a deviation, of scaled values."""
FRAME = 4
"""Steps that the encoder reads at once."""


def measured(batch: Batch) -> Tensor:
    """Return which entries of the targets are there, bool ``(B, T, C)``."""
    return torch.ones_like(batch.targets, dtype=torch.bool) if batch.observed is None else batch.observed


class RecordEncoder(Encoder):
    """Values, 0 where missing, and which are there → bidirectional GRU; its last states and the facts."""

    def __init__(self, channels: int, hidden: int, steps: int, facts: tuple[int, ...]) -> None:
        frame = max(1, min(FRAME, steps // 4))
        network = RecurrentEncoder(2 * channels, hidden, "gru", bidirectional=True, frame=frame)
        super().__init__(network.width + sum(max(1, size) + 1 for size in facts), any_length=True)
        self.network, self.facts = network, facts

    def forward(self, batch: Batch) -> Tensor:
        """Return the features ``(B, width)``."""
        there = measured(batch).to(batch.inputs)
        features = self.network(replace(batch, inputs=torch.cat([batch.inputs * there, there], 2)))
        if not self.facts:
            return features
        given = batch.facts
        if given is None:
            given = features.new_full((len(features), len(self.facts)), math.nan)
        parts = [features]
        for k, size in enumerate(self.facts):
            known = torch.isfinite(given[:, k])
            value = torch.where(known, given[:, k], 0.0).to(features.dtype)
            shown = nn.functional.one_hot(value.long(), size).to(features) if size else value[:, None]
            parts += [shown * known[:, None], known[:, None].to(features)]
        return torch.cat(parts, 1)


class RecordDecoder(Decoder):
    """What was measured before and the code → GRU → what is measured at a step, with which mean and deviation.

    At each step it is one of some `kinds` of moments (a round of vital signs, a blood sample, nothing), each with a
    probability for every variable: what is measured together comes together. The mean stays near the last value of a
    variable as far as the network lets it. While it trains it is shown the true past.

    Where a code is decoded rather than drawn from, chance is kept: the same random numbers decide each time what is
    measured, so that the same code gives the same record.

    Parameters
    ----------
    latent_dim, hidden, steps, channels, kinds : int
    dropout : float
        Share of the steps of the past that it is not shown while it trains, lest it do without the code.
    """

    kept_kinds: Tensor
    kept_masks: Tensor

    def __init__(self, latent_dim: int, hidden: int, steps: int, channels: int, kinds: int, dropout: float) -> None:
        super().__init__()
        self.steps, self.channels, self.kinds, self.dropout = steps, channels, kinds, dropout
        self.network = recurrent("gru", 2 * channels + latent_dim, hidden)
        self.last = nn.Linear(hidden + latent_dim, 3 * channels + kinds + kinds * channels)
        with torch.no_grad():  # at first all variables are rare, and the kinds differ
            bias = self.last.bias
            bias.zero_()
            bias[channels : 2 * channels] = -0.5
            bias[3 * channels + kinds :] = torch.randn(kinds * channels) - 1.0
        self.register_buffer("kept_kinds", torch.rand(steps))
        self.register_buffer("kept_masks", torch.rand(steps, channels))

    @property
    def written(self) -> tuple[int, ...]:
        """Sizes of what it writes: means, log deviations, logits of the kinds, logits of the variables of each."""
        return self.channels, self.channels, self.kinds, self.kinds * self.channels

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return what it writes at each step ``(B, T, sum(written))``."""
        if given is not None and step is not None:
            return self._taught(z, given, step)
        steps = self.steps if given is None else given.inputs.shape[1]
        return self._run(z, steps, self._kept)[0]

    def drawn(self, z: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Return records ``(B, T, C)`` drawn step by step, NaN where nothing is measured."""
        return self._run(z, self.steps, lambda output, _: draw(output))[1]

    def recorded(self, written: Tensor) -> Tensor:
        """Return which entries of what `forward` wrote of codes are measured, by the chance that is kept: bool."""
        steps = torch.arange(written.shape[-2], device=written.device) % self.steps
        return self._measured(written, self.kept_kinds[steps], self.kept_masks[steps])

    def _taught(self, z: Tensor, given: Batch, step: Step) -> Tensor:
        there = measured(given)
        if step.training and self.dropout:
            coins = torch.rand((*there.shape[:2], 1), generator=step.generator, device=there.device)
            there = there & (coins >= self.dropout)
        carried = _carried(given.targets, there)
        before, mask = (nn.functional.pad(each, (0, 0, 1, 0))[:, :-1] for each in (carried, there.to(carried)))
        code = z.unsqueeze(1).expand(-1, before.shape[1], -1)
        states = scan(self.network, torch.cat([before, mask, code], 2), before.shape[1])
        return self._write(states, code, before)

    def _write(self, states: Tensor, code: Tensor, before: Tensor) -> Tensor:
        sizes = (self.channels, self.channels, self.channels, self.kinds + self.kinds * self.channels)
        mean, spread, gate, rest = self.last(torch.cat([states, code], -1)).split(sizes, -1)
        hold = gate.sigmoid()
        return torch.cat([hold * before + (1 - hold) * mean, spread, rest], -1)

    def _run(self, z: Tensor, steps: int, look: Callable[[Tensor, int], Tensor]) -> tuple[Tensor, Tensor]:
        """Return what it writes, and what is found by `look`, which gets what is written at a step and its number."""
        state = z.new_zeros(len(z), self.network.hidden_size)
        before, mask = z.new_zeros(len(z), self.channels), z.new_zeros(len(z), self.channels)
        weights = self.network.all_weights[0]
        written, found = [], []
        for t in range(steps):
            state = torch.gru_cell(torch.cat([before, mask, z], 1), state, *weights)
            written.append(self._write(state, z, before))
            found.append(look(written[-1], t))
            there = torch.isfinite(found[-1])
            before, mask = torch.where(there, found[-1], before), there.to(before)
        return torch.stack(written, 1), torch.stack(found, 1)

    def _kept(self, output: Tensor, t: int) -> Tensor:
        there = self._measured(output, self.kept_kinds[t % self.steps], self.kept_masks[t % self.steps])
        return torch.where(there, output[..., : self.channels], math.nan)

    def _measured(self, output: Tensor, of_kind: Tensor, of_variables: Tensor) -> Tensor:
        """Return what is measured at one step or at many, by a random number for the kind and one for each variable."""
        _, _, kinds, variables = output.split(self.written, -1)
        chances = kinds.softmax(-1).cumsum(-1)
        kind = (chances < of_kind[..., None]).sum(-1, keepdim=True).clamp(max=self.kinds - 1)
        chance = variables.unflatten(-1, (self.kinds, self.channels)).sigmoid()
        return of_variables < chance.gather(-2, kind[..., None].expand(*kind.shape, self.channels)).squeeze(-2)


def _carried(values: Tensor, there: Tensor) -> Tensor:
    """Return the last known value at each step ``(B, T, C)``; 0 before the first."""
    steps = torch.arange(values.shape[1], device=values.device)[None, :, None]
    latest = torch.where(there, steps, -1).cummax(1).values
    return torch.where(latest >= 0, values.gather(1, latest.clamp(min=0)), 0.0)


class RecordLikelihood(Likelihood):
    """−log p of which variables are measured, and of what is found, in nats summed over a record.

    Which: a mixture of products of Bernoulli variables at each step. What: a Gaussian over those that are measured,
    whose correlations within a step are those of a few common factors, the same at all times.
    """

    def __init__(self, channels: int, kinds: int) -> None:
        super().__init__(Means(channels))
        self.channels, self.kinds = channels, kinds
        self.loadings = nn.Parameter(0.1 * torch.randn(channels, min(FACTORS, channels)))

    def of_samples(self, output: Tensor, batch: Batch) -> Tensor:
        """Return −log p(m, x | z) of each record ``(B,)``."""
        there = measured(batch)
        nats = self._nats_of_masks(output, there)
        if batch.lengths is not None:
            nats = torch.where(within(batch.lengths, nats.shape[1])[:, :, 0], nats, 0.0)
        return (nats + self._nats_of_values(output, batch.targets, there)).sum(1)

    def draw(self, output: Tensor, generator: torch.Generator) -> Tensor:
        """Return what is found at a step, of what is written at it ``(B, K)``: NaN where nothing is measured."""
        mean, log_sd, kinds, variables = self._parts(output)
        kind = torch.multinomial(kinds.softmax(-1), 1, generator=generator)
        logits = variables.gather(1, kind[:, :, None].expand(-1, -1, self.channels))[:, 0]
        there = torch.rand(logits.shape, generator=generator, device=logits.device) < logits.sigmoid()
        loadings = self._bounded()
        common, own = (
            torch.randn((len(output), size), generator=generator, device=output.device, dtype=output.dtype)
            for size in (loadings.shape[1], self.channels)
        )
        noise = common @ loadings.T + (1 - loadings.square().sum(1)).sqrt() * own
        return torch.where(there, mean + log_sd.exp() * noise, math.nan)

    def means(self, output: Tensor) -> Tensor:
        """Return the mean of each entry, of scaled values."""
        return output[..., : self.channels]

    def deviations(self, output: Tensor) -> Tensor:
        """Return σ of each entry, of scaled values."""
        return self._parts(output)[1].exp()

    def chances(self, output: Tensor) -> Tensor:
        """Return how likely each variable is measured at each step."""
        _, _, kinds, variables = self._parts(output)
        return (kinds.softmax(-1).unsqueeze(-1) * variables.sigmoid()).sum(-2)

    def _parts(self, output: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        sizes = (self.channels, self.channels, self.kinds, self.kinds * self.channels)
        mean, log_sd, kinds, variables = output.split(sizes, -1)
        return mean, log_sd.clamp(*LOG_SD), kinds, variables.unflatten(-1, (self.kinds, self.channels))

    def _bounded(self) -> Tensor:
        """Return loadings whose squares sum to less than 1 for each variable: the rest is its own."""
        raw = self.loadings
        return raw / (1.05 + raw.square().sum(1, keepdim=True)).sqrt()

    def _nats_of_masks(self, output: Tensor, there: Tensor) -> Tensor:
        _, _, kinds, variables = self._parts(output)
        mask = there.to(output).unsqueeze(-2)
        of_kind = (mask * variables - nn.functional.softplus(variables)).sum(-1)
        return -torch.logsumexp(kinds.log_softmax(-1) + of_kind, -1)

    def _nats_of_values(self, output: Tensor, targets: Tensor, there: Tensor) -> Tensor:
        """Return −log N(x; μ, σ (F Fᵀ + D) σ) over those that are there, ``(B, T)``; by Woodbury's identity."""
        mean, log_sd, _, _ = self._parts(output)
        mask, loadings = there.to(output), self._bounded()
        own = 1 - loadings.square().sum(1)
        error = mask * (targets - mean) * torch.exp(-log_sd)
        weighted = loadings / own[:, None]
        pairs = (weighted[:, :, None] * loadings[:, None, :]).flatten(1)
        count = loadings.shape[1]
        inner = (mask @ pairs).unflatten(-1, (count, count)) + torch.eye(count, device=output.device).to(output)
        root, failed = torch.linalg.cholesky_ex(inner)
        root = torch.where(failed[..., None, None] > 0, math.nan, root)  # the loop sees that, and stops
        common = torch.linalg.solve_triangular(root, (error @ weighted).unsqueeze(-1), upper=False)[..., 0]
        quadratic = (error.square() / own).sum(-1) - common.square().sum(-1)
        volume = mask @ own.log() + 2 * root.diagonal(dim1=-2, dim2=-1).log().sum(-1) + 2 * (mask * log_sd).sum(-1)
        return 0.5 * (quadratic + volume + mask.sum(-1) * math.log(2 * math.pi))


class Means(nn.Module):
    """The means of what a `RecordDecoder` writes."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, output: Tensor) -> Tensor:
        """Return ``(B, T, C)``."""
        return output[..., : self.channels]


class CodeHead(Head):
    """The code that was drawn → one hidden layer → numbers. Codes from the prior are drawn, too."""

    def __init__(self, latent_dim: int, hidden: int, out: int) -> None:
        super().__init__()
        self.layers, self.last = layers([latent_dim, hidden], "elu"), nn.Linear(hidden, out)

    def forward(self, seen: Coded, batch: Batch | None = None) -> Tensor:
        """Return ``(B, out)``."""
        return self.last(self.layers(seen.z))


class FactsNLL(Term):
    """−log p(facts | z) of those that are known: normal scores as Gaussians, categories by their logits; in nats."""

    name = "facts"

    def __init__(self, facts: tuple[int, ...]) -> None:
        super().__init__()
        self.facts = facts
        self.log_sd = nn.Parameter(torch.zeros(len(facts)))

    @staticmethod
    def width(facts: tuple[int, ...]) -> int:
        """Return how many numbers a head has to write."""
        return sum(max(1, size) for size in facts)

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the mean over the samples, twice."""
        given = seen.batch.facts
        told = seen.heads["facts"].split([max(1, size) for size in self.facts], 1)
        nats = told[0].new_zeros(len(seen.batch))
        if given is not None:
            for k, size in enumerate(self.facts):
                known = torch.isfinite(given[:, k])
                value = torch.where(known, given[:, k], 0.0)
                if size:
                    each = nn.functional.cross_entropy(told[k], value.long(), reduction="none")
                else:
                    log_sd = self.log_sd[k].clamp(*LOG_SD)
                    error = (value - told[k][:, 0]) * torch.exp(-log_sd)
                    each = 0.5 * (error.square() + math.log(2 * math.pi)) + log_sd
                nats = nats + torch.where(known, each, 0.0)
        nll = nats.mean()
        return nll, nll

    def draw(self, told: Tensor, generator: torch.Generator) -> Tensor:
        """Return facts ``(B, F)`` drawn from what the head writes."""
        found = []
        for k, each in enumerate(told.split([max(1, size) for size in self.facts], 1)):
            if self.facts[k]:
                found.append(torch.multinomial(each.softmax(1), 1, generator=generator).to(told))
            else:
                noise = torch.randn((len(told), 1), generator=generator, device=told.device, dtype=told.dtype)
                found.append(each + self.log_sd[k].clamp(*LOG_SD).exp() * noise)
        return torch.cat(found, 1)


class OutcomeNLL(Term):
    """−log p(label | z) of samples whose label is known, in nats, weighed.

    Parameters
    ----------
    weight : float
        One label among a thousand numbers would hardly be learnt: its nats count so often.
    """

    name = "outcome"

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = weight

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the mean over the labelled samples, and its weighted share; 0 where there are none."""
        told, labels = seen.heads["label"], seen.batch.labels
        if labels is None:
            return told.sum() * 0, told.sum() * 0
        nats = nn.functional.cross_entropy(told, labels, ignore_index=-1, reduction="sum")
        mean = nats / (labels >= 0).sum().clamp(min=1)
        return mean, self.weight * mean
