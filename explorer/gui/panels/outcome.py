"""How a run ended, in words with a remedy."""

from __future__ import annotations

from explorer.gui.panels.verdict import run_verdict
from explorer.gui.widgets.banner import Level
from explorer.workspace.measures import judged_words
from explorer.workspace.run import Run


def outcome(run: Run | None) -> tuple[Level, str, list[str]]:
    """Return the level and the sentence that tell how a run ended (empty while it runs), and its further notes."""
    if run is None or run.active:
        return "info", "", [] if run is None else list(run.history.notes)
    history = run.history
    last = history.epochs[-1].number if history.epochs else 0
    kept = f"the weights of epoch {history.best_epoch:,} are kept" if history.best_epoch else "no weights were kept"
    notes = list(history.notes)
    if run.status == "failed":
        return "bad", f"The training failed: {run.error}" if run.error else "The training failed.", notes
    if run.status == "diverged" or history.stopped == "diverged":
        remedy = "Try a smaller learning rate, or clip the gradient."
        # Notes of the training itself say more of what to try.
        return (
            "bad",
            f"The loss became no number after epoch {last:,}; {kept}." + ("" if notes else f" {remedy}"),
            notes,
        )
    if run.status == "interrupted":
        return "warn", f"The program ended while it trained, at epoch {last:,}. Its last snapshot is kept.", notes
    if run.status == "cancelled" or history.stopped == "cancelled":
        return "info", f"Cancelled at epoch {last:,}; {kept}.", notes
    told = run_verdict(run.metrics)
    verdict = " ".join(filter(None, ("" if told is None else f" {told[1]}.", judged_words(run.metrics))))
    verdict = f" {verdict.strip()}" if verdict else ""
    level: Level = "info" if told is None else ("good" if told[0] == "good" else "warn")
    if history.stopped == "early":
        return level, f"Stopped early at epoch {last:,}: no better since; {kept}.{verdict}", notes
    return level, verdict.strip(), notes
