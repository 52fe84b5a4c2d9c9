"""What is on the screen, written to files: figures, codes and decoded samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from explorer.analysis.look import FigureKind, FigureStyle
from explorer.data.dataset import Dataset
from explorer.data.writing import TABLE_SUFFIXES
from explorer.errors import InputError
from explorer.gui.analyst import Analyst
from explorer.gui.denoiser import Denoiser
from explorer.gui.desk import Desk
from explorer.gui.hand import Hand
from explorer.gui.outlook import Outlook
from explorer.gui.past import Past
from explorer.workspace.messages import (
    AnimatePath,
    AnimateTraining,
    DecodedCodes,
    ExportArrays,
    ExportFigure,
    ExportSet,
)
from explorer.workspace.named_sets import NamedSet

ANALYSES: dict[FigureKind, str] = {
    "spectrum": "components",
    "clusters": "clusters",
    "features": "features",
    "outliers": "outliers",
    "labels": "pretraining",
    "forecast": "forecast",
    "segments": "segments",
    "generation": "generation",
    "decision": "decision",
}
"""Which page of the Analysis dock a kind of figure shows the answer of."""
BENCH: tuple[FigureKind, ...] = (
    "bench_sample", "bench_residuals", "bench_spectrum", "bench_spectrogram", "bench_levels", "bench_scores",
)  # fmt: skip
"""The figures of the denoising bench."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Decoded codes that a page of the Explore dock shows, each under a name, and codes `between` for an animation."""

    decoded: DecodedCodes
    names: list[str]
    title: str
    between: np.ndarray


