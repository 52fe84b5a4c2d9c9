"""What may be imported where: the core without Qt, and the start without what is slow to load."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import explorer

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "pandas", "scipy", "sklearn", "matplotlib", "PySide6"}
WITH_QT = ("explorer.gui", "explorer.app", "explorer.__main__")
MODULES = sorted(info.name for info in pkgutil.walk_packages(explorer.__path__, "explorer."))
CORE = [name for name in MODULES if not name.startswith(WITH_QT)]

IMPORT_WITHOUT_QT = """
import importlib, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph", "superqt", "qtpy"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoQt())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""

LOADED_BY = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*sorted(name for name in sys.modules if "." not in name))
"""


def python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def of(*packages: str) -> list[str]:
    return [name for name in MODULES if name in packages or name.startswith(tuple(f"{p}." for p in packages))]


def test_there_are_modules_to_look_at() -> None:
    assert len(CORE) > 30


def test_core_imports_with_qt_uninstalled() -> None:
    python(IMPORT_WITHOUT_QT, *CORE)


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        pytest.param(["explorer"], HEAVY, id="the library"),
        pytest.param(
            [name for name in of("explorer.workspace") if not name.endswith(".worker")],
            HEAVY,
            id="workspace",
        ),
        pytest.param(of("explorer.models.recipes"), HEAVY - {"pandas"}, id="recipes"),
        pytest.param(of("explorer.data"), HEAVY, id="data"),
        pytest.param(["explorer.cli"], HEAVY, id="cli"),
        pytest.param(
            ["explorer.app", "explorer.gui.main_window"],
            {"torch", "pandas", "scipy", "sklearn", "matplotlib", "pyqtgraph", "numba"},
            id="window before its first paint",
        ),
        pytest.param(of("explorer.gui"), {"torch", "pandas", "sklearn", "matplotlib"}, id="whole window"),
    ],
)
def test_what_is_slow_stays_unloaded(modules: list[str], unwanted: set[str]) -> None:
    assert modules
    loaded = set(python(LOADED_BY, *modules).split())
    assert not loaded & unwanted


FORBIDDEN = re.compile(r"\bpickle\.\w|\bimport (c?pickle|dill|joblib)\b|allow_pickle\s*=\s*True|torch\.(load|save)\(")


def test_nothing_is_pickled() -> None:
    """Opening a file from a stranger runs none of its code."""
    sources = [path for folder in ("explorer", "packaging") for path in (ROOT / folder).rglob("*.py")]
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sources
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert not found, "\n".join(found)
