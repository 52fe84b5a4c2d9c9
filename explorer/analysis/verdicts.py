"""Who wins a bench, in sentences that flatter nobody."""

from __future__ import annotations

from explorer.analysis.bench import NOISY, Bench, Row
from explorer.analysis.metrics import SAME_DB

SURE = 0.05
"""Corrected p below which one of two denoisers is called better."""


def verdicts(found: Bench) -> list[str]:
    """Return what a bench came to: the best denoiser, each run against the best classic, and who does harm."""
    if not found.truth:
        return [
            "No clean target is known: nothing can be said about errors. The blind measures are signs, not errors, and "
            "name no winner."
        ]
    rows = [row for row in found.ranked() if row.name != NOISY]
    if not rows:
        return ["Nothing denoised these samples."]
    told: list[str] = []
    if found.part == "all":
        told.append("No sample is set aside to test with: these figures are of samples that were tuned and learnt on.")
    if len(rows) > 1:
        told.append(_against(found, rows[0], rows[1]))
    elif rows[0].measures["snr_gain_db"].value >= SAME_DB:
        told.append(f"{rows[0].title} gains {decibels(rows[0].measures['snr_gain_db'].value)}.")
    classics = [row for row in rows if not is_run(row)]
    if classics:
        ahead = {row.name for row in rows[:2]}  # of whom that is told already
        told += [_run(found, row, classics[0]) for row in rows if is_run(row) and {row.name, classics[0].name} != ahead]
    for row in rows:
        gain = row.measures["snr_gain_db"].value
        if gain < SAME_DB:
            worse = f"worse than doing nothing ({decibels(gain)})"
            told.append(f"{row.title} is {worse if gain <= -SAME_DB else 'no better than doing nothing'}.")
    return told


def is_run(row: Row) -> bool:
    """Whether a trained run takes part in a row."""
    return "run:" in row.settings


def decibels(value: float) -> str:
    """Return a gain as people read it: ``"+7.4 dB"``."""
    return f"{value:+.1f} dB".replace("-", "−")


def _run(found: Bench, run: Row, classic: Row) -> str:
    better = run.measures["mse"].value < classic.measures["mse"].value
    return _against(found, run, classic) if better else _against(found, classic, run)


def _against(found: Bench, better: Row, worse: Row) -> str:
    """Return by how much one is ahead of another, and whether chance would do that."""
    ahead = better.measures["snr_gain_db"].value - worse.measures["snr_gain_db"].value
    text = f"{better.title} is {ahead:.1f} dB ahead of {worse.title}"
    pair = found.pair(better.name, worse.name)
    if pair is None or pair.p_adjusted != pair.p_adjusted:
        return f"{text}; whether that is chance cannot be told from {len(found.indices)} samples."
    sign = 1 if pair.first == better.name else -1
    wins = pair.wins if sign > 0 else 1 - pair.wins
    p = "p < 0.001" if pair.p_adjusted < 0.001 else f"p = {pair.p_adjusted:.2g}"
    effect = f"{sign * pair.rank_biserial:.2f}".replace("-", "−")
    facts = f"better on {100 * wins:.0f} % of the samples, {p}, rank-biserial {effect}"
    if pair.p_adjusted >= SURE:
        return f"{text}, which may be chance ({facts})."
    # The pooled error weighs the samples with much noise; the test counts the samples.
    if wins < 0.5:
        return f"{text} over all samples together, though {worse.title} is nearer on most of them ({facts})."
    return f"{text} ({facts})."
