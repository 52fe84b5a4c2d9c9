"""The program as a person starts it: real processes, real windows' dispatch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import explorer.__main__ as program
from explorer import app
from explorer.cli.console import Bar, duration
from explorer.training.history import Epoch
from explorer.workspace.messages import EpochUpdate


def start(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "explorer", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_from_data_to_figures(call, tmp_path: Path):
    done = start("train", "digits", "--model", "pca", "--out", "p.latentscape", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["model"] == "pca" and done.stderr == ""
    plot = ("plot", "p.latentscape", "map", "--out", "m.svg")
    done = start(*plot, folder=tmp_path)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    # A process takes seconds to import what the next ones would import again.
    for arguments in (
        ("embed", "p.latentscape", "--out", "codes.csv"),
        ("decode", "p.latentscape", "--z", "-0.1,0.2", "--out", "x.csv"),
        ("denoise", "p.latentscape", "digits", "--out", "y.npy"),
        ("plot", "p.latentscape", "decode", "--out", "d.pdf"),
        ("plot", "p.latentscape", "denoise", "--corrupt", "gaussian:0.3", "--out", "n.png"),
    ):
        answer = call(*arguments)
        assert answer.status == 0 and answer.err == "", answer.err
    for name in ("m.svg", "codes.csv", "x.csv", "y.npy", "d.pdf", "n.png"):
        assert (tmp_path / name).stat().st_size > 500


def test_errors_have_status_2_and_no_traceback(tmp_path: Path):
    (tmp_path / "empty.csv").touch()
    done = start("info", "empty.csv", folder=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "the file is empty" in done.stderr


def test_help_and_version_are_quick(tmp_path: Path):
    script = (
        "import sys; from explorer.__main__ import main; status = main(['--help']);"
        "heavy = {'torch', 'pandas', 'scipy', 'sklearn', 'matplotlib', 'PySide6'} & set(sys.modules);"
        "sys.exit(status or len(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0 and "denoise" in done.stdout
    assert start("--version", folder=tmp_path).stdout.startswith("latentscape 0.")


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path):
    first = subprocess.Popen(
        [sys.executable, "-m", "explorer", "models"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert first.stdout and first.stderr
    first.stdout.close()
    assert first.stderr.read() == b"" and first.wait(60) == 1
    first.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [
        ([], (None, False)),
        (["--self-test"], (None, True)),
        (["p.latentscape"], ("p.latentscape", False)),
        (["data.csv"], ("data.csv", False)),
    ],
)
def test_what_opens_the_window(arguments: list[str], opened: tuple, monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").touch()
    calls = []

    def run(project=None, *, self_test=False):
        calls.append((project, self_test))
        return 7

    monkeypatch.setattr(app, "run", run)
    assert program.main(arguments) == 7 and calls == [opened]


def test_the_window_is_started_without_the_command_line():
    script = (
        "import sys, types; app = types.ModuleType('explorer.app'); app.run = lambda *a, **k: 0;"
        "sys.modules['explorer.app'] = app; import explorer; explorer.app = app;"
        "from explorer.__main__ import main; main([]); sys.exit('typer' in sys.modules or 'rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_fault_of_the_program_is_status_1(call, monkeypatch):
    from explorer.cli import inputs

    def broken(*_, **__):
        raise RuntimeError("oh")

    monkeypatch.setattr(inputs, "read_data", broken)
    answer = call("info", "digits")
    assert answer.status == 1 and answer.err.startswith("latentscape: a fault of the program: RuntimeError: oh.")
    monkeypatch.setenv("LATENTSCAPE_DEBUG", "1")
    with pytest.raises(RuntimeError):
        call("info", "digits")


def test_progress_without_a_terminal_is_a_line_now_and_then(capsys, monkeypatch):
    monkeypatch.setattr("explorer.cli.console.PLAIN_EVERY", 0.0)
    update = EpochUpdate(1, Epoch(3, {"loss": 0.5}, {"loss": 0.75}, 1.0), 10, 1)
    with Bar("Reading").shown() as bar:
        bar.report(0.3, "", update)
        bar.report(float("nan"), "measuring")
    assert capsys.readouterr().err == "epoch 3 of 10, loss 0.5, validation 0.75, 30 %\nmeasuring\n"


def test_progress_on_a_terminal_is_a_bar_on_stderr(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Bar("Reading").shown() as bar:
        bar.report(0.0)
        bar.report(0.5, "half way")
        assert bar._bar.tasks[0].completed == 0.5
        assert bar._bar.tasks[0].fields["words"] == "half way"
    assert capsys.readouterr().out == ""


def test_durations():
    assert [duration(s) for s in (-1, 4.4, 185, 7800)] == ["0 s", "4 s", "3 min 5 s", "2 h 10 min"]
