"""The strip of tools in the map's corner, with icons drawn here."""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPainterPath
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from explorer.gui.icons import SIDE, Draw, drawn
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.motion import reduced_motion

Tool = Literal["decode", "box", "lasso", "turn"]
TOOLS: dict[Tool, tuple[str, str]] = {
    "decode": (
        "Drag the handle (D)",
        "Press anywhere to put the handle there and drag it: what is under it is decoded",
    ),
    "box": ("Select in a box (B)", "Drag a box around samples. Ctrl or Shift adds to the selection"),
    "lasso": ("Select with a lasso (L)", "Draw a loop around samples. Ctrl or Shift adds to the selection"),
    "turn": (
        "Turn the map (T)",
        "Drag to turn it. With any tool the right button does, or Alt; Alt and the arrow keys turn it too",
    ),
}
IN_SPACE = ("turn", "orbit", "front")
"""The buttons that only a map of three coordinates needs."""
BACKDROPS = ("lattice", "fog")
"""The buttons for what can be drawn behind the points."""


def _decode(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(10, 10), 3.2, 3.2)
    for angle in range(0, 360, 90):
        way = QPointF(math.cos(math.radians(angle)), math.sin(math.radians(angle)))
        side = QPointF(-way.y(), way.x())
        tip = QPointF(10, 10) + way * 8.6
        painter.drawLines([QLineF(tip, tip - way * 2.4 + side * 2.4), QLineF(tip, tip - way * 2.4 - side * 2.4)])


def _box(painter: QPainter) -> None:
    pen = painter.pen()
    pen.setDashPattern([2.2, 1.8])
    painter.setPen(pen)
    painter.drawRect(QRectF(3, 4, 14, 12))


def _lasso(painter: QPainter) -> None:
    loop = QPainterPath(QPointF(6.2, 13.2))
    loop.cubicTo(QPointF(-1, 9), QPointF(4, 2.5), QPointF(10.5, 3))
    loop.cubicTo(QPointF(19, 3.5), QPointF(20, 12.5), QPointF(11, 13.2))
    loop.cubicTo(QPointF(9, 13.4), QPointF(7.5, 13.6), QPointF(6.2, 13.2))
    loop.cubicTo(QPointF(5, 15), QPointF(6.5, 17), QPointF(9, 17.5))
    painter.drawPath(loop)


def _turn(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(10, 10), 3.4, 7.4)
    painter.drawArc(QRectF(2.2, 6.2, 15.6, 7.6), 150 * 16, 240 * 16)
    painter.drawPolyline([QPointF(13.6, 13.9), QPointF(16.9, 12.6), QPointF(17.6, 15.9)])


def _orbit(painter: QPainter) -> None:
    painter.drawArc(QRectF(3, 3, 14, 14), 40 * 16, 280 * 16)
    painter.drawPolyline([QPointF(15.6, 1.8), QPointF(15.4, 5.6), QPointF(11.6, 5.4)])
    painter.setBrush(painter.pen().color())
    painter.drawPolygon([QPointF(8.4, 7.2), QPointF(13, 10), QPointF(8.4, 12.8)])


def _front(painter: QPainter) -> None:
    outline = ((10, 2.5), (16.5, 6), (16.5, 13.5), (10, 17.5), (3.5, 13.5), (3.5, 6))
    painter.drawPolygon([QPointF(x, y) for x, y in outline])
    painter.drawPolyline([QPointF(3.5, 6), QPointF(10, 9.5), QPointF(16.5, 6)])
    painter.drawLine(QLineF(10, 9.5, 10, 17.5))


def _fit(painter: QPainter) -> None:
    for x, y, dx, dy in ((3, 3, 1, 1), (17, 3, -1, 1), (3, 17, 1, -1), (17, 17, -1, -1)):
        painter.drawPolyline([QPointF(x + 4 * dx, y), QPointF(x, y), QPointF(x, y + 4 * dy)])
    painter.setBrush(painter.pen().color())
    for at in (QPointF(8, 11), QPointF(11.5, 8.5), QPointF(12, 12)):
        painter.drawEllipse(at, 0.7, 0.7)


def _style(painter: QPainter) -> None:
    for y, at in ((5, 13), (10, 6.5), (15, 11)):
        painter.drawLines([QLineF(3, y, at - 2.2, y), QLineF(at + 2.2, y, 17, y)])
        painter.drawEllipse(QPointF(at, y), 2.2, 2.2)


def _equal(painter: QPainter) -> None:
    painter.drawPolyline([QPointF(4, 3), QPointF(4, 16), QPointF(17, 16)])
    painter.drawLines([QLineF(8, 7.5, 15, 7.5), QLineF(8, 11.5, 15, 11.5)])


def _lattice(painter: QPainter) -> None:
    for x in (3, 11.5):
        for y in (3, 11.5):
            painter.drawRoundedRect(QRectF(x, y, 5.5, 5.5), 1, 1)


def _fog(painter: QPainter) -> None:
    for y, left, right in ((4.5, 6, 17), (8.2, 3, 9), (8.2, 13, 17), (11.9, 3, 7), (11.9, 11, 17), (15.6, 3, 14)):
        painter.drawLine(QLineF(left, y, right, y))


_DRAWN: dict[str, Draw] = {
    "decode": _decode, "box": _box, "lasso": _lasso, "turn": _turn, "fit": _fit, "equal": _equal, "style": _style,
    "lattice": _lattice, "fog": _fog, "orbit": _orbit, "front": _front,
}  # fmt: skip


