"""Decode codes all over a map, and draw them small."""

from __future__ import annotations

import numpy as np

from explorer.errors import UnsupportedError
from explorer.progress import Progress
from explorer.workspace.fitted import decoded_of, fitted
from explorer.workspace.map_planes import plane_from_words
from explorer.workspace.messages import DrawLattice, Lattice, ThumbnailLook


def draw_lattice(request: DrawLattice, progress: Progress) -> Lattice:
    """Return a picture of what the decoder makes of each place; see `DrawLattice`.

    Raises
    ------
    InputError
        If the run, its codes or the map's layout are gone.
    UnsupportedError
        If the model has no decoder.
    Cancelled
        If the person cancelled.
    """
    model, used = fitted(request.model)
    if not model.can_decode:
        raise UnsupportedError(f"{model.title} has no decoder that starts from one code")
    plane = plane_from_words(request.plane, request.model)
    codes = plane.lift_all(np.asarray(request.places, np.float64), np.asarray(request.z, np.float64))
    samples = decoded_of(model, codes, progress)
    images, texts = drawn_small(samples, request.look, decodes=model.decodes)
    return Lattice(used, images, texts)


def drawn_small(samples: np.ndarray, look: ThumbnailLook, *, decodes: str = "sample") -> tuple[np.ndarray, list[str]]:
    """Return pictures of samples, and of text its words; see `Lattice`.

    Of a model that decodes "masks" the class of each step is drawn, from the first at the bottom to the last.
    """
    from explorer.analysis.thumbnails import thumbnails

    ranges = look.ranges
    if decodes == "masks":
        classes = samples.shape[-1]
        samples = samples.argmax(axis=-1)[..., None].astype(np.float32)
        ranges = np.array([[0.0, max(classes - 1, 1)]])
    images = thumbnails(samples, look.layout, look.size, ranges, look.colours, look.vocabulary)
    return images, []
