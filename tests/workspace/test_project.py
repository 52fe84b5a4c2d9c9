"""The project file: what is in it comes back, whatever happens to the file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.data.dataset import Dataset, file_sha256
from explorer.data.reader import load
from explorer.data.windows import windowed
from explorer.errors import Cancelled, InputError, MissingDataError
from explorer.training.history import Epoch, History
from explorer.workspace import database, schema, stored_data
from explorer.workspace.places import untitled_folder, untitled_path
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from tests.workspace.conftest import series

CODES = np.arange(40, dtype=np.float32).reshape(20, 2)


def new_run(data: int, **fields: Any) -> Run:
    return Run(**{"id": 0, "name": "first", "data": data, "recipe": "pca", **fields})


def filled(path: Path) -> Run:
    """Make a project with a data set and a run with weights, and close it."""
    project = ProjectFile.create(path)
    run = project.add_run(new_run(project.add_data(series())))
    project.write_snapshot(run.id, b"weights", CODES, History([Epoch(1, {"loss": 2.0}, {}, 0.1)]))
    project.set_state("layout", {"a": [1, 2.5, None]})
    run = project.run(run.id)
    project.close()
    return run


def table(path: Path, n: int = 6, scale: float = 1.0) -> Path:
    rows = [",".join(f"{scale * (i + j):g}" for j in range(4)) for i in range(n)]
    path.write_text("\n".join(["a,b,c,d", *rows]) + "\n")
    return path


def folder_of(project: ProjectFile) -> list[str]:
    return sorted(path.name for path in project.path.parent.iterdir() if path.is_file())


# What is put in comes back


def test_everything_comes_back(tmp_path: Path) -> None:
    run = filled(tmp_path / "a.latentscape")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.latentscape"]
    project = ProjectFile.open(tmp_path / "a.latentscape")
    data = project.read_data(1)
    assert data.sha256 == series().sha256
    assert (data.name, data.unit, data.sampling_rate, data.class_names) == ("Reihen", "mV", 2.0, ("a", "b", "ü"))
    assert data.columns["site"].tolist() == series().columns["site"].tolist()
    assert project.runs() == [run]
    assert project.run(run.id).history.epochs[0].train == {"loss": 2.0}
    assert project.weights(run.id) == (b"weights", 1)
    np.testing.assert_array_equal(project.codes(run.id), CODES)
    assert project.get_state("layout") == {"a": [1, 2.5, None]}
    assert project.get_state("other", 3) == 3
    assert project.note == ""
    project.close()


def test_entries_tell_without_reading(project: ProjectFile) -> None:
    project.add_data(series())
    (entry,) = project.data_entries()
    assert (entry.name, entry.shape, entry.layout, entry.embedded) == ("Reihen", (20, 8, 2), "series", True)


@pytest.mark.parametrize(
    "data",
    [
        Dataset(values=np.zeros((2, 3), np.float32)),
        Dataset(values=np.zeros((1, 2, 2, 1), np.float32), lengths=None),
        Dataset(values=np.zeros((1, 2, 2, 1), np.float32), masks=np.array([[[0, 1], [-1, 1]]]), mask_names=("", "ü")),
        Dataset(
            values=np.full((2, 3, 1), np.nan, np.float32), observed=np.zeros((2, 3, 1), bool), lengths=np.array([3, 1]),
            targets=np.ones((2, 3, 1), np.float32), times=np.array([0.0, 0.1, 5.0]), split=np.array([2, 0], np.int8),
        ),
        Dataset(
            values=np.ones((2, 3, 1), np.float32), times=np.array([[0, 1, 5], [2, 3, np.nan]]),
            lengths=np.array([3, 2]),
        ),
    ],
)  # fmt: skip
def test_data_of_every_kind(project: ProjectFile, data: Dataset) -> None:
    found = project.read_data(project.add_data(data))
    assert found.sha256 == data.sha256
    for name in ("layout", "channel_names", "mask_names", "origin"):
        assert getattr(found, name) == getattr(data, name)
    np.testing.assert_array_equal(found.split, data.split)
    np.testing.assert_array_equal(found.masks, data.masks)
    np.testing.assert_array_equal(found.time_axis, data.time_axis)
    if data.layout == "series":
        np.testing.assert_array_equal(found.all_times, data.all_times)


def test_large_arrays_are_cut_into_parts(project: ProjectFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_data, "PART_BYTES", 100)
    assert project.read_data(project.add_data(series())).sha256 == series().sha256


def test_history_keeps_nan(project: ProjectFile) -> None:
    run = project.add_run(new_run(project.add_data(series()), metrics={"test": {"mse": float("inf")}}))
    history = History([Epoch(1, {"loss": float("nan")}, {}, 0.1)], stopped="diverged")
    project.write_snapshot(run.id, b"", None, history)
    found = project.run(run.id)
    assert np.isnan(found.history.epochs[0].train["loss"])
    assert found.metrics == {"test": {"mse": float("inf")}}
    assert project.codes(run.id) is None


def test_a_snapshot_without_codes_leaves_those_there_are(project: ProjectFile) -> None:
    run = project.add_run(new_run(project.add_data(series())))
    assert project.write_snapshot(run.id, b"1", CODES, History()) == 1
    assert project.write_snapshot(run.id, b"2", None, History()) == 2
    np.testing.assert_array_equal(project.codes(run.id), CODES)
    assert project.weights(run.id) == (b"2", 2)


def test_changing_a_run_leaves_its_other_facts(project: ProjectFile) -> None:
    run = project.add_run(new_run(project.add_data(series())))
    project.write_snapshot(run.id, b"1", CODES, History())
    project.change_run(run.id, name="best")
    assert project.run(run.id) == msgspec.structs.replace(run, name="best", version=1)


def test_deleted_and_restored(project: ProjectFile) -> None:
    run = project.add_run(new_run(project.add_data(series())))
    project.write_snapshot(run.id, b"weights", CODES, History())
    before = project.run(run.id)
    parcel = project.delete_run(run.id)
    assert project.runs() == []
    with pytest.raises(InputError, match="no trained model"):
        project.weights(run.id)
    project.restore(parcel)
    assert project.runs() == [before]
    assert project.weights(run.id) == (b"weights", 1)
    parcel = project.remove_data(1)
    assert (project.runs(), project.data_entries()) == ([], [])
    project.restore(parcel)
    assert project.runs() == [before]
    assert project.read_data(1).sha256 == series().sha256


def test_ids_are_not_used_again(project: ProjectFile) -> None:
    data = project.add_data(series())
    first = project.add_run(new_run(data))
    project.delete_run(first.id)
    assert project.add_run(new_run(data)).id > first.id


def test_names_of_no_run_or_data(project: ProjectFile) -> None:
    with pytest.raises(InputError, match="no run 5"):
        project.run(5)
    with pytest.raises(InputError, match="no data set 5"):
        project.read_data(5)


# Data in files of their own


def test_a_file_is_kept_by_its_path(project: ProjectFile, tmp_path: Path) -> None:
    data = load(table(tmp_path / "x.csv"))
    number = project.add_data(data)
    assert not project.data_entries()[0].embedded
    found = project.read_data(number)
    assert found.sha256 == data.sha256
    np.testing.assert_array_equal(found.split, data.split)


def test_a_file_moved_with_its_project_is_found(tmp_path: Path) -> None:
    (tmp_path / "old" / "data").mkdir(parents=True)
    project = ProjectFile.create(tmp_path / "old" / "p.latentscape")
    data = load(table(tmp_path / "old" / "data" / "x.csv"))
    project.add_data(data)
    project.close()
    (tmp_path / "old").rename(tmp_path / "new")
    project = ProjectFile.open(tmp_path / "new" / "p.latentscape")
    assert project.read_data(1).sha256 == data.sha256
    assert project.data_request(1).path == str(tmp_path / "new" / "data" / "x.csv")
    project.close()


def test_a_moved_file_is_asked_for_and_relocated(project: ProjectFile, tmp_path: Path) -> None:
    data = load(table(tmp_path / "x.csv"))
    number = project.add_data(data)
    (tmp_path / "x.csv").rename(tmp_path / "y.csv")
    with pytest.raises(MissingDataError, match="not where it was") as caught:
        project.read_data(number)
    assert caught.value.source == str(tmp_path / "x.csv")
    with pytest.raises(MissingDataError):
        project.data_request(number)
    with pytest.raises(InputError, match="other data") as caught:
        project.relocate_data(number, table(tmp_path / "z.csv", scale=2))
    assert caught.value.source == str(tmp_path / "z.csv")
    assert project.relocate_data(number, tmp_path / "y.csv").sha256 == data.sha256
    assert project.read_data(number).sha256 == data.sha256
    assert project.data_entries()[0].origin.path == str(tmp_path / "y.csv")


def test_a_pair_of_files_is_kept_by_both(project: ProjectFile, tmp_path: Path) -> None:
    noisy, clean = table(tmp_path / "noisy.csv"), table(tmp_path / "clean.csv", scale=3)
    data = load(noisy, clean=clean)
    assert data.targets is not None
    assert (data.origin.clean, data.origin.clean_sha256) == (str(tmp_path / "clean.csv"), file_sha256(clean))
    number = project.add_data(data)
    np.testing.assert_array_equal(project.read_data(number).targets, data.targets)
    assert project.data_request(number).clean == str(tmp_path / "clean.csv")
    (tmp_path / "there").mkdir()
    for name in ("noisy.csv", "clean.csv"):
        (tmp_path / name).rename(tmp_path / "there" / name)
    np.testing.assert_array_equal(project.relocate_data(number, tmp_path / "there" / "noisy.csv").targets, data.targets)
    assert project.data_entries()[0].origin.clean == str(tmp_path / "there" / "clean.csv")
    table(tmp_path / "there" / "clean.csv", scale=4)
    with pytest.raises(MissingDataError, match="was changed"):
        project.read_data(number)
    (tmp_path / "there" / "clean.csv").unlink()
    with pytest.raises(MissingDataError, match="clean samples is not where it was") as caught:
        project.read_data(number)
    assert caught.value.source == str(tmp_path / "there" / "clean.csv")


def test_a_changed_file_is_not_taken(project: ProjectFile, tmp_path: Path) -> None:
    number = project.add_data(load(table(tmp_path / "x.csv")))
    table(tmp_path / "x.csv", scale=3)
    with pytest.raises(MissingDataError, match="was changed"):
        project.read_data(number)


def test_the_same_numbers_written_anew_are_taken(project: ProjectFile, tmp_path: Path) -> None:
    number = project.add_data(load(table(tmp_path / "x.csv")))
    (tmp_path / "x.csv").write_bytes((tmp_path / "x.csv").read_bytes().replace(b"\n", b"\r\n"))
    assert len(project.read_data(number)) == 6


# Saving elsewhere


def test_save_as_replaces_whole_files(project: ProjectFile, tmp_path: Path) -> None:
    project.add_data(series())
    target = tmp_path / "other" / "b.latentscape"
    target.parent.mkdir()
    target.write_bytes(b"something else")
    (target.parent / "b.latentscape-wal").write_bytes(b"left by a killed program")
    project.save_as(target)
    assert [path.name for path in target.parent.iterdir()] == ["b.latentscape"]
    copy = ProjectFile.open(target)
    assert copy.read_data(1).sha256 == series().sha256
    copy.close()


def test_save_as_keeps_the_way_to_the_data(project: ProjectFile, tmp_path: Path) -> None:
    data = load(table(tmp_path / "x.csv"))
    project.add_data(data)
    (tmp_path / "sub").mkdir()
    project.save_as(tmp_path / "sub" / "b.latentscape")
    project.close()
    moved = tmp_path.parent / f"{tmp_path.name} moved"
    shutil.copytree(tmp_path, moved)
    (tmp_path / "x.csv").unlink()
    copy = ProjectFile.open(moved / "sub" / "b.latentscape")
    assert copy.read_data(1).sha256 == data.sha256
    copy.close()


def test_save_as_itself_folds_the_journal(project: ProjectFile, tmp_path: Path) -> None:
    project.add_data(series())
    project.save_as(project.path)
    shutil.copyfile(project.path, tmp_path / "c.latentscape")
    copy = ProjectFile.open(tmp_path / "c.latentscape")
    assert len(copy.data_entries()) == 1
    copy.close()


def test_save_as_into_nowhere(project: ProjectFile, tmp_path: Path) -> None:
    before = folder_of(project)
    with pytest.raises(InputError) as caught:
        project.save_as(tmp_path / "no" / "such" / "b.latentscape")
    assert "b.latentscape" in str(caught.value)
    assert folder_of(project) == before


def test_not_over_a_project_that_is_open(project: ProjectFile, tmp_path: Path) -> None:
    other = ProjectFile.create(tmp_path / "other.latentscape")
    other.claim()
    with pytest.raises(InputError, match="is open in another"):
        project.save_as(other.path)
    other.close()
    project.save_as(other.path)


# Trouble with the disk


def test_a_full_disk_loses_nothing(project: ProjectFile) -> None:
    run = project.add_run(new_run(project.add_data(series())))
    project.write_snapshot(run.id, b"good", CODES, History())
    (pages,) = project._db.rows("PRAGMA page_count")[0]
    project._db.write(f"PRAGMA max_page_count = {pages + 2}")
    for attempt in (
        lambda: project.write_snapshot(run.id, bytes(100_000), CODES, History()),
        lambda: project.add_data(series(5_000)),
        lambda: project.set_state("long", "x" * 100_000),
    ):
        with pytest.raises(InputError, match="no space left") as caught:
            attempt()
        assert caught.value.source == str(project.path)
    assert project.weights(run.id) == (b"good", 1)
    assert len(project.data_entries()) == 1
    project._db.write("PRAGMA max_page_count = 1000000")
    assert project.write_snapshot(run.id, bytes(100_000), CODES, History()) == 2


FILL = """
import os, sys
from pathlib import Path
from explorer.errors import InputError
from explorer.workspace.project import ProjectFile
from tests.workspace.conftest import series

