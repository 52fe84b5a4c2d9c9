"""The segmentation autoencoder: regions found, classes by name, and what it is judged by."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import InputError
from explorer.models.classes import renumbered
from explorer.models.overlap import overlap
from explorer.models.recipes.segmentation_autoencoder import SegmentationAutoencoder


@cache
def shapes() -> Dataset:
    return make("shapes", n=400, size=12, texture=0.05, noise=0.05)


@cache
def fitted() -> SegmentationAutoencoder:
    return SegmentationAutoencoder(epochs=15, learning_rate=6e-3).fit(shapes())


def test_shapes_are_found() -> None:
    data, model = shapes(), fitted()
    test = data.part("test")
    found = model.measure(test)
    nothing = overlap(test.masks, np.zeros_like(test.masks), 2).measures()
    assert found["iou"] > 0.5 > nothing["iou"] and found["accuracy"] > nothing["accuracy"]
    assert found["dice"] == pytest.approx(2 * found["iou"] / (1 + found["iou"]))
    assert model.score(test) == found["iou"]
    names = np.asarray(test.mask_names)[test.masks]
    assert model.score(test.values, names) == pytest.approx(found["iou"])
    assert np.isnan(model.score(test.values)) and model.measure(replace(test, masks=None, mask_names=())) == {}


def test_masks_are_the_likeliest_classes() -> None:
    data, model = shapes(), fitted()
    probabilities, mask = model.reconstruct(data), model.segment(data)
    assert probabilities.shape == (400, 12, 12, 2) and mask.shape == (400, 12, 12)
    assert mask.dtype == np.int64 and ((probabilities[..., 1] > 0.5) == (mask == 1)).all()
    assert np.isnan(model.errors(data)).all()


def test_classes_are_told_by_name() -> None:
    data, model = shapes(), fitted()
    swapped = replace(data, masks=1 - data.masks, mask_names=data.mask_names[::-1])
    assert model.measure(swapped) == model.measure(data)
    other = replace(data, mask_names=("background", "cat"))
    assert "iou" not in model.measure(other) or model.measure(other)["iou"] == 0.0
    np.testing.assert_array_equal(renumbered(np.array([-1, 0, 1, 2]), ("a", "b", "c"), ("c", "a")), [-1, 1, -1, 0])


def test_several_kinds_are_judged_one_by_one() -> None:
    data = make("bursts", n=60, n_steps=32)
    model = SegmentationAutoencoder(epochs=1).fit(data)
    found = model.measure(data)
    kinds = [found[f"iou {name}"] for name in ("oscillation", "plateau", "spindle")]
    assert found["iou"] == pytest.approx(np.mean(kinds))


def test_what_is_past_the_end_is_no_class() -> None:
    lengths = np.arange(20) % 6 + 5
    values = np.random.default_rng(0).standard_normal((20, 10, 1)).astype(np.float32)
    data = Dataset(values=values, masks=(values[..., 0] > 0).astype(np.int64), lengths=lengths)
    mask = SegmentationAutoencoder(epochs=1).fit(data).segment(data)
    assert ((mask == -1) == (np.arange(10) >= lengths[:, None])).all()


def test_one_class_alone_is_refused() -> None:
    data = replace(shapes(), masks=np.zeros_like(shapes().masks), mask_names=("background",))
    with pytest.raises(InputError, match="one class"):
        SegmentationAutoencoder(epochs=1).fit(data)


@pytest.mark.parametrize("loss", ["cross-entropy", "dice", "mse"])
def test_every_loss_learns(loss: str) -> None:
    data = shapes()
    model = SegmentationAutoencoder(epochs=8, learning_rate=6e-3, loss=loss).fit(data)
    history = model.history_.epochs
    assert history[-1].train["loss"] < 0.85 * history[0].train["loss"]
