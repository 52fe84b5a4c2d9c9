"""The band of samples goes along with the decoded curve, and only generative models have one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.panels.band import KEY
from explorer.gui.panels.decode import DecodePanel


@pytest.fixture
def panel(controller: Controller, sines: Dataset, qtbot: QtBot) -> DecodePanel:
    controller.workspace.add_data(sines)
    made = DecodePanel(controller)
    qtbot.addWidget(made)
    made.resize(420, 420)
    made.show()
    controller.trainer.start("vae", {"epochs": 3, "latent_dim": 2}, None)
    controller.hand.place_on(5)
    return made


def ends(panel: DecodePanel) -> tuple[np.ndarray, np.ndarray] | None:
    plot = panel.view.plot
    assert plot is not None
    return None if plot._filled_ends is None else plot._filled_ends[0]


def test_it_holds_the_decoded_curve(panel: DecodePanel) -> None:
    decoded = panel.controller.hand.last
    found = ends(panel)
    assert decoded is not None and found is not None
    low, high = found
    assert low.shape == decoded.sample.shape
    assert (high > low).all()
    assert ((low < decoded.sample) & (decoded.sample < high)).mean() > 0.9
    assert panel.view.legend.chip(KEY).isVisible()


def test_it_moves_along_until_the_next_one_is_there(panel: DecodePanel, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = panel.controller.hand
    before, was = ends(panel), hand.last.sample
    asked: list = []
    latest = panel.controller.jobs.latest

    def only_decode(key, task, request, **more):
        asked.append(task)
        return latest(key, task, request, **more) if task == "decode" else None

    monkeypatch.setattr(panel.controller.jobs, "latest", only_decode)
    hand.set_code(hand.z + 0.5)
    assert "draw_band" in asked
    np.testing.assert_allclose(ends(panel)[0] - before[0], hand.last.sample - was, atol=1e-5)


def test_its_chip_hides_it_and_stops_the_work(
    panel: DecodePanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chip = panel.view.legend.chip(KEY)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert ends(panel) is None
    asked: list = []
    latest = panel.controller.jobs.latest
    monkeypatch.setattr(
        panel.controller.jobs, "latest", lambda key, task, *a, **k: (asked.append(task), latest(key, task, *a, **k))[1]
    )
    panel.controller.hand.set_code(panel.controller.hand.z + 0.1)
    assert "draw_band" not in asked and ends(panel) is None
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert "draw_band" in asked and ends(panel) is not None


def test_another_run_that_draws_no_samples_has_none(panel: DecodePanel) -> None:
    panel.controller.trainer.start("pca", {"latent_dim": 2}, None)
    assert ends(panel) is None
    assert not panel.view.legend.chip(KEY).isVisible()