tiny, large = Path(sys.argv[1]), ProjectFile.create(sys.argv[2])
small = ProjectFile.create(tiny / "a.latentscape")
small.add_data(series())
large.add_data(series(20_000))
for attempt in (lambda: small.add_data(series(20_000)), lambda: large.save_as(tiny / "b.latentscape")):
    try:
        attempt()
    except InputError as reason:
        print(Path(reason.source).name, reason.problem)
print(small.read_data(1).sha256 == series().sha256)
small.close()
print(*os.listdir(tiny))
"""


def test_a_really_full_disk(tmp_path: Path) -> None:
    """In a name space of its own, so that the disk goes with the process."""
    (tmp_path / "tiny").mkdir()
    mount = 'mount -t tmpfs -o size=400k tmpfs "$1" && shift && exec "$@"'
    apart = ["unshare", "--mount", "sh", "-c", mount, "sh", str(tmp_path / "tiny")]
    try:
        mounted = subprocess.run([*apart, "true"], capture_output=True).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("this user may not mount a disk here")
    command = [*apart, sys.executable, "-c", FILL, str(tmp_path / "tiny"), str(tmp_path / "big.latentscape")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True)
    assert done.stdout.splitlines() == [
        "a.latentscape there is no space left to write the project",
        "b.latentscape there is no space left to write the project",
        "True",
        "a.latentscape",
    ]


def test_a_place_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = filled(tmp_path / "a.latentscape")
    before = (tmp_path / "a.latentscape").read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    project = ProjectFile.open(tmp_path / "a.latentscape")
    assert project.path.parent == untitled_folder()
    assert "This is a copy" in project.note
    assert project.runs() == [run]
    project.set_state("x", 1)
    project.close()
    assert (tmp_path / "a.latentscape").read_bytes() == before


# Files that are no projects


def test_no_project(tmp_path: Path) -> None:
    for name, content, problem in (
        ("empty", b"", "is empty"),
        ("text", b"a,b\n1,2\n", "not a Latentscape project"),
        ("short", b"SQLite format 3\0", "damaged|not a"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError, match=problem) as caught:
            ProjectFile.open(path)
        assert str(path) in str(caught.value)
    with pytest.raises(InputError, match="no such project"):
        ProjectFile.open(tmp_path / "missing")
    with pytest.raises(InputError, match="a folder"):
        ProjectFile.open(tmp_path)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE data (id)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="not a Latentscape project"):
        ProjectFile.open(path)
    assert path.read_bytes() == before


def test_a_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "a.latentscape"
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.version() + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="made by a newer version") as caught:
        ProjectFile.open(path)
    assert "Update" in str(caught.value)
    assert path.read_bytes() == before


def test_an_older_version_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = filled(tmp_path / "a.latentscape")
    step = ("ALTER TABLE runs ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'", "UPDATE runs SET colour = 'blue'")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
    for _ in range(2):
        project = ProjectFile.open(tmp_path / "a.latentscape")
        assert project.runs() == [run]
        assert project._db.rows("SELECT colour FROM runs") == [("blue",)]
        project.close()


def test_a_look_changes_not_a_byte_of_an_old_project(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.latentscape"
    project = ProjectFile.create(path)
    project.set_state("kept", 1)
    project.close()
    step = ("ALTER TABLE runs ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",)
    for steps in ((), (step,)):
        before = path.read_bytes(), path.stat().st_mtime_ns
        with monkeypatch.context() as patched:
            patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, *steps))
            project = ProjectFile.look(path)
            assert project.get_state("kept") == 1
            if steps:
                assert project._db.rows("PRAGMA user_version") == [(schema.version(),)]
            else:
                with pytest.raises(InputError, match="cannot be written"):
                    project.set_state("kept", 2)
            project.close()
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before
        assert [file.name for file in tmp_path.glob("p.*")] == [path.name]
        assert not list(home.rglob("*.latentscape*"))


def test_a_look_sees_what_another_writes(project: ProjectFile) -> None:
    for value in (1, 2):
        project.set_state("kept", value)
        seen = ProjectFile.look(project.path)
        assert seen.get_state("kept") == value
        seen.close()
    project.set_state("kept", 3)
    assert project.get_state("kept") == 3


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = filled(tmp_path / "a.latentscape")
    with monkeypatch.context() as patched:
        step = ("DELETE FROM weights", "NO SUCH STATEMENT")
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
        with pytest.raises(InputError):
            ProjectFile.open(tmp_path / "a.latentscape")
    project = ProjectFile.open(tmp_path / "a.latentscape")
    assert project.weights(run.id)[0] == b"weights"
    project.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM weights; END",
        "CREATE VIEW v AS SELECT * FROM runs",
        "DROP TABLE state",
    ],
)
def test_a_schema_that_does_things_is_refused(tmp_path: Path, statement: str) -> None:
    filled(tmp_path / "a.latentscape")
    connection = sqlite3.connect(tmp_path / "a.latentscape")
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(InputError, match="damaged"):
        ProjectFile.open(tmp_path / "a.latentscape")


def read_all(path: Path) -> None:
    """Read everything there is in a project."""
    project = ProjectFile.open(path)
    try:
        for entry in project.data_entries():
            project.read_data(entry.id)
        for run in project.runs():
            project.weights(run.id)
            project.codes(run.id)
        project.get_state("layout")
    finally:
        project.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "a.latentscape"
    filled(path)
    return path


@given(cut=st.floats(0.0, 0.99))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_truncated_files_give_a_word(sound: Path, tmp_path: Path, cut: float) -> None:
    path = tmp_path / "cut.latentscape"
    content = sound.read_bytes()
    path.write_bytes(content[: int(cut * len(content))])
    with pytest.raises(InputError) as caught:
        read_all(path)
    assert "cut.latentscape" in str(caught.value)


@given(places=st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=40)), min_size=1, max_size=8))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damaged_files_give_a_word_or_work(sound: Path, tmp_path: Path, places: list[tuple[float, bytes]]) -> None:
    content = bytearray(sound.read_bytes())
    size = len(content)
    for where, junk in places:
        start = int(where * size)
        content[start : start + len(junk)] = junk
    path = tmp_path / "odd.latentscape"
    path.write_bytes(content[:size])
    try:
        read_all(path)
    except InputError as reason:
        assert str(reason)
    finally:
        for suffix in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def npy(dtype: str, shape: str) -> bytes:
    """Return the head of an array that claims to be anything."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00\x76\x00" + header.encode() + bytes(8)


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("UPDATE weights SET codes = ?", b"\x80\x04K\x01."),  # a pickle
        ("UPDATE weights SET codes = ?", npy("|O", "(1,)")),
        ("UPDATE weights SET codes = ?", npy("<f8", "(9999999999, 9999)")),
        ("UPDATE weights SET codes = ?", 3),
        ("UPDATE arrays SET bytes = ?", "text"),
        ("UPDATE runs SET history = ?", "[1, 2"),
        ("UPDATE runs SET params = ?", "[]"),
        ("UPDATE runs SET status = ?", "odd"),
        ("UPDATE data SET facts = ?", "{}"),
        ("UPDATE state SET value = ?", "{"),
        ("UPDATE arrays SET field = 'nothing' WHERE field = 'names' AND '' != ?", "x"),
        ("DELETE FROM arrays WHERE field = 'values' AND '' != ?", "x"),
    ],
)  # fmt: skip
def test_odd_contents_give_a_word(tmp_path: Path, statement: str, value: object) -> None:
    path = tmp_path / "a.latentscape"
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute(statement, (value,))
    connection.commit()
    connection.close()
    with pytest.raises(InputError, match="damaged"):
        read_all(path)


