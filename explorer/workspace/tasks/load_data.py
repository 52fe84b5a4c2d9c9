"""Read a file or make a built-in set."""

from __future__ import annotations

from explorer.data.dataset import Dataset
from explorer.data.generated import SETS, make
from explorer.data.reader import load
from explorer.errors import InputError
from explorer.progress import Progress
from explorer.workspace.messages import LoadData


def load_data(request: LoadData, progress: Progress) -> Dataset:
    """Return the data set of a file, or the built-in set of that name; see `LoadData`."""
    if request.reader is None and request.path in SETS:
        if request.clean is not None:
            raise InputError(
                f"'{request.path}' is a built-in set, which takes no clean file",
                remedy="Leave the clean file out, or give the noisy one as a file",
            )
        options = dict(request.options)
        return make(request.path, seed=int(options.pop("seed", 0)), **options)
    return load(request.path, clean=request.clean, reader=request.reader, progress=progress, **request.options)
