"""Jobs: real worker processes, driven from the GUI thread."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import InputError
from explorer.gui.jobs import Beside, Jobs, WorkerError
from explorer.workspace.messages import ExportArrays, LoadData, TrainRun
from explorer.workspace.project import ProjectFile
from explorer.workspace.workspace import Workspace


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.close()
    jobs.deleteLater()


def collect(qtbot: QtBot, found: list[Any], count: int = 1) -> None:
    qtbot.waitUntil(lambda: len(found) >= count, timeout=30_000)


def test_a_result_comes_back_whole(qtbot: QtBot, jobs: Jobs) -> None:
    found: list[Any] = []
    jobs.submit("load_data", LoadData("sines", None, {"n": 20}), on_result=found.append, on_error=found.append)
    collect(qtbot, found)
    (dataset,) = found
    assert isinstance(dataset, Dataset)
    assert dataset.values.shape == (20, 50, 1)
    assert dataset.targets is not None
    assert dataset.origin.name == "sines"


def test_an_input_error_keeps_its_parts(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    found: list[Any] = []
    path = tmp_path / "缺失.csv"
    jobs.submit("load_data", LoadData(str(path)), on_error=found.append)
    collect(qtbot, found)
    (error,) = found
    assert isinstance(error, InputError)
    assert error.source == str(path)
    assert error.remedy


def test_the_newest_request_wins(qtbot: QtBot, jobs: Jobs) -> None:
    found: list[Any] = []
    for n in range(10, 60):
        request = LoadData("sines", None, {"n": n})
        jobs.latest("load", "load_data", request, lane="hand", on_result=found.append, on_error=found.append)
    qtbot.waitUntil(lambda: bool(found) and len(found[-1]) == 59, timeout=30_000)
    assert len(found) == 2, "the first in flight and the newest; those between are dropped"


def test_a_dropped_job_is_not_heard(qtbot: QtBot, jobs: Jobs) -> None:
    dropped: list[Any] = []
    found: list[Any] = []
    jobs.submit("load_data", LoadData("sines", None, {"n": 10}), on_result=dropped.append).drop()
    jobs.submit("load_data", LoadData("sines", None, {"n": 11}), on_result=found.append)
    collect(qtbot, found)
    assert not dropped


def test_a_worker_that_dies_is_told_and_replaced(qtbot: QtBot, jobs: Jobs) -> None:
    found: list[Any] = []
    jobs.submit("load_data", LoadData("sines", None, {"n": 10}), on_result=found.append)
    collect(qtbot, found)
    lane = jobs._lanes["work"]
    assert lane._process is not None
    os.kill(lane._process.processId(), signal.SIGSTOP)
    jobs.submit("load_data", LoadData("sines", None, {"n": 11}), on_result=found.append, on_error=found.append)
    os.kill(lane._process.processId(), signal.SIGKILL)
    collect(qtbot, found, 2)
    assert isinstance(found[1], WorkerError)
    jobs.submit("load_data", LoadData("sines", None, {"n": 12}), on_result=found.append)
    collect(qtbot, found, 3)
    assert len(found[2]) == 12


def test_a_worker_that_cannot_start_is_told(
    qtbot: QtBot, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    found: list[Any] = []
    for _ in range(2):
        request = LoadData("sines", None, {"n": 10})
        jobs.latest("load", "load_data", request, lane="work", on_result=found.append, on_error=found.append)
    collect(qtbot, found)
    assert isinstance(found[0], WorkerError)
    assert "cannot be started" in str(found[0])
    monkeypatch.undo()
    jobs.submit("load_data", LoadData("sines", None, {"n": 12}), on_result=found.append)
    qtbot.waitUntil(lambda: isinstance(found[-1], Dataset), timeout=30_000)


def test_a_training_whose_window_goes_is_interrupted(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    workspace = Workspace(ProjectFile.create(tmp_path / "p.latentscape"))
    workspace.add_data(make("curve", n=60))
    run = workspace.begin_run("autoencoder", {"epochs": 1_000_000, "patience": 0}, None)
    told: list[Any] = []
    request = TrainRun(str(workspace.path), run.id, workspace.data)
    jobs.submit("train", request, lane="train", on_progress=lambda *report: told.append(report))
    collect(qtbot, told, 3)
    jobs.close()
    ended = workspace.project.run(run.id)
    workspace.close()
    assert ended.status == "interrupted"
    assert ended.version and ended.history.epochs


def test_arrays_are_written_by_a_worker(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    found: list[Any] = []
    path = tmp_path / "codes.npz"
    columns = {"z1": np.arange(3.0), "name": np.array(["a", "é", "名"])}
    jobs.submit("export_arrays", ExportArrays(str(path), columns), on_result=found.append, on_error=found.append)
    collect(qtbot, found)
    assert found == [str(path)]
    with np.load(path, allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["z1"], columns["z1"])
        np.testing.assert_array_equal(stored["name"], columns["name"])


def test_a_cancel_that_is_not_heard_ends_the_worker_and_loses_no_other_job(qtbot: QtBot, jobs: Jobs) -> None:
    ended: list[str] = []
    found: list[Any] = []
    jobs.submit("load_data", LoadData("sines", None, {"n": 10}), lane="study", on_result=found.append)
    collect(qtbot, found)
    process = jobs._lanes["study"]._process
    assert process is not None
    pid = process.processId()
    os.kill(pid, signal.SIGSTOP)
    deaf = jobs.submit(
        "load_data", LoadData("sines", None, {"n": 11}), lane="study",
        on_result=found.append, on_error=found.append, on_cancelled=lambda: ended.append("first"),
    )  # fmt: skip
    for n in (12, 13, 14):
        job = jobs.submit(
            "load_data", LoadData("sines", None, {"n": n}), lane="study",
            on_result=found.append, on_error=found.append, on_cancelled=lambda n=n: ended.append(str(n)),
        )  # fmt: skip
        if n == 13:
            job.cancel()
    qtbot.wait(100)
    assert not ended
    deaf.cancel()
    collect(qtbot, found, 3)
    assert [len(dataset) for dataset in found] == [10, 12, 14]
    assert ended == ["first", "13"]
    after = jobs._lanes["study"]._process
    assert after is not None and after.processId() != pid
    qtbot.waitUntil(lambda: not jobs._lanes["study"]._dying, timeout=5000)


def test_what_libraries_make_on_import_beside_the_window_is_left_out_of_collections(qtbot: QtBot) -> None:
    """Collecting what a compiler's modules are made of would hold the window for many frames."""
    owner, told = QObject(), []
    beside = Beside(owner)
    names = [f"of_a_library_{i}" for i in range(200)]

    def imports() -> str:
        for name in names:
            sys.modules[name] = ModuleType(name)
        return "done"

    frozen = gc.get_freeze_count()
    try:
        beside.latest(lambda: "few", told.append)
        assert not gc.isenabled()
        qtbot.waitUntil(lambda: told == ["few"])
        assert gc.isenabled()
        assert gc.get_freeze_count() == frozen
        beside.latest(imports, told.append)
        qtbot.waitUntil(lambda: told == ["few", "done"])
        assert gc.isenabled()
        assert gc.get_freeze_count() > frozen
    finally:
        for name in names:
            sys.modules.pop(name, None)


def test_a_deleted_owner_takes_nothing_and_begins_nothing(qtbot: QtBot) -> None:
    owner, told = QObject(), []
    beside, go_on = Beside(owner), threading.Event()
    beside.latest(lambda: go_on.wait(30), lambda _: told.append("first"))
    beside.latest(lambda: told.append("begun"), lambda _: told.append("second"))
    delete(owner)
    go_on.set()
    qtbot.waitUntil(lambda: not beside.busy)
    qtbot.wait(20)
    assert told == []
    assert not beside.busy


def test_what_is_forgotten_is_not_taken_and_what_follows_is(qtbot: QtBot) -> None:
    owner, told, go_on = QObject(), [], threading.Event()
    beside = Beside(owner)
    beside.latest(lambda: go_on.wait(30), lambda _: told.append("first"))
    beside.latest(lambda: None, lambda _: told.append("second"))
    beside.forget()
    beside.latest(lambda: None, lambda _: told.append("third"))
    go_on.set()
    qtbot.waitUntil(lambda: told == ["third"])
