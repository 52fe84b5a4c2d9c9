"""Sliders for the code: they move the handle, follow it, and show what lies at their ends."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.panels.code import ENDS_MS, MOST, STEPS, CodePanel
from explorer.models.base import LatentModel


def shown(controller: Controller, qtbot: QtBot) -> CodePanel:
    panel = CodePanel(controller)
    qtbot.addWidget(panel)
    panel.resize(640, 200)
    panel.show()
    return panel


@pytest.fixture
def panel(trained: Controller, qtbot: QtBot) -> CodePanel:
    return shown(trained, qtbot)


def model_of(controller: Controller) -> LatentModel:
    run = controller.workspace.run
    assert run is not None
    return LatentModel.from_bytes(controller.workspace.project.weights(run.id)[0])


def test_empty_states(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = shown(controller, qtbot)
    assert panel.stages.stage == "data"
    qtbot.mouseClick(panel.findChild(QPushButton, "code-open"), Qt.MouseButton.LeftButton)
    assert controller.workspace.data is not None and panel.stages.stage == "model"


def test_the_most_used_dimension_comes_first(panel: CodePanel) -> None:
    codes = panel.controller.workspace.codes
    assert codes is not None and len(panel.rows) == 2
    first = int(codes.var(axis=0).argmax())
    assert panel.rows[0].axis == first
    share = codes.var(axis=0)[first] / codes.var(axis=0).sum()
    assert panel.rows[0].name.text() == f"z{first + 1} · {share:.0%} of the variance"
    assert panel.order.text() == "All dimensions, ordered by variance"


def test_a_slider_moves_the_handle_along_its_dimension(panel: CodePanel, qtbot: QtBot) -> None:
    hand, row = panel.controller.hand, panel.rows[0]
    before = hand.z.copy()
    row.slider.setFocus()
    at = row.slider.value()
    QTest.keyClick(row.slider, Qt.Key.Key_PageUp)
    assert row.slider.value() == at + STEPS // 20
    expected = row.low + (row.high - row.low) * row.slider.value() / STEPS
    assert hand.z[row.axis] == pytest.approx(expected)
    others = np.arange(len(before)) != row.axis
    np.testing.assert_array_equal(hand.z[others], before[others])
    assert hand.last is not None and hand.last.z[row.axis] == pytest.approx(expected)
    assert row.value.text() == f"{expected:.2f}".replace("-", "−")


def test_the_sliders_follow_the_handle_and_stop_at_their_ends(panel: CodePanel) -> None:
    row = panel.rows[0]
    z = panel.controller.hand.z.copy()
    z[row.axis] = (row.low + row.high) / 2
    panel.controller.hand.set_code(z)
    assert row.slider.value() == STEPS // 2
    z[row.axis] = row.high + 100
    panel.controller.hand.set_code(z)
    assert row.slider.value() == STEPS
    assert panel.controller.hand.z[row.axis] == row.high + 100  # the slider follows and does not pull it back


def test_the_ends_are_what_the_model_decodes_there(panel: CodePanel, qtbot: QtBot) -> None:
    asked: list = []
    jobs = panel.controller.jobs
    latest = jobs.latest
    jobs.latest = lambda key, task, request, **more: (asked.append((task, request)), latest(key, task, request, **more))  # type: ignore[method-assign]
    z = panel.controller.hand.z.copy()
    panel.controller.hand.set_code(z + 0.25)
    qtbot.waitUntil(lambda: any(task == "draw_ends" for task, _ in asked), timeout=20 * ENDS_MS)
    request = next(request for task, request in reversed(asked) if task == "draw_ends")
    np.testing.assert_array_equal(request.z, z + 0.25)
    assert [(row.low, row.high) for row in panel.rows] == list(zip(request.low, request.high, strict=True))
    pictures = [label.pixmap().toImage() for row in panel.rows for label in row.ends]
    assert all(not picture.isNull() for picture in pictures)
    assert pictures[0] != pictures[1]


def test_of_a_wide_code_the_most_used_dimensions_have_sliders(trained: Controller, qtbot: QtBot) -> None:
    panel = shown(trained, qtbot)
    trained.trainer.start("pca", {"latent_dim": 12}, None)
    assert len(panel.rows) == MOST
    assert panel.order.text() == f"{MOST} of 12 dimensions, ordered by variance"
    codes = trained.workspace.codes
    assert [row.axis for row in panel.rows] == np.argsort(-codes.var(axis=0), kind="stable")[:MOST].tolist()


def test_a_distribution_of_codes_is_ordered_by_its_divergence(trained: Controller, qtbot: QtBot) -> None:
    panel = shown(trained, qtbot)
    trained.trainer.start("vae", {"latent_dim": 3, "epochs": 3}, None)
    assert panel.order.text() == "All dimensions, ordered by KL divergence from the prior"
    model, data = model_of(trained), trained.workspace.data
    assert [row.axis for row in panel.rows] == np.argsort(-model.divergence(data), kind="stable").tolist()


def test_nothing_is_asked_while_nobody_looks(panel: CodePanel, qtbot: QtBot) -> None:
    qtbot.wait(2 * ENDS_MS)
    panel.set_seen(False)
    asked: list[str] = []
    jobs = panel.controller.jobs
    latest = jobs.latest
    jobs.latest = lambda key, task, *rest, **more: (asked.append(task), latest(key, task, *rest, **more))  # type: ignore[method-assign]
    panel.controller.hand.set_code(panel.controller.hand.z + 0.1)
    qtbot.wait(2 * ENDS_MS)
    assert set(asked) == {"decode"}
    row = panel.rows[0]
    z = panel.controller.hand.z.copy()
    z[row.axis] = (row.low + row.high) / 2
    panel.controller.hand.set_code(z)
    panel.set_seen(True)
    assert row.slider.value() == STEPS // 2, "it has caught up"
    qtbot.waitUntil(lambda: "draw_ends" in asked, timeout=20 * ENDS_MS)
