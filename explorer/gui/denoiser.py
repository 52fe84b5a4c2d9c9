"""One sample, spoilt and passed through the active model; and recordings, from file to file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from explorer.gui.desk import Desk
from explorer.gui.hand import Hand
from explorer.workspace.messages import Denoise, Denoised, DenoisedRecording, DenoiseRecording, ModelRef


class Denoiser(QObject):
    """Has a sample denoised, and again when the codes have changed and the hand rests.

    Attributes
    ----------
    last : Denoised or None
        What was denoised last, of the run that is shown.
    """

    denoised = Signal(object)
    """`Denoised`: the newest finished denoising."""
    failed = Signal(object)
    """Why the sample could not be denoised, as the panel shows it in place of a result."""

    def __init__(self, desk: Desk, hand: Hand) -> None:
        super().__init__(desk)
        self._desk, self._workspace = desk, desk.workspace
        self.last: Denoised | None = None
        self._request: tuple[int, str | None, int] | None = None
        self._workspace.active_run_changed.connect(self._forget)
        hand.refreshed.connect(self._renew)

    def denoise(self, index: int, corruption: str | None, seed: int = 0) -> None:
        """Corrupt a sample and pass it through the active model; the newest request wins."""
        model, data = self._workspace.model_ref, self._workspace.data
        self._request = (index, corruption, seed)
        if model is None or data is None or not 0 <= index < len(data):
            return

        def denoised(result: Denoised) -> None:
            if result.model is not None and self._desk.is_current(result.model):
                self.last = result
                self.denoised.emit(result)

        request = Denoise(model, data, index, corruption, seed)
        self._desk.jobs.latest(
            "denoise", "denoise", request, lane="work", on_result=denoised, on_error=self.failed.emit
        )

    def recording(
        self, path: str, out: str, denoiser: str, *, overlap: float = 0.5, gaps: Literal["keep", "fill"] = "keep"
    ) -> None:
        """Denoise a recording from file to file, as an errand of which the foot of the window tells.

        `denoiser` is text in which ``run:3`` is a run of the project; see `DenoiseRecording`.
        """
        workspace = self._workspace
        runs = [ModelRef(str(workspace.path), run.id, run.version) for run in workspace.runs if run.version]
        request = DenoiseRecording(path, out, denoiser, runs, workspace.data, overlap=overlap, gaps=gaps)

        def written(result: DenoisedRecording) -> None:
            steps = f"{result.n_steps:,} {'step' if result.n_steps == 1 else 'steps'}"
            self._desk.notice.emit("info", f"Wrote {result.out}: {steps}, denoised by {result.denoiser}")

        self._desk.errands.send("denoise_recording", request, f"Denoising {Path(path).name}", written)

    def _renew(self) -> None:
        if self._request is not None:
            self.denoise(*self._request)

    def _forget(self) -> None:
        self.last = None
