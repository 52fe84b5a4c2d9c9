"""How a run ended, in words."""

from __future__ import annotations

import pytest

from explorer.gui.panels.outcome import outcome
from explorer.training.history import Epoch, History
from explorer.workspace.measures import judged_words
from explorer.workspace.run import Run


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ({}, ""),
        ({"mse": 0.2}, ""),
        ({"accuracy": 0.9123, "mse": 0.2}, "Test set: accuracy 0.912."),
        ({"iou": 0.5, "dice": 0.66}, "Test set: IoU 0.5, Dice 0.66."),
        ({"forecast_mse": 0.2, "persistence_mse": 0.8}, "Test set: forecast error 25% of persistence's."),
        ({"accuracy": float("nan")}, ""),
    ],
)
def test_what_a_recipe_is_judged_by_is_told(test: dict[str, float], words: str) -> None:
    assert judged_words({"test": test}) == words


def test_the_end_of_a_run_tells_gain_and_accuracy() -> None:
    history = History(epochs=[Epoch(3, {"loss": 1.0}, {}, 0.1)], best_epoch=2, stopped="early")
    metrics = {"test": {"snr_gain_db": 3.0, "accuracy": 0.8}}
    run = Run(id=1, name="run", data=1, recipe="pca", status="done", history=history, metrics=metrics)
    level, text, _ = outcome(run)
    assert level == "good"
    assert text.endswith("Test set: +3.0 dB, better than its input. Test set: accuracy 0.8.")
