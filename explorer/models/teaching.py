"""Teacher forcing: how often a decoder is shown the truth instead of what it wrote itself."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from explorer.parameters import Param

Teaching = Annotated[
    Literal["none", "constant", "linear", "inverse-sigmoid"],
    Param(
        "How often a conditioned decoder sees the true previous step while it trains, not its own: never, always, or "
        "less and less (Bengio et al. 2015). It is always judged and used without.",
        advanced=True,
    ),
]
"""The parameter that recipes declare as ``teacher_forcing: Teaching = "linear"``."""
SELF_TAUGHT = 0.75
"""Share of the epochs by which a falling schedule has come to 0: the rest trains as the decoder is used."""
SLOPE = 6.0


def probability(schedule: str, epoch: int, epochs: int) -> float:
    """Return how probable the true previous step is in an epoch (from 0) of so many.

    Bengio et al. 2015, section 2.4. "linear" falls from 1 to 0; "inverse-sigmoid" is their k / (k + exp(i / k)) with
    the epoch i measured such that it is half way down in the middle: 1 / (1 + exp(−a (1 − 2 s))) at a share s.
    """
    if schedule in ("none", "constant"):
        return float(schedule == "constant")
    share = epoch / max(1.0, SELF_TAUGHT * (epochs - 1))
    if share >= 1 or epochs == 1:
        return 0.0
    return 1.0 - share if schedule == "linear" else 1.0 / (1.0 + math.exp(-SLOPE * (1.0 - 2.0 * share)))
