"""The canvas: the map and the handle on it, painted from layers that are kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEasingCurve, QEvent, QPointF, QRectF, QVariantAnimation, Signal
from PySide6.QtGui import (
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from explorer.gui.jobs import Beside
from explorer.gui.map.colours import Colouring
from explorer.gui.map.gestures import Gestures
from explorer.gui.map.legend import Legend
from explorer.gui.map.moving import Moving
from explorer.gui.map.path import WindowPath
from explorer.gui.map.points import Bounded, PointsLayer
from explorer.gui.map.search import Search
from explorer.gui.map.still import Still
from explorer.gui.map.style import Style
from explorer.gui.map.surface import Surface
from explorer.gui.map.tools import Tool, ToolStrip
from explorer.gui.map.turning import Turning
from explorer.gui.map.view import MapView
from explorer.gui.map.viewing import Viewing
from explorer.gui.theme import GRID, theme

if TYPE_CHECKING:
    from explorer.analysis.camera import Camera
    from explorer.gui.map.backdrop import Backdrop
    from explorer.gui.map.style_box import StyleBox

MANY = 1 << 18
"""Points from which what concerns every one of them is found out beside the window."""


class MapCanvas(Surface):
    """Shows points and a handle, and tells what a person does to them. It changes nothing but its own view.

    Everything still is composed into one picture; a move of the handle copies it back where the handle was and
    draws only what moves. A map of three coordinates is drawn as a camera sees it: all that the hand does, it does in
    the plane of the screen.
    """

    handle_moved = Signal(object)
    """The hand put the handle at ``(2,)`` or ``(3,)`` in the map's coordinates; at every move of the mouse."""
    point_activated = Signal(int)
    """The handle should go onto this sample."""
    selection_asked = Signal(object)
    """These samples, int64 ascending, should be the selection."""
    hovered = Signal(int)
    """The sample under the pointer; -1 where there is none."""
    tool_changed = Signal(str)
    view_changed = Signal()
    camera_changed = Signal()
    """A turn of the map came to rest."""
    style_changed = Signal(object)
    points_came = Signal(bool)
    """Very many points, whose bounds were looked for beside the window, are here; whether they are another run's."""
    points_drawn = Signal()
    """A crowd was sorted, and every point of it is in the picture of the view."""
    context_asked = Signal(QPointF)
    """What can be done at this pixel should be offered."""
    shown_again = Signal()
    """It can be seen again."""
    hint_done = Signal()
    """The first drag is over: the hint need not be shown again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_canvas")
        self.setAccessibleName("Map of the codes")
        self.setAccessibleDescription(
            "Arrow keys move the handle, with Shift in bigger steps, with Alt the view. Enter puts it on the nearest "
            "sample, S selects that sample. Plus and minus zoom, F shows all, Escape clears the selection. A map of "
            "three coordinates is turned with Alt and the arrow keys, and by R to its first view."
        )
        self.points = PointsLayer(theme().palette)
        self.tool: Tool = "decode"
        self.flat = False
        self.handheld = True
        self.explained = True
        self.backdrops: list[Backdrop] = []
        """What is drawn behind the points, the hindmost first."""
        self.path = WindowPath(self)
        self._sketches: list[tuple[np.ndarray, tuple[np.ndarray, ...], dict[str, np.ndarray]]] = []
        self.moving = Moving(self)
        self.turning = Turning(self)
        self.still = Still(self)
        self._place: np.ndarray | None = None
        self._bounding = Beside(self)
        self.viewing = Viewing(self)
        self._colouring = Colouring()
        self._dragged = False
        self.search = Search(self)
        self.gestures = Gestures(self)
        self.tools = ToolStrip(self)
        self.tools.tool_chosen.connect(self.set_tool)
        self.tools.fit_asked.connect(self.fit)
        self.tools.equal_asked.connect(self.set_equal)
        self.tools.orbit_asked.connect(self.turning.set_orbiting)
        self.tools.front_asked.connect(self.turning.reset)
        self.tools.style_asked.connect(self._show_style_box)
        self._style_box: StyleBox | None = None
        self.legend = Legend(self)
        self.legend.class_clicked.connect(self._select_class)
        easy = QEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade = QVariantAnimation(self, duration=450, startValue=1.0, endValue=0.0, easingCurve=easy)
        self._fade.valueChanged.connect(self._fade_hint)
        theme().changed.connect(self._restyle)

    # What it shows

    def set_points(
        self, x: np.ndarray, y: np.ndarray, names: tuple[str, str], *, flat: bool = False, anew: bool = True
    ) -> None:
        """Show points ``(N,)`` in data coordinates, under axes of these names; more than `MANY`, as soon as may be.

        Parameters
        ----------
        x, y : ndarray
            Points that are not finite are not shown.
        names : tuple of str
            Of the axes.
        flat : bool
            Whether only x is a coordinate of the code: the handle then stays on the middle line.
        anew : bool
            Whether they are another run's: the view is fitted. Else they are the same, moved on by training: the
            view stays, unless it was fitted and they no longer fit it; it then follows calmly.
        """
        self._bounding.forget()
        if len(x) <= MANY:
            self._take_points(Bounded.of(x, y), names, flat=flat, anew=anew)
            return

        def take(points: Bounded) -> None:
            self._take_points(points, names, flat=flat, anew=anew)
            self.points_came.emit(anew)

        self._bounding.latest(lambda: Bounded.of(x, y), take)

    def _take_points(self, points: Bounded, names: tuple[str, str], *, flat: bool, anew: bool) -> None:
        self.flat = flat
        self._enter(space=False)
        self.points.take_points(points)
        self.still.axes.names = names
        self._shown(anew)

    def set_space(
        self, points: np.ndarray, names: tuple[str, ...], *, camera: Camera | None = None, anew: bool = True
    ) -> None:
        """Show points ``(N, 3)`` as a camera sees them; three `names` and `anew` as in `set_points`."""
        self._bounding.forget()
        self.flat = False
        self._enter(space=True)
        self.still.enter_space(names)
        self.turning.show(points, anew=anew, camera=camera)
        self._shown(anew)

    def _enter(self, *, space: bool) -> None:
        """Go over to a map of three coordinates, or to a flat one."""
        if not space and self.turning.active:
            self.tools.show_orbiting(False)
            self.turning.leave()
            if self.tool == "turn":
                self.set_tool("decode" if self.handheld else "box")
        self.tools.show_space(space)

    def _shown(self, anew: bool) -> None:
        """Fit the view to points that are new, or follow those that moved on."""
        self._see_handle()
        self._place_children()
        if anew:
            self.viewing.begin()
            self.view_changed.emit()
        else:
            self.viewing.follow()
        self._redraw()

    @property
    def dragging(self) -> bool:
        """Whether the hand holds the handle."""
        return self.gestures.mode == "drag"

    @property
    def busy(self) -> bool:
        """Whether the hand does something here, or the pointer rests on something."""
        return self.gestures.mode != "idle" or self.moving.hovered >= 0 or self.moving.handle.state != "rest"

    @property
    def has_points(self) -> bool:
        """Whether there is any point to show."""
        return self.points.index.bounds is not None

    def set_colouring(self, colouring: Colouring) -> None:
        """Colour the points, and explain it in the legend."""
        self._colouring = colouring
        self.points.set_colouring(colouring)
        self.legend.show_colouring(colouring)
        self._place_children()
        self._redraw()

    def set_style(self, style: Style) -> None:
        """Draw the points in another way, and tell so."""
        if style != self.points.style:
            self.points.set_style(style)
            if self._style_box is not None:
                self._style_box.show_style(style)
            self._redraw()
            self.style_changed.emit(style)

    def _show_style_box(self, shown: bool) -> None:
        if self._style_box is None:
            from explorer.gui.map.style_box import StyleBox  # the start need not load it

            self._style_box = StyleBox(self)
            self._style_box.style_chosen.connect(self.set_style)
            self._style_box.show_style(self.points.style)
        self._style_box.setVisible(shown)
        self._place_children()

    def set_selection(self, indices: np.ndarray) -> None:
        """Highlight these samples and dim the others."""
        self.points.set_selected(np.asarray(indices, dtype=np.int64))
        self._redraw()

    def set_describe(self, describe: Callable[[int], Sequence[str]]) -> None:
        """Use `describe(index)` for the lines that are shown while the pointer is over a point."""
        self.moving.describe = describe

    def set_handle(self, point: np.ndarray | None) -> None:
        """Put the handle at ``(D,)`` in the map's coordinates, or take it away. One out of view is brought into it."""
        self._place = None if point is None or not np.isfinite(point).all() else np.array(point, dtype=np.float64)
        before = self.moving.at
        self._see_handle()
        if self.moving.at != before and self.gestures.mode != "drag":
            self.viewing.reveal()

    def _see_handle(self) -> None:
        """Find where the handle is in the screen's plane, as the map is turned now."""
        place, space = self._place, self.turning.active
        at = None
        if place is not None and len(place) == (3 if space else 2):
            at = self.turning.at(place) if space else (float(place[0]), float(place[1]))
        if at != self.moving.at:
            with self.moving.changing():
                self.moving.at = at

    def set_approximate(self, approximate: bool) -> None:
        """Show by the handle whether what is under it is approximate."""
        if approximate != self.moving.handle.approximate:
            with self.moving.changing():
                self.moving.handle.approximate = approximate

    def watch_only(self, *, explained: bool = True) -> None:
        """Be a map without a handle: one looks and selects; where not `explained`, without a legend too."""
        self.handheld, self.explained = False, explained
        self.tools.hide_tool("decode")
        self.set_tool("box")
        self._place_children()

    def set_echo(self, index: int) -> None:
        """Ring the sample that the pointer is over on another map; -1 rings none."""
        self.moving.set_echo(index)

    def set_nearest(self, index: int | None) -> None:
        """Mark the real sample nearest to the handle, by a ring and a line; None marks none."""
        index = -1 if index is None else int(index)
        if index != self.moving.nearest:
            with self.moving.changing():
                self.moving.nearest = index

    def show_hint(self, shown: bool) -> None:
        """Show or hide the words that say what the handle is for."""
        self._fade.stop()
        self.moving.hint, self._dragged = (1.0 if shown else 0.0), False
        self.update()

    def show_path(self, index: int, *, shown: bool | None = None) -> None:
        """Join the points as windows of a recording, with the play-head on one of them; -1: they are no such.

        `shown` says whether the line is drawn, or only the play-head's ring.
        """
        path = self.path
        before = (path.active, path.shown)
        with self.moving.changing():
            path.index = index
            path.shown = path.shown if shown is None else shown
        if (path.active, path.shown) != before:
            self.backdrop_changed()

    def set_sketches(
        self, sketches: Sequence[tuple[np.ndarray, tuple[np.ndarray, ...], dict[str, np.ndarray]]]
    ) -> None:
        """Draw over the points: hollow points, lines and marked spots, ``(K, D)`` in the map's coordinates."""
        if sketches or self._sketches:
            self._sketches = list(sketches)
            self.backdrop_changed()

    def paint_sketches(self, painter: QPainter) -> None:
        """Draw what was sketched, as the map is turned now."""
        if not self._sketches:
            return
        from explorer.gui.map.sketch import Placed, paint  # the start need not load it

        def seen(places: np.ndarray) -> np.ndarray:
            if not self.turning.active or places.shape[-1] != 3:
                return places
            return np.array([self.turning.at(place) for place in places]).reshape(-1, 2)

        for points, lines, spots in self._sketches:
            placed = Placed(
                seen(points), tuple(map(seen, lines)), {name: seen(at[None])[0] for name, at in spots.items()}
            )
            paint(painter, self.view, placed, theme().palette, theme().font("small"), flat=self.flat)

    def backdrop_changed(self) -> None:
        """Draw anew what is behind the points."""
        if self.isVisible():
            self.still.drop()
            self.update()

    # The view

    @property
    def view(self) -> MapView:
        """The part of the plane that is shown."""
        return self.viewing.view

    def set_view(self, view: MapView) -> None:
        """Show another part of the plane."""
        if view != self.view:
            self.viewing.view = view
            self._redraw()
            self.view_changed.emit()

    def fit(self) -> None:
        """Show all points, and the handle."""
        self.viewing.fit()

    @property
    def equal(self) -> bool:
        """Whether a unit is as long on both axes."""
        return self.viewing.equal

    def set_equal(self, equal: bool) -> None:
        """Choose whether a unit is as long on both axes."""
        if equal != self.equal:
            self.viewing.equal = equal
            self.tools.show_equal(equal)
            self.turning.set_equal(equal)
            self._see_handle()
            self._redraw()
            self.fit()

    def turned(self) -> None:
        """Draw the points as the camera sees them now, and soon exactly, once it rests."""
        self.points.hurried = True
        self.turning.draw()
        self._see_handle()
        self._redraw()

    def settle(self) -> None:
        """Draw a map exactly that no longer turns."""
        if self.points.hurried:
            self.points.hurried = False
            self.points.forget()
            self._redraw()
            self.view_changed.emit()
            self.camera_changed.emit()

    def pan(self, dx: float, dy: float) -> None:
        """Draw the plane along by pixels."""
        self.viewing.pan(dx, dy)

    def zoom(self, factor: float, px: float, py: float) -> None:
        """Zoom about a pixel."""
        self.viewing.zoom(factor, px, py)

    # What the hand does: called by the gestures

    def set_tool(self, tool: Tool) -> None:
        """Choose "decode", "box", "lasso" or "turn"."""
        if tool != self.tool and (tool != "decode" or self.handheld):
            self.gestures.abandon()
            self.tool = tool
            self.tools.show_tool(tool)
            self.gestures.show_cursor()
            self.tool_changed.emit(tool)

    def drag_to(self, px: float, py: float) -> None:
        """Move the handle to a pixel, or as near as the frame allows, and tell so."""
        frame = self.view.frame
        x, y = self.view.to_data(min(max(px, frame.left), frame.right), min(max(py, frame.top), frame.bottom))
        self._dragged = True
        self._move_handle(float(x), 0.0 if self.flat else float(y))

    def nudge(self, right: float, up: float) -> None:
        """Move the handle by pixels, and tell so."""
        if self.moving.at is not None:
            x, y = self.moving.at
            self._move_handle(x + right / self.view.sx, y if self.flat else y + up / self.view.sy)

    def _move_handle(self, x: float, y: float) -> None:
        """Move the handle to a point of the screen's plane; in space it comes no nearer to the eye."""
        place = np.array([x, y])
        if self.turning.active:
            place = self.turning.moved(self.turning.stage.centre if self._place is None else self._place, x, y)
        self.set_handle(place)
        self.handle_moved.emit(place)

    def drag_ended(self) -> None:
        """Let the handle rest."""
        self.moving.set_state("rest")
        if self.moving.hint == 1.0 and self._dragged:
            self._fade.start()
            self.hint_done.emit()

    def covered(self) -> list[QRectF]:
        """Return where tools, legend and notes lie over the map, in pixels."""
        children = (child for child in self.children() if isinstance(child, QWidget) and not child.isHidden())
        return [QRectF(child.geometry()) for child in children]

    def point_at(self, px: float, py: float, reach: float) -> int:
        """Return the sample nearest to a pixel, within `reach` pixels; -1 where there is none.

        In space, of discs that lie over each other the one before the others.
        """
        points = self.points
        return points.index.nearest(px, py, self.view, reach, front=points.depth, touch=points.radius)

    def handle_px(self) -> tuple[float, float] | None:
        """Return the pixel of the handle's middle; None where there is no handle."""
        return self.moving.handle_px()

    def handle_position(self) -> QPointF:
        """Return the pixel of the handle's middle; the canvas's middle where there is no handle."""
        there = self.handle_px()
        return QPointF(self.rect().center()) if there is None else QPointF(*there)

    def nearest_to_handle(self) -> int:
        """Return the sample that is marked as nearest, else the one that looks so; -1 where there is none."""
        there = self.handle_px()
        if self.moving.nearest >= 0 or there is None:
            return self.moving.nearest
        return self.point_at(*there, reach=math.hypot(self.width(), self.height()))

    def snap(self) -> None:
        """Put the handle on the sample nearest to it."""
        index = self.nearest_to_handle()
        if index >= 0:
            self.point_activated.emit(index)

    def select(self, indices: np.ndarray, *, add: bool = False) -> None:
        """Ask for a selection, on top of what is selected where `add`."""
        if add:
            indices = np.union1d(np.flatnonzero(self.points.selected), indices)
        self.selection_asked.emit(np.asarray(indices, dtype=np.int64))

    def select_point(self, index: int, *, add: bool) -> None:
        """Ask for one sample; with `add` it joins the selection, or leaves it if it was in it."""
        selected = self.points.selected
        if add and selected[index]:
            others = np.flatnonzero(selected)
            self.select(others[others != index])
        else:
            self.select(np.array([index]), add=add)

    def _select_class(self, index: int, add: bool) -> None:
        self.select(np.flatnonzero(np.maximum(self._colouring.values, -1) == index), add=add)

    # Painting

    def _redraw(self) -> None:
        """Compose the still picture anew at the next paint."""
        self.still.drop()
        self.moving.forget_hover()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the still picture where it is needed, and draw what moves."""
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        self.still.paint(painter, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.has_points:
            self.moving.paint(painter, ratio)
        self.paint_focus(painter)
        painter.end()

    def _fade_hint(self, share: float) -> None:
        with self.moving.changing():
            self.moving.hint = float(share)

    def _restyle(self) -> None:
        """Take the theme's colours and fonts."""
        palette = theme().palette
        self.points.set_palette(palette)
        self.still.restyle()
        self.moving.handle.restyle(palette)
        self.tools.restyle()
        if self._style_box is not None:
            self._style_box.restyle()
        self.legend.rebuild()
        self.viewing.adapt()
        self._place_children()
        self._redraw()

    def _place_children(self) -> None:
        frame = self.viewing.frame
        shown = self.has_points and self.width() >= 240 and self.height() >= 200
        self.tools.setVisible(shown)
        self.tools.move(round(frame.left) + GRID, round(frame.top) + 3 * GRID)
        if self._style_box is not None:
            self._style_box.move(self.tools.geometry().right() + GRID, self.tools.y())
        if not shown:
            self.tools.show_styling(False)
        self.legend.limit_height(self.height())
        self.legend.setVisible(shown and self.explained and not self.legend.empty)
        self.legend.move(round(frame.right) - GRID - self.legend.width(), round(frame.top) + GRID)

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the view; one that shows all goes on showing all."""
        self._place_children()
        self.viewing.resize()
        self._redraw()
        self.view_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on turning, if it did."""
        super().showEvent(event)
        self.turning.resume()
        self.shown_again.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do not turn where nobody looks."""
        super().hideEvent(event)
        self.turning.pause()
        self.viewing.stop()
        self.still.pause()
        for backdrop in self.backdrops:
            backdrop.stop()
        self.search.close()

    def event(self, event: QEvent) -> bool:
        """Draw it anew on a screen of other pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._redraw()
        return super().event(event)
