"""Decode codes all over a map, and draw them small."""

from __future__ import annotations

import numpy as np

from explorer.errors import UnsupportedError
from explorer.models.base import LatentModel
from explorer.progress import Progress
from explorer.workspace.fitted import decoded_of, fitted, texts_of
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
    texts = texts_of(model, samples) if request.look.layout == "text" else []
    return Lattice(used, _drawn(model, samples, request.look), texts)


def _drawn(model: LatentModel, samples: np.ndarray, look: ThumbnailLook) -> np.ndarray:
    """Return pictures of samples. Of classes of steps or pixels, the first is lowest or black, the last high or white.

    Text is told in words; its pictures have no pixels.
    """
    from explorer.analysis.thumbnails import thumbnails

    if look.layout == "text":
        return np.zeros((len(samples), 0, 0), dtype=np.uint32)
    ranges = look.ranges
    if model.decodes == "masks":
        classes = samples.shape[-1]
        samples = samples.argmax(axis=-1)[..., None].astype(np.float32)
        ranges = np.array([[0.0, max(classes - 1, 1)]])
    return thumbnails(samples, look.layout, look.size, ranges, look.colours, look.vocabulary)
