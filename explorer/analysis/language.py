"""What translations and language models are judged by, and the simplest of their kind."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.tokens import START


def exact_match(written: Sequence[str], true: Sequence[str]) -> float:
    """Return the share of texts that are right to the last character."""
    return float(np.mean([ours == theirs for ours, theirs in zip(written, true, strict=True)]))


def character_accuracy(written: Sequence[str], true: Sequence[str]) -> float:
    """Return the share of the true characters that stand in their place; one that is missing is wrong."""
    right = sum(a == b for ours, theirs in zip(written, true, strict=True) for a, b in zip(ours, theirs, strict=False))
    return right / max(1, sum(map(len, true)))


def bleu(written: Sequence[str], true: Sequence[str], *, characters: bool) -> float:
    """Return BLEU of a corpus, 0 to 100, by sacrebleu (Post 2018; Papineni et al. 2002).

    Parameters
    ----------
    written, true : sequence of str
    characters : bool
        Whether its n-grams are of characters, rather than of words.
    """
    from sacrebleu.metrics.bleu import BLEU

    scorer = BLEU(tokenize="char" if characters else "13a", effective_order=False)
    return float(scorer.corpus_score(list(written), [list(true)]).score)


def count_models(data: Dataset, part: Dataset, smoothing: float = 0.1) -> dict[str, float]:
    """Return the perplexity per token, end tokens included, of language models that only count.

    Each learns from the train part of `data`, with `smoothing` added to every count, and is judged on `part`: "unigram"
    knows how frequent each token is, "position" how frequent at each place of a sentence (all that a decoder without
    input and without a code can know), "bigram" how frequent after the token before.
    """
    train, size = data.part("train"), len(data.vocabulary)
    found = {}
    for name in ("unigram", "position", "bigram"):
        contexts = size if name == "bigram" else data.values.shape[1] if name == "position" else 1
        counts = np.full((contexts, size), smoothing)
        context, token = _contexts(train, name)
        np.add.at(counts, (context, token), 1.0)
        told = np.log(counts / counts.sum(axis=1, keepdims=True))
        context, token = _contexts(part, name)
        found[name] = math.exp(-float(told[context, token].mean()))
    return found


def _contexts(data: Dataset, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return what a model knows of each token beforehand, as a number, and the token."""
    ids = data.values.astype(np.int64)
    steps = np.broadcast_to(np.arange(ids.shape[1]), ids.shape)
    within = np.ones(ids.shape, bool) if data.lengths is None else steps < data.lengths[:, None]
    before = np.pad(ids, ((0, 0), (1, 0)), constant_values=START)[:, :-1]
    context = {"unigram": np.zeros_like(ids), "position": steps, "bigram": before}[name]
    return context[within], ids[within]
