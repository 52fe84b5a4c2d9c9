"""The map panel: the canvas, a slim header, and what ties both to the workspace."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from explorer.gui.controller import Controller
from explorer.gui.jobs import Beside
from explorer.gui.map.backdrops import Backdrops
from explorer.gui.map.canvas import MANY, MapCanvas
from explorer.gui.map.describe import colouring_to_be, description
from explorer.gui.map.header import MapHeader
from explorer.gui.map.note import MapNote
from explorer.gui.map.sketching import Sketching
from explorer.gui.map.states import Missing, missing, standing_note
from explorer.gui.map.style import Style
from explorer.gui.outlook import TITLES, View, Work
from explorer.gui.theme import theme
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.wording import counted, span
from explorer.workspace.messages import Decoded
from explorer.workspace.view_state import SETS

if TYPE_CHECKING:
    from explorer.analysis.camera import Camera
    from explorer.gui.map.layout_settings import LayoutSettings

_HINT_SEEN = "map/hint_seen"
_STYLE = "map/style"


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
        self.note = MapNote(self.canvas)
        self._settings: LayoutSettings | None = None
        self.header = MapHeader(controller.outlook.hindrance, self)
        self.colour_box = self.header.colour_box
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._stack, 1)
        self.backdrops = Backdrops(self.canvas, controller)
        self.sketching = Sketching(self.canvas, controller)
        self._colouring = Beside(self)
        self._under_hand = Calm(self, 500, self._show_codes)
        self._connect()
        self._restyle()
        self._fill_colours()
        self._show_codes()
        self._show_selection()
        self.canvas.show_hint(QSettings().value(_HINT_SEEN, "false") != "true")
        self._show_last_nearest()
        self.canvas.show_path(controller.track.index, shown=controller.track.path_shown)

    def _connect(self) -> None:
        controller, workspace, canvas = self.controller, self.workspace, self.canvas
        outlook = controller.outlook
        self.colour_box.activated.connect(lambda i: workspace.set_colouring(self.colour_box.itemData(i)))
        self.header.clear.clicked.connect(lambda: workspace.select(np.zeros(0, dtype=np.int64)))
        self.header.view_chosen.connect(self._choose)
        self.header.settings.toggled.connect(self._fold_settings)
        self.note.pressed.connect(self._answer_note)
        canvas.handle_moved.connect(controller.hand.move)
        canvas.camera_changed.connect(lambda: outlook.keep_camera(canvas.turning.camera))
        canvas.point_activated.connect(controller.hand.place_on)
        canvas.selection_asked.connect(workspace.select)
        canvas.view_changed.connect(self._count)
        canvas.points_came.connect(self._points_came)
        canvas.hint_done.connect(lambda: QSettings().setValue(_HINT_SEEN, "true"))
        canvas.set_describe(self.describe)
        canvas.set_style(_style_kept())
        canvas.style_changed.connect(lambda style: QSettings().setValue(_STYLE, json.dumps(asdict(style))))
        controller.hand.moved.connect(self._show_handle)
        controller.hand.source_changed.connect(self._show_others)
        controller.past.changed.connect(self._show_codes)
        track = controller.track
        track.moved.connect(canvas.show_path)
        track.path_changed.connect(lambda shown: canvas.show_path(track.index, shown=shown))
        outlook.changed.connect(self._view_changed)
        outlook.work_changed.connect(self._work_changed)
        outlook.params_changed.connect(self._work_changed)
        controller.hand.decoded.connect(self._show_nearest)
        workspace.data_changed.connect(self._data_changed)
        workspace.columns_changed.connect(self._fill_colours)
        workspace.sets_changed.connect(self._sets_changed)
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

    def _choose(self, view: View) -> None:
        self.controller.outlook.choose(view)
        self._show_view()  # where it must be laid out first, the box goes on saying what is shown

    def _view_changed(self) -> None:
        self._run_shown = -1
        self._show_codes()

    def _codes_came(self) -> None:
        """Draw a training's new codes; under a moving hand less often, which wants the time for its decodes."""
        if self.controller.past.epoch:
            return  # who looks back is not disturbed
        if self.canvas.dragging:
            self._under_hand.poke()
        else:
            self._show_codes()

    def _show_codes(self) -> None:
        """Draw the codes as they are now; another run's, or along other axes, in a fitted view."""
        codes, run, plane = self._codes, self.workspace.run, self.controller.outlook.plane
        shown = -1 if run is None else run.id
        canvas = self.canvas
        if codes is None or plane is None or not len(codes):
            canvas.set_nearest(None)
            canvas.set_points(np.zeros(0), np.zeros(0), ("", ""))
        else:
            points = plane.project(codes)
            anew = shown != self._run_shown or len(codes) != len(canvas.points.x)
            if anew:
                canvas.set_nearest(None)
                self._show_colouring()
            canvas.set_approximate(plane.approximate)
            self._show_handle()
            if plane.dims == 3:
                canvas.set_space(points, plane.names, camera=self._camera(), anew=anew)
            else:
                names = (plane.names[0], plane.names[1])
                canvas.set_points(points[:, 0], points[:, 1], names, flat=plane.flat, anew=anew)
            self._show_selection()
            if anew:
                self._show_last_nearest()
        self._run_shown = shown
        self._show_view()
        self._show_others()
        self._show_state()
        self._count()

    def _points_came(self, anew: bool) -> None:
        """Show what there is about points that came later than they were asked for."""
        self._show_selection()
        if anew:
            self._show_last_nearest()
        self._count()

    @property
    def _codes(self) -> np.ndarray | None:
        """The codes that are drawn: those of the epoch that is looked back at, where the plane can show them."""
        now, plane, past = self.workspace.codes, self.controller.outlook.plane, self.controller.past.codes
        shows = past is not None and plane is not None and not plane.approximate and plane.fits(past)
        return past if shows else now

    def _camera(self) -> Camera | None:
        return self.controller.outlook.camera

    def _show_last_nearest(self) -> None:
        last = self.controller.hand.last
        if last is not None:
            self._show_nearest(last)

    def _show_view(self) -> None:
        codes = self.workspace.codes
        self.header.show_view(self.controller.outlook.view, 0 if codes is None else codes.shape[1])

    # The settings of a layout

    def _fold_settings(self, unfolded: bool) -> None:
        """Show or hide the card with the settings, which is made when somebody looks first."""
        if unfolded and self._settings is None:
            from explorer.gui.map.layout_settings import LayoutSettings  # with all of the forms

            self._settings = LayoutSettings(self.canvas)
            self._settings.changed.connect(self.controller.outlook.set_params)
            self._settings.pressed.connect(self._answer_note)
            self._settings.closed.connect(lambda: self.header.settings.setChecked(False))
        if self._settings is not None:
            self._settings.stand_below(self.header.settings)
            self._settings.setVisible(unfolded)
        self._work_changed()
        if not unfolded:
            self.canvas.setFocus()

    def _work_changed(self) -> None:
        """Tell of the layout that is made or shown, and of its settings."""
        outlook, card = self.controller.outlook, self._settings
        method = outlook.tunable if self._missing is None else None
        self.header.show_tunable("" if method is None else TITLES[method], changed=outlook.params_differ)
        if method is not None and card is not None and not card.isHidden():
            card.show_method(method, outlook.params(method))
            card.tell(_work_words(outlook.work), changed=outlook.params_differ, stale=outlook.stale)
        self._show_note()

    # What is told

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
        self.header.setEnabled(lack is None)
        self.backdrops.refresh()
        self._work_changed()

    def _show_note(self) -> None:
        """Say how far a layout is, or that the one shown is of an earlier epoch, or what else the map wants said."""
        outlook, run = self.controller.outlook, self.workspace.run
        work, layout = outlook.work, outlook.layout
        if self._missing is not None or run is None or (outlook.tunable and self.header.settings.isChecked()):
            self.note.tell("")  # the card with the settings says it
        elif self.controller.past.epoch:
            shown = self._codes is not self.workspace.codes
            words = f"As it was after epoch {self.controller.past.epoch:,}"
            words = words if shown else f"{words}, in Axes and PCA only"
            self.note.tell(words, button="Back to now", help_="Show the map as it is now")
        elif work is not None and work.run == run.id:
            left = f" · {span(work.seconds_left)} left" if work.seconds_left else ""
            text = f"{TITLES[work.view.method]} of {counted(len(self.canvas.points.x), 'code')}{left}"
            help_ = "Give up the layout; the map stays as it is"
            self.note.tell(text, button="Cancel", help_=help_, fraction=work.fraction)
        elif outlook.params_differ:
            self.note.tell("Settings changed, run again", button="Lay out again", help_="Lay out with the new settings")
        elif outlook.stale and layout is not None:
            text = f"{TITLES[outlook.view.method]} of epoch {layout.epoch}: the run has trained on since"
            self.note.tell(text, button="Lay out again", help_="Lay the codes out as they are now")
        else:
            self.note.tell(standing_note(self.workspace))

    def _answer_note(self) -> None:
        outlook = self.controller.outlook
        if self.controller.past.epoch:
            self.controller.past.leave()
        elif outlook.work is not None:
            outlook.cancel()
        else:
            outlook.lay_out_again()

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
        """Say how many samples are in view."""
        points = self.canvas.points
        past = self._codes is not self.workspace.codes
        self.header.show_count(points.count_in(self.canvas.view), len(points.x), points.index.n_finite, past=past)

    def seen(self) -> dict[str, Any]:
        """Return how the map is seen, as `explorer.workspace.contents.map_content` takes it."""
        canvas = self.canvas
        bounds = canvas.view.bounds
        camera = canvas.turning.camera if canvas.turning.active else None
        view = (bounds.x0, bounds.x1, bounds.y0, bounds.y1)
        return {"view": view, "camera": camera, "equal": canvas.turning.equal}

    # The handle

    def _show_handle(self, _z: object = None) -> None:
        # The handle's code is one of the weights as they are now.
        self.canvas.set_handle(None if self.controller.past.epoch else self.controller.hand.place)

    def _show_nearest(self, decoded: Decoded) -> None:
        self.canvas.set_nearest(None if self.controller.past.epoch else decoded.nearest)

    def _show_others(self, _index: int = -1) -> None:
        """Say what the code under the handle has that the map does not show, or that it is approximate."""
        codes, data, source = self.workspace.codes, self.workspace.data, self.controller.hand.source
        plane = self.controller.outlook.plane
        text = explanation = ""
        if plane is not None and plane.approximate:
            text = "≈ approximate between samples"
            explanation = (
                "This layout gives places to the samples only. In between, the handle decodes a mix of the codes of "
                "the samples around it; on a sample it decodes that sample's own code"
            )
        elif codes is not None and data is not None and plane is not None and 0 <= source < len(data):
            count, name = codes.shape[1] - plane.dims, data.sample_name(source)
            if count > 0 and not plane.flat:
                text = f"others as in {name}"
                explanation = (
                    f"Across the map, in {counted(count, 'direction')} that it does not show, the handle's code stays "
                    f"as in sample {name}, where the handle came from"
                )
        self.header.tell_across(text, explanation)

    # Colours and selection

    def _fill_colours(self) -> None:
        self.colour_box.clear()
        for name in self.workspace.colourings:
            self.colour_box.addItem({"": "none", "split": "part"}.get(name, name), name)
        self._show_colouring()

    def _sets_changed(self) -> None:
        """Offer the colouring by sets while there are some, and follow them where it is chosen."""
        boxed = [self.colour_box.itemData(i) for i in range(self.colour_box.count())]
        if boxed != self.workspace.colourings or self.workspace.colouring == SETS:
            self._fill_colours()

    def _show_colouring(self) -> None:
        self.colour_box.setCurrentIndex(max(self.colour_box.findData(self.workspace.colouring), 0))
        data, find = self.workspace.data, colouring_to_be(self.workspace)
        self._colouring.forget()
        if data is None or len(data) <= MANY:
            self.canvas.set_colouring(find())
        else:
            self._colouring.latest(find, self.canvas.set_colouring)

    def _show_selection(self) -> None:
        selection = self.workspace.selection
        self.canvas.set_selection(selection)
        self.header.show_selected(len(selection))

    def describe(self, index: int) -> list[str]:
        """Return what is said of a sample under the pointer: its name, label and value of the colouring."""
        return description(self.workspace, index)

    # Looks

    def _restyle(self) -> None:
        ground = self._stack.palette()
        ground.setColor(QPalette.ColorRole.Window, theme().color("field"))
        self._stack.setPalette(ground)
        self._stack.setAutoFillBackground(True)
        self.header.restyle()


def _work_words(work: Work | None) -> str:
    """Say how far a layout is; nothing where none is made."""
    if work is None:
        return ""
    share = f" · {work.fraction:.0%}" if work.fraction == work.fraction else ""
    left = f" · {span(work.seconds_left)} left" if work.seconds_left else ""
    return f"Being laid out{share}{left}"


def _style_kept() -> Style:
    """Return how the points were drawn last; as at first, where the settings hold no such thing."""
    try:
        return Style.checked(json.loads(str(QSettings().value(_STYLE, "{}"))))
    except ValueError:
        return Style()