class Exporter(QObject):
    """Writes what is shown as it is now; the drawing and writing is done beside the window.

    Attributes
    ----------
    map_view : callable or None
        Gives how the map is seen, as `explorer.workspace.contents.map_content` takes it: "view", "camera" and "equal".
        The window sets it.
    steps : Steps or None
        What the Explore dock shows; its pages set it.
    bench : callable or None
        Gives the content of a kind of figure of the denoising bench, or None where it shows nothing. The bench sets it
        while it is open.
    """

    def __init__(
        self, desk: Desk, outlook: Outlook, past: Past, hand: Hand, denoiser: Denoiser, analyst: Analyst
    ) -> None:
        super().__init__(desk)
        self._desk, self._workspace, self._past = desk, desk.workspace, past
        self._outlook, self._hand, self._denoiser, self._analyst = outlook, hand, denoiser, analyst
        self.map_view: Callable[[], dict[str, Any]] | None = None
        self.steps: Steps | None = None
        self.bench: Callable[[FigureKind], dict[str, Any] | None] | None = None

    def figure(self, kind: FigureKind, path: str, style: FigureStyle) -> None:
        """Write what is shown of a kind as it is now."""
        found = self._desk.guard(lambda: self._content(kind))
        if found is not None:
            drawn, content = found
            self._send("export_figure", ExportFigure(drawn, path, content, style), path)

    def has_analysis(self, kind: FigureKind) -> bool:
        """Whether there is an answer of the analysis that a kind of figure shows."""
        return kind in ANALYSES and self._analyst.inquiry(ANALYSES[kind]).result is not None

    def has_bench(self, kind: FigureKind) -> bool:
        """Whether the denoising bench shows what a kind of figure draws."""
        return kind in BENCH and self.bench is not None and self.bench(kind) is not None

    def _content(self, kind: FigureKind) -> tuple[FigureKind, dict[str, Any]]:
        """Return what is to be drawn, and as which kind: decoded classes are drawn as segments."""
        data, decoded = self._workspace.data, self._hand.last
        if kind in BENCH and self.bench is not None and (content := self.bench(kind)) is not None:
            return kind, content
        if data is not None and self.has_analysis(kind):
            return kind, self._of_analysis(kind, data)
        if data is None or data.vocabulary:
            return kind, self._shown(kind)
        if kind == "decode" and decoded is not None and decoded.sample.shape != data.sample_shape:
            from explorer.workspace.analysis_contents import decoded_masks_content

            return "segments", decoded_masks_content(data, decoded)
        return kind, self._shown(kind)

    def _of_analysis(self, kind: FigureKind, data: Dataset) -> dict[str, Any]:
        from explorer.workspace import analysis_contents as contents

        inquiry = self._analyst.inquiry(ANALYSES[kind])
        if kind == "features":
            return contents.features_content(inquiry.result)
        if kind == "generation":
            return contents.generation_content(inquiry.result, inquiry.basis.words if inquiry.basis else "")
        if kind == "labels":
            return contents.labels_content(inquiry.result, inquiry.basis.words if inquiry.basis else "")
        drawn: dict[FigureKind, Callable[[Dataset, Any], dict[str, Any]]] = {
            "spectrum": contents.spectrum_content,
            "clusters": contents.clusters_content,
            "outliers": contents.outliers_content,
            "forecast": contents.forecast_content,
            "segments": contents.segments_content,
            "decision": contents.decision_content,
        }
        return drawn[kind](data, inquiry.result)

    def _shown(self, kind: FigureKind) -> dict[str, Any]:
        from explorer.workspace import contents

        workspace = self._workspace
        data, codes, run = workspace.data, workspace.codes, workspace.run
        if kind == "map" and data is not None and codes is not None:
            return contents.map_content(
                data,
                codes,
                workspace.colouring,
                plane=self._outlook.plane,
                sets=workspace.sets,
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

    @property
    def has_training(self) -> bool:
        """Whether there are maps of epochs that can be animated as the map is shown now."""
        plane = self._outlook.plane
        return bool(self._past.epochs) and plane is not None and not plane.approximate and plane.dims == 2

    def training(self, path: str, style: FigureStyle) -> None:
        """Write the maps of the run's epochs as an animation: GIF, MP4 or APNG."""
        workspace, plane = self._workspace, self._outlook.plane
        data, run = workspace.data, workspace.run
        if data is None or run is None or plane is None:
            self._desk.failed.emit(InputError("there is no training to animate yet", remedy="Train a model first"))
            return
        request = AnimateTraining(str(workspace.path), run.id, data, plane.to_json(), workspace.colouring, path, style)
        self._send("animate_training", request, path)

    def codes(self, path: str) -> None:
        """Write the codes of all samples, with names, labels and parts, to a CSV, TSV or NPZ file."""
        from explorer.workspace import contents

        data, codes = self._workspace.data, self._workspace.codes
        if data is None or codes is None:
            self._desk.failed.emit(InputError("there are no codes to export yet", remedy="Train a model first"))
            return
        self._send("export_arrays", ExportArrays(path, contents.code_columns(data, codes)), path)

    def named_set(self, chosen: NamedSet, path: str, samples: bool) -> None:
        """Write the samples of a set to a file, with their codes; or the values of the samples."""
        data = self._workspace.data
        if data is not None:
            codes = None if samples else self._workspace.codes
            self._send("export_set", ExportSet(path, data, chosen.name, chosen.bits, codes, samples), path)

    def decoded(self, path: str) -> None:
        """Write the decoded sample under the handle to a CSV, TSV or NPZ file; a melody to MIDI or WAV as well."""
        from explorer.workspace import contents

        data, decoded = self._workspace.data, self._hand.last
        if data is None or decoded is None:
            self._desk.failed.emit(InputError("nothing is decoded yet", remedy="Drag the handle on the map first"))
            return
        if data.layout == "notes" and Path(path).suffix.lower() not in (*TABLE_SUFFIXES, ".npz"):
            self._send("write_melodies", contents.decoded_melody(path, data, decoded), path)
            return
        self._send("export_arrays", ExportArrays(path, contents.decoded_columns(data, decoded)), path)

    def walk(self, path: str, style: FigureStyle) -> None:
        """Write the steps that the Explore dock shows as a figure, or what lies between as an animation."""
        from explorer.workspace import contents

        data, steps, model = self._workspace.data, self.steps, self._workspace.model_ref
        if data is None or steps is None or model is None:
            failure = InputError("there are no steps to export yet", remedy="Mark two places in the Explore dock first")
            self._desk.failed.emit(failure)
            return
        if Path(path).suffix.lower() in (".gif", ".mp4", ".apng"):
            request = AnimatePath(model, data, steps.between, path, style)
            self._send("animate_path", request, path)
            return
        content = contents.path_content(data, steps.decoded, steps.names, steps.title)
        self._send("export_figure", ExportFigure("path", path, content, style), path)

    def many(self, path: str, decoded: DecodedCodes, names: list[str]) -> None:
        """Write many decoded codes, each under a name, to a CSV, TSV or NPZ file."""
        from explorer.workspace import contents

        data = self._workspace.data
        if data is not None:
            columns = contents.many_columns(data, decoded, names, arrays=path.lower().endswith(".npz"))
            self._send("export_arrays", ExportArrays(path, columns), path)

    def _send(self, task: str, request: Any, path: str) -> None:
        def written(_path: str) -> None:
            self._desk.notice.emit("info", f"Wrote {path}")

        self._desk.errands.send(task, request, f"Writing {Path(path).name}", written)
