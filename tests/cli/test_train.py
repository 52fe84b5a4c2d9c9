from __future__ import annotations

import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from explorer.data.generated import make
from explorer.errors import InputError
from explorer.progress import Silent
from explorer.workspace import tasks
from explorer.workspace.project import ProjectFile


def test_json_has_what_was_promised(call):
    facts = call("train", "digits", "--model", "pca", "--set", "latent_dim=8", "--seed", "5", "--json").json
    assert facts["model"] == "pca" and facts["seed"] == 5
    assert facts["data"]["n_train"] + facts["data"]["n_validation"] + facts["data"]["n_test"] == 1797
    assert facts["data"]["sha256"] == make("digits").sha256
    assert set(facts["metrics"]["test"]) == {"mse", "mae"}
    assert facts["metrics"]["test"]["mse"] == pytest.approx(0.025, abs=0.003)
    assert facts["seconds"] > 0 and facts["samples_per_second"] > 0 and facts["epochs"] == 0
    assert facts["out"] is None


def test_a_network_tells_its_epochs_and_its_gain(call):
    answer = call(
        "train", "sines", "--model", "autoencoder", "--set", "latent_dim=2", "hidden=8", "--epochs", "2",
        "--corrupt", "gaussian:0.1", "--data-option", "n=100", "--json",
    )  # fmt: skip
    facts = answer.json
    assert facts["epochs"] == 2 and facts["params"]["hidden"] == [8] and facts["params"]["latent_dim"] == 2
    assert facts["corruption"] == "gaussian:0.1" and facts["n_parameters"] > 0
    assert {"mse", "mae", "snr_gain_db"} == set(facts["metrics"]["test"])
    assert facts["metrics"]["test"]["snr_gain_db"] < 0 and "worse than its input" in answer.err
    assert answer.err.count("\n") == 1


def test_what_changes_nothing_is_not_called_worse(call):
    answer = call("train", "curve", "--model", "pca", "--data-option", "n=100", "--json")
    assert abs(answer.json["metrics"]["test"]["snr_gain_db"]) < 1e-3
    assert "no better than its input" in answer.err


