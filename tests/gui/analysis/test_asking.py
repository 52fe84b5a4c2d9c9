"""What the pages share: empty states, progress, cancel, failure, what an answer is about, and when it is stale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.jobs import Jobs
from explorer.gui.panels.analysis.pages import PAGES
from explorer.workspace.messages import Spectrum
from explorer.workspace.project import ProjectFile
from explorer.workspace.workspace import Workspace

Show = Callable[..., Any]


class Held(Jobs):
    """Keeps what it is asked, so that a test can report progress and answer when it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[dict[str, Any]] = []
        self.cancelled = 0

    def submit(self, task: str, request: Any, **calls: Any) -> Any:
        self.calls.append({"task": task, "request": request, **calls})
        return self

    def latest(self, key: str, task: str, request: Any, **calls: Any) -> None:
        """Leave decodes unanswered."""

    def cancel(self) -> None:
        self.cancelled += 1

    def drop(self) -> None:
        pass


@pytest.fixture
def held(qapp: QApplication, tmp_path: Path, digits: Dataset) -> Any:
    controller = Controller(Workspace(ProjectFile.create(tmp_path / "held.latentscape")), Held())
    controller.workspace.add_data(digits)
    yield controller
    controller.close()


def spectrum(digits: Dataset) -> Spectrum:
    shape = digits.sample_shape
    return Spectrum(np.ones(2), np.array([0.5, 0.25]), 4.0, np.zeros(shape), np.ones((2, *shape)), 9)


@pytest.mark.parametrize("name", PAGES)
def test_without_data_and_without_a_model_it_says_what_to_do(
    controller: Controller, qtbot: QtBot, show: Show, name: str
) -> None:
    page = show(controller, name)
    assert page.stages.stage == "data"
    button = page.findChild(QPushButton, f"{name}-data")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert controller.workspace.data is not None
    assert page.stages.stage == ("ready" if name == "components" else "model")
    asked: list[int] = []
    page.train_requested.connect(lambda: asked.append(1))
    if name != "components":
        qtbot.mouseClick(page.findChild(QPushButton, f"{name}-train"), Qt.MouseButton.LeftButton)
        assert asked == [1]


@pytest.mark.parametrize("name", ["features", "pretraining", "forecast", "segments"])
def test_what_makes_no_sense_is_said_with_its_reason(controller: Controller, show: Show, name: str) -> None:
    controller.workspace.add_data(make("curve", n=60))
    controller.trainer.start("pca", {"latent_dim": 1}, None)
    data = controller.workspace.data
    page = show(controller, name)
    if name == "features" and any(column.dtype.kind == "f" for column in data.columns.values()):
        assert page.stages.stage == "ready", "a column of numbers can be predicted without labels"
    else:
        assert page.stages.stage == "cannot"
        assert page.obstacle().endswith(".")


def test_progress_is_shown_and_can_be_cancelled(held: Controller, qtbot: QtBot, show: Show, digits: Dataset) -> None:
    page, jobs = show(held, "components"), held.jobs
    assert isinstance(jobs, Held)
    qtbot.mouseClick(page.findChild(QPushButton, "components-start"), Qt.MouseButton.LeftButton)
    assert page.stages.stage == "working"
    assert page.progress.maximum() == 0, "how far it is is not known yet"
    call = jobs.calls[-1]
    assert call["lane"] == "study"
    call["on_progress"](0.25, "rows", None, 42.0)
    assert page.progress.value() == 250
    assert page.progress_words.text() == "rows · 0:42 left"
    qtbot.mouseClick(page.cancel_button, Qt.MouseButton.LeftButton)
    assert jobs.cancelled == 1
    assert page.stages.stage == "ready"
    call["on_result"](spectrum(digits))
    assert page.stages.stage == "ready", "an answer that comes after the cancel is not shown"


def test_a_failure_is_told_and_the_question_can_be_asked_again(
    held: Controller, qtbot: QtBot, show: Show, digits: Dataset
) -> None:
    page = show(held, "components")
    page.ask()
    held.jobs.calls[-1]["on_error"](InputError("too few samples", remedy="Open more"))
    assert page.banner.level == "bad"
    assert "too few samples" in page.banner.text
    assert "Open more" in page.banner.text
    page.ask()
    assert page.banner.text == ""
    held.jobs.calls[-1]["on_result"](spectrum(digits))
    assert page.stages.stage == "body"
    assert page.basis_words.text() == "Handwritten digits; 9 training samples"


def test_other_data_forget_the_answer_and_drop_what_is_under_way(
    held: Controller, qtbot: QtBot, show: Show, digits: Dataset
) -> None:
    page = show(held, "components")
    page.ask()
    held.jobs.calls[-1]["on_result"](spectrum(digits))
    page.ask()
    late = held.jobs.calls[-1]
    held.workspace.add_data(make("sines", n=30))
    assert held.jobs.cancelled == 1
    assert page.stages.stage == "ready"
    late["on_result"](spectrum(digits))
    assert page.stages.stage == "ready"


def test_a_changed_setting_and_another_run_make_it_stale(trained: Controller, show: Show) -> None:
    page = show(trained, "clusters")
    page.count.setValue(3)
    page.ask()
    assert page.banner.text == ""
    assert page.basis_words.text() == "PCA 1; 240 codes"
    page.count.setValue(4)
    assert page.banner.text == "Settings changed, run again."
    page.count.setValue(3)
    assert page.banner.text == ""
    first = trained.workspace.run
    trained.trainer.start("pca", {"latent_dim": 3}, None)
    assert "another run" in page.banner.text
    trained.workspace.activate_run(first.id)
    assert page.banner.text == "", "the answer is of this run"


def test_a_hidden_page_does_nothing_until_it_is_seen(controller: Controller, qtbot: QtBot, digits: Dataset) -> None:
    page = PAGES["components"].make(controller)
    qtbot.addWidget(page)
    controller.workspace.add_data(digits)
    assert page.stages.stage != "ready"
    page.show()
    assert page.stages.stage == "ready"
