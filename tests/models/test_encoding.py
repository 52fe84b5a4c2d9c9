"""Codes of very many samples: a block at a time, told and cancelled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.writing import write_array
from explorer.errors import Cancelled
from explorer.models import encoding, neural
from explorer.models.base import LatentModel
from explorer.models.encoding import encode, encoded
from explorer.models.parts.scan import KernelScan
from tests.models.conftest import NEURAL, answers, fit, made, samples


class Watch:
    def __init__(self, after: int = 1000) -> None:
        self.after, self.told = after, []

    def report(self, fraction: float, message: str = "", payload: object = None) -> None:
        self.told.append(fraction)

    def cancelled(self) -> bool:
        return len(self.told) >= self.after


@pytest.fixture
def pca() -> LatentModel:
    return fit(made("pca", latent_dim=3), samples("pca", n=50))


def test_the_codes_are_those_of_transform(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pca", NEURAL[0], "lstm-autoencoder"):
        X = samples(name, n=50)
        model = fit(made(name), X)
        data = Dataset(values=X, **answers(model, X), lengths=None)
        monkeypatch.setattr(encoding, "BLOCK_BYTES", 7 * X[0].nbytes)
        watch = Watch()
        np.testing.assert_allclose(encode(model, data, watch), model.transform(data), atol=1e-6)
        assert watch.told == pytest.approx(np.arange(0, 50, 7) / 50)
        np.testing.assert_array_equal(encode(model, X), encode(model, data))


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_many_are_read_by_the_kernels_of_a_training(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    X = samples("recurrent-autoencoder", n=50)
    model = fit(made("recurrent-autoencoder", cell=cell), X)
    few = model.transform(X)
    taken: list[int] = []
    scan = KernelScan.apply
    monkeypatch.setattr(KernelScan, "apply", lambda *given: taken.append(len(given)) or scan(*given))
    encode(model, X)
    assert not taken
    monkeypatch.setattr(neural, "MANY_NUMBERS", X.size)
    np.testing.assert_allclose(encode(model, X), few, atol=1e-6)
    assert taken
    taken.clear()
    model.transform(X[:49])  # no context was left behind
    assert not taken


def test_what_is_soon_done_is_not_told(pca: LatentModel) -> None:
    watch = Watch()
    assert encode(pca, samples("pca", n=50), watch).shape == (50, 3) and not watch.told


def test_it_is_cancelled(pca: LatentModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    X = samples("pca", n=50)
    monkeypatch.setattr(encoding, "BLOCK_BYTES", 7 * X[0].nbytes)
    with pytest.raises(Cancelled):
        encode(pca, X, Watch(after=3))
    path = tmp_path / "codes.npy"
    path.write_bytes(b"before")
    with pytest.raises(Cancelled):
        write_array(path, encoded(pca, X, Watch(after=3)), (50, 3))
    assert path.read_bytes() == b"before" and not list(tmp_path.glob("*.part"))
    write_array(path, encoded(pca, X), (50, 3))
    np.testing.assert_array_equal(np.load(path), pca.transform(X))
    with pytest.raises(ValueError, match="50 rows where 51"):
        write_array(path, encoded(pca, X), (51, 3))
    np.testing.assert_array_equal(np.load(path), pca.transform(X))


def test_a_memory_map_is_let_go(pca: LatentModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    X = samples("pca", n=50)
    np.save(tmp_path / "x.npy", X)
    mapped, gone = np.load(tmp_path / "x.npy", mmap_mode="r"), []
    monkeypatch.setattr(encoding, "BLOCK_BYTES", 7 * X[0].nbytes)
    monkeypatch.setattr(encoding, "let_go", gone.append)
    np.testing.assert_allclose(encode(pca, mapped), pca.transform(X), atol=1e-5)
    assert len(gone) == 8