# Several at once


def test_two_connections(project: ProjectFile) -> None:
    """A worker writes epochs while the window reads and writes."""
    run = project.add_run(new_run(project.add_data(series())))
    problems: list[Exception] = []

    def work() -> None:
        try:
            worker = ProjectFile.open(project.path)
            worker.start_training(run.id, "me")
            for epoch in range(60):
                worker.write_snapshot(run.id, bytes([epoch]) * 20_000, CODES + epoch, History(), trainer="me")
            worker.close()
        except Exception as reason:
            problems.append(reason)

    thread = threading.Thread(target=work)
    thread.start()
    seen = [0]
    while thread.is_alive():
        project.set_state("seen", len(seen))
        version = project.run(run.id).version
        if version:
            assert project.weights(run.id)[1] >= version
        seen.append(version)
    thread.join()
    assert not problems
    assert seen == sorted(seen)
    assert project.weights(run.id) == (bytes([59]) * 20_000, 60)
    project.close()
    assert folder_of(project) == ["work.latentscape"]


def test_a_locked_file_says_so(project: ProjectFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    other = ProjectFile.open(project.path)
    with project._db.transaction(), pytest.raises(InputError, match="keeps the project locked"):
        other.set_state("x", 1)
    other.close()


def test_only_one_window(project: ProjectFile) -> None:
    project.claim()
    other = ProjectFile.open(project.path)  # a worker may
    with pytest.raises(InputError, match=f"another Latentscape \\(process {os.getpid()}\\)"):
        other.claim()
    project.close()
    other.claim()
    other.close()


def test_a_claim_ends_with_its_process(project: ProjectFile) -> None:
    code = (
        "import os, sys; from explorer.workspace.project import ProjectFile\n"
        "p = ProjectFile.open(sys.argv[1]); p.claim(); print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(project.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match=f"process {process.pid}"):
            project.claim()
        process.kill()
        process.wait()
    project.claim()


def test_a_training_that_was_taken_away_stops(project: ProjectFile) -> None:
    run = project.add_run(new_run(project.add_data(series())))
    project.start_training(run.id, "old")
    project.write_snapshot(run.id, b"1", CODES, History(), trainer="old")
    assert project.interrupt_trainings() == [run.id]
    with pytest.raises(Cancelled):
        project.write_snapshot(run.id, b"2", CODES, History(), trainer="old")
    project.end_training(new_run(1, id=run.id, status="done"), trainer="old")
    assert project.run(run.id).status == "interrupted"
    assert project.weights(run.id) == (b"1", 1)


# Untitled projects


def test_untitled_projects(home: Path) -> None:
    first = ProjectFile.create(untitled_path())
    assert home in first.path.parents
    second = ProjectFile.create(untitled_path())
    assert second.path != first.path
    first.close()
    second.close()


def test_a_copy_has_the_newest_of_a_killed_program(tmp_path: Path) -> None:
    project = ProjectFile.create(tmp_path / "a.latentscape")
    project.set_state("x", 1)  # is in the journal only
    copy = ProjectFile.open_copy(project.path)
    assert copy.get_state("x") == 1
    assert copy.path.parent == untitled_folder()
    copy.close()
    project.close()


def test_a_look_has_the_newest_of_a_killed_program(tmp_path: Path) -> None:
    path = tmp_path / "p.latentscape"
    project = ProjectFile.create(path)
    project.set_state("kept", 1)
    killed = tmp_path / "killed.latentscape"
    for end in ("", "-wal"):
        shutil.copyfile(f"{path}{end}", f"{killed}{end}")
    project.close()
    seen = ProjectFile.look(killed)
    assert seen.get_state("kept") == 1
    seen.close()


def test_a_damaged_copy_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.latentscape").write_bytes(b"SQLite format 3\0" + bytes(100))
    with pytest.raises(InputError) as caught:
        ProjectFile.open_copy(tmp_path / "a.latentscape")
    assert caught.value.source == str(tmp_path / "a.latentscape")
    assert list(untitled_folder().iterdir()) == []


def test_windows_come_back_as_views(project: ProjectFile, tmp_path: Path) -> None:
    steps = np.random.default_rng(0).normal(size=(400, 2)).astype(np.float32)
    np.save(tmp_path / "long.npy", steps)
    of_file = load(tmp_path / "long.npy", window=50, stride=10)
    in_memory = windowed(Dataset(values=steps[None]), 50, 10)
    for data in (of_file, in_memory):
        found = project.read_data(project.add_data(data))
        assert found.cut and found.windows is not None
        assert (found.windows.length, found.windows.stride) == (50, 10)
        np.testing.assert_array_equal(found.values, data.values)
        np.testing.assert_array_equal(found.split, data.split)
