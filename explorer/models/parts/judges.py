"""Networks that judge generated samples: they tell them from real ones, or learn from them what comes next."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Encoder
from explorer.models.parts.reconstruction import masked_mean
from explorer.models.parts.recurrent import recurrent
from explorer.models.parts.scan import scan
from explorer.training.step import Batch, Step


class RealOrMade(nn.Module):
    """Encoder → linear layer → one logit: real above 0.

    Parameters
    ----------
    encoder : Encoder
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.last = encoder, nn.Linear(encoder.width, 1)

    def forward(self, batch: Batch) -> Tensor:
        """Return the logits ``(B,)``."""
        return self.last(self.encoder(batch))[:, 0]

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the cross-entropy in nats against the batch's targets ``(B,)``, 1 for real."""
        return {"loss": nn.functional.binary_cross_entropy_with_logits(self(batch), batch.targets)}


class NextStep(nn.Module):
    """GRU → the same linear layer at every step: what comes at the next one.

    Parameters
    ----------
    channels, hidden, answers : int
    """

    def __init__(self, channels: int, hidden: int, answers: int) -> None:
        super().__init__()
        self.network = recurrent("gru", channels, hidden)
        self.last = nn.Linear(hidden, answers)

    def forward(self, batch: Batch) -> Tensor:
        """Return the answers ``(B, T, answers)``."""
        return self.last(scan(self.network, batch.inputs, batch.inputs.shape[1]))

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the mean absolute error where the truth is known."""
        return {"loss": masked_mean(torch.abs(self(batch) - batch.targets), batch.observed)}
