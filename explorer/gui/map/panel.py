"""The map panel: the canvas, a slim header, and what ties both to the workspace."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from explorer.analysis.planes import axis_name
from explorer.gui.controller import Controller
from explorer.gui.map.canvas import MapCanvas
from explorer.gui.map.colours import Colouring
from explorer.gui.map.states import Missing, missing, standing_note
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Elided, Words
from explorer.workspace.messages import Decoded

_HINT_SEEN = "map/hint_seen"


class MapPanel(QWidget):
    """Shows the codes of the active run, and sends the controller what the hand does to them."""

    open_requested = Signal()
    """The person wants to open data."""
    train_requested = Signal()
    """The person wants to train the model of the form."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_panel")
        self.setAccessibleName("Map")
        self.controller, self.workspace = controller, controller.workspace
        self._run_shown = -1
        self._missing: Missing | None = None
        self._empty: EmptyState | None = None
        self.canvas = MapCanvas(self)
        self._note = _pill(self.canvas)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header())
        layout.addWidget(self._stack, 1)
        self._under_hand = Calm(self, 500, self._show_codes)
        self._connect()
        self._restyle()
        self._fill_colours()
        self._show_codes()
        self._show_selection()
        self.canvas.show_hint(QSettings().value(_HINT_SEEN, "false") != "true")
        last = controller.hand.last
        if last is not None:
            self._show_nearest(last)

    def _header(self) -> QWidget:
        header = self._bar = QWidget(self)
        header.setObjectName("map_header")
        self.colour_box = _combo("map_colouring", "Colour the points by", "What the points are coloured by")
        self.colour_box.activated.connect(lambda i: self.workspace.set_colouring(self.colour_box.itemData(i)))
        self.x_box = _combo("map_axis_x", "Horizontal axis", "The coordinate of the code along the horizontal axis")
        self.y_box = _combo("map_axis_y", "Vertical axis", "The coordinate of the code along the vertical axis")
        self.x_box.activated.connect(lambda i: self._choose_axes(i, first=True))
        self.y_box.activated.connect(lambda i: self._choose_axes(i, first=False))
        self._axes_word = Words("Axes", "small", "muted", wrap=False)
        self.others = Elided("", "small", "muted")
        self.others.setObjectName("map_other_coordinates")
        self.showing = Words("", "small", "muted", wrap=False)
        self.showing.setObjectName("map_showing")
        self.clear = QPushButton()
        self.clear.setObjectName("map_clear_selection")
        self.clear.setToolTip("Clear the selection (Esc)")
        self.clear.clicked.connect(lambda: self.workspace.select(np.zeros(0, dtype=np.int64)))
        row = QHBoxLayout(header)
        row.setContentsMargins(GRID + 2, GRID - 2, GRID + 2, GRID - 2)
        row.setSpacing(GRID)
        row.addWidget(Words("Colour", "small", "muted", wrap=False))
        for widget in (self.colour_box, self._axes_word, self.x_box, self.y_box):
            row.addWidget(widget)
        row.addWidget(self.others, 1)
        row.addWidget(self.clear)
        row.addWidget(self.showing)
        return header

    def _connect(self) -> None:
        controller, workspace, canvas = self.controller, self.workspace, self.canvas
        canvas.handle_moved.connect(self._hand_moved)
        canvas.nudged.connect(controller.hand.nudge)
        canvas.point_activated.connect(controller.hand.place_on)
        canvas.selection_asked.connect(workspace.select)
        canvas.view_changed.connect(self._count)
        canvas.hint_done.connect(lambda: QSettings().setValue(_HINT_SEEN, "true"))
        canvas.set_describe(self.describe)
        controller.hand.moved.connect(self._show_handle)
        controller.hand.source_changed.connect(self._show_others)
        controller.hand.axes_changed.connect(self._axes_changed)
        controller.hand.decoded.connect(self._show_nearest)
        workspace.data_changed.connect(self._data_changed)
        workspace.active_run_changed.connect(self._show_codes)
        workspace.runs_changed.connect(self._show_state)
        workspace.run_changed.connect(self._run_changed)
        workspace.codes_changed.connect(self._codes_came)
        workspace.selection_changed.connect(self._show_selection)
        workspace.colouring_changed.connect(self._show_colouring)
        theme().changed.connect(self._restyle)

    # The codes

    def _data_changed(self) -> None:
        self._fill_colours()
        self._run_shown = -1
        self._show_codes()

    def _run_changed(self, _run: int) -> None:
        self._show_state()

    def _axes_changed(self, *_: int) -> None:
        self._run_shown = -1
        self._show_codes()

    def _codes_came(self) -> None:
        """Draw a training's new codes; under a moving hand less often, which wants the time for its decodes."""
        if self.canvas.dragging:
            self._under_hand.poke()
        else:
            self._show_codes()

    def _show_codes(self) -> None:
        """Draw the codes as they are now; another run's, or along other axes, in a fitted view."""
        codes, run = self.workspace.codes, self.workspace.run
        shown = -1 if run is None else run.id
        if codes is None or not len(codes):
            self.canvas.set_nearest(None)
            self.canvas.set_points(np.zeros(0), np.zeros(0), ("", ""))
        else:
            x, y, names = _plane(codes, self.controller.hand.axes)
            anew = shown != self._run_shown or len(codes) != len(self.canvas.points.x)
            if anew:
                self.canvas.set_nearest(None)
                self._show_colouring()
            self._show_handle()
            self.canvas.set_points(x, y, names, flat=codes.shape[1] == 1, anew=anew)
            self._show_selection()
        self._run_shown = shown
        self._fill_axes()
        self._show_others()
        self._show_state()
        self._count()

    def _show_state(self) -> None:
        """Show the map, or what is missing for one, with the button to get it."""
        lack = missing(self.workspace)
        if lack != self._missing:
            self._missing = lack
            if self._empty is not None:
                self._stack.removeWidget(self._empty)
                self._empty.deleteLater()
                self._empty = None
            if lack is not None:
                self._empty = EmptyState(lack.heading, lack.advice, *map(self._button, lack.buttons))
                self._stack.addWidget(self._empty)
        self._stack.setCurrentIndex(0 if lack is None else 1)
        self._bar.setEnabled(lack is None)
        note = "" if lack is not None else standing_note(self.workspace)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._place_note()

    def _button(self, name: str) -> QPushButton:
        texts = {
            "open": ("&Open a file…", "Open a data file or a project", self.open_requested.emit),
            "sample": ("Use &noisy sines", "Make the built-in set of noisy sine waves", self._use_sines),
            "train": ("&Train a model", "Train the model of the form on the open data", self.train_requested.emit),
        }
        text, help_, act = texts[name]
        button = QPushButton(text)
        button.setObjectName(f"map_{name}")
        button.setAccessibleName(text.replace("&", "").rstrip("…"))
        button.setToolTip(help_)
        button.clicked.connect(lambda: act())
        return button

    def _use_sines(self) -> None:
        self.controller.librarian.open_builtin("sines")

    def _count(self) -> None:
        """Say how many samples are in view, of how many, and why the others are not."""
        points = self.canvas.points
        n = len(points.x)
        shown = points.count_in(self.canvas.view)
        text = f"showing {shown:,} of {n:,}" if n else ""
        lost = n - points.index.n_finite
        reasons = [f"{lost:,} without a finite code"] if lost else []
        if points.index.n_finite > shown:
            reasons.append(f"{points.index.n_finite - shown:,} out of view")
        self.showing.setText(text)
        self.showing.setToolTip("; ".join(reasons) or "All samples are in view")
        if lost:
            self.showing.setText(f"{text} · {lost:,} not finite")

    # The handle

    def _hand_moved(self, point: np.ndarray) -> None:
        self.controller.hand.move(point)

    def _show_handle(self, _z: object = None) -> None:
        controller = self.controller
        self.canvas.set_handle(None if controller.hand.z is None else controller.hand.point())

    def _show_nearest(self, decoded: Decoded) -> None:
        self.canvas.set_nearest(decoded.nearest)

    def _show_others(self, _index: int = -1) -> None:
        """Say whose values the coordinates have that the map does not show."""
        codes, data, source = self.workspace.codes, self.workspace.data, self.controller.hand.source
        text = explanation = ""
        if codes is not None and data is not None and codes.shape[1] > 2 and 0 <= source < len(data):
            name, count = data.sample_name(source), codes.shape[1] - 2
            text = f"others as in {name}"
            which = (
                "coordinate that the map does not show keeps its value"
                if count == 1
                else (f"{count} coordinates that the map does not show keep their values")
            )
            explanation = f"The {which} of sample {name}, where the handle came from"
        self.others.setText(text)
        self.others.setAccessibleName(explanation)
        for box, way in ((self.x_box, "horizontal"), (self.y_box, "vertical")):
            box.setToolTip(f"The coordinate of the code along the {way} axis. {explanation}".strip())

    # The axes

    def _fill_axes(self) -> None:
        codes = self.workspace.codes
        width = 0 if codes is None else codes.shape[1]
        for widget in (self._axes_word, self.x_box, self.y_box):
            widget.setVisible(width > 2)
        if width <= 2:
            return
        for box, axis in zip((self.x_box, self.y_box), self.controller.hand.axes, strict=True):
            if box.count() != width:
                box.clear()
                box.addItems([axis_name(i) for i in range(width)])
            box.setCurrentIndex(axis)

    def _choose_axes(self, axis: int, *, first: bool) -> None:
        """Show another coordinate; one that the other axis has changes places with it."""
        before = self.controller.hand.axes
        other = before[1] if first else before[0]
        if axis == other:
            other = before[0] if first else before[1]
        self.controller.hand.set_axes(*((axis, other) if first else (other, axis)))

    # Colours and selection

    def _fill_colours(self) -> None:
        self.colour_box.clear()
        for name in self.workspace.colourings:
            self.colour_box.addItem({"": "none", "split": "part"}.get(name, name), name)
        self._show_colouring()

    def _show_colouring(self) -> None:
        name = self.workspace.colouring
        colouring = Colouring()
        if name:
            kind, values, names = self.workspace.colour_values()
            colouring = Colouring(kind, "part" if name == "split" else name, values, names)
        self.colour_box.setCurrentIndex(max(self.colour_box.findData(name), 0))
        self.canvas.set_colouring(colouring)

    def _show_selection(self) -> None:
        selection = self.workspace.selection
        self.canvas.set_selection(selection)
        self.clear.setVisible(len(selection) > 0)
        self.clear.setText(f"{len(selection):,} selected  ✕")
        self.clear.setAccessibleName(f"Clear the selection of {len(selection):,} samples")

    def describe(self, index: int) -> list[str]:
        """Return what is said of a sample under the pointer: its name, label and value of the colouring."""
        data, name = self.workspace.data, self.workspace.colouring
        if data is None or not 0 <= index < len(data):
            return [str(index)]
        lines = [data.sample_name(index) if data.names is not None else f"sample {index}"]
        if data.labels is not None:
            label = int(data.labels[index])
            lines.append(f"label: {data.class_names[label] if label >= 0 else 'none'}")
        if name in data.columns:
            value = data.columns[name][index]
            lines.append(f"{name}: {value:.4g}" if isinstance(value, np.floating) else f"{name}: {value}")
        elif name == "split":
            lines.append(f"part: {('train', 'validation', 'test')[int(data.split[index])]}")
        return lines

    # Looks

    def _restyle(self) -> None:
        p = theme().palette
        for part in (self._bar, self._stack):
            ground = part.palette()
            ground.setColor(QPalette.ColorRole.Window, theme().color("field"))
            part.setPalette(ground)
            part.setAutoFillBackground(True)
        self.clear.setStyleSheet("QPushButton { padding: 2px 8px; }")
        self.clear.setFont(theme().font("small"))
        for box in (self.colour_box, self.x_box, self.y_box):
            box.setFont(theme().font("small"))
        self._note.setFont(theme().font("small"))
        self._note.setStyleSheet(
            f"background: {p.panel}; color: {p.muted}; border: 1px solid {p.line};"
            " border-radius: 10px; padding: 3px 10px;"
        )
        self._place_note()

    def _place_note(self) -> None:
        self._note.adjustSize()
        self._note.move((self.canvas.width() - self._note.width()) // 2, GRID * 2)

    def resizeEvent(self, event) -> None:
        """Keep the note in the middle."""
        super().resizeEvent(event)
        self._place_note()


def _plane(codes: np.ndarray, axes: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, tuple[str, str]]:
    """Return what the map shows of codes ``(N, L)``: x, y and the axes' names.

    Codes of one coordinate are drawn against the samples' numbers, as in the exported figure.
    """
    if codes.shape[1] == 1:
        return codes[:, 0], np.arange(len(codes), dtype=float), (axis_name(0), "sample")
    first, second = axes if min(axes) >= 0 and max(axes) < codes.shape[1] else (0, 1)
    return codes[:, first], codes[:, second], (axis_name(first), axis_name(second))


def _combo(name: str, accessible: str, help_: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.setToolTip(help_)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMaximumWidth(200)
    return box


def _pill(canvas: MapCanvas) -> QLabel:
    note = QLabel(canvas)
    note.setObjectName("map_note")
    note.setTextFormat(Qt.TextFormat.PlainText)
    note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    note.hide()
    return note
