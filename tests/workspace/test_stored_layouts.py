"""Laid-out maps are kept with their run, go with it, and come back with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.workspace import schema
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.stored_layouts import MapLayout

PLACES = np.array([[1.5, -2], [np.nan, np.nan], [3, 4]], dtype=np.float32)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    project = ProjectFile.create(tmp_path / "a.latentscape")
    project.add_data(Dataset(values=np.zeros((3, 2), np.float32), name="three"))
    project.add_run(Run(id=0, name="PCA 1", data=1, recipe="pca"))
    yield project
    project.close()


def kept(version: int = 4, method: str = "tsne", dims: int = 2) -> MapLayout:
    places = np.pad(PLACES, ((0, 0), (0, dims - 2)))
    return MapLayout(1, method, dims, version, 30, places, {"perplexity": 12.0}, "2 were placed")


def same(one: MapLayout | None, other: MapLayout) -> bool:
    facts = ("run", "method", "dims", "version", "epoch", "params", "note")
    return (
        one is not None
        and all(getattr(one, name) == getattr(other, name) for name in facts)
        and np.array_equal(one.coordinates, other.coordinates, equal_nan=True)
    )


def test_the_newest_of_each_kind_is_kept(project: ProjectFile, tmp_path: Path) -> None:
    assert project.layout(1, "tsne", 2) is None
    for layout in (kept(), kept(5), kept(dims=3), kept(method="umap")):
        project.write_layout(layout)
    project.close()
    again = ProjectFile.open(tmp_path / "a.latentscape")
    assert same(again.layout(1, "tsne", 2), kept(5))
    assert same(again.layout(1, "tsne", 3), kept(dims=3))
    assert same(again.layout(1, "umap", 2), kept(method="umap"))
    again.close()


@pytest.mark.parametrize("what", ["run", "data"])
def test_it_goes_with_its_run_and_comes_back(project: ProjectFile, what: str) -> None:
    project.write_layout(kept())
    parcel = project.delete_run(1) if what == "run" else project.remove_data(1)
    assert project.layout(1, "tsne", 2) is None
    project.restore(parcel)
    assert same(project.layout(1, "tsne", 2), kept())


def test_a_project_of_the_first_version_gets_room_for_them(tmp_path: Path) -> None:
    path = tmp_path / "old.latentscape"
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in schema.MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute("PRAGMA user_version = 1")
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.close()
    project = ProjectFile.open(path)
    project.add_data(Dataset(values=np.zeros((3, 2), np.float32), name="three"))
    project.add_run(Run(id=0, name="PCA 1", data=1, recipe="pca"))
    project.write_layout(kept())
    assert same(project.layout(1, "tsne", 2), kept())
    project.close()


@pytest.mark.parametrize(
    ("column", "value"), [("coordinates", b"rubbish"), ("coordinates", "text"), ("params", "[]"), ("version", "x")]
)
def test_a_damaged_one_is_told(project: ProjectFile, column: str, value: object) -> None:
    project.write_layout(kept())
    project._db.write(f"UPDATE layouts SET {column} = ?", (value,))
    with pytest.raises(InputError):
        project.layout(1, "tsne", 2)
