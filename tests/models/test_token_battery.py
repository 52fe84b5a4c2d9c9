"""What every registered recipe of sentences or melodies keeps to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.tokens import END, PAD
from explorer.errors import InputError
from explorer.models.base import RECIPES, LatentModel
from explorer.models.neural import NeuralModel
from explorer.models.variational import VariationalModel
from explorer.parameters import parameters
from explorer.workspace.evaluation import evaluate
from tests.models.conftest import made
from tests.models.test_battery import Watch, same
from tests.models.tokens import OF_TOKENS, longer, token_data

_FITTED: dict[str, Any] = {}


@pytest.fixture(params=OF_TOKENS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def fitted(name: str) -> Any:
    if name not in _FITTED:
        _FITTED[name] = made(name).fit(token_data(name))
    return _FITTED[name]


def test_it_describes_itself(name: str) -> None:
    cls = RECIPES.load(name)
    assert cls.title and cls.__doc__ and cls.__doc__.splitlines()[0].endswith(".")
    declared = [parameter.name for parameter in parameters(cls)]
    assert declared[0] == "latent_dim"
    assert not {"corruption", "scaling", "target"} & set(declared)
    assert all(parameter.param.help.endswith(".") for parameter in parameters(cls))
    assert RECIPES.name_of(cls) == name


def test_shapes_and_types(name: str) -> None:
    data, model = token_data(name), fitted(name)
    codes = model.transform(data)
    assert codes.shape == (len(data), model.latent_dim_) and codes.dtype == np.float32
    decoded = model.inverse_transform(codes[:7])
    assert decoded.shape == (7, *model.output_shape_) and decoded.dtype == np.int32
    words = model.target_vocabulary_ if model.decodes == "translation" else model.vocabulary_
    assert decoded.min() >= 0 and decoded.max() < len(words)
    np.testing.assert_array_equal(model.reconstruct(data)[:7], decoded)
    assert model.inverse_transform(codes[:0]).shape == (0, *model.output_shape_)
    truth = data.targets if model.decodes == "translation" else data.values
    errors = model.errors(data)
    assert truth is not None and errors.shape == truth.shape and set(np.unique(errors[np.isfinite(errors)])) <= {0, 1}


def test_it_learns(name: str) -> None:
    data = token_data(name)
    more = {"epochs": 120, "learning_rate": 0.01} if data.layout == "notes" else {}  # its decoder learns to run free
    wanted = {"epochs": 60, "learning_rate": 0.02, "patience": 0, "latent_dim": 16, **small(name), **more}
    model = made(name, **wanted).fit(data)
    losses = [epoch.train["loss"] for epoch in model.history_.epochs]
    assert losses[-1] < 0.7 * losses[0]
    before = fitted(name).score(data)
    assert model.score(data) > min(-0.2, before + 0.1)


def small(name: str) -> dict[str, object]:
    declared = {parameter.name for parameter in parameters(RECIPES.load(name))}
    wanted: dict[str, object] = {"hidden": 24, "warm_up": 30, "beta": 0.2}
    return {key: value for key, value in wanted.items() if key in declared}


def test_what_stands_behind_the_end_changes_nothing(name: str) -> None:
    data, model = token_data(name), fitted(name)
    if data.lengths is None:
        pytest.skip("its samples are all as long")
    codes = model.transform(data)
    np.testing.assert_array_equal(model.transform(longer(data, 0)), codes)
    if model._inference().encoder.any_length:
        np.testing.assert_allclose(model.transform(longer(data, 5)), codes, atol=1e-6)
        assert model.reconstruct(longer(data, 5)).shape[0] == len(data)


def test_text_ends_once(name: str) -> None:
    model = fitted(name)
    if "text" not in model.layouts:
        pytest.skip("melodies do not end")
    for row in model.inverse_transform(np.random.default_rng(0).normal(size=(50, model.latent_dim_))):
        ends = np.flatnonzero(row == END)
        assert not len(ends) or (row[ends[0] + 1 :] == PAD).all()


def test_the_same_seed_gives_the_same_numbers(name: str) -> None:
    data = token_data(name)
    first, second, other = (made(name, seed=seed).fit(data).transform(data) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 1e-3


def test_only_the_train_part_is_learnt_from(name: str) -> None:
    data = token_data(name)
    spoilt = data.values.copy()
    spoilt[data.indices("test")] = 4
    models = [made(name).fit(each) for each in (data, replace(data, values=spoilt))]
    first, second = (model.transform(data) for model in models)
    np.testing.assert_array_equal(first, second)


def test_one_sample_and_few(name: str) -> None:
    for n in (1, 5):
        data = token_data(name).subset(np.arange(n))
        model = made(name, batch_size=1000).fit(replace(data, split=np.zeros(n, np.int8)))
        assert len(model.reconstruct(data)) == n


def test_save_and_load(name: str, tmp_path: Path) -> None:
    data, model = token_data(name), fitted(name)
    path = tmp_path / "model.safetensors"
    model.save(path)
    for loaded in (RECIPES.load(name).load(path), LatentModel.from_bytes(model.to_bytes())):
        same(loaded, model, data)
        assert isinstance(loaded, NeuralModel)
        assert loaded.vocabulary_ == data.vocabulary and loaded.class_names_ == data.class_names


def test_its_size_is_known(name: str) -> None:
    data, model = token_data(name), fitted(name)
    assert model.size(data) == sum(parameter.numel() for parameter in model._module.parameters())
    assert made(name, epochs=2).estimate_seconds(data, 20) > 0


def test_snapshots_while_it_trains(name: str) -> None:
    data = token_data(name)
    watch = Watch(model := made(name, epochs=3, patience=0), data)
    model.fit(data, progress=watch)
    assert len(watch.codes) == 3
    for codes, blob in zip(watch.codes, watch.blobs, strict=True):
        np.testing.assert_array_equal(LatentModel.from_bytes(blob).transform(data), codes)


def test_cancelling_leaves_what_there_is(name: str) -> None:
    data, model = token_data(name), made(name, epochs=50)
    model.fit(data, progress=Watch(model, data, stop_after=1))
    assert model.history_.stopped == "cancelled" and np.isfinite(model.transform(data)).all()


def test_it_is_judged_by_tokens(name: str) -> None:
    found = evaluate(fitted(name), token_data(name))
    for part in ("train", "validation", "test"):
        assert 0 <= found[part]["exact_match"] <= found[part]["token_accuracy"] <= 1
        assert not {"mse", "mae"} & set(found[part])


def test_a_variational_one_knows_its_bounds_and_draws(name: str) -> None:
    data, model = token_data(name), fitted(name)
    if not isinstance(model, VariationalModel):
        pytest.skip("its codes are no distributions")
    bound = model.elbo(data, samples=4)
    assert bound["elbo"] == pytest.approx(-bound["nll"] - bound["kl"])
    assert bound["nll"] > 0
    assert model.iwae(data, 64) > model.iwae(data, 1) - 0.05
    drawn = model.draw(np.zeros(model.latent_dim_), 5, seed=1)
    assert drawn.shape == (5, *model.output_shape_) and drawn.dtype == np.int32
    np.testing.assert_array_equal(drawn, model.draw(np.zeros(model.latent_dim_), 5, seed=1))
    assert model.spread(np.zeros((1, model.latent_dim_))) is None
    assert all(np.isfinite(value) for value in model.measure(data).values())


def test_numbers_are_refused(name: str) -> None:
    X = np.random.default_rng(0).standard_normal((20, 8, 1)).astype(np.float32)
    for given in (X, X[..., 0], Dataset(values=X), Dataset(values=X[..., 0])):
        with pytest.raises(InputError, match="does not take"):
            made(name).fit(given)
    with pytest.raises(InputError, match="does not take"):
        made(name).size((8, 1))


def test_it_says_what_it_needs(name: str) -> None:
    data, model = token_data(name), made(name)
    if "targets" not in model.needs:
        pytest.skip("it learns from the samples alone")
    with pytest.raises(InputError, match="needs a translation of each sample"):
        model.fit(replace(data, targets=None, target_vocabulary=(), target_lengths=None))


def test_no_sample_for_training_is_told(name: str) -> None:
    data = token_data(name)
    with pytest.raises(InputError, match="no sample is for training"):
        made(name).fit(replace(data, split=np.full(len(data), 2, np.int8)))
