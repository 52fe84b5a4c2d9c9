"""What takes noise from series: each denoiser is one class in one file of `explorer.analysis.denoisers`."""

from __future__ import annotations

import copy
import itertools
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.gaps import bridge_gaps
from explorer.errors import InputError
from explorer.parameters import parameters, validate, values_of
from explorer.progress import Progress, Silent, check
from explorer.registry import Registry

TRIES = 24
"""Settings that tuning tries of each denoiser: the same for all of them."""
UNEVEN = 0.01
"""Share by which steps in time may differ and still be called even."""
_CHUNK = 1 << 21
"""Values that are denoised at a time, in double precision."""
_THIN: dict[int, tuple[int, ...]] = {1: (24,), 2: (4, 6), 3: (2, 3, 4), 4: (2, 2, 2, 3)}
"""How many settings of each of so many steps of a chain are tried, in all combinations."""
_PLUS = re.compile(r"(?<!\d[eE])(?<![=:,])\+")


@dataclass(kw_only=True, eq=False, repr=False)
class Denoiser(ABC):
    """A way to take noise from series, without a network.

    One is a keyword-only dataclass in a file of `explorer.analysis.denoisers`; its fields with a `Param` are its
    settings, and the first of them is what stands behind the colon in ``median:5``. Gaps, unequal lengths and single
    steps are seen to here; a subclass takes whole series of doubles in `smooth`. Channels are denoised apart.

    What it learns, it learns in `fit`, whatever its settings: so that they can be changed afterwards (`having`).
    """

    title: ClassVar[str] = ""
    learns: ClassVar[Literal["", "clean", "pairs"]] = ""
    """What `fit` needs: nothing, clean samples (noisy ones will do), or clean and noisy samples in pairs."""
    even: ClassVar[bool] = True
    """Whether it takes steps for evenly spaced in time."""
    slow: ClassVar[bool] = False
    """Whether it takes longer than a frame on a series of 5,000 steps: then it is not run at every move of a hand."""

    @abstractmethod
    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return series without noise.

        Parameters
        ----------
        series : ndarray, float64 ``(N, T, C)``
            Finite, T > 1.

        Returns
        -------
        ndarray, float ``(N, T, C)``
        """

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return the settings that tuning tries on series of so many steps, at most `TRIES`."""
        return [{}]

    @property
    def reach(self) -> int | None:
        """How many steps to either side a value depends on (but for a thousandth of it); None: on the whole series."""
        return None

    @property
    def only_steps(self) -> int | None:
        """The one length of series that it takes, after `fit`; None: any."""
        return None

    def fit(self, noisy: np.ndarray, clean: np.ndarray | None = None) -> Self:
        """Learn from training samples ``(N, T, C)``; most denoisers learn nothing.

        Parameters
        ----------
        noisy, clean : ndarray, float32 ``(N, T, C)``
            NaN where missing. Without `clean` the noisy ones have to do.
        """
        return self

    def why_not(self, data: Dataset) -> str:
        """Return why it cannot denoise such data, as a sentence's end ("takes series"); empty where it can."""
        if data.layout != "series":
            return "takes series"
        if self.even and (data.irregular or (data.times is not None and not evenly_spaced(data.times))):
            return "needs steps evenly spaced in time"
        if self.only_steps is not None and data.values.shape[1] != self.only_steps:
            return f"learnt from series of {self.only_steps} steps and these have {data.values.shape[1]}"
        return ""

    def having(self, **settings: Any) -> Self:
        """Return a copy with other settings, which knows what this one learnt."""
        changed = copy.copy(self)
        for name, value in validate(type(self), settings, owner=f"'{self.title}'").items():
            setattr(changed, name, value)
        return changed

    def denoise(
        self, values: np.ndarray, lengths: np.ndarray | None = None, progress: Progress | None = None
    ) -> np.ndarray:
        """Return series without noise.

        Gaps are bridged first (`explorer.data.gaps.bridge_gaps`), and what comes out has none.

        Parameters
        ----------
        values : ndarray, float32 ``(N, T, C)``
            NaN where missing.
        lengths : ndarray of int ``(N,)``, optional
            Where series end; the result is NaN from there on.
        progress : Progress, optional

        Returns
        -------
        ndarray, float32 ``(N, T, C)``

        Raises
        ------
        InputError
            If the series are of a length that it does not take.
        Cancelled
            If the person cancelled.
        """
        if values.ndim != 3:
            raise InputError(f"'{self.title}' takes series (N, T, C), not an array of shape {values.shape}")
        progress = progress or Silent()
        result = np.full(values.shape, np.nan, np.float32)
        ends = np.full(len(values), values.shape[1]) if lengths is None else np.asarray(lengths)
        done = 0
        for end in np.unique(ends):
            rows = np.flatnonzero(ends == end)
            step = max(1, _CHUNK // max(1, int(end) * values.shape[2]))
            for start in range(0, len(rows), step):
                check(progress)
                progress.report(done / max(1, len(values)), self.title)
                some = rows[start : start + step]
                result[some, :end] = self._piece(values[some, :end])
                done += len(some)
        return result

    def _piece(self, values: np.ndarray) -> np.ndarray:
        if self.only_steps is not None and values.shape[1] != self.only_steps:
            raise InputError(
                f"'{self.title}' learnt from series of {self.only_steps} steps and cannot take {values.shape[1]}",
                remedy="Choose another denoiser, or cut the series alike",
            )
        filled = bridge_gaps(values)
        if values.shape[1] < 2 or not values.size:
            return filled
        return np.asarray(self.smooth(filled.astype(np.float64)), np.float32)


def evenly_spaced(times: np.ndarray) -> bool:
    """Whether times ``(T,)`` are evenly spaced, but for rounding."""
    gaps = np.diff(np.asarray(times, np.float64))
    return len(gaps) == 0 or bool(np.ptp(gaps) <= UNEVEN * abs(gaps.mean()))


@dataclass(kw_only=True, eq=False, repr=False)
class Chain(Denoiser):
    """Denoisers one after another; each takes what the one before it gave.

    Parameters
    ----------
    steps : tuple of Denoiser
        One or more.
    free : tuple of bool
        For each, whether tuning may choose its settings; those that a person wrote down stay.
    """

    steps: tuple[Denoiser, ...] = ()
    free: tuple[bool, ...] = ()

    @property
    def title(self) -> str:  # type: ignore[override] - of a class it is a constant, of a chain it is its parts'
        """The parts' titles."""
        return " + ".join(step.title for step in self.steps)

    @property
    def learns(self) -> Literal["", "clean", "pairs"]:  # type: ignore[override] - as its parts do
        """What `fit` needs: the most that one of the parts needs."""
        needs = {step.learns for step in self.steps}
        return "pairs" if "pairs" in needs else "clean" if "clean" in needs else ""

    @property
    def even(self) -> bool:  # type: ignore[override] - as its parts do
        """Whether one of the parts takes steps for evenly spaced."""
        return any(step.even for step in self.steps)

    @property
    def slow(self) -> bool:  # type: ignore[override] - as its parts are
        """Whether one of the parts is slow."""
        return any(step.slow for step in self.steps)

    @property
    def reach(self) -> int | None:
        """The sum of the parts' reaches."""
        reaches = [step.reach for step in self.steps]
        return None if None in reaches else sum(reach for reach in reaches if reach is not None)

    @property
    def only_steps(self) -> int | None:
        """The length that one of the parts insists on."""
        return next((step.only_steps for step in self.steps if step.only_steps is not None), None)

    def why_not(self, data: Dataset) -> str:
        """Return the first part's reason that there is."""
        return next((reason for step in self.steps if (reason := step.why_not(data))), "")

    def fit(self, noisy: np.ndarray, clean: np.ndarray | None = None) -> Self:
        """Let each part learn from what those before it make of the noisy samples."""
        for i, step in enumerate(self.steps):
            step.fit(noisy, clean)
            if any(later.learns == "pairs" or (later.learns and clean is None) for later in self.steps[i + 1 :]):
                noisy = step.denoise(noisy)
        return self

    def denoise(
        self, values: np.ndarray, lengths: np.ndarray | None = None, progress: Progress | None = None
    ) -> np.ndarray:
        """Return what comes out behind the last part; one alone sees the gaps as they are. See `Denoiser.denoise`."""
        if len(self.steps) == 1:
            return self.steps[0].denoise(values, lengths, progress)
        return super().denoise(values, lengths, progress)

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return what comes out behind the last part; see `Denoiser.smooth`."""
        for step in self.steps:
            series = np.asarray(step.smooth(series), np.float64)
        return series

    def candidates(self, steps: int) -> list[Self]:
        """Return chains with the settings that tuning tries, at most `TRIES`: itself where nothing is free."""
        free = [i for i, each in enumerate(self.free) if each]
        counts = _THIN[min(len(free), max(_THIN))] if free else ()
        choices: list[list[Denoiser]] = [[step] for step in self.steps]
        for i, count in zip(free, counts, strict=False):
            grid = type(self.steps[i]).grid(steps)
            chosen = np.unique(np.linspace(0, len(grid) - 1, min(count, len(grid))).round().astype(int))
            choices[i] = [self.steps[i].having(**grid[k]) for k in chosen]
        found = []
        for parts in itertools.product(*choices):
            chain = copy.copy(self)
            chain.steps = parts
            found.append(chain)
        return found


DENOISERS: Registry[Denoiser] = Registry("denoiser", "explorer.analysis.denoisers", Denoiser, "latentscape.denoisers")


def parse_denoiser(text: str, named: Callable[[str, str], Denoiser | None] | None = None) -> Chain:
    """Return the denoisers written as ``name``, ``name:value``, ``name:key=value,…``, joined by ``+``.

    ``median:5 + wavelet`` is a median over five steps and then wavelet shrinkage. A name without settings leaves them
    to be tuned (`Chain.free`).

    Parameters
    ----------
    text : str
    named : callable, optional
        Asked first for each part, with its name and what stands behind the colon; a trained run is found by it.

    Raises
    ------
    InputError
        If there is no such denoiser or setting.
    """
    parts = [part.strip() for part in _PLUS.split(text)]
    if not all(parts):
        raise InputError("a denoiser is missing", source=text, remedy="Write name:value, joined by +")
    steps, free = [], []
    for part in parts:
        name, _, rest = part.partition(":")
        found = named(name.strip(), rest.strip()) if named is not None else None
        steps.append(found or _parse_one(name.strip(), rest, text))
        free.append(found is None and not rest.strip() and bool(parameters(type(steps[-1]))))
    return Chain(steps=tuple(steps), free=tuple(free))


def _parse_one(name: str, rest: str, text: str) -> Denoiser:
    cls = DENOISERS.load(name)
    declared = parameters(cls)
    chosen: dict[str, Any] = {}
    for position, item in enumerate(part for part in rest.split(",") if part.strip()):
        key, equals, value = item.partition("=")
        if not equals:
            if position or not declared:
                raise InputError(f"'{item}' is not key=value", source=text, remedy="Write name:value,key=value")
            key, value = declared[0].name, item
        chosen[key.strip()] = value
    return cls(**validate(cls, chosen, owner=f"'{name}'"))


def denoiser_text(denoiser: Denoiser) -> str:
    """Return the text that `parse_denoiser` reads back, with all settings."""
    if isinstance(denoiser, Chain):
        return " + ".join(denoiser_text(step) for step in denoiser.steps)
    if (name := getattr(denoiser, "text", None)) is not None:
        return name
    name = DENOISERS.name_of(type(denoiser))
    values = {key: f"{value:.6g}" if isinstance(value, float) else value for key, value in values_of(denoiser).items()}
    if not values:
        return name
    first, *rest = values.items()
    return f"{name}:{_shown(first[1])}" + "".join(f",{key}={_shown(value)}" for key, value in rest)


def _shown(value: Any) -> str:
    return "auto" if value is None else str(value)
