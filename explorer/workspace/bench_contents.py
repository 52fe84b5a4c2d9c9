"""What the figures of the denoising bench are drawn from, made of what the window or a report has.

A `Version` is one curve: noisy, clean, or what a denoiser made of it. Colours are roles of the palette or ``class:3``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.analysis.bench import BETTER, NOISY, Bench, Row
from explorer.analysis.spectra import autocorrelation, decibels, default_lags, power_spectrum, spectrogram, white_band
from explorer.data.corruption import parse_corruption, steps_of
from explorer.data.dataset import Dataset
from explorer.parameters import parameters

MEASURES: dict[str, str] = {
    "snr_gain_db": "SNR gain (dB)",
    "mse": "MSE",
    "mae": "MAE",
    "correlation": "correlation",
    "beat_error_ms": "R-peak error (ms)",
    "beats_found": "beats found",
}
"""The measures against the truth as an axis names them; squared and absolute errors also have the data's unit."""
COLORS = (1, 0, 6, 4, 3, 5, 8, 7, 10)
"""Classes' colours for denoisers, in the order in which they are given out; those near to clean and noisy are left."""
RANGE_DB = 60.0
"""Decibels from the darkest to the brightest of a spectrogram."""


@dataclass(frozen=True, eq=False)
class Version:
    """One version of a channel of a sample, ``(T,)`` with NaN where nothing is known."""

    title: str
    color: str
    values: np.ndarray
    dashed: bool = False


def rate_of(data: Dataset) -> float | None:
    """Return the steps a second: as told, or as the mean of the times tells; None where nobody knows."""
    if data.sampling_rate or data.times is None or data.irregular or len(data.times) < 2:
        return data.sampling_rate
    return 1.0 / float(np.mean(np.diff(data.times)))


def frequency_label(data: Dataset) -> str:
    """Return what the axis of frequencies is called."""
    return "frequency (Hz)" if rate_of(data) else "frequency (cycles a step)"


def power_label(data: Dataset) -> str:
    """Return what the axis of power is called."""
    return f"power (dB re 1 {data.unit}²/Hz)" if data.unit and rate_of(data) else "power (dB)"


def channel_label(data: Dataset, channel: int) -> str:
    """Return the name of a channel with its unit; of the only one, the unit."""
    if data.values.shape[-1] == 1:
        return data.unit or "value"
    return f"{data.channel_names[channel]} ({data.unit})" if data.unit else data.channel_names[channel]


def _shared(versions: Sequence[Version], name: str) -> dict[str, Any]:
    return {
        "titles": [version.title for version in versions],
        "colors": [version.color for version in versions],
        "dashed": [version.dashed for version in versions],
        "name": name,
    }


def sample_content(
    data: Dataset, channel: int, versions: Sequence[Version], name: str, *, stacked: bool = False
) -> dict[str, Any]:
    """Return the content of "bench_sample"."""
    return _shared(versions, name) | {
        "times": data.time_axis,
        "time_label": data.time_label,
        "curves": np.stack([version.values for version in versions]),
        "label": channel_label(data, channel),
        "stacked": stacked,
    }


def residuals_content(data: Dataset, versions: Sequence[Version], name: str) -> dict[str, Any]:
    """Return the content of "bench_residuals"; the versions' values are the residuals."""
    residuals = np.stack([version.values for version in versions])
    count = default_lags(residuals.shape[1])
    rate = data.sampling_rate
    return _shared(versions, name) | {
        "times": data.time_axis,
        "time_label": data.time_label,
        "residuals": residuals,
        "label": f"residual ({data.unit})" if data.unit else "residual",
        "lags": np.arange(count + 1) / (rate or 1.0),
        "lag_label": "lag (s)" if rate else "lag (steps)",
        "autocorrelations": np.stack([autocorrelation(row, count) for row in residuals]),
        "band": white_band(int(np.isfinite(residuals[0]).sum())),
    }


def spectrum_content(data: Dataset, versions: Sequence[Version], name: str) -> dict[str, Any]:
    """Return the content of "bench_spectrum"."""
    found = [power_spectrum(version.values, rate_of(data)) for version in versions]
    return _shared(versions, name) | {
        "frequencies": found[0].frequencies,
        "frequency_label": frequency_label(data),
        "decibels": np.stack([each.decibels() for each in found]),
        "label": power_label(data),
    }


def spectrogram_content(data: Dataset, versions: Sequence[Version], name: str) -> dict[str, Any]:
    """Return the content of "bench_spectrogram"."""
    found = [spectrogram(version.values, rate_of(data)) for version in versions]
    values = np.stack([decibels(each.density) for each in found])
    top = float(values.max())
    return _shared(versions, name) | {
        "times": float(data.time_axis[0]) + found[0].times,
        "time_label": data.time_label,
        "frequencies": found[0].frequencies,
        "frequency_label": frequency_label(data),
        "decibels": values,
        "levels": (top - RANGE_DB, top),
    }


