"""The gauge beside the decoded sample says whether the model knows what it decodes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from explorer.gui.controller import Controller
from explorer.gui.panels.decode import DecodePanel
from explorer.gui.panels.gauge import CodeGauge
from explorer.gui.widgets.meters import Mark, Meters
from explorer.models.recipes.pca import PCA


def make_gauge(controller: Controller, qtbot: QtBot) -> CodeGauge:
    panel = DecodePanel(controller)
    qtbot.addWidget(panel)
    panel.resize(340, 300)
    panel.show()
    return panel.gauge


def judge(gauge: CodeGauge, controller: Controller, z: np.ndarray) -> None:
    controller.hand.set_code(z)
    gauge._asking.flush()


def test_a_sample_is_on_the_manifold_and_far_away_is_a_guess(trained: Controller, qtbot: QtBot) -> None:
    gauge = make_gauge(trained, qtbot)
    codes = trained.workspace.codes
    assert codes is not None
    angle = np.arctan2(codes[:, 1], codes[:, 0])
    usual = int(np.argsort(np.abs(angle))[0])
    judge(gauge, trained, codes[usual])
    assert gauge.last is not None
    assert [mark.name for mark in gauge.meters.marks] == ["distance", "density", "re-encoding"]
    assert gauge.verdict.text().startswith(("On the manifold", "At the edge"))
    judge(gauge, trained, np.array([500.0, 0.0]))
    assert gauge.verdict.text() == "Off the manifold, a guess (distance and density)"
    assert [mark.level for mark in gauge.meters.marks] == [2, 2, 0]  # PCA is linear: what it decodes comes back
    assert "higher than for any sample" in gauge.meters.marks[0].tip
    assert gauge.meters.accessibleDescription().count(";") >= 2


def test_a_hand_on_its_way_is_not_judged_at_every_move(trained: Controller, qtbot: QtBot) -> None:
    gauge = make_gauge(trained, qtbot)
    judge(gauge, trained, np.zeros(2))
    before = len([task for task, _ in trained.jobs.asked if task == "gauge_code"])
    for step in range(30):
        trained.hand.move(np.array([step / 10, 0.0]))
    asked = len([task for task, _ in trained.jobs.asked if task == "gauge_code"]) - before
    assert asked <= 1
    qtbot.waitUntil(lambda: gauge.last is not None and gauge.last.z[0] == pytest.approx(2.9))


def test_nobody_looks_nobody_asks(trained: Controller, qtbot: QtBot) -> None:
    gauge = make_gauge(trained, qtbot)
    gauge.parentWidget().hide()
    before = len(trained.jobs.asked)
    trained.hand.set_code(np.zeros(2))
    assert [task for task, _ in trained.jobs.asked[before:]] == ["decode"]


def test_without_samples_to_judge_by_there_is_no_gauge(
    controller: Controller, qtbot: QtBot, sines: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    gauge = make_gauge(controller, qtbot)
    assert gauge.isHidden()
    monkeypatch.setattr(PCA, "decodes", "masks")
    controller.workspace.add_data(sines)
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    assert [mark.name for mark in gauge.meters.marks] == ["distance", "density"]


def test_meters_stand_beside_each_other_or_under_each_other_and_explain_themselves(qtbot: QtBot) -> None:
    meters = Meters()
    qtbot.addWidget(meters)
    marks = [
        Mark(name, place, level, f"{name} in full") for name, place, level in (("one", 0.1, 0), ("re-encoding", 2.0, 2))
    ]
    meters.show_marks(marks)
    meters.resize(300, 60)
    meters.show()
    first, second = meters.cells()
    assert first.top() == second.top() and second.left() > first.right()
    meters.grab()
    QApplication.sendEvent(meters, QHelpEvent(QHelpEvent.Type.ToolTip, second.center().toPoint(), QPoint(9, 9)))
    assert QToolTip.text() == "re-encoding in full"
    QToolTip.hideText()
    meters.resize(90, 60)
    first, second = meters.cells()
    assert second.top() >= first.bottom()
    assert meters.heightForWidth(90) == 2 * meters.heightForWidth(300)
