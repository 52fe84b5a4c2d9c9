"""Heads that tell classes: what they learn from, what they say, and encoders that began elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError
from explorer.models.base import LatentModel
from explorer.models.classification import judged
from explorer.models.classifier import EncoderClassifier
from explorer.models.parts.composition import Coded, Pass
from explorer.models.parts.heads import ClassHead, FrozenEncoder
from explorer.models.parts.labels import LabelCrossEntropy
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.auxiliary_autoencoder import AuxiliaryAutoencoder
from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder
from explorer.models.recipes.pca import PCA
from explorer.training.step import Batch, Step


def told_apart(n: int = 240, d: int = 6, classes: int = 2, seed: int = 0) -> Dataset:
    """Return vectors whose class is told by their sign in a direction of little variance."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(classes, size=n)
    X = rng.standard_normal((n, d)) * np.linspace(4, 1, d)
    X[:, -1] = 0.3 * rng.standard_normal(n) + 2 * labels - classes + 1
    return Dataset(values=X.astype(np.float32), labels=labels, class_names=("well", "ill", "dead")[:classes])


def value(labels: list[int], logits: torch.Tensor, term: LabelCrossEntropy) -> float:
    code = Coded(logits, logits)
    batch = Batch(logits, logits, labels=torch.tensor(labels))
    seen = Pass(None, batch, logits, code, logits, {"label": logits})  # type: ignore[arg-type]
    reported, share = term(seen, Step(0, 1, True, torch.Generator()))
    assert reported is share
    return float(share)


def test_the_cross_entropy_is_that_of_the_labelled_samples() -> None:
    logits = torch.tensor([[0.0, 0.0], [3.0, -1.0], [0.0, 2.0]])
    term = LabelCrossEntropy(2)
    nats = -logits.log_softmax(-1)
    assert value([0, 1, 1], logits, term) == pytest.approx(float((nats[0, 0] + nats[1, 1] + nats[2, 1]) / 3))
    assert value([0, -1, 1], logits, term) == pytest.approx(float((nats[0, 0] + nats[2, 1]) / 2))
    assert value([-1, -1, -1], logits, term) == 0.0


def test_balanced_classes_weigh_the_same() -> None:
    term = LabelCrossEntropy(3)
    labels = np.array([0] * 6 + [1] * 2 + [-1] * 5)
    term.balance(labels)
    weights = term.weights.numpy()
    assert 6 * weights[0] == pytest.approx(2 * weights[1])
    assert (6 * weights[0] + 2 * weights[1]) / 8 == pytest.approx(1.0)
    assert weights[2] == 1.0  # never seen, so nothing is known of it


def test_a_settled_head_does_not_mind_the_scale_of_codes() -> None:
    torch.manual_seed(0)
    head = ClassHead(3, 2, hidden=4)
    codes = torch.randn(50, 3)
    codes[:, 2] = 0.0  # not used: must not be blown up
    batch = Batch(codes, codes)
    head.settle(codes)
    first = head(Coded(codes, codes), batch)
    head.settle(1e3 * codes + 5)
    moved = 1e3 * codes + 5
    torch.testing.assert_close(head(Coded(moved, moved), batch), first, atol=1e-3, rtol=1e-3)


def test_it_tells_the_classes_and_restores_the_samples() -> None:
    data = told_apart()
    both = AuxiliaryAutoencoder(latent_dim=4, epochs=60).fit(data)
    plain = AuxiliaryAutoencoder(latent_dim=4, epochs=60, alpha=0).fit(data)
    control = AuxiliaryAutoencoder(latent_dim=4, epochs=60, beta=0).fit(data)
    test = data.part("test")
    assert both.measure(test)["accuracy"] > 0.95 and both.measure(test)["auroc"] > 0.98
    assert control.measure(test)["accuracy"] > 0.95
    assert both.score(test) > -0.5 * test.values.var(axis=0).mean()
    # Without β the decoder has learnt nothing, without α the head: each says so.
    assert control.score(test) < 3 * both.score(test)
    assert any("β = 0" in note for note in control.history_.notes)
    assert plain.measure(test) == {} and any("α = 0" in note for note in plain.history_.notes)
    with pytest.raises(UnsupportedError, match="α = 0"):
        plain.predict(test)


