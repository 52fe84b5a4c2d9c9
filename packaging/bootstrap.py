"""Make the environment that the program needs, then do what was asked: ``python packaging/bootstrap.py run``.

The targets of the Makefile come here; it needs nothing but Python's standard library, and works where there is no
make. Whatever is already there is left alone, so a second call adds a fraction of a second.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment
import system

ROOT = Path(__file__).resolve().parent.parent
CACHES = ("build", "dist", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache")
EXTRAS = {
    "run": "",
    "docs": "",
    "test": "dev",
    "benchmarks": "dev",
    "results": "dev",
    "screenshots": "",
    "package": "package",
}

Command = Sequence[str]


def no_display(platform: str, environ: Mapping[str, str]) -> str:
    """Return the one line for a machine on which no window can open, or an empty text where one can."""
    chosen = environ.get("QT_QPA_PLATFORM")
    if platform != "linux" or chosen or environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "There is no display to open a window on: use the command line, .venv/bin/latentscape --help, "
        "or a virtual display, xvfb-run make run (Debian package xvfb)."
    )


def checks(python: str, pytest_arguments: Sequence[str]) -> dict[str, Command]:
    """Return what `make test` runs, by name; pytest comes last, so that its summary closes the output."""
    tools = Path(python).parent
    return {
        "ruff check": (python, "-m", "ruff", "check", "."),
        "ruff format": (python, "-m", "ruff", "format", "--check", "."),
        "pyright": (python, "-m", "pyright"),
        "import contracts": (str(tools / "lint-imports"), "--no-cache"),
        "pytest": (python, "-m", "pytest", "-n", "2", *pytest_arguments),
    }


def run_checks(python: str, arguments: Sequence[str]) -> int:
    """Run every check, whatever fails, and return 1 if any did."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYQTGRAPH_QT_LIB": "PySide6"}
    failed = []
    for name, command in checks(python, arguments).items():
        print(f"== {name}", flush=True)
        if subprocess.call(command, cwd=ROOT, env=environ) != 0:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def run_benchmarks(python: str, names: Sequence[str]) -> int:
    """Run the benchmarks called `names`, or all; each prints one JSON object in its last line."""
    there = [path.stem for path in sorted((ROOT / "tests/benchmarks").glob("*.py")) if not path.stem.startswith("_")]
    environ = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    codes = []
    for name in names or there:
        print(f"== {name}", flush=True)
        command = [python, "-m", f"tests.benchmarks.{name}", "--json"]
        codes.append(subprocess.call(command, cwd=ROOT, env=environ))
    return max(codes, default=0)


def clean() -> int:
    """Remove what was built and cached."""
    for path in [ROOT / name for name in CACHES] + list(ROOT.glob("[!.]*/**/__pycache__")):
        shutil.rmtree(path, ignore_errors=True)
    return 0


def start(python: str, arguments: Sequence[str]) -> int:
    """Become the program; on Windows, wait for it."""
    message = no_display(sys.platform, os.environ) if not arguments else ""
    if message:
        print(message, file=sys.stderr)
        return 2
    command = [python, "-m", "explorer", *arguments]
    if os.name == "posix":
        os.execv(python, command)
    return subprocess.call(command)


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names; the others go to it. Returns the exit code."""
    target, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if target == "clean":
        return clean()
    if target not in EXTRAS:
        print(f"usage: bootstrap.py {{{','.join((*EXTRAS, 'clean'))}}} [arguments]", file=sys.stderr)
        return 2
    try:
        system.install_missing(window=target in ("run", "package"))
        python = str(environment.ensure(ROOT, EXTRAS[target], os.environ.get("TORCH_INDEX", "")))
    except environment.SetupError as reason:
        print(reason, file=sys.stderr)
        return 2
    if target == "run":
        return start(python, rest)
    if target == "test":
        return run_checks(python, rest)
    if target == "benchmarks":
        return run_benchmarks(python, rest)
    script = {
        "package": ["-m", "PyInstaller", "--noconfirm", "packaging/latentscape.spec"],
        "screenshots": ["packaging/screenshots.py"],
        "docs": ["packaging/tables.py"],
        "results": ["packaging/results.py"],
    }[target]
    return subprocess.call([python, *script, *rest], cwd=ROOT)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
