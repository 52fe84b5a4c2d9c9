"""A panel that shows what it has, or why it has nothing and what to do."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from explorer.gui.widgets.empty import EmptyState


class Stages(QStackedWidget):
    """Empty states by name, and the panel's body; only the one shown counts for the size.

    Pages scroll where a small screen or large letters leave too little room: nothing is cut.
    """

    def __init__(self, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: dict[str, QScrollArea] = {}
        self._empty: dict[str, EmptyState] = {}
        self._add("body", body)

    def add_empty(self, name: str, state: EmptyState) -> None:
        """Add an empty state."""
        state.setObjectName(f"empty-{name}")
        self._empty[name] = state
        self._add(name, state)

    def _add(self, name: str, page: QWidget) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        # A scroll area would give its page an opaque background of its own.
        area.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        self._pages[name] = area
        self.addWidget(area)

    def go(self, name: str, advice: str = "") -> None:
        """Show the page called `name`; `advice` replaces what an empty state says."""
        if advice and name in self._empty:
            self._empty[name].advice.setText(advice)
        self.setCurrentWidget(self._pages[name])

    @property
    def stage(self) -> str:
        """The name of the page that is shown."""
        return next(name for name, page in self._pages.items() if page is self.currentWidget())

    def minimumSizeHint(self) -> QSize:
        """Ask for little: the pages scroll."""
        return QSize(120, 80)
