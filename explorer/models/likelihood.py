"""Which likelihood p(x|z) a variational model has: the person's choice, or what the data ask for."""

from __future__ import annotations

from typing import Annotated, Literal

from explorer.errors import InputError
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

LikelihoodName = Annotated[
    Literal["auto", "gaussian", "bernoulli", "categorical"],
    Param(
        "Likelihood p(x|z): of real numbers, of 0 and 1, or of a choice among channels; auto: what the data ask for.",
        advanced=True,
    ),
]
"""The parameter that recipes declare as ``likelihood: LikelihoodName = "auto"``."""
Sigma = Annotated[
    float | None,
    Param("Fixed σ of a Gaussian likelihood, of the scaled data; none: learnt.", gt=0, le=1e6, advanced=True),
]
"""The parameter that recipes declare as ``sigma: Sigma = None``."""
SigmaPer = Annotated[
    Literal["data", "channel"],
    Param("Whether the learnt σ of a Gaussian likelihood is one for all, or one for each channel.", advanced=True),
]
"""The parameter that recipes declare as ``sigma_per: SigmaPer = "data"``."""
LOSS_OF = {"gaussian": "mse", "bernoulli": "bce", "categorical": "cross-entropy"}
"""The loss that is a likelihood's logarithm, but for its scale: says what a decoder writes, and what is scaled."""


def chosen_likelihood(name: str, spec: SampleSpec) -> str:
    """Return the likelihood to use on samples of a spec.

    Raises
    ------
    InputError
        If the samples are not of 0 and 1, as the likelihood wants them.
    """
    if name == "auto":
        return {"real": "gaussian", "binary": "bernoulli"}.get(spec.kind, "categorical")
    wants = {"bernoulli": ("binary", "one-hot"), "categorical": ("one-hot", "tokens")}.get(name)
    if wants and spec.kind not in wants:
        what = "values of 0 and 1" if name == "bernoulli" else "channels of which just one is 1 at each step"
        raise InputError(f"the likelihood '{name}' needs {what}", remedy="Choose the likelihood gaussian or auto")
    return name
