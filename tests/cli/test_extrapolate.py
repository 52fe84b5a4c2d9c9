"""Curves on the command line: through the observations, and beyond them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest


def test_an_irregular_series_is_carried_on(call: Callable[..., Any]) -> None:
    options = ["--data-option", "n=30", "--data-option", "observed=8", "--data-option", "hidden=2", "--data-option"]
    small = ["--set", "hidden=8", "--set", "encoder=6", "--set", "latent_dim=2", "--epochs", "1"]
    trained = call("train", "periodic", *options, "ahead=6", "--model", "latent-ode", *small, "--out", "p.latentscape")
    assert trained.status == 0, trained.err
    facts = call("extrapolate", "p.latentscape", "--out", "c.csv", "--until", "20", "--points", "50", "--json").json
    assert facts["last_seen"] < 5 and facts["until"] == 20
    assert set(facts["mse"]) == {"within", "seen", "hidden", "ahead"}
    assert facts["evaluations"] > 0
    table = pd.read_csv("c.csv")
    assert list(table.columns) == ["time (s)", "value"]
    assert len(table) == 50 and table["time (s)"].iloc[-1] == pytest.approx(20)
    told = call("extrapolate", "p.latentscape", "--index", "0")
    assert "the curve goes on until" in told.out
    refused = call("extrapolate", "p.latentscape", "--until", "-9")
    assert refused.status == 2 and "cannot end at -9" in refused.err
    decoded = call("decode", "p.latentscape", "--z", "0,0", "--out", "d.csv")
    assert decoded.status == 0
    assert pd.read_csv("d.csv")["time (s)"].iloc[-1] > 9
    plotted = call("plot", "p.latentscape", "decode", "--out", "d.svg")
    assert plotted.status == 0, plotted.err


def test_a_model_of_steps_is_told(call: Callable[..., Any], project: Any) -> None:
    refused = call("extrapolate", project)
    assert refused.status == 2
    assert "knows its steps alone" in refused.err
