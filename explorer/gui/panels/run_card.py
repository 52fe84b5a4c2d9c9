"""How a run is drawn in the list: as a card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from explorer.gui.panels.runs_model import BADGES, RUN, RunsModel
from explorer.gui.theme import GRID, theme
from explorer.workspace.run import Run

_Index = QModelIndex | QPersistentModelIndex
_PAD = GRID
_GAP = 2


class RunCard(QStyledItemDelegate):
    """Draws name and badge, recipe, metrics and course of a run, and its map in small on the left.

    Parameters
    ----------
    model : RunsModel
    thumbnail : callable
        Returns a run's map in small, or None; takes the run and the size in pixels.
    """

    def __init__(self, model: RunsModel, thumbnail: Callable[[Run, int], QPixmap | None], parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._thumbnail = model, thumbnail

    @staticmethod
    def _fonts() -> tuple[QFont, QFont]:
        body = theme().font("body")
        body.setWeight(QFont.Weight.DemiBold)
        return body, theme().font("small")

    def _heights(self) -> tuple[int, int]:
        body, small = self._fonts()
        return QFontMetrics(body).height(), QFontMetrics(small).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of a card: four lines, and one more for a warning."""
        name, line = self._heights()
        lines = 4 if self._model.warning(index.data(RUN)) else 3
        return QSize(20 * GRID, 2 * _PAD + name + lines * (line + _GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the card."""
        run: Run = index.data(RUN)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined] - PySide's stubs lack it
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)  # type: ignore[attr-defined] - as above
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined] - as above
        card: QRect = option.rect.adjusted(0, 1, 0, -1)  # type: ignore[attr-defined] - as above
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or hovered:
            painter.setPen(theme().color("accent") if focused and chosen else Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("window"))
            painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent"))
            painter.drawRoundedRect(QRectF(card.left(), card.top() + _PAD, 3, card.height() - 2 * _PAD), 1.5, 1.5)
        inside = card.adjusted(_PAD + 2, _PAD - 1, -_PAD, -_PAD + 1)
        self._draw_words(painter, run, self._draw_thumbnail(painter, run, inside))
        painter.restore()

    def _draw_thumbnail(self, painter: QPainter, run: Run, inside: QRect) -> QRect:
        """Draw the map where there is room for it, and return the room that is left."""
        name, line = self._heights()
        side = name + 3 * (line + _GAP)
        _, small = self._fonts()
        if inside.width() - side < 26 * QFontMetrics(small).averageCharWidth():
            return inside
        place = QRect(inside.left(), inside.top(), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("field" if theme().name == "dark" else "window"))
        painter.drawRoundedRect(place, 4, 4)
        if (pixmap := self._thumbnail(run, side)) is not None:
            painter.drawPixmap(place, pixmap)
        return inside.adjusted(side + GRID + 2, 0, 0, 0)

    def _draw_words(self, painter: QPainter, run: Run, room: QRect) -> None:
        body, small = self._fonts()
        name_height, line_height = self._heights()
        line = QRect(room.left(), room.top(), room.width(), name_height)
        badge_width = self._draw_badge(painter, run, line, small)
        painter.setFont(body)
        painter.setPen(theme().color("text"))
        _words(painter, line.adjusted(0, 0, -badge_width, 0), run.name)
        painter.setFont(small)
        line = QRect(room.left(), line.bottom() + 1 + _GAP, room.width(), line_height)
        painter.setPen(theme().color("muted"))
        _words(painter, line, self._model.subtitle(run))
        line.translate(0, line_height + _GAP)
        self._draw_metrics(painter, run, line)
        if warning := self._model.warning(run):
            line.translate(0, line_height + _GAP)
            painter.setPen(theme().color("warn"))
            _words(painter, line, warning)
        line.translate(0, line_height + _GAP)
        painter.setPen(theme().color("muted"))
        _words(painter, line, self._model.course(run))
        fraction = self._model.fraction(run)
        if fraction is not None:
            bar = QRectF(room.left(), line.bottom() + 2, room.width(), 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("line"))
            painter.drawRoundedRect(bar, 1.5, 1.5)
            painter.setBrush(theme().color("accent" if run.status == "training" else "muted"))
            painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * fraction, bar.height()), 1.5, 1.5)

    def _draw_badge(self, painter: QPainter, run: Run, line: QRect, font: QFont) -> int:
        """Draw the status where it needs a word, and return the room that it takes."""
        if run.status not in BADGES:
            return 0
        text, role = BADGES[run.status]
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(text) + 2 * GRID
        pill = QRectF(line.right() - width, line.center().y() - metrics.height() / 2, width, metrics.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(role, 0.16))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setFont(font)
        painter.setPen(theme().color(role))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return width + GRID

    def _draw_metrics(self, painter: QPainter, run: Run, line: QRect) -> None:
        x = line.left()
        metrics = painter.fontMetrics()
        for position, (text, role) in enumerate(self._model.metrics(run)):
            if position:
                painter.setPen(theme().color("muted"))
                painter.drawText(QPoint(x, line.top() + metrics.ascent()), " · ")
                x += metrics.horizontalAdvance(" · ")
            painter.setPen(theme().color(role))
            room = QRect(x, line.top(), line.right() - x, line.height())
            if room.width() <= 0:
                return
            _words(painter, room, text)
            x += metrics.horizontalAdvance(text)

    # Renaming in place

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return a line to rename the run."""
        editor = QLineEdit(parent)
        editor.setObjectName("rename_run")
        editor.setAccessibleName("Name of the run")
        editor.setToolTip("Return keeps the name, Esc leaves it as it was")
        editor.setLocale(QLocale.c())
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Place it over the name."""
        rect: QRect = option.rect  # type: ignore[attr-defined] - PySide's stubs lack it
        editor.setGeometry(rect.left() + 2, rect.top() + 2, rect.width() - 4, editor.sizeHint().height())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keep Esc to the editor: it must not clear the selection of samples too."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().eventFilter(editor, event)


def _words(painter: QPainter, room: QRect, text: str) -> None:
    """Draw words on a line, shortened where they do not fit; the tool tip has them in full."""
    text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
