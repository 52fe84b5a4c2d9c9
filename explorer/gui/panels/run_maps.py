"""The maps of the runs in small, drawn one at a time when nothing else is to do."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen, QPixmap

from explorer.gui.theme import theme
from explorer.workspace.run import Run
from explorer.workspace.workspace import Workspace

_POINTS = 800
_MOST_SAMPLES = 200_000
_KEPT = 200


class RunMaps(QObject):
    """Keeps a small picture of each run's map.

    Signals
    -------
    ready
        The id of a run whose picture was drawn.
    """

    ready = Signal(int)

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._kept: OrderedDict[tuple[int, int, int, bool], QPixmap | None] = OrderedDict()
        self._labels: dict[int, np.ndarray] = {}
        self._newest: dict[int, QPixmap | None] = {}
        self._waiting: dict[int, tuple[Run, int]] = {}
        # A training writes snapshots several times a second; its picture need not follow each.
        self._timer = QTimer(self, singleShot=True, interval=100)
        self._timer.timeout.connect(self._draw_next)
        theme().changed.connect(self.forget)
        workspace.project_changed.connect(self._forget_labels)
        workspace.data_changed.connect(self._keep_labels)
        self._keep_labels()

    def forget(self) -> None:
        """Draw all anew: the colours, or the project, are others."""
        self._kept.clear()
        self._newest.clear()

    def _forget_labels(self) -> None:
        self._labels.clear()
        self.forget()
        self._keep_labels()

    def _keep_labels(self) -> None:
        """Remember the classes of the open data: runs on other data keep their colours."""
        data, number = self._workspace.data, self._workspace.data_id
        if data is not None and number is not None and data.labels is not None:
            self._labels[number] = data.labels

    def get(self, run: Run, side: int) -> QPixmap | None:
        """Return a run's picture with sides of so many pixels; an older one, or None, while it is to be drawn."""
        if run.version == 0:
            return None
        key = (run.id, run.version, side, run.data in self._labels)
        if key not in self._kept:
            self._waiting[run.id] = (run, side)
            if not self._timer.isActive():
                self._timer.start()
            return self._newest.get(run.id)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _draw_next(self) -> None:
        if not self._waiting:
            return
        run, side = self._waiting.pop(next(iter(self._waiting)))
        pixmap = self._draw(run, side)
        self._kept[run.id, run.version, side, run.data in self._labels] = self._newest[run.id] = pixmap
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(run.id)
        if self._waiting:
            self._timer.start()

    def _codes(self, run: Run) -> np.ndarray | None:
        workspace = self._workspace
        if workspace.run is not None and workspace.run.id == run.id:
            return workspace.codes
        if all(known.id != run.id for known in workspace.runs):
            return None  # deleted in the meantime
        entry = next((entry for entry in workspace.data_entries if entry.id == run.data), None)
        if entry is None or entry.shape[0] > _MOST_SAMPLES:
            return None  # reading them would hold up the window
        return workspace.project.codes(run.id)

    def _draw(self, run: Run, side: int) -> QPixmap | None:
        codes = self._codes(run)
        if codes is None or not len(codes):
            return None
        step = max(1, len(codes) // _POINTS)
        points = np.asarray(codes[::step, :2], dtype=float)
        if points.shape[1] == 1:
            points = np.column_stack([points, np.linspace(0, 1, len(points))])
        finite = np.isfinite(points).all(axis=1)
        if not finite.any():
            return None
        # The farthest one percent may leave the frame, so that a stray code does not shrink the rest to a dot.
        low, high = np.percentile(points[finite], [0.5, 99.5], axis=0)
        scale = np.where(high > low, high - low, 1.0)
        margin = 0.1 * side
        places = margin + (points - low) / scale * (side - 2 * margin)
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        pixmap = QPixmap(round(side * ratio), round(side * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        labels = self._labels.get(run.data)
        if labels is None or len(labels) != len(codes):
            labels = np.full(len(codes), -2)
        labels = labels[::step]
        for label in np.unique(labels):
            color = QColor(theme().palette.class_color(int(label)) if label >= -1 else theme().palette.accent)
            color.setAlphaF(0.7)
            painter.setPen(QPen(color, max(1.6, side / 28), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            chosen = places[finite & (labels == label)]
            painter.drawPoints([QPointF(x, side - y) for x, y in chosen.tolist()])
        painter.end()
        return pixmap
