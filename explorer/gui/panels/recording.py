"""The recording whose windows the samples are: a plot of all of it, with a play-head that the map follows."""

from __future__ import annotations

from PySide6.QtCore import QSettings, QSize, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.dialogs.open_data import choose_data_file
from explorer.gui.icons import icon
from explorer.gui.plots.recording import RecordingPlot
from explorer.gui.theme import GRID, theme
from explorer.gui.track import SPEEDS
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Elided
from explorer.workspace.messages import Decoded

_PATH_SHOWN = "map/path_shown"


class RecordingPanel(QWidget):
    """Shows the active recording; its play-head is the window on the map, its shading what is selected there.

    Parameters
    ----------
    controller : Controller
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._workspace, self._track = controller, controller.workspace, controller.track
        self._shown: Dataset | None = None
        self._seen = False
        self._make_widgets()
        self._lay_out()
        track, workspace = self._track, self._workspace
        track.moved.connect(self._head_moved)
        track.playing_changed.connect(self._show_playing)
        workspace.data_changed.connect(self._data_changed)
        workspace.selection_changed.connect(self._show_selection)
        controller.hand.decoded.connect(self._tell_nearest)
        theme().changed.connect(self._restyle)
        self._restyle()
        self._show_path(self.path.isChecked())
        self._data_changed()

    # Its parts

    def _make_widgets(self) -> None:
        self.play = QToolButton()
        self.play.setObjectName("recording_play")
        self.play.setCheckable(True)
        self.play.setAutoRaise(True)
        self.play.setIconSize(QSize(18, 18))
        self.play.setAccessibleName("Play the recording")
        self.play.clicked.connect(self._track.play)
        self.speed = QComboBox()
        self.speed.setObjectName("recording_speed")
        self.speed.setAccessibleName("Speed of the play-head")
        self.speed.setToolTip("How many windows the play-head passes in a second")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed} windows/s", speed)
        self.speed.setCurrentIndex(SPEEDS.index(self._track.speed))
        self.speed.activated.connect(self._choose_speed)
        self.place = Elided("", "small", "muted")
        self.place.setObjectName("recording_place")
        self.path = QCheckBox("Path on the map")
        self.path.setObjectName("recording_path")
        self.path.setAccessibleName("Path on the map")
        self.path.setToolTip(
            "Join each window to the next on the map; of very many only those near the play-head are joined"
        )
        self.path.setChecked(QSettings().value(_PATH_SHOWN, "true") == "true")
        self.path.toggled.connect(self._show_path)
        self.whole = QPushButton("Show all")
        self.whole.setObjectName("recording_all")
        self.whole.setAccessibleName("Show the whole recording")
        self.whole.setToolTip("Show the whole recording (Home, or double-click)")
        self.whole.setAutoDefault(False)
        self.plot = RecordingPlot(self)
        self.plot.setObjectName("recording_plot")
        self.plot.setAccessibleName("Plot of the recording")
        self.plot.setAccessibleDescription(
            "Left and right arrow keys move the play-head by a window, with Shift by ten, with Alt the view. Plus and "
            "minus zoom, Home shows all, Space plays."
        )
        self.plot.setToolTip(
            "<p>Drag: the play-head, which the map follows. Shift and drag: select the windows there. "
            "Wheel: zoom. Right button: move. Double-click: show all.</p>"
        )
        self.plot.head_asked.connect(self._head_asked)
        self.plot.brushed.connect(lambda first, last, add: self._track.brush(first, last, add=add))
        self.plot.stepped.connect(self._track.move_by)
        self.plot.play_asked.connect(lambda: self._track.play(not self._track.playing))
        self.whole.clicked.connect(self.plot.reset_view)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.play)
        head.addWidget(self.speed)
        head.addWidget(self.place, 1)
        head.addWidget(self.path)
        head.addWidget(self.whole)
        full = QWidget()
        inside = QVBoxLayout(full)
        inside.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID // 2)
        inside.setSpacing(GRID // 2)
        inside.addLayout(head)
        inside.addWidget(self.plot, 1)
        opens = QPushButton("Open a recording…")
        opens.setObjectName("recording_open")
        opens.setAccessibleName("Open a recording")
        opens.setToolTip("Open a long recording, and cut it into windows by Window and Stride")
        opens.clicked.connect(lambda: choose_data_file(self._controller, self))
        advice = "Open a long recording and give it a window and a stride: its windows become the samples."
        self._empty = EmptyState("These data are no recording", advice, opens)
        self._layers = QStackedLayout(self)
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(self._empty)
        self._layers.addWidget(full)

    # The recording

    def _data_changed(self) -> None:
        data = self._workspace.data
        if data is self._shown:
            return
        self._shown = data
        windows = None if data is None else data.windows
        self._layers.setCurrentIndex(0 if windows is None else 1)
        if self._seen or windows is None:
            self._show_recording()

    def _show_recording(self) -> None:
        """Show the recording of the active data; look through it, now that somebody sees it."""
        data = self._shown
        windows = None if data is None else data.windows
        if data is None or windows is None:
            self.plot.set_recording(None)
            return
        self.plot.set_recording(
            windows.recording,
            rate=data.sampling_rate,
            channels=data.channel_names,
            unit=data.unit or "value",
            length=windows.length,
        )
        self._show_selection()
        self._head_moved(self._track.index)

    def _show_selection(self) -> None:
        windows = self._track.windows
        if windows is not None and self.plot.pyramid is not None:
            self.plot.set_stretches(windows.stretches(self._workspace.selection))

    # The play-head, both ways

    def _head_asked(self, step: float) -> None:
        if self._track.windows is not None:
            self._track.play(False)
            self._track.move_to(self._track.windows.at(step))

    def _head_moved(self, index: int) -> None:
        windows, data = self._track.windows, self._shown
        if windows is None or data is None or index < 0 or self.plot.pyramid is None:
            self.plot.set_head(None)
            self.place.setText("")
            return
        start = index * windows.stride
        self.plot.set_head(start)
        self.plot.reveal(start + windows.length / 2)
        self.place.setText(f"window {index:,} of {len(windows):,} · {self._when(start)}")

    def _when(self, step: int) -> str:
        """Return the time of a step in words."""
        rate = None if self._shown is None else self._shown.sampling_rate
        if rate is None:
            return f"step {step:,}"
        seconds = step / rate
        if seconds < 100:
            return f"{seconds:.2f} s"
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(int(minutes), 60)
        return f"{hours}:{minutes:02d}:{seconds:04.1f}" if hours else f"{minutes}:{seconds:04.1f}"

    def _tell_nearest(self, decoded: Decoded) -> None:
        """Say by tool tip which window is nearest to a handle that a hand moved off the path."""
        near = decoded.nearest
        windows = self._track.windows
        if windows is not None and 0 <= near < len(windows):
            when = self._when(near * windows.stride)
            self.place.setToolTip(f"The window nearest to the handle is {near:,}, at {when}")

    def _show_playing(self, playing: bool) -> None:
        self.play.setChecked(playing)
        self.play.setAccessibleName("Pause the play-head" if playing else "Play the recording")
        self.play.setToolTip("Pause (Space)" if playing else "Let the play-head move on, and the map with it (Space)")
        self._draw_play()

    def _choose_speed(self, position: int) -> None:
        self._track.speed = int(self.speed.itemData(position))

    def _show_path(self, shown: bool) -> None:
        QSettings().setValue(_PATH_SHOWN, "true" if shown else "false")
        self._track.show_path(shown)

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        """Look through the recording when the panel is first seen."""
        super().showEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self._show_recording)

    def hideEvent(self, event: QHideEvent) -> None:
        """Do not play where nobody looks."""
        super().hideEvent(event)
        self._track.play(False)

    def set_seen(self, seen: bool) -> None:
        """Take that the window shows the panel, or covers it."""
        if not seen:
            self._track.play(False)

    def _draw_play(self) -> None:
        self.play.setIcon(icon("pause" if self._track.playing else "play", theme().color("accent"), side=18))

    def _restyle(self) -> None:
        for widget in (self.speed, self.path, self.whole):
            widget.setFont(theme().font("small"))
        self.whole.setStyleSheet("QPushButton { padding: 2px 8px; }")
        self._show_playing(self._track.playing)
