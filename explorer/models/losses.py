"""Which loss a recipe minimises: the person's choice, or what the data ask for."""

from __future__ import annotations

from typing import Annotated, Literal

from explorer.errors import InputError
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

Loss = Annotated[
    Literal["auto", "mse", "mae", "bce", "cross-entropy"],
    Param(
        "What a reconstruction is judged by: squared or absolute error, or cross-entropy for data of 0 and 1; "
        "auto: what the data ask for.",
        advanced=True,
    ),
]
"""The parameter that recipes declare as ``loss: Loss = "auto"``."""
PROBABILITIES = ("bce", "cross-entropy")
"""Losses of decoders that write probabilities; their data are not scaled."""


def chosen_loss(loss: str, spec: SampleSpec) -> str:
    """Return the loss to use on samples of a spec.

    Raises
    ------
    InputError
        If the samples are not of 0 and 1, as the loss wants them.
    """
    if loss == "auto":
        return {"real": "mse", "binary": "bce", "one-hot": "cross-entropy", "tokens": "cross-entropy"}[spec.kind]
    wants = {"bce": ("binary", "one-hot"), "cross-entropy": ("one-hot", "tokens")}.get(loss)
    if wants and spec.kind not in wants:
        what = "values of 0 and 1" if loss == "bce" else "channels of which just one is 1 at each step"
        raise InputError(f"the loss '{loss}' needs {what}", remedy="Choose the loss mse, mae or auto")
    return loss
