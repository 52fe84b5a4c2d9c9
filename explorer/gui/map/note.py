"""What lies over the map's upper edge: a remark, with what to do about it, or how far a layout is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from explorer.gui.theme import GRID, theme


class MapNote(QFrame):
    """A pill of words, maybe with a bar and a button; hidden while it has none."""

    pressed = Signal()
    """The button was pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.setObjectName("map_note")
        self.setAccessibleName("Remark on the map")
        self.words = QLabel(self)
        self.words.setObjectName("map_note_words")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(self)
        self.bar.setObjectName("map_note_progress")
        self.bar.setAccessibleName("Progress of the layout")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(96)
        self.button = QPushButton(self)
        self.button.setObjectName("map_note_button")
        self.button.setAccessibleName("What can be done about the remark")
        self.button.setToolTip("What can be done about the remark")
        self.button.clicked.connect(lambda: self.pressed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 4, 3, GRID + 4, 3)
        row.setSpacing(GRID)
        for widget in (self.words, self.bar, self.button):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        theme().changed.connect(self.restyle)
        self.restyle()
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of a map that takes another size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.place()
        return super().eventFilter(watched, event)

    @property
    def text(self) -> str:
        """What it says; empty while hidden."""
        return self.words.text()

    def tell(self, text: str, *, button: str = "", help_: str = "", fraction: float | None = None) -> None:
        """Say something, or nothing.

        Parameters
        ----------
        text : str
        button, help_ : str
            The button's words and what it does; none where empty.
        fraction : float, optional
            How far something is; NaN where it is under way and nobody knows.
        """
        self.words.setText(text)
        self.button.setVisible(bool(button))
        if button:
            self.button.setText(button)
            self.button.setAccessibleName(help_)
            self.button.setToolTip(help_)
        self.bar.setVisible(fraction is not None)
        if fraction is not None:
            known = fraction == fraction
            self.bar.setRange(0, 1000 if known else 0)
            if known:
                self.bar.setValue(round(1000 * fraction))
        # Without anything to press it lets the mouse through to the map.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not button)
        self.setVisible(bool(text))
        self.place()

    def place(self) -> None:
        """Stand in the middle of the map's upper edge."""
        around = self._around
        # A layout tells its new size only later, at the next turn of the event loop.
        layout = self.layout()
        assert layout is not None
        layout.activate()
        size = layout.sizeHint().boundedTo(QSize(around.width() - 2 * GRID, around.height()))
        self.resize(size)
        self.move((around.width() - self.width()) // 2, GRID * 2)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        p = theme().palette
        for widget in (self.words, self.button):
            widget.setFont(theme().font("small"))
        self.setStyleSheet(
            f"QFrame#map_note {{ background: {p.panel}; border: 1px solid {p.line}; border-radius: 11px; }}"
            f"QLabel {{ color: {p.muted}; background: transparent; }}"
            f"QPushButton {{ padding: 1px 8px; border: 1px solid transparent; border-radius: 8px;"
            f" color: {p.accent}; background: transparent; }}"
            f"QPushButton:hover {{ background: {p.window}; }}"
            f"QPushButton:focus {{ border-color: {p.accent}; }}"
        )
        if self.isVisible():
            self.place()
