"""The menus and the toolbar: every command, its key, and when it can be given."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QIcon, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QToolButton

from explorer.errors import InputError
from explorer.gui.icons import icon
from explorer.gui.panels.analysis.pages import PAGES
from explorer.gui.theme import Choice, theme
from explorer.gui.widgets.labels import Elided
from explorer.resources import resource

if TYPE_CHECKING:
    from explorer.gui.controller import Controller
    from explorer.gui.main_window import MainWindow

RECENT = 8
PROJECT_FILTER = "Latentscape project (*.latentscape)"


class Actions(QObject):
    """Owns the commands of a window, and keeps them enabled as the workspace allows."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._make()
        self._menus()
        self._toolbar()
        self._of_project = [
            action for action in window.findChildren(QAction) if action.isEnabled() and action is not self.quit
        ]
        for action in self._of_project:
            action.setEnabled(False)

    def attach(self, controller: Controller) -> None:
        """Let the commands act on a controller's workspace."""
        self._controller, self._workspace = controller, controller.workspace
        for action in self._of_project:
            action.setEnabled(True)
        for event in (
            self._workspace.undo_changed,
            self._workspace.selection_changed,
            self._workspace.active_run_changed,
            self._workspace.data_changed,
        ):
            event.connect(self.refresh)
        self._controller.trainer.changed.connect(self.refresh)
        for event in (self._workspace.project_changed, self._workspace.active_run_changed, self._workspace.run_changed):
            event.connect(self._tell_place)
        self._tell_place()
        self.refresh()

    def _action(self, name: str, text: str, slot: Callable[[], object], key: object = None, tip: str = "") -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(f"action_{name}")
        action.setIconVisibleInMenu(False)
        if key is not None:
            action.setShortcut(QKeySequence(key))  # type: ignore[arg-type] - a standard key or its text
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip((tip or text.replace("&", "").rstrip("…")) + (f" ({keys})" if keys else ""))
        action.triggered.connect(lambda _checked=False: slot())
        return action

    def _make(self) -> None:
        key = QKeySequence.StandardKey
        make = self._action
        self.open = make("open", "&Open…", self._ask_open, key.Open, "Open a data file or a project")
        self.save = make("save", "&Save", self._save, key.Save, "Save the project")
        self.save_as = make("save_as", "Save &as…", self._save_as, key.SaveAs)
        self.new = make("new", "&New project", self._new, key.New, "Start an empty project")
        self.export = make("export", "&Export…", self.export_dialog, "Ctrl+E", "Write a figure, or numbers, to a file")
        tip = "Denoise a file of any length, by a run or a filter, and save it in its own format"
        self.recording = make("recording", "&Denoise a recording…", self._denoise_recording, tip=tip)
        self.quit = make("quit", "&Quit", self._window.close, key.Quit)
        self.undo = make("undo", "&Undo", lambda: self._workspace.undo(), key.Undo)
        self.redo = make("redo", "&Redo", lambda: self._workspace.redo(), key.Redo)
        self.clear = make("clear", "&Clear selection", self._clear, "Esc", "Select nothing")
        self.select_all = make("select_all", "Select &all", self._select_all, key.SelectAll)
        self.train = make("train", "&Train", self._train, "Ctrl+T", "Train the model of the form on the open data")
        self.pause = make("pause", "&Pause", self._pause, "Ctrl+P", "Hold the training, or let it go on")
        self.cancel = make("cancel", "&Cancel training", self._cancel, tip="Stop; the best weights stay")
        self.analyses = [
            make(f"analysis_{name}", entry.title, partial(self._window.show_analysis, name), f"Ctrl+{place}", entry.tip)
            for place, (name, entry) in enumerate(PAGES.items(), 1)
        ]
        tip = "See two runs on these data side by side: linked maps, and what both reach"
        self.compare = make("compare", "C&ompare runs…", lambda: self._window.compare(), "Ctrl+Shift+C", tip)
        tip = "Networks and classical filters side by side: is the network worth it?"
        self.bench = make("bench", "&Denoising bench…", lambda: self._window.show_bench(), "Ctrl+Shift+D", tip)
        self.reset = make("reset_layout", "&Reset layout", self._window.reset_layout)
        self.guide = make("guide", "&Guide", self._open_guide, key.HelpContents)
        self.sample = make("sample", "Open the &sample project", self._open_sample)
        self.about = make("about", "&About Latentscape", self._about)

    def _menus(self) -> None:
        bar = self._window.menuBar()
        file = bar.addMenu("&File")
        file.addActions([self.new, self.open])
        self._builtin_menu = self._submenu(file, "builtin", "&Built-in data", self._fill_builtin)
        self._recent_menu = self._submenu(file, "recent", "Open &recent", self._fill_recent)
        file.addActions([self.sample])
        file.addSeparator()
        file.addActions([self.save, self.save_as])
        file.addSeparator()
        file.addActions([self.export, self.recording])
        file.addSeparator()
        file.addActions([self.quit])
        edit = bar.addMenu("&Edit")
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.select_all, self.clear])
        run = bar.addMenu("&Run")
        run.addActions([self.train, self.pause, self.cancel])
        run.addSeparator()
        run.addActions([self.compare])
        analyse = bar.addMenu("&Analyse")
        analyse.setToolTipsVisible(True)
        analyse.addActions(self.analyses)
        analyse.addSeparator()
        analyse.addActions([self.bench])
        view = bar.addMenu("&View")
        for dock in self._window.docks.values():
            view.addAction(dock.toggleViewAction())
        view.addSeparator()
        view.addMenu(self._theme_menu())
        view.addActions([self.reset])
        help_ = bar.addMenu("&Help")
        help_.addActions([self.guide, self.about])

    def _submenu(self, parent: QMenu, name: str, title: str, fill: Callable[[QMenu], None]) -> QMenu:
        """Add a menu that is filled when it is shown: what it lists changes, and costs time to find."""
        menu = parent.addMenu(title)
        menu.setObjectName(f"menu_{name}")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: (menu.clear(), fill(menu)))
        return menu

    def _fill_builtin(self, menu: QMenu) -> None:
        from explorer.data.generated import SETS

        loaded, failed = SETS.load_all()
        for name, cls in loaded.items():
            action = menu.addAction(cls.title, lambda name=name: self._controller.librarian.open_builtin(name))
            action.setToolTip((cls.__doc__ or "").splitlines()[0])
        for name, reason in failed.items():
            action = menu.addAction(f"{name} (cannot be loaded)")
            action.setEnabled(False)
            action.setToolTip(reason)

    def _fill_recent(self, menu: QMenu) -> None:
        for path in self.recent():
            action = menu.addAction(Path(path).name, lambda path=path: self._window.open_path(path))
            action.setToolTip(path)
        if menu.isEmpty():
            menu.addAction("Nothing yet").setEnabled(False)

    def _theme_menu(self) -> QMenu:
        menu = QMenu("&Theme", self._window)
        menu.setObjectName("menu_theme")
        group = QActionGroup(menu)
        choices: dict[Choice, str] = {"system": "As the &system", "light": "&Light", "dark": "&Dark"}
        for choice, text in choices.items():
            action = menu.addAction(text, lambda choice=choice: theme().choose(choice))
            action.setCheckable(True)
            action.setChecked(theme().choice == choice)
            group.addAction(action)
        return menu

    def _toolbar(self) -> None:
        bar = self._window.addToolBar("Toolbar")
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.setIconSize(QSize(20, 20))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.addActions([self.open, self.save])
        bar.addSeparator()
        bar.addActions([self.undo, self.redo])
        bar.addSeparator()
        bar.addActions([self.train])
        bar.addSeparator()
        bar.addActions([self.export])
        self._place = Elided("", "small", "muted", parent=bar)
        self._place.setObjectName("place")
        self._place.setAccessibleName("Project, and the device of the run that is shown")
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._place.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(self._place)
        self._theme_button = QToolButton(bar)
        self._theme_button.setObjectName("theme_button")
        self._theme_button.setAccessibleName("Dark or light")
        self._theme_button.clicked.connect(self._toggle_theme)
        bar.addWidget(self._theme_button)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        text, muted = theme().color("text"), theme().color("muted")
        for action, name in (
            (self.open, "open"), (self.save, "save"), (self.undo, "undo"), (self.redo, "redo"), (self.export, "export"),
        ):  # fmt: skip
            action.setIcon(icon(name, text, theme().color("muted", 0.5)))
        self.train.setIcon(icon("train", theme().color("accent"), theme().color("muted", 0.5)))
        other = "light" if theme().name == "dark" else "dark"
        self._theme_button.setIcon(icon("sun" if other == "light" else "moon", muted))
        self._theme_button.setToolTip(f"Change to the {other} theme")

    def _tell_place(self, _run: int = -1) -> None:
        """Name the project and, where a run is shown, the device that trained it."""
        run = self._workspace.run
        device = "" if run is None or not run.history.epochs else run.history.device
        self._place.setText(" · ".join(filter(None, (self._workspace.title, device.upper()))))

    def _toggle_theme(self) -> None:
        theme().choose("light" if theme().name == "dark" else "dark")

    def refresh(self) -> None:
        """Enable what can be done now, and name what undo would undo."""
        workspace, controller = self._workspace, self._controller
        self.undo.setEnabled(workspace.can_undo)
        self.undo.setText(f"&Undo {workspace.undo_text}".strip())
        self.undo.setIconText("Undo")
        self.redo.setEnabled(workspace.can_redo)
        self.redo.setText(f"&Redo {workspace.redo_text}".strip())
        self.redo.setIconText("Redo")
        self.clear.setEnabled(len(workspace.selection) > 0)
        self.select_all.setEnabled(workspace.data is not None)
        self.train.setEnabled(workspace.data is not None and not controller.trainer.running)
        self.pause.setEnabled(controller.trainer.running)
        self.compare.setEnabled(any(run.data == workspace.data_id and run.version > 0 for run in workspace.runs))
        self.cancel.setEnabled(controller.trainer.running)
        self.export.setEnabled(workspace.data is not None)
        active = workspace.run
        self.pause.setText("&Go on" if active is not None and active.status == "paused" else "&Pause")

    # Files

    def _ask_open(self) -> None:
        from explorer.data.reader import READERS

        readers = READERS.load_all()[0].values()
        patterns = " ".join(f"*{extension}" for cls in readers for extension in cls.extensions)
        filters = [f"All that opens ({patterns} *.latentscape)", PROJECT_FILTER]
        filters += [f"{cls.title} ({' '.join('*' + e for e in cls.extensions)})" for cls in readers]
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", self._folder(), ";;".join(filters))
        if path:
            self._window.open_path(path)

    def _folder(self) -> str:
        recent = self.recent()
        return str(Path(recent[0]).parent) if recent else str(Path.home())

    def recent(self) -> list[str]:
        """Return the files opened lately, the newest first."""
        stored = QSettings().value("recent", [])
        return [stored] if isinstance(stored, str) else list(stored or [])  # type: ignore[arg-type] - as Qt stores it

    def remember(self, path: str) -> None:
        """Put a file at the head of the recent ones."""
        rest = [other for other in self.recent() if other != path]
        QSettings().setValue("recent", [path, *rest][:RECENT])

    def _save(self) -> None:
        if self._workspace.untitled:
            self._save_as()
        else:
            self._attempt(self._controller.librarian.save, "Saved. Changes are kept as you make them.")

    def _save_as(self) -> None:
        start = str(Path(self._folder()) / f"{self._workspace.title}.latentscape")
        path, _ = QFileDialog.getSaveFileName(self._window, "Save project as", start, PROJECT_FILTER)
        if path and self._attempt(lambda: self._controller.librarian.save_as(path), f"Saved as {path}"):
            self.remember(str(self._workspace.path))

    def _new(self) -> None:
        self._attempt(self._controller.librarian.new_project, "")

    def _open_sample(self) -> None:
        self._attempt(self._controller.librarian.open_sample, "")

    def _attempt(self, action: Callable[[], object], done: str) -> bool:
        try:
            action()
        except InputError as reason:
            self._window.show_error(reason)
            return False
        if done:
            self._window.show_notice("info", done)
        return True

    def export_dialog(self) -> None:
        """Ask what to export, and how."""
        from explorer.gui.dialogs.export import ExportDialog

        dialog = ExportDialog(self._controller, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _denoise_recording(self) -> None:
        from explorer.gui.dialogs.recording import RecordingDialog

        dialog = RecordingDialog(self._controller, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # The rest

    def _clear(self) -> None:
        self._workspace.select([])

    def _select_all(self) -> None:
        if self._workspace.data is not None:
            self._workspace.select(range(len(self._workspace.data)))

    def _train(self) -> None:
        from explorer.gui.panels.model import ModelPanel

        panel = self._window.panel("model")
        if isinstance(panel, ModelPanel):
            panel.train()

    def _pause(self) -> None:
        run = self._workspace.run
        if run is not None and run.status == "paused":
            self._controller.trainer.resume()
        else:
            self._controller.trainer.pause()

    def _cancel(self) -> None:
        self._controller.trainer.cancel()

    def _open_guide(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(resource("docs/index.md"))))

    def _about(self) -> None:
        from importlib.metadata import version

        from PySide6.QtWidgets import QMessageBox

        box = QMessageBox(self._window)
        box.setWindowTitle("About Latentscape")
        box.setText(f"Latentscape {version('latentscape')}")
        box.setInformativeText("Train autoencoders on time series, see the map of their codes, drag and decode live.")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def window_icon() -> QIcon:
    """Return the program's icon."""
    return QIcon(str(resource("icons/latentscape.svg")))
