"""A long file that is gone through block by block, and written again with other values, without being held whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np

from explorer.progress import Progress, Silent

BLOCK = 1 << 16
"""Steps that are read at once."""


class Recording(ABC):
    """The series of a file, in order, and the way to write such a file.

    Parameters
    ----------
    path : Path
    channel_names : tuple of str
    sampling_rate : float or None
        In Hz, where the file or the person told it.
    """

    def __init__(self, path: Path, channel_names: tuple[str, ...], sampling_rate: float | None = None) -> None:
        self.path, self.channel_names, self.sampling_rate = path, channel_names, sampling_rate

    @abstractmethod
    def series(self, progress: Progress) -> Iterator[Iterator[np.ndarray]]:
        """Yield the series one after the other, each as blocks ``(n, C)``, float32, NaN where missing.

        A series is to be gone through before the next one is asked for. Reports how much of the file is read.

        Raises
        ------
        InputError
            If the file is not what it should be; it names the place.
        """

    @abstractmethod
    def copy(self, file: BinaryIO) -> Copy:
        """Begin to write a file that is as this one but for the values, which follow `series` in step.

        Everything else is as it was: names of columns, times, labels, further arrays, delimiters, the decimal mark.
        """

    def longer_than(self, steps: int) -> bool:
        """Whether the first series has more steps than so many; no more of it is read than that takes."""
        count = 0
        for blocks in self.series(Silent()):
            for block in blocks:
                count += len(block)
                if count > steps:
                    return True
            break
        return False


class Copy(ABC):
    """A file that is being written while `Recording.series` is read; a context manager.

    It is whole when the context is left without an exception.
    """

    @abstractmethod
    def write(self, values: np.ndarray) -> None:
        """Write the next steps ``(n, C)`` of the series at hand; where NaN, what was missing stays as it was."""

    @abstractmethod
    def finish(self) -> None:
        """Write what comes after the last value."""

    def release(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of what else is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self.release()
