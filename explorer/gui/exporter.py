"""What is on the screen, written to files: figures, codes and decoded samples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from explorer.analysis.look import FigureKind, FigureStyle
from explorer.errors import InputError
from explorer.gui.denoiser import Denoiser
from explorer.gui.desk import Desk
from explorer.gui.hand import Hand
from explorer.gui.outlook import Outlook
from explorer.workspace.messages import ExportArrays, ExportFigure


class Exporter(QObject):
    """Writes what is shown as it is now; the drawing and writing is done beside the window.

    Attributes
    ----------
    map_view : callable or None
        Gives how the map is seen, as `explorer.workspace.contents.map_content` takes it: "view", "camera" and "equal".
        The window sets it.
    """

    def __init__(self, desk: Desk, outlook: Outlook, hand: Hand, denoiser: Denoiser) -> None:
        super().__init__(desk)
        self._desk, self._workspace = desk, desk.workspace
        self._outlook, self._hand, self._denoiser = outlook, hand, denoiser
        self.map_view: Callable[[], dict[str, Any]] | None = None

    def figure(self, kind: FigureKind, path: str, style: FigureStyle) -> None:
        """Write the map, the losses, the decoded sample or the denoising as they are now."""
        content = self._desk.guard(lambda: self._content(kind))
        if content is not None:
            self._send("export_figure", ExportFigure(kind, path, content, style), path)

    def _content(self, kind: FigureKind) -> dict[str, Any]:
        from explorer.workspace import contents

        workspace = self._workspace
        data, codes, run = workspace.data, workspace.codes, workspace.run
        if kind == "map" and data is not None and codes is not None:
            return contents.map_content(
                data,
                codes,
                workspace.colouring,
                plane=self._outlook.plane,
                selection=workspace.selection,
                place=self._hand.place,
                **(self.map_view() if self.map_view else {}),
            )
        if kind == "loss" and run is not None:
            return contents.loss_content(run)
        if kind == "decode" and data is not None and self._hand.last is not None:
            return contents.decode_content(data, self._hand.last)
        if kind == "denoise" and data is not None and self._denoiser.last is not None:
            return contents.denoise_content(data, self._denoiser.last)
        raise InputError(f"there is no {kind} to export yet", remedy="Train a model, or open a project with one")

    def codes(self, path: str) -> None:
        """Write the codes of all samples, with names, labels and parts, to a CSV, TSV or NPZ file."""
        from explorer.workspace import contents

        data, codes = self._workspace.data, self._workspace.codes
        if data is None or codes is None:
            self._desk.failed.emit(InputError("there are no codes to export yet", remedy="Train a model first"))
            return
        self._send("export_arrays", ExportArrays(path, contents.code_columns(data, codes)), path)

    def decoded(self, path: str) -> None:
        """Write the decoded sample under the handle to a CSV, TSV or NPZ file."""
        from explorer.workspace import contents

        data, decoded = self._workspace.data, self._hand.last
        if data is None or decoded is None:
            self._desk.failed.emit(InputError("nothing is decoded yet", remedy="Drag the handle on the map first"))
            return
        self._send("export_arrays", ExportArrays(path, contents.decoded_columns(data, decoded)), path)

    def _send(self, task: str, request: Any, path: str) -> None:
        def written(_path: str) -> None:
            self._desk.notice.emit("info", f"Wrote {path}")

        self._desk.errands.send(task, request, f"Writing {Path(path).name}", written)
