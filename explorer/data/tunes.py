"""From tunes, as files tell them, to a data set of melodies of some bars each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.keys import Key, likely_key
from explorer.data.notation import HOLD, METER, REST, TEMPO, VOCABULARY, Notes, notes_of, steps_in_bar, tokens_of
from explorer.data.split import TRAIN, assign_split
from explorer.errors import InputError

LONGEST = 1 << 18
"""Sixteenths of a tune, nine hours at 120 quarter notes a minute: more is no tune, but damage."""


@dataclass(frozen=True)
class Bar:
    """Where a bar begins, in sixteenths, with its meter and tempo (quarter notes a minute)."""

    start: int
    meter: str = METER
    tempo: float = TEMPO

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + steps_in_bar(self.meter)


@dataclass(frozen=True)
class Tune:
    """One melody as a file tells it.

    Parameters
    ----------
    name : str
    notes : Notes
        In order; a note ends at the latest where the next begins.
    bars : tuple of Bar
    key : Key or None
        As the file has it; None where it does not tell.
    """

    name: str
    notes: Notes
    bars: tuple[Bar, ...]
    key: Key | None = None


@dataclass(frozen=True)
class Cutting:
    """How tunes are cut into samples.

    Parameters
    ----------
    bars : int
        Of a sample.
    stride : int
        Bars from one sample to the next; 0: as many as a sample has.
    meter : str
        Which bars are taken; empty: the most frequent.
    to_c : bool
        Whether every tune is moved into C major or A minor, by its key or by the likeliest.
    keys : int
        Into how many keys each tune for training is moved, its own among them.
    """

    bars: int = 2
    stride: int = 0
    meter: str = ""
    to_c: bool = False
    keys: int = 1


def melodies(tunes: Sequence[Tune], cutting: Cutting, *, split: np.ndarray | None = None, seed: int = 0) -> Dataset:
    """Return samples of some bars each; all of one tune are in the same part.

    Parameters
    ----------
    tunes : sequence of Tune
    cutting : Cutting
    split : ndarray, optional, int8 ``(len(tunes),)``
        Part of each tune; drawn where not given.
    seed : int
        Of the split.

    Raises
    ------
    InputError
        If no tune has so many bars of the meter.
    """
    meter = cutting.meter or most_frequent_meter(tunes)
    samples: list[np.ndarray] = []
    facts: list[tuple[int, int, float, Key]] = []
    for number, tune in enumerate(tunes):
        key = tune.key or likely_key(tune.notes)
        shift = key.to_c() if cutting.to_c else 0
        for bar, tempo, tokens in _cut(tune, cutting, meter, shift):
            samples.append(tokens)
            facts.append((number, bar, tempo, key.moved(shift)))
    if not samples:
        raise InputError(
            f"no tune has {cutting.bars} bars of {meter} in a row",
            remedy="Ask for fewer bars, or for another meter",
        )
    used = np.array([fact[0] for fact in facts])
    # The parts are dealt out among the tunes, so that no bar of a tune for testing is learnt from.
    of_tune = np.full(len(tunes), TRAIN, np.int8)
    present = np.unique(used)
    of_tune[present] = assign_split(len(present), seed=seed) if split is None else split[present]
    values = np.stack(samples)
    bars = np.array([fact[1] for fact in facts])
    names = _unique([tune.name for tune in tunes])
    modes = tuple(sorted({fact[3].mode for fact in facts}))
    last = bars + cutting.bars - 1
    dataset = Dataset(
        values=values,
        layout="notes",
        vocabulary=VOCABULARY,
        labels=np.array([modes.index(fact[3].mode) for fact in facts], dtype=np.int64),
        class_names=modes,
        names=np.array(
            [f"{names[t]}, bar {b}" + (f"–{e}" if e > b else "") for t, b, e in zip(used, bars, last, strict=True)]
        ),
        columns={
            "tune": np.array([names[t] for t in used]),
            "bar": bars,
            "key": np.array([str(fact[3]) for fact in facts]),
            "meter": np.full(len(values), meter),
            "tempo": np.array([fact[2] for fact in facts]),
            "notes": np.array([len(notes_of(row)) for row in values]),
            "pitch": np.array([notes_of(row).pitches.mean() for row in values]),
        },
        split=of_tune[used],
    )
    return in_other_keys(dataset, cutting.keys)


def in_other_keys(dataset: Dataset, keys: int) -> Dataset:
    """Return the melodies with those for training moved into so many keys, the nearest ones (12 are all)."""
    if keys <= 1:
        return dataset
    moves = [(i + 1) // 2 * (1 if i % 2 else -1) for i in range(keys)]  # 0, 1, -1, 2, …
    train = dataset.indices("train")
    tokens = dataset.values[train]
    parts, rows, told = [dataset.values], [np.arange(len(dataset))], [dataset.columns["key"]]
    for move in moves[1:]:
        parts.append(moved(tokens, move))
        rows.append(train)
        told.append(np.array([str(Key.named(text).moved(move)) for text in dataset.columns["key"][train]]))
    shifts = np.concatenate([np.zeros(len(dataset), int), np.repeat(moves[1:], len(train))])
    values = np.concatenate(parts)
    chosen = dataset.subset(np.concatenate(rows))
    names = np.array([f"{n} ({s:+d})" if s else n for n, s in zip(chosen.sample_names, shifts, strict=True)])
    pitch = np.array([notes_of(row).pitches.mean() for row in values])
    columns = {**chosen.columns, "key": np.concatenate(told), "pitch": pitch, "moved by": shifts}
    return replace(chosen, values=values, names=names, columns=columns)


def moved(tokens: np.ndarray, semitones: int) -> np.ndarray:
    """Return melodies ``(..., T)`` moved by semitones; what leaves the piano comes back by an octave."""
    table = np.arange(len(VOCABULARY), dtype=np.int32)
    for token in range(2, len(VOCABULARY)):
        at = token + semitones
        while at < 2:
            at += 12
        while at >= len(VOCABULARY):
            at -= 12
        table[token] = at
    return table[tokens]


def most_frequent_meter(tunes: Sequence[Tune]) -> str:
    """Return the meter of most bars."""
    counts = Counter(bar.meter for tune in tunes for bar in tune.bars if steps_in_bar(bar.meter))
    return counts.most_common(1)[0][0] if counts else METER


def _cut(tune: Tune, cutting: Cutting, meter: str, shift: int) -> list[tuple[int, float, np.ndarray]]:
    """Return number of the first bar, tempo and tokens of each sample of a tune; samples without a note left out."""
    if not tune.bars or not len(tune.notes):
        return []
    end = max(bar.end for bar in tune.bars)
    if end > LONGEST:
        raise InputError(f"the tune has {end:,} sixteenths, which is too many", place=tune.name)
    moved_notes = replace(tune.notes, pitches=tune.notes.pitches + shift)
    tokens = tokens_of(_within(moved_notes, end), end)
    stride = cutting.stride or cutting.bars
    found = []
    i = 0
    while i + cutting.bars <= len(tune.bars):
        chosen = tune.bars[i : i + cutting.bars]
        wrong = [k for k, bar in enumerate(chosen) if bar.meter != meter or (k and bar.start != chosen[k - 1].end)]
        if wrong:
            i += max(1, wrong[-1] if chosen[wrong[-1]].meter == meter else wrong[-1] + 1)
            continue
        sample = _entered(tokens, chosen[0].start, chosen[-1].end)
        if (sample > REST).any():
            found.append((i + 1, chosen[0].tempo, sample))
        i += stride
    return found


def _within(notes: Notes, end: int) -> Notes:
    keep = (notes.starts < end) & (notes.ends > notes.starts)
    return Notes(notes.starts[keep], np.minimum(notes.ends[keep], end), notes.pitches[keep])


def _entered(tokens: np.ndarray, start: int, end: int) -> np.ndarray:
    """Return a stretch of a melody; what sounds as it begins begins with it."""
    sample = tokens[start:end].copy()
    if sample[0] == HOLD:
        before = np.flatnonzero(tokens[:start] != HOLD)
        sample[0] = tokens[before[-1]] if len(before) else REST
    return sample


def _unique(names: Sequence[str]) -> list[str]:
    """Return names of tunes, told apart by a number where several are the same."""
    counts, seen = Counter(names), Counter[str]()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} ({seen[name]})" if counts[name] > 1 else name)
    return found
