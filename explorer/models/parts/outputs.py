"""What the data ask of a decoder: the term that judges its output, and the link that turns it into values."""

from __future__ import annotations

from torch import nn

from explorer.models.parts.composition import Term
from explorer.models.parts.reconstruction import AbsoluteError, BinaryCrossEntropy, CrossEntropy, SquaredError


def reconstruction(loss: str) -> tuple[Term, nn.Module | None]:
    """Return the term of a loss ("mse", "mae", "bce", "cross-entropy"), and the link of its decoder."""
    if loss == "bce":
        return BinaryCrossEntropy(), nn.Sigmoid()
    if loss == "cross-entropy":
        return CrossEntropy(), nn.Softmax(dim=-1)
    return (AbsoluteError() if loss == "mae" else SquaredError()), None
