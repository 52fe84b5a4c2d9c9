"""Named sets: exact at any size, combined, kept in the project, undone."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.workspace import schema
from explorer.workspace.contents import map_content
from explorer.workspace.named_sets import NamedSet, checked_name, classes_of, combined, free_name
from explorer.workspace.project import ProjectFile
from explorer.workspace.set_contents import set_columns, write_set
from explorer.workspace.workspace import Workspace
from tests.workspace.conftest import series

members = st.sets(st.integers(0, 36)).map(sorted)


def of(found: list[int], name: str = "a", size: int = 37) -> NamedSet:
    return NamedSet.of(name, np.array(found, dtype=np.int64), size)


@given(members, members)
def test_sets_are_sets(first: list[int], second: list[int]) -> None:
    a, b = of(first), of(second, "b")
    assert a.indices.tolist() == first
    assert len(a) == len(first)
    assert [i for i in range(37) if a.holds(i)] == first
    assert combined("union", [a, b], "c").indices.tolist() == sorted({*first} | {*second})
    assert combined("intersection", [a, b], "c").indices.tolist() == sorted({*first} & {*second})
    assert combined("difference", [a, b], "c").indices.tolist() == sorted({*first} - {*second})
    rest = a.complement("rest")
    assert rest.indices.tolist() == sorted({*range(37)} - {*first})
    assert len(rest) + len(a) == 37
    classes, names = classes_of([a, b], 37)
    assert names == ("a", "b")
    for i in range(37):
        inside = [place for place, each in enumerate((first, second)) if i in each]
        assert classes[i] == (inside[-1] if inside else -1)


def test_ten_million_are_exact_and_quick() -> None:
    n = 10_000_003
    rng = np.random.default_rng(0)
    masks = rng.random((2, n)) < 0.4
    a, b = (NamedSet.of(name, np.flatnonzero(mask), n) for name, mask in zip("ab", masks, strict=True))
    begun = time.process_time()
    found = combined("difference", [a, b], "c")
    count = len(found)
    rest = found.complement("d")
    assert time.process_time() - begun < 0.5
    assert count == int((masks[0] & ~masks[1]).sum())
    np.testing.assert_array_equal(rest.mask, ~(masks[0] & ~masks[1]))


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "taken"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(InputError):
        checked_name(name, ["taken"])


def test_free_names() -> None:
    assert checked_name("  two   words ", []) == "two words"
    assert free_name("set", ["set", "set 2"]) == "set 3"


def test_what_cannot_be_combined() -> None:
    with pytest.raises(InputError, match="two sets or more"):
        combined("union", [of([1])], "c")
    with pytest.raises(InputError, match="different data"):
        combined("union", [of([1]), of([1], size=40)], "c")


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace(ProjectFile.create(tmp_path / "p.latentscape"))
    made.add_data(series())
    yield made
    made.close()


def told(space: Workspace) -> dict[str, list[int]]:
    return {each.name: each.indices.tolist() for each in space.sets}


def test_sets_are_made_combined_and_undone(space: Workspace) -> None:
    heard: list[int] = []
    space.sets_changed.connect(lambda: heard.append(1))
    space.select([1, 2, 3])
    space.name_set("low")
    space.name_set("high", [3, 4])
    space.combine_sets("union", ["low", "high"], "both")
    space.complement_set("both", "rest")
    assert told(space)["both"] == [1, 2, 3, 4]
    assert len(told(space)["rest"]) == len(series()) - 4
    space.rename_set("low", "lowest")
    space.remove_set("high")
    assert list(told(space)) == ["lowest", "both", "rest"]
    assert len(heard) == 6
    for _ in range(6):
        space.undo()
    assert told(space) == {}
    for _ in range(6):
        space.redo()
    assert list(told(space)) == ["lowest", "both", "rest"]
    space.select_set("both")
    assert space.selection.tolist() == [1, 2, 3, 4]
    space.select([9])
    space.select_set("lowest", add=True)
    assert space.selection.tolist() == [1, 2, 3, 9]


def test_sets_are_kept_with_their_data(space: Workspace) -> None:
    first = space.data_id
    space.name_set("some", [0, 5])
    space.name_set("more", [7])
    space.rename_set("some", "few")
    space.add_data(Dataset(values=np.zeros((3, 2), np.float32)))
    assert space.sets == ()
    space.name_set("other", [2])
    assert first is not None
    space.activate_data(first)
    assert told(space) == {"few": [0, 5], "more": [7]}
    space.remove_data(first)
    space.undo()
    assert told(space) == {"few": [0, 5], "more": [7]}
    path = space.path
    space.close()
    again = Workspace(ProjectFile.open(path))
    assert told(again) == {"few": [0, 5], "more": [7]}
    again.close()


def test_colouring_by_sets_comes_and_goes_with_them(space: Workspace) -> None:
    assert "sets" not in space.colourings
    before = space.colouring
    space.name_set("some", [0, 5])
    space.set_colouring("sets")
    kind, values, names = space.colour_values()
    assert kind == "class" and values[:6].tolist() == [0, -1, -1, -1, -1, 0]
    assert names == ("some",)
    assert space.data is not None
    content = map_content(space.data, np.zeros((20, 2)), "sets", sets=space.sets)
    assert content["class_names"] == ["some"]
    space.remove_set("some")
    assert space.colouring == before
    space.undo()
    assert space.colouring == "sets"


def test_what_is_no_set_is_told(space: Workspace) -> None:
    space.name_set("some", [0])
    with pytest.raises(InputError, match="already"):
        space.name_set("some", [1])
    with pytest.raises(InputError, match="There are: some"):
        space.select_set("none")
    with pytest.raises(InputError):
        space.name_set("beyond", [99])
    assert told(space) == {"some": [0]}


def test_a_damaged_set_is_left_out(space: Workspace) -> None:
    space.name_set("good", [0])
    space.name_set("bad", [1])
    path = space.path
    space.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sets SET samples = 7 WHERE name = 'bad'")
    connection.close()
    again = Workspace(ProjectFile.open(path))
    assert list(told(again)) == ["good"]
    again.close()


def test_a_project_of_the_version_before_gets_room_for_sets(space: Workspace) -> None:
    path = space.path
    space.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE sets")
        before = next(i for i, each in enumerate(schema.MIGRATIONS) if "CREATE TABLE sets" in each[0])
        for migration in schema.MIGRATIONS[before + 1 :]:
            assert not migration, "drop what later versions made, too"
        connection.execute(f"PRAGMA user_version = {before}")
    connection.close()
    again = Workspace(ProjectFile.open(path))
    again.name_set("some", [0])
    assert told(again) == {"some": [0]}
    again.close()


def test_a_set_is_written(tmp_path: Path) -> None:
    data, chosen = series(), of([2, 5], size=len(series()))
    columns = set_columns(data, chosen, np.arange(40.0).reshape(20, 2))
    assert columns["sample"].tolist() == [2, 5]
    assert columns["z1"].tolist() == [4.0, 10.0]
    write_set(str(tmp_path / "a.npz"), data, chosen, samples=True)
    with np.load(tmp_path / "a.npz") as archive:
        np.testing.assert_array_equal(archive["values"], data.values[[2, 5]])
    write_set(str(tmp_path / "a.npy"), data, chosen)
    assert np.load(tmp_path / "a.npy").tolist() == [2, 5]
    with pytest.raises(InputError, match="npz"):
        write_set(str(tmp_path / "a.csv"), data, chosen, samples=True)
