"""Past and future of series: encoders that see the past only, decoders that write either, terms that judge either.

The future of a series is its last `horizon` steps before its own end; at least its first step is past.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Decoder, Encoder, Pass, Term
from explorer.models.parts.conditioned import ConditionedDecoder
from explorer.models.parts.frames import within
from explorer.training.step import Batch, Step

Side = Literal["past", "future"]


def past_lengths(lengths: Tensor, horizon: int) -> Tensor:
    """Return how many steps of each series are past."""
    return (lengths - horizon).clamp(min=1)


def past_of(batch: Batch, horizon: int) -> Batch:
    """Return the past of series, with nothing behind it."""
    steps = max(1, batch.inputs.shape[1] - horizon)
    lengths = None if batch.lengths is None else past_lengths(batch.lengths, horizon)
    inputs, targets = batch.inputs[:, :steps], batch.targets[:, :steps]
    if lengths is not None:
        inside = within(lengths, steps)
        inputs, targets = torch.where(inside, inputs, 0.0), torch.where(inside, targets, 0.0)
    return replace(batch, inputs=inputs, targets=targets, lengths=lengths, observed=None)


def future_of(batch: Batch, horizon: int) -> Batch:
    """Return the future of series, ``(B, horizon, C)``; 0 beyond a series' end."""
    past, ends = _past_and_ends(batch, len(batch), batch.inputs.shape[1], horizon, batch.inputs.device)
    steps = past[:, None] + torch.arange(horizon, device=past.device)
    source = steps.clamp(max=batch.inputs.shape[1] - 1).unsqueeze(-1).expand(-1, -1, batch.inputs.shape[2])
    inside = (steps < ends[:, None]).unsqueeze(-1)
    inputs, targets = (torch.where(inside, x.gather(1, source), 0.0) for x in (batch.inputs, batch.targets))
    lengths = None if batch.lengths is None else (ends - past).clamp(min=0)
    return replace(batch, inputs=inputs, targets=targets, lengths=lengths, observed=None)


def is_future(batch: Batch, horizon: int) -> Tensor:
    """Return which steps are future, bool ``(B, T, 1)``; those beyond a series' end too."""
    steps = batch.inputs.shape[1]
    past, _ = _past_and_ends(batch, len(batch), steps, horizon, batch.inputs.device)
    return ~within(past, steps)


def _past_and_ends(
    batch: Batch | None, n: int, steps: int, horizon: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Return where the past of each series ends, and where the series ends."""
    ends = None if batch is None else batch.lengths
    if ends is None:
        ends = torch.full((n,), steps, device=device)
    return past_lengths(ends, horizon), ends


class PastEncoder(Encoder):
    """An encoder that is shown the past only."""

    def __init__(self, encoder: Encoder, horizon: int) -> None:
        super().__init__(encoder.width, any_length=encoder.any_length)
        self.encoder, self.horizon = encoder, horizon

    def forward(self, batch: Batch) -> Tensor:
        """Return the features of the past."""
        return self.encoder(past_of(batch, self.horizon))


class FutureDecoder(Decoder):
    """A decoder that writes the future; the past is left open (NaN), or written by a second decoder.

    Parameters
    ----------
    future : Decoder
        Writes `horizon` steps.
    horizon, steps : int
        `steps` of a whole series.
    past : Decoder, optional
        Writes the rest.
    """

    def __init__(self, future: Decoder, horizon: int, steps: int, past: Decoder | None = None) -> None:
        super().__init__()
        self.future, self.horizon, self.steps, self.past = future, horizon, steps, past

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)``, as long as those given."""
        forecast = self.future(z, None if given is None else future_of(given, self.horizon), step)
        behind = None
        if self.past is not None:
            behind = self.past(z, None if given is None else past_of(given, self.horizon), step)
        return self._joined(behind, forecast, given)

    def taught(self, z: Tensor, given: Batch) -> Tensor:
        """Return what conditioned decoders write where they always see the true frame before."""
        forecast = _taught(self.future, z, future_of(given, self.horizon))
        behind = None if self.past is None else _taught(self.past, z, past_of(given, self.horizon))
        return self._joined(behind, forecast, given)

    def _joined(self, behind: Tensor | None, forecast: Tensor, given: Batch | None) -> Tensor:
        """Return series of a past (NaN where there is none) and a future, each at its own place."""
        n, horizon, channels = forecast.shape
        steps = self.steps if given is None else given.inputs.shape[1]
        if behind is None:
            behind = forecast.new_full((n, steps, channels), torch.nan)
        # With room for a forecast that reaches beyond the end of a series that is hardly longer than the horizon.
        series = nn.functional.pad(behind, (0, 0, 0, steps + horizon - behind.shape[1]), value=torch.nan)
        past, _ = _past_and_ends(given, n, steps, horizon, forecast.device)
        places = past[:, None] + torch.arange(horizon, device=forecast.device)
        return series.scatter(1, places.unsqueeze(-1).expand(-1, -1, channels), forecast)[:, :steps]


def _taught(decoder: Decoder, z: Tensor, given: Batch) -> Tensor:
    return decoder.taught(z, given) if isinstance(decoder, ConditionedDecoder) else decoder(z, given)


class Within(Term):
    """A term that looks at the past or at the future only."""

    def __init__(self, term: Term, side: Side, horizon: int) -> None:
        super().__init__()
        self.term, self.side, self.horizon = term, side, horizon
        self.name = f"{side}_{term.name}"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the term's value and share."""
        batch = seen.batch
        chosen = is_future(batch, self.horizon)
        if self.side == "past":
            chosen = ~chosen
        counts = chosen.expand_as(batch.targets)
        if batch.observed is not None:
            counts = counts & batch.observed
        # What is not written is NaN: neither it nor its gradient may come into the sum.
        output = torch.where(chosen, seen.output, 0.0)
        return self.term(replace(seen, output=output, batch=replace(batch, observed=counts)), step)
