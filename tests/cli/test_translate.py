from __future__ import annotations

import csv
from pathlib import Path

import pytest

from explorer.__main__ import main


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a translator and a sentence VAE, both hardly trained."""
    folder = tmp_path_factory.mktemp("text")
    project = str(folder / "p.latentscape")
    quick = ["--epochs", "2", "--set", "hidden=12", "--set", "latent_dim=3", "--data-option", "n=80", "--out", project]
    home = pytest.MonkeyPatch()
    home.setenv("LATENTSCAPE_HOME", str(folder / "home"))
    try:
        assert main(["train", "number-words", "--model", "translator", *quick]) == 0
        assert main(["train", "sentences", "--model", "sentence-vae", *quick]) == 0
    finally:
        home.undo()
    return Path(project)


def test_text_in_text_out(call, trained: Path):
    facts = call("translate", trained, "four hundred and two", "Nine", "--run", "1", "--beams", "2", "--json").json
    assert (facts["model"], facts["beams"]) == ("translator", 2)
    assert [each["source"] for each in facts["translations"]] == ["four hundred and two", "Nine"]
    answer = call("translate", trained, "nine", "--run", "1")
    assert (answer.status == 0 and answer.out == f"{facts['translations'][1]['translation']}\n") or answer.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["zebra nine", "--run", "1"], "the model does not know 'zebra'"),
        ([" ", "--run", "1"], "the sentence is empty"),
        (["nine " * 40, "--run", "1"], "the sentence has 40 words and marks, and the model reads"),
        (["nine", "--run", "2"], "Sentence VAE does not translate"),
    ],
)
def test_what_cannot_be_translated_is_told(call, trained: Path, arguments: list[str], said: str):
    answer = call("translate", trained, *arguments)
    assert answer.status == 2 and said in answer.err and answer.err.count("\n") == 1


def test_codes_are_decoded_as_text(call, trained: Path, tmp_path: Path):
    facts = call("decode", trained, "--run", "2", "--z", "0,0,0", "--out", "x.csv", "--json").json
    with (tmp_path / "x.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["decoded"] and rows[1:] == [[facts["text"]]]


def test_what_is_told_of_sentences(call, trained: Path):
    facts = call("info", "sentences", "--data-option", "n=50", "--json").json
    assert facts["layout"] == "text" and facts["vocabulary"] > 50
    said = call("info", "dates", "--data-option", "n=50").out
    assert "different, translated into" in said and "values:" not in said
    assert call("embed", trained, "--run", "2", "--out", "c.csv").status == 0


def test_sentences_are_not_denoised(call, trained: Path):
    for extra in ([], ["--corrupt", "gaussian:0.3"]):
        answer = call("denoise", trained, "--run", "2", "--out", "y.csv", *extra)
        assert answer.status == 2 and "These samples are sentences, not numbers" in answer.err
    answer = call("bench", "sentences", "--data-option", "n=50")
    assert answer.status == 2 and answer.err.count("\n") == 1


def test_odd_sentences_are_those_with_many_wrong_tokens(call, trained: Path):
    answer = call("outliers", trained, "--run", "2", "--top", "3")
    assert answer.status == 0 and answer.out.startswith("the oddest of 80 samples, by share of wrong tokens")
    facts = call("outliers", trained, "--run", "2", "--top", "3", "--json").json
    assert all(0 <= each["score"] <= 1 and " " in each["name"] for each in facts["top"])


def test_figures_of_sentences(call, trained: Path, tmp_path: Path):
    for kind in ("map", "decode", "loss"):
        assert call("plot", trained, kind, "--run", "2", "--out", f"{kind}.svg").status == 0
    answer = call("plot", trained, "decode", "--run", "1", "--out", "d.svg")
    assert answer.status == 0 and (tmp_path / "d.svg").read_text().startswith("<?xml")