def test_a_project_that_exists_gets_another_run_on_the_same_data(call, tmp_path: Path):
    for number in (1, 2):
        facts = call("train", "digits", "--model", "pca", "--out", "p", "--json").json
        assert facts["run"] == number and facts["out"] == str(tmp_path / "p.latentscape")
    call("train", "curve", "--model", "pca", "--out", "p.latentscape")
    project = ProjectFile.open(tmp_path / "p.latentscape")
    assert [entry.name for entry in project.data_entries()] == [make("digits").name, make("curve").name]
    assert [run.data for run in sorted(project.runs(), key=lambda run: run.id)] == [1, 1, 2]
    project.close()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["p.latentscape"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothere", "--model", "pca"], "no file and no built-in set called 'nothere'"),
        (["nothere.csv", "--model", "pca"], "there is no such file"),
        (["digits", "--model", "pcaa"], "no model called 'pcaa'"),
        (["digits", "--model", "pca", "--set", "latent_dim"], "'latent_dim' is not key=value"),
        (["digits", "--model", "pca", "--set", "latent_dim=0"], "'latent_dim' cannot be"),
        (["digits", "--model", "pca", "--set", "depth=2"], "no parameter 'depth'"),
        (["digits", "--model", "pca", "--epochs", "3"], "no parameter 'epochs'"),
        (["digits", "--model", "pca", "--epochs", "many"], "'--epochs'"),
        (["digits", "--model", "pca", "--corrupt", "fog:1"], "no corruption called 'fog'"),
        (["digits", "--model", "lstm-autoencoder"], "does not take data of layout 'image'"),
        (["sines", "--model", "pca", "--data-option", "seed=x"], "'seed' cannot be 'x'"),
        (["sines", "--model", "pca", "--data-option", "n=1", "--data-option", "n=2"], "given twice"),
        (["digits", "--model", "pca", "--seed", "-1"], "'--seed'"),
        (["digits"], "Missing option '--model'"),
        (["p.latentscape", "--model", "pca"], "this is a project, not data"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(call, tmp_path: Path, arguments: list[str], message: str):
    (tmp_path / "p.latentscape").touch()
    answer = call("train", *arguments, "--out", "new.latentscape")
    assert answer.status == 2 and answer.out == ""
    assert message in answer.err and answer.err.count("\n") == 1
    assert not (tmp_path / "new.latentscape").exists()


def test_a_folder_is_no_project(call, tmp_path: Path):
    answer = call("train", "digits", "--model", "pca", "--out", str(tmp_path))
    assert answer.status == 2 and "this is a folder" in answer.err
    assert not list(tmp_path.parent.glob("*.latentscape"))


def test_a_file_that_is_no_project_is_left_alone(call, tmp_path: Path):
    other = tmp_path / "thesis.latentscape"
    other.write_text("not a project")
    answer = call("train", "digits", "--model", "pca", "--out", other)
    assert answer.status == 2 and other.read_text() == "not a project"


def test_ctrl_c_keeps_what_there_is(call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    real = tasks.run_task

    class Pressed:
        """Ctrl-C in the second epoch."""

        def __init__(self, progress):
            self.progress, self.cancelled = progress, progress.cancelled

        def report(self, fraction, message="", payload=None):
            self.progress.report(fraction, message, payload)
            if payload is not None and payload.epoch.number == 2:
                signal.raise_signal(signal.SIGINT)

    def run_task(name, request, progress=None):
        return real(name, request, Pressed(progress) if name == "train" else progress)

    monkeypatch.setattr(tasks, "run_task", run_task)
    monkeypatch.setattr(sys.modules["explorer.workspace.tasks.train"], "TELL_SECONDS", 0.0)
    settings = ["--set", "hidden=4", "--data-option", "n=60", "--epochs", "50", "--out", "p", "--json"]
    before = signal.getsignal(signal.SIGINT)
    answer = call("train", "sines", "--model", "autoencoder", *settings)
    assert answer.status == 130
    assert answer.json["stopped"] == "cancelled" and answer.json["epochs"] == 2
    assert "stopping, and keeping what there is" in answer.err
    assert signal.getsignal(signal.SIGINT) is before
    assert call("embed", "p.latentscape", "--out", "c.csv").status == 0


def test_ctrl_c_twice_stops_at_once_and_leaves_no_run_in_training(call, monkeypatch, tmp_path: Path):
    real = tasks.run_task

    class Pressed(Silent):
        def report(self, fraction, message="", payload=None):
            if payload is not None and payload.epoch.number == 2:
                signal.raise_signal(signal.SIGINT)
                signal.raise_signal(signal.SIGINT)

    def run_task(name, request, progress=None):
        return real(name, request, Pressed() if name == "train" else progress)

    monkeypatch.setattr(tasks, "run_task", run_task)
    monkeypatch.setattr(sys.modules["explorer.workspace.tasks.train"], "TELL_SECONDS", 0.0)
    settings = ["--set", "hidden=4", "--data-option", "n=60", "--epochs", "50", "--out", "p"]
    answer = call("train", "sines", "--model", "autoencoder", *settings)
    assert answer.status == 130 and answer.out == "" and "stopped" in answer.err
    project = ProjectFile.open(tmp_path / "p.latentscape")
    run = project.runs()[0]
    project.close()
    assert run.status == "cancelled" and run.version


def test_a_training_that_fails_leaves_no_project(call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    real = tasks.run_task

    def run_task(name, request, progress=None):
        if name == "train":
            raise InputError("it cannot be learnt")
        return real(name, request, progress)

    monkeypatch.setattr(tasks, "run_task", run_task)
    answer = call("train", "digits", "--model", "pca", "--out", "p")
    assert answer.status == 2 and answer.err == "latentscape: it cannot be learnt.\n"
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


def test_the_same_seed_gives_the_same_numbers(call):
    def mse(seed: int) -> float:
        settings = ["--epochs", "1", "--set", "hidden=4", "--data-option", "n=60", "--seed", str(seed), "--json"]
        return call("train", "sines", "--model", "autoencoder", *settings).json["metrics"]["test"]["mse"]

    assert mse(1) == mse(1) != mse(2)


def test_gain_of_nothing_is_null_in_json(capsys):
    from explorer.cli.console import emit

    emit({"x": float("nan"), "y": np.array([1.0, np.inf])}, as_json=True, text=str)
    assert capsys.readouterr().out == '{"x": null, "y": [1.0, null]}\n'


def test_a_noisy_and_a_clean_file_are_a_pair(call, tmp_path: Path):
    sines = make("sines", n=60, n_steps=20)
    np.savez(tmp_path / "noisy.npz", values=sines.values)
    np.savez(tmp_path / "clean.npz", values=sines.clean)
    pair = ["noisy.npz", "--clean", "clean.npz"]
    facts = call("info", *pair, "--json").json
    assert facts["has_clean_targets"] and facts["origin"]["clean"] == str(tmp_path / "clean.npz")
    assert call("train", *pair, "--model", "pca", "--out", "p", "--json").json["metrics"]["test"]["snr_gain_db"] > 3
    assert f"{tmp_path / 'noisy.npz'} with {tmp_path / 'clean.npz'}" in call("info", "p.latentscape").out
    gains = [
        call("denoise", "p.latentscape", *data, "--out", "d.npy", "--json").json["metrics"]["snr_gain_db"]
        for data in ([], pair, ["noisy.npz", "--data-option", "clean=clean.npz"])
    ]
    assert gains[0] == gains[1] == gains[2] > 3
    assert (
        "there is a clean file without a noisy one" in call("denoise", "p.latentscape", *pair[1:], "--out", "d.npy").err
    )
    np.savez(tmp_path / "short.npz", values=sines.clean[:50])
    assert "'noisy.npz' has 60 samples and 'short.npz' 50" in call("info", "noisy.npz", "--clean", "short.npz").err
    assert "takes no clean file" in call("info", "sines", "--clean", "clean.npz").err
