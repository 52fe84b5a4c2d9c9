"""The whole loop in the real window, by mouse and keys: load, train, drag, denoise, export, save, reopen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from explorer.analysis.look import FigureStyle
from explorer.data.generated import make
from explorer.gui.controller import Controller
from explorer.gui.dialogs.find_data import FindDataDialog
from explorer.gui.jobs import Jobs
from explorer.gui.main_window import MainWindow
from explorer.gui.panels.model import ModelPanel
from explorer.gui.theme import install_theme
from explorer.models.base import LatentModel
from explorer.workspace.places import untitled_path
from explorer.workspace.project import ProjectFile
from explorer.workspace.workspace import Workspace

LONG = 60_000
Open = Callable[[Path | None], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication) -> Iterator[Open]:
    """Return a function that opens the window on a project, or on a new one."""
    install_theme(qapp)
    windows: list[MainWindow] = []

    def opened(path: Path | None = None) -> MainWindow:
        project = ProjectFile.create(untitled_path()) if path is None else ProjectFile.open(path)
        window = MainWindow()
        windows.append(window)
        window.attach(Controller(Workspace(project, read_files=False), Jobs()))
        with qtbot.waitSignal(window.furnished, timeout=LONG):
            window.show()
        window.controller.begin()
        return window

    yield opened
    for window in windows:
        window.close()
        window.controller.jobs.deleteLater()
        window.deleteLater()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a CSV file of series, a row a sample, with labels, in a folder with a Chinese name."""
    data = make("sines", n=120, seed=3)
    path = tmp_path / "数据" / "心电 sines.csv"
    path.parent.mkdir()
    header = ",".join([f"t{i}" for i in range(50)] + ["label"])
    rows = [
        ",".join([*(f"{v:.6g}" for v in row[:, 0]), "even" if i % 2 else "odd"]) for i, row in enumerate(data.values)
    ]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def dialog(qtbot: QtBot, name: str) -> QDialog:
    def shown() -> list[QDialog]:
        return [w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()), timeout=LONG)
    return shown()[0]


def press(widget: QPushButton) -> None:
    assert widget.isEnabled(), widget.toolTip()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def train(qtbot: QtBot, window: MainWindow, recipe: str, **params: object) -> None:
    panel = window.panel("model")
    assert isinstance(panel, ModelPanel)
    panel.set_settings(recipe, dict(params), None)
    press(panel.train_button)
    assert window.controller.trainer.running
    qtbot.waitUntil(lambda: not window.controller.trainer.running, timeout=LONG)
    run = window.controller.workspace.run
    assert run is not None
    assert run.status == "done", run.error


def drag(qtbot: QtBot, window: MainWindow, dx: int, dy: int) -> None:
    """Drag the handle with the mouse, and wait for the decode of where it ends."""
    canvas, controller = window.map.canvas, window.controller
    start = canvas.handle_position().toPoint()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, pos=start)
    for step in range(1, 9):
        QTest.mouseMove(canvas, start + QPoint(dx, dy) * step / 8)
    QTest.mouseRelease(canvas, left, pos=start + QPoint(dx, dy))
    handle = controller.hand.z
    assert handle is not None
    qtbot.waitUntil(
        lambda: controller.hand.last is not None and np.array_equal(controller.hand.last.z, handle), timeout=LONG
    )


