"""What can be done with the runs of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from explorer.errors import InputError
from explorer.workspace.active import ActiveState
from explorer.workspace.commands import Command
from explorer.workspace.messages import EpochUpdate, TrainOutcome
from explorer.workspace.run import Run
from explorer.workspace.stored_data import Parcel


class RunActions(ActiveState):
    """Beginning, following, choosing, renaming and deleting runs."""

    def activate_run(self, run: int | None) -> None:
        """Look at a run, and at its data; at none of the data's runs for None."""
        if run is None:
            self._activate(self._data_id, None)
        else:
            self._activate(self._known(run).data, run)

    def begin_run(self, recipe: str, params: dict[str, Any], corruption: str | None) -> Run:
        """Keep a new run on the active data, make it the active one, and return it; its training is the caller's.

        Raises
        ------
        InputError
            If there are no data, or the recipe, its parameters or the corruption do not exist or fit.
        """
        data = self.data
        if data is None or self._data_id is None:
            raise self.missing or InputError("there are no data to train on", remedy="Open some first")
        # Not needed before the window is painted.
        from explorer.data.corruption import corruption_text, parse_corruption
        from explorer.models.base import RECIPES
        from explorer.parameters import validate

        cls = RECIPES.load(recipe)
        chosen = validate(cls, params, owner=f"the model '{recipe}'")
        if data.layout not in cls.layouts:
            raise InputError(
                f"the model '{recipe}' does not take data of layout '{data.layout}'", source=data.name,
                remedy=f"It takes: {', '.join(cls.layouts)}",
            )  # fmt: skip
        if corruption is not None:
            parsed = parse_corruption(corruption)
            parsed.on(data)  # says what such data cannot be spoilt by
            corruption = corruption_text(parsed)
        run = self.project.add_run(
            Run(
                id=0,
                name=self._free_name(cls.title or recipe),
                data=self._data_id,
                recipe=recipe,
                params=chosen,
                corruption=corruption,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )
        self._runs[run.id] = run
        self.runs_changed.emit()
        self._activate(self._data_id, run.id)
        return run

    def note_epoch(self, update: EpochUpdate) -> None:
        """Take in the newest epochs of a run that trains; the worker keeps them in the project."""
        run = self._runs.get(update.run)
        if run is None:
            return
        history = replace(run.history, epochs=[*run.history.epochs, *update.earlier, update.epoch])
        status = "paused" if run.status == "paused" else "training"
        self._set_run(msgspec.structs.replace(run, history=history, version=update.version, status=status))
        if update.codes is not None and update.run == self._run_id:
            self._codes = update.codes
            self.codes_changed.emit()

    def pause_run(self, run: int, paused: bool) -> None:
        """Tell that a training was paused, or goes on."""
        known = self._known(run)
        if known.active:
            self._set_run(msgspec.structs.replace(known, status="paused" if paused else "training"))

    def end_run(self, outcome: TrainOutcome) -> None:
        """Take in how a training ended; the worker has written it to the project."""
        if outcome.run not in self._runs:
            return
        self._set_run(self.project.run(outcome.run))
        if outcome.run == self._run_id:
            self._codes = outcome.codes
            self.codes_changed.emit()

    def fail_run(self, run: int, message: str) -> None:
        """Take in that a training failed, in the words of the worker where it still could write them."""
        if run not in self._runs:
            return
        if self.project.run(run).active:
            self.project.change_run(run, status="failed", error=message)
        self._set_run(self.project.run(run))

    def rename_run(self, run: int, name: str) -> None:
        """Give a run another name. Can be undone."""
        before, name = self._known(run).name, name.strip()
        if not name:
            raise InputError("a run needs a name")

        def call(it: str) -> None:
            self.project.change_run(run, name=it)
            self._set_run(msgspec.structs.replace(self._runs[run], name=it))

        if name != before:
            self._push(Command("rename run", lambda: call(name), lambda: call(before)))

    def delete_run(self, run: int) -> None:
        """Take a run with its weights out of the project. Can be undone."""
        known = self._known(run)
        if known.active:
            raise InputError("this run is in training", remedy="Cancel it first")
        taken: list[Parcel] = []
        shown = self._run_id == run

        def do() -> None:
            taken.append(self.project.delete_run(run))
            self._reload()
            if shown:
                self._activate(self._data_id, self._newest_run(known.data))

        def undo() -> None:
            self.project.restore(taken[-1])
            taken.pop()
            self._reload()
            if shown:
                self._activate(known.data, run)

        self._push(Command("delete run", do, undo))

    def _known(self, run: int) -> Run:
        if run not in self._runs:
            raise InputError(f"the project has no run {run}", source=self.path)
        return self._runs[run]

    def _free_name(self, title: str) -> str:
        taken = {run.name for run in self._runs.values()}
        return next(name for i in range(1, len(taken) + 2) if (name := f"{title} {i}") not in taken)
