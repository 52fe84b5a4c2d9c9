"""Terms that compare the classes that a decoder tells of each step or pixel with the true ones.

Outputs are logits ``(B, *places, K)``. Places of unknown class and those past the end of a shorter series do not count.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Pass, Term
from explorer.models.parts.positions import within
from explorer.models.parts.reconstruction import masked_mean
from explorer.training.step import Batch, Step


def known_places(batch: Batch) -> Tensor:
    """Return where the class is known, bool of the shape of the masks."""
    assert batch.masks is not None  # the models that use these terms need them
    known = batch.masks >= 0
    ends = within(batch.lengths, known.shape[1])
    return known if ends is None else known & ends.reshape(ends.shape + (1,) * (known.ndim - 2))


def one_hot(masks: Tensor, like: Tensor) -> Tensor:
    """Return masks as 0 and 1 for each class, of the shape of `like`; all 0 where unknown."""
    return (masks.unsqueeze(-1) == torch.arange(like.shape[-1], device=like.device)).to(like.dtype)


class MaskCrossEntropy(Term):
    """Mean over the places of −log p of the true class, in nats."""

    name = "cross_entropy"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the cross-entropy, twice."""
        assert seen.batch.masks is not None
        flat = nn.functional.cross_entropy(
            seen.output.flatten(0, -2), seen.batch.masks.clamp(min=0).flatten(), reduction="none"
        )
        error = masked_mean(flat, known_places(seen.batch).flatten())
        return error, error


class MaskSquaredError(Term):
    """Mean over the places of ‖p − m‖² for the probabilities p and the true class m as a one-hot vector (slides, 6)."""

    name = "mse"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the error, twice."""
        assert seen.batch.masks is not None
        squares = (seen.output.softmax(-1) - one_hot(seen.batch.masks, seen.output)).square().sum(-1)
        error = masked_mean(squares, known_places(seen.batch))
        return error, error


class MaskDice(Term):
    """One minus the Dice coefficient of probabilities, mean over all classes but the background (Milletari 2016).

    (2 Σ p m + 1) / (Σ p + Σ m + 1) of each class, summed over all places of the batch. However rare a class is, it
    weighs as much as any other.
    """

    name = "dice_loss"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the loss, twice."""
        assert seen.batch.masks is not None
        known = known_places(seen.batch)[..., None]
        told = torch.where(known, seen.output.softmax(-1), 0.0).flatten(0, -2)
        true = torch.where(known, one_hot(seen.batch.masks, seen.output), 0.0).flatten(0, -2)
        dice = (2 * (told * true).sum(0) + 1) / (told.sum(0) + true.sum(0) + 1)
        loss = 1 - dice[1:].mean()
        return loss, loss


TERMS: dict[str, tuple[type[Term], ...]] = {
    "cross-entropy+dice": (MaskCrossEntropy, MaskDice),
    "cross-entropy": (MaskCrossEntropy,),
    "dice": (MaskDice,),
    "mse": (MaskSquaredError,),
}
"""The terms of each loss."""
