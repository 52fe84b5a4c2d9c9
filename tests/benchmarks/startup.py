"""From the start of the process to the first painted window, against a bare PySide6 window in the same run.

The program starts as a person starts it for the second time: its project and the byte code are there. ``ratio`` is that
of the window's frame (menus, toolbar, docks), which is painted first; ``map_ratio`` that of the map with its points, on
which the hand can then drag.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

from tests.benchmarks._measure import main

PAIRS = 9

BARE = """
import sys, time, json, os
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(json.dumps({"main_window": time.time()}), flush=True)
        os._exit(0)
app = QApplication([])
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

PROGRAM = """
import sys, time, json, os
import explorer.app
from PySide6.QtCore import QObject, QEvent
from PySide6.QtWidgets import QApplication
HEAVY = ("torch", "pandas", "scipy", "matplotlib", "pyqtgraph", "sklearn")
class Watch(QObject):
    told = {}
    def eventFilter(self, watched, event):
        name = watched.objectName()
        if event.type() == QEvent.Type.Paint and name in ("main_window", "map_canvas") and name not in self.told:
            self.told[name] = 0.0
            watched.event(event)
            self.told[name] = time.time()
            self.told.setdefault("modules", [heavy for heavy in HEAVY if heavy in sys.modules])
            if name == "map_canvas":
                print(json.dumps(self.told), flush=True)
                os._exit(0)
            return True
        return False
watch = Watch()
original = QApplication.exec
def execute(*_):
    (window,) = [w for w in QApplication.topLevelWidgets() if w.objectName() == "main_window"]
    if sys.argv[1:] == ["first"]:
        window.furnished.connect(window.close)
    else:
        QApplication.instance().installEventFilter(watch)
    return original()
QApplication.exec = execute
sys.exit(explorer.app.run())
"""


def _time(script: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run a script; return when it painted what, in milliseconds from its start, and what was imported by then."""
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    if not done.stdout.strip():
        raise RuntimeError(f"nothing was painted: {done.stderr}")
    told = json.loads(done.stdout.splitlines()[-1])
    return {name: value if name == "modules" else 1000 * (value - started) for name, value in told.items()}


def measure() -> dict[str, Any]:
    """Start both in turn, and return the median of the ratios, pair by pair."""
    with tempfile.TemporaryDirectory() as home:
        # Where a machine keeps byte code from being written, the program would be compiled anew at every start.
        environment = {**os.environ, "LATENTSCAPE_HOME": home, "PYTHONPYCACHEPREFIX": f"{home}/bytecode"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        _time(BARE, environment)
        subprocess.run([sys.executable, "-c", PROGRAM, "first"], env=environment, check=True, timeout=120)
        _time(PROGRAM, environment)
        pairs = [(_time(BARE, environment), _time(PROGRAM, environment)) for _ in range(PAIRS)]
    bare = [first["main_window"] for first, _ in pairs]
    heavy = pairs[-1][1]["modules"]

    def ratio(name: str) -> float:
        return round(statistics.median(second[name] / first for first, (_, second) in zip(bare, pairs, strict=True)), 2)

    return {
        "ratio": ratio("main_window"),
        "torch_loaded": "torch" in heavy,
        "map_ratio": ratio("map_canvas"),
        "bare_ms": round(statistics.median(bare), 1),
        "window_ms": round(statistics.median(second["main_window"] for _, second in pairs), 1),
        "map_ms": round(statistics.median(second["map_canvas"] for _, second in pairs), 1),
        "heavy_modules": heavy,
    }


if __name__ == "__main__":
    main(__doc__ or "", measure)
