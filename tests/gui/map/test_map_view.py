"""Data to pixels and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.gui.map.view import Bounds, Frame, MapView, nice_ticks, tick_labels

FRAME = Frame(40, 8, 600, 400)
coordinate = st.floats(-1e6, 1e6)
pixel = st.floats(0, 700)


@st.composite
def views(draw: st.DrawFn) -> MapView:
    x, y = sorted(draw(st.tuples(coordinate, coordinate))), sorted(draw(st.tuples(coordinate, coordinate)))
    return MapView.fit(FRAME, Bounds(*x, *y), equal=draw(st.booleans()))


@given(views(), pixel, pixel)
def test_to_data_undoes_to_px(view: MapView, px: float, py: float) -> None:
    there = view.to_px(*view.to_data(px, py))
    span = max(abs(view.cx) * view.sx, abs(view.cy) * view.sy, 1.0)
    assert there == pytest.approx((px, py), abs=1e-12 * span + 1e-6)


@given(views(), pixel, pixel, st.floats(0.2, 5))
def test_zoom_leaves_the_point_under_the_cursor(view: MapView, px: float, py: float, factor: float) -> None:
    zoomed = view.zoomed(factor, px, py)
    before, after = view.to_data(px, py), zoomed.to_data(px, py)
    assert after == pytest.approx(before, abs=1e-9 * max(abs(view.cx), abs(view.cy), 1) + 1e-6 / view.sx)


@given(views())
def test_fit_holds_all_with_a_margin_and_points_y_up(view: MapView) -> None:
    x, y = view.to_px(view.cx, view.cy)
    assert (x, y) == pytest.approx((340, 208))
    assert view.to_px(view.cx, view.cy + 10 / view.sy)[1] < y


def test_fit_is_tight_on_one_side_and_free_on_both() -> None:
    bounds = Bounds(0, 10, 0, 1)
    equal = MapView.fit(FRAME, bounds)
    assert equal.sx == equal.sy == pytest.approx(600 * 0.86 / 10)
    free = MapView.fit(FRAME, bounds, equal=False)
    assert (free.sx, free.sy) == pytest.approx((600 * 0.86 / 10, 400 * 0.86))


def test_fit_keeps_out_of_what_lies_over_the_map() -> None:
    view = MapView.fit(FRAME, Bounds(0, 10, 0, 1), clear=(50, 110))
    left, right = view.to_px(0, 0)[0], view.to_px(10, 0)[0]
    assert left > 40 + 50
    assert right < 640 - 110
    assert (left - 90) == pytest.approx(530 - right)


@pytest.mark.parametrize(
    "bounds", [None, Bounds(3, 3, 4, 4), Bounds(0, 0, -1, 1), Bounds(1e9, 1e9 * (1 + 1e-15), 0, 0), Bounds(5, 6, 2, 2)]
)
def test_fit_without_extent_is_still_a_view(bounds: Bounds | None) -> None:
    view = MapView.fit(FRAME, bounds)
    assert np.isfinite([view.sx, view.sy]).all()
    assert view.sx > 0 < view.sy


def test_one_point_is_in_the_middle_of_two_units() -> None:
    view = MapView.fit(FRAME, Bounds(3, 3, 4, 4))
    assert view.to_px(3, 4) == pytest.approx((340, 208))
    assert view.sx == pytest.approx(400 * 0.86 / 2)


def test_zoom_ends_before_numbers_do() -> None:
    view = MapView.fit(FRAME, Bounds(100, 101, 100, 101))
    for _ in range(500):
        view = view.zoomed(2, 300, 200)
    assert view.bounds.width > 1e-8
    for _ in range(3000):
        view = view.zoomed(0.5, 300, 200)
    assert np.isfinite(view.bounds.width)


def test_pan_draws_the_plane_along() -> None:
    view = MapView.fit(FRAME, Bounds(0, 1, 0, 1))
    there = view.to_px(0.3, 0.7)
    assert view.panned(12, -7).to_px(0.3, 0.7) == pytest.approx((there[0] + 12, there[1] - 7))


def test_resize_keeps_the_middle_and_all_that_was_seen() -> None:
    view = MapView.fit(FRAME, Bounds(0, 1, 0, 1))
    other = view.resized(Frame(40, 8, 300, 500))
    assert (other.cx, other.cy) == (view.cx, view.cy)
    assert other.bounds.holds(view.bounds)


def test_a_glide_ends_where_it_should_and_never_strays() -> None:
    a, b = MapView.fit(FRAME, Bounds(0, 1, 0, 1)), MapView.fit(FRAME, Bounds(5, 9, 5, 9))
    assert a.toward(b, 1.0) == b
    middle = a.toward(b, 0.5)
    assert b.sx < middle.sx < a.sx
    assert a.cx < middle.cx < b.cx
    assert a.differs_much(b)
    assert not a.differs_much(a.panned(5, 5))


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(1, 12))
def test_ticks_are_round_inside_and_told_apart(low: float, span: float, most: int) -> None:
    ticks = nice_ticks(low, low + span, most)
    step = np.diff(ticks)
    assert len(ticks) <= most + 1
    slack = 1e-6 * span + 2 * np.spacing(abs(low) + span)  # no number is told more exactly than that
    assert (ticks >= low - slack).all()
    assert (ticks <= low + span + slack).all()
    if len(ticks) > 1:
        assert len(set(tick_labels(ticks))) == len(ticks)
        mantissa = step[0] / 10 ** np.floor(np.log10(step[0]) + 1e-9)
        assert min(abs(mantissa - m) for m in (1, 2, 5, 10)) < 1e-3 + 1e-9 * abs(low) / span


@pytest.mark.parametrize(
    ("ticks", "labels"),
    [
        ([-0.5, 0.0, 0.5], ["−0.5", "0.0", "0.5"]),
        ([-2, 0, 2], ["−2", "0", "2"]),
        ([0.01, 0.02], ["0.01", "0.02"]),
        ([0, 2e6, 4e6], ["0", "2e+06", "4e+06"]),
        ([], []),
    ],
)
def test_tick_labels(ticks: list[float], labels: list[str]) -> None:
    assert tick_labels(ticks) == labels


def test_no_ticks_without_a_span() -> None:
    assert not len(nice_ticks(1, 1, 5))
    assert not len(nice_ticks(0, np.inf, 5))
