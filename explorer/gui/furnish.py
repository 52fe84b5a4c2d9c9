"""Which panel fills which dock. Imported after the first paint: the plots take a while to load."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from explorer.gui.controller import Controller
from explorer.gui.panels.analysis.panel import AnalysisPanel
from explorer.gui.panels.code import CodePanel
from explorer.gui.panels.data import DataPanel
from explorer.gui.panels.decode import DecodePanel
from explorer.gui.panels.denoise import DenoisePanel
from explorer.gui.panels.explore.panel import ExplorePanel
from explorer.gui.panels.model import ModelPanel
from explorer.gui.panels.recording import RecordingPanel
from explorer.gui.panels.runs import RunsPanel
from explorer.gui.panels.sets import SetsPanel
from explorer.gui.panels.training import TrainingPanel

PANELS: dict[str, Callable[[Controller], QWidget]] = {
    "decode": DecodePanel,
    "denoise": DenoisePanel,
    "model": ModelPanel,
    "training": TrainingPanel,
    "runs": RunsPanel,
    "data": DataPanel,
    "sets": SetsPanel,
    "recording": RecordingPanel,
    "analysis": AnalysisPanel,
    "code": CodePanel,
    "explore": ExplorePanel,
}
"""In the order in which they are filled: what the hand on the map needs comes first."""
