"""The window's composition root: it brings workspace, workers and window together, and starts the event loop."""

from __future__ import annotations

import gc
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from explorer.errors import InputError
from explorer.resources import resource

if TYPE_CHECKING:
    from explorer.gui.main_window import MainWindow
    from explorer.gui.self_test import SelfTest
    from explorer.workspace.workspace import Workspace

NO_DISPLAY = (
    "latentscape: there is no display to open a window on. Without one, use the commands of 'latentscape --help', "
    "or a virtual display: xvfb-run latentscape"
)


def has_display() -> bool:
    """Whether a window can be opened: always true where the system has no notion of a missing display."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def set_environment() -> None:
    """Set what the window's libraries read when they are imported."""
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
    # numpy's pool of threads starts slowly, and spins beside the workers; the window's arrays are small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def spare_sources() -> None:
    """Keep PySide from reading the source of every module that is imported: a tenth of the start.

    It looks for its own name there, to know whether the module may have switched PySide to snake case. That it may is
    what it is told of all of them, so that a plug-in's switch still ends at the plug-in's border.
    """
    from importlib import import_module

    import_module("PySide6.QtCore")
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):  # it is not public: of another PySide the start is but slower
        setattr(feature, "_mod_uses_pyside", lambda module: True)  # noqa: B010 - pyright knows no such module


def run(project: str | None = None, *, self_test: bool = False) -> int:
    """Open the window and return the program's exit status.

    Parameters
    ----------
    project : str, optional
        The project to open, or a data file; by default the last one, and at the first start the sample.
    self_test : bool
        Drive the window once through its main job on the sample, print what failed, and close.
    """
    if not has_display():
        print(NO_DISPLAY, file=sys.stderr)  # noqa: T201
        return 2
    set_environment()
    spare_sources()
    from PySide6.QtWidgets import QApplication

    from explorer.gui.main_window import MainWindow
    from explorer.gui.theme import install_theme

    QApplication.setOrganizationName("Latentscape")
    QApplication.setApplicationName("Latentscape")
    QApplication.setApplicationDisplayName("")
    QApplication.setDesktopFileName("latentscape")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    _settings_folder()
    install_theme(app)
    window = MainWindow()
    _catch_exceptions(window)
    tests: list[SelfTest] = []

    def begin() -> None:
        # What the frame does not need is imported once a person sees it.
        from explorer.gui.actions import window_icon

        app.setWindowIcon(window_icon())
        try:
            _attach(window, project, fresh=self_test)
        except InputError as reason:  # not even an untitled project can be kept
            print(f"latentscape: {reason}", file=sys.stderr)  # noqa: T201
            from explorer.gui.dialogs.errors import ErrorDialog

            dialog = ErrorDialog(reason, window)
            dialog.finished.connect(lambda: app.exit(2))
            dialog.open()
            return
        if self_test:
            from explorer.gui.self_test import SelfTest

            tests.append(SelfTest(window))

    window.painted.connect(begin)
    window.show()
    status = app.exec()
    return next((test.report() for test in tests), 1 if self_test else 0) or status


def _attach(window: MainWindow, project: str | None, *, fresh: bool) -> None:
    """Open the project and let the window show it."""
    from explorer.gui.controller import Controller
    from explorer.gui.jobs import Jobs

    data_file = project if project and not project.endswith(".latentscape") else None
    jobs = Jobs(window)
    workspace, complaint = _workspace(None if data_file else project, fresh=fresh)
    controller = Controller(workspace, jobs, window)
    window.furnished.connect(controller.begin)
    # Collecting the many objects of the libraries would cost a frame now and then while a hand drags.
    window.furnished.connect(_settle_collector)
    window.attach(controller)
    # The hand's worker loads torch on another core while the panels are made.
    jobs.warm_up("hand", ["torch", "safetensors.numpy", "explorer.models.neural", "explorer.models.parts.composition"])
    if complaint is not None:
        window.show_error(complaint)
    if data_file:
        window.open_path(str(Path(data_file).absolute()))


def _workspace(project: str | None, *, fresh: bool) -> tuple[Workspace, InputError | None]:
    """Open what the window starts with, and what to complain of where that is not what it should be.

    The project that is asked for; else the last one, where nobody has it open; else a copy of the sample.
    """
    from PySide6.QtCore import QSettings

    from explorer.gui.librarian import SAMPLE
    from explorer.gui.main_window import LAST_PROJECT
    from explorer.workspace.project import ProjectFile
    from explorer.workspace.workspace import Workspace

    def opened(file: ProjectFile) -> Workspace:
        try:
            return Workspace(file, read_files=False)
        except InputError:
            file.close()
            raise

    complaint = None
    last = QSettings().value(LAST_PROJECT)
    wanted = project or (str(last) if last and not fresh and Path(str(last)).exists() else None)
    if wanted is not None:
        try:
            return opened(ProjectFile.open(wanted)), None
        except InputError as reason:
            complaint = reason
    return opened(ProjectFile.open_copy(resource(SAMPLE))), complaint


def _settings_folder() -> None:
    """Keep the settings beside the projects where the person names a folder for both."""
    if home := os.environ.get("LATENTSCAPE_HOME"):
        from PySide6.QtCore import QSettings

        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, home)


def _settle_collector() -> None:
    gc.collect()
    gc.freeze()


def _catch_exceptions(window: MainWindow) -> None:
    """Show what nobody foresaw in a dialog with details to copy; Qt would print and forget it."""
    from PySide6.QtCore import QTimer

    def show(kind: type[BaseException], value: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        text = "".join(traceback.format_exception(kind, value, trace))
        print(text, file=sys.stderr)  # noqa: T201
        from explorer.gui.jobs import WorkerError

        error = WorkerError(f"{kind.__name__}: {value}", "Copy the details into a report of the bug", text)
        QTimer.singleShot(0, window, lambda: window.show_error(error))

    sys.excepthook = show
    threading.excepthook = lambda args: show(args.exc_type, args.exc_value, args.exc_traceback)
