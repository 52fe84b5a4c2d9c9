"""A bench as plain values: what the window, the report and the command line show are these numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.analysis.bench import Bench, Level, Row
from explorer.analysis.confidence import Interval, PairedTest


def bench_facts(found: Bench) -> dict[str, Any]:
    """Return all figures of a bench by name, for JSON: the denoisers from the best to the worst."""
    return {
        "data": found.data,
        "part": found.part,
        "n_samples": len(found.indices),
        "corruption": found.corruption,
        "seed": found.seed,
        "clean_target": found.truth,
        "complete": found.complete,
        "denoisers": [_row(row) for row in found.ranked()],
        "refused": dict(found.refused),
        "pairs": [_pair(pair) for pair in found.pairs],
    }


def bench_columns(found: Bench) -> dict[str, np.ndarray]:
    """Return the table of a bench as columns: a row a denoiser, from the best to the worst."""
    rows = found.ranked()
    columns: dict[str, np.ndarray] = {
        "denoiser": np.array([row.name for row in rows]),
        "title": np.array([row.title for row in rows]),
        "settings": np.array([row.settings for row in rows]),
        "tuned by": np.array([row.criterion for row in rows]),
        "tries": np.array([row.tries for row in rows]),
    }
    for name in dict.fromkeys(name for row in rows for name in row.measures):
        for part in ("value", "low", "high"):
            title = name if part == "value" else f"{name} {part}"
            columns[title] = np.array([_part(row.measures.get(name), part) for row in rows])
    for name in dict.fromkeys(name for row in rows for name in row.blind):
        columns[f"{name} (blind)"] = np.array([row.blind.get(name, np.nan) for row in rows])
    for i, level in enumerate(rows[0].levels if rows else []):
        title = f"snr_gain_db at {level.strength:g}"
        columns[title] = np.array([_level_gain(row, i) for row in rows])
    columns["ms per sample"] = np.array([1000 * row.seconds for row in rows])
    return columns


def _part(interval: Interval | None, part: str) -> float:
    return np.nan if interval is None else getattr(interval, part)


def _level_gain(row: Row, place: int) -> float:
    return row.levels[place].snr_gain_db.value if place < len(row.levels) else np.nan


def _row(row: Row) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": row.name,
        "title": row.title,
        "settings": row.settings,
        "tuned_by": row.criterion,
        "tries": row.tries,
        "measures": {name: _interval(interval) for name, interval in row.measures.items()},
        "channels": row.channels,
        "classes": row.classes,
        "blind": row.blind,
        "levels": [_level(level) for level in row.levels],
        "best": row.best,
        "worst": row.worst,
        "seconds_per_sample": row.seconds,
    }
    if row.beats is not None:
        facts["beats"] = {
            "true": int(row.beats.true.sum()),
            "found": int(row.beats.found.sum()),
            "false": int(row.beats.extra.sum()),
        }
    return facts


def _interval(interval: Interval) -> dict[str, float]:
    return {"value": interval.value, "low": interval.low, "high": interval.high}


def _level(level: Level) -> dict[str, Any]:
    return {
        "strength": level.strength,
        "mse": _interval(level.mse),
        "snr_gain_db": _interval(level.snr_gain_db),
    }


def _pair(pair: PairedTest) -> dict[str, Any]:
    return {name: getattr(pair, name) for name in PairedTest.__dataclass_fields__}
