"""Denoisers side by side on the test samples: errors with confidence intervals, noise levels, and who wins."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from explorer.analysis.blind import blind_measures, sure
from explorer.analysis.confidence import Interval, PairedTest, adjusted, bootstrap, compare_pair
from explorer.analysis.denoiser import DENOISERS, Chain, denoiser_text, parse_denoiser
from explorer.analysis.peaks import Beats, beat_errors, true_beats
from explorer.analysis.spoil import Pairs, pairs
from explorer.analysis.tuning import Criterion, Tuned, tune
from explorer.data.corruption import Corruption, corruption_text, parse_corruption, with_strength
from explorer.data.dataset import PARTS, Dataset, Part
from explorer.errors import Cancelled, InputError
from explorer.progress import Part as Share
from explorer.progress import Progress, Silent

NOISY = "noisy"
"""The name of the row of the noisy input itself: what it would be to do nothing."""
TUNE_VALUES = 1 << 18
"""Values of the validation samples by which settings are chosen: about 500 series of 500 steps."""
LEARN_VALUES = 1 << 24
"""Values of the training samples that denoisers learn from."""
KEPT_VALUES = 1 << 24
"""Values of the noisy samples at other levels that are kept from one denoiser to the next."""
EXTREMES = 5
"""How many of the best and of the worst samples are named."""

BETTER: dict[str, str] = {
    "mse": "lower",
    "mae": "lower",
    "snr_gain_db": "higher",
    "correlation": "higher",
    "beat_error_ms": "lower",
    "beats_found": "higher",
}
"""The measures against the truth, and which way is better."""


@dataclass(frozen=True, eq=False)
class Level:
    """What a denoiser reaches at one strength of the corruption."""

    strength: float
    mse: Interval
    snr_gain_db: Interval


@dataclass(frozen=True, eq=False)
class Row:
    """What one denoiser reached on the samples of the bench.

    Parameters
    ----------
    name : str
        As it was asked for: ``"savitzky-golay"``, ``"median:5 + wavelet"``, ``"run:3"``; "noisy" for the input.
    title : str
        What a person calls it.
    settings : str
        With all settings, as `explorer.analysis.denoiser.parse_denoiser` reads it: this denoises alike again.
    criterion : {"validation error", "SURE", ""}
        How the settings were chosen; "" where they were given.
    tries : int
        How many settings were tried.
    slow : bool
        Whether it takes longer than a frame on a series of 5,000 steps.
    squares, absolutes : ndarray, float64 ``(N, C)``
        Sums of the squared and absolute errors of each sample and channel; empty where no truth is known.
    correlations : ndarray, float64 ``(N,)``
        Of each sample with its truth, all channels together; NaN of constants.
    beats : Beats or None
        Of an ECG: how well the R peaks stay where they are.
    seconds : float
        Per sample.
    measures : dict of str to Interval
        "mse", "mae", "snr_gain_db" (both pooled over all samples; see `explorer.analysis.metrics`), "correlation" (mean
        over samples), and of an ECG "beat_error_ms" and "beats_found". Empty where no truth is known.
    channels, classes : dict of str to dict of str to float
        "mse" and "snr_gain_db" by channel, and by class of the samples.
    blind : dict of str to float
        What can be said without a truth; see `explorer.analysis.blind.BLIND`.
    levels : list of Level
        At other strengths of the corruption, with the settings of this bench.
    best, worst : list of int
        Samples (indices into the data) of the lowest and highest squared error over that of their noisy selves.
    """

    name: str
    title: str
    settings: str
    criterion: Criterion
    tries: int
    slow: bool
    squares: np.ndarray
    absolutes: np.ndarray
    correlations: np.ndarray
    beats: Beats | None
    seconds: float
    measures: dict[str, Interval] = field(default_factory=dict)
    channels: dict[str, dict[str, float]] = field(default_factory=dict)
    classes: dict[str, dict[str, float]] = field(default_factory=dict)
    blind: dict[str, float] = field(default_factory=dict)
    levels: list[Level] = field(default_factory=list)
    best: list[int] = field(default_factory=list)
    worst: list[int] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Bench:
    """What came of a bench.

    Parameters
    ----------
    data : str
        Name of the data.
    part : str
        "test", or "all" where no sample is for testing.
    indices : ndarray of int ``(N,)``
        The samples, as indices into the data.
    corruption : str or None
        What they were spoilt by, as text; None: their own noise.
    seed : int
    truth : bool
        Whether clean samples are known. Without, there are blind measures only.
    counts : ndarray of int ``(N, C)``
        Values that count, of each sample and channel.
    noise : ndarray, float64 ``(N, C)``
        Sums of the squared errors of the noisy samples.
    rows : list of Row
        The noisy input first, then the denoisers in the order that they were asked for.
    refused : dict of str to str
        Denoisers that could not take part, by name, with the reason.
    pairs : list of PairedTest
        Of all denoisers, by the mean squared errors of the samples.
    complete : bool
        False where the person cancelled: what there was is kept.
    """

    data: str
    part: str
    indices: np.ndarray
    corruption: str | None
    seed: int
    truth: bool
    counts: np.ndarray
    noise: np.ndarray
    rows: list[Row]
    refused: dict[str, str]
    pairs: list[PairedTest]
    complete: bool

    def ranked(self) -> list[Row]:
        """Return the rows, the noisy input among them, from the lowest to the highest squared error."""
        return sorted(self.rows, key=lambda row: row.measures["mse"].value) if self.truth else list(self.rows)

    def pair(self, first: str, second: str) -> PairedTest | None:
        """Return the test of two denoisers by name, in this or the other order."""
        return next((pair for pair in self.pairs if {pair.first, pair.second} == {first, second}), None)


@dataclass(frozen=True)
class Entry:
    """One denoiser that takes part: its name and how it is made."""

    name: str
    denoiser: Chain


def bench(
    data: Dataset,
    entries: Sequence[Entry],
    corruption: str | None = None,
    seed: int = 0,
    levels: Sequence[float] = (),
    progress: Progress | None = None,
) -> Bench:
    """Tune denoisers on the validation part, and measure them on the test part.

    Every denoiser is tuned by the same number of tries (`explorer.analysis.denoiser.TRIES`) on the same validation
    samples, by their error where clean samples are known, and else blindly. What denoisers learn, they learn from the
    train part. Test samples take part in no choice.

    Parameters
    ----------
    data : Dataset
    entries : sequence of Entry
    corruption : str, optional
        Spoils the clean samples; None takes the samples with the noise that they have.
    seed : int
        Of the corruption, of what is drawn anew for intervals, and of blind tuning.
    levels : sequence of float
        Further strengths of the corruption at which errors are measured, with the settings as they were tuned.
    progress : Progress, optional
        Gets each `Row` as its payload as soon as it is there.

    Raises
    ------
    InputError
        If the corruption or a level does not fit, or there is nothing to compare, since no denoiser takes part.
    """
    progress = progress or Silent()
    if not entries:
        raise InputError("no denoiser is named", remedy="Name at least one denoiser or run")
    test = data.indices("test")
    part, rows = ("test", test) if len(test) else ("all", np.arange(len(data)))
    how = None if corruption is None else parse_corruption(corruption)
    stronger = [] if not levels else _at_levels(how, levels)
    judge = _Judge(data, pairs(data, rows, how, seed, progress), seed)
    at_levels = _Levels(data, rows, stronger, seed)
    found, refused, complete = [judge.noisy()], {}, True
    share = 1 / len(entries)
    try:
        for i, entry in enumerate(entries):
            piece = Share(progress, i * share, share)
            reason = entry.denoiser.why_not(data)
            if not reason:
                try:
                    found.append(_row(entry, judge, at_levels, how, piece))
                    progress.report((i + 1) * share, found[-1].title, found[-1])
                except InputError as problem:
                    reason = str(problem)
            if reason:
                refused[entry.name] = reason
    except Cancelled:
        complete = False
    if complete and len(found) == 1:
        raise _nothing_fits(data, refused)
    if judge.truth and stronger:
        found[0] = replace(found[0], levels=at_levels.measured(None, Silent()))
    return Bench(
        data=data.name,
        part=part,
        indices=rows,
        corruption=corruption,
        seed=seed,
        truth=judge.truth,
        counts=judge.counts,
        noise=judge.noise,
        rows=found,
        refused=refused,
        pairs=_tests(found, judge.counts) if judge.truth else [],
        complete=complete,
    )


def _nothing_fits(data: Dataset, refused: Mapping[str, str]) -> InputError:
    """Return the error that tells why none of the denoisers takes part."""
    reasons = list(dict.fromkeys(refused.values()))
    told = "; ".join(f"{', '.join(name for name in refused if refused[name] == why)}: {why}" for why in reasons)
    if len(reasons) == 1 and len(refused) > 1:
        told = f"each of the {len(refused)} {reasons[0]}"
    return InputError(
        f"no denoiser takes part ({told})",
        source=data.name,
        remedy="Name a run that was trained on such samples, or take other data",
    )


def prepare(
    denoiser: Chain, data: Dataset, corruption: str | Corruption | None, seed: int = 0, progress: Progress | None = None
) -> Tuned:
    """Return a denoiser that has learnt from the train part and is tuned on the validation part.

    Where a part is empty, all samples but those to test with stand in for it.

    Raises
    ------
    InputError
        If it cannot learn from the data.
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    learnt(denoiser, data, corruption, seed, progress)
    if not any(denoiser.free):
        return Tuned(denoiser, "", 0, np.nan)
    tried = pairs(data, _some(data, "validation", TUNE_VALUES), corruption, seed, progress)
    return tune(denoiser, tried.noisy, tried.clean, tried.lengths, progress, seed)


