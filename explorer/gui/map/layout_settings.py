"""The settings of t-SNE and UMAP, folded away behind a button of the map's header."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.errors import InputError
from explorer.gui.forms import ParameterForm
from explorer.gui.outlook import TITLES, Method
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Words

WIDTH = 38 * GRID


class LayoutSettings(QFrame):
    """A card over the map's corner with the declared parameters of a method; it decides nothing."""

    changed = Signal(str, dict)
    """The person set the parameters of a method; only those that fit are told."""
    pressed = Signal()
    """The person wants the codes laid out with them, or the layout that is made given up."""
    closed = Signal()
    """The person folded it away from within."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self._method: Method | None = None
        self._quiet = False
        self._button: QWidget | None = None
        self.form: ParameterForm | None = None
        self.setObjectName("layout_card")
        self.setAccessibleName("Settings of the layout")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.heading = Words("", "body", "text", wrap=False)
        self.words = Words("", "small", "warn", wrap=False)
        self.words.setObjectName("layout_card_words")
        self.button = QPushButton()
        self.button.setObjectName("layout_card_button")
        self.button.clicked.connect(lambda: self.pressed.emit())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GRID + 4, GRID, GRID + 4, GRID)
        self._column.setSpacing(GRID)
        foot = QHBoxLayout()
        foot.addWidget(self.words)
        foot.addStretch(1)
        foot.addWidget(self.button)
        self._column.addWidget(self.heading)
        self._column.addLayout(foot)
        theme().changed.connect(self.update)
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay within a map that takes another size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self.place()
        return super().eventFilter(watched, event)

    def show_method(self, method: Method, params: dict[str, Any]) -> None:
        """Show the parameters of a method as they are chosen; the defaults of those that are not named."""
        from explorer.analysis.projections import METHODS  # not needed before somebody looks

        if method != self._method:
            if self.form is not None:
                self._column.removeWidget(self.form)
                self.form.deleteLater()
            self._method = method
            self.form = ParameterForm(METHODS[method])
            self.form.changed.connect(self._edited)
            self._column.insertWidget(1, self.form)
            self.heading.setText(f"Settings of {TITLES[method]}")
        assert self.form is not None
        if self._values() not in (None, params):  # what is half typed stays
            self._quiet = True
            self.form.set_values(params)
            self._quiet = False

    def tell(self, work: str, *, changed: bool, stale: bool) -> None:
        """Say how far a layout is that is made, else whether what is shown is of other settings or of earlier codes."""
        words = "Settings changed, run again." if changed else "The run has trained on since." if stale else ""
        self.words.set_color("muted" if work else "warn")
        self.words.setText(work or words)
        text, help_ = (
            ("Cancel", "Give up the layout; the map stays as it is") if work else
            ("Lay out again", "Lay the codes out with these settings; the map stays as it is until then")
        )  # fmt: skip
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self.button.setToolTip(help_)
        self.button.setEnabled(bool(work) or self._values() is not None)

    def _values(self) -> dict[str, Any] | None:
        """Return what the form says; None while something in it does not fit."""
        assert self.form is not None
        try:
            return self.form.values()
        except InputError:
            return None

    def _edited(self) -> None:
        values = self._values()
        if self._quiet or self._method is None:
            return
        if values is None:
            self.button.setEnabled(self.button.text() == "Cancel")
        else:
            self.changed.emit(self._method, values)

    def stand_below(self, button: QWidget) -> None:
        """Take the button that folds it as its place."""
        self._button = button
        self.place()

    def place(self) -> None:
        """Stand below its button, within the map, as high as the form wants."""
        for inner in (self.form and self.form.layout(), self._column):
            if inner is not None:
                inner.activate()
        height, around = self._column.minimumHeightForWidth(WIDTH), self._around
        self.resize(QSize(WIDTH, height).boundedTo(QSize(around.width() - 2 * GRID, around.height() - 2 * GRID)))
        left = 0 if self._button is None else self._button.mapTo(around.window(), QPoint(0, 0)).x()
        left -= around.mapTo(around.window(), QPoint(0, 0)).x()
        self.move(max(GRID, min(left, around.width() - self.width() - GRID)), GRID)
        self.raise_()

    def event(self, event: QEvent) -> bool:
        """Follow what the form wants; keep Esc, which must not clear the selection too."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.place()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.closed.emit()
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card; a style sheet would take the words' own colours away."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().color("line"))
        painter.setBrush(theme().color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), GRID, GRID)
