"""Networks that answer a question at each step of a series, or at its end. Trained as they are."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.attention import TransformerStack
from explorer.models.parts.composition import Encoder
from explorer.models.parts.masks import known_places
from explorer.models.parts.reconstruction import masked_mean
from explorer.training.step import Batch, Step


class StepClassifier(nn.Module):
    """Stack over the steps → the same linear layer at every step → a logit of each class.

    Parameters
    ----------
    stack : Module
        Turns ``(B, T, C)`` into ``(B, T, width)``.
    width, classes : int
    """

    def __init__(self, stack: nn.Module, width: int, classes: int) -> None:
        super().__init__()
        self.stack, self.last = stack, nn.Linear(width, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return logits ``(B, T, classes)``."""
        return self.last(self.stack(inputs))

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the mean cross-entropy in nats, and the share of right answers, over the steps of known class."""
        assert batch.masks is not None
        known, logits = known_places(batch), self(batch.inputs)
        entries = nn.functional.cross_entropy(
            logits.flatten(0, 1), batch.masks.clamp(min=0).flatten(), reduction="none"
        ).view_as(known)
        right = (logits.argmax(-1) == batch.masks).to(entries.dtype)
        return {"accuracy": masked_mean(right, known), "loss": masked_mean(entries, known)}

    @torch.inference_mode()
    def write(self, given: Tensor, steps: int) -> Tensor:
        """Return the classes that it writes by itself after one-hot series, int64 ``(B, steps)``.

        Each step takes the likeliest class and reads it as its next input, so classes must be those of the inputs.
        """
        for _ in range(steps):
            told = self(given)[:, -1].argmax(-1)
            following = nn.functional.one_hot(told, given.shape[2]).to(given.dtype)
            given = torch.cat([given, following[:, None]], 1)
        return given[:, -steps:].argmax(-1)


class SeriesRegression(nn.Module):
    """Encoder → linear layer → numbers that belong to a series as a whole.

    Parameters
    ----------
    encoder : Encoder
    answers : int
        How many numbers.
    """

    def __init__(self, encoder: Encoder, answers: int) -> None:
        super().__init__()
        self.encoder, self.last = encoder, nn.Linear(encoder.width, answers)

    def forward(self, batch: Batch) -> Tensor:
        """Return the answers ``(B, answers)``."""
        return self.last(self.encoder(batch))

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the mean squared error against the batch's targets ``(B, answers)``."""
        return {"loss": nn.functional.mse_loss(self(batch), batch.targets)}


class TokenTransformer(nn.Module):
    """One-hot series → linear layer → transformer; steps at which nothing is set are padding, and not looked at.

    Parameters
    ----------
    channels, width, heads, layers : int
    causal : bool
        Whether no step looks at those after it.
    """

    def __init__(self, channels: int, width: int, heads: int, layers: int, *, causal: bool = True) -> None:
        super().__init__()
        self.first = nn.Linear(channels, width)
        self.stack = TransformerStack(width, heads, layers, causal=causal)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return states ``(B, T, width)``."""
        return self.stack(self.first(inputs), inputs.any(-1))
