"""Animations hold the pictures that they were given, in their order and for their time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.analysis import animation
from explorer.errors import Cancelled, InputError


def pictures(count: int = 5, height: int = 31, width: int = 41) -> list[np.ndarray]:
    """Return pictures of one grey each, of odd sizes."""
    return [np.full((height, width, 3), 20 + 40 * i, dtype=np.uint8) for i in range(count)]


@pytest.mark.parametrize("suffix", [".gif", ".apng"])
def test_pictures_come_back_in_their_order(suffix: str, tmp_path: Path) -> None:
    path = animation.write(tmp_path / f"a{suffix}", pictures(), 5, rate=10)
    with Image.open(path) as file:
        assert getattr(file, "n_frames", 1) == 5
        for i in range(5):
            file.seek(i)
            grey = np.asarray(file.convert("RGB"))
            assert grey.shape == (31, 41, 3)
            assert (grey == 20 + 40 * i).all()
            assert file.info["duration"] == (100 if i < 4 else 1500)


def test_a_video_holds_every_picture_and_rests_on_the_last(tmp_path: Path) -> None:
    import av

    path = animation.write(tmp_path / "a.mp4", pictures(), 5, rate=10)
    with av.open(path) as file:
        stream = file.streams.video[0]
        assert (stream.width, stream.height) == (40, 30)
        greys = [frame.to_ndarray(format="rgb24").mean() for frame in file.decode(video=0)]
    assert len(greys) == 5 + 15
    assert greys[:5] == pytest.approx([20, 60, 100, 140, 180], abs=4)
    assert greys[5:] == pytest.approx([180] * 15, abs=4)


def test_one_picture_is_enough(tmp_path: Path) -> None:
    for suffix in animation.SUFFIXES:
        assert animation.write(tmp_path / f"one{suffix}", pictures(1), 1).stat().st_size > 0


def test_other_endings_rates_and_nothing_at_all_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.webm"):
        animation.write(tmp_path / "a.webm", pictures(), 5)
    with pytest.raises(InputError, match="pictures a second"):
        animation.write(tmp_path / "a.gif", pictures(), 5, rate=0)
    with pytest.raises(InputError, match="nothing to animate"):
        animation.write(tmp_path / "a.gif", [], 0)


class Impatient:
    """A person who cancels at the third picture."""

    def __init__(self) -> None:
        self.fractions: list[float] = []

    def report(self, fraction: float, message: str = "", payload: object = None) -> None:
        self.fractions.append(fraction)

    def cancelled(self) -> bool:
        return len(self.fractions) >= 2


@pytest.mark.parametrize("suffix", animation.SUFFIXES)
def test_a_cancelled_one_leaves_nothing(suffix: str, tmp_path: Path) -> None:
    kept = tmp_path / f"a{suffix}"
    kept.write_bytes(b"before")
    with pytest.raises(Cancelled):
        animation.write(kept, pictures(), 5, progress=Impatient())
    assert kept.read_bytes() == b"before"
    assert [path for path in tmp_path.iterdir() if path.is_file()] == [kept]


def test_figures_are_pictures_of_one_size() -> None:
    from explorer.analysis.look import FigureStyle
    from tests.analysis.figures.examples import contents

    content = next(content for kind, content in contents().values() if kind == "map")
    drawn = list(animation.figures("map", [("epoch 1", content), ("epoch 2", content)], FigureStyle(dpi=60)))
    assert [picture.shape for picture in drawn] == [(260, 378, 3)] * 2
    assert drawn[0].dtype == np.uint8
    assert (drawn[0] != drawn[1]).any()  # the titles differ
