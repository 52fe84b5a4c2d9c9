"""What lies between two curves is filled as exactly as by an even-odd polygon, at every scale of the screen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.filling import coverage
from explorer.gui.theme import theme


def test_a_level_band_covers_its_pixels_and_a_share_of_those_at_its_edges() -> None:
    x = np.array([2.0, 8.0])
    filled = coverage(x, np.full(2, 1.25), np.full(2, 3.5), (5, 10))
    np.testing.assert_array_equal(filled[:, 5], [0, 191, 255, 128, 0])
    assert (filled[:, :2] == 0).all()
    assert (filled[:, 8:] == 0).all()


def test_a_slope_covers_what_its_middle_does() -> None:
    filled = coverage(np.array([0.0, 4.0]), np.array([0.0, 4.0]), np.full(2, 4.0), (4, 4))
    np.testing.assert_allclose(filled.sum(axis=0) / 255, [3.5, 2.5, 1.5, 0.5], atol=0.01)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 400), st.integers(1, 60))
def test_as_much_is_covered_as_lies_between(seed: int, steps: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, width, steps))
    top = rng.uniform(5, 20, steps)
    filled = coverage(x, top, top + 10, (40, width)).astype(float) / 255
    inside = (np.arange(width) >= x[0]) & (np.arange(1, width + 1) <= x[-1])
    np.testing.assert_allclose(filled.sum(axis=0)[inside], 10, atol=0.1)


def test_curves_out_of_view_cover_nothing() -> None:
    assert not coverage(np.array([-9.0, -2.0]), np.zeros(2), np.ones(2), (3, 4)).any()
    assert not coverage(np.array([0.0, 4.0]), np.full(2, -9.0), np.full(2, -2.0), (3, 4)).any()


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    made = CurvePlot()
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.configure(np.arange(40.0), np.array([[-1.0, 1.0]]))
    made.show()
    qtbot.waitExposed(made)
    return made


def colour_at(plot: CurvePlot, x: float, y: float, ratio: float) -> QColor:
    """Return what is drawn at a place of the plot, on a screen of so many pixels for a logical one."""
    image = QImage(plot.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    QWidget.render(plot, image, QPoint())
    at = plot.mapFromScene(plot.box.mapViewToScene(QPointF(x, y)))
    return image.pixelColor(round(at.x() * ratio), round(at.y() * ratio))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_plot_fills_between_and_nowhere_else(plot: CurvePlot, ratio: float, channels: int) -> None:
    plot.configure(np.arange(40.0), np.array([[-1.0, 1.0]] * channels), channels=[f"c{i}" for i in range(channels)])
    low = np.full((40, channels), -0.5)
    high = np.where(np.arange(40)[:, None] < 20, 0.5, 0.0) * np.ones(channels)
    high[30], low[30] = np.nan, 0.3  # what is not known is stepped over
    tint = theme().color("decoded", 0.18)
    for channel in range(channels):
        for x, value, inside in ((5.3, 0.3, True), (5.3, -0.7, False), (25.3, 0.3, False), (30.2, -0.3, True)):
            place = x, plot.placed(np.full((1, channels), value))[0, channel], ratio
            before = colour_at(plot, *place)
            plot.set_band((low, high))
            shown = colour_at(plot, *place)
            plot.set_band(None)
            assert colour_at(plot, *place) == before
            mixed = tint.redF() * tint.alphaF() + before.redF() * (1 - tint.alphaF()) if inside else before.redF()
            assert shown.redF() == pytest.approx(mixed, abs=0.02), (channel, x, value)
