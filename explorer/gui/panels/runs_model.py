"""The runs as a list, and what a card of one says."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from explorer.analysis.metrics import SAME_DB
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.widgets.numbers import decibel, number
from explorer.gui.widgets.wording import counted, span
from explorer.models.base import RECIPES
from explorer.workspace.messages import EpochUpdate
from explorer.workspace.run import Run

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
RUN = Qt.ItemDataRole.UserRole + 1
"""Role of a row's `Run`."""

# What a badge says, and its colour's role; a run that went well has none.
BADGES: dict[str, tuple[str, str]] = {
    "queued": ("waiting", "muted"),
    "training": ("training", "accent"),
    "paused": ("paused", "muted"),
    "cancelled": ("cancelled", "muted"),
    "diverged": ("diverged", "warn"),
    "failed": ("failed", "bad"),
    "interrupted": ("interrupted", "warn"),
}


class RunsModel(QAbstractListModel):
    """One row for each run of the project, the newest first."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller, self._workspace = controller, controller.workspace
        self._runs: list[Run] = []
        self._left: dict[int, tuple[int, float | None]] = {}
        self._workspace.runs_changed.connect(self._reload)
        self._workspace.run_changed.connect(self._run_changed)
        self._workspace.project_changed.connect(self._reload)
        controller.trainer.progress.connect(self._progressed)
        self._reload()

    # Rows

    def run(self, row: int) -> Run:
        """Return the run of a row."""
        return self._runs[row]

    def row_of(self, run: int | None) -> int:
        """Return the row of the run with this id, or -1."""
        return next((row for row, known in enumerate(self._runs) if known.id == run), -1)

    def _reload(self) -> None:
        self.beginResetModel()
        self._runs = self._workspace.runs
        self.endResetModel()

    def _run_changed(self, run: int) -> None:
        row = self.row_of(run)
        if row >= 0:
            self._runs[row] = next(known for known in self._workspace.runs if known.id == run)
            self.dataChanged.emit(self.index(row), self.index(row))

    def _progressed(self, update: EpochUpdate, seconds_left: float | None) -> None:
        self._left[update.run] = (update.total_epochs, seconds_left)
        self._run_changed(update.run)

    # What a card says

    def title(self, run: Run) -> str:
        """Return the recipe's title; its name where it cannot be loaded."""
        try:
            return RECIPES.load(run.recipe).title or run.recipe
        except InputError:
            return f"{run.recipe} (not installed)"

    def subtitle(self, run: Run) -> str:
        """Return what was trained, and on what where the project has several data sets."""
        entries = self._workspace.data_entries
        data = next((entry.name for entry in entries if entry.id == run.data), "")
        return f"{self.title(run)} · {data}" if len(entries) > 1 else self.title(run)

    def fraction(self, run: Run) -> float | None:
        """Return how far a training is, 0 to 1; None where none is under way."""
        total, _ = self._left.get(run.id, (0, None))
        if not run.active:
            return None
        return min(1.0, len(run.history.epochs) / total) if total else 0.0

    def course(self, run: Run) -> str:
        """Return how long it trained, or trains yet."""
        done = len(run.history.epochs)
        if run.active:
            total, left = self._left.get(run.id, (0, None))
            of = f" of {total:,}" if total else ""
            rest = f" · {span(left)} left" if left is not None and run.status == "training" else ""
            return f"epoch {done:,}{of}{rest}" if done else "starting"
        parts = [counted(done, "epoch")] if done else []
        if run.history.stopped == "early":
            parts[-1:] = [f"{parts[-1]}, stopped early"] if parts else []
        if run.seconds:
            parts.append(span(run.seconds))
        return " · ".join(parts)

    def metrics(self, run: Run) -> list[tuple[str, str]]:
        """Return the key metrics as text with the role of its colour; the test part's where there is one."""
        if run.status == "failed":
            return [(run.error.split("\n")[0], "bad")]
        if run.active and run.history.epochs:
            epoch = run.history.epochs[-1]
            word, terms = ("validation", epoch.validation) if "loss" in epoch.validation else ("train", epoch.train)
            return [(f"{word} loss {number(terms['loss'])}", "text")] if "loss" in terms else []
        part = next((part for part in ("test", "validation", "train") if run.metrics.get(part)), None)
        if part is None:
            return []
        found = run.metrics[part]
        word = "" if part == "test" else f" ({part})"
        texts = []
        if "mse" in found:
            texts.append((f"MSE {number(found['mse'])}{word}", "text"))
        if "snr_gain_db" in found:
            gain = found["snr_gain_db"]
            texts.append((f"gain {decibel(gain)}", "good" if gain >= SAME_DB else "warn"))
        return texts

    def warning(self, run: Run) -> str:
        """Return what must not be overlooked about a run's result; empty where there is nothing."""
        found = run.metrics.get("test") or run.metrics.get("validation") or run.metrics.get("train") or {}
        gain = found.get("snr_gain_db", math.inf)
        if gain >= SAME_DB:
            return ""
        return "Worse than its input" if gain <= -SAME_DB else "No better than its input"

    def description(self, run: Run) -> str:
        """Return all that the card says, and the settings, as lines."""
        badge = BADGES.get(run.status, ("done", ""))[0]
        lines = [run.name, f"{self.subtitle(run)}, {badge}"]
        if metrics := self.metrics(run):
            lines.append(", ".join(text for text, _ in metrics))
        lines += [line for line in (self.warning(run), self.course(run)) if line]
        settings = [f"{name} = {value}" for name, value in run.params.items()]
        if run.corruption:
            settings.append(f"corruption = {run.corruption}")
        lines.append("Settings: " + (", ".join(settings) or "the defaults"))
        lines += run.history.notes
        if run.error:
            lines.append(run.error)
        return "\n".join(lines)

    # What Qt asks

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many runs there are."""
        return 0 if parent.isValid() else len(self._runs)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let a run be chosen and renamed."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a run, its name, or what its card says."""
        if not index.isValid():
            return None
        run = self._runs[index.row()]
        if role == RUN:
            return run
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return run.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.description(run)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename a run; an empty name is not taken."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not str(value).strip():
            return False
        self._workspace.rename_run(self._runs[index.row()].id, str(value))
        return True
