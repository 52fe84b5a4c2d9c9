"""A calm strip that tells what happened, and what to do about it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Words

Level = Literal["info", "warn", "bad", "good"]
_COLORS: dict[Level, str] = {"info": "accent", "warn": "warn", "bad": "bad", "good": "good"}


class Banner(QWidget):
    """Words on a tint of their level's colour; hidden while there are none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._level: Level = "info"
        self.words = Words("", "small")
        self.words.setObjectName(f"{name}-text")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID + 4, 6, GRID, 6)
        layout.addWidget(self.words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)
        self.hide()

    @property
    def level(self) -> Level:
        """How grave it is."""
        return self._level

    @property
    def text(self) -> str:
        """What it tells; empty while hidden."""
        return self.words.text()

    def tell(self, level: Level, text: str) -> None:
        """Show `text`, or nothing."""
        self._level = level
        self.words.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tint and a bar at the left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        role = _COLORS[self._level]
        painter.setBrush(theme().color(role, 0.12))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setBrush(theme().color(role))
        painter.drawRoundedRect(QRectF(0, 0, 4, self.height()), 2, 2)
