"""Sentences as numbers and back: splitting text into tokens, and the vocabulary that numbers them.

A vocabulary is a tuple of tokens; a token's id is its place in it. That of text begins with `SPECIAL`. One of
characters holds the blank as a token, one of words never does: so a vocabulary itself tells how text is to be split.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from explorer.errors import InputError

SPECIAL = ("<pad>", "<start>", "<end>", "<unknown>")
"""The first tokens of text: beyond the end, before the beginning, at the end, and in place of any that is not known."""
PAD, START, END, UNKNOWN = range(4)
SHOWN = {PAD: "", START: "", END: "", UNKNOWN: "�"}
"""How these are shown within a text of characters."""

_WORD = re.compile(r"\w+(?:['’\-]\w+)*|[^\w\s]")
_CLOSING = frozenset(".,;:!?)]}%…")
_OPENING = frozenset("([{$£€")


def of_characters(vocabulary: Sequence[str]) -> bool:
    """Whether the tokens of a vocabulary are single characters, rather than words."""
    return " " in vocabulary


def split_text(text: str, *, characters: bool) -> list[str]:
    """Return the tokens of a text: each character, or words and marks; any run of white space is one blank."""
    text = " ".join(text.split())
    return list(text) if characters else _WORD.findall(text)


def join_tokens(tokens: Iterable[str], *, characters: bool) -> str:
    """Return tokens as one text: characters close together, words with blanks but before and after marks."""
    if characters:
        return "".join(tokens)
    text, glued = "", True
    for token in tokens:
        text += token if glued or token in _CLOSING else f" {token}"
        glued = token in _OPENING
    return text


def in_common(first: Sequence[str], second: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Return of each token of two texts whether it is in their longest common subsequence.

    A row of the table of lengths is one whole number, whose bits tell where the length does not grow (Hyyrö 2004): two
    texts of a thousand tokens take milliseconds.
    """
    places: dict[str, int] = {}
    for i, token in enumerate(first):
        places[token] = places.get(token, 0) | 1 << i
    every = (1 << len(first)) - 1
    rows, row = [], every
    for token in second:
        hit = row & places.get(token, 0)
        row = (row + hit | row - hit) & every
        rows.append(row)
    kept = [False] * len(first), [False] * len(second)
    i, j = len(first) - 1, len(second) - 1
    while i >= 0 and j >= 0:
        if first[i] == second[j]:
            kept[0][i] = kept[1][j] = True
            i, j = i - 1, j - 1
        elif rows[j] >> i & 1:
            i -= 1
        else:
            j -= 1
    return kept


def build_vocabulary(
    sentences: Iterable[Sequence[str]], *, characters: bool, size: int | None = None, minimum: int = 1
) -> tuple[str, ...]:
    """Return the vocabulary of tokenised sentences: `SPECIAL`, then the tokens, the most frequent first.

    Parameters
    ----------
    sentences : iterable of sequence of str
    characters : bool
        Whether the tokens are characters; then the blank is in it in any case.
    size : int, optional
        At most so many tokens, `SPECIAL` among them; the rarest are left out.
    minimum : int
        Tokens that come less often are left out.
    """
    counts = Counter(token for sentence in sentences for token in sentence)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    chosen = [token for token in ranked if counts[token] >= minimum and token not in SPECIAL]
    blank = [" "] if characters else []
    chosen = blank + [token for token in chosen if token not in blank]
    most = None if size is None else max(0, size - len(SPECIAL))
    return (*SPECIAL, *chosen[:most])


