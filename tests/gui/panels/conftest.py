"""A true controller over a small data set; its work is done at once in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.gui.controller import Controller
from tests.gui.sync_jobs import make_controller


@pytest.fixture
def controller(qapp: QApplication, tmp_path: Path) -> Iterator[Controller]:
    made = make_controller(tmp_path)
    yield made
    made.close()


@pytest.fixture
def sines() -> Dataset:
    return make("sines", n=120, n_steps=30)


@pytest.fixture
def trained(controller: Controller, sines: Dataset) -> Controller:
    """Return the controller with a PCA of two dimensions trained on noisy sines."""
    controller.workspace.add_data(sines)
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    assert controller.workspace.codes is not None
    return controller
