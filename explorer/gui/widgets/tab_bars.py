"""The tab bars of docks behind each other, without those that Qt leaves behind."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar

_MOVES = (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ChildAdded)


class TabBars(QObject):
    """Hides the tab bars of a window that lie on no dock, whenever the layout has changed.

    With a second group of tabbed docks, Qt 6 makes more than one tab bar for it: one is moved with its docks, the
    others stay where they were first, over whatever is there. They belong to Qt and may be used again, so they are
    hidden, not deleted.

    Parameters
    ----------
    window : QMainWindow
        Its tabs are above the docks.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.tidy)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the tab bars once the layout is done."""
        if event.type() in _MOVES and self._window.isVisible():
            self._soon.start()
        return False

    def tidy(self) -> None:
        """Show each tab bar that lies on a dock of its own, and hide the others whose docks have such a one."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        bars = self._window.findChildren(QTabBar, options=direct)
        docks = {
            dock.windowTitle(): dock
            for dock in self._window.findChildren(QDockWidget, options=direct)
            if self._window.tabifiedDockWidgets(dock) and not dock.isFloating()
        }
        # Of two at the same place the one that was made last is in use.
        lying = {frozenset(_titles(bar)): bar for bar in bars if _lies_on_dock(bar, docks)}
        named = {title for titles in lying for title in titles}
        for bar in bars:
            if bar in lying.values():
                bar.show()
            elif all(title in named or title not in docks for title in _titles(bar)):
                bar.hide()


def _titles(bar: QTabBar) -> list[str]:
    return [bar.tabText(i).replace("&", "") for i in range(bar.count())]


def _lies_on_dock(bar: QTabBar, docks: dict[str, QDockWidget]) -> bool:
    """Whether one of a bar's docks is seen right below it."""
    place = bar.geometry()
    return any(
        docks[title].x() == place.x() and docks[title].y() == place.bottom() + 1
        for title in _titles(bar)
        if title in docks
    )
