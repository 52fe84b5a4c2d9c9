"""The fog over what the model does not know: asked for by a tool, chosen and explained in its box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton

from explorer.gui.map.fog import Fog, opacity
from explorer.gui.map.fog_box import FogBox
from explorer.gui.map.panel import MapPanel
from explorer.gui.outlook import View
from explorer.models.recipes.pca import PCA
from explorer.workspace.messages import ManifoldMap

LEFT = Qt.MouseButton.LeftButton
Make = Callable[..., MapPanel]


def cloud(n: int = 40, dims: int = 2) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, dims)).astype(np.float32)


def errands(panel: MapPanel) -> list[Any]:
    return [errand for errand in panel.controller.jobs.errands if errand.task == "map_manifold"]


@pytest.fixture
def foggy(make_panel: Make, qtbot: Any) -> Callable[..., tuple[MapPanel, Fog, FogBox]]:
    """Return a function that shows a map whose fog was pressed."""

    def make(codes: np.ndarray | None = None) -> tuple[MapPanel, Fog, FogBox]:
        panel = make_panel(cloud() if codes is None else codes)
        QTest.mouseClick(panel.findChild(QToolButton, "map_tool_fog"), LEFT)
        qtbot.waitUntil(lambda: len(errands(panel)) == 1)
        return panel, panel.backdrops.made["fog"], panel.findChild(FogBox)

    return make


def answer(panel: MapPanel, errand: Any, place: float = 0.95) -> ManifoldMap:
    request = errand.request
    shape = (len(request.y), len(request.x))
    line = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0]])
    found = ManifoldMap(
        request.model, request.reading, np.full(shape, 7, np.float32), np.full(shape, place, np.float32),
        [1.0, 2.0, 3.0, 4.5], [line], [line * 1.2], posterior=False,
    )  # fmt: skip
    errand.answer(found)
    panel.backdrops.made["fog"]._beside.hear()  # it is made into a picture beside the window
    return found


def test_fog_is_none_where_codes_are_usual_and_grows_outwards() -> None:
    thick = opacity(np.array([0.0, 0.3, 0.6, 0.85, 1.0, np.nan]))
    assert thick[0] == thick[1] == thick[5] == 0
    assert (np.diff(thick[1:5]) > 0).all()


def test_the_grid_covers_the_view(foggy: Callable[..., Any]) -> None:
    panel, _fog, _box = foggy()
    request, bounds = errands(panel)[0].request, panel.canvas.view.bounds
    assert request.x[0] < bounds.x0 < bounds.x1 < request.x[-1]
    assert request.y[0] < bounds.y0 < bounds.y1 < request.y[-1]
    assert (np.diff(request.x) > 0).all() and (np.diff(request.y) > 0).all()
    assert np.diff(request.x)[0] * panel.canvas.view.sx == pytest.approx(10)


def test_what_comes_is_painted_and_explained(foggy: Callable[..., Any]) -> None:
    panel, fog, box = foggy()
    canvas, frame = panel.canvas, panel.canvas.view.frame
    spot = QPoint(round(frame.left + frame.width * 0.5), round(frame.top + 4))
    clear = canvas.grab().toImage().pixelColor(spot)
    assert fog.working and not box.scale.isVisible()
    assert "computed" in box.words.text()
    answer(panel, errands(panel)[0])
    assert fog.current and not fog.working
    assert canvas.grab().toImage().pixelColor(spot).lightness() < clear.lightness() - 20
    assert "off: −4.5" in box.scale.toolTip()
    assert not box.words.isVisible()


def test_another_reading_is_asked_for_in_place_of_the_first(foggy: Callable[..., Any], qtbot: Any) -> None:
    panel, fog, box = foggy()
    choice = box.findChild(QComboBox, "map_fog_reading")
    choice.setCurrentIndex(choice.findData("distance"))
    choice.activated.emit(choice.currentIndex())
    first = errands(panel)[0]
    assert first.cancelled
    qtbot.waitUntil(lambda: len(errands(panel)) == 2)
    assert errands(panel)[1].request.reading == "distance"
    answer(panel, first)  # too late
    assert not fog.current
    answer(panel, errands(panel)[1])
    assert fog.current
    assert "off: 4.5" in box.scale.toolTip()


def test_cancel_leaves_what_is_shown(foggy: Callable[..., Any], qtbot: Any) -> None:
    panel, fog, box = foggy()
    answer(panel, errands(panel)[0])
    panel.canvas.zoom(1.5, 300, 200)
    qtbot.waitUntil(lambda: len(errands(panel)) == 2)
    cancel = box.findChild(QPushButton, "map_fog_cancel")
    assert cancel.isVisible()
    QTest.mouseClick(cancel, LEFT)
    assert errands(panel)[1].cancelled
    assert not fog.working and fog._picture is not None and not cancel.isVisible()


def test_re_encoding_is_greyed_out_where_no_sample_is_decoded(
    make_panel: Make, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PCA, "decodes", "masks")
    panel = make_panel(cloud())
    QTest.mouseClick(panel.findChild(QToolButton, "map_tool_fog"), LEFT)
    qtbot.waitUntil(lambda: len(errands(panel)) == 1)
    items = panel.findChild(FogBox).choice.model()
    assert [items.item(row).isEnabled() for row in range(3)] == [True, True, False]


def test_m_switches_it_off_and_its_box_goes(foggy: Callable[..., Any]) -> None:
    panel, fog, box = foggy()
    assert box.isVisible()
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_M)
    assert not fog.on and not box.isVisible()
    assert errands(panel)[0].cancelled


def test_a_code_of_one_number_and_a_plane_of_many_have_a_fog(foggy: Callable[..., Any], qtbot: Any) -> None:
    panel, _fog, _box = foggy(cloud(dims=1))
    assert len(errands(panel)[0].request.y) == 1
    answer(panel, errands(panel)[0])
    panel.canvas.grab()
    QTest.mouseClick(panel.findChild(QToolButton, "map_tool_fog"), LEFT)  # the next would remember it
    other, _fog, _box = foggy(cloud(dims=4))
    other.controller.outlook.choose(View("pca"))
    qtbot.waitUntil(lambda: len(errands(other)) == 2)
    assert errands(other)[1].request.plane["kind"] == "linear"


def test_the_box_stays_in_the_corner(foggy: Callable[..., Any]) -> None:
    panel, _fog, box = foggy()
    answer(panel, errands(panel)[0])
    panel.resize(900, 700)
    frame = panel.canvas.view.frame
    assert box.geometry().right() <= frame.right
    assert frame.bottom - box.geometry().bottom() < 24
