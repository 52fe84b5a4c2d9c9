"""What every model of tokens gets from `NeuralModel`, by the smallest there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer.data.dataset import Dataset, Layout
from explorer.data.tokens import END, SPECIAL, UNKNOWN
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.neural import NeuralModel
from explorer.models.parts.codes import PlainCode
from explorer.models.parts.composition import Composition, Decoder, Encoder, Pass, Term
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.pca import PCA
from explorer.training.step import Batch, Step
from explorer.workspace.evaluation import evaluate
from tests.data.test_tokens import sentences

if TYPE_CHECKING:
    from explorer.models.spec import SampleSpec


class MeanEncoder(Encoder):
    def __init__(self, vocabulary: int, width: int) -> None:
        super().__init__(width, any_length=True)
        self.table = nn.Embedding(vocabulary, width)

    def forward(self, batch: Batch) -> Tensor:
        assert batch.inputs.dtype == torch.int64
        lengths = torch.tensor([batch.inputs.shape[1]]) if batch.lengths is None else batch.lengths
        within = torch.arange(batch.inputs.shape[1]) < lengths[:, None]
        places = 1.0 + 0.1 * torch.arange(batch.inputs.shape[1])
        return torch.tanh((self.table(batch.inputs) * (within * places)[..., None]).sum(1))


class FlatDecoder(Decoder):
    def __init__(self, latent_dim: int, steps: int, vocabulary: int) -> None:
        super().__init__()
        self.steps, self.map = steps, nn.Linear(latent_dim, steps * vocabulary)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        logits = self.map(z).unflatten(1, (self.steps, -1))
        if given is not None:
            wanted = given.inputs.shape[1]
            logits = nn.functional.pad(logits, (0, 0, 0, max(0, wanted - self.steps)))[:, :wanted]
        return logits


class Nats(Term):
    name = "nll"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        nats = nn.functional.cross_entropy(seen.output.flatten(0, 1), seen.batch.targets.flatten())
        return nats, nats


@dataclass(kw_only=True, eq=False, repr=False)
class Smallest(NeuralModel):
    title: ClassVar[str] = "Smallest"
    layouts: ClassVar[tuple[Layout, ...]] = ("text",)
    epochs: int = 150
    learning_rate: float = 0.05

    def compose(self, spec: SampleSpec) -> Composition:
        encoder = MeanEncoder(spec.vocabulary, 16)
        code = PlainCode(16, self.latent_dim)
        return Composition(encoder, code, FlatDecoder(self.latent_dim, spec.steps, spec.vocabulary), [Nats()])


@pytest.fixture(scope="module")
def data() -> Dataset:
    return replace(sentences(), split=np.zeros(3, np.int8))


@pytest.fixture(scope="module")
def model(data: Dataset) -> NeuralModel:
    return Smallest(latent_dim=4, patience=0).fit(data)


def test_tokens_go_in_and_come_out(model: NeuralModel, data: Dataset) -> None:
    codes = model.transform(data)
    assert codes.shape == (3, 4) and codes.dtype == np.float32
    decoded = model.inverse_transform(codes)
    assert decoded.dtype == np.int32 and decoded.shape == data.values.shape == (3, *model.output_shape_)
    np.testing.assert_array_equal(decoded, data.values)
    np.testing.assert_array_equal(model.reconstruct(data), decoded)
    assert model.score(data) == 0.0
    assert model.vocabulary_ == data.vocabulary
    assert evaluate(model, data)["train"] == {"token_accuracy": 1.0, "exact_match": 1.0}


def test_numbers_of_tokens_are_read_as_the_model_s_own(model: NeuralModel, data: Dataset) -> None:
    np.testing.assert_array_equal(model.transform(data.values), model.transform(data))
    with pytest.raises(InputError, match="does not hold tokens"):
        model.transform(data.values.astype(float))
    with pytest.raises(InputError, match="has token 99"):
        model.transform(np.full((1, 5), 99))


def test_errors_are_wrong_tokens(model: NeuralModel, data: Dataset) -> None:
    wrong = data.values.copy()
    wrong[0, 1] = UNKNOWN
    changed = replace(data, values=data.values, targets=wrong)
    errors = model.errors(changed)
    assert errors.shape == data.values.shape
    assert np.nansum(errors) == errors[0, 1] == 1
    np.testing.assert_array_equal(np.isnan(errors), np.arange(5) >= data.lengths[:, None])
    assert model.score(changed) == pytest.approx(-1 / data.lengths.sum())


def test_other_data_are_read_in_the_model_s_words(model: NeuralModel, data: Dataset) -> None:
    order = [0, 1, 2, 3, *reversed(range(4, len(data.vocabulary)))]
    words = tuple(data.vocabulary[i] for i in order)
    same = replace(data, values=np.argsort(order)[data.values], vocabulary=words)
    assert same.text_of(0) == data.text_of(0)
    np.testing.assert_array_equal(model.transform(same), model.transform(data))
    assert model.score(same) == 0.0
    longer = replace(data, values=np.pad(data.values, ((0, 0), (0, 4)), constant_values=7))
    np.testing.assert_array_equal(model.transform(longer), model.transform(data))
    assert model.reconstruct(longer).shape == longer.values.shape
    strange = sentences(["xylophones galore"])
    assert model.transform(strange).shape == (1, 4)


def test_it_is_saved_with_its_words(model: NeuralModel, data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.models.base import RECIPES

    monkeypatch.setattr(type(RECIPES), "name_of", lambda *_: "smallest")
    monkeypatch.setattr(type(RECIPES), "load", lambda *_: Smallest)
    again: Any = LatentModel.from_bytes(model.to_bytes())
    assert again.vocabulary_ == data.vocabulary
    np.testing.assert_array_equal(again.transform(data), model.transform(data))
    np.testing.assert_array_equal(again.inverse_transform(again.transform(data)), data.values)


def test_nothing_follows_the_end_of_what_is_decoded(model: NeuralModel) -> None:
    far = model.inverse_transform(np.random.default_rng(0).normal(size=(64, 4)) * 9)
    for row in far:
        end = np.flatnonzero(row == END)
        assert not len(end) or not row[end[0] + 1 :].any()


def test_size_and_time_are_known_beforehand(data: Dataset) -> None:
    assert Smallest().size(data) > 0
    assert Smallest(epochs=2).estimate_seconds(data, 3) > 0
    assert Smallest(latent_dim=64).warnings(data) == []


def test_models_of_numbers_refuse_tokens_and_models_of_tokens_refuse_numbers(data: Dataset) -> None:
    for numeric in (PCA(), Autoencoder()):
        with pytest.raises(InputError, match="does not take data of layout 'text'"):
            numeric.fit(data)
    with pytest.raises(InputError, match="does not take tokens"):
        Autoencoder().size(data)
    pca = PCA().fit(np.random.default_rng(0).normal(size=(9, 5)))
    with pytest.raises(InputError, match="does not take data of layout 'text'"):
        pca.transform(data)
    numbers = np.zeros((5, 5), np.float32)
    for given in (numbers, Dataset(values=numbers)):
        with pytest.raises(InputError, match="does not take"):
            Smallest().fit(given)
    with pytest.raises(InputError, match="does not take"):
        Smallest().size((5,))
    assert SPECIAL[END] == "<end>"
