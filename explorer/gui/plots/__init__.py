"""Plots: the only modules that may import pyqtgraph, so that the window starts without it."""

import os

# pyqtgraph takes the first Qt it finds, PyQt6 before PySide6.
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