def icon(name: str) -> QIcon:
    """Return one of the strip's icons in the theme's colours."""
    normal, color = QIcon.Mode.Normal, theme().color
    return drawn(
        _DRAWN[name], {(normal, QIcon.State.Off): color("muted"), (normal, QIcon.State.On): color("accent")}, SIDE
    )


class ToolStrip(QFrame):
    """Buttons for the tools, for fitting the view, for one scale on all axes, and for turning what has three."""

    tool_chosen = Signal(str)
    fit_asked = Signal()
    style_asked = Signal(bool)
    equal_asked = Signal(bool)
    orbit_asked = Signal(bool)
    front_asked = Signal()
    backdrop_asked = Signal(str, bool)
    """Something of `BACKDROPS` should be shown, or no longer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_tools")
        self.setAccessibleName("Map tools")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self._tips: dict[str, str] = {}
        for tool, (title, help_) in TOOLS.items():
            button = self._button(tool, title, help_)
            button.setCheckable(True)
            self._group.addButton(button)
            button.clicked.connect(lambda _checked=False, tool=tool: self.tool_chosen.emit(tool))
        layout.addSpacing(GRID - 2)
        fit = self._button("fit", "Show all (F)", "Fit the view to all samples")
        fit.clicked.connect(self.fit_asked)
        equal = self._button(
            "equal", "Equal scale (E)", "A unit is as long on every axis, so that distances look as they are"
        )
        equal.setCheckable(True)
        equal.setChecked(True)
        equal.toggled.connect(self.equal_asked)
        style = self._button("style", "How they are drawn", "Size, opacity, density, contours")
        style.setCheckable(True)
        style.toggled.connect(self.style_asked)
        for name, title, help_ in (
            ("lattice", "Decoded samples (G)", "What the model makes of each place, small, behind the samples"),
            ("fog", "Fog off the manifold (M)", "Shades the places whose codes are unlike those of any sample"),
        ):
            button = self._button(name, title, help_)
            button.setCheckable(True)
            button.toggled.connect(lambda on, name=name: self.backdrop_asked.emit(name, on))
            button.hide()
        orbit = self._button("orbit", "Let it turn (O)", "The map turns gently; it stands while you point or drag")
        orbit.setCheckable(True)
        orbit.toggled.connect(self.orbit_asked)
        front = self._button("front", "First view (R)", "Turn the map back as it was at first")
        front.clicked.connect(self.front_asked)
        self.show_space(False)
        self.show_tool("decode")
        self.restyle()

    def _button(self, name: str, title: str, help_: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"map_tool_{name}")
        button.setAccessibleName(title)
        self._tips[name] = f"<b>{title}</b><br>{help_}"
        button.setToolTip(self._tips[name])
        button.setIconSize(QSize(SIDE, SIDE))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(button)
        self._buttons[name] = button
        return button

    def show_tool(self, tool: str) -> None:
        """Mark the tool in use."""
        self._buttons[tool].setChecked(True)

    def hide_tool(self, tool: str) -> None:
        """Leave a tool out."""
        self._buttons[tool].hide()
        self.adjustSize()

    def show_space(self, space: bool) -> None:
        """Show the buttons for a map of three coordinates, or hide them."""
        for name in IN_SPACE:
            self._buttons[name].setVisible(space)
        self._buttons["style"].setVisible(not space)
        if space:
            self.show_styling(False)
        orbit = self._buttons["orbit"]
        if space and reduced_motion():
            orbit.setEnabled(False)
            orbit.setToolTip("The desktop asks programs not to move things by themselves")
        self.adjustSize()

    def show_backdrops(self, obstacles: dict[str, str]) -> None:
        """Offer what can be drawn behind the points; of what cannot be, say why."""
        for name, obstacle in obstacles.items():
            button = self._buttons[name]
            button.show()
            button.setEnabled(not obstacle)
            button.setToolTip(f"{self._tips[name]}<br>{obstacle}" if obstacle else self._tips[name])
        self.adjustSize()

    def show_backdrop(self, name: str, shown: bool) -> None:
        """Mark whether something is drawn behind the points."""
        self._buttons[name].setChecked(shown)

    def press(self, name: str) -> None:
        """Do what a click on a button would do, where it is offered."""
        if not self._buttons[name].isHidden():
            self._buttons[name].click()

    def show_orbiting(self, orbiting: bool) -> None:
        """Mark whether the map turns by itself."""
        self._buttons["orbit"].setChecked(orbiting)

    def show_styling(self, shown: bool) -> None:
        """Mark whether the choices of how points are drawn are shown."""
        self._buttons["style"].setChecked(shown)

    def show_equal(self, equal: bool) -> None:
        """Mark whether both axes have one scale."""
        self._buttons["equal"].setChecked(equal)

    def restyle(self) -> None:
        """Take the theme's colours."""
        p = theme().palette
        for name, button in self._buttons.items():
            button.setIcon(icon(name))
        self.setStyleSheet(
            f"QFrame#map_tools {{ background: {p.panel}; border: 1px solid {p.line}; border-radius: 8px; }}"
            f"QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px;"
            f" background: transparent; }}"
            f"QToolButton:hover, QToolButton:checked {{ background: {p.window}; }}"
            f"QToolButton:focus {{ border-color: {p.accent}; }}"
        )
        self.adjustSize()