def test_predictions_are_numbers_into_the_names_of_the_classes() -> None:
    data = told_apart(classes=3)
    model = AuxiliaryAutoencoder(latent_dim=3, epochs=40, head=8).fit(data)
    probabilities = model.predict_proba(data)
    assert probabilities.shape == (len(data), 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(model.predict(data), probabilities.argmax(axis=1))
    assert model.class_names_ == ("well", "ill", "dead")
    assert set(model.measure(data)) == {"accuracy", "balanced_accuracy"}
    # Data that name their classes in another order are judged by the names.
    turned = replace(data, labels=2 - data.labels, class_names=("dead", "ill", "well"))
    assert model.measure(turned) == model.measure(data)
    strange = replace(data, class_names=("a", "b", "c"))
    assert model.measure(strange) == {}
    again = LatentModel.from_bytes(model.to_bytes())
    assert isinstance(again, AuxiliaryAutoencoder)
    np.testing.assert_array_equal(again.predict_proba(data), probabilities)


def test_arrays_bring_their_labels_as_y() -> None:
    data = told_apart()
    words = np.array(["no", "yes"])[data.labels]
    model = AuxiliaryAutoencoder(latent_dim=4, epochs=40).fit(data.values, words)
    assert model.class_names_ == ("no", "yes")
    assert np.mean(model.predict(data.values) == data.labels) > 0.95
    with pytest.raises(InputError, match="needs a label"):
        AuxiliaryAutoencoder().fit(data.values)


def test_few_labels_among_many_samples_train_the_head() -> None:
    data = told_apart(n=600)
    few = data.labels.copy()
    few[np.random.default_rng(0).random(len(few)) < 0.9] = -1
    model = AuxiliaryAutoencoder(latent_dim=6, epochs=60).fit(replace(data, labels=few))
    assert model.measure(data.part("test"))["accuracy"] > 0.9
    alone = model.measure(replace(data, labels=few))
    known = few >= 0
    assert alone["accuracy"] == np.mean(model.predict(data)[known] == few[known])


def test_gaps_and_lengths_do_not_matter() -> None:
    rng = np.random.default_rng(0)
    lengths = rng.integers(6, 13, 80)
    labels = rng.integers(2, size=80)
    values = np.where(labels[:, None], 1, -1)[:, :, None] * np.sin(np.arange(12))[None, :, None]
    values = (values + 0.1 * rng.standard_normal(values.shape)).astype(np.float32)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[np.arange(12) >= lengths[:, None]] = np.nan
    data = Dataset(values=values, labels=labels, lengths=lengths, observed=np.isfinite(values))
    model = AuxiliaryAutoencoder(network="recurrent", hidden=(8,), epochs=40, learning_rate=0.01).fit(data)
    assert model.measure(data.part("test"))["accuracy"] > 0.9
    padded = np.concatenate([values, np.full((80, 5, 1), np.nan, np.float32)], axis=1)
    longer = replace(data, values=padded, observed=np.isfinite(padded))
    np.testing.assert_allclose(model.predict_proba(longer), model.predict_proba(data), atol=1e-6)


def test_balanced_weights_find_the_rare_class() -> None:
    rng = np.random.default_rng(0)
    labels = (rng.random(800) < 0.08).astype(np.int64)
    X = rng.standard_normal((800, 5)).astype(np.float32)
    X[:, 0] += 1.3 * labels
    data = Dataset(values=X, labels=labels)
    found = {
        weights: AuxiliaryAutoencoder(class_weights=weights, latent_dim=5, epochs=40, beta=0.1, seed=1)
        .fit(data)
        .measure(data)["balanced_accuracy"]
        for weights in ("none", "balanced")
    }
    assert found["balanced"] > found["none"] + 0.1


def test_what_predictions_are_judged_by() -> None:
    labels = np.array([0, 0, 0, 1])
    sure = np.array([0.1, 0.2, 0.6, 0.4])
    found = judged(labels, np.stack([1 - sure, sure], axis=1))
    assert found == pytest.approx(
        {"accuracy": 0.5, "balanced_accuracy": (2 / 3 + 0) / 2, "auroc": 2 / 3, "average_precision": 0.5}
    )
    assert set(judged(labels[:3], np.eye(2)[[0, 0, 1]])) == {"accuracy", "balanced_accuracy"}


def test_a_classifier_begins_where_a_model_ended() -> None:
    data = told_apart()
    start = Autoencoder(latent_dim=6, epochs=30).fit(replace(data, labels=None, class_names=()))
    frozen = EncoderClassifier(base=start, frozen=True, epochs=60, learning_rate=0.01).fit(data, start_from=start)
    np.testing.assert_allclose(frozen.transform(data), start.transform(data), atol=1e-5)
    tuned = EncoderClassifier(base=start, epochs=60).fit(data, start_from=frozen)
    assert np.abs(tuned.transform(data) - start.transform(data)).max() > 1e-2
    fresh = EncoderClassifier(base=start, epochs=60).fit(data)
    test = data.part("test")
    assert all(model.measure(test)["accuracy"] > 0.9 for model in (frozen, tuned, fresh))
    for use in (tuned.reconstruct, tuned.inverse_transform):
        with pytest.raises(UnsupportedError, match="does not decode"):
            use(data.values)


def test_only_labelled_samples_train_a_classifier_and_all_scale_it() -> None:
    data = told_apart()
    labels = np.full(len(data), -1)
    train = data.indices("train")
    labels[train[:40]] = data.labels[train[:40]]
    model = EncoderClassifier(base=Autoencoder(latent_dim=6), epochs=30).fit(replace(data, labels=labels))
    np.testing.assert_allclose(model._scaler.shift_[0], data.values[train].mean(axis=0), rtol=1e-4, atol=1e-5)
    spoilt = data.labels.copy()
    spoilt[train[40:]] = -1
    spoilt[data.indices("validation")] = -1
    spoilt[data.indices("test")] = 0
    again = EncoderClassifier(base=Autoencoder(latent_dim=6), epochs=30).fit(replace(data, labels=spoilt))
    np.testing.assert_array_equal(again.predict_proba(data), model.predict_proba(data))
    with pytest.raises(InputError, match="no sample for training has a label"):
        outside = np.where(data.split == 0, -1, data.labels)
        EncoderClassifier(base=Autoencoder()).fit(replace(data, labels=outside))


def test_a_classifier_takes_what_its_base_takes() -> None:
    data = told_apart()
    with pytest.raises(InputError, match="LSTM autoencoder does not take vectors"):
        EncoderClassifier(base=LSTMAutoencoder()).fit(data)


def test_a_frozen_encoder_stays_in_eval_mode() -> None:
    model = Autoencoder(epochs=1).fit(told_apart())
    encoder = FrozenEncoder(model._module.encoder)
    encoder.train(True)
    assert not encoder.training and not any(part.training for part in encoder.modules())
    assert not any(parameter.requires_grad for parameter in encoder.parameters())


def test_pca_has_no_head() -> None:
    assert PCA().fit(told_apart()).measure(told_apart()) == {}
