"""The one shape in which data travel through the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from explorer.data import tokens
from explorer.data.blocks import blocks, map_of
from explorer.data.split import TEST, TRAIN, VALIDATION, assign_split
from explorer.data.times import check_times
from explorer.data.windows import Windows
from explorer.errors import InputError, UnsupportedError

Layout = Literal["series", "image", "points", "profile", "text", "notes"]
TOKENS: tuple[Layout, ...] = ("text", "notes")
"""The layouts of samples that are tokens rather than numbers."""
Part = Literal["train", "validation", "test"]
PARTS: dict[Part, int] = {"train": TRAIN, "validation": VALIDATION, "test": TEST}
"""The numbers of the parts in `Dataset.split`, ascending."""
PART_NAMES: tuple[str, ...] = (*PARTS, "gap")
"""What the numbers in `Dataset.split` are called: the parts, and what lies between two parts of a recording."""


@dataclass(frozen=True)
class Origin:
    """Where a data set came from, so that it can be found or made again.

    Parameters
    ----------
    kind : {"file", "generated", "memory"}
    name : str
        The reader or the generated set by its registered name; empty for arrays from memory.
    path : str or None
        The file, absolute.
    file_sha256 : str or None
        Hash of the file's bytes when it was read.
    options : dict
        The parameters of the reader or the generated set, and its ``"seed"``, as JSON.
    clean : str or None
        The file that the clean targets came from, absolute, where that is another.
    clean_sha256 : str or None
        Hash of its bytes when it was read.
    left_out : str
        What of the file could not be read, and why, as a sentence for the person; empty where all was.
    """

    kind: Literal["file", "generated", "memory"] = "memory"
    name: str = ""
    path: str | None = None
    file_sha256: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    clean: str | None = None
    clean_sha256: str | None = None
    left_out: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Samples of one kind, with what is known about them. Immutable; arrays may be memory maps.

    Parameters
    ----------
    values : ndarray, float32, or int32 where there is a `vocabulary`
        ``(N, T, C)`` series, ``(N, D)`` vectors or ``(N, H, W, C)`` images, in the data's own units. Missing entries,
        and steps past the end of a shorter series, are NaN (and False in `observed`). ``(N, T)`` numbers of tokens.
    layout : {"series", "image", "points", "profile", "text", "notes"}
        How one sample is drawn: curves over time, a picture, a point in 2 or 3 dimensions, a curve over features, a
        sentence, a piano roll. By default series for three axes, image for four; for two axes points where D <= 3,
        else profile; text for tokens.
    name : str
        What a person calls the set.
    targets : ndarray or None, of the type and shape of `values`
        What the decoder should produce where that is not the input: the clean series. With a `target_vocabulary` a
        translation of each sample, int32 ``(N, T2)``.
    labels : ndarray or None, int64 ``(N,)``
        Class of each sample, an index into `class_names`; -1 where unknown.
    class_names : tuple of str
    masks : ndarray or None, int64, shape of `values` without its last axis
        Class of each time step ``(N, T)`` or pixel ``(N, H, W)``, an index into `mask_names`: 0 is the background, or
        for anomalies the normal; -1 where unknown, and past the end of a shorter series.
    mask_names : tuple of str
    names : ndarray or None, str ``(N,)``
        Name of each sample; `sample_name` falls back to its number.
    columns : dict of str to ndarray ``(N,)``
        Further facts per sample, numbers or strings, by which the map can be coloured.
    channel_names : tuple of str
        Of the C channels, or the D features; filled with defaults where empty.
    unit : str
        Of the values.
    sampling_rate : float or None
        Steps per second (Hz).
    times : ndarray or None, float64 ``(T,)`` or ``(N, T)``
        Time of each step where not from `sampling_rate`, in seconds: the same for all samples, or of each sample its
        own, which grow from step to step up to its end. What stands past the end of a shorter series does not matter.
    observed : ndarray or None, bool, shape of `values`
        False where missing. None where everything was observed.
    lengths : ndarray or None, int64 ``(N,)``
        Steps of each series where they differ; tokens of each sentence, its end token included.
    vocabulary : tuple of str
        Of tokens, in the order of their numbers; see `explorer.data.tokens`. Empty where the values are numbers.
    target_vocabulary : tuple of str
        Of the language into which `targets` translate; empty where they are no translation.
    target_lengths : ndarray or None, int64 ``(N,)``
        Tokens of each translation, its end token included.
    split : ndarray, int8 ``(N,)``
        0 train, 1 validation, 2 test; 3 (`explorer.data.split.GAP`): none of them. By default 70 / 15 / 15 percent,
        stratified by label, from seed 0.
    windows : Windows or None
        The long recording that the samples are windows of: `values` are then views of it, which overlap.
    origin : Origin

    Raises
    ------
    InputError
        If the arrays do not fit together.
    """

    values: np.ndarray
    layout: Layout = None  # type: ignore[assignment] - resolved below
    name: str = "data"
    targets: np.ndarray | None = None
    labels: np.ndarray | None = None
    class_names: tuple[str, ...] = ()
    masks: np.ndarray | None = None
    mask_names: tuple[str, ...] = ()
    names: np.ndarray | None = None
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    channel_names: tuple[str, ...] = ()
    unit: str = ""
    sampling_rate: float | None = None
    times: np.ndarray | None = None
    observed: np.ndarray | None = None
    lengths: np.ndarray | None = None
    vocabulary: tuple[str, ...] = ()
    target_vocabulary: tuple[str, ...] = ()
    target_lengths: np.ndarray | None = None
    split: np.ndarray = None  # type: ignore[assignment] - resolved below
    windows: Windows | None = None
    origin: Origin = field(default_factory=Origin)

    def __post_init__(self) -> None:
        values = self.values
        if values.ndim not in (2, 3, 4) or 0 in values.shape:
            raise InputError(
                f"an array of shape {values.shape} is not a data set",
                source=self.name,
                remedy="Give (N, D) vectors, (N, T, C) series or (N, H, W, C) images, with at least one sample",
            )
        if self.vocabulary:
            self._take_tokens()
        elif values.dtype != np.float32:
            self._set("values", np.ascontiguousarray(values, dtype=np.float32))
        if self.layout is None:
            by_axes: dict[int, Layout] = {2: "points" if values.shape[1] <= 3 else "profile", 3: "series", 4: "image"}
            self._set("layout", by_axes[values.ndim])
        if not self.channel_names:
            word = "feature" if values.ndim == 2 else "channel"
            named = ("token",) if self.vocabulary else tuple(f"{word} {i + 1}" for i in range(values.shape[-1]))
            self._set("channel_names", named)
        if self.labels is not None and not self.class_names:
            count = int(self.labels.max(initial=-1)) + 1
            self._set("class_names", tuple(str(i) for i in range(count)))
        if self.masks is not None and not self.mask_names:
            count = max(2, int(self.masks.max(initial=-1)) + 1)
            self._set("mask_names", ("background", *(f"region {i}" for i in range(1, count))))
        if self.split is None:
            self._set("split", assign_split(len(values), labels=self.labels))
        self._check()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _take_tokens(self) -> None:
        """Bring tokens into their type, and check that the vocabulary numbers them all."""
        if self.values.ndim != 2 or self.values.dtype.kind not in "iu":
            raise InputError(
                f"an array of {self.values.dtype} of shape {self.values.shape} does not hold tokens",
                source=self.name,
                remedy="Give whole numbers (N, T): a row a sample, each the number of a token in the vocabulary",
            )
        if self.layout is None:
            self._set("layout", "text")
        if self.layout not in TOKENS:
            remedy = "Choose the layout text or notes"
            raise InputError(f"tokens are no '{self.layout}'", source=self.name, remedy=remedy)
        for name, words in (("values", self.vocabulary), ("targets", self.target_vocabulary or self.vocabulary)):
            ids = getattr(self, name)
            if ids is None:
                continue
            if ids.dtype != np.int32:
                self._set(name, np.ascontiguousarray(ids, dtype=np.int32))
            if int(ids.min(initial=0)) < 0 or int(ids.max(initial=0)) >= len(words):
                raise InputError(
                    f"'{name}' has token {int(ids.min() if ids.min() < 0 else ids.max())}, "
                    f"and the vocabulary numbers 0 to {len(words) - 1}",
                    source=self.name,
                )

    def _check(self) -> None:
        shape, n = self.values.shape, len(self.values)
        targets = shape
        if self.target_vocabulary and self.targets is not None and self.targets.ndim == 2:
            targets = (n, self.targets.shape[1])
        expected = {
            "targets": targets,
            "observed": shape,
            "labels": (n,),
            "masks": shape if self.vocabulary else shape[:-1],
            "names": (n,),
            "lengths": (n,),
            "target_lengths": (n,),
            "split": (n,),
        }
        for name, wanted in expected.items():
            array = getattr(self, name)
            if array is not None and array.shape != wanted:
                raise InputError(f"'{name}' has shape {array.shape} where {wanted} is needed", source=self.name)
        for name, array in self.columns.items():
            if array.shape != (n,):
                raise InputError(f"the column '{name}' has shape {array.shape}, not ({n},)", source=self.name)
        if self.masks is not None and int(self.masks.max(initial=-1)) >= len(self.mask_names):
            raise InputError(
                f"a mask has class {int(self.masks.max())}, and there are {len(self.mask_names)} names",
                source=self.name,
            )
        if self.layout in TOKENS and not self.vocabulary:
            raise InputError(f"data of layout '{self.layout}' need a vocabulary", source=self.name)
        if len(self.channel_names) != (1 if self.vocabulary else shape[-1]):
            raise InputError(
                f"there are {len(self.channel_names)} channel names for {shape[-1]} channels", source=self.name
            )
        if self.times is not None:
            check_times(self.times, self.values, self.lengths, source=self.name, name=self.sample_name)
        if self.windows is not None and (len(self.windows), self.windows.length) != shape[:2]:
            raise InputError(f"{len(self.windows)} windows are not {n} samples", source=self.name)

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        parts = ", ".join(f"{len(self.indices(part))} {part}" for part in PARTS)
        return f"<Dataset {self.name!r}: {self.layout} {self.values.shape}; {parts}>"

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample: ``(T, C)``, ``(D,)`` or ``(H, W, C)``; ``(T,)`` of tokens."""
        return self.values.shape[1:]

    @property
    def irregular(self) -> bool:
        """Whether each sample has times of its own."""
        return self.times is not None and self.times.ndim == 2

    @property
    def time_axis(self) -> np.ndarray:
        """Time of each step, float64 ``(T,)``: seconds where the rate is known, else the step's number.

        The step's number, too, where each sample has its own times: what is told of all samples goes by that.
        """
        steps = self.values.shape[1]
        if self.times is not None and self.times.ndim == 1:
            return self.times
        return np.arange(steps) / (1.0 if self.irregular else self.sampling_rate or 1.0)

    @property
    def time_label(self) -> str:
        """What the time axis is called."""
        known = self.sampling_rate or self.times is not None
        return "time (s)" if known and not self.irregular else "time step"

    def times_of(self, index: int) -> np.ndarray:
        """Return the time of each step of a sample, float64 ``(T,)``; see `sample_time_label`."""
        if self.times is None or self.times.ndim == 1:
            return self.time_axis
        return self.times[index]

    @property
    def sample_time_label(self) -> str:
        """What the axis of `times_of` is called: `time_label`, or seconds where each sample has its own times."""
        return "time (s)" if self.irregular else self.time_label

    @property
    def all_times(self) -> np.ndarray:
        """Times of the steps of all samples, float64 ``(N, T)``; a view where they share them."""
        if self.irregular and self.times is not None:
            return self.times
        return np.broadcast_to(self.time_axis, self.values.shape[:2])

    @cached_property
    def missing_share(self) -> float:
        """Share of the values that are missing; of a recording, of its steps."""
        if self.observed is None:
            return 0.0
        steps, windows = self.observed, self.windows
        if windows is not None and steps.strides[0] == windows.stride * steps.strides[1]:  # a view: each step once
            covered = (len(windows) - 1) * windows.stride + windows.length
            shape, strides = (covered, *steps.shape[2:]), steps.strides[1:]
            steps = np.lib.stride_tricks.as_strided(steps, shape, strides, writeable=False)
        return 1.0 - float(np.count_nonzero(steps)) / steps.size

    @property
    def cut(self) -> bool:
        """Whether the values are still views of the recording: spoilt ones, say, are not."""
        windows = self.windows
        if windows is None or not len(self):
            return False
        steps, shown = windows.recording, self.values
        own = (steps.strides[0] * windows.stride, *steps.strides)
        return shown.strides == own and _address(shown) == _address(steps)

    @property
    def time_range(self) -> tuple[float, float]:
        """The earliest and the latest time of all samples."""
        if self.times is None or self.times.ndim == 1:
            return float(self.time_axis[0]), float(self.time_axis[-1])
        steps = self.values.shape[1]
        within = slice(None) if self.lengths is None else np.arange(steps) < self.lengths[:, None]
        times = self.times[within]
        return float(times.min()), float(times.max())

    def last_seen(self, index: int) -> float:
        """Return the time of the last observation of a sample; NaN where there is none."""
        seen = np.flatnonzero(np.isfinite(self.values[index]).reshape(self.values.shape[1], -1).max(axis=1))
        return float(self.times_of(index)[seen[-1]]) if len(seen) else float("nan")

    @property
    def clean(self) -> np.ndarray:
        """What a reconstruction is judged by: the targets where there are some that do not translate, or the values."""
        return self.values if self.targets is None or self.target_vocabulary else self.targets

    def text_of(self, row: int) -> str:
        """Return sample `row` of tokens as text."""
        length = None if self.lengths is None else int(self.lengths[row])
        return tokens.text_of(self.values[row], self.vocabulary, length)

    def translation_of(self, row: int) -> str:
        """Return the translation of sample `row` as text; empty where there is none."""
        if self.targets is None or not self.target_vocabulary:
            return ""
        length = None if self.target_lengths is None else int(self.target_lengths[row])
        return tokens.text_of(self.targets[row], self.target_vocabulary, length)

    def sample_name(self, index: int) -> str:
        """Return what sample `index` is called: its name, or the sentence itself, or its number."""
        if self.names is not None:
            return str(self.names[index])
        return self.text_of(index) if self.layout == "text" else str(index)

    @property
    def sample_names(self) -> np.ndarray:
        """What all samples are called, str ``(N,)``."""
        if self.names is not None:
            return self.names.astype(str)
        return self._sentences if self.layout == "text" else np.arange(len(self)).astype(str)

    @property
    def flat(self) -> np.ndarray:
        """The samples as rows of numbers ``(N, D)``; of tokens how often each of the vocabulary comes, float32."""
        if self.vocabulary:
            return tokens.counts(self.values, len(self.vocabulary), self.lengths)
        return self.values.reshape(len(self), -1)

    @cached_property
    def translations(self) -> np.ndarray:
        """The translations of all samples as text, str ``(N,)``; empty where there are none."""
        return np.array([self.translation_of(row) for row in range(len(self))])

    @cached_property
    def _sentences(self) -> np.ndarray:
        return np.array([self.text_of(row) for row in range(len(self))])

    def indices(self, part: Part) -> np.ndarray:
        """Return the indices of the samples of a part, int64, ascending."""
        return np.flatnonzero(self.split == PARTS[part])

    def part(self, part: Part) -> Dataset:
        """Return the samples of a part."""
        return self.subset(self.indices(part))

    def subset(self, indices: np.ndarray | slice) -> Dataset:
        """Return the samples at `indices`, in that order.

        Those of a slice of step 1, and windows that follow each other, are views.
        """
        windows = None
        if self.windows is not None:
            run = _run(indices, len(self))
            if run is not None:
                windows, indices = self.windows.part(run.start, run.stop), run

        def take(array: np.ndarray | None) -> np.ndarray | None:
            return None if array is None else array[indices]

        return replace(
            self,
            values=self.values[indices],
            targets=take(self.targets),
            labels=take(self.labels),
            masks=take(self.masks),
            names=take(self.names),
            observed=take(self.observed),
            lengths=take(self.lengths),
            times=take(self.times) if self.irregular else self.times,
            target_lengths=take(self.target_lengths),
            split=self.split[indices],
            columns={name: column[indices] for name, column in self.columns.items()},
            windows=windows,
        )

    @cached_property
    def whole(self) -> bool:
        """Whether no value is missing."""
        return all(not np.isnan(block).any() for _, block in blocks(self.values))

    @cached_property
    def sha256(self) -> str:
        """Hash of values, targets, observed, lengths, labels and masks with their shapes, and of what tokens mean.

        Of windows of a file's recording it is that of the file, and how they are cut: the recording may be very long.
        So it is of values that are a whole file on the disk.
        """
        import hashlib

        digest = hashlib.sha256()
        if self.windows is not None and self.cut and self.origin.file_sha256 is not None:
            cut = f"{self.values.shape}{self.windows.stride}{self.windows.first}"
            digest.update(f"{self.origin.file_sha256}{self.origin.clean_sha256}{cut}".encode())
            return digest.hexdigest()
        arrays = (
            self.values, self.targets, self.observed, self.lengths, self.labels, self.masks, self.target_lengths,
            self.times if self.irregular else None,
        )  # fmt: skip
        for array in arrays:
            if array is not None:
                digest.update(f"{array.dtype.str}{array.shape}".encode())
                if array is self.values and self.origin.file_sha256 is not None and _is_whole_map(array):
                    digest.update(self.origin.file_sha256.encode())
                    continue
                for _, block in blocks(array):
                    digest.update(np.ascontiguousarray(block).view(np.uint8).reshape(-1).data)
        for words in (self.vocabulary, self.target_vocabulary):
            digest.update("\0".join(words).encode())
        return digest.hexdigest()


def as_dataset(data: Dataset | np.ndarray, *, finite: bool = False) -> Dataset:
    """Return `data` as a `Dataset`; an array becomes one in which every sample is for training.

    Parameters
    ----------
    data : Dataset or ndarray
    finite : bool
        Whether it is known already that all its numbers are finite.

    Raises
    ------
    InputError
        If the array is not numeric or has infinite values.
    """
    if isinstance(data, Dataset):
        return data
    array = np.asarray(data)
    if array.dtype == object or array.dtype.kind not in "fiub":
        raise InputError(f"an array of {array.dtype} is not numeric", remedy="Give floats or integers")
    mapped = array.dtype == np.float32 and map_of(array) is not None  # stays on the disk
    values = array if mapped else np.ascontiguousarray(array, dtype=np.float32)
    gaps = False
    for first, block in () if finite else blocks(values):
        # The sum of finite numbers is one, and taken in a fraction of the time that a look at each of them takes.
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(block.sum()):
                continue
        gaps = gaps or bool(np.isnan(block).any())
        if np.isinf(block).any():
            place = tuple(int(i) for i in np.argwhere(np.isinf(block))[0])
            place = (place[0] + first, *place[1:])
            raise InputError(
                "there is an infinite value", place=f"at {place}", remedy="Replace it by NaN if it is missing"
            )
    dataset = Dataset(
        values=values,
        observed=np.isfinite(values) if gaps else None,
        split=np.full(len(values), TRAIN, dtype=np.int8),
    )
    dataset.__dict__["whole"] = not gaps
    return dataset


def why_no_numbers(layout: Layout) -> str:
    """Return why what works on numbers does not work on samples of a layout, as a sentence; empty where it does."""
    what = {"text": "sentences", "notes": "melodies"}.get(layout)
    return (
        "" if what is None else f"These samples are {what}, not numbers: they cannot be spoilt, filtered or averaged."
    )


def check_numbers(data: Dataset) -> None:
    """Raise `UnsupportedError` where the samples are tokens, for what works on numbers."""
    if why := why_no_numbers(data.layout):
        raise UnsupportedError(why.removesuffix("."), source=data.name)


def _run(indices: np.ndarray | slice, n: int) -> slice | None:
    """Return indices that follow each other as a slice; None where they do not, or there are none."""
    if isinstance(indices, slice):
        first, behind, step = indices.indices(n)
        return slice(first, behind) if step == 1 and first < behind else None
    chosen = np.asarray(indices)
    if chosen.dtype.kind not in "iu" or not len(chosen) or not (np.diff(chosen) == 1).all():
        return None
    return slice(int(chosen[0]), int(chosen[-1]) + 1)


def _is_whole_map(array: np.ndarray) -> bool:
    """Whether an array is all of a memory map, which is only read."""
    mapped = map_of(array)
    while mapped is not None and isinstance(mapped.base, np.memmap):  # a view of another
        mapped = mapped.base
    return mapped is not None and mapped.mode == "r" and mapped.nbytes == array.nbytes


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def file_sha256(path: str | Path) -> str:
    """Return the hash of a file's bytes."""
    import hashlib

    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
