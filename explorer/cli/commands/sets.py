"""Named sets of a project's samples: made, combined, listed, written to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.console import Bar, emit
from explorer.errors import InputError
from explorer.workspace.named_sets import NamedSet, checked_name, combined
from explorer.workspace.project import ProjectFile
from explorer.workspace.stored_data import DataEntry

sets = typer.Typer(
    help="Named sets of a project's samples, as the window shows and colours them.", no_args_is_help=True
)
SetName = Annotated[str, typer.Argument(metavar="NAME", help="Of a set.", show_default=False)]
OfData = Annotated[
    str | None,
    typer.Option("--data", metavar="NAME", help="Which data set: its name or number. By default the active one."),
]
INDICES = (".csv", ".tsv", ".npz", ".npy")


@dataclass
class _Kept:
    """The sets of one data set of an open project."""

    project: ProjectFile
    entry: DataEntry
    sets: tuple[NamedSet, ...]

    @property
    def size(self) -> int:
        return self.entry.shape[0]

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.sets]

    def called(self, name: str) -> NamedSet:
        for each in self.sets:
            if each.name == name:
                return each
        known = ", ".join(self.names) or "none"
        raise InputError(f"there is no set '{name}'", source=self.project.path, remedy=f"There are: {known}")

    def keep(self, after: tuple[NamedSet, ...]) -> None:
        self.project.write_sets(self.entry.id, self.sets, after)
        self.sets = after

    def add(self, new: NamedSet) -> dict[str, Any]:
        self.keep((*self.sets, new))
        return {"name": new.name, "n_samples": len(new), "data": self.entry.name}


@sets.command("list")
def list_(project: options.ProjectPath, data: OfData = None, as_json: options.AsJson = False) -> None:
    """List the named sets with how many samples each has."""
    with inputs.opened(project) as opened:
        kept = _kept(opened, data)
        found = [{"name": each.name, "n_samples": len(each)} for each in kept.sets]
        facts = {"data": kept.entry.name, "n_samples": kept.size, "sets": found}
    lines = [f"{each['n_samples']:>12,}  {each['name']}" for each in found]
    text = "\n".join(lines) or f"no set of the {facts['n_samples']:,} samples of {facts['data']} has a name"
    emit(facts, as_json=as_json, text=lambda: text)


@sets.command()
def add(
    project: options.ProjectPath,
    name: SetName,
    indices: Annotated[
        str | None, typer.Option(metavar="I,J,A-B", help="Samples by their numbers, from 0, and ranges of them.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(metavar="TEST", help="Those that fulfil it: 'label = walk', 'score > 0.5 and part = test'."),
    ] = None,
    data: OfData = None,
    as_json: options.AsJson = False,
) -> None:
    """Name samples: by their numbers, by a comparison, or those that are selected in the window."""
    if indices is not None and where is not None:
        raise InputError("--indices and --where both say which samples", remedy="Give one of them")
    with _changing(project, data) as kept:
        checked = checked_name(name, kept.names)
        if indices is not None:
            chosen = _numbers(indices, kept.size)
        elif where is not None:
            chosen = _where(kept, where)
        else:
            chosen = kept.project.selection(kept.entry.id, kept.size)
            if not len(chosen):
                raise InputError("no sample is selected in the window", remedy="Give --indices or --where")
        facts = kept.add(NamedSet.of(checked, chosen, kept.size))
    emit(facts, as_json=as_json, text=lambda: _made(facts))


def _combination(operation: Any, help_: str) -> Callable[..., None]:
    def command(
        project: options.ProjectPath,
        names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Of two sets or more.", show_default=False)],
        as_: Annotated[str, typer.Option("--as", metavar="NAME", help="What the new set is called.")],
        data: OfData = None,
        as_json: options.AsJson = False,
    ) -> None:
        with _changing(project, data) as kept:
            new = combined(operation, [kept.called(each) for each in names], checked_name(as_, kept.names))
            facts = kept.add(new)
        emit(facts, as_json=as_json, text=lambda: _made(facts))

    command.__doc__ = help_
    return command


sets.command("union")(_combination("union", "Keep what is in any of some sets as another set."))
sets.command("intersection")(_combination("intersection", "Keep what is in all of some sets as another set."))
sets.command("difference")(_combination("difference", "Keep what is in the first set and in none of the others."))


@sets.command()
def complement(
    project: options.ProjectPath,
    name: SetName,
    as_: Annotated[str, typer.Option("--as", metavar="NAME", help="What the new set is called.")],
    data: OfData = None,
    as_json: options.AsJson = False,
) -> None:
    """Keep all samples that are not in a set as another set."""
    with _changing(project, data) as kept:
        facts = kept.add(kept.called(name).complement(checked_name(as_, kept.names)))
    emit(facts, as_json=as_json, text=lambda: _made(facts))


@sets.command()
def rename(
    project: options.ProjectPath,
    name: SetName,
    new: Annotated[str, typer.Argument(metavar="NEW", help="What it is to be called.", show_default=False)],
    data: OfData = None,
    as_json: options.AsJson = False,
) -> None:
    """Give a set another name."""
    with _changing(project, data) as kept:
        known = kept.called(name)
        after = checked_name(new, [each for each in kept.names if each != name])
        kept.keep(tuple(each.renamed(after) if each is known else each for each in kept.sets))
        facts = {"name": after, "before": name, "n_samples": len(known)}
    emit(facts, as_json=as_json, text=lambda: f"'{name}' is now '{after}'")


@sets.command()
def remove(project: options.ProjectPath, name: SetName, data: OfData = None, as_json: options.AsJson = False) -> None:
    """Take a set out of the project; its samples stay."""
    with _changing(project, data) as kept:
        known = kept.called(name)
        kept.keep(tuple(each for each in kept.sets if each is not known))
        facts = {"name": name, "n_samples": len(known)}
    emit(facts, as_json=as_json, text=lambda: f"removed the set '{name}'; its {len(known):,} samples stay")


@sets.command()
def export(
    project: options.ProjectPath,
    name: SetName,
    out: Annotated[str, typer.Option(metavar="FILE", help="File to write: .csv, .tsv, .npy or .npz.")],
    samples: Annotated[
        bool, typer.Option("--samples", help="The values of the samples, not only which they are.")
    ] = False,
    data: OfData = None,
    as_json: options.AsJson = False,
) -> None:
    """Write which samples are in a set, with what is known of them; or the samples themselves."""
    from explorer.workspace.set_contents import write_set

    outputs.check_target(out, INDICES)
    with inputs.opened(project) as opened:
        kept = _kept(opened, data)
        chosen = kept.called(name)
        path = write_set(out, opened.read_data(kept.entry.id), chosen, samples=samples)
        facts = {"name": name, "n_samples": len(chosen), "out": str(path)}
    emit(facts, as_json=as_json, text=lambda: f"{facts['n_samples']:,} samples of '{name}' in {path}")


@contextmanager
def _changing(path: str, data: str | None) -> Iterator[_Kept]:
    """Open a project to change it; not one that a window has open."""
    project = ProjectFile.open(path)
    try:
        project.claim()
        yield _kept(project, data)
    finally:
        project.close()


def _kept(project: ProjectFile, data: str | None) -> _Kept:
    """Return the sets of the data set of that name or number, else of the active one, else of the newest."""
    entries = project.data_entries()
    if not entries:
        raise InputError("the project has no data", source=project.path, remedy="Open some first")
    if data is None:
        active = project.get_state("active_data")
        entry = next((each for each in entries if each.id == active), entries[-1])
    else:
        named = [each for each in entries if data in (str(each.id), each.name)]
        if not named:
            known = "; ".join(f"{each.id} ({each.name})" for each in entries)
            raise InputError(f"there are no data '{data}'", source=project.path, remedy=f"There are: {known}")
        entry = named[0]
    return _Kept(project, entry, project.sets(entry.id, entry.shape[0]))


def _numbers(text: str, size: int) -> np.ndarray:
    """Return the samples of ``0,5,10-20``, int64."""
    from explorer.workspace.view_state import as_selection

    found: list[np.ndarray] = []
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        first = inputs.whole_number(low, "--indices")
        last = inputs.whole_number(high, "--indices") if dash else first
        if not 0 <= first <= last < size:
            raise InputError(f"'{part.strip()}' are no samples", source="--indices", remedy=f"They are 0 to {size - 1}")
        found.append(np.arange(first, last + 1))
    return as_selection(np.concatenate(found), size)


def _where(kept: _Kept, where: str) -> np.ndarray:
    from explorer.workspace.sample_columns import columns_of, parsed_where

    with Bar("Filtering").shown() as bar:
        dataset = kept.project.read_data(kept.entry.id)
        return parsed_where(columns_of(dataset), len(dataset), where, bar)


def _made(facts: dict[str, Any]) -> str:
    return f"'{facts['name']}' has {facts['n_samples']:,} samples of {facts['data']}"
