"""Small pictures show what their samples are: checked pixel by pixel where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.thumbnails import thumbnails

RED, BLUE = "#FF0000", "#0000FF"
UNIT = np.array([[0.0, 1.0]])


def alpha(pictures: np.ndarray) -> np.ndarray:
    return (pictures >> 24).astype(int)


def test_a_constant_curve_is_one_line_at_its_height() -> None:
    for value, row in ((0.0, 37.5), (1.0, 2.0), (0.5, 19.75)):
        picture = thumbnails(np.full((1, 7, 1), value, np.float32), "series", (40, 60), UNIT, [RED])[0]
        inked = alpha(picture)[:, 5:55]
        assert (inked == inked[:, :1]).all()
        middle = (inked[:, 0] * (np.arange(40) + 0.5)).sum() / inked[:, 0].sum()
        assert middle == pytest.approx(2 + (1 - value) * 36, abs=0.05), (value, row)
        assert inked[:, 0].sum() == pytest.approx(1.3 * 255, abs=2)


def test_a_rising_line_rises() -> None:
    picture = alpha(
        thumbnails(np.linspace(0, 1, 20, dtype=np.float32)[None, :, None], "series", (40, 60), UNIT, [RED])[0]
    )
    height = np.array([np.average(np.arange(40), weights=column) for column in picture[:, 3:57].T])
    assert (np.diff(height) < 0).all()


@pytest.mark.parametrize("steps", [200, 1000])
def test_a_spike_of_one_step_is_not_lost(steps: int) -> None:
    curve = np.zeros((1, steps, 1), np.float32)
    curve[0, 3 * steps // 7] = 1
    picture = alpha(thumbnails(curve, "series", (40, 60), UNIT, [RED])[0])
    assert picture[2].max() > 100
    assert abs(int(picture[4].argmax()) - (2 + 56 * 3 / 7)) < 2


def test_what_is_missing_leaves_a_gap_and_nothing_else() -> None:
    curve = np.full((1, 60, 1), 0.5, np.float32)
    curve[0, 20:40] = np.nan
    picture = alpha(thumbnails(curve, "series", (40, 64), UNIT, [RED])[0]).sum(axis=0)
    assert (picture[25:39] == 0).all()
    assert (picture[4:18] > 0).all()
    assert (picture[46:60] > 0).all()
    assert not alpha(thumbnails(np.full((1, 9, 1), np.nan, np.float32), "series", (8, 8), UNIT, [RED])).any()


def test_channels_have_their_colours_and_many_have_lanes() -> None:
    both = np.stack([np.zeros((1, 9)), np.ones((1, 9))], axis=-1).astype(np.float32)
    picture = thumbnails(both, "series", (40, 60), np.tile(UNIT, (2, 1)), [RED, BLUE])[0, :, 30]
    assert int(picture[37]) & 0xFF0000 > 0 == int(picture[37]) & 0xFF
    assert int(picture[2]) & 0xFF > 0 == int(picture[2]) & 0xFF0000
    six = np.zeros((1, 9, 6), np.float32)
    lanes = alpha(thumbnails(six, "series", (60, 60), np.tile(UNIT, (6, 1)), [RED])[0])[:, 30]
    assert np.count_nonzero(np.diff((lanes > 0).astype(int)) == 1) == 6


def test_an_image_is_its_pixels_many_times_as_large() -> None:
    image = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)[None, :, :, None]
    picture = thumbnails(image, "image", (22, 30), UNIT, [RED])[0]
    np.testing.assert_array_equal(picture[:11, 5:15][1:, :] & 0xFF, 0)
    assert (picture[1:11, 15:25] == 0xFFFFFFFF).all()
    assert (alpha(picture)[:, :5] == 0).all()


def test_a_large_image_is_averaged_and_not_sampled() -> None:
    image = np.indices((64, 64)).sum(axis=0) % 2
    picture = thumbnails(image[None, :, :, None].astype(np.float32), "image", (18, 18), UNIT, [RED])[0, 1:17, 1:17]
    assert ((picture & 0xFF) == 128).all()


def test_bars_stand_on_zero() -> None:
    ranges = np.array([[-1.0, 1.0], [-1.0, 1.0]])
    picture = alpha(thumbnails(np.array([[1.0, -1.0]], np.float32), "points", (44, 44), ranges, [RED])[0])
    assert picture[:20, :22].any()
    assert not picture[24:, :22].any()
    assert picture[24:, 22:].any()
    assert not picture[:20, 22:].any()


def test_a_held_note_is_one_long_line_and_a_rest_is_empty() -> None:
    vocabulary = ["hold", "rest", "60", "72"]
    melody = np.array([[2, 0, 0, 0, 1, 0, 3, 0]])
    picture = alpha(thumbnails(melody, "notes", (36, 84), np.zeros((1, 2)), [RED], vocabulary)[0])
    columns = picture.sum(axis=0) > 0
    assert columns[4:40].all()
    assert not columns[44:60].any()
    low, high = (np.average(np.arange(36), weights=picture[:, x]) for x in (20, 75))
    assert high < low


def test_other_layouts_draw_nothing_and_no_size_is_refused() -> None:
    assert not thumbnails(np.zeros((2, 5), np.int32), "text", (8, 8), UNIT, [RED]).any()
    with pytest.raises(ValueError, match="pixels"):
        thumbnails(np.zeros((1, 5, 1), np.float32), "series", (0, 8), UNIT, [RED])
