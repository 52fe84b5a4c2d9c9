"""The bench as a report: where to, and the writing, which is done beside the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from explorer.gui.bench.contest import Contest
from explorer.gui.controller import Controller
from explorer.gui.widgets.banner import Banner
from explorer.workspace.messages import WriteReport


class Reporter(QObject):
    """Writes what a contest came to, HTML or PDF.

    Parameters
    ----------
    controller : Controller
    contest : Contest
    colors : callable
        Returns the colour of each row of the bench, by its name.
    banner : Banner
        Tells what was written, or why nothing was.
    """

    def __init__(
        self,
        controller: Controller,
        contest: Contest,
        colors: Callable[[], dict[str, str]],
        banner: Banner,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller, self._contest, self._colors, self._banner = controller, contest, colors, banner

    def ask(self, parent: QWidget) -> None:
        """Ask where to, and have the bench written as a report."""
        folder = QSettings().value("export_folder")
        folder = Path(str(folder)) if folder and Path(str(folder)).is_dir() else Path.home()
        kinds = "HTML page (*.html);;PDF (*.pdf)"
        path, kind = QFileDialog.getSaveFileName(parent, "Report", str(folder / "bench.html"), kinds)
        if path:
            if Path(path).suffix.lower() not in (".html", ".pdf"):
                path += ".pdf" if "pdf" in kind else ".html"
            QSettings().setValue("export_folder", str(Path(path).parent))
            self.write(path)

    def write(self, path: str) -> None:
        """Have the bench written as a report, HTML or PDF by the path's ending."""
        request, result = self._contest.request, self._contest.result
        if request is None or result is None:
            return

        def written(path: str) -> None:
            self._banner.tell("info", f"Wrote {path}")

        def failed(reason: Exception) -> None:
            self._banner.tell("bad", str(reason))

        origin = request.data.origin
        source = origin.path or origin.name or request.data.name
        wanted = WriteReport(
            path, request.data, result, request.runs, request.denoisers, request.levels, source, self._colors()
        )
        self._banner.tell("info", f"Writing {Path(path).name}")
        self._controller.errands.send("write_report", wanted, f"Writing {Path(path).name}", written, failed)
