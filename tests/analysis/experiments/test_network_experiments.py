"""The experiments on convolutional, causal and attending networks, cut down."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.analysis.copied_strings import CopiedStrings
from explorer.analysis.experiments.adding_problem import AddingProblem
from explorer.analysis.experiments.causality import Causality
from explorer.analysis.experiments.copy_memory import CopyMemory
from explorer.analysis.experiments.segmentation import Segmentation
from explorer.analysis.experiments.transformer_copy import TransformerCopy
from explorer.analysis.long_memories import CopiedMemory, MarkedNumbers
from explorer.progress import Silent


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def test_nothing_of_the_future_reaches_the_past() -> None:
    found = Causality().measure(0, Silent())
    assert all(target.holds(found.values[target.measure]) for target in Causality.targets)
    assert found.baselines["unmasked_transformer_past_change"] > 0.01


def test_short_strings_are_copied() -> None:
    found = TransformerCopy(longest=4, epochs=2).measure(0, Silent())
    assert found.values["exact_match"] > 0.9 > found.values["uncausal_exact_match"]
    assert found.baselines["chance_exact_match"] == pytest.approx(np.mean([8.0**-n for n in range(1, 5)]))


def test_a_string_and_its_copy() -> None:
    task = CopiedStrings(50, longest=5)
    fields = task.gather(np.arange(50), (0,))
    inputs, answers = fields["inputs"], fields["masks"]
    read = np.where(inputs.any(-1), inputs.argmax(-1), -1)
    assert (answers[:, : task.told - 1] == -1).all() and (read[:, task.told - 1] == task.end + 1).all()
    np.testing.assert_array_equal(answers[:, task.told - 1 :], read[:, : task.longest + 1])
    assert ((answers == task.end).sum(1) == 1).all()


def test_symbols_are_said_again_after_a_short_while() -> None:
    found = CopyMemory(gap=1, epochs=2).measure(0, Silent())
    guess = found.baselines["guess_loss"]
    assert guess == pytest.approx(10 * np.log(8) / 21)
    assert found.values["residual_loss"] < guess / 2 and found.values["residual_accuracy"] > 0.95
    assert found.values["residual_past_change"] == 0.0 and found.values["residual_receptive_field"] >= 21


def test_marked_numbers_are_added() -> None:
    found = AddingProblem(steps=10, epochs=2).measure(0, Silent())
    assert found.values["residual_mse"] < 0.02 < found.baselines["always_one_mse"] == pytest.approx(1 / 6, rel=0.1)
    assert found.values["residual_past_change"] == 0.0


def test_what_the_long_memories_ask_for() -> None:
    symbols = CopiedMemory(4, gap=5).gather(np.arange(4), (0,))
    told, answers = symbols["inputs"].argmax(-1), symbols["masks"]
    assert told.shape == (4, 25) and (symbols["inputs"].sum(-1) == 1).all() and not answers[:, :15].any()
    np.testing.assert_array_equal(answers[:, 15:], told[:, :10])
    assert (told[:, 10:14] == 0).all() and (told[:, 14:] == 9).all() and told[:, :10].min() >= 1
    numbers = MarkedNumbers(2000, steps=8).gather(np.arange(2000), (0,))
    values, marks = numbers["inputs"][..., 0] / np.sqrt(12) + 0.5, numbers["inputs"][..., 1] > 0
    assert (marks.sum(1) == 2).all() and np.abs(marks.mean(0) - 0.25).max() < 0.05
    np.testing.assert_allclose((values * marks).sum(1, keepdims=True), numbers["targets"], atol=1e-5)
    assert (
        np.abs(numbers["inputs"].mean((0, 1))).max() < 0.05 and np.abs(numbers["inputs"].std((0, 1)) - 1).max() < 0.05
    )


def test_masks_are_judged_beside_trivial_ones() -> None:
    found = Segmentation(n=60, epochs=1).measure(0, Silent())
    assert {target.measure for target in Segmentation.targets} <= found.values.keys() | {"bursts_rarest_iou"}
    assert found.baselines["shapes_all_background_iou"] == 0.0 < found.baselines["shapes_otsu_iou"]
    assert 0 < found.baselines["bursts_rarest_prevalence"] < found.baselines["bursts_prevalence"] < 0.5
