"""What every registered recipe keeps to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.models.base import RECIPES, LatentModel
from explorer.models.neural import NeuralModel
from explorer.parameters import parameters
from explorer.training.history import Epoch
from tests.models.conftest import (
    NEURAL,
    answers,
    collection,
    fit,
    fitted,
    learnt,
    made,
    padded,
    samples,
    spec,
    unequal,
)
from tests.models.tokens import OF_TOKENS

EVERY = [name for name in RECIPES.names() if name not in OF_TOKENS]  # those have a battery of their own
PHASED = {"time-gan"}
"""Those that are trained in several phases."""


@pytest.fixture(params=EVERY)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=NEURAL)
def neural(request: pytest.FixtureRequest) -> str:
    return request.param


def test_it_describes_itself(name: str) -> None:
    cls = RECIPES.load(name)
    assert cls.title and cls.__doc__ and cls.__doc__.splitlines()[0].endswith(".")
    assert cls.layouts
    names = [parameter.name for parameter in parameters(cls)]
    assert names[0] == "latent_dim"
    assert all(parameter.param.help.endswith(".") for parameter in parameters(cls))
    assert RECIPES.name_of(cls) == name


def test_shapes_and_types(name: str) -> None:
    X, model = samples(name), fitted(name)
    codes = model.transform(X)
    assert codes.shape == (len(X), model.latent_dim_) and codes.dtype == np.float32
    decoded = model.inverse_transform(codes[:7])
    assert decoded.shape == (7, *model.output_shape_) and decoded.dtype == np.float32
    written = np.isfinite(decoded)
    assert written.all() if model.decodes != "future" else (written.any() and (written == written[0]).all())
    if model.decodes == "curve":  # its own times
        assert model.reconstruct(X).shape == X.shape
        assert model.output_times_.shape == model.output_shape_[:1] and model.output_shape_[1:] == X.shape[2:]
        assert model.inverse_transform(codes[:0]).shape == (0, *model.output_shape_)
        return
    assert model.output_times_ is None
    np.testing.assert_allclose(model.reconstruct(X), model.inverse_transform(codes), atol=1e-4)
    assert model.inverse_transform(codes[:0]).shape == (0, *model.output_shape_)
    if model.decodes == "masks":
        assert model.output_shape_[:-1] == X.shape[1:-1]
        np.testing.assert_allclose(decoded.sum(axis=-1), 1.0, atol=1e-5)
    else:
        assert model.output_shape_ == X.shape[1:]


class UntilLearnt:
    """A progress that stops a training as soon as the model is good enough."""

    def __init__(self, model: LatentModel, X: np.ndarray) -> None:
        self.model, self.X, self.learnt = model, X, False

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        if isinstance(payload, Epoch) and payload.number % 4 == 0:
            self.look()

    def look(self) -> None:
        made_of_it = self.model.reconstruct(self.X)
        if self.model.decodes == "masks":
            right = made_of_it.argmax(axis=-1) == answers(self.model, self.X)["masks"]
            self.learnt = bool(right.mean() > 0.85)
        else:
            self.learnt = bool(np.nanmean((made_of_it - self.X) ** 2) < 0.35 * self.X.var())

    def cancelled(self) -> bool:
        return self.learnt


def test_it_learns_in_the_datas_own_units(name: str) -> None:
    X = samples(name, n=200)
    model = made(name, **({"epochs": 160, "learning_rate": 0.01, "patience": 0} if name in NEURAL else {}))
    progress = UntilLearnt(model, X)
    fit(model, X, progress=progress)
    progress.look()
    assert progress.learnt


@pytest.mark.parametrize("shape", [(30, 12, 2), (30, 5), (30, 4, 5, 1)])
def test_it_takes_the_layouts_that_it_names(name: str, shape: tuple[int, ...]) -> None:
    X = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    layout = {2: "profile", 3: "series", 4: "image"}[len(shape)]
    if layout not in RECIPES.load(name).layouts:
        with pytest.raises(InputError, match=r"does not take|has no|needs the class"):
            fit(made(name), X)
        with pytest.raises(InputError, match="does not take"):
            made(name).size(spec(name, shape[1:]))
        return
    model = fit(made(name), X)
    assert model.reconstruct(X).shape == (X.shape if model.decodes == "curve" else (len(X), *model.output_shape_))
    assert model.size(spec(name, shape[1:])) == learnt(model)


def test_it_says_what_it_needs(name: str) -> None:
    X, model = samples(name), made(name)
    if not model.needs:
        pytest.skip("it learns from the samples alone")
    with pytest.raises(InputError, match="needs"):
        model.fit(X)
    for data in (collection(name), Dataset(values=X)):
        with pytest.raises(InputError, match="needs"):
            model.fit(data)
    unknown = {need: np.full_like(each, -1) for need, each in answers(model, X).items()}
    with pytest.raises(InputError, match="needs"):
        fit(model, Dataset(values=X, **unknown))


def test_the_same_seed_gives_the_same_numbers(neural: str) -> None:
    X = samples(neural)
    before = torch.get_rng_state()
    first, second, other = (fit(made(neural, seed=seed), X).transform(X) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 1e-3
    assert torch.equal(before, torch.get_rng_state())


def test_one_sample(name: str) -> None:
    X = samples(name)[:1]
    written = np.isfinite(fit(made(name), X).reconstruct(X))
    assert written.all() or made(name).decodes == "future"


def test_a_batch_larger_than_the_data(neural: str) -> None:
    X = samples(neural, n=5)
    assert fit(made(neural, batch_size=1000), X).transform(X).shape[0] == 5


def test_constant_features(name: str) -> None:
    X = samples(name)
    X[:] = 5.0
    model = fit(made(name), X)
    assert np.isfinite(model.transform(X)).all()
    if not isinstance(model, NeuralModel):
        np.testing.assert_allclose(model.reconstruct(X), 5.0)


def test_only_the_train_part_is_learnt_from(name: str) -> None:
    data = collection(name)
    data = replace(data, **answers(made(name), data.values))
    spoilt = data.values.copy()
    spoilt[data.indices("test")] = 1e6
    models = [made(name).fit(each) for each in (data, replace(data, values=spoilt))]
    first, second = (model.transform(data) for model in models)
    np.testing.assert_array_equal(first, second)


def test_no_sample_for_training_is_told(name: str) -> None:
    data = collection(name)
    with pytest.raises(InputError, match="no sample is for training"):
        fit(made(name), replace(data, split=np.full(len(data), 2, np.int8)))


def test_missing_values(name: str) -> None:
    X = samples(name)
    X[3, 2] = np.nan
    hidden = X.copy()
    options = {"scaling": "none"} if name in NEURAL else {}
    model = made(name, **options)
    if X.ndim == 2 and not model.__sklearn_tags__().input_tags.allow_nan:
        with pytest.raises(ValueError, match="NaN"):  # scikit-learn's rule for tables
            fit(model, X)
    else:
        assert np.isfinite(fit(model, X).transform(X)).all()
        assert np.isfinite(model.reconstruct(X)).any(axis=0).all() or model.decodes == "future"
    # What is not observed cannot matter: neither as input nor as target.
    observed = np.isfinite(X)
    hidden[3, 2] = 12345.0
    masked = Dataset(values=np.where(observed, hidden, np.nan), observed=observed, split=np.zeros(len(X), np.int8))
    again = fit(made(name, **options), masked)
    assert np.isfinite(again.transform(masked)).all()


def test_nothing_but_missing_values_is_refused(name: str) -> None:
    X = np.full_like(samples(name), np.nan)
    data = Dataset(values=X, observed=np.zeros(X.shape, bool), **answers(made(name), samples(name)))
    with pytest.raises(InputError, match="all values are missing"):
        made(name).fit(data)


def test_the_end_of_a_series_is_its_own(name: str) -> None:
    """What stands beyond it, and how much, must not change a code."""
    if "series" not in RECIPES.load(name).layouts:
        pytest.skip("it takes no series")
    data = unequal()
    model = fit(made(name), data)
    codes, restored = model.transform(data), model.reconstruct(data)
    assert np.isfinite(codes).all()
    if not isinstance(model, NeuralModel):
        return
    np.testing.assert_array_equal(model.transform(padded(data, 0, 50.0)), codes)
    if not model._inference().encoder.any_length:
        with pytest.raises(ValueError, match="shape"):
            model.transform(padded(data, 9))
        return
    longer = padded(data, 9)
    np.testing.assert_allclose(model.transform(longer), codes, atol=1e-6)
    again = model.reconstruct(longer)
    assert again.shape[:2] == longer.values.shape[:2]
    if model.decodes in ("sample", "curve"):
        for i, length in enumerate(data.lengths):
            np.testing.assert_allclose(again[i, :length], restored[i, :length], atol=1e-4)


@pytest.mark.parametrize("kind", ["U1", object, complex])
def test_codes_that_are_no_numbers_are_refused(name: str, kind: type) -> None:
    model = fitted(name)
    with pytest.raises(InputError, match="not numeric"):
        model.inverse_transform(np.zeros((3, model.latent_dim_), kind))


def test_infinite_values_are_refused(name: str) -> None:
    X = samples(name)
    X[3, 4] = np.inf
    with pytest.raises(ValueError, match=r"(?i)infinit"):
        fit(made(name), X)


def test_other_shapes_are_refused(name: str) -> None:
    X, model = samples(name), fitted(name)
    with pytest.raises(ValueError, match=r"feature|shape"):
        model.transform(np.concatenate([X, X], axis=-1) if X.ndim > 2 else X[:, :-1])
    with pytest.raises(InputError, match="codes of shape"):
        model.inverse_transform(np.zeros((2, model.latent_dim_ + 1)))
    with pytest.raises(InputError, match="codes of shape"):
        model.inverse_transform(np.zeros(model.latent_dim_))


def test_unfitted_models_say_so(name: str) -> None:
    from sklearn.exceptions import NotFittedError

    model = made(name)
    with pytest.raises(NotFittedError):
        model.transform(samples(name))
    with pytest.raises(NotFittedError):
        model.inverse_transform(np.zeros((1, 2)))
    with pytest.raises(NotFittedError):
        model.score(samples(name))
    with pytest.raises(NotFittedError):
        model.get_feature_names_out()
    with pytest.raises(NotFittedError):
        model.to_bytes()


def same(loaded: LatentModel, model: LatentModel, X: Dataset | np.ndarray) -> None:
    assert type(loaded) is type(model) and repr(loaded) == repr(model)
    codes = model.transform(X)
    np.testing.assert_array_equal(loaded.transform(X), codes)
    np.testing.assert_array_equal(loaded.inverse_transform(codes), model.inverse_transform(codes))
    np.testing.assert_array_equal(loaded.errors(X), model.errors(X))
    assert loaded.history_ == model.history_
    assert loaded.to_bytes() == model.to_bytes()


def test_save_and_load(name: str, tmp_path: Path) -> None:
    model = fitted(name)
    path = tmp_path / "model.safetensors"
    model.save(path)
    for loaded in (RECIPES.load(name).load(path), LatentModel.from_bytes(model.to_bytes())):
        same(loaded, model, samples(name))


def test_save_and_load_after_labels_masks_and_gaps(name: str) -> None:
    data = unequal(40) if "series" in RECIPES.load(name).layouts else collection(name)
    labels = np.arange(len(data)) % 3
    masks = (np.nan_to_num(data.values[..., 0]) > 0).astype(np.int64)
    data = replace(data, labels=labels, masks=masks, class_names=("a", "b", "c"), mask_names=("low", "high"))
    model = made(name).fit(data)
    loaded = LatentModel.from_bytes(model.to_bytes())
    same(loaded, model, data)
    assert loaded.measure(data) == model.measure(data)
    assert all(np.isfinite(value) for value in model.measure(data).values())
    assert loaded.output_shape_ == model.output_shape_
    if isinstance(loaded, NeuralModel):
        assert loaded.class_names_ == ("a", "b", "c") and loaded.mask_names_ == ("low", "high")


def test_the_errors_are_those_of_the_reconstruction(name: str) -> None:
    X, model = samples(name), fitted(name)
    errors = model.errors(X)
    assert errors.shape == X.shape and errors.dtype == np.float32
    assert (errors[np.isfinite(errors)] >= 0).all() and (np.isfinite(errors).any() or model.decodes == "masks")


def test_damaged_files_are_told(name: str, tmp_path: Path) -> None:
    import json

    from safetensors.numpy import load, save

    blob = fitted(name).to_bytes()
    path = tmp_path / "model.safetensors"
    for cut in (0, 5, 60, len(blob) // 2, len(blob) - 1):
        path.write_bytes(blob[:cut])
        with pytest.raises(InputError, match=r"model\.safetensors"):
            LatentModel.load(path)
    length = int.from_bytes(blob[:8], "little")
    metadata = json.loads(blob[8 : 8 + length])["__metadata__"]
    arrays = load(blob)
    first = next(iter(arrays))
    path.write_bytes(save({key: value for key, value in arrays.items() if key != first}, metadata=metadata))
    with pytest.raises(InputError, match="damaged"):
        LatentModel.load(path)
    others = (RECIPES.load(each) for each in EVERY)
    other = next(each for each in others if not issubclass(RECIPES.load(name), each))
    with pytest.raises(InputError, match="not a"):
        other.from_bytes(blob)
    with pytest.raises(InputError, match="cannot be read"):
        LatentModel.load(tmp_path / "none.safetensors")


class Watch:
    """A progress that looks at the model after every epoch."""

    def __init__(self, model: LatentModel, X: Any, stop_after: int = 1000) -> None:
        self.model, self.X, self.stop_after = model, X, stop_after
        self.fractions: list[float] = []
        self.codes: list[np.ndarray] = []
        self.blobs: list[bytes] = []

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        self.fractions.append(fraction)
        if isinstance(payload, Epoch):
            self.codes.append(self.model.transform(self.X))
            self.blobs.append(self.model.to_bytes())
            assert payload.number == len(self.codes) == len(self.model.history_.epochs)

    def cancelled(self) -> bool:
        return len(self.codes) >= self.stop_after


def test_snapshots_while_it_trains(neural: str) -> None:
    X = samples(neural)
    model = made(neural, epochs=4, patience=0, learning_rate=0.01)
    watch = Watch(model, X)
    fit(model, X, progress=watch)
    assert len(watch.codes) == 4 and watch.fractions[-1] == 1.0 and watch.fractions == sorted(watch.fractions)
    for codes, blob in zip(watch.codes, watch.blobs, strict=True):
        np.testing.assert_array_equal(LatentModel.from_bytes(blob).transform(X), codes)
    assert np.abs(watch.codes[0] - watch.codes[-1]).max() > 0
    # Looking must not change what is learnt, and the best epoch's weights are kept.
    unwatched = fit(made(neural, epochs=4, patience=0, learning_rate=0.01), X)
    np.testing.assert_array_equal(unwatched.transform(X), model.transform(X))
    np.testing.assert_array_equal(watch.codes[model.history_.best_epoch - 1], model.transform(X))


@pytest.mark.parametrize("after", [0, 2])
def test_cancelling_leaves_what_there_is(neural: str, after: int) -> None:
    X = samples(neural)
    model = made(neural, epochs=50)
    fit(model, X, progress=Watch(model, X, stop_after=after))
    assert model.history_.stopped == "cancelled" and len(model.history_.epochs) == after
    assert np.isfinite(model.transform(X)).all() and len(model.reconstruct(X)) == len(X)
    assert LatentModel.from_bytes(model.to_bytes()).history_.stopped == "cancelled"


def test_cancelling_in_the_middle_of_an_epoch(neural: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.training.loop.STRETCH", 0.0)  # compiled code takes one step a call
    X = samples(neural)
    model = made(neural, epochs=50, patience=0)

    class Later(Watch):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 5  # there are three batches in an epoch

    watch = Later(model, X)
    fit(model, X, progress=watch)
    assert model.history_.stopped == "cancelled" and len(model.history_.epochs) == 1
    np.testing.assert_array_equal(model.transform(X), watch.codes[0])  # not what the half epoch left


def test_divergence_keeps_the_best(neural: str) -> None:
    X = samples(neural, n=64)
    # What has phases begins each with the best weights of the one before, whatever came after those.
    phased = neural in PHASED
    model, at = made(neural, epochs=10 if phased else 4), 7 if phased else 2

    class Poison(Watch):
        def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
            super().report(fraction, message, payload)
            if isinstance(payload, Epoch) and payload.number == at:
                with torch.no_grad():
                    for parameter in self.model._module.parameters():
                        parameter.fill_(float("nan"))

    watch = Poison(model, X)
    fit(model, X, progress=watch)
    assert model.history_.stopped == "diverged" and len(model.history_.epochs) == at
    assert "learning rate" in model.history_.notes[0]
    np.testing.assert_array_equal(model.transform(X), watch.codes[model.history_.best_epoch - 1])


def test_divergence_at_once_is_an_error(neural: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.models.parts.composition import Composition

    model = made(neural)
    compose = type(model).compose

    def poisoned(self: Any, spec: Any) -> Composition:
        module = compose(self, spec)
        for parameter in module.parameters():
            parameter.data.fill_(float("nan"))
        return module

    monkeypatch.setattr(type(model), "compose", poisoned)
    with pytest.raises(InputError, match="learning rate"):
        fit(model, samples(neural))
    assert not model.__sklearn_is_fitted__()


def test_a_full_device_falls_back(neural: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.models.neural import NeuralModel

    model = made(neural)
    real, devices = NeuralModel._train, []

    def crowded(self: Any, dataset: Any, rows: Any, device: torch.device, *rest: Any) -> None:
        devices.append(device.type)
        if device.type == "cuda":
            raise torch.OutOfMemoryError("full")
        real(self, dataset, rows, device, *rest)

    monkeypatch.setattr("explorer.training.device.choose_device", lambda name: torch.device("cuda"))
    monkeypatch.setattr(NeuralModel, "_train", crowded)
    fit(model, samples(neural))
    assert devices == ["cuda", "cpu"] and "memory" in model.history_.notes[0]


def test_a_device_that_is_not_there_is_told(neural: str) -> None:
    if torch.backends.mps.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(InputError, match="not available"):
        fit(made(neural, device="mps"), samples(neural))


def test_parameters_are_checked_at_fit(name: str) -> None:
    with pytest.raises(InputError, match="latent_dim"):
        fit(made(name, latent_dim=0), samples(name))


def test_clean_targets_and_corruption(neural: str) -> None:
    clean = samples(neural, n=60)
    noisy = clean + np.random.default_rng(1).standard_normal(clean.shape).astype(np.float32)
    data = Dataset(values=noisy, targets=clean, **answers(made(neural), clean))
    plain = replace(data, targets=None)

    def codes(of: Dataset, **params: object) -> np.ndarray:
        return made(neural, epochs=1, **params).fit(of).transform(plain)

    assert np.isfinite(codes(data, target="clean")).all()
    np.testing.assert_array_equal(codes(data, target="input"), codes(plain))
    first, second = (codes(plain, corruption="gaussian:0.5") for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - codes(plain)).max() > 1e-6


def test_threads_are_put_back(neural: str) -> None:
    torch.set_num_threads(2)
    fit(made(neural, epochs=1), samples(neural))
    assert torch.get_num_threads() == 2


def test_the_time_is_estimated(neural: str) -> None:
    seconds = made(neural).estimate_seconds(spec(neural, samples(neural).shape[1:]), 100)
    assert 0 < seconds < 60
