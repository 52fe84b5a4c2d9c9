"""The list of who is compared: a row with a box, a colour, what was tuned, and the gain on the sample that is shown."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from explorer.gui.bench.lineup import Entrant, Kind, Lineup
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.numbers import decibel

_ID = Qt.ItemDataRole.UserRole
_NOTE = Qt.ItemDataRole.UserRole + 1
_GAIN = Qt.ItemDataRole.UserRole + 2
_HEADINGS: dict[Kind, str] = {"run": "Trained runs", "classic": "Classical filters", "stack": "Stacks"}
_SWATCH = 18


class LineupList(QListWidget):
    """Entrants under headings; a tick compares one, the current one's settings are shown below the list."""

    current_changed = Signal(str)
    """The entrant that is current; empty where none is."""

    def __init__(self, lineup: Lineup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lineup = lineup
        self._quiet = False
        self._gains: dict[str, float] = {}
        self._shown: object = None
        self.setObjectName("bench_lineup")
        self.setAccessibleName("Denoisers to compare")
        self.setToolTip("Tick those to compare. The number is the gain on the sample that is shown")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Rows(self))
        self.itemChanged.connect(self._on_item)
        self.currentItemChanged.connect(lambda item, _: self._tell_current(item))
        theme().changed.connect(self._rebuild)
        lineup.changed.connect(self.refresh)
        self._rebuild()

    @property
    def current(self) -> str:
        """The id of the current entrant; empty where none is."""
        item = self.currentItem()
        return "" if item is None else str(item.data(_ID) or "")

    def set_current(self, id_: str) -> None:
        """Make an entrant the current one."""
        item = self.item_of(id_)
        if item is not None:
            self.setCurrentItem(item)
            self.scrollToItem(item)

    def item_of(self, id_: str) -> QListWidgetItem | None:
        """Return the row of an entrant."""
        return next((item for row in range(self.count()) if (item := self.item(row)).data(_ID) == id_), None)

    def set_gains(self, gains: dict[str, float]) -> None:
        """Show each entrant's gain on the sample, in dB; NaN for none."""
        self._gains = dict(gains)
        self._quiet = True
        for row in range(self.count()):
            item = self.item(row)
            gain = gains.get(str(item.data(_ID)), math.nan)
            text = "" if math.isnan(gain) else decibel(gain)
            if text != item.data(_GAIN):
                item.setData(_GAIN, text)
                self._describe(item)
        self._quiet = False

    def refresh(self) -> None:
        """Follow the lineup."""
        state = [(each, self._lineup.is_chosen(each.id), self._note(each)) for each in self._lineup.entrants]
        colours = [self._lineup.color(each.id) for each in self._lineup.entrants]
        if (state, colours) != self._shown:
            self._rebuild()

    def _rebuild(self) -> None:
        state = [(each, self._lineup.is_chosen(each.id), self._note(each)) for each in self._lineup.entrants]
        self._shown = (state, [self._lineup.color(each.id) for each in self._lineup.entrants])
        current, place = self.current, self.verticalScrollBar().value()
        self._quiet = True
        self.blockSignals(True)
        self.clear()
        for kind, heading in _HEADINGS.items():
            members = [each for each in self._lineup.entrants if each.kind == kind]
            if not members:
                continue
            title = QListWidgetItem(heading, self)
            title.setFlags(Qt.ItemFlag.NoItemFlags)
            for each in members:
                self._add(each)
        for name, reason in self._lineup.failed.items():
            item = QListWidgetItem(f"{name} (cannot be loaded)", self)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setToolTip(reason)
        found = self.item_of(current)
        self.setCurrentItem(found) if found is not None else self.setCurrentRow(-1)
        self.blockSignals(False)
        self.verticalScrollBar().setValue(place)
        self._quiet = False
        self.set_gains(self._gains)
        if found is None and current:
            self.current_changed.emit("")

    def _add(self, each: Entrant) -> None:
        item = QListWidgetItem(each.title, self)
        item.setData(_ID, each.id)
        item.setData(_NOTE, self._note(each))
        item.setData(_GAIN, "")
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if not each.obstacle else flags)
        chosen = self._lineup.is_chosen(each.id) and not each.obstacle
        item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
        item.setIcon(swatch(self._lineup.style(each.id) if chosen else None))
        self._describe(item)

    def _describe(self, item: QListWidgetItem) -> None:
        words = [item.text(), str(item.data(_NOTE) or ""), str(item.data(_GAIN) or "")]
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, words)))
        item.setToolTip("\n".join(filter(None, words)))

    def _note(self, each: Entrant) -> str:
        """Return the small line of an entrant: what it cannot, or how it is set."""
        if each.obstacle:
            return each.obstacle
        lineup = self._lineup
        if each.kind == "stack":
            return "tuned" if each.text in lineup.tuned else ""
        if each.kind == "run":
            return ""
        settings = lineup.shown_settings(each.id)
        shown = ", ".join(f"{name.replace('_', ' ')} {_short(value)}" for name, value in settings.items())
        if lineup.settings(each.id) is not None:
            return f"by hand: {shown or 'defaults'}"
        return f"tuned: {shown or 'defaults'}" if each.text in lineup.tuned else "not tuned yet"

    def _on_item(self, item: QListWidgetItem) -> None:
        id_ = item.data(_ID)
        if not self._quiet and id_:
            self._lineup.choose(str(id_), item.checkState() == Qt.CheckState.Checked)

    def _tell_current(self, item: QListWidgetItem | None) -> None:
        if not self._quiet:
            self.current_changed.emit("" if item is None else str(item.data(_ID) or ""))

    def sizeHint(self) -> QSize:
        """Ask for some rows; it scrolls."""
        return QSize(30 * self.fontMetrics().averageCharWidth(), 280)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def swatch(style: CurveStyle | None) -> QIcon:
    """Return a short line as an entrant's curves look; an empty place for one that is not compared."""
    ratio = 2
    pixmap = QPixmap(_SWATCH * ratio, _SWATCH * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    if style is not None:
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(style.qcolor(), 3)
        if style.dashed:
            pen.setDashPattern([1.6, 1.2])
        painter.setPen(pen)
        painter.drawLine(1, _SWATCH // 2, _SWATCH - 1, _SWATCH // 2)
        painter.end()
    return QIcon(pixmap)


def draw_check(painter: QPainter, around: QRectF, *, on: bool, enabled: bool) -> None:
    """Draw a box with or without its tick; Fusion's own cannot be seen on a dark field."""
    side = min(around.width(), around.height(), 14.0)
    box = QRectF(around.center().x() - side / 2, around.center().y() - side / 2, side, side)
    painter.setPen(QPen(theme().color("accent" if on else "muted", 1.0 if enabled else 0.35), 1.2))
    painter.setBrush(theme().color("accent") if on else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 3, 3)
    if on:
        painter.setPen(QPen(theme().color("accent_text"), 1.6))
        corner, unit = box.topLeft(), side / 10
        painter.drawPolyline([corner + QPointF(x * unit, y * unit) for x, y in ((2.3, 5.2), (4.3, 7.3), (7.9, 2.9))])


class _Rows(QStyledItemDelegate):
    """Draws a title with its note below and its gain at the right; a heading small and quiet."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a row."""
        self.initStyleOption(option, index)
        widget = option.widget  # type: ignore[attr-defined] - PySide's stubs leave the fields out
        text = option.text  # type: ignore[attr-defined]
        style = QApplication.style() if widget is None else widget.style()
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = theme().font("small")
        if not index.data(_ID):
            painter.setFont(small)
            painter.setPen(theme().color("muted"))
            place = rect.adjusted(GRID // 2, 0, -GRID // 2, -2)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), text)
            painter.restore()
            return
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            # A tint: the colours of the curves must be seen on it as elsewhere.
            painter.setPen(
                QPen(theme().color("accent"), 1) if state & QStyle.StateFlag.State_HasFocus else Qt.PenStyle.NoPen
            )
            painter.setBrush(theme().color("accent", 0.16))
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        can = bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)
        box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, widget)
        draw_check(painter, QRectF(box), on=option.checkState == Qt.CheckState.Checked, enabled=can)  # type: ignore[attr-defined]
        picture = style.subElementRect(QStyle.SubElement.SE_ItemViewItemDecoration, option, widget)
        option.icon.paint(painter, picture)  # type: ignore[attr-defined]
        place = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, widget)
        place.setRight(rect.right() - GRID)
        ink, quiet = theme().color("text"), theme().color("muted")
        gain, note = str(index.data(_GAIN) or ""), str(index.data(_NOTE) or "")
        numbers, body = theme().font("number"), theme().font("body")
        top = QRect(place.left(), rect.top(), place.width(), rect.height() if not note else rect.height() * 6 // 10)
        painter.setFont(numbers)
        painter.setPen(ink)
        right = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        painter.drawText(top, right, gain)
        room = top.width() - (QFontMetrics(numbers).horizontalAdvance(gain) + GRID if gain else 0)
        painter.setFont(body)
        painter.setPen(ink if can else quiet)
        title = QFontMetrics(body).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), title)
        if note:
            painter.setFont(small)
            painter.setPen(quiet)
            below = QRect(place.left(), top.bottom(), place.width(), rect.bottom() - top.bottom() - 1)
            words = QFontMetrics(small).elidedText(note, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(below, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room of one line, or of two where there is a note."""
        body, small = QFontMetrics(theme().font("body")).height(), QFontMetrics(theme().font("small")).height()
        if not index.data(_ID):
            return QSize(0, small + GRID)
        return QSize(0, body + GRID // 2 + (small if index.data(_NOTE) else 2))