def test_the_whole_loop_on_a_file(qtbot: QtBot, open_window: Open, table: Path, tmp_path: Path) -> None:
    window = open_window(None)
    controller, workspace = window.controller, window.controller.workspace

    # Load: the file is dropped on the window, looked at, and imported.
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(table))])
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    importing = dialog(qtbot, "import_dialog")
    button = importing.findChild(QPushButton, "import")
    assert isinstance(button, QPushButton)
    qtbot.waitUntil(button.isEnabled, timeout=LONG)
    press(button)
    qtbot.waitUntil(lambda: workspace.data is not None, timeout=LONG)
    data = workspace.data
    assert data is not None
    assert data.values.shape == (120, 50, 1)
    assert data.class_names == ("even", "odd")
    assert window.actions_.recent() == [str(table)]

    # Train.
    train(qtbot, window, "lstm-autoencoder", epochs=3, latent_dim=2, hidden=6)
    assert workspace.codes is not None
    assert workspace.codes.shape == (120, 2)

    # Drag: what is shown is what the model decodes at the handle's place.
    qtbot.waitUntil(lambda: controller.hand.z is not None, timeout=LONG)
    before = controller.hand.place
    drag(qtbot, window, 70, -50)
    assert not np.allclose(controller.hand.place, before)
    run = workspace.run
    assert run is not None
    model = LatentModel.from_bytes(workspace.project.weights(run.id)[0])
    assert controller.hand.z is not None
    expected = model.inverse_transform(controller.hand.z[None])[0]
    assert controller.hand.last is not None
    np.testing.assert_allclose(controller.hand.last.sample, expected, rtol=1e-5, atol=1e-6)

    # Denoise: the strength is moved by its slider.
    panel = window.panel("denoise")
    kind, slider = panel.findChild(QComboBox, "corruption"), panel.findChild(QSlider, "strength")
    assert isinstance(kind, QComboBox)
    assert isinstance(slider, QSlider)
    kind.setCurrentIndex(kind.findText("Gaussian noise"))
    for step in range(5):
        slider.setValue(slider.maximum() * (step + 1) // 6)
    qtbot.waitUntil(
        lambda: (
            controller.denoiser.last is not None and str(controller.denoiser.last.corruption).startswith("gaussian")
        ),
        timeout=LONG,
    )
    denoised = controller.denoiser.last
    assert denoised is not None
    assert denoised.clean is not None
    gain = 10 * np.log10(
        np.sum((denoised.noisy - denoised.clean) ** 2) / np.sum((denoised.denoised - denoised.clean) ** 2)
    )
    assert denoised.metrics["snr_gain_db"] == pytest.approx(gain, rel=1e-4)

    # Export.
    for kind_ in ("map", "loss", "decode", "denoise"):
        path = tmp_path / f"{kind_}.svg"
        controller.exporter.figure(kind_, str(path), FigureStyle())
        qtbot.waitUntil(path.exists, timeout=LONG)
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
    codes = tmp_path / "codes.npz"
    controller.exporter.codes(str(codes))
    qtbot.waitUntil(codes.exists, timeout=LONG)

    # Save by a name, and reopen: all of it is there, without a training.
    saved = tmp_path / "工程.latentscape"
    controller.librarian.save_as(str(saved))
    assert window.windowTitle().startswith("工程")
    codes_before = workspace.codes.copy()
    window.close()
    again = open_window(saved)
    reopened = again.controller.workspace
    qtbot.waitUntil(lambda: reopened.data is not None, timeout=LONG)
    np.testing.assert_array_equal(reopened.codes, codes_before)
    assert reopened.run is not None
    assert reopened.run.metrics == run.metrics
    drag(qtbot, again, 30, 30)


def test_the_map_lives_while_a_training_runs(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(None)
    controller, workspace = window.controller, window.controller.workspace
    workspace.add_data(make("sines", n=200))
    panel = window.panel("model")
    assert isinstance(panel, ModelPanel)
    panel.set_settings("lstm-autoencoder", {"epochs": 100_000, "latent_dim": 2, "patience": 0}, None)
    press(panel.train_button)
    qtbot.waitUntil(lambda: workspace.codes is not None and controller.hand.last is not None, timeout=LONG)
    first = workspace.codes
    drag(qtbot, window, 40, 20)
    qtbot.waitUntil(lambda: workspace.codes is not first, timeout=LONG)
    controller.trainer.pause()
    assert workspace.run is not None
    assert workspace.run.status == "paused"
    qtbot.wait(300)
    epochs = len(workspace.run.history.epochs)
    qtbot.wait(500)
    assert len(workspace.run.history.epochs) == epochs, "paused is paused"
    controller.trainer.resume()
    qtbot.waitUntil(lambda: len(workspace.run.history.epochs) > epochs, timeout=LONG)
    controller.trainer.cancel()
    qtbot.waitUntil(lambda: not controller.trainer.running, timeout=LONG)
    assert workspace.run.status == "cancelled"
    assert workspace.run.version > 0


def test_a_bad_file_leaves_what_is_open(qtbot: QtBot, open_window: Open, tmp_path: Path) -> None:
    window = open_window(None)
    workspace = window.controller.workspace
    workspace.add_data(make("curve"))
    bad = tmp_path / "not a project.latentscape"
    bad.write_bytes(b"SQLite format 3\0" + b"\xff" * 500)
    window.open_path(str(bad))
    told = dialog(qtbot, "error_dialog")
    assert any(bad.name in label.text() for label in told.findChildren(QLabel))
    told.close()
    window.controller.librarian.open_file(str(tmp_path / "missing.csv"))
    told = dialog(qtbot, "error_dialog")
    told.close()
    assert workspace.data is not None
    assert workspace.data.name == make("curve").name


def test_a_data_file_that_moved_is_asked_for(qtbot: QtBot, open_window: Open, table: Path, tmp_path: Path) -> None:
    window = open_window(None)
    controller, workspace = window.controller, window.controller.workspace
    controller.librarian.open_file(str(table))
    qtbot.waitUntil(lambda: workspace.data is not None, timeout=LONG)
    train(qtbot, window, "pca")
    saved = tmp_path / "p.latentscape"
    controller.librarian.save_as(str(saved))
    window.close()
    moved = tmp_path / "elsewhere.csv"
    table.rename(moved)
    again = open_window(saved)
    asking = dialog(qtbot, "find_data_dialog")
    assert again.controller.workspace.data is None
    assert again.controller.workspace.codes is not None, "the map needs no data file"
    assert isinstance(asking, FindDataDialog)
    asking.relocate(str(moved))
    qtbot.waitUntil(lambda: again.controller.workspace.data is not None, timeout=LONG)


def test_a_project_that_cannot_be_written_opens_as_a_copy_and_says_so(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shared.latentscape"
    ProjectFile.create(path).close()
    monkeypatch.setattr("os.access", lambda *_: False)
    window = open_window(path)
    assert window.controller.workspace.path != path
    notice = window.findChild(QLabel, "notice")
    assert notice is not None and "shared.latentscape cannot be written" in notice.text()


def test_undo_brings_a_deleted_run_back(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(None)
    workspace = window.controller.workspace
    workspace.add_data(make("digits"))
    train(qtbot, window, "pca")
    run, codes = workspace.run, workspace.codes
    assert run is not None
    workspace.delete_run(run.id)
    assert workspace.run is None
    assert window.actions_.undo.isEnabled()
    window.actions_.undo.trigger()
    assert workspace.run == run
    np.testing.assert_array_equal(workspace.codes, codes)
    qtbot.waitUntil(lambda: window.controller.hand.last is not None, timeout=LONG)


def test_every_control_says_what_it_is(qtbot: QtBot, open_window: Open) -> None:
    window = open_window(None)
    window.controller.workspace.add_data(make("sines", n=60))
    for panel in (window.map, *(window.panel(name) for name in window.docks)):
        for button in panel.findChildren(QPushButton):
            assert button.objectName(), f"{button.text()} has no name"
            assert button.toolTip(), f"{button.objectName()} has no tooltip"
            assert button.accessibleName() or button.text(), f"{button.objectName()} has no accessible name"
