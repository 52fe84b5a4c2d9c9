"""Draw what a model makes of a code at both ends of some of its dimensions."""

from __future__ import annotations

import numpy as np

from explorer.errors import UnsupportedError
from explorer.progress import Progress
from explorer.workspace.drawn_small import drawn_small
from explorer.workspace.fitted import decoded_of, fitted
from explorer.workspace.messages import DrawEnds, Ends


def draw_ends(request: DrawEnds, progress: Progress) -> Ends:
    """Return a picture for each end of each dimension; see `DrawEnds`.

    Raises
    ------
    InputError
        If the run is gone, or the code does not fit it.
    UnsupportedError
        If the model has no decoder.
    Cancelled
        If the person cancelled.
    """
    model, used = fitted(request.model)
    if not model.can_decode:
        raise UnsupportedError(f"{model.title} has no decoder that starts from one code")
    count = len(request.axes)
    codes = np.repeat(np.asarray(request.z, np.float64)[None], 2 * count, axis=0)
    rows = np.arange(count)
    codes[2 * rows, request.axes] = request.low
    codes[2 * rows + 1, request.axes] = request.high
    images, texts = drawn_small(model, decoded_of(model, codes, progress), request.look)
    return Ends(used, images.reshape(count, 2, *images.shape[1:]), texts)
