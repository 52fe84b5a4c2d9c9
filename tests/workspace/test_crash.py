"""A program that is killed while it trains loses at most the epoch in hand."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from explorer.data.generated import make
from explorer.workspace.messages import Decode
from explorer.workspace.project import ProjectFile
from explorer.workspace.tasks import run_task
from explorer.workspace.workspace import Workspace

TRAINS = """
import sys
import torch
from explorer.data.generated import make
from explorer.workspace.messages import TrainRun
from explorer.workspace.project import ProjectFile
from explorer.workspace.tasks import run_task
from explorer.workspace.workspace import Workspace

torch.set_num_threads(1)

class Tells:
    def report(self, fraction, message="", payload=None):
        if payload is not None:
            print(payload.epoch.number, payload.version, flush=True)

    def cancelled(self):
        return False

workspace = Workspace(ProjectFile.create(sys.argv[1]))
workspace.add_data(make("sines", n=400))
run = workspace.begin_run("lstm-autoencoder", {"epochs": 100_000, "latent_dim": 2, "patience": 0}, None)
run_task("train", TrainRun(str(workspace.path), run.id, workspace.data), Tells())
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is Unix's")
def test_killed_while_training(tmp_path: Path) -> None:
    path = tmp_path / "work.latentscape"
    process = subprocess.Popen([sys.executable, "-c", TRAINS, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        told = []
        for line in process.stdout:
            told.append(tuple(map(int, line.split())))
            if told[-1][1] >= 4:
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert path.with_name(path.name + "-wal").exists()  # it had no time to tidy up

    workspace = Workspace(ProjectFile.open(path))
    run = workspace.run
    assert run is not None
    assert run.status == "interrupted"
    assert run.version >= 4
    # Everything up to the last snapshot that was told of is there.
    epoch = next(number for number, version in told if version == told[-1][1])
    assert len(run.history.epochs) >= epoch
    assert run.history.epochs[epoch - 1].train["loss"] > 0
    assert workspace.data is not None
    assert workspace.data.sha256 == make("sines", n=400).sha256
    assert workspace.codes is not None
    assert workspace.codes.shape == (400, 2)
    assert workspace.model_ref is not None
    decoded = run_task("decode", Decode(workspace.model_ref, workspace.codes[3]))
    assert decoded.sample.shape == (50, 1)
    assert decoded.nearest == 3
    assert np.isfinite(decoded.sample).all()
    workspace.close()
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["work.latentscape"]


WRITES = """
import sys
from explorer.training.history import History
from explorer.workspace.project import ProjectFile

project = ProjectFile.open(sys.argv[1])
for number in range(1, 100_000):
    project.write_snapshot(1, bytes([number % 256]) * 200_000, None, History(notes=[str(number)]))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is Unix's")
@pytest.mark.parametrize("seconds", [0.05, 0.11, 0.17])
def test_killed_in_the_middle_of_a_write(tmp_path: Path, seconds: float) -> None:
    """Weights, history and version are of one moment, whenever that was."""
    from tests.workspace.conftest import series
    from tests.workspace.test_project import new_run

    project = ProjectFile.create(tmp_path / "work.latentscape")
    project.add_run(new_run(project.add_data(series())))
    project.close()
    process = subprocess.Popen([sys.executable, "-c", WRITES, str(project.path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        rest = process.stdout.read().splitlines()
    told = int(rest[-1]) if rest else 1
    project = ProjectFile.open(project.path)
    blob, version = project.weights(1)
    assert told <= version <= told + 1
    assert blob == bytes([version % 256]) * 200_000
    assert project.run(1).history.notes == [str(version)]
    project.close()
    with sqlite3.connect(project.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
