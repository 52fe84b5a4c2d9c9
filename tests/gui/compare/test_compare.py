"""Two runs side by side: linked maps, measures with the better marked, and PCA beside any run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel

from explorer.data.dataset import Dataset
from explorer.gui.compare.measures import MEASURES, winner, written
from explorer.gui.compare.window import CompareWindow
from explorer.gui.controller import Controller
from explorer.gui.jobs import Jobs
from explorer.gui.theme import theme
from explorer.training.history import Epoch, History
from explorer.workspace.messages import Compared, EpochUpdate, ModelRef
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.stored_layouts import MapLayout
from explorer.workspace.workspace import Workspace
from tests.gui.sync_jobs import SyncJobs

LEFT = Qt.MouseButton.LeftButton
N = 60


class Errand:
    """A task that is answered when the test says so."""

    def __init__(self, task: str, request: Any, calls: dict[str, Any]) -> None:
        self.task, self.request, self.calls = task, request, calls
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True

    def drop(self) -> None:
        self.calls = {}


class Patient(Jobs):
    """Writes down what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.errands: list[Errand] = []

    def submit(self, task: str, request: Any, **calls: Any) -> Any:
        self.errands.append(Errand(task, request, calls))
        return self.errands[-1]

    def latest(self, key: str, task: str, request: Any, **calls: Any) -> None:
        self.errands.append(Errand(task, request, calls))


def data() -> Dataset:
    rng = np.random.default_rng(0)
    labels = np.arange(N) % 3
    values = (rng.normal(size=(N, 12)) + 2 * labels[:, None]).astype(np.float32)
    return Dataset(values=values, name="thirds", labels=labels, class_names=("a", "b", "c"))


def codes_of(seed: int, dims: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(N, dims)).astype(np.float32)


@pytest.fixture
def make(qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., CompareWindow]]:
    """Return a function that opens the window on a project with runs of these widths."""
    kept: list[Workspace] = []

    def build(*widths: int, jobs: Jobs | None = None, layouts: bool = False) -> CompareWindow:
        theme().choose("light")
        project = ProjectFile.create(tmp_path / f"{len(kept)}.latentscape")
        project.add_data(data())
        for i, dims in enumerate(widths, 1):
            run = project.add_run(Run(id=0, name=f"Run {i}", data=1, recipe="autoencoder", status="done"))
            project.write_snapshot(run.id, b"weights", codes_of(i, dims), History())
            if layouts:
                places = np.random.default_rng(i).normal(size=(N, 3)).astype(np.float32)
                project.write_layout(MapLayout(run.id, "umap", 3, 1, 0, places))
        project.set_state("active_data", 1)
        if widths:
            project.set_state("active_run", len(widths))
        space = Workspace(project)
        kept.append(space)
        controller = Controller(space, jobs or Patient())
        window = CompareWindow(controller)
        window.controller_kept = controller
        qtbot.addWidget(window)
        window.compare()
        window.show()
        qtbot.waitExposed(window)
        return window

    yield build
    for space in kept:
        space.close()


def asked(window: CompareWindow) -> list[Errand]:
    return [errand for errand in window.controller_kept.jobs.errands if errand.task == "compare_runs"]


def answer(window: CompareWindow, **measures: tuple[float, float]) -> None:
    errand = asked(window)[-1]
    better = {name: {"reconstruction_mse": "lower", "kl": ""}.get(name, "higher") for name in measures}
    request = errand.request
    errand.calls["on_result"](
        Compared(request.first, request.second, measures, better, {"cka": 0.5, "procrustes": float("nan")}, 9)
    )


