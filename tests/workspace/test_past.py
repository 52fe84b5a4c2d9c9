"""The maps of the epochs of a training are kept within bounds, go with their run, and become an animation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.analysis.look import FigureStyle
from explorer.analysis.planes import AxisPlane, NeighbourPlane
from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.workspace import past_keeper
from explorer.workspace.messages import AnimateTraining, TrainRun
from explorer.workspace.past_keeper import PastKeeper
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.stored_past import PastCodes
from explorer.workspace.tasks import run_task
from explorer.workspace.workspace import Workspace
from tests.workspace.conftest import Means, series


@pytest.fixture
def run(project: ProjectFile) -> int:
    project.add_data(series())
    return project.add_run(Run(id=0, name="Means 1", data=1, recipe="pca")).id


def test_codes_come_back_as_they_were(project: ProjectFile, run: int) -> None:
    codes = np.array([[1.0, -2.0], [np.nan, 1e9], [0.001, 3]], np.float32)
    project.write_past(run, [PastCodes(3, 1, codes), PastCodes(1, 1, 2 * codes)])
    assert project.past_epochs(run) == [1, 3]
    found = project.past_codes(run, 3)
    assert (found.epoch, found.stride, found.codes.dtype) == (3, 1, np.float32)
    np.testing.assert_allclose(found.codes, np.where(codes == 1e9, 65504, codes), rtol=1e-3)
    with pytest.raises(InputError, match="epoch 2"):
        project.past_codes(run, 2)


def test_what_was_not_kept_is_missing() -> None:
    past = PastCodes(1, 3, np.array([[1.0], [4.0], [7.0]], np.float32))
    np.testing.assert_array_equal(past.spread(8)[:, 0], [1, np.nan, np.nan, 4, np.nan, np.nan, 7, np.nan])
    with pytest.raises(InputError, match="other samples"):
        past.spread(10)


def test_only_who_trains_the_run_may_write(project: ProjectFile, run: int) -> None:
    project.start_training(run, "mine")
    past = [PastCodes(1, 1, np.zeros((20, 1), np.float32))]
    project.write_past(run, past, trainer="another's")
    assert project.past_epochs(run) == []
    project.write_past(run, past, trainer="mine")
    assert project.past_epochs(run) == [1]


@pytest.mark.parametrize("what", ["run", "data"])
def test_they_go_with_their_run_and_come_back(project: ProjectFile, run: int, what: str) -> None:
    project.write_past(run, [PastCodes(1, 1, np.ones((20, 1), np.float32))])
    parcel = project.delete_run(run) if what == "run" else project.remove_data(1)
    assert project._db.rows("SELECT * FROM past_codes") == []
    project.restore(parcel)
    assert project.past_codes(run, 1).codes[0, 0] == 1


def test_a_damaged_one_is_told_by_the_project_s_name(project: ProjectFile, run: int) -> None:
    project._db.write("INSERT INTO past_codes VALUES (?, 1, 1, ?)", (run, b"no array"))
    with pytest.raises(InputError, match=r"work\.latentscape"):
        project.past_codes(run, 1)


def keeper(project: ProjectFile, run: int, data: Dataset) -> PastKeeper:
    model = Means().fit(data)
    return PastKeeper(project, run, "", model, data)


def test_of_many_epochs_evenly_many_are_kept(project: ProjectFile, run: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_keeper, "MOST_EPOCHS", 8)
    data = series()
    keep = keeper(project, run, data)
    for epoch in range(1, 31):
        keep.note(epoch, np.full((20, 1), epoch, np.float32))
        if epoch % 7 == 0:
            keep.flush()
    keep.flush()
    assert project.past_epochs(run) == [1, 5, 9, 13, 17, 21, 25, 29]
    assert project.past_codes(run, 17).codes[3, 0] == 17


def test_of_many_samples_evenly_many_are_kept(project: ProjectFile, run: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_keeper, "MOST_NUMBERS", 7)
    data = series()
    keep = keeper(project, run, data)
    whole = keep._model.transform(data)
    keep.note(1, None)
    keep.note(2, whole)
    keep.flush()
    for epoch in (1, 2):
        past = project.past_codes(run, epoch)
        assert past.stride == 3
        np.testing.assert_allclose(past.codes, whole[::3], rtol=1e-3)


def test_codes_that_take_long_are_not_computed_after_every_epoch(
    project: ProjectFile, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(past_keeper.time, "monotonic", lambda: now[0])
    data = series()
    keep = keeper(project, run, data)
    encode = keep._model.transform

    def slow(X: Dataset) -> np.ndarray:
        now[0] += 1.0
        return encode(X)

    monkeypatch.setattr(keep._model, "transform", slow)
    for epoch in range(1, 61):
        now[0] += 2.0
        keep.note(epoch, None)
    keep.flush()
    assert project.past_epochs(run) == [1, 51]  # a second of every hundred


def test_a_training_leaves_its_maps_and_an_animation_shows_them(
    workspace: Workspace, means: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_keeper, "SHARE", 1e9)  # its epochs take no time at all
    data = series()
    workspace.add_data(data)
    run = workspace.begin_run(means, {"epochs": 6}, None)
    run_task("train", TrainRun(str(workspace.path), run.id, data))
    assert workspace.project.past_epochs(run.id) == [1, 2, 3, 4, 5, 6]
    whole = workspace.project.codes(run.id)
    assert whole is not None
    np.testing.assert_allclose(workspace.project.past_codes(run.id, 6).codes, whole, rtol=1e-3)
    request = AnimateTraining(
        str(workspace.path), run.id, data, AxisPlane(0).to_json(), "label", str(tmp_path / "a.gif"),
        FigureStyle(width_mm=80, height_mm=60, dpi=50), 10, 4,
    )  # fmt: skip
    with Image.open(run_task("animate_training", request)) as film:
        assert getattr(film, "n_frames", 1) == 4


def test_what_cannot_be_animated_says_why(project: ProjectFile, run: int, tmp_path: Path) -> None:
    data = series()
    path = str(tmp_path / "a.gif")

    def animate(plane: dict, path: str = path) -> None:
        run_task("animate_training", AnimateTraining(str(project.path), run, data, plane, "", path))

    with pytest.raises(InputError, match="no map of an epoch"):
        animate(AxisPlane(0).to_json())
    with pytest.raises(InputError, match=r"\.avi"):
        animate(AxisPlane(0).to_json(), "a.avi")
    project.write_past(run, [PastCodes(1, 1, np.ones((20, 3), np.float32))])
    laid_out = NeighbourPlane(np.zeros((20, 2), np.float32), np.ones((20, 3)), ("a", "b"))
    for plane in (laid_out.to_json(), AxisPlane(0, 1, 2).to_json(), {"kind": "nonsense"}):
        with pytest.raises(InputError, match="cannot be animated"):
            animate(plane)
    assert not Path(path).exists()
