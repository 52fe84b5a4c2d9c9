"""The experiments on convolutional, causal and attending networks, cut down."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.analysis.copied_strings import CopiedStrings
from explorer.analysis.experiments.causality import Causality
from explorer.analysis.experiments.segmentation import Segmentation
from explorer.analysis.experiments.transformer_copy import TransformerCopy
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


def test_masks_are_judged_beside_trivial_ones() -> None:
    found = Segmentation(n=60, epochs=1).measure(0, Silent())
    assert {target.measure for target in Segmentation.targets} <= found.values.keys() | {"bursts_rarest_iou"}
    assert found.baselines["shapes_all_background_iou"] == 0.0 < found.baselines["shapes_otsu_iou"]
    assert 0 < found.baselines["bursts_rarest_prevalence"] < found.baselines["bursts_prevalence"] < 0.5
