"""What is open, what changes when, and the way back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.reader import load
from explorer.errors import InputError, MissingDataError
from explorer.training.history import Epoch
from explorer.workspace.messages import EpochUpdate, TrainRun
from explorer.workspace.places import untitled_folder, untitled_path
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.tasks import run_task
from explorer.workspace.workspace import Workspace
from tests.workspace.conftest import series


def trained(workspace: Workspace, **params: object) -> Run:
    """Train a run of `Means` on the active data."""
    run = workspace.begin_run("means", params, None)
    assert workspace.data is not None
    workspace.end_run(run_task("train", TrainRun(str(workspace.path), run.id, workspace.data)))
    return workspace.runs[0]


def reopened(workspace: Workspace) -> Workspace:
    path = workspace.path
    workspace.close()
    return Workspace(ProjectFile.open(path))


# Empty


def test_nothing_is_open(workspace: Workspace, heard: list[str]) -> None:
    assert workspace.data is workspace.run is workspace.codes is workspace.model_ref is workspace.data_id is None
    assert (workspace.runs, workspace.data_entries, workspace.colourings) == ([], [], [""])
    assert workspace.selection.tolist() == []
    assert workspace.colour_values()[1].shape == (0,)
    assert not workspace.can_undo
    workspace.undo()
    workspace.redo()
    workspace.select([])
    workspace.set_colouring("")
    workspace.activate_run(None)
    with pytest.raises(InputError, match="no data to train on"):
        workspace.begin_run("pca", {}, None)
    assert heard == []


def test_titles(workspace: Workspace) -> None:
    assert (workspace.title, workspace.untitled) == ("work", False)
    other = Workspace(ProjectFile.create(untitled_path()))
    assert (other.title, other.untitled) == ("Untitled", True)
    other.close()


# Data


def test_adding_and_choosing_data(workspace: Workspace, heard: list[str]) -> None:
    first = workspace.add_data(series())
    assert heard == ["data_changed", "selection_changed", "colouring_changed"]
    second = workspace.add_data(Dataset(values=np.zeros((4, 2), np.float32), name="points"))
    assert workspace.data_id == second
    heard.clear()
    workspace.activate_data(second)
    assert heard == []
    workspace.activate_data(first)
    assert heard == ["data_changed", "selection_changed", "colouring_changed"]
    assert workspace.data is not None
    assert workspace.data.name == "Reihen"
    assert [entry.name for entry in workspace.data_entries] == ["Reihen", "points"]
    with pytest.raises(InputError, match="no data set 9"):
        workspace.activate_data(9)


def test_removing_data_takes_its_runs_and_can_be_undone(workspace: Workspace, means: str, heard: list[str]) -> None:
    workspace.add_data(series(8, seed=1))
    number = workspace.add_data(series())
    run = trained(workspace)
    codes = workspace.codes
    heard.clear()
    workspace.remove_data(number)
    assert workspace.runs == []
    assert workspace.data is not None
    assert len(workspace.data) == 8
    assert {"data_changed", "runs_changed", "active_run_changed", "undo_changed"} <= set(heard)
    assert workspace.undo_text == "remove data"
    workspace.undo()
    assert (workspace.data_id, workspace.run) == (number, run)
    np.testing.assert_array_equal(workspace.codes, codes)
    workspace.redo()
    assert workspace.runs == []
    workspace.undo()
    again = reopened(workspace)
    assert again.runs == [run]
    again.close()


def test_a_missing_file_does_not_close_the_project(tmp_path: Path, workspace: Workspace, heard: list[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + "\n".join(f"{i},{i * i}" for i in range(6)))
    number = workspace.add_data(load(path))
    path.rename(tmp_path / "y.csv")
    again = reopened(workspace)
    assert again.data is None
    assert again.data_id == number
    assert isinstance(again.missing, MissingDataError)
    with pytest.raises(MissingDataError):
        again.begin_run("pca", {}, None)
    again.relocate_data(number, tmp_path / "y.csv")
    assert again.missing is None
    assert again.data is not None
    assert len(again.data) == 6
    again.close()


def test_a_window_reads_files_elsewhere(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + "\n".join(f"{i},{i * i}" for i in range(6)))
    number = workspace.add_data(load(path))
    workspace.select([2])
    workspace.close()
    window = Workspace(ProjectFile.open(workspace.path), read_files=False)
    changes: list[str] = []
    window.data_changed.connect(lambda: changes.append("data"))
    window.selection_changed.connect(lambda: changes.append("selection"))
    assert (window.data, window.pending_data) == (None, number)
    window.provide_data(number, run_task("load_data", window.load_request(number)))
    assert window.pending_data is None
    assert window.data is not None
    assert window.selection.tolist() == [2]
    assert changes == ["data", "selection"]
    needed: list[int] = []
    window.data_needed.connect(needed.append)
    window.add_data(series())
    window._datasets.pop(number)
    window.activate_data(number)
    assert needed == [number]
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(MissingDataError, match="was changed"):
        window.provide_data(number, run_task("load_data", window.load_request(number)))
    assert isinstance(window.missing, MissingDataError)
    window.close()


# Runs


def test_a_run_from_beginning_to_end(workspace: Workspace, means: str, heard: list[str]) -> None:
    workspace.add_data(series())
    heard.clear()
    run = workspace.begin_run("means", {"epochs": "4"}, None)
    assert heard == ["runs_changed", "active_run_changed", "codes_changed"]
    assert (run.name, run.status, run.params) == ("Means 1", "queued", {"epochs": 4})
    assert workspace.run == run
    assert workspace.model_ref is None
    heard.clear()
    codes = np.ones((20, 1), np.float32)
    workspace.note_epoch(EpochUpdate(run.id, Epoch(1, {"loss": 1.0}, {}, 0.1), 4, 1, codes))
    assert heard == ["run_changed", "codes_changed"]
    assert workspace.codes is codes
    assert workspace.model_ref is not None
    assert workspace.model_ref.version == 1
    assert workspace.run is not None
    assert workspace.run.status == "training"
    heard.clear()
    workspace.pause_run(run.id, True)
    workspace.pause_run(run.id, True)
    workspace.note_epoch(EpochUpdate(run.id, Epoch(2, {"loss": 1.0}, {}, 0.1), 4, 1))
    assert workspace.run.status == "paused"
    assert len(workspace.run.history.epochs) == 2
    assert heard == ["run_changed", "run_changed"]
    workspace.pause_run(run.id, False)
    heard.clear()
    assert workspace.data is not None
    workspace.end_run(run_task("train", TrainRun(str(workspace.path), run.id, workspace.data)))
    assert heard == ["run_changed", "codes_changed"]
    assert workspace.run.status == "done"
    assert workspace.run.metrics["test"]["mse"] > 0


def test_a_run_keeps_a_chain_of_corruptions(workspace: Workspace, means: str, tmp_path: Path) -> None:
    workspace.add_data(series())
    noise = tmp_path / "my noise.npy"
    np.save(noise, np.random.default_rng(0).normal(size=(1, 500, 1)))
    chain = f'hum:10dB,frequency=0.2+recording:0.1,path="{noise}" + gaussian:.5'
    run = workspace.begin_run("means", {"epochs": 1}, chain)
    assert run.corruption == (f'hum:10dB,frequency=0.2,harmonics=2 + recording:0.1,path="{noise}" + gaussian:0.5')
    assert workspace.project.run(run.id).corruption == run.corruption
    assert workspace.data is not None
    outcome = run_task("train", TrainRun(str(workspace.path), run.id, workspace.data))
    assert outcome.metrics["test"]["mse"] > 0
    with pytest.raises(InputError, match="step 2 of the corruption: hum of 50 Hz would alias"):
        workspace.begin_run("means", {}, "gaussian + hum:0.1,frequency=50")


@pytest.mark.parametrize(
    ("recipe", "params", "corruption", "problem"),
    [
        ("nothing", {}, None, "no model called 'nothing'"),
        ("means", {"odd": 1}, None, "no parameter 'odd'"),
        ("means", {"epochs": 0}, None, "'epochs' cannot be 0"),
        ("means", {}, "nothing:1", "no corruption called"),
        ("lstm-autoencoder", {}, None, "does not take data of layout 'profile'"),
    ],
)
def test_runs_that_cannot_be(
    workspace: Workspace,
    means: str,
    heard: list[str],
    recipe: str,
    params: dict[str, object],
    corruption: str | None,
    problem: str,
) -> None:
    workspace.add_data(Dataset(values=np.zeros((4, 9), np.float32)))
    heard.clear()
    with pytest.raises(InputError, match=problem):
        workspace.begin_run(recipe, params, corruption)
    assert heard == []
    assert workspace.runs == []


def test_one_click_goes_back_to_any_run(workspace: Workspace, means: str, heard: list[str]) -> None:
    first_data = workspace.add_data(series())
    first = trained(workspace, epochs=1)
    second = trained(workspace, epochs=2)
    workspace.add_data(series(8))
    third = trained(workspace)
    assert [run.name for run in workspace.runs] == ["Means 3", "Means 2", "Means 1"]
    assert workspace.run == third
    workspace.activate_run(first.id)
    assert workspace.data_id == first_data
    codes = workspace.codes
    heard.clear()
    workspace.activate_run(first.id)
    assert heard == []
    workspace.activate_run(second.id)
    assert heard == ["active_run_changed", "codes_changed"]
    assert codes is not None
    np.testing.assert_allclose(workspace.codes, 2 * codes, rtol=1e-6)
    again = reopened(workspace)
    assert (again.run, again.data_id) == (second, first_data)
    np.testing.assert_allclose(again.codes, 2 * codes, rtol=1e-6)
    again.activate_run(None)
    assert again.codes is None
    with pytest.raises(InputError, match="no run 77"):
        again.activate_run(77)
    again.close()


def test_deleting_a_run_can_be_undone(workspace: Workspace, means: str, heard: list[str]) -> None:
    workspace.add_data(series())
    first, second = trained(workspace), trained(workspace)
    blob = workspace.project.weights(second.id)
    codes = workspace.codes
    heard.clear()
    workspace.delete_run(second.id)
    assert heard == ["runs_changed", "active_run_changed", "codes_changed", "undo_changed"]
    assert workspace.runs == [first]
    assert workspace.run == first
    workspace.undo()
    assert workspace.runs == [second, first]
    assert workspace.run == second
    assert workspace.project.weights(second.id) == blob
    np.testing.assert_array_equal(workspace.codes, codes)
    assert (workspace.can_undo, workspace.can_redo, workspace.redo_text) == (False, True, "delete run")
    workspace.redo()
    assert workspace.runs == [first]


def test_renaming_a_run_can_be_undone(workspace: Workspace, means: str, heard: list[str]) -> None:
    workspace.add_data(series())
    run = trained(workspace)
    heard.clear()
    workspace.rename_run(run.id, "  Größe 4 ")
    assert heard == ["run_changed", "undo_changed"]
    workspace.rename_run(run.id, "Größe 4")
    assert len(heard) == 2
    assert workspace.project.run(run.id).name == "Größe 4"
    workspace.undo()
    assert workspace.project.run(run.id).name == "Means 1"
    with pytest.raises(InputError, match="needs a name"):
        workspace.rename_run(run.id, " ")


def test_a_training_run_stays(workspace: Workspace, means: str) -> None:
    data = workspace.add_data(series())
    run = workspace.begin_run("means", {}, None)
    for attempt in (
        lambda: workspace.delete_run(run.id),
        lambda: workspace.remove_data(data),
        lambda: workspace.switch(ProjectFile.create(untitled_path())),
    ):
        with pytest.raises(InputError, match="training"):
            attempt()
    assert workspace.runs == [run]


def test_deleting_another_run_while_one_trains(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    done = trained(workspace)
    run = workspace.begin_run("means", {}, None)
    workspace.note_epoch(EpochUpdate(run.id, Epoch(1, {}, {}, 0.1), 4, 1))
    workspace.delete_run(done.id)
    assert workspace.run is not None
    assert len(workspace.run.history.epochs) == 1
    assert workspace.run.status == "training"


def test_a_failed_run_says_why(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    assert workspace.data is not None
    run = workspace.begin_run("means", {}, None)
    workspace.fail_run(run.id, "the process ended")
    assert workspace.run is not None
    assert (workspace.run.status, workspace.run.error) == ("failed", "the process ended")
    run = workspace.begin_run("means", {"fail_at": 2}, None)
    with pytest.raises(RuntimeError):
        run_task("train", TrainRun(str(workspace.path), run.id, workspace.data))
    workspace.fail_run(run.id, "something else")
    assert workspace.run.error == "RuntimeError: a bug"
    workspace.fail_run(99, "of a run that was deleted")


# Selection and colour


def test_selecting(workspace: Workspace, heard: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.workspace.commands.MERGE_SECONDS", 0.0)
    workspace.add_data(series())
    heard.clear()
    workspace.select([5, 3, 5])
    assert workspace.selection.tolist() == [3, 5]
    assert workspace.selection.dtype == np.int64
    assert heard == ["selection_changed", "undo_changed"]
    workspace.select(np.array([3, 5]))
    assert len(heard) == 2
    workspace.select([])
    workspace.undo()
    workspace.undo()
    assert workspace.selection.tolist() == []
    workspace.redo()
    assert workspace.selection.tolist() == [3, 5]
    for wrong in ([20], [-1]):
        with pytest.raises(InputError, match=f"no sample {wrong[0]} among 20"):
            workspace.select(wrong)
    again = reopened(workspace)
    assert again.selection.tolist() == [3, 5]
    again.close()


def test_selections_in_one_stroke_are_undone_together(workspace: Workspace) -> None:
    workspace.add_data(series())
    for last in range(1, 10):
        workspace.select(range(last))
    workspace.undo()
    assert workspace.selection.tolist() == []
    workspace.redo()
    assert workspace.selection.tolist() == list(range(9))


def test_each_data_set_has_its_selection(workspace: Workspace) -> None:
    first = workspace.add_data(series())
    workspace.select([1])
    workspace.add_data(series(8))
    assert workspace.selection.tolist() == []
    workspace.undo()  # of the other set, which is not seen
    assert workspace.selection.tolist() == []
    workspace.activate_data(first)
    assert workspace.selection.tolist() == []
    workspace.redo()
    assert workspace.selection.tolist() == [1]


def test_colouring(workspace: Workspace, heard: list[str]) -> None:
    workspace.add_data(series())
    assert workspace.colouring == "label"
    assert workspace.colourings == ["label", "age", "site", "split", ""]
    kind, values, names = workspace.colour_values()
    assert (kind, names) == ("class", ("a", "b", "ü"))
    assert values.tolist() == [i % 3 for i in range(20)]
    heard.clear()
    workspace.set_colouring("age")
    workspace.set_colouring("age")
    assert heard == ["colouring_changed", "undo_changed"]
    kind, values, names = workspace.colour_values()
    assert (kind, values[3], names) == ("value", 1.5, ())
    workspace.set_colouring("site")
    kind, values, names = workspace.colour_values()
    assert (kind, values[:3].tolist(), names) == ("class", [0, 1, 0], ("x", "y"))
    workspace.set_colouring("split")
    assert workspace.colour_values()[2] == ("train", "validation", "test")
    workspace.set_colouring("")
    assert set(workspace.colour_values()[1]) == {-1}
    with pytest.raises(InputError, match="no column 'odd'"):
        workspace.set_colouring("odd")
    workspace.undo()
    assert workspace.colouring == "split"
    again = reopened(workspace)
    assert again.colouring == "split"
    again.close()


def test_data_without_labels_are_coloured_by_their_first_column(workspace: Workspace) -> None:
    values = np.zeros((4, 3), np.float32)
    workspace.add_data(Dataset(values=values, columns={"phase": np.arange(4.0)}))
    assert workspace.colouring == "phase"
    workspace.add_data(Dataset(values=values))
    assert workspace.colouring == ""


# Projects


def test_saving_a_project_by_a_name(tmp_path: Path, means: str) -> None:
    workspace = Workspace(ProjectFile.create(untitled_path()))
    workspace.add_data(series())
    run = trained(workspace)
    workspace.select([1])
    changes: list[str] = []
    workspace.project_changed.connect(lambda: changes.append("project"))
    workspace.save_as(tmp_path / "Größe.latentscape")
    assert changes == ["project"]
    assert (workspace.title, workspace.untitled, workspace.run) == ("Größe", False, run)
    assert workspace.model_ref is not None
    assert workspace.model_ref.project == str(tmp_path / "Größe.latentscape")
    assert list(untitled_folder().iterdir()) == []
    workspace.undo()
    assert workspace.selection.tolist() == []
    workspace.save_as(workspace.path)
    workspace.save_as(tmp_path / "second.latentscape")
    assert (tmp_path / "Größe.latentscape").exists()
    workspace.close()
    again = Workspace(ProjectFile.open(tmp_path / "Größe.latentscape"))
    assert again.runs == [run]
    again.close()


def test_a_save_that_fails_leaves_the_project_open(tmp_path: Path, workspace: Workspace) -> None:
    workspace.add_data(series())
    path = workspace.path
    with pytest.raises(InputError):
        workspace.save_as(tmp_path / "none" / "x.latentscape")
    workspace.select([1])
    assert workspace.path == path


def test_opening_another_project(tmp_path: Path, workspace: Workspace, means: str, heard: list[str]) -> None:
    other = ProjectFile.create(tmp_path / "other.latentscape")
    other.add_data(series(8))
    other.close()
    workspace.add_data(series())
    trained(workspace)
    before = workspace.path
    heard.clear()
    workspace.open(tmp_path / "other.latentscape")
    assert heard[0] == "project_changed"
    assert workspace.title == "other"
    assert workspace.data is not None
    assert len(workspace.data) == 8
    assert workspace.run is workspace.codes is None
    assert not workspace.can_undo
    assert not before.with_name(before.name + "-wal").exists()


@pytest.mark.parametrize("content", [b"", b"no project", b"SQLite format 3\0" + bytes(1000)])
def test_what_cannot_be_opened_leaves_this_one(
    tmp_path: Path, workspace: Workspace, heard: list[str], content: bytes
) -> None:
    workspace.add_data(series())
    workspace.select([1])
    heard.clear()
    (tmp_path / "odd.latentscape").write_bytes(content)
    with pytest.raises(InputError, match=r"odd\.latentscape"):
        workspace.open(tmp_path / "odd.latentscape")
    assert heard == []
    assert workspace.selection.tolist() == [1]
    workspace.undo()
    assert workspace.selection.tolist() == []


def test_a_project_with_a_damaged_run_leaves_this_one(tmp_path: Path, workspace: Workspace) -> None:
    workspace.add_data(series())
    other = ProjectFile.create(tmp_path / "other.latentscape")
    other.add_run(Run(id=0, name="x", data=other.add_data(series()), recipe="pca", status="done"))
    other._db.write("UPDATE runs SET history = '['")
    other.close()
    with pytest.raises(InputError, match="damaged"):
        workspace.open(tmp_path / "other.latentscape")
    assert workspace.title == "work"
    workspace.select([2])
    free = ProjectFile.open(tmp_path / "other.latentscape")
    free.claim()
    free.close()


def test_a_project_that_is_open_elsewhere(tmp_path: Path, workspace: Workspace) -> None:
    other = Workspace(ProjectFile.create(tmp_path / "other.latentscape"))
    with pytest.raises(InputError, match="open in another Latentscape"):
        workspace.open(other.path)
    assert workspace.title == "work"
    other.add_data(series())
    other.close()


def test_trainings_of_a_program_that_ended_are_interrupted(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    run = workspace.begin_run("means", {}, None)
    workspace.project.start_training(run.id, "someone")
    again = reopened(workspace)
    assert again.run is not None
    assert again.run.status == "interrupted"
    again.delete_run(run.id)
    again.close()


@pytest.mark.parametrize("odd", [[1], {"a": 1}, "x", 77, None, True])
def test_odd_states_in_a_file_are_passed_over(workspace: Workspace, means: str, odd: object) -> None:
    number = workspace.add_data(series())
    trained(workspace)
    for key in ("active_run", "active_data", f"selection:{number}", f"colouring:{number}"):
        workspace.project.set_state(key, odd)
    again = reopened(workspace)
    assert again.data_id == number
    assert again.selection.tolist() == []
    assert again.colouring == "label"
    again.close()


def test_codes_of_other_data_are_none(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    run = trained(workspace)
    workspace.project.write_snapshot(run.id, b"", np.zeros((3, 2), np.float32), run.history)
    again = reopened(workspace)
    assert again.run is not None
    assert again.codes is None
    again.close()


def test_a_damaged_project_is_let_go(workspace: Workspace, means: str) -> None:
    workspace.add_data(series())
    trained(workspace)
    workspace.project._db.write("UPDATE runs SET history = '['")
    for _ in range(2):  # nobody holds it after the first failure
        with pytest.raises(InputError, match="is damaged"):
            reopened(workspace)
