"""What the fog on the map tells: the choice of the reading, a scale of its colours, and how far the next one is."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from explorer.analysis.readings import READINGS, ReadingName
from explorer.gui.map.fog import Fog, opacity
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.numbers import number

TITLES: dict[ReadingName, tuple[str, str]] = {
    "distance": ("Distance", "Mean distance to the five nearest samples"),
    "density": ("Density", "Log density of samples' codes: of the aggregate posterior where the model has one"),
    "re-encoding": ("Re-encoding", "How far what is decoded, encoded again, lies from where it was decoded"),
}
_WIDE, _BAR = 156, 10


class FogScale(QWidget):
    """The fog from clear to thick on the theme's ground, and where it is usual, rare, and off the manifold."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_fog_scale")
        self.setAccessibleName("Scale of the fog")
        self._marks: list[tuple[float, str]] = []
        self.setFont(theme().font("small"))
        self.setFixedSize(_WIDE, _BAR + 6 + 2 * self.fontMetrics().height())

    def show_marks(self, marks: list[float], *, logarithmic: bool) -> None:
        """Show what the marks of a `ManifoldMap` are: median, edge and far."""
        sign = -1 if logarithmic else 1
        self._marks = [(at, number(sign * value, 2)) for at, value in zip((0.3, 0.6, 0.85), marks[1:], strict=False)]
        words = zip(("usual", "rare", "off"), self._marks, strict=False)
        self.setToolTip("; ".join(f"{word}: {text}" for word, (_, text) in words))
        self.setAccessibleDescription(self.toolTip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar and its three marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFont(theme().font("small"))
        painter.setFont(self.font())
        fill = QLinearGradient(0, 0, self.width(), 0)
        for at in np.linspace(0, 1, 21).tolist():
            color = QColor(theme().palette.muted)
            color.setAlphaF(float(opacity(np.array(at))))
            fill.setColorAt(at, color)
        painter.setPen(theme().color("line"))
        painter.setBrush(theme().color("field"))
        bar = QRectF(0.5, 0.5, self.width() - 1, _BAR)
        painter.drawRoundedRect(bar, 3, 3)
        painter.setBrush(fill)
        painter.drawRoundedRect(bar, 3, 3)
        line = self.fontMetrics().height()
        for (at, text), word in zip(self._marks, ("usual", "rare", "off"), strict=False):
            x = at * self.width()
            painter.setPen(theme().color("muted"))
            painter.drawLine(QLineF(x, 1, x, _BAR + 3))
            for row, words in enumerate((word, text)):
                wide = self.fontMetrics().horizontalAdvance(words) + 2
                left = min(max(x - wide / 2, 0), self.width() - wide)
                place = QRectF(left, _BAR + 4 + row * line, wide, line)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), words)
        painter.end()


class FogBox(QFrame):
    """Stands in the map's corner while the fog is shown."""

    def __init__(self, fog: Fog, parent: QWidget) -> None:
        super().__init__(parent)
        self._fog = fog
        self.setObjectName("map_fog_box")
        self.setAccessibleName("Fog on the map")
        self.choice = QComboBox(self)
        self.choice.setObjectName("map_fog_reading")
        self.choice.setAccessibleName("What the fog tells")
        for reading in READINGS:
            title, help_ = TITLES[reading]
            self.choice.addItem(title, reading)
            self.choice.setItemData(self.choice.count() - 1, help_, Qt.ItemDataRole.ToolTipRole)
        self.choice.setCurrentIndex(self.choice.findData(fog.reading))
        self.choice.activated.connect(lambda row: fog.choose(self.choice.itemData(row)))
        self.scale = FogScale(self)
        self.words = Words("", "small", "muted", parent=self)
        self.words.setObjectName("map_fog_words")
        self.progress = QProgressBar(self)
        self.progress.setObjectName("map_fog_progress")
        self.progress.setAccessibleName("Progress of the fog")
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setObjectName("map_fog_cancel")
        self.cancel.setAccessibleName("Cancel the fog")
        self.cancel.setToolTip("Compute no further; what is shown stays")
        self.cancel.clicked.connect(fog.cancel)
        work = QHBoxLayout()
        work.setSpacing(GRID)
        work.addWidget(self.progress, 1)
        work.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        for widget in (self.choice, self.scale, self.words):
            layout.addWidget(widget)
        layout.addLayout(work)
        fog.changed.connect(self.refresh)
        fog.progressed.connect(self._show_progress)
        theme().changed.connect(self.restyle)
        parent.installEventFilter(self)
        self.restyle()
        self.refresh()

    def _show_progress(self, fraction: float) -> None:
        known = fraction == fraction
        self.progress.setRange(0, 1000 if known else 0)
        if known:
            self.progress.setValue(round(1000 * fraction))

    def refresh(self) -> None:
        """Show what the fog is now."""
        fog = self._fog
        self.setVisible(fog.on)
        items = self.choice.model()
        assert isinstance(items, QStandardItemModel)
        for row, reading in enumerate(READINGS):
            why = fog.why_not(reading)
            items.item(row).setEnabled(not why)
            self.choice.setItemData(row, why or TITLES[reading][1], Qt.ItemDataRole.ToolTipRole)
        self.choice.setCurrentIndex(self.choice.findData(fog.reading))
        self.choice.setToolTip(TITLES[fog.reading][1])
        told = fog.last is not None and fog.last.reading == fog.reading
        if told and fog.last is not None:
            self.scale.show_marks(fog.last.marks, logarithmic=fog.reading == "density")
        self.scale.setVisible(told)
        lack = fog.obstacle() or fog.failure
        self.words.setText(lack or ("" if told else "Being computed"))
        self.words.setVisible(bool(self.words.text()))
        for widget in (self.progress, self.cancel):
            widget.setVisible(fog.working)
        self.place()

    def place(self) -> None:
        """Stand in the lower right corner of the map."""
        layout, around = self.layout(), self.parentWidget()
        assert layout is not None and around is not None
        layout.activate()
        self.setFixedWidth(_WIDE + 2 * GRID + 2)
        self.resize(self.width(), max(layout.sizeHint().height(), layout.heightForWidth(self.width())))
        frame = self._fog.canvas.viewing.frame
        self.move(
            round(min(frame.right, around.width()) - GRID - self.width()), round(frame.bottom - GRID - self.height())
        )

    def eventFilter(self, watched, event) -> bool:
        """Stay in the corner of a map that takes another size."""
        if event.type() == event.Type.Resize and not self.isHidden():
            self.place()
        return super().eventFilter(watched, event)

    def restyle(self) -> None:
        """Take the theme's colours and font."""
        p = theme().palette
        for widget in (self.choice, self.cancel):
            widget.setFont(theme().font("small"))
        self.cancel.setStyleSheet("padding: 1px 8px;")
        self.setStyleSheet(
            f"QFrame#map_fog_box {{ background: {p.panel}; border: 1px solid {p.line}; border-radius: 8px; }}"
        )
        if not self.isHidden():
            self.place()
