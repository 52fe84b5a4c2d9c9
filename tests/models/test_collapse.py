"""A code that is given up is seen, told of, and mended by what is proposed."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.models.collapse import EARLIEST, collapsed, remedies, told
from explorer.models.recipes.vae import VAE
from explorer.parameters import values_of
from explorer.training.history import Epoch


def epochs(*kls: float) -> list[Epoch]:
    return [Epoch(i + 1, {"kl": 5.0, "loss": 1.0}, {"kl": kl, "loss": 1.0}, 0.1) for i, kl in enumerate(kls)]


def test_a_kl_near_zero_is_seen_when_it_has_been_so_for_a_while() -> None:
    assert collapsed(epochs(*[0.01] * EARLIEST))
    assert not collapsed(epochs(*[0.01] * (EARLIEST - 1)))
    assert not collapsed(epochs(*[0.01] * 20, 0.5)) and not collapsed(epochs(*[2.0] * 50))
    assert not collapsed([Epoch(i + 1, {"mse": 1.0, "loss": 1.0}, {}, 0.1) for i in range(30)])
    bare = [Epoch(i + 1, {"kl": 0.0, "loss": 1.0}, {}, 0.1) for i in range(30)]  # nothing validates
    assert collapsed(bare)


def test_remedies_change_what_a_recipe_has() -> None:
    assert remedies({"epochs": 10}) == []
    found = {each.title: each.params for each in remedies(values_of(VAE(beta=4.0, warm_up=20, epochs=300)))}
    assert found == {
        "free bits": {"free_bits": 0.25},
        "a longer warm-up": {"warm_up": 100},
        "a lower β": {"beta": 0.25},
    }


def test_what_is_told_of_a_code() -> None:
    assert "posterior collapse" in told(0.01, 0, 8) and "none of 8 dimensions" in told(0.01, 0, 8)
    assert "Only 2 of 32" in told(6.0, 2, 32)
    assert told(6.0, 2, 2) == told(9.0, 20, 32) == ""


def test_a_collapse_is_noted_and_free_bits_mend_it() -> None:
    """A β that is far too high gives the code up; the remedy that is proposed first brings it back."""
    rng = np.random.default_rng(0)
    X = (rng.standard_normal((200, 2)) @ rng.standard_normal((2, 6))).astype(np.float32)
    settings: dict[str, Any] = {"beta": 1000.0, "epochs": 40, "hidden": (8,), "warm_up": 0, "batch_size": 16}
    model = VAE(**settings).fit(X)
    assert collapsed(model.history_.epochs)
    assert any("posterior collapse" in note for note in model.history_.notes)
    mended = VAE(**{**settings, **remedies(values_of(model))[0].params}).fit(X)
    assert not collapsed(mended.history_.epochs) and mended.elbo(X)["kl"] > 0.4
