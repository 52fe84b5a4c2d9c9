"""The set-up scripts: what they decide, without installing anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = ROOT / "packaging"


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import bootstrap

    return bootstrap


@pytest.fixture
def environment(bootstrap: ModuleType) -> ModuleType:
    return bootstrap.environment


@pytest.fixture
def system(bootstrap: ModuleType) -> ModuleType:
    return bootstrap.system


def test_fingerprint_follows_files_interpreter_and_place(environment: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("one")
    first = environment.fingerprint([file], "3.11", "/here")
    assert first == environment.fingerprint([file], "3.11", "/here")
    assert first != environment.fingerprint([file], "3.12", "/here")
    assert first != environment.fingerprint([file], "3.11", "/there")
    file.write_text("two")
    assert first != environment.fingerprint([file], "3.11", "/here")


@pytest.mark.parametrize(
    ("stamp", "extra", "index", "ready"),
    [
        ({}, "", "", False),
        ({"extras": {"": "now"}}, "", "", True),
        ({"extras": {"dev": "now"}}, "", "", True),
        ({"extras": {"": "now"}}, "dev", "", False),
        ({"extras": {"dev": "before"}}, "dev", "", False),
        ({"extras": {"dev": "now"}}, "dev", "cpu", False),
        ({"extras": {"dev": "now"}, "torch_index": "cpu"}, "dev", "cpu", True),
        ({"extras": {"dev": "now"}, "torch_index": "cpu"}, "dev", "", True),
    ],
)
def test_stamp_tells_when_nothing_is_to_be_done(
    environment: ModuleType, stamp: dict, extra: str, index: str, ready: bool
) -> None:
    assert environment.is_ready(stamp, "now", extra, index) is ready


def test_a_ready_environment_is_left_alone(
    environment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging/constraints.txt").write_text("torch==1.0")
    (tmp_path / "pyproject.toml").write_text("")
    python = environment.python_of(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    files = (tmp_path / "pyproject.toml", tmp_path / "packaging/constraints.txt")
    mark = environment.fingerprint(files, sys.version, str(tmp_path))
    (tmp_path / ".venv" / environment.STAMP).write_text(json.dumps({"extras": {"dev": mark}}))
    monkeypatch.setattr(environment.subprocess, "call", lambda *_args, **_kwargs: pytest.fail("something was run"))
    assert environment.ensure(tmp_path, "dev", "") == python


def test_half_written_stamp_counts_as_none(environment: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "stamp").write_text('{"extras": {"dev')
    assert environment._read_stamp(tmp_path / "stamp") == {}


def test_an_old_python_is_named(environment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    with pytest.raises(environment.SetupError, match=r"needs Python 99\.0 or newer.*make run PYTHON="):
        environment.ensure(tmp_path, "", "")


def test_cuda_packages_are_seen_in_a_report(environment: ModuleType) -> None:
    names = ("torch", "nvidia-cublas-cu12", "sympy", "NVIDIA-nccl")
    report = {"install": [{"metadata": {"name": name}} for name in names]}
    assert environment.cuda_packages(report) == ["nvidia-cublas-cu12", "nvidia-nccl"]
    assert environment.cuda_packages({}) == []


def test_torch_is_pinned(environment: ModuleType) -> None:
    text = (SCRIPTS / "constraints.txt").read_text(encoding="utf-8")
    assert environment.pinned(text, "torch") is not None
    assert environment.pinned(text, "numpy") is None


def test_missing_libraries_are_named_with_their_packages(system: ModuleType) -> None:
    absent = system.missing(window=True, loads=lambda name: name not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    assert absent == {"libEGL.so.1": "libegl1", "libxcb-cursor.so.0": "libxcb-cursor0"}
    assert "sudo apt-get install libegl1 libxcb-cursor0" in system.instructions(absent)
    assert system.missing(window=False, loads=lambda name: "xcb" not in name) == {}


def test_without_a_way_to_root_the_packages_are_named(system: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.sys, "platform", "linux")
    monkeypatch.setattr(system, "missing", lambda *, window: {"libGL.so.1": "libgl1"})
    monkeypatch.setattr(system, "_as_root", lambda: None)
    with pytest.raises(system.SetupError, match="libgl1"):
        system.install_missing(window=True)


@pytest.mark.parametrize(
    ("platform", "environ", "says"),
    [
        ("linux", {}, True),
        ("linux", {"DISPLAY": ":0"}, False),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, False),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, False),
        ("darwin", {}, False),
        ("win32", {}, False),
    ],
)
def test_no_display_is_one_line(bootstrap: ModuleType, platform: str, environ: dict[str, str], says: bool) -> None:
    message = bootstrap.no_display(platform, environ)
    assert bool(message) is says
    if says:
        assert "\n" not in message
        assert ".venv/bin/latentscape --help" in message
        assert "xvfb-run make run" in message


def test_every_check_runs_though_one_fails(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[tuple[str, ...]] = []

    def call(command: tuple[str, ...], **_kwargs: object) -> int:
        commands.append(command)
        return 1 if "pyright" in command else 0

    monkeypatch.setattr(bootstrap.subprocess, "call", call)
    assert bootstrap.run_checks("python", ["-x"]) == 1
    assert len(commands) == 5
    assert commands[-1][-4:] == ("pytest", "-n", "2", "-x")
    assert "Failed: pyright" in capsys.readouterr().out


def test_an_unknown_target_is_refused(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["fly"]) == 2
    assert "usage" in capsys.readouterr().err


def test_make_offers_what_bootstrap_does(bootstrap: ModuleType) -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in (*bootstrap.EXTRAS, "clean"):
        assert f"\n{target}: ##" in text
        assert f"$(BOOTSTRAP) {target}" in text


def test_set_up_needs_no_installed_package() -> None:
    """A fresh system has Python only: the scripts import nothing but its standard library."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import bootstrap"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(SCRIPTS)], check=True)
