"""A controller whose analyses are done at once, over small data, and a function that shows a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.gui.controller import Controller
from explorer.gui.panels.analysis.pages import PAGES
from tests.gui.sync_jobs import make_controller


@pytest.fixture
def controller(qapp: QApplication, tmp_path: Path) -> Iterator[Controller]:
    made = make_controller(tmp_path)
    yield made
    made.close()


@pytest.fixture
def digits() -> Dataset:
    """Return 240 small pictures of three digits."""
    data = make("digits")
    assert data.labels is not None
    return data.subset(np.flatnonzero(data.labels < 3)[:240])


@pytest.fixture
def trained(controller: Controller, digits: Dataset) -> Controller:
    """Return the controller with a PCA of two dimensions trained on the digits."""
    controller.workspace.add_data(digits)
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    assert controller.workspace.codes is not None
    return controller


@pytest.fixture
def show(qtbot: QtBot) -> Callable[..., Any]:
    """Return a function that makes a page and shows it."""

    def made(controller: Controller, name: str) -> Any:
        page = PAGES[name].make(controller)
        qtbot.addWidget(page)
        page.resize(520, 320)
        page.show()
        qtbot.waitExposed(page)
        return page

    return made
