"""Weights of terms: how much each counts in the loss."""

from __future__ import annotations

from torch import Tensor

from explorer.models.parts.composition import Pass, Term
from explorer.training.step import Step


class Weighted(Term):
    """A term that adds `weight` times its share to the loss; what it reports stays as it is.

    Parameters
    ----------
    term : Term
    weight : float
        With 0 the term is only reported: nothing is learnt from it.
    """

    def __init__(self, term: Term, weight: float) -> None:
        super().__init__()
        self.term, self.weight = term, weight
        self.name = term.name

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the term's value, and its weighted share."""
        value, share = self.term(seen, step)
        return value, self.weight * share
