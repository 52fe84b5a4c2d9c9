"""A dock of pages: a list of them at the left, one of them at the right, each made when it is first seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from explorer.gui.theme import GRID, theme

if TYPE_CHECKING:
    from explorer.gui.controller import Controller


@dataclass(frozen=True)
class PageEntry:
    """A page of a dock: its title in list and menu, what it tells, and the class that makes it."""

    title: str
    tip: str
    module: str
    cls: str

    def make(self, controller: Controller) -> Any:
        """Import the page and make it."""
        return getattr(import_module(self.module), self.cls)(controller)


class PagesPanel(QWidget):
    """Shows one page at a time.

    Parameters
    ----------
    controller : Controller
    """

    pages: ClassVar[Mapping[str, PageEntry]]
    name: ClassVar[str]
    """Of the dock: "analysis"."""
    title: ClassVar[str]
    """Of the list, for those who cannot see it."""
    tip: ClassVar[str]

    train_requested = Signal()
    """The person wants to train the model of the form."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._made: dict[str, QWidget] = {}
        self.list = QListWidget(self)
        self.list.setObjectName(f"{self.name}_pages")
        self.list.setAccessibleName(self.title)
        self.list.setToolTip(self.tip)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        for name, entry in self.pages.items():
            item = QListWidgetItem(entry.title, self.list)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(entry.tip)
        self._stack = QStackedWidget(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID // 2, GRID // 2, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.list)
        row.addWidget(self._stack, 1)
        self._restyle()
        theme().changed.connect(self._restyle)
        self._choose(str(QSettings().value(self._setting, "")))
        self.list.currentItemChanged.connect(self._show_current)

    @property
    def _setting(self) -> str:
        return f"{self.name}/page"

    @property
    def page(self) -> Any:
        """The page that is shown; None before any was."""
        return self._made.get(self._current())

    def show_page(self, name: str) -> None:
        """Show the page called `name` in the registry."""
        self._choose(name)
        self._show_current()

    def _choose(self, name: str) -> None:
        names = list(self.pages)
        self.list.setCurrentRow(names.index(name) if name in names else 0)

    def _current(self) -> str:
        return self.list.currentItem().data(Qt.ItemDataRole.UserRole)

    def _show_current(self) -> None:
        name = self._current()
        if name not in self._made:
            page = self._made[name] = self.pages[name].make(self._controller)
            page.train_requested.connect(self.train_requested)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(self._made[name])
        QSettings().setValue(self._setting, name)

    def set_seen(self, seen: bool) -> None:
        """Show the page, or nothing: behind another tab a dock counts as visible, but need not be kept up to date."""
        self._stack.setVisible(seen)
        if seen:
            self._show_current()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the page that is to be seen."""
        if not self._stack.isHidden():
            self._show_current()
        super().showEvent(event)

    def sizeHint(self) -> QSize:
        """Ask for the room of a page with a plot."""
        return QSize(80 * GRID, 40 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Ask for little: the pages scroll."""
        return QSize(self.list.width() + 15 * GRID, 10 * GRID)

    def _restyle(self) -> None:
        p = theme().palette
        self.list.setFont(theme().font("body"))
        self.list.setStyleSheet(
            f"QListWidget {{ background: transparent; outline: none; }}"
            f" QListWidget::item {{ padding: 4px 8px; border-radius: 6px; color: {p.text}; }}"
            f" QListWidget::item:hover {{ background: {p.window}; }}"
            f" QListWidget::item:selected {{ background: {p.window}; color: {p.accent}; }}"
        )
        self.list.setFixedWidth(self.list.sizeHintForColumn(0) + 3 * GRID)
