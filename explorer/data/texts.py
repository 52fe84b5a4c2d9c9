"""From texts to a data set of sentences, or of pairs of sentences and their translations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.split import TRAIN, assign_split
from explorer.data.tokens import build_vocabulary, split_text, to_ids

NAME = 200
"""Letters of a sentence that are its name, as it is shown in lists."""


def text_data(
    texts: Sequence[str],
    translations: Sequence[str] | None = None,
    *,
    characters: bool = False,
    target_characters: bool = False,
    size: int | None = None,
    minimum: int = 1,
    longest: int | None = None,
    lower: bool = False,
    seed: int = 0,
    labels: np.ndarray | None = None,
    **facts: Any,
) -> Dataset:
    """Return texts as a data set; the vocabulary is that of the train part, so that the rest is truly unseen.

    Parameters
    ----------
    texts : sequence of str
    translations : sequence of str, optional
        One of each.
    characters, target_characters : bool
        Whether the tokens of the texts, and of the translations, are characters; else words and marks.
    size, minimum : int
        See `explorer.data.tokens.build_vocabulary`.
    longest : int, optional
        Tokens of a sentence at most, the end token not counted; longer ones are cut.
    lower : bool
        Whether everything is read in lower case.
    seed : int
        Of the split.
    labels : ndarray, optional
        By which the split is stratified.
    **facts
        More of `Dataset`: names of classes, columns, the name.
    """
    split = assign_split(len(texts), labels=labels, seed=seed)
    ids, lengths, vocabulary = _numbered(texts, split, characters, size, minimum, longest, lower)
    more: dict[str, Any] = {}
    if translations is not None:
        targets = _numbered(translations, split, target_characters, size, minimum, longest, lower)
        more = dict(zip(("targets", "target_lengths", "target_vocabulary"), targets, strict=True))
    return Dataset(
        values=ids,
        lengths=lengths,
        vocabulary=vocabulary,
        layout="text",
        labels=labels,
        split=split,
        names=np.array([" ".join(text.split())[:NAME] for text in texts]),
        channel_names=("character" if characters else "word",),
        **more,
        **facts,
    )


def _numbered(
    texts: Sequence[str],
    split: np.ndarray,
    characters: bool,
    size: int | None,
    minimum: int,
    longest: int | None,
    lower: bool,
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    tokens = [split_text(text.lower() if lower else text, characters=characters) for text in texts]
    learnt = (sentence for sentence, part in zip(tokens, split, strict=True) if part == TRAIN)
    vocabulary = build_vocabulary(learnt, characters=characters, size=size, minimum=minimum)
    most = max(map(len, tokens))
    steps = (most if longest is None else min(most, longest)) + 1
    return *to_ids(tokens, vocabulary, steps=steps), vocabulary
