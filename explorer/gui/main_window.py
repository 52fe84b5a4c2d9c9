"""The window: the map in the middle, and the docks around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDockWidget,
    QLabel,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from explorer.errors import InputError, MissingDataError
from explorer.gui.actions import Actions
from explorer.gui.theme import theme
from explorer.gui.widgets.dock_title import DockTitle
from explorer.gui.widgets.tab_bars import TabBars

if TYPE_CHECKING:
    from explorer.gui.controller import Controller
    from explorer.gui.map.panel import MapPanel

STATE = 6
"""Version of the stored layout: raised when docks are added or renamed."""
ROOM = {"analysis": 328, "explore": 244}
"""Pixels that a page of a dock is given when it is asked for, or its tab is first chosen: two plots beside each other
want them, and a row of choices with a strip of samples."""
PROJECT = ".latentscape"
LAST_PROJECT = "last_project"
"""The setting that holds the project to open at the next start."""


class MainWindow(QMainWindow):
    """Draws a workspace and sends it a person's commands.

    It comes in three steps, each of which leaves the event loop free: the frame, which needs Qt alone and is painted
    at once; with `attach` the map of the open project; then the panels, whose plots take longest to import.

    Attributes
    ----------
    controller : Controller
        From `attach` on, as are `map` and what the panels show.
    """

    painted = Signal()
    """The frame has been painted for the first time."""
    furnished = Signal()
    """All panels are in place."""

    controller: Controller
    map: MapPanel

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._painted = self._attached = self._furnishing = False
        ground = QWidget(self)
        ground.setObjectName("ground")
        self._place = QVBoxLayout(ground)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.setCentralWidget(ground)  # for good: with another one the docks would take other sizes
        self.docks = {
            name: self._add_dock(name, title)
            for name, title in (
                ("data", "Data"),
                ("sets", "Sets"),
                ("model", "Model"),
                ("runs", "Runs"),
                ("decode", "Decoded"),
                ("denoise", "Denoise"),
                ("training", "Training"),
                ("analysis", "Analysis"),
                ("code", "Code"),
                ("recording", "Recording"),
                ("explore", "Explore"),
            )
        }
        self._tab_bars = TabBars(self)
        self._lay_out()
        self._default_state = self.saveState(STATE)
        self.actions_ = Actions(self)
        self._status()
        self._cramped = set(ROOM)  # docks whose tab was never chosen: the person has not said how high they shall be
        self._restore()
        self.tabifiedDockWidgetActivated.connect(self._tab_chosen)

    def attach(self, controller: Controller) -> None:
        """Show a controller's workspace: its map now, the panels once the window has been painted."""
        from explorer.gui.map.panel import MapPanel

        self.controller, self._attached = controller, True
        self.map = MapPanel(controller)
        self._place.addWidget(self.map)
        self.map.train_requested.connect(self.actions_.train.trigger)
        self.map.open_requested.connect(self.actions_.open.trigger)
        self.actions_.attach(controller)
        self._busy_cancel.clicked.connect(controller.errands.cancel)
        self.setAcceptDrops(True)
        workspace = controller.workspace
        workspace.project_changed.connect(self._retitle)
        workspace.project_changed.connect(self._remember_project)
        controller.ways.page_wanted.connect(self.show_exploring)
        controller.notice.connect(self.show_notice)
        controller.failed.connect(self.show_error)
        controller.errands.busy.connect(self._show_busy)
        controller.librarian.file_opened.connect(self.actions_.remember)
        controller.librarian.data_missing.connect(self._find_data)
        controller.exporter.map_view = self.map.seen
        self._retitle()
        self.update()

    # What it is made of

    def _add_dock(self, name: str, title: str) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock_{name}")
        dock.setAccessibleName(f"{title} panel")
        dock.setTitleBarWidget(DockTitle(dock))
        placeholder = QWidget(dock)
        dock.setWidget(placeholder)
        return dock

    def _lay_out(self) -> None:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        docks = self.docks
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, left),
            (Qt.Corner.BottomRightCorner, right),
        ):
            self.setCorner(corner, area)
        self.addDockWidget(left, docks["data"])
        self.addDockWidget(left, docks["model"])
        self.addDockWidget(left, docks["runs"])
        self.tabifyDockWidget(docks["model"], docks["runs"])
        docks["model"].raise_()
        self.tabifyDockWidget(docks["data"], docks["sets"])
        docks["data"].raise_()
        self.addDockWidget(right, docks["decode"])
        self.addDockWidget(right, docks["denoise"])
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks["training"])
        self.tabifyDockWidget(docks["training"], docks["analysis"])
        self.tabifyDockWidget(docks["analysis"], docks["code"])
        self.tabifyDockWidget(docks["code"], docks["recording"])
        self.tabifyDockWidget(docks["recording"], docks["explore"])
        docks["training"].raise_()
        self.resize(1280, 800)
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        letter = self.fontMetrics().averageCharWidth()  # large letters need wider docks
        self.resizeDocks([docks["data"], docks["decode"]], [max(296, 24 * letter), max(344, 31 * letter)], horizontal)
        self.resizeDocks([docks["data"], docks["model"]], [306, 404], vertical)
        self.resizeDocks([docks["decode"], docks["denoise"]], [324, 386], vertical)
        self.resizeDocks([docks["training"]], [176], vertical)

    def _status(self) -> None:
        bar = self.statusBar()
        self._notice = QLabel(bar)
        self._notice.setObjectName("notice")
        self._notice.setAccessibleName("Message")
        self._busy_text = QLabel(bar)
        self._busy_text.setObjectName("busy_text")
        self._busy_bar = QProgressBar(bar)
        self._busy_bar.setObjectName("busy_bar")
        self._busy_bar.setAccessibleName("Progress")
        self._busy_bar.setTextVisible(False)
        self._busy_bar.setFixedWidth(140)
        self._busy_cancel = QPushButton("Cancel", bar)
        self._busy_cancel.setObjectName("busy_cancel")
        self._busy_cancel.setAccessibleName("Cancel the work in hand")
        self._busy_cancel.setToolTip("Stop this; what is open stays as it is")
        bar.addWidget(self._notice, 1)
        for widget in (self._busy_text, self._busy_bar, self._busy_cancel):
            bar.addPermanentWidget(widget)
            widget.hide()

    def _restore(self) -> None:
        settings = QSettings()
        geometry, state = settings.value("geometry"), settings.value("state")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        if isinstance(state, QByteArray):
            self.restoreState(state, STATE)
            self._cramped &= set(str(settings.value("cramped", "")).split(","))

    def reset_layout(self) -> None:
        """Put every dock back where it was at the first start."""
        self.restoreState(self._default_state, STATE)
        self._cramped = set(ROOM)
        for dock in self.docks.values():
            dock.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Go on to the next step of coming to be, now that the last one is seen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)
        if self._attached and not self._furnishing:
            self._furnishing = True
            QTimer.singleShot(0, self, self._furnish)

    def _furnish(self) -> None:
        """Fill the docks, one an event loop turn, so that the map answers the hand in between."""
        from explorer.gui.furnish import PANELS

        self._remember_project()
        waiting = list(PANELS.items())

        def step() -> None:
            name, make = waiting.pop(0)
            self._fill(name, make)
            if waiting:
                QTimer.singleShot(0, self, step)
            else:
                self.furnished.emit()

        step()

    def _fill(self, name: str, make: Callable[[Controller], QWidget]) -> None:
        dock = self.docks[name]
        placeholder = dock.widget()
        panel = make(self.controller)
        panel.setObjectName(f"{name}_panel")
        panel.setAutoFillBackground(True)
        if (set_seen := getattr(panel, "set_seen", None)) is not None:
            set_seen(not dock.visibleRegion().isEmpty())
            dock.visibilityChanged.connect(set_seen)
        dock.setWidget(panel)
        placeholder.deleteLater()
        if (asked := getattr(panel, "train_requested", None)) is not None:
            asked.connect(self.actions_.train.trigger)
        if (asked := getattr(panel, "remedy_requested", None)) is not None:
            asked.connect(self._train_again)
        if (asked := getattr(panel, "compare_requested", None)) is not None:
            asked.connect(self.compare)
        if (asked := getattr(panel, "bench_requested", None)) is not None:
            asked.connect(self.show_bench)

    def _train_again(self, changes: dict[str, Any]) -> None:
        """Train the run that is shown again, with some settings changed; the form shows them."""
        if (train_again := getattr(self.panel("model"), "train_again", None)) is not None:
            train_again(changes)

    def panel(self, name: str) -> QWidget:
        """Return what is in a dock: "data", "sets", "model", "runs", "decode" and so on."""
        return self.docks[name].widget()

    def show_analysis(self, page: str) -> None:
        """Bring a page of the Analysis dock to the front, with room for it."""
        self._show_page("analysis", page)

    def show_exploring(self, page: str) -> None:
        """Bring a page of the Explore dock to the front."""
        self._show_page("explore", page)

    def _show_page(self, name: str, page: str) -> None:
        dock, panel = self.docks[name], self.panel(name)
        hidden = dock.isHidden() or dock.visibleRegion().isEmpty()
        dock.show()
        dock.raise_()
        if hidden:  # else it is as the person wants it
            self._give_room(name)
        show_page = getattr(panel, "show_page", None)
        if show_page is not None:  # else the dock is still empty
            show_page(page)

    def _tab_chosen(self, dock: QDockWidget) -> None:
        name = next(name for name, each in self.docks.items() if each is dock)
        if name in self._cramped:
            self._give_room(name)

    def _give_room(self, name: str) -> None:
        dock = self.docks[name]
        self._cramped.discard(name)
        if dock.height() < ROOM[name] and not dock.isFloating():
            self.resizeDocks([dock], [ROOM[name]], Qt.Orientation.Vertical)

    def compare(self, run: int | None = None, pca: bool = False) -> None:
        """Show two runs side by side: the active one, or `run`, beside another, or a PCA of the same width."""
        from explorer.gui.compare.window import CompareWindow

        active = self.controller.workspace.run
        window = self.findChild(CompareWindow) or CompareWindow(self.controller, self)
        window.compare(active.id if run is None and active is not None else run, pca=pca)
        window.show()
        window.raise_()
        window.activateWindow()

    def show_bench(self) -> None:
        """Show the denoising bench: runs and classical filters side by side on the open data."""
        from explorer.gui.bench.window import BenchWindow

        window = self.findChild(BenchWindow)
        if window is None:
            window = BenchWindow(self.controller, self)
        window.show()
        window.raise_()
        window.activateWindow()

    # What it tells

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.controller.workspace.title} — Latentscape")

    def _remember_project(self) -> None:
        """Open this project at the next start."""
        QSettings().setValue(LAST_PROJECT, str(self.controller.workspace.path))

    def show_notice(self, level: str, text: str) -> None:
        """Show a sentence at the foot of the window; good news fades, a warning stays until the next."""
        role = {"info": "muted", "warn": "warn", "bad": "bad"}[level]
        self._notice.setStyleSheet(f"color: {getattr(theme().palette, role)}")
        self._notice.setText(text)
        self._notice.setToolTip(text)

    def show_error(self, error: Exception) -> None:
        """Show an error in a dialog; nothing that is open is lost."""
        from explorer.gui.dialogs.errors import ErrorDialog

        dialog = ErrorDialog(error, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show_busy(self, text: str, fraction: float, seconds_left: float | None) -> None:
        for widget in (self._busy_text, self._busy_bar, self._busy_cancel):
            widget.setVisible(bool(text))
        left = "" if seconds_left is None else f" · {seconds_left:.0f} s left"
        self._busy_text.setText(text + left)
        known = fraction == fraction
        self._busy_bar.setRange(0, 1000 if known else 0)
        if known:
            self._busy_bar.setValue(round(1000 * fraction))

    # Opening

    def open_path(self, path: str) -> None:
        """Open a project, or show the import dialog for a data file."""
        if path.endswith(PROJECT):
            self.open_project(path)
            return
        from explorer.gui.dialogs.import_data import ImportDialog

        dialog = ImportDialog(self.controller, path, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_project(self, path: str) -> None:
        """Open a project file in place of the present one, which is kept as it is."""
        try:
            self.controller.librarian.open_project(path)
        except InputError as reason:
            self.show_error(reason)
            return
        self.actions_.remember(path)

    def _find_data(self, data_id: int, error: MissingDataError) -> None:
        from explorer.gui.dialogs.find_data import FindDataDialog

        dialog = FindDataDialog(self.controller, data_id, error, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files that are dropped from a file manager."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.open_path(str(Path(files[0])))
            if len(files) > 1:
                self.show_notice("warn", f"Opened the first of {len(files)} files; drop one at a time.")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, end the workers and close the project."""
        settings = QSettings()
        settings.setValue("geometry", self.saveGeometry())
        settings.setValue("state", self.saveState(STATE))
        settings.setValue("cramped", ",".join(sorted(self._cramped)))
        for dialog in self.findChildren(QDialog):
            dialog.close()  # one that stayed open would keep the program running without its window
        if self._attached:
            self.controller.close()
        super().closeEvent(event)