def tuned_gains(data: Dataset, corruption: str | None = None, seed: int = 0) -> dict[str, float]:
    """Return what every classical denoiser gains on the test samples, in dB, by ``"savitzky_golay_gain_db"``."""
    entries = [Entry(name, parse_denoiser(name)) for name in DENOISERS.names()]
    found = bench(data, entries, corruption, seed)
    return {f"{row.name.replace('-', '_')}_gain_db": row.measures["snr_gain_db"].value for row in found.rows[1:]}


def learnt(denoiser: Chain, data: Dataset, corruption: str | Corruption | None, seed: int, progress: Progress) -> Chain:
    """Return a denoiser that has learnt from the train part what it must; the same one where it must nothing."""
    if denoiser.learns:
        train = pairs(data, _some(data, "train", LEARN_VALUES), corruption, seed, progress)
        denoiser.fit(train.noisy, train.clean)
    return denoiser


def _some(data: Dataset, part: Part, most: int) -> np.ndarray:
    """Return samples of a part, evenly over it, of about `most` values at most."""
    rows = data.indices(part)
    if not len(rows):
        rest = np.flatnonzero(data.split < PARTS["test"])  # without gaps, which share steps with the test
        rows = rest if len(rest) else np.arange(len(data))
    count = max(2, most // max(1, int(np.prod(data.sample_shape))))
    return rows if len(rows) <= count else rows[np.linspace(0, len(rows) - 1, count).round().astype(int)]


def _at_levels(how: Corruption | None, levels: Sequence[float]) -> list[tuple[float, Corruption]]:
    if how is None:
        raise InputError(
            "noise levels need a corruption", remedy="Name one, as in gaussian:0.3; recorded noise has but one level"
        )
    return [(float(level), at_strength(how, float(level))) for level in levels]


def at_strength(how: Corruption, strength: float) -> Corruption:
    """Return a corruption of another strength, of a chain that of its first step.

    Raises
    ------
    InputError
        If it cannot be that strong.
    """
    return parse_corruption(corruption_text(with_strength(how, strength)))


def _row(
    entry: Entry,
    judge: _Judge,
    at_levels: _Levels,
    how: Corruption | None,
    progress: Progress,
) -> Row:
    """Return the row of one denoiser: prepared, measured, and measured at other levels."""
    tuned = prepare(entry.denoiser, judge.data, how, judge.seed, Share(progress, 0, 0.5))
    denoiser, tried = tuned.denoiser, judge.tried
    start = time.perf_counter()
    estimate = denoiser.denoise(tried.noisy, tried.lengths, Share(progress, 0.5, 0.2, f"{entry.denoiser.title}: "))
    seconds = (time.perf_counter() - start) / len(tried.rows)
    row = judge.row(entry.name, tuned, estimate, seconds)
    return replace(row, levels=at_levels.measured(denoiser, Share(progress, 0.7, 0.3)))


class _Levels:
    """The samples at other strengths of the corruption; kept for the next denoiser where they are not too many."""

    def __init__(self, data: Dataset, rows: np.ndarray, levels: Sequence[tuple[float, Corruption]], seed: int) -> None:
        self._data, self._rows, self._levels, self._seed = data, rows, levels, seed
        self._keep = len(levels) * len(rows) * int(np.prod(data.sample_shape)) <= KEPT_VALUES
        self._judges: dict[float, _Judge] = {}

    def measured(self, denoiser: Chain | None, progress: Progress) -> list[Level]:
        """Return what a denoiser reaches at each, or without one what the noisy samples are."""
        found = []
        for k, (strength, how) in enumerate(self._levels):
            piece = Share(progress, k / len(self._levels), 1 / len(self._levels), f"level {k + 1}: ")
            judge = self._judge(strength, how, piece)
            tried = judge.tried
            estimate = tried.given if denoiser is None else denoiser.denoise(tried.noisy, tried.lengths, piece)
            found.append(judge.level(strength, estimate))
        return found

    def _judge(self, strength: float, how: Corruption, progress: Progress) -> _Judge:
        judge = self._judges.get(strength)
        if judge is None:
            judge = _Judge(self._data, pairs(self._data, self._rows, how, self._seed, progress), self._seed)
            if self._keep:
                self._judges[strength] = judge
        return judge


def _tests(rows: list[Row], counts: np.ndarray) -> list[PairedTest]:
    total = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = {row.name: row.squares.sum(axis=1) / total for row in rows[1:]}
    names = list(errors)
    found = [
        compare_pair(first, second, errors[first], errors[second])
        for i, first in enumerate(names)
        for second in names[i + 1 :]
    ]
    corrected = adjusted(np.array([pair.p for pair in found]))
    return [replace(pair, p_adjusted=float(p)) for pair, p in zip(found, corrected, strict=True)]


class _Judge:
    """Measures estimates of the same noisy samples, over the values that are known; gaps of the noisy are bridged."""

    def __init__(self, data: Dataset, tried: Pairs, seed: int) -> None:
        self.data, self.tried, self.seed = data, tried, seed
        self.truth = tried.clean is not None
        # Without a truth nothing is measured against it.
        self._clean = _as_steps(tried.given if tried.clean is None else tried.clean)
        known = np.isfinite(tried.given) & (True if tried.clean is None else np.isfinite(tried.clean))
        if tried.lengths is not None and known.ndim == 3:
            known &= (np.arange(known.shape[1]) < tried.lengths[:, None])[:, :, None]
        self._known = _as_steps(known)
        self.counts = self._known.sum(axis=1)
        self.noise = self._sums(tried.given)[0] if self.truth else np.empty((len(tried.rows), 0))
        self._beats = true_beats(data, tried.rows, tried.clean) if self.truth else None

    def noisy(self) -> Row:
        """Return the row of the noisy input."""
        chain = Chain()
        row = self.row(NOISY, Tuned(chain, "", 0, np.nan), self.tried.given, 0.0)
        return replace(row, title="Noisy input", settings="", best=[], worst=[])

    def row(self, name: str, tuned: Tuned, estimate: np.ndarray, seconds: float) -> Row:
        """Return what an estimate reaches.

        Raises
        ------
        InputError
            If it is no number where the truth is known.
        """
        denoiser = tuned.denoiser
        lost = int(np.sum(self._known & ~np.isfinite(_as_steps(estimate))))
        if lost:
            raise InputError(f"it wrote no number for {lost:,} values", source=name)
        blind = self._blind(estimate)
        if not self.truth:
            if denoiser.steps and self.tried.noisy.ndim == 3:
                blind["sure"] = float(np.nanmean(sure(denoiser, self.tried.noisy, self.tried.lengths, self.seed)))
            empty = np.empty((len(self.tried.rows), 0))
            return Row(
                name, denoiser.title, denoiser_text(denoiser), tuned.criterion, tuned.tries, denoiser.slow,
                empty, empty, empty[:, 0] if empty.shape[1] else np.empty(0), None, seconds, blind=blind,
            )  # fmt: skip
        squares, absolutes = self._sums(estimate)
        correlations = self._correlations(estimate)
        beats = None if self._beats is None else beat_errors(self._beats, estimate, self.data)
        best, worst = self._extremes(squares)
        return Row(
            name=name,
            title=denoiser.title,
            settings=denoiser_text(denoiser),
            criterion=tuned.criterion,
            tries=tuned.tries,
            slow=denoiser.slow,
            squares=squares,
            absolutes=absolutes,
            correlations=correlations,
            beats=beats,
            seconds=seconds,
            measures=self._measures(squares, absolutes, correlations, beats),
            channels=self._by_channel(squares),
            classes=self._by_class(squares),
            blind=blind,
            best=best,
            worst=worst,
        )

    def level(self, strength: float, estimate: np.ndarray) -> Level:
        """Return the pooled errors at one strength."""
        squares = self._sums(estimate)[0]
        return Level(strength, self._mse(squares), self._gain(squares))

    def _sums(self, estimate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        error = np.where(self._known, _as_steps(estimate).astype(np.float64) - self._clean, 0)
        return np.sum(error**2, axis=1), np.sum(np.abs(error), axis=1)

    def _mse(self, squares: np.ndarray) -> Interval:
        sums = np.column_stack([squares.sum(axis=1), self.counts.sum(axis=1)])
        return bootstrap(sums, lambda total: total[..., 0] / total[..., 1], self.seed)

    def _gain(self, squares: np.ndarray) -> Interval:
        sums = np.column_stack([self.noise.sum(axis=1), squares.sum(axis=1)])
        return bootstrap(sums, lambda total: 10 * np.log10(total[..., 0] / total[..., 1]), self.seed)

    def _measures(
        self, squares: np.ndarray, absolutes: np.ndarray, correlations: np.ndarray, beats: Beats | None
    ) -> dict[str, Interval]:
        found = {"mse": self._mse(squares), "mae": self._mse(absolutes), "snr_gain_db": self._gain(squares)}
        known = correlations[np.isfinite(correlations)]
        if len(known):
            found["correlation"] = _mean_of(known, self.seed)
        if beats is not None:
            sums = np.column_stack([beats.errors_ms, beats.found, beats.true])
            found["beat_error_ms"] = bootstrap(sums, lambda total: total[..., 0] / total[..., 1], self.seed)
            found["beats_found"] = bootstrap(sums, lambda total: total[..., 1] / total[..., 2], self.seed)
        return found

    def _correlations(self, estimate: np.ndarray) -> np.ndarray:
        found = np.full(len(estimate), np.nan)
        clean, estimate = self._clean, _as_steps(estimate)
        for i, known in enumerate(self._known):
            x, y = clean[i][known].astype(np.float64), estimate[i][known].astype(np.float64)
            if len(x) > 1:
                x, y = x - x.mean(), y - y.mean()
                scale = np.sqrt(np.sum(x**2) * np.sum(y**2))
                if scale > 1e-12 * max(1.0, float(len(x))):
                    found[i] = np.sum(x * y) / scale
        return found

    def _by_channel(self, squares: np.ndarray) -> dict[str, dict[str, float]]:
        if squares.shape[1] < 2:
            return {}
        parts = zip(self.data.channel_names, squares.sum(0), self.noise.sum(0), self.counts.sum(0), strict=True)
        return {name: _pooled(square, noise, count) for name, square, noise, count in parts}

    def _by_class(self, squares: np.ndarray) -> dict[str, dict[str, float]]:
        if self.data.labels is None:
            return {}
        labels, found = self.data.labels[self.tried.rows], {}
        for k, name in enumerate(self.data.class_names):
            if (chosen := labels == k).any():
                found[name] = _pooled(squares[chosen].sum(), self.noise[chosen].sum(), self.counts[chosen].sum())
        return found

    def _extremes(self, squares: np.ndarray) -> tuple[list[int], list[int]]:
        with np.errstate(divide="ignore", invalid="ignore"):
            share = squares.sum(axis=1) / self.noise.sum(axis=1)
        known = np.flatnonzero(np.isfinite(share))
        order = self.tried.rows[known[np.argsort(share[known], kind="stable")]]
        return order[:EXTREMES].tolist(), order[::-1][:EXTREMES].tolist()

    def _blind(self, estimate: np.ndarray) -> dict[str, float]:
        if estimate.ndim != 3:
            return {}
        noisy = self.tried.noisy
        if self.tried.lengths is not None:
            noisy = np.where((np.arange(noisy.shape[1]) < self.tried.lengths[:, None])[:, :, None], noisy, np.nan)
        return blind_measures(noisy, estimate)


def _as_steps(values: np.ndarray) -> np.ndarray:
    """Return a view ``(N, steps, C)``: features of a vector and pixels of an image are the steps."""
    return values[:, :, None] if values.ndim == 2 else values.reshape(len(values), -1, values.shape[-1])


def _pooled(squares: float, noise: float, count: float) -> dict[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {"mse": np.float64(squares) / count, "snr_gain_db": 10 * np.log10(np.float64(noise) / squares)}
    return {name: float(value) for name, value in found.items() if np.isfinite(value)}


def _mean_of(values: np.ndarray, seed: int) -> Interval:
    sums = np.column_stack([values, np.ones(len(values))])
    return bootstrap(sums, lambda total: total[..., 0] / total[..., 1], seed)
