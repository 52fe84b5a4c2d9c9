"""KL annealing: how much the KL term of an ELBO counts in an epoch, so that the code is not given up at first."""

from __future__ import annotations

from typing import Annotated, Literal

from explorer.parameters import Param

Annealing = Annotated[
    Literal["linear", "cyclical", "delayed"],
    Param(
        "How β rises: once; four times from 0 anew (Fu et al. 2019); or, after so many epochs at 0, ever closer to its "
        "full value (Rubanova et al. 2019).",
        advanced=True,
    ),
]
"""The parameter that recipes declare as ``kl_schedule: Annealing = "linear"``."""
CYCLES = 4
RATE = 0.99


def kl_weight(schedule: str, epoch: int, warm_up: int) -> float:
    """Return the share of β that counts in an epoch (from 0).

    Parameters
    ----------
    schedule : {"linear", "cyclical", "delayed"}
        "linear": from 0 to 1 over the epochs of the warm-up (Bowman et al. 2016). "cyclical": so four times, each rise
        followed by as many epochs at 1 (Fu et al. 2019, with M = 4 and R = ½); then it stays. "delayed": 0 in the
        warm-up, then 1 − 0.99^(e − warm-up) (Rubanova et al. 2019, who wait 10 epochs).
    epoch, warm_up : int
        With no warm-up "linear" and "cyclical" are 1 from the start.
    """
    if schedule == "delayed":
        return 1.0 - RATE ** max(0, epoch - warm_up)
    if not warm_up:
        return 1.0
    since = epoch % (2 * warm_up) if schedule == "cyclical" and epoch < 2 * CYCLES * warm_up else epoch
    return min(1.0, since / warm_up)
