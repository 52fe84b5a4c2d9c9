"""What `import explorer` gives."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

import explorer


def test_every_name_that_it_lists_is_there() -> None:
    for name in dir(explorer):
        assert getattr(explorer, name) is not None
    assert {"load", "datasets", "PCA", "Autoencoder", "VAE", "LSTMAutoencoder", "DenoisingAutoencoder"} <= {
        *dir(explorer)
    }
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = explorer.nothing_like_it


def test_every_model_can_be_had_from_the_top() -> None:
    from explorer.models.base import RECIPES

    for name in RECIPES.names():
        cls = RECIPES.load(name)
        assert getattr(explorer, cls.__name__) is cls


def test_it_tells_its_version_and_that_it_is_typed() -> None:
    assert explorer.__version__ == version("latentscape")
    assert (Path(explorer.__file__).parent / "py.typed").is_file()


def test_a_file_becomes_codes_and_comes_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X = (rng.standard_normal((30, 2)) @ rng.standard_normal((2, 5))).astype(np.float32)
    path = tmp_path / "table.npy"
    np.save(path, X)
    data = explorer.load(path)
    model = explorer.PCA(latent_dim=2).fit(data)
    np.testing.assert_allclose(model.inverse_transform(model.transform(data)), X, atol=1e-4)
    model.save(tmp_path / "model.safetensors")
    again = explorer.PCA.load(tmp_path / "model.safetensors")
    np.testing.assert_array_equal(again.transform(X), model.transform(data))


def test_a_data_set_says_what_it_is_in_one_line() -> None:
    data = explorer.Dataset(values=np.zeros((20, 7, 1)), name="beats")
    assert repr(data) == "<Dataset 'beats': series (20, 7, 1); 14 train, 3 validation, 3 test>"


def test_samples_are_called_by_name_or_number() -> None:
    values = np.zeros((3, 2))
    assert explorer.Dataset(values=values).sample_names.tolist() == ["0", "1", "2"]
    named = explorer.Dataset(values=values, names=np.array(["a", "bc", "é"], dtype=object))
    assert named.sample_names.tolist() == [named.sample_name(i) for i in range(3)] == ["a", "bc", "é"]
    assert named.sample_names.dtype.kind == "U"
