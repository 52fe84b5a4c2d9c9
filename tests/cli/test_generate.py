"""How likely samples are to a model, and new ones from its prior, from the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load
from tests.cli.test_use import columns, model_of


@pytest.fixture
def vae(call, tmp_path: Path) -> Path:
    made = call("train", "sines", "--model", "vae", "--epochs", "3", "--data-option", "n=100", "--out", "v.latentscape")
    assert made.status == 0 and "ELBO" in made.out and "active units" in made.out
    return tmp_path / "v.latentscape"


def test_the_bounds_and_the_use_of_the_code(call, vae: Path):
    facts = call("likelihood", vae, "--k", "8", "--json").json
    assert facts["elbo"] == pytest.approx(-(facts["nll"] + facts["kl"])) and facts["iwae"] > facts["elbo"] - 1
    assert len(facts["kl_by_dimension"]) == 2 and sum(facts["kl_by_dimension"]) == pytest.approx(facts["kl"], rel=1e-4)
    assert 0 <= facts["active_units"] <= 2 and facts["k"] == 8 and facts["model"] == "vae"
    told = call("likelihood", vae, "sines", "--data-option", "n=20", "--k", "3").out
    assert "IWAE, 3 draws" in told and "of 2 dimensions" in told


def test_new_samples_can_be_opened_as_data(call, vae: Path, tmp_path: Path):
    facts = call("sample", vae, "-n", "5", "--seed", "3", "--out", "x.npz", "--json").json
    assert facts["shape"] == [5, 50, 1]
    model = model_of(vae, 1)
    drawn = model.draw(model.sample_prior(5, 3), 1, 3)
    np.testing.assert_array_equal(load(tmp_path / "x.npz").values, drawn)
    assert call("sample", vae, "-n", "5", "--seed", "3", "--mean", "--out", "x.npy").status == 0
    np.testing.assert_array_equal(np.load(tmp_path / "x.npy"), model.inverse_transform(model.sample_prior(5, 3)))
    assert call("sample", vae, "-n", "2", "--out", "x.csv").status == 0
    assert len(columns(tmp_path / "x.csv")["sample"]) == 100


def test_models_without_a_prior_say_so(call, project: Path):
    for command in (("likelihood", project), ("sample", project, "--out", "x.npy")):
        answer = call(*command)
        assert (answer.status == 2 and "Train a VAE" in answer.err) or "run of a VAE" in answer.err
        assert len(answer.err.strip().splitlines()) == 1


def test_what_is_generated_is_judged(call, vae: Path):
    facts = call("judge-generated", vae, "--steps", "5", "--json").json
    assert list(facts["scores"]) == ["generated", "real", "bootstrap", "gaussian", "repeated"]
    assert facts["scores"]["repeated"]["coverage"] < facts["scores"]["real"]["coverage"]
    assert facts["part"] == "held-out" and facts["variables"]["value"]["ks"] >= 0
    told = call("judge-generated", vae, "--steps", "2", "--no-controls").out
    assert "discriminative score, 4 d" in told and "gaussian" not in told
    assert call("plot", vae, "generation", "--out", "g.svg").status == 0


def test_a_model_that_generates_nothing_is_told(call):
    call("train", "sines", "--model", "pca", "--data-option", "n=60", "--out", "p.latentscape")
    made = call("judge-generated", "p.latentscape")
    assert made.status == 2 and "generates no samples" in made.err


def test_decisions_are_drawn(call, trained: Path, tmp_path: Path):
    vectors = (trained.parent / "vectors.csv", "--data-option", "samples=vectors", "--out", "c.latentscape")
    assert call("train", *vectors, "--model", "conditional-vae", "--epochs", "1", "--set", "hidden=8").status == 0
    assert call("plot", "c.latentscape", "decision", "--out", "d.csv").status == 0
    told = columns(tmp_path / "d.csv")
    assert set(told["generative class"]) <= {"odd", "even"} and len(told["log p(x) (nats)"]) == 48 * 48
    assert min(map(float, told["discriminative probability"])) >= 0.5
