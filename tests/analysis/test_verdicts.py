"""What is said of a bench flatters nobody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from explorer.analysis.bench import Bench, Entry, bench
from explorer.analysis.denoiser import parse_denoiser
from explorer.analysis.verdicts import decibels, verdicts
from explorer.data.dataset import Dataset
from explorer.data.generated import make


def benched(data: Dataset, *texts: str, **options: Any) -> Bench:
    return bench(data, [Entry(text, parse_denoiser(text)) for text in texts], **options)


def test_who_is_ahead_and_who_does_harm() -> None:
    data = make("sines", n=200)
    told = verdicts(benched(data, "linear-mmse", "moving-average:5", "moving-average:41"))
    assert len(told) == 2
    assert told[0].startswith("Linear MMSE is ") and "dB ahead of Moving average (better on" in told[0]
    assert "p < 0.001" in told[0]
    assert told[1].startswith("Moving average is worse than doing nothing (−")
    alone = verdicts(benched(data, "median:5"))
    assert alone[0].startswith("Median gains +")


def test_what_may_be_chance_is_called_so() -> None:
    data = make("sines", n=60)
    told = verdicts(benched(data, "kalman:0.19,state=trend", "kalman:0.1901,state=trend"))[0]
    assert "may be chance" in told or "0.0 dB ahead" in told
    few = make("sines", n=20)
    assert "cannot be told from 3 samples" in verdicts(benched(few, "median:3", "median:5"))[0]


def test_without_a_truth_nobody_wins() -> None:
    sines = make("sines", n=60)
    told = verdicts(benched(Dataset(values=sines.values, split=sines.split), "median:3", "median:5"))
    assert len(told) == 1 and "name no winner" in told[0]


def test_without_test_samples_it_says_so() -> None:
    sines = make("sines", n=60)
    data = Dataset(values=sines.values, targets=sines.targets, split=np.zeros(60, np.int8))
    assert "No sample is set aside" in verdicts(benched(data, "median:3", "median:5"))[0]


@pytest.mark.parametrize(("value", "text"), [(7.44, "+7.4 dB"), (-6.3, "−6.3 dB")])
def test_decibels(value: float, text: str) -> None:
    assert decibels(value) == text