def choose(box: QComboBox, text: str) -> None:
    index = box.findText(text)
    assert index >= 0, [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(index)
    box.activated.emit(index)


def names(window: CompareWindow) -> list[str]:
    return [side.run_box.currentText() for side in window.sides]


# The pair


def test_the_active_run_stands_beside_the_newest_other(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2, 2)
    assert names(window) == ["Run 3", "Run 2"]
    np.testing.assert_array_equal(window.sides[0].canvas.points.x, codes_of(3)[:, 0])
    np.testing.assert_array_equal(window.sides[1].canvas.points.x, codes_of(2)[:, 0])
    assert window.windowTitle() == "Compare Run 3 and Run 2"


def test_another_run_is_chosen_and_the_same_one_swaps(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2, 2)
    choose(window.sides[1].run_box, "Run 1")
    assert names(window) == ["Run 3", "Run 1"]
    choose(window.sides[1].run_box, "Run 3")
    assert names(window) == ["Run 1", "Run 3"], "a run stands on one side only"
    QTest.mouseClick(window.swap, LEFT)
    assert names(window) == ["Run 3", "Run 1"]
    np.testing.assert_array_equal(window.sides[1].canvas.points.x, codes_of(1)[:, 0])


def test_one_run_alone_says_what_to_do(make: Callable[..., CompareWindow]) -> None:
    window = make(2)
    button = window.findChild(QAbstractButton, "compare_only_pca")
    assert button.isVisible()
    assert not asked(window)


def test_a_deleted_run_gives_way_to_another(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2, 2)
    window.controller_kept.workspace.delete_run(2)
    assert names(window) == ["Run 3", "Run 1"]
    window.controller_kept.workspace.undo()
    assert window.sides[1].run_box.findText("Run 2") >= 0, "and can be chosen again"


def test_a_new_name_is_shown(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    window.controller_kept.workspace.rename_run(1, "the best")
    assert names(window) == ["Run 2", "the best"]


def test_views_of_a_wide_code(make: Callable[..., CompareWindow]) -> None:
    window = make(5, 2, layouts=True)
    wide, flat = window.sides[1], window.sides[0]
    assert [wide.view_box.itemText(i) for i in range(wide.view_box.count())] == [
        "z1 × z2", "PCA", "PCA 3-D", "UMAP 3-D",
    ]  # fmt: skip
    assert wide.view_box.currentText() == "PCA"
    assert not flat.view_box.isEnabled()
    choose(wide.view_box, "UMAP 3-D")
    assert wide.canvas.turning.active
    choose(wide.view_box, "z1 × z2")
    np.testing.assert_array_equal(wide.canvas.points.y, codes_of(1, 5)[:, 1])
    assert not wide.canvas.turning.active


def test_a_run_that_trains_on_moves_its_map(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    workspace = window.controller_kept.workspace
    later = codes_of(2) * 1.1
    epoch = Epoch(1, {"loss": 1.0}, {}, 0.1)
    answer(window, trustworthiness=(0.9, 0.8))
    workspace.note_epoch(EpochUpdate(run=2, epoch=epoch, total_epochs=5, version=9, codes=later))
    np.testing.assert_allclose(window.sides[0].canvas.points.x, later[:, 0])
    assert "trained on since" in window.status.text()
    assert window.again.isVisible()
    QTest.mouseClick(window.again, LEFT)
    assert asked(window)[-1].request.first.version == 9


# Linked


def test_what_is_selected_on_one_map_is_selected_on_the_other(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    one, two = (side.canvas for side in window.sides)
    one.set_tool("box")
    assert two.tool == "box"
    frame = one.view.frame
    start, end = QPoint(round(frame.left + 70), round(frame.top + 20)), QPoint(round(frame.right - 20), 260)
    QTest.mousePress(one, LEFT, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(one, QPoint(200, 200))
    QTest.mouseMove(one, end)
    QTest.mouseRelease(one, LEFT, Qt.KeyboardModifier.NoModifier, end)
    chosen = window.controller_kept.workspace.selection
    assert 0 < len(chosen) < N
    for canvas in (one, two):
        np.testing.assert_array_equal(np.flatnonzero(canvas.points.selected), chosen)
    assert window.clear.text() == f"{len(chosen)} selected  ✕"
    QTest.mouseClick(window.clear, LEFT)
    assert not len(window.controller_kept.workspace.selection)
    assert not two.points.selected.any()


def test_the_pointer_on_one_map_is_echoed_on_the_other(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    one, two = (side.canvas for side in window.sides)
    px, py = one.view.to_px(one.points.x, one.points.y)
    index = next(i for i in range(N) if one.childAt(round(px[i]), round(py[i])) is None)
    found = one.point_at(px[index], py[index], 8)
    before = two.grab().toImage()
    QTest.mouseMove(one, QPoint(round(px[index]), round(py[index])))
    assert one.moving.hovered == two.moving.echo == found
    assert two.grab().toImage() != before
    QTest.mouseMove(one, QPoint(3, 3))
    assert two.moving.echo == -1
    assert two.grab().toImage() == before


def test_both_are_coloured_alike(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    choose(window.colour_box, "part")
    assert window.controller_kept.workspace.colouring == "split"
    for side in window.sides:
        assert side.canvas._colouring.title == "part"
    assert not window.sides[0].canvas.legend.isVisible(), "one legend serves both"
    assert window.sides[1].canvas.legend.isVisible()


def test_there_is_no_handle_to_drag(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    canvas = window.sides[0].canvas
    told: list[Any] = []
    canvas.handle_moved.connect(told.append)
    QTest.keyClick(canvas, Qt.Key.Key_D)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(300, 150))
    assert canvas.tool == "box"
    assert not told
    assert canvas.handle_px() is None


# Measures


def test_the_better_of_each_is_marked(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    answer(window, reconstruction_mse=(0.5, 0.25), knn_accuracy=(0.912, 0.7), kl=(3.0, float("nan")))

    def cell(name: str, side: int) -> tuple[str, bool]:
        label = window.findChild(QLabel, f"compare_{name}_{side}")
        return label.text(), window.findChild(QLabel, f"compare_{name}_{side}_better") is not None

    assert (cell("reconstruction_mse", 0), cell("reconstruction_mse", 1)) == (("0.500", False), ("0.250", True))
    assert (cell("knn_accuracy", 0), cell("knn_accuracy", 1)) == (("91.2 %", True), ("70.0 %", False))
    assert (cell("kl", 0), cell("kl", 1)) == (("3.00", False), ("–", False))
    assert window.findChild(QLabel, "compare_kl_1").toolTip() == "Not defined for Run 1"
    assert "the better" in window.findChild(QLabel, "compare_reconstruction_mse_1").accessibleName()
    assert "9 samples of the test part" in window.status.text()
    assert "linear CKA 0.50" in window.status.text()
    assert "Procrustes" not in window.status.text(), "what is not known is not told"


def test_progress_is_shown_and_can_be_cancelled(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    errand = asked(window)[-1]
    assert window.progress.isVisible()
    errand.calls["on_progress"](0.5, "", None, 12.0)
    assert window.progress.value() == 500
    assert "12 s left" in window.status.text()
    QTest.mouseClick(window.cancel, LEFT)
    assert errand.cancelled
    assert not window.progress.isVisible()
    assert window.status.text() == "Not measured"
    QTest.mouseClick(window.again, LEFT)
    assert len(asked(window)) == 2


def test_a_failure_is_told_in_place(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    asked(window)[-1].calls["on_error"](ValueError("the data do not fit"))
    assert window.status.text() == "the data do not fit"


def test_a_late_answer_about_another_pair_is_not_shown(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2, 2)
    late = asked(window)[-1]
    calls = dict(late.calls)
    choose(window.sides[1].run_box, "Run 1")
    assert late.cancelled
    model = ModelRef("p", 1, 1)
    calls["on_result"](Compared(model, model, {"kl": (1.0, 2.0)}, {"kl": ""}, {}, 5))
    assert window.comparison.result is None


def test_closing_stops_the_measuring(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    window.close()
    assert asked(window)[-1].cancelled


@pytest.mark.parametrize(
    ("pair", "better", "expected"),
    [
        ((1.0, 2.0), "lower", 0), ((1.0, 2.0), "higher", 1), ((1.0, 2.0), "", None), ((1.0, 1.0), "lower", None),
        ((1.0, 1.0005), "lower", None), ((float("nan"), 1.0), "lower", None), ((0.0, 0.0), "higher", None),
    ],
)  # fmt: skip
def test_who_wins(pair: tuple[float, float], better: str, expected: int | None) -> None:
    assert winner(pair, better) == expected


def test_measures_are_written_as_people_read_them() -> None:
    assert written(0.7213, MEASURES["linear_accuracy"]) == "72.1 %"
    assert written(3.0, MEASURES["latent_dim"]) == "3"
    assert written(float("nan"), MEASURES["kl"]) == "–"
    assert written(0.04471, MEASURES["reconstruction_mse"]) == "0.0447"


def test_every_measure_of_the_analysis_has_words() -> None:
    from explorer.analysis.comparison import BETTER

    assert set(BETTER) == set(MEASURES)


# PCA beside a run


@pytest.fixture
def trained(make: Callable[..., CompareWindow]) -> CompareWindow:
    """A window on a project with one real run, where work is done at once."""
    window = make(jobs=SyncJobs())
    window.controller_kept.trainer.start("autoencoder", {"latent_dim": 3, "hidden": [8], "epochs": 2}, None)
    return window


def test_pca_of_the_same_width_is_trained_once_and_put_beside(trained: CompareWindow) -> None:
    controller = trained.controller_kept
    first = controller.workspace.run
    button = trained.findChild(QAbstractButton, "compare_only_pca")
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)
    assert [trained.comparison.run(side).recipe for side in (0, 1)] == ["autoencoder", "pca"]
    assert trained.comparison.run(1).params["latent_dim"] == 3
    assert controller.workspace.run.id == first.id, "the large map goes on showing what it did"
    measures = trained.comparison.result.measures
    assert {"reconstruction_mse", "trustworthiness", "continuity", "latent_dim"} <= set(measures)
    assert measures["latent_dim"] == (3.0, 3.0)
    assert trained.findChild(QLabel, "compare_trustworthiness_0").isVisible()
    count = len(controller.workspace.runs)
    trained.compare(first.id, pca=True)
    assert len(controller.workspace.runs) == count, "the one that there is serves again"
    choose(trained.sides[0].run_box, trained.comparison.run(1).name)
    assert not trained.with_pca.isEnabled(), "PCA beside itself tells nothing"


def test_pca_is_not_trained_beside_another_training(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    controller = window.controller_kept
    told: list[Exception] = []
    controller.failed.connect(told.append)
    controller.trainer.start("autoencoder", {"epochs": 5}, None)
    QTest.mouseClick(window.with_pca, LEFT)
    assert "a training is under way" in str(told[0])
    assert not window.comparison.waiting


def test_while_pca_trains_the_window_says_so(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    workspace = window.controller_kept.workspace
    QTest.mouseClick(window.with_pca, LEFT)
    assert window.status.text() == "Training a PCA of the same width …"
    assert not window.with_pca.isEnabled()
    assert workspace.run.id == 2
    new = workspace.runs[0]
    workspace.project.write_snapshot(new.id, b"w", codes_of(9), History())
    workspace.project.change_run(new.id, status="done")
    workspace._set_run(msgspec.structs.replace(workspace.project.run(new.id)))
    assert names(window) == ["Run 2", new.name]
    assert not window.comparison.waiting


# The window


def test_every_control_has_a_name_and_a_tip(make: Callable[..., CompareWindow]) -> None:
    window = make(5, 5)
    window.controller_kept.workspace.select([1, 2])
    for control in [*window.findChildren(QComboBox), *window.findChildren(QAbstractButton)]:
        if control.isVisible():
            assert control.objectName(), control
            assert control.accessibleName(), control.objectName()
            assert control.toolTip(), control.objectName()


def test_it_follows_the_theme(make: Callable[..., CompareWindow]) -> None:
    window = make(2, 2)
    answer(window, trustworthiness=(0.9, 0.8))
    for choice in ("dark", "light"):  # the first change lays out the table that has just been filled
        theme().choose(choice)
        window.grab()
    light = window.grab().toImage()
    theme().choose("dark")
    assert window.grab().toImage() != light
    theme().choose("light")
    assert window.grab().toImage() == light
