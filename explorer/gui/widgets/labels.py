"""Words in the theme's fonts and colours, and words that are shortened rather than cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from explorer.gui.theme import Role, theme


class Words(QLabel):
    """A label in one of the theme's fonts and colours; it wraps where there is no room.

    Parameters
    ----------
    text : str
        Plain text, never read as HTML: names come from files.
    role : {"small", "body", "title", "number"}
        The font.
    color : str
        A colour's role in the palette: "text", "muted", "bad" …
    wrap : bool
        Whether it may break into lines.
    """

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        color: str = "text",
        *,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role: Role = role
        self._color = color
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_color(self, color: str) -> None:
        """Show the words in another of the palette's colours."""
        if color != self._color:
            self._color = color
            self._restyle()

    def _restyle(self) -> None:
        self.setFont(theme().font(self._role))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().color(self._color))
        self.setPalette(palette)


class Elided(Words):
    """One line of words, shortened by an ellipsis where there is no room; the tool tip then has them in full."""

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        color: str = "text",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, color, wrap=False, parent=parent)
        self._mode, self._explanation = mode, ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show `text`."""
        super().setText(text)
        self._explain()

    def explain(self, explanation: str) -> None:
        """Have the tool tip say what the words mean, also where they fit."""
        self._explanation = explanation
        self._explain()

    def minimumSizeHint(self) -> QSize:
        """Ask for a few letters only."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.averageCharWidth() * 6, metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the words in full by tool tip where they no longer fit."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, shortened where needed."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        text = QFontMetrics(self.font()).elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.contentsRect(), self.alignment(), text)

    def _explain(self) -> None:
        fits = QFontMetrics(self.font()).horizontalAdvance(self.text()) <= self.width()
        self.setToolTip("\n".join(part for part in ("" if fits else self.text(), self._explanation) if part))


class Readout(Elided):
    """One line of words that change under the hand: it asks for the most room that it has needed, and gives none back.

    What stands beside it so stays where it is. Where there is no room it is shortened.
    """

    def __init__(
        self, text: str = "", role: Role = "number", color: str = "text", *, parent: QWidget | None = None
    ) -> None:
        self._widest = 0
        super().__init__(text, role, color, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for the widest words so far."""
        metrics = QFontMetrics(self.font())
        self._widest = max(self._widest, metrics.horizontalAdvance(self.text()) + 1)
        return QSize(self._widest, metrics.height())

    def _restyle(self) -> None:
        self._widest = 0  # other letters take other room
        super()._restyle()
