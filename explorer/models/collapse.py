"""Posterior collapse: a code that says nothing of its sample, and what helps against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.training.history import Epoch

NOTHING = 0.1
"""A KL of fewer nats than this, over the whole code, cannot tell even two samples apart."""
PATIENCE = 5
"""So many epochs in a row must be without a KL: at the start it may pass through 0."""
EARLIEST = 10
"""No epoch before this one is judged."""
FREE_BITS = 0.25
"""Nats a dimension that are given to the code as a remedy."""
NAMES = ("free_bits", "warm_up", "beta")


def collapsed(epochs: Sequence[Epoch]) -> bool:
    """Return whether the KL term has been near zero of late, so that the decoder goes without the code."""
    late = [(epoch.validation or epoch.train).get("kl") for epoch in epochs[-PATIENCE:]]
    if len(epochs) < EARLIEST or len(late) < PATIENCE:
        return False
    return all(kl is not None and kl < NOTHING for kl in late)


@dataclass(frozen=True)
class Remedy:
    """A change of the settings that keeps the code in use.

    Parameters
    ----------
    title : str
        What a person calls it: "free bits".
    params : dict
        The settings to change.
    """

    title: str
    params: dict[str, Any]


def remedies(settings: Mapping[str, Any]) -> list[Remedy]:
    """Return what to try against a collapse, the surest first.

    Parameters
    ----------
    settings : mapping
        All parameters of the recipe; those of `NAMES` that it does not have are left alone.
    """
    found = []
    if "free_bits" in settings:
        found.append(Remedy("free bits", {"free_bits": max(FREE_BITS, 2 * settings["free_bits"])}))
    if "warm_up" in settings:
        longer = max(2 * settings["warm_up"], settings.get("epochs", 0) // 3, 1)
        found.append(Remedy("a longer warm-up", {"warm_up": longer}))
    if settings.get("beta"):
        found.append(Remedy("a lower β", {"beta": min(1.0, settings["beta"]) / 4}))
    return found


def told(kl: float, active: int, width: int) -> str:
    """Return what a person should know of a trained code, as sentences; empty where all is well.

    Parameters
    ----------
    kl : float
        Of the whole code, in nats.
    active, width : int
        Dimensions of the code that are used (`VariationalModel.active_units`), and all of them.
    """
    if kl < NOTHING or not active:
        return (
            f"The code says nothing (posterior collapse): its KL is {kl:.2g} nats, and {active or 'none'} of {width} "
            f"{'dimension is' if width == 1 else 'dimensions are'} used, so that every sample decodes to the same. "
            "Train again with free bits, a longer warm-up or a lower β."
        )
    if width >= 4 and active <= width // 4:
        return (
            f"Only {active} of {width} dimensions of the code are used. A narrower code would do; more of it may come "
            "into use with free bits, a longer warm-up or a lower β."
        )
    return ""
