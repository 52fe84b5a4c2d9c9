from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.__main__ import main


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Run the command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Answer(status, out, err)

    return run


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with PCA of three coordinates on labelled vectors, and a short LSTM training on sines."""
    folder = tmp_path_factory.mktemp("trained")
    rng = np.random.default_rng(0)
    latent = rng.standard_normal((60, 3))
    mixed = (latent @ rng.standard_normal((3, 6)) + 5).astype(np.float32)
    lines = ["name,class,a,b,c,d,e,f"]
    lines += [f"s{i},{'odd' if i % 2 else 'even'}," + ",".join(map(str, row)) for i, row in enumerate(mixed)]
    (folder / "vectors.csv").write_text("\n".join(lines))
    project = folder / "p.latentscape"
    home = pytest.MonkeyPatch()
    home.setenv("LATENTSCAPE_HOME", str(folder / "home"))
    try:
        settings = ["--epochs", "2", "--set", "latent_dim=2", "--data-option", "n=80", "--out", str(project)]
        assert main(["train", "sines", "--model", "lstm-autoencoder", *settings]) == 0
        vectors = ["--data-option", "samples=vectors"]
        pca = ["--model", "pca", "--set", "latent_dim=3", "--out", str(project)]
        assert main(["train", str(folder / "vectors.csv"), *pca, *vectors]) == 0
    finally:
        home.undo()
    return project


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> Path:
    """A copy of that project for one test."""
    copy = tmp_path / "p.latentscape"
    copy.write_bytes(trained.read_bytes())
    return copy
