"""What masks are judged by, against closed forms; unknown places and ends of series do not count."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from explorer.models.parts.composition import Coded, Pass
from explorer.models.parts.masks import TERMS, MaskCrossEntropy, MaskDice, MaskSquaredError, known_places
from explorer.training.step import Batch, Step

STEP = Step(0, 1, True, torch.Generator())


def seen(logits: torch.Tensor, masks: torch.Tensor, lengths: torch.Tensor | None = None) -> Pass:
    nothing = torch.zeros(len(logits), 1)
    return Pass(None, Batch(nothing, nothing, None, lengths, None, masks), nothing, Coded(nothing, nothing), logits)


def value(term: nn.Module, look: Pass) -> float:
    reported, share = term(look, STEP)
    assert torch.equal(reported, share)
    return reported.item()


def test_cross_entropy_is_torchs() -> None:
    logits, masks = torch.randn(4, 5, 6, 3), torch.randint(-1, 3, (4, 5, 6))
    expected = nn.functional.cross_entropy(logits.movedim(-1, 1), masks, ignore_index=-1)
    assert value(MaskCrossEntropy(), seen(logits, masks)) == pytest.approx(expected.item(), rel=1e-5)


def test_squared_error_by_hand() -> None:
    logits = torch.log(torch.tensor([[[0.5, 0.25, 0.25], [0.8, 0.1, 0.1]]]))
    masks = torch.tensor([[1, -1]])
    assert value(MaskSquaredError(), seen(logits, masks)) == pytest.approx(0.25 + 0.5625 + 0.0625)


def test_dice_of_hard_masks_is_the_dice_coefficient() -> None:
    truth, told = torch.tensor([[0, 1, 1, 2, -1, 0]]), torch.tensor([[0, 1, 2, 2, 2, 1]])
    logits = 100.0 * nn.functional.one_hot(told, 3).float()
    expected = 1 - ((2 * 1 + 1) / (2 + 2 + 1) + (2 * 1 + 1) / (1 + 2 + 1)) / 2
    assert value(MaskDice(), seen(logits, truth)) == pytest.approx(expected)


def test_a_rare_class_weighs_as_much_in_dice() -> None:
    """To give up a class of one step in a hundred costs Dice a half, and cross-entropy next to nothing."""
    truth = torch.zeros(1, 1000, dtype=torch.int64)
    truth[0, :400], truth[0, 400:410] = 1, 2
    given_up = torch.where(truth == 2, 0, truth)
    right, wrong = (6.0 * nn.functional.one_hot(told, 3).float() for told in (truth, given_up))
    assert value(MaskDice(), seen(wrong, truth)) - value(MaskDice(), seen(right, truth)) > 0.4
    assert value(MaskCrossEntropy(), seen(wrong, truth)) - value(MaskCrossEntropy(), seen(right, truth)) < 0.1


@pytest.mark.parametrize("loss", TERMS)
def test_what_is_unknown_or_past_the_end_does_not_count(loss: str) -> None:
    logits, masks = torch.randn(3, 8, 4, requires_grad=True), torch.randint(0, 4, (3, 8))
    masks[1, 2] = -1
    lengths = torch.tensor([8, 5, 3])
    known = torch.arange(8) < lengths[:, None]
    known[1, 2] = False
    assert torch.equal(known_places(seen(logits, masks, lengths).batch), known)
    total = sum(term()(seen(logits, masks, lengths), STEP)[1] for term in TERMS[loss])
    (gradient,) = torch.autograd.grad(total, logits)
    assert (gradient[~known] == 0).all() and (gradient[known].abs().sum(-1) > 0).all()


@pytest.mark.parametrize("loss", TERMS)
def test_nothing_known_is_no_error(loss: str) -> None:
    look = seen(torch.randn(2, 3, 4), torch.full((2, 3), -1))
    assert all(torch.isfinite(term()(look, STEP)[1]) for term in TERMS[loss])
