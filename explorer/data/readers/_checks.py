"""What every reader checks of the numbers it read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from explorer.errors import InputError


def refuse_empty(
    values: np.ndarray,
    channels: Sequence[str],
    *,
    path: Path,
    word: str = "channel",
    whole: bool = True,
    place: Callable[[int], str] = lambda index: f"sample {index + 1}",
) -> np.ndarray | None:
    """Refuse channels and samples without a single value; return which values are there, None for all.

    Parameters
    ----------
    values : ndarray ``(N, ..., C)``
        NaN where missing.
    channels : sequence of str
        What the C channels are called.
    path : Path
    word : str
        What the file calls a channel.
    whole : bool
        Whether these are all samples; in a head a channel may be missing.
    place : callable
        Says where sample number i (from 0) is in the file.
    """
    seen = ~np.isnan(values)
    if seen.all():
        return None
    for channel in np.flatnonzero(~seen.any(axis=tuple(range(values.ndim - 1)))) if whole else ():
        raise InputError(
            f"there is no value in this {word}, all are missing",
            source=path,
            place=f"{word} '{channels[int(channel)]}'",
            remedy=f"Leave the {word} out",
        )
    for sample in np.flatnonzero(~seen.any(axis=tuple(range(1, values.ndim)))):
        raise InputError(
            "there is no value in this sample, all are missing",
            source=path,
            place=place(int(sample)),
            remedy="Leave the sample out",
        )
    return seen


def as_labels(
    cells: Sequence[object] | np.ndarray, missing: np.ndarray, known: Sequence[str] = ()
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return classes as indices, -1 where missing, and their names.

    These are `known` where given, else those there are, in the order of numbers, or of the alphabet.
    """
    texts = np.array([class_name(cell) for cell in cells], dtype=str)
    known = list(dict.fromkeys(known)) or sorted(set(texts[~missing].tolist()), key=_number_first)
    index = {name: i for i, name in enumerate(known)}
    labels = np.array([-1 if gone else index[text] for text, gone in zip(texts, missing, strict=True)], dtype=np.int64)
    return labels, tuple(known)


def class_name(cell: object) -> str:
    """Return a cell as text; whole numbers without a point."""
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell)


def _number_first(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text
