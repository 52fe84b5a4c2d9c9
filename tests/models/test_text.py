"""What models of sentences do beside what every model of tokens does."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.texts import text_data
from explorer.errors import InputError
from explorer.models.recipes.sentence_vae import SentenceVAE
from explorer.models.recipes.translator import Translator


@pytest.fixture(scope="module")
def numbers() -> Dataset:
    """Return all numbers below 100 in words and digits, all for training."""
    data = make("number-words", n=100, largest=99)
    return replace(data, split=np.zeros(len(data), np.int8))


@pytest.fixture(scope="module", params=["none", "dot", "additive"])
def translator(request: pytest.FixtureRequest, numbers: Dataset) -> Translator:
    return Translator(attention=request.param, epochs=60, hidden=32, learning_rate=0.02, batch_size=20).fit(numbers)


def test_it_translates_what_it_learnt(translator: Translator, numbers: Dataset) -> None:
    for beam in (1, 4):
        found = translator.translated(numbers, beam=beam)
        assert (found == numbers.targets).all(axis=1).mean() > 0.9
    assert translator.score(numbers) > -0.05
    right = [translator.translate(f"{tens} {ones}")[0] for tens in ("forty", "ninety") for ones in ("two", "seven")]
    assert sum(told == true for told, true in zip(right, ["42", "47", "92", "97"], strict=True)) >= 3


def test_with_attention_a_sentence_is_looked_at_and_a_code_is_not(translator: Translator, numbers: Dataset) -> None:
    from_codes = translator.inverse_transform(translator.transform(numbers))
    looked = translator.reconstruct(numbers)
    if translator.attention == "none":
        np.testing.assert_array_equal(from_codes, looked)
    else:
        right = [(ids == numbers.targets).all(axis=1).mean() for ids in (from_codes, looked)]
        assert right[1] >= right[0] > 0.2  # it has practised it, too
    codes = translator.transform(numbers)[:5]
    assert translator.write(codes) == translator._told(from_codes[:5])


@pytest.mark.parametrize(
    ("texts", "match"),
    [
        (["forty two", ""], "the sentence is empty"),
        ([], "there is no sentence"),
        ("zebras lions", "does not know 'zebras', 'lions'"),
        ("one " * 30, "the sentence has 30 words and marks, and the model reads"),
    ],
)
def test_what_cannot_be_read_is_told(translator: Translator, texts: object, match: str) -> None:
    with pytest.raises(InputError, match=match):
        translator.translate(texts)  # type: ignore[arg-type] - some are no texts
    with pytest.raises(InputError, match="cannot be 0 beams"):
        translator.translate("forty", beam=0)


def test_a_short_one_has_its_own_end(translator: Translator, numbers: Dataset) -> None:
    """Nobody tells it how long a translation is."""
    lengths = {len(text) for text in translator.translate(["seven", "seventy seven"])}
    assert lengths <= {1, 2}
    assert (translator.translated(numbers) == 2).any(axis=1).all()


def tiny() -> Dataset:
    texts = [f"{who} {does} {what}" for who in "abcd" for does in "efgh" for what in "ijkl"]
    return replace(text_data(texts), split=np.zeros(len(texts), np.int8))


def test_bounds_of_the_perplexity_are_what_they_are_called() -> None:
    data = tiny()
    model = SentenceVAE(epochs=4, hidden=12, latent_dim=3).fit(data)
    bounds = model.perplexity_bounds(data, 64)
    assert bounds["elbo"] == pytest.approx(math.exp(-model.elbo(data)["elbo"] / 4.0))  # three words and the end
    assert 1.0 < bounds["iwae"] <= bounds["elbo"] * 1.001
    assert model.measure(data)["perplexity_bound"] == pytest.approx(bounds["elbo"], rel=0.02)


@pytest.mark.parametrize("decoder", ["conditioned", "inputless"])
def test_a_sentence_comes_back_from_its_code(decoder: str) -> None:
    data = tiny()
    options = {"epochs": 80, "hidden": 32, "latent_dim": 8, "learning_rate": 0.02, "batch_size": 16}
    model = SentenceVAE(decoder=decoder, beta=0.2, warm_up=10, **options).fit(data)  # type: ignore[arg-type]
    assert model.score(data) > -0.25  # by chance it is -0.56: of four tokens only the end is sure
    assert model.elbo(data)["kl"] > 1.0
    some = ["a e i", "d h l"]
    assert sum(told == text for told, text in zip(model.write(model.encode_texts(some), beam=3), some, strict=True))
    assert set(model.write(model.sample_prior(20))) - {""}