def default_colors(bench: Bench) -> dict[str, str]:
    """Return a colour for each row of a bench by its name, where nobody has given one out."""
    names = [row.name for row in bench.rows if row.name != NOISY]
    return {NOISY: "noisy"} | {name: f"class:{COLORS[i % len(COLORS)]}" for i, name in enumerate(names)}


def bench_name(bench: Bench) -> str:
    """Return what a bench was of: its data, its part and what spoilt it."""
    part = "test part" if bench.part == "test" else "all samples"
    spoilt = bench.corruption or "as recorded"
    return f"{bench.data}, {part} ({len(bench.indices):,} samples), {spoilt}"


def _of_rows(bench: Bench, rows: Sequence[Row], colors: Mapping[str, str] | None) -> dict[str, Any]:
    given = colors or default_colors(bench)
    count = sum(row.name != NOISY for row in rows)
    return {
        "titles": [row.title for row in rows],
        "colors": [given.get(row.name, "muted") for row in rows],
        "dashed": [False] * len(rows) if count <= len(COLORS) else [i >= len(COLORS) for i in range(len(rows))],
        "name": bench_name(bench),
    }


def levels_content(
    bench: Bench, unit: str = "", measure: str = "snr_gain_db", colors: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """Return the content of "bench_levels"; None where the bench has no levels.

    Parameters
    ----------
    bench : Bench
    unit : str
        Of the data.
    measure : {"snr_gain_db", "mse"}
    colors : dict of str to str, optional
        By the rows' names.
    """
    rows = [row for row in bench.rows if row.levels and (measure != "snr_gain_db" or row.name != NOISY)]
    if not rows:
        return None
    measured = [[getattr(level, measure) for level in row.levels] for row in rows]
    return _of_rows(bench, rows, colors) | {
        "levels": np.array([level.strength for level in rows[0].levels]),
        "level_label": strength_label(bench.corruption, unit),
        "means": np.array([[each.value for each in row] for row in measured]),
        "low": np.array([[each.low for each in row] for row in measured]),
        "high": np.array([[each.high for each in row] for row in measured]),
        "measure": measure_label(measure, unit),
        "log": measure == "mse",
    }


def strength_label(corruption: str | None, unit: str = "") -> str:
    """Return what the axis of a corruption's strengths is called: its name, and what they are in.

    Parameters
    ----------
    corruption : str or None
        As text; of a chain the first, whose strength it is.
    unit : str
        Of the data.
    """
    if corruption is None:
        return "strength of the noise"
    step = steps_of(parse_corruption(corruption))[0]
    declared = next(parameter for parameter in parameters(type(step)) if parameter.name == "strength").param
    told = getattr(step, "unit", "data")
    # Without an upper bound it is no share, but in the data's own unit.
    own = declared.unit or ("" if declared.le is not None else unit)
    shown = {"dB": "SNR, dB", "sigma": "σ"}.get(told, own)
    title = step.title or corruption.partition(":")[0]
    words = f"strength of {title[:1].lower()}{title[1:]}"
    return f"{words} ({shown})" if shown else words


def measure_label(measure: str, unit: str = "") -> str:
    """Return what the axis of a measure is called."""
    title = MEASURES.get(measure, measure)
    suffix = {"mse": f" ({unit}²)", "mae": f" ({unit})"}.get(measure, "")
    return title + (suffix if unit else "")


def scores_content(
    bench: Bench, unit: str = "", measure: str = "snr_gain_db", colors: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """Return the content of "bench_scores"; None where no truth is known. Parameters as in `levels_content`."""
    rows = [row for row in bench.rows if measure in row.measures and (measure != "snr_gain_db" or row.name != NOISY)]
    if not rows:
        return None
    found = [row.measures[measure] for row in rows]
    others = [key for key in BETTER if key != measure and any(key in row.measures for row in rows)]
    table: dict[str, np.ndarray] = {}
    for key in others:
        values = [row.measures.get(key) for row in rows]
        table[measure_label(key, unit)] = np.array([math.nan if each is None else each.value for each in values])
    table["seconds a sample"] = np.array([row.seconds for row in rows])
    return _of_rows(bench, rows, colors) | {
        "values": np.array([each.value for each in found]),
        "low": np.array([each.low for each in found]),
        "high": np.array([each.high for each in found]),
        "measure": measure_label(measure, unit),
        "better": BETTER[measure],
        "table": table,
    }
