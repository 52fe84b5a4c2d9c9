"""A true controller over a small data set with classes; its work is done at once in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.panels.explore.page import ExplorePage
from explorer.gui.panels.explore.panel import ExplorePanel
from tests.gui.sync_jobs import make_controller


@pytest.fixture
def controller(qapp: QApplication, tmp_path: Path) -> Iterator[Controller]:
    made = make_controller(tmp_path)
    yield made
    made.close()


def two_classes() -> Dataset:
    """Series of two classes: a rise, and a fall, of different size; 40 of 12 steps."""
    rng = np.random.default_rng(0)
    size = rng.uniform(0.5, 1.5, 40) * np.where(np.arange(40) % 2, 1, -1)
    values = size[:, None] * np.linspace(-1, 1, 12) + 0.05 * rng.normal(size=(40, 12))
    return Dataset(
        values=values[:, :, None].astype(np.float32), labels=(np.arange(40) % 2), class_names=("falls", "rises")
    )


@pytest.fixture
def trained(controller: Controller) -> Controller:
    """Return the controller with a PCA of two dimensions."""
    controller.workspace.add_data(two_classes())
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    return controller


@pytest.fixture
def open_page(qtbot: QtBot) -> Callable[[Controller, str], Any]:
    """Return a function that shows a page of the Explore dock."""

    def show(controller: Controller, name: str) -> ExplorePage:
        panel = ExplorePanel(controller)
        qtbot.addWidget(panel)
        panel.resize(620, 240)
        panel.show()
        panel.show_page(name)
        panel.page.flush()
        panel.page.panel_kept = panel  # the page's owner would keep it
        return panel.page

    return show
