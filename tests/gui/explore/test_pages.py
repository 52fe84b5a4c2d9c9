"""The pages of the Explore dock: paths, palettes, ways from class to class, drawn samples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QFileDialog, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from explorer.gui.controller import Controller
from explorer.gui.dialogs.export import ExportDialog
from explorer.gui.panels.explore.pages import PAGES
from explorer.gui.plots.palette_grid import SIDE
from explorer.models.base import LatentModel

LEFT = Qt.MouseButton.LeftButton
Open = Callable[[Controller, str], Any]


def click(page: Any, name: str) -> None:
    QTest.mouseClick(page.findChild(QPushButton, name), LEFT)
    page.flush()


def choose(box: QComboBox, data: Any) -> None:
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def model_of(controller: Controller) -> LatentModel:
    run = controller.workspace.run
    assert run is not None
    return LatentModel.from_bytes(controller.workspace.project.weights(run.id)[0])


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_its_empty_states_and_explains_its_controls(
    controller: Controller, open_page: Open, name: str, qtbot: QtBot
) -> None:
    page = open_page(controller, name)
    assert page.stages.stage == "data"
    qtbot.mouseClick(page.findChild(QPushButton, f"{name}-data"), LEFT)
    page.flush()
    assert page.stages.stage == "model"
    with qtbot.waitSignal(page.train_requested):
        qtbot.mouseClick(page.findChild(QPushButton, f"{name}-train"), LEFT)
    for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider):
        for widget in page.head.findChildren(kind):
            if widget.objectName().startswith("qt_"):
                continue
            assert widget.objectName() and widget.accessibleName(), widget
            assert widget.toolTip() or widget.objectName().startswith(("path-end", "palette-corner", "group-base"))


# Path


def mark_ends(page: Any, controller: Controller, a: int = 0, b: int = 1) -> None:
    for end, index in (("A", a), ("B", b)):
        controller.hand.place_on(index)
        click(page, f"path-end-{end}")


def test_a_path_is_marked_at_the_handle_and_its_steps_are_decoded(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "path")
    assert "A and B" in page.words.text()
    mark_ends(page, trained)
    codes = trained.workspace.codes
    assert codes is not None
    assert page.ends["A"].text() == "A: 0" and page.ends["B"].text() == "B: 1"
    np.testing.assert_allclose(page._decoded.codes[[0, -1]], codes[[0, 1]])
    np.testing.assert_allclose(np.diff(page._decoded.codes, axis=0), [(codes[1] - codes[0]) / 8] * 8, atol=1e-6)
    expected = model_of(trained).inverse_transform(page._decoded.codes)
    np.testing.assert_allclose(page._decoded.samples, expected, atol=1e-5)
    assert page.strip.count() == 9
    assert page.strip.captions[0].startswith("A · ") and page.strip.captions[-1].startswith("B · ")
    assert "0 near" in page.strip.captions[4] and "guess" in page.words.text()


def test_the_map_shows_the_path_while_the_page_is_seen(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "path")
    mark_ends(page, trained)
    (sketch,) = trained.ways.sketches
    assert set(sketch.spots) == {"A", "B"} and len(sketch.points) == 7 and len(sketch.lines) == 1
    page.window().hide()
    assert trained.ways.sketches == ()


def test_a_step_that_is_clicked_has_the_handle(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "path")
    mark_ends(page, trained)
    rect = page.strip.visualItemRect(page.strip.item(3))
    QTest.mouseClick(page.strip.viewport(), LEFT, pos=rect.center())
    np.testing.assert_allclose(trained.hand.z, page._decoded.codes[3])


def test_ends_swap_and_steps_and_way_change_the_path(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "path")
    mark_ends(page, trained)
    before = page._decoded.codes
    click(page, "path-swap")
    np.testing.assert_allclose(page._decoded.codes, before[::-1], atol=1e-9)
    page.count.setValue(5)
    page.flush()
    assert page.strip.count() == 5
    choose(page.way, "spherical")
    page.flush()
    assert np.linalg.norm(page._decoded.codes[2]) > np.linalg.norm(before[4])


def test_the_overlay_shows_all_steps_over_each_other(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "path")
    mark_ends(page, trained)
    choose(page.shown, "overlay")
    assert page.body.currentWidget() is page.overlay
    assert len(page.overlay.keys) == 9
    np.testing.assert_allclose(page.overlay.values("step 8"), page._decoded.samples[8])
    choose(page.shown, "strip")
    assert page.body.currentWidget() is page.strip


def test_playing_moves_the_handle_along_the_path_and_stops_when_hidden(
    trained: Controller, open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(trained, "path")
    mark_ends(page, trained)
    a, b = (trained.ways.spot(end).code for end in "AB")
    QTest.mouseClick(page.play, LEFT)
    places: list[np.ndarray] = []
    trained.hand.moved.connect(lambda z: places.append(np.array(z)))
    qtbot.waitUntil(lambda: len(places) > 4)
    shares = [float((z - a) @ (b - a) / ((b - a) @ (b - a))) for z in places]
    assert shares == sorted(shares) and 0 <= shares[0] < shares[-1] < 0.5
    page.window().hide()
    qtbot.waitUntil(lambda: not page._player.isActive())


def test_a_path_is_saved_with_its_codes_and_counts(
    trained: Controller, open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(trained, "path")
    mark_ends(page, trained)
    out = tmp_path / "path.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(out), ""))
    click(page, "path-save")
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("name,z1,z2,samples near,x1")
    assert len(lines) == 10 and lines[-1].startswith("100 %")


# Palette


def test_a_palette_begins_with_four_samples_that_are_far_apart(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "palette")
    page.flush()
    spots = [trained.ways.spot(corner) for corner in "1234"]
    assert len({spot.sample for spot in spots}) == 4
    corners = np.array([spot.code for spot in spots])
    np.testing.assert_allclose(page._codes[[0, SIDE - 1, SIDE * (SIDE - 1), SIDE**2 - 1]], corners)
    page.grid.grab()
    (sketch,) = trained.ways.sketches
    assert set(sketch.spots) == set("1234")


def test_dragging_on_the_palette_mixes_the_corners(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "palette")
    page.flush()
    square, corners = page.grid.square(), page._corners()
    middle = square.center().toPoint()
    QTest.mousePress(page.grid, LEFT, pos=QPoint(1, round(square.height()) - 1))
    np.testing.assert_allclose(trained.hand.z, corners[0], atol=0.2)
    QTest.mouseMove(page.grid, middle)
    QTest.mouseRelease(page.grid, LEFT, pos=middle)
    np.testing.assert_allclose(trained.hand.z, corners.mean(axis=0), atol=0.2)
    page.grid.setFocus()
    x = page.grid.at[0]
    QTest.keyClick(page.grid, Qt.Key.Key_Right)
    assert page.grid.at[0] == pytest.approx(x + 0.05)


def test_a_corner_is_marked_at_the_handle(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "palette")
    page.flush()
    trained.hand.set_code(np.array([0.25, 0.5]))
    click(page, "palette-corner-3")
    np.testing.assert_array_equal(page._codes[SIDE * (SIDE - 1)], [0.25, 0.5])


# Group


def test_a_falling_sample_becomes_a_rising_one(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "group")
    trained.hand.place_on(0)
    click(page, "group-base")
    assert page.base.text() == "Sample: 0"
    data, codes = trained.workspace.data, trained.workspace.codes
    way = codes[data.labels == 1].mean(axis=0) - codes[data.labels == 0].mean(axis=0)
    page.slider.setValue(page.slider.maximum() * 3 // 4)
    np.testing.assert_allclose(trained.hand.z, codes[0] + way, atol=1e-5)
    risen = trained.hand.last.sample[:, 0]
    assert risen[-1] > risen[0] and data.values[0, -1, 0] < data.values[0, 0, 0]
    choose(page.first, 1)
    choose(page.second, 0)
    assert page.slider.value() == page.slider.maximum() // 4  # at the sample itself
    np.testing.assert_allclose(page._codes[-1], codes[0] - 1.5 * way, atol=1e-5)


def test_without_classes_there_is_no_way_from_one_to_another(controller: Controller, open_page: Open) -> None:
    controller.librarian.open_builtin("sines")
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    page = open_page(controller, "group")
    assert page.stages.stage == "cannot"


# Draw


def test_a_model_without_a_prior_draws_around_its_codes(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "draw")
    assert page.source.currentData() == "kernel"
    assert not page.source.model().item(page.source.findData("prior")).isEnabled()
    assert page.gallery.count() == 24
    first = page._drawn.codes
    click(page, "draw-again")
    assert not np.array_equal(page._drawn.codes, first)
    (sketch,) = trained.ways.sketches
    np.testing.assert_array_equal(sketch.points, page._drawn.codes)
    rect = page.gallery.visualItemRect(page.gallery.item(2))
    QTest.mouseClick(page.gallery.viewport(), LEFT, pos=rect.center())
    np.testing.assert_allclose(trained.hand.z, page._drawn.codes[2])


def test_a_variational_model_draws_from_its_prior(controller: Controller, open_page: Open) -> None:
    from tests.gui.explore.conftest import two_classes

    controller.workspace.add_data(two_classes())
    controller.trainer.start("vae", {"latent_dim": 2, "epochs": 2, "hidden": [8]}, None)
    page = open_page(controller, "draw")
    assert page.source.currentData() == "prior"
    page.count.setValue(50)
    page.flush()
    assert page.gallery.count() == 50
    assert 0.6 < page._drawn.codes.std() < 1.4
    choose(page.source, "gaussian")
    page.flush()
    assert "Gaussian" not in page.words.text() and "mean and covariance" in page.words.text()


def test_another_run_forgets_what_was_marked_and_drawn(trained: Controller, open_page: Open) -> None:
    page = open_page(trained, "path")
    mark_ends(page, trained)
    trained.trainer.start("pca", {"latent_dim": 2}, None)
    page.flush()
    assert trained.ways.spot("A") is None
    assert page.strip.count() == 0 and page.ends["A"].text() == "A: here"


@pytest.mark.parametrize("name", ["path", "palette", "group", "draw"])
def test_what_a_page_shows_is_exported_as_a_figure_and_no_longer_when_it_is_hidden(
    trained: Controller, open_page: Open, name: str, tmp_path: Path
) -> None:
    from explorer.analysis.look import FigureStyle

    page = open_page(trained, name)
    if name == "path":
        mark_ends(page, trained)
    page.flush()
    assert page.export.isEnabled()
    steps = trained.exporter.steps
    assert steps is not None and len(steps.names) == len(steps.decoded.codes)
    trained.exporter.walk(str(tmp_path / "steps.csv"), FigureStyle())
    titles = (tmp_path / "steps.csv").read_text(encoding="utf-8").splitlines()[0]
    assert titles.count(",") >= len(steps.names)
    QTest.mouseClick(page.export, LEFT)
    dialog = page.window().findChild(ExportDialog)
    assert dialog.what.currentData() == "path"
    dialog.reject()
    page.window().hide()
    assert trained.exporter.steps is None


def test_a_path_is_exported_as_an_animation(trained: Controller, open_page: Open, tmp_path: Path) -> None:
    from dataclasses import replace

    from PIL import Image

    from explorer.analysis.look import FigureStyle

    page = open_page(trained, "path")
    mark_ends(page, trained)
    assert trained.exporter.steps is not None
    trained.exporter.steps = replace(trained.exporter.steps, between=page._path(4))
    out = tmp_path / "path.gif"
    trained.exporter.walk(str(out), FigureStyle(width_mm=60, height_mm=40, dpi=50, theme="light"))
    with Image.open(out) as film:
        assert getattr(film, "n_frames", 1) == 4
