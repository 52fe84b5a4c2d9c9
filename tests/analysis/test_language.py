from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis.language import bleu, character_accuracy, count_models, exact_match
from tests.data.test_tokens import sentences


def test_texts_are_judged_whole_and_by_characters() -> None:
    written, true = ["2006", "19", "1979x"], ["2006", "1977", "1979"]
    assert exact_match(written, true) == pytest.approx(1 / 3)
    assert character_accuracy(written, true) == pytest.approx((4 + 2 + 4) / 12)


def test_bleu_is_that_of_sacrebleu() -> None:
    true = ["the cat sat on the mat today", "there is a dog in the garden"]
    assert bleu(true, true, characters=False) == pytest.approx(100.0)
    half = ["the cat sat on the mat today", "no word of it is right at all"]
    assert 0 < bleu(half, true, characters=False) < 70
    assert bleu(["abcdefgh"], ["abcdefgh"], characters=True) == pytest.approx(100.0)
    assert bleu(["hgfedcba"], ["abcdefgh"], characters=True) < 30


def test_counting_models_know_just_what_they_count() -> None:
    """Two words that take turns: the next is sure, the words are as frequent, and each has its place."""
    data = replace(sentences(["a b a", "a b a", "a b a", "a b a"]), split=np.array([0, 0, 0, 2], np.int8))
    found = count_models(data, data.part("test"), smoothing=1e-12)
    assert found["position"] == pytest.approx(1.0)
    # After a comes b or the end, each with ½; a after the start and after b is sure.
    assert found["bigram"] == pytest.approx(math.exp(2 * math.log(2) / 4))
    shares = np.array([2, 1, 1]) / 4  # a, b, end
    assert found["unigram"] == pytest.approx(math.exp(-float(shares @ np.log(shares))))