def to_ids(
    sentences: Sequence[Sequence[str]], vocabulary: Sequence[str], *, steps: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return tokenised sentences as ids, each closed by the end token, and how many tokens each has with it.

    Parameters
    ----------
    sentences : sequence of sequence of str
    vocabulary : sequence of str
        Tokens that it does not know become `UNKNOWN`.
    steps : int, optional
        T; by default that of the longest sentence. Longer ones are cut, and still end with the end token.

    Returns
    -------
    ids : ndarray, int32 ``(N, T)``
    lengths : ndarray, int64 ``(N,)``
    """
    number = {token: i for i, token in enumerate(vocabulary)}
    steps = max((len(sentence) for sentence in sentences), default=0) + 1 if steps is None else steps
    lengths = np.array([min(len(sentence) + 1, steps) for sentence in sentences], dtype=np.int64)
    ids = np.full((len(sentences), steps), PAD, dtype=np.int32)
    for row, (sentence, length) in enumerate(zip(sentences, lengths, strict=True)):
        ids[row, : length - 1] = [number.get(token, UNKNOWN) for token in sentence[: length - 1]]
        ids[row, length - 1] = END
    return ids, lengths


def lengths_of(ids: np.ndarray) -> np.ndarray:
    """Return how many tokens each row of text ``(N, T)`` has, the end token included; T where it has none."""
    ended = ids == END
    return np.where(ended.any(axis=1), ended.argmax(axis=1) + 1, ids.shape[1]).astype(np.int64)


def closed(ids: np.ndarray) -> np.ndarray:
    """Return ids ``(N, T)`` of text with nothing but `PAD` behind the first end token."""
    return np.where(np.arange(ids.shape[1]) < lengths_of(ids)[:, None], ids, PAD).astype(ids.dtype)


def counts(ids: np.ndarray, size: int, lengths: np.ndarray | None = None) -> np.ndarray:
    """Return how often each of `size` tokens comes in each row of ids ``(N, T)``, float32 ``(N, size)``."""
    found = np.zeros((len(ids), size), dtype=np.float32)
    rows = np.repeat(np.arange(len(ids)), ids.shape[1]).reshape(ids.shape)
    within = np.ones(ids.shape, dtype=bool) if lengths is None else np.arange(ids.shape[1]) < lengths[:, None]
    np.add.at(found, (rows[within], ids[within]), 1.0)
    return found


def tokens_of(ids: np.ndarray, vocabulary: Sequence[str], length: int | None = None) -> list[str]:
    """Return the tokens of one sample ``(T,)``; of text those before its end, an unknown one as "�"."""
    if tuple(vocabulary[: len(SPECIAL)]) != SPECIAL:
        return [str(vocabulary[int(i)]) for i in ids[:length]]
    found = []
    for i in ids[:length].tolist():
        if i == END:
            break
        if i >= len(SPECIAL):
            found.append(vocabulary[i])
        elif SHOWN[i]:
            found.append(SHOWN[i])
    return found


def text_of(ids: np.ndarray, vocabulary: Sequence[str], length: int | None = None) -> str:
    """Return one sample ``(T,)`` as text."""
    return join_tokens(tokens_of(ids, vocabulary, length), characters=of_characters(vocabulary))


def read_text(text: str, vocabulary: Sequence[str], most: int | None = None) -> tuple[np.ndarray, list[str]]:
    """Return what a person typed as ids ``(1, T)``, and those of its tokens that the vocabulary does not know.

    A vocabulary without capital letters reads the text in lower case.

    Raises
    ------
    InputError
        If there is no token in it, or more than `most` with the end token.
    """
    characters = of_characters(vocabulary)
    if not any(token != token.lower() for token in vocabulary[len(SPECIAL) :]):
        text = text.lower()
    tokens = split_text(text, characters=characters)
    if not tokens:
        raise InputError("the sentence is empty", remedy="Type a word or more" if not characters else "Type something")
    if most is not None and len(tokens) + 1 > most:
        what = "characters" if characters else "words and marks"
        raise InputError(
            f"the sentence has {len(tokens)} {what}, and the model reads {most - 1} at most",
            remedy="Make it shorter, or train on longer sentences",
        )
    known = set(vocabulary)
    unknown = list(dict.fromkeys(token for token in tokens if token not in known))
    return to_ids([tokens], vocabulary)[0], unknown


def renumbered(ids: np.ndarray, vocabulary: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    """Return ids of one vocabulary as those of another, token by token; what that does not know is `UNKNOWN`.

    Raises
    ------
    InputError
        If a token is not in the other vocabulary, and that has none for the unknown.
    """
    number = {token: i for i, token in enumerate(wanted)}
    text = tuple(wanted[: len(SPECIAL)]) == SPECIAL
    lacking = [token for token in vocabulary if token not in number]
    if lacking and not text:
        raise InputError(
            f"the model does not know {lacking[0]!r}", remedy="Give data with the tokens that it was trained on"
        )
    table = np.array([number.get(token, UNKNOWN) for token in vocabulary], dtype=np.int32)
    return table[ids]
