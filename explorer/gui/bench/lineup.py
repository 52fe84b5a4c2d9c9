"""Who is compared: trained runs, classical denoisers and stacks; which are chosen, how set, and in what colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from explorer.analysis.denoiser import DENOISERS, Denoiser, denoiser_text
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.panels.absent import why_no_denoising
from explorer.gui.plots.style import CurveStyle
from explorer.parameters import validate, values_of
from explorer.workspace.bench_contents import COLORS
from explorer.workspace.messages import ModelRef
from explorer.workspace.run import Run

Kind = Literal["run", "classic", "stack"]
FIRST = ("savitzky-golay", "wavelet")
"""What stands beside a run when nobody has chosen yet."""
UNDO = 50


@dataclass(frozen=True)
class Entrant:
    """One that may be compared.

    Attributes
    ----------
    id : str
        ``"run:3"``, the registered name of a classical denoiser, or ``"stack:1"``: stays whatever its settings are.
    kind : {"run", "classic", "stack"}
    title : str
    text : str
        What it is asked for by, as `explorer.analysis.denoiser.parse_denoiser` reads it.
    obstacle : str
        Why it cannot denoise the open data; empty where it can.
    slow : bool
        Whether it is known to take longer than a frame.
    """

    id: str
    kind: Kind
    title: str
    text: str
    obstacle: str = ""
    slow: bool = False


@dataclass(frozen=True)
class _State:
    """What undo brings back."""

    chosen: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Lineup(QObject):
    """Keeps the entrants of the open data, and the person's choice among them.

    Attributes
    ----------
    tuned : dict of str to str
        The settings that a bench has found, as text, by the text that was asked for: live views use them.
    """

    changed = Signal()
    """Other entrants, another choice, other settings, or another name of a run."""

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._workspace = controller, controller.workspace
        self._classes: dict[str, type[Denoiser]]
        self._classes, self.failed = DENOISERS.load_all()
        self._state = _State()
        self._past: list[_State] = []
        self._future: list[_State] = []
        self._slots: dict[str, int] = {}
        self._touched = False
        self.tuned: dict[str, str] = {}
        self._entrants: dict[str, Entrant] = {}
        self._data: object = None
        workspace = self._workspace
        for event in (workspace.runs_changed, workspace.data_changed, workspace.active_run_changed):
            event.connect(self.refresh)
        workspace.run_changed.connect(self.refresh)
        self.refresh()

    # Who there is

    @property
    def entrants(self) -> list[Entrant]:
        """All that there are: runs, the newest first, classics and stacks."""
        return list(self._entrants.values())

    @property
    def chosen(self) -> list[Entrant]:
        """Those that are compared, in the order of `entrants`; one that cannot denoise the data is left out."""
        return [each for each in self.entrants if each.id in self._state.chosen and not each.obstacle]

    def entrant(self, id_: str) -> Entrant | None:
        """Return the entrant of an id."""
        return self._entrants.get(id_)

    def is_chosen(self, id_: str) -> bool:
        """Whether an entrant is compared."""
        return id_ in self._state.chosen

    def cls(self, id_: str) -> type[Denoiser] | None:
        """Return the class of a classical denoiser."""
        return self._classes.get(id_)

    def runs(self) -> list[ModelRef]:
        """Return all runs that can be asked for."""
        return [ModelRef(str(self._workspace.path), run.id, run.version) for run in self._known_runs()]

    def _known_runs(self) -> list[Run]:
        workspace = self._workspace
        return [run for run in workspace.runs if run.data == workspace.data_id and run.version > 0]

    def refresh(self, *_: object) -> None:
        """Look again at what there is."""
        data = self._workspace.data
        if data is not self._data:
            self._data = data
            self.tuned = {}
        found: dict[str, Entrant] = {}
        if data is not None:
            for run in self._known_runs():
                id_ = f"run:{run.id}"
                found[id_] = Entrant(id_, "run", run.name, id_, why_no_denoising(run), slow=True)
            for name, cls in self._classes.items():
                why = cls().why_not(data)
                title, obstacle = cls.title or name, f"It {why}." if why else ""
                found[name] = Entrant(name, "classic", title, self._text(name), obstacle, cls.slow)
            for id_, parts in self._state.stacks.items():
                found[id_] = self._stack(id_, parts, found)
        if found != self._entrants:
            self._entrants = found
            self._choose_first()
            self._give_colours()
            self.changed.emit()

    def _stack(self, id_: str, parts: Sequence[str], others: Mapping[str, Entrant]) -> Entrant:
        members = [others.get(part) for part in parts]
        known = [each for each in members if each is not None]
        title = " → ".join(each.title for each in known) or "Empty stack"
        obstacle = next((each.obstacle for each in known if each.obstacle), "")
        if len(known) < len(members):
            obstacle = "One of its parts is gone."
        elif not known:
            obstacle = "Add denoisers to it."
        return Entrant(
            id_, "stack", title, " + ".join(each.text for each in known), obstacle, any(each.slow for each in known)
        )

    def _text(self, name: str) -> str:
        settings = self._state.settings.get(name)
        if settings is None:
            return name
        cls = self._classes[name]
        return denoiser_text(cls(**validate(cls, dict(settings), owner=f"'{name}'")))

    def versions(self, entrant: Entrant) -> tuple[tuple[int, int], ...]:
        """Return number and version of each run that takes part in an entrant: it goes on while it trains."""
        words = entrant.text.split()
        return tuple((ref.run, ref.version) for ref in self.runs() if f"run:{ref.run}" in words)

    def live_text(self, entrant: Entrant) -> str:
        """Return the text by which one sample is denoised: with the settings that a bench has tuned, where one has."""
        return self.tuned.get(entrant.text, entrant.text)

    # What the person chooses

    def _choose_first(self) -> None:
        """Choose the active run and two classics, while the person has chosen nothing themselves."""
        if self._touched or not self._entrants:
            return
        run = self._workspace.run
        wanted = [*([f"run:{run.id}"] if run is not None else []), *FIRST]
        chosen = tuple(id_ for id_ in wanted if id_ in self._entrants and not self._entrants[id_].obstacle)
        self._state = replace(self._state, chosen=chosen)

    def choose(self, id_: str, chosen: bool) -> None:
        """Compare an entrant, or compare it no more."""
        if chosen != (id_ in self._state.chosen):
            others = tuple(each for each in self._state.chosen if each != id_)
            self._set(replace(self._state, chosen=(*others, id_) if chosen else others))

    def choose_all(self, chosen: bool) -> None:
        """Compare all that can denoise these data, or none."""
        ids = tuple(each.id for each in self.entrants if not each.obstacle) if chosen else ()
        self._set(replace(self._state, chosen=ids))

    def settings(self, id_: str) -> dict[str, Any] | None:
        """Return the settings of a classic that the person gave; None where it is to be tuned."""
        found = self._state.settings.get(id_)
        return None if found is None else dict(found)

    def set_settings(self, id_: str, settings: Mapping[str, Any] | None) -> None:
        """Give a classic settings by hand, or have it tuned (None)."""
        if settings == self._state.settings.get(id_):
            return
        others = {key: value for key, value in self._state.settings.items() if key != id_}
        self._set(replace(self._state, settings=others if settings is None else {**others, id_: dict(settings)}))

    def shown_settings(self, id_: str) -> dict[str, Any]:
        """Return the settings of a classic that differ from its defaults, given by hand or tuned."""
        by_hand = self.settings(id_)
        if by_hand is not None:
            return by_hand
        return settings_of(self.tuned.get(id_, ""), self._classes[id_])

    # Stacks

    def parts(self, id_: str) -> tuple[str, ...]:
        """Return the ids of a stack's parts, in their order."""
        return self._state.stacks.get(id_, ())

    def add_stack(self, parts: Sequence[str] = ()) -> str:
        """Add a stack, compare it, and return its id."""
        number = 1 + max((int(id_.partition(":")[2]) for id_ in self._state.stacks), default=0)
        id_ = f"stack:{number}"
        stacks = {**self._state.stacks, id_: tuple(parts)}
        self._set(replace(self._state, stacks=stacks, chosen=(*self._state.chosen, id_)))
        return id_

    def set_parts(self, id_: str, parts: Sequence[str]) -> None:
        """Give a stack other parts, or another order."""
        if tuple(parts) != self.parts(id_):
            self._set(replace(self._state, stacks={**self._state.stacks, id_: tuple(parts)}))

    def remove_stack(self, id_: str) -> None:
        """Take a stack away."""
        stacks = {key: value for key, value in self._state.stacks.items() if key != id_}
        chosen = tuple(each for each in self._state.chosen if each != id_)
        self._set(replace(self._state, stacks=stacks, chosen=chosen))

    # Undo

    def _set(self, state: _State) -> None:
        self._past = [*self._past[-UNDO:], self._state]
        self._future = []
        self._put(state)

    def _put(self, state: _State) -> None:
        self._touched = True
        before = self._state
        self._state = state
        entrants = self._entrants
        self.refresh()
        if before.chosen != state.chosen and self._entrants == entrants:
            self._give_colours()
            self.changed.emit()

    def undo(self) -> None:
        """Take the last choice, setting or order back."""
        if self._past:
            self._future.append(self._state)
            self._put(self._past.pop())

    def redo(self) -> None:
        """Do again what was taken back."""
        if self._future:
            self._past.append(self._state)
            self._put(self._future.pop())

    # Colours

    def _give_colours(self) -> None:
        """Give those that are compared a colour each, which they keep."""
        for each in self.chosen:
            if each.id not in self._slots:
                taken = {self._slots[other.id] for other in self.chosen if other.id in self._slots}
                self._slots[each.id] = next(slot for slot in range(len(taken) + 1) if slot not in taken)

    def color(self, id_: str) -> str:
        """Return the colour of an entrant as `explorer.gui.plots.style.color_of` takes it."""
        slot = self._slots.get(id_)
        return "muted" if slot is None else f"class:{COLORS[slot % len(COLORS)]}"

    def style(self, id_: str) -> CurveStyle:
        """Return how an entrant's curves look, everywhere in the bench."""
        entrant, slot = self._entrants.get(id_), self._slots.get(id_, 0)
        title = id_ if entrant is None else entrant.title
        return CurveStyle(title, self.color(id_), width=1.5, dashed=slot >= len(COLORS), front=10 + slot)

    def id_of(self, text: str) -> str | None:
        """Return the entrant that is asked for by a text."""
        return next((each.id for each in self.entrants if each.text == text), None)


def settings_of(text: str, cls: type[Denoiser]) -> dict[str, Any]:
    """Return the settings of a denoiser's text that differ from the defaults; none where it cannot be read."""
    if not text:
        return {}
    from explorer.analysis.denoiser import parse_denoiser

    try:
        step = parse_denoiser(text).steps[0]
    except InputError:
        return {}
    plain = values_of(cls())
    return {name: value for name, value in values_of(step).items() if value != plain[name]}
