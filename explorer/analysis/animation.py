"""Pictures one after the other, written as GIF, APNG or MP4."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.analysis.look import FigureKind, FigureStyle
from explorer.data.writing import write_bytes
from explorer.errors import InputError
from explorer.progress import Part, Progress, Silent, check

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".gif", ".mp4", ".apng")
HOLD = 1.5
"""Seconds for which the last picture stays."""
MOST_BYTES = 1 << 30
"""Of all pictures of an animated PNG, which are in memory together."""
RATES = (1, 60)
"""Fewest and most pictures a second."""


def check_name(path: str | Path) -> str:
    """Return the ending of an animation's file.

    Raises
    ------
    InputError
        If it is none that can be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"an animation cannot be written as '{suffix or Path(path).name}'",
            source=path,
            remedy=f"Give a name that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}",
        )
    return suffix


def write(
    path: str | Path, pictures: Iterable[np.ndarray], count: int, *, rate: int = 12, progress: Progress | None = None
) -> Path:
    """Write pictures to a file, whole or not at all.

    Parameters
    ----------
    path : str or Path
        Ends in .gif (256 colours a picture), .apng (all colours, without loss) or .mp4 (H.264).
    pictures : iterable of ndarray ``(H, W, 3)``, uint8
        All of one size. They are taken one by one, so that they need not be in memory together.
    count : int
        How many there are, for the progress.
    rate : int
        Pictures a second, 1 to 60. The last one stays for `HOLD` seconds.
    progress : Progress, optional

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    InputError
        If the path ends otherwise or cannot be written, there is no picture, or no such rate.
    Cancelled
        If the person cancelled; nothing is written then.
    """
    suffix = check_name(path)
    if not RATES[0] <= rate <= RATES[1]:
        raise InputError(f"there cannot be {rate} pictures a second", remedy=f"Give {RATES[0]} to {RATES[1]}")
    if count < 1:
        raise InputError("there is nothing to animate", source=path)
    told = _told(pictures, count, progress or Silent())
    data = _video(told, rate) if suffix == ".mp4" else _frames(told, count, rate, "GIF" if suffix == ".gif" else "PNG")
    return write_bytes(path, data)


def figures(
    kind: FigureKind, contents: Iterable[tuple[str, Mapping[str, Any]]], style: FigureStyle
) -> Iterator[np.ndarray]:
    """Draw a figure for each content, under a title of its own, as pictures ``(H, W, 3)``, uint8."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from explorer.analysis.figures import draw
    from explorer.analysis.figures import style as looks

    for title, content in contents:
        figure = draw(kind, content, style)
        with looks.applied(style):
            looks.note(figure.axes[0], title, style)
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
        yield np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _told(pictures: Iterable[np.ndarray], count: int, progress: Progress) -> Iterator[np.ndarray]:
    part = Part(progress, 0.0, 0.95)
    for number, picture in enumerate(pictures):
        check(progress)
        part.report(number / count, f"picture {number + 1:,} of {count:,}")
        yield picture
    progress.report(0.95, "writing")


def _frames(pictures: Iterator[np.ndarray], count: int, rate: int, form: str) -> bytes:
    """Return a GIF or an animated PNG that begins anew when it ends."""
    from PIL import Image

    def images() -> Iterator[Image.Image]:
        for picture in pictures:
            image = Image.fromarray(picture)
            yield image.quantize(256, method=Image.Quantize.MEDIANCUT) if form == "GIF" else image

    each = images()
    first = next(each)
    rest = each if form == "GIF" else _gathered(each, first.width * first.height * 3 * count)
    # A GIF counts in hundredths of a second.
    wait = 1000 / rate if form == "PNG" else 10 * max(1, round(100 / rate))
    waits = [wait] * (count - 1) + [max(wait, 1000 * HOLD)]
    buffer = io.BytesIO()
    options: dict[str, Any] = {"append_images": rest, "loop": 0, "duration": waits if count > 1 else wait}
    first.save(buffer, form, save_all=True, **options)
    return buffer.getvalue()


def _gathered(images: Iterator[Image.Image], size: int) -> list[Image.Image]:
    """Return all images at once, which the writer of animated PNGs asks for."""
    if size > MOST_BYTES:
        raise InputError(
            f"an animated PNG of {size / 1e9:.1f} GB of pictures is too large",
            remedy="Choose fewer or smaller pictures, or write an MP4",
        )
    return list(images)


def _video(pictures: Iterator[np.ndarray], rate: int) -> bytes:
    """Return an MP4 that plays everywhere: H.264 with halved colours, its sizes even."""
    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=Fraction(rate))
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "18", "preset": "medium"}
        last = None
        for picture in pictures:
            height, width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
            if last is None:
                stream.width, stream.height = width, height
            last = np.ascontiguousarray(picture[:height, :width])
            file.mux(stream.encode(av.VideoFrame.from_ndarray(last, "rgb24")))
        for _ in range(round(HOLD * rate) if last is not None else 0):
            assert last is not None
            file.mux(stream.encode(av.VideoFrame.from_ndarray(last, "rgb24")))
        file.mux(stream.encode(None))
    return buffer.getvalue()
