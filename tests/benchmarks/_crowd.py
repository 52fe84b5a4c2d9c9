"""What the benchmarks of the map share: many points of ten classes, the map alone, and how much memory it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from explorer.gui.map.canvas import MapCanvas
from explorer.gui.map.colours import Colouring
from explorer.gui.theme import install_theme

WIDTH, HEIGHT = 1200, 800
CLASSES = 10
_CHUNK = 1_000_000


def application() -> QApplication:
    """Return the application, in the program's theme."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    install_theme(app)
    return app


def crowd(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ten overlapping Gaussian clouds of different widths: x and y, float32 ``(n,)``, and the class, int64."""
    rng = np.random.default_rng(0)
    centres, widths = rng.normal(size=(CLASSES, 2)) * 3, rng.uniform(0.3, 1.2, CLASSES)
    x, y = np.empty(n, dtype=np.float32), np.empty(n, dtype=np.float32)
    labels = np.empty(n, dtype=np.int64)
    for start in range(0, n, _CHUNK):
        part = slice(start, min(start + _CHUNK, n))
        labels[part] = rng.integers(0, CLASSES, part.stop - start)
        for axis, values in enumerate((x, y)):
            noise = rng.standard_normal(part.stop - start, dtype=np.float32)
            values[part] = centres[labels[part], axis] + widths[labels[part]] * noise
    return x, y, labels


def shown_map(app: QApplication) -> MapCanvas:
    """Return an empty map on the screen, whose frame has 1200 × 800 pixels."""
    canvas = MapCanvas()
    canvas.show_hint(False)
    left, top, right, bottom = canvas.still.axes.insets
    canvas.resize(round(WIDTH + left + right), round(HEIGHT + top + bottom))
    canvas.show()
    QApplication.sendPostedEvents()
    wait(app, lambda: canvas.isVisible() and canvas.window().windowHandle().isExposed())
    canvas.repaint()
    return canvas


def fill(canvas: MapCanvas, x: np.ndarray, y: np.ndarray, labels: np.ndarray) -> None:
    """Show points, coloured by their classes; return once the map has them."""
    app, before = QApplication.instance(), canvas.points.index
    assert isinstance(app, QApplication)
    canvas.set_colouring(Colouring("class", "class", labels, tuple("abcdefghij")))
    canvas.set_points(x, y, ("z1", "z2"))
    wait(app, lambda: canvas.points.index is not before)


def wait(app: QApplication, seen: Callable[[], bool], seconds: float = 300.0) -> None:
    """Let the window live until something is seen."""
    deadline = time.monotonic() + seconds
    while not seen():
        app.processEvents()
        time.sleep(0.0005)
        if time.monotonic() > deadline:
            raise TimeoutError("it did not get there")


def fresh_peak() -> None:
    """Measure the peak of the memory from here on."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """Return the peak of the process's memory since `fresh_peak`."""
    return _status("VmHWM")


def used_bytes() -> int:
    """Return the process's memory."""
    return _status("VmRSS")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
