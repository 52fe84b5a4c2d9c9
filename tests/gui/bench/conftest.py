"""The window of the bench over small data, its work done at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.bench import trials
from explorer.gui.bench.window import BenchWindow
from explorer.gui.controller import Controller
from tests.gui.sync_jobs import make_controller


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing count as slow because the machine of the test is."""
    monkeypatch.setattr(trials, "FRAME_SECONDS", 60.0)


@pytest.fixture
def controller(qapp: QApplication, tmp_path: Path) -> Iterator[Controller]:
    made = make_controller(tmp_path)
    yield made
    made.close()


def waves(*, paired: bool = True, channels: int = 1, steps: int = 60) -> Dataset:
    """Return forty noisy waves of two classes, with their clean selves where `paired`."""
    rng = np.random.default_rng(0)
    phase = rng.uniform(0, 2 * np.pi, (40, 1, channels))
    clean = np.sin(phase + 2 * np.pi * np.arange(steps)[None, :, None] / 20).astype(np.float32)
    noisy = clean + rng.normal(0, 0.4, clean.shape).astype(np.float32)
    return Dataset(
        values=noisy, targets=clean if paired else None, name="waves", unit="mV", sampling_rate=10.0,
        labels=np.arange(40) % 2, class_names=("a", "b"),
    )  # fmt: skip


@pytest.fixture
def open_bench(controller: Controller, qtbot: QtBot) -> Callable[..., BenchWindow]:
    """Return a function that opens the bench on some data."""

    def opened(data: Dataset | None) -> BenchWindow:
        if data is not None:
            controller.workspace.add_data(data)
        window = BenchWindow(controller)
        qtbot.addWidget(window)
        window.resize(1180, 740)
        window.show()
        qtbot.waitExposed(window)
        return window

    return opened
