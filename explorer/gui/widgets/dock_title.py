"""The title row of a dock: its name, and two quiet buttons. Among tabs, which have the names, only a grip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QSizePolicy, QToolButton, QWidget

from explorer.gui.icons import icon
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Words

_GRIP = GRID
_SIDE = 14


class DockTitle(QWidget):
    """Takes the place of a dock's own title bar: it is dragged, and double-clicked to float, like that one.

    Parameters
    ----------
    dock : QDockWidget
    """

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._dock = dock
        name = dock.windowTitle()
        self.setObjectName(f"{dock.objectName()}_title")
        self.setAccessibleName(f"Title of the {name} panel")
        self.setToolTip(f"Drag the {name} panel to another place")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name = Words(name, "small", "muted", wrap=False)
        self._float = self._button("float", f"Let the {name} panel float, or put it back")
        self._float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self._close = self._button("close", f"Hide the {name} panel; the View menu brings it back")
        self._close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + GRID // 2, GRID // 2, GRID // 2, 0)
        row.setSpacing(0)
        row.addWidget(self._name, 1)
        row.addWidget(self._float)
        row.addWidget(self._close)
        theme().changed.connect(self._restyle)
        dock.topLevelChanged.connect(self.refresh)
        dock.dockLocationChanged.connect(self.refresh)
        dock.visibilityChanged.connect(self.refresh)
        self._restyle()

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{self._dock.objectName()}_{name}")
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setIconSize(QSize(_SIDE, _SIDE))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def refresh(self) -> None:
        """Show the name where no tab does."""
        tabbed = self.tabbed
        if tabbed == self._name.isHidden():
            return
        for part in (self._name, self._float, self._close):
            part.setHidden(tabbed)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(GRID + GRID // 2, 0 if tabbed else GRID // 2, GRID // 2, 0)
        self.updateGeometry()
        self.update()

    @property
    def tabbed(self) -> bool:
        """Whether the dock is one of several behind each other."""
        window = self._dock.parentWidget()
        return (
            isinstance(window, QMainWindow)
            and not self._dock.isFloating()
            and bool(window.tabifiedDockWidgets(self._dock))
        )

    def minimumSizeHint(self) -> QSize:
        """Ask for the row, or for the grip alone."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), _GRIP) if self._name.isHidden() else hint

    def sizeHint(self) -> QSize:
        """Ask for the row, or for the grip alone."""
        hint = super().sizeHint()
        return QSize(hint.width(), _GRIP) if self._name.isHidden() else hint

    def event(self, event: QEvent) -> bool:
        """Leave the mouse to the dock, which drags and floats itself by it."""
        if event.type() in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonRelease,
            QEvent.Type.MouseButtonDblClick,
        ):
            event.ignore()
            return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, and the grip where it stands alone."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("panel"))
        if self._name.isHidden():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("line"))
            painter.drawRoundedRect(QRectF(self.width() / 2 - 2 * GRID, self.height() / 2 - 1, 4 * GRID, 3), 1.5, 1.5)

    def _restyle(self) -> None:
        for button, name in ((self._float, "float"), (self._close, "close")):
            button.setIcon(icon(name, theme().color("muted", 0.75), side=_SIDE))
