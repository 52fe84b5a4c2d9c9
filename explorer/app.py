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
    from explorer.workspace.workspace import Workspace

LAST_PROJECT = "last_project"
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
    # PySide6 hooks into every import after its own, so that the others are faster before it.
    import explorer.analysis.palette
    import explorer.workspace.workspace  # noqa: F401 - for its time

    # isort: split
    from PySide6.QtWidgets import QApplication

    from explorer.gui.actions import window_icon
    from explorer.gui.controller import Controller
    from explorer.gui.jobs import Jobs
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
    app.setWindowIcon(window_icon())

    data_file = project if project and not project.endswith(".latentscape") else None
    workspace, complaint = _workspace(None if data_file else project, fresh=self_test)
    jobs = Jobs()
    window = MainWindow(Controller(workspace, jobs))
    window.furnished.connect(window.controller.begin)
    _catch_exceptions(window)
    window.show()
    # Collecting the many objects of the libraries would cost a frame now and then while a hand drags.
    window.furnished.connect(_settle_collector)
    if complaint is not None:
        window.show_error(complaint)
    if data_file:
        window.open_path(str(Path(data_file).absolute()))
    if self_test:
        from explorer.gui.self_test import SelfTest

        test = SelfTest(window)
        status = app.exec()
        return test.report() or status
    return app.exec()


def _workspace(project: str | None, *, fresh: bool) -> tuple[Workspace, InputError | None]:
    """Open what the window starts with, and what to complain of where that is not what it should be.

    The project that is asked for; else the last one, where nobody has it open; else a copy of the sample.
    """
    from PySide6.QtCore import QSettings

    from explorer.gui.controller import SAMPLE
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


def _catch_exceptions(window: object) -> None:
    """Show what nobody foresaw in a dialog with details to copy; Qt would print and forget it."""
    from PySide6.QtCore import QTimer

    from explorer.gui.jobs import WorkerError
    from explorer.gui.main_window import MainWindow

    assert isinstance(window, MainWindow)

    def show(kind: type[BaseException], value: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        text = "".join(traceback.format_exception(kind, value, trace))
        print(text, file=sys.stderr)  # noqa: T201
        error = WorkerError(f"{kind.__name__}: {value}", "Copy the details into a report of the bug", text)
        QTimer.singleShot(0, window, lambda: window.show_error(error))

    sys.excepthook = show
    threading.excepthook = lambda args: show(args.exc_type, args.exc_value, args.exc_traceback)
