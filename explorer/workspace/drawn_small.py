"""Many samples at once, drawn small for lattices, strips and the ends of sliders."""

from __future__ import annotations

import numpy as np

from explorer.models.base import LatentModel
from explorer.workspace.fitted import texts_of
from explorer.workspace.messages import ThumbnailLook


def drawn_small(model: LatentModel, samples: np.ndarray, look: ThumbnailLook) -> tuple[np.ndarray, list[str]]:
    """Return pictures of decoded samples, and of text its words instead; see `Lattice`.

    Of classes of steps or pixels, the first is lowest or black, the last high or white. Text is told in words; its
    pictures have no pixels.
    """
    from explorer.analysis.thumbnails import thumbnails

    if look.layout == "text":
        return np.zeros((len(samples), 0, 0), dtype=np.uint32), texts_of(model, samples)
    ranges = look.ranges
    if model.decodes == "masks":
        classes = samples.shape[-1]
        samples = samples.argmax(axis=-1)[..., None].astype(np.float32)
        ranges = np.array([[0.0, max(classes - 1, 1)]])
    return thumbnails(samples, look.layout, look.size, ranges, look.colours, look.vocabulary), []
