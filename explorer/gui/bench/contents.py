"""What the bench shows, as the contents of its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from explorer.analysis.bench import NOISY as NOISY_ROW
from explorer.workspace import bench_contents as contents
from explorer.workspace.bench_contents import Version

if TYPE_CHECKING:
    from explorer.gui.bench.window import BenchWindow


def bench_content(window: BenchWindow, kind: str) -> dict[str, Any] | None:
    """Return the content of a kind of figure as the window shows it; None where there is nothing to show."""
    data = window.data
    if data is None:
        return None
    if kind in ("bench_levels", "bench_scores"):
        return _of_result(window, kind)
    trial, channel = window.trials.trial, window.channel_index
    if trial is None:
        return None
    styles = window.shown_styles()
    drawn = trial.residuals(channel, styles) if kind == "bench_residuals" else trial.curves(channel, styles)
    versions = [Version(style.title, style.color, values, style.dashed) for values, style in drawn.values()]
    if not versions:
        return None
    spoilt = window.corruption_shown() or "as recorded"
    name = f"{data.name}, sample {data.sample_name(trial.index)}, {spoilt}"
    if len(data.channel_names) > 1:
        name += f", {data.channel_names[channel]}"
    match kind:
        case "bench_sample":
            return contents.sample_content(data, channel, versions, name, stacked=window.sample_page.stacked)
        case "bench_residuals":
            of = "denoised − clean" if trial.clean is not None else "noisy − denoised"
            return contents.residuals_content(data, versions, f"{name}; {of}")
        case "bench_spectrum":
            return contents.spectrum_content(data, versions, name)
        case "bench_spectrogram":
            return contents.spectrogram_content(data, versions, name)
    return None


def row_colors(window: BenchWindow) -> dict[str, str]:
    """Return the colour of each row of the bench, by its name."""
    contest = window.contest
    rows = [] if contest.result is None else contest.result.rows
    return {row.name: window.lineup.color(contest.id_of(row.name)) for row in rows} | {NOISY_ROW: "noisy"}


def _of_result(window: BenchWindow, kind: str) -> dict[str, Any] | None:
    result, data = window.contest.result, window.data
    if result is None or data is None:
        return None
    colors = row_colors(window)
    if kind == "bench_levels":
        return contents.levels_content(result, data.unit, window.levels_page.key, colors)
    return contents.scores_content(result, data.unit, colors=colors)
