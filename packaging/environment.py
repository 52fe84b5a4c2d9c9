"""The virtual environment `.venv`: made, filled, and left alone while nothing changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

OLDEST = (3, 11)
STAMP = "latentscape.json"


class SetupError(Exception):
    """The environment cannot be made; the text says what to do."""


def python_of(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(files: Iterable[Path], version: str, place: str) -> str:
    """Return a hash that changes when what is to be installed does, or the interpreter, or the folder."""
    digest = hashlib.sha256(f"{version}\n{place}\n".encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready(stamp: Mapping[str, Any], wanted: str, extra: str, torch_index: str) -> bool:
    """Whether a stamp tells of an environment that holds the program with `extra`.

    Every extra holds the program itself, so any of them does where none is asked for. An empty `torch_index` takes
    the torch that is there.
    """
    done = stamp.get("extras", {})
    fits = wanted in done.values() if not extra else done.get(extra) == wanted
    return fits and torch_index in ("", stamp.get("torch_index", ""))


def cuda_packages(report: Mapping[str, Any]) -> list[str]:
    """Return the names of NVIDIA's packages in a report of ``pip install --report``."""
    names = [item["metadata"]["name"].lower() for item in report.get("install", [])]
    return sorted(name for name in names if name.startswith(("nvidia-", "cuda-")))


def pinned(constraints: str, name: str) -> str | None:
    """Return the version that the text of a constraints file holds a package to."""
    for line in constraints.splitlines():
        package, equals, version = line.partition("==")
        if equals and package.strip() == name:
            return version.strip()
    return None


def has_nvidia() -> bool:
    """Whether a driver of NVIDIA's is there, natively or through WSL."""
    signs = ("/proc/driver/nvidia/version", "/dev/nvidia0", "/dev/nvidiactl", "/dev/dxg")
    return any(Path(sign).exists() for sign in signs) or shutil.which("nvidia-smi") is not None


def ensure(root: Path, extra: str, torch_index: str) -> Path:
    """Return the interpreter of an environment that holds the program; make and fill it where needed.

    Parameters
    ----------
    root : Path
        Of the checkout.
    extra : str
        Of pyproject.toml: "dev", "package", or "" for the program alone.
    torch_index : str
        Where pip takes torch from; "" for its default.

    Raises
    ------
    SetupError
        If that fails.
    """
    if sys.version_info < OLDEST:
        raise SetupError(
            f"Latentscape needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and this is {sys.version.split()[0]}. "
            "Name another: make run PYTHON=python3.12"
        )
    venv, constraints = root / ".venv", root / "packaging/constraints.txt"
    python, stamp_file = python_of(venv), venv / STAMP
    wanted = fingerprint((root / "pyproject.toml", constraints), sys.version, str(root))
    stamp = _read_stamp(stamp_file)
    if python.exists() and is_ready(stamp, wanted, extra, torch_index):
        return python
    if not _has_pip(python):
        _make(venv)
    _pip(python, "install", "--quiet", "--upgrade", "pip")
    switch = torch_index not in ("", stamp.get("torch_index", ""))
    _install_torch(python, constraints, torch_index, force=switch)
    project = f"{root}[{extra}]" if extra else str(root)
    print(f"Installing Latentscape into {venv}", flush=True)
    _pip(python, "install", "--quiet", "--constraint", str(constraints), "--editable", project)
    done = {name: mark for name, mark in stamp.get("extras", {}).items() if mark == wanted}
    index = torch_index or stamp.get("torch_index", "")
    stamp_file.write_text(json.dumps({"extras": {**done, extra: wanted}, "torch_index": index}), encoding="utf-8")
    return python


def _read_stamp(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # none yet, or half written: then everything is installed again


def _has_pip(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.call([str(python), "-m", "pip", "--version"], stdout=subprocess.DEVNULL) == 0


def _make(venv: Path) -> None:
    """Make the environment with pip in it, also where the system lacks ensurepip (Debian without python3-venv)."""
    print(f"Making {venv}", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401

        whole = subprocess.call([sys.executable, "-m", "venv", str(venv)]) == 0
    except ImportError:
        whole = False
    if whole:
        return
    python = str(python_of(venv))
    bare = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)]
    fill = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "pip"]
    if subprocess.call(bare) != 0 or subprocess.call(fill) != 0:
        shutil.rmtree(venv, ignore_errors=True)
        raise SetupError(
            "No virtual environment could be made. On Debian or Ubuntu: sudo apt-get install python3-venv python3-pip"
        )


def _install_torch(python: Path, constraints: Path, index: str, *, force: bool) -> None:
    """Install torch before all else, so that no other package's range chooses its version."""
    if not force and _installed(python, "torch") == pinned(constraints.read_text(encoding="utf-8"), "torch"):
        return
    arguments = ["install", "--constraint", str(constraints), "torch"]
    if index:
        arguments += ["--index-url", index]
    if not index and not has_nvidia() and (found := _would_fetch_cuda(python, arguments)):
        print(
            f"No NVIDIA GPU was found, but pip is about to fetch torch for one ({len(found)} packages, gigabytes). To "
            "save that, stop here and run make again with TORCH_INDEX=... (README: 'Without a GPU').",
            flush=True,
        )
    print("Installing torch", flush=True)
    _pip(python, *arguments, *(["--force-reinstall"] if force else []))


def _installed(python: Path, name: str) -> str | None:
    """Return the version of a package in an environment, without what names its build (``+cpu``)."""
    code = f"from importlib.metadata import version; print(version({name!r}))"
    found = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return found.stdout.strip().partition("+")[0] if found.returncode == 0 else None


def _would_fetch_cuda(python: Path, arguments: list[str]) -> list[str]:
    """Return NVIDIA's packages that pip would install; empty where it cannot tell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        command = [str(python), "-m", "pip", *arguments, "--dry-run", "--quiet", "--report", str(path)]
        if subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0:
            return []
        return cuda_packages(json.loads(path.read_text(encoding="utf-8")))


def _pip(python: Path, *arguments: str) -> None:
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if subprocess.call([str(python), "-m", "pip", *arguments], env=environ) != 0:
        raise SetupError("pip could not install what is needed: see its message above, then run this again.")
