"""Columns that a person adds to data: kept in the project, coloured by, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load
from explorer.errors import InputError
from explorer.workspace.contents import map_content
from explorer.workspace.project import ProjectFile
from explorer.workspace.workspace import Workspace
from tests.workspace.conftest import series

GROUPS = np.array(["one", "two"] * 10)
SCORES = np.arange(20.0)


def columns(space: Workspace) -> dict[str, list[object]]:
    assert space.data is not None
    return {name: column.tolist() for name, column in space.data.columns.items()}


Reopen = Callable[[Workspace], Workspace]


@pytest.fixture
def reopened() -> Iterator[Reopen]:
    """Close a workspace, and open its project again."""
    spaces: list[Workspace] = []

    def reopen(space: Workspace) -> Workspace:
        path = space.path
        space.close()
        spaces.append(Workspace(ProjectFile.open(path)))
        return spaces[-1]

    yield reopen
    for space in spaces:
        space.close()


def test_a_column_is_added_kept_and_taken_away(workspace: Workspace, heard: list[str], reopened: Reopen) -> None:
    workspace.add_data(series())
    before, original = columns(workspace), workspace.data
    workspace.columns_changed.connect(lambda: heard.append("columns_changed"))
    heard.clear()
    workspace.add_column("clusters", GROUPS)
    assert heard == ["columns_changed", "colouring_changed", "undo_changed"]
    assert columns(workspace) == before | {"clusters": GROUPS.tolist()}
    assert workspace.added_columns == ["clusters"]
    assert "clusters" in workspace.colourings
    assert original is not None
    assert workspace.data is not None
    assert workspace.data.sha256 == original.sha256
    assert "clusters" not in original.columns
    workspace = reopened(workspace)
    assert columns(workspace) == before | {"clusters": GROUPS.tolist()}
    workspace.remove_column("clusters")
    assert columns(workspace) == before
    assert workspace.undo_text == "remove column"
    workspace.undo()
    assert columns(workspace) == before | {"clusters": GROUPS.tolist()}
    workspace.redo()
    assert columns(reopened(workspace)) == before


def test_the_map_is_coloured_by_a_result_in_one_step(workspace: Workspace) -> None:
    workspace.add_data(series())
    assert workspace.colouring == "label"
    workspace.colour_by_result("error", SCORES)
    assert workspace.colouring == "error"
    kind, values, _ = workspace.colour_values()
    assert kind == "value"
    np.testing.assert_array_equal(values, SCORES)
    assert workspace.data is not None
    content = map_content(workspace.data, np.zeros((20, 2), np.float32), "error")
    np.testing.assert_array_equal(content["colours"], SCORES)
    workspace.undo()
    assert workspace.colouring == "label"
    assert workspace.added_columns == []
    workspace.redo()
    assert workspace.colouring == "error"


def test_a_later_result_replaces_the_one_before(workspace: Workspace, reopened: Reopen) -> None:
    workspace.add_data(series())
    workspace.add_column("clusters", GROUPS)
    workspace.add_column("clusters", SCORES)
    assert columns(workspace)["clusters"] == SCORES.tolist()
    assert workspace.added_columns == ["clusters"]
    workspace.undo()
    assert columns(workspace)["clusters"] == GROUPS.tolist()
    assert columns(reopened(workspace))["clusters"] == GROUPS.tolist()


def test_a_colouring_goes_with_its_column_and_comes_back(workspace: Workspace) -> None:
    workspace.add_data(series())
    workspace.colour_by_result("clusters", GROUPS)
    workspace.remove_column("clusters")
    assert workspace.colouring == ""
    workspace.undo()
    assert workspace.colouring == "clusters"
    assert workspace.colour_values()[2] == ("one", "two")


def test_data_of_a_file_keep_their_columns_in_the_project(
    tmp_path: Path, workspace: Workspace, reopened: Reopen
) -> None:
    path = tmp_path / "vectors.csv"
    path.write_text("name,site,a,b\n" + "\n".join(f"s{i},x{i % 2},{i}.5,{i * i}.25" for i in range(8)))
    workspace.add_data(load(path, samples="vectors"))
    before = columns(workspace)
    workspace.add_column("clusters", GROUPS[:8])
    workspace = reopened(workspace)
    assert columns(workspace) == before | {"clusters": GROUPS[:8].tolist()}
    data = workspace.data_id
    assert data is not None
    moved = path.rename(tmp_path / "moved.csv")
    workspace.relocate_data(data, moved)
    assert "clusters" in columns(workspace)
    workspace.remove_data(data)
    workspace.undo()
    assert "clusters" in columns(reopened(workspace))


def test_undone_while_other_data_are_shown(workspace: Workspace) -> None:
    first = workspace.add_data(series())
    workspace.add_column("clusters", GROUPS)
    workspace.add_data(series(seed=1))
    heard: list[str] = []
    workspace.columns_changed.connect(lambda: heard.append("columns_changed"))
    assert workspace.added_columns == []
    workspace.undo()
    assert heard == []
    workspace.activate_data(first)
    assert "clusters" not in columns(workspace)


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("label", SCORES, "cannot be called 'label'"),
        ("", SCORES, "cannot be called ''"),
        ("age", SCORES, "cannot be called 'age'"),
        ("x", SCORES[:3], r"values of shape \(3,\)"),
        ("x", np.array([None] * 20), "object are no column"),
    ],
)
def test_what_is_no_column(workspace: Workspace, name: str, values: np.ndarray, said: str) -> None:
    with pytest.raises(InputError, match="no data to add a column to"):
        workspace.add_column("x", SCORES)
    workspace.add_data(series())
    before = columns(workspace)
    for act in (workspace.add_column, workspace.colour_by_result):
        with pytest.raises(InputError, match=said):
            act(name, values)
    assert columns(workspace) == before
    assert not workspace.can_undo


def test_columns_that_came_with_the_data_stay(workspace: Workspace) -> None:
    workspace.add_data(series())
    with pytest.raises(InputError, match=r"no column 'age' was added.*none"):
        workspace.remove_column("age")


def test_a_damaged_column_of_a_file_is_told(tmp_path: Path, project: ProjectFile) -> None:
    path = tmp_path / "vectors.csv"
    path.write_text("a,b\n" + "\n".join(f"{i}.5,{i * i}.25" for i in range(8)))
    data = project.add_data(load(path, samples="vectors"))
    project.write_column(data, "x", np.arange(3))
    with pytest.raises(InputError, match="damaged"):
        project.read_data(data)
