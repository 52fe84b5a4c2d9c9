"""Denoise a recording of any length, from file to file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError
from explorer.progress import Part, Progress
from explorer.workspace.messages import DenoisedRecording, DenoiseRecording

if TYPE_CHECKING:
    from explorer.analysis.denoiser import Chain
    from explorer.workspace.denoising import RunDenoiser


def denoise_recording(request: DenoiseRecording, progress: Progress) -> DenoisedRecording:
    """Go through a file block by block, and write it denoised; see `DenoiseRecording`.

    What is in memory does not grow with the file. The new file is whole or not there.

    Raises
    ------
    InputError
        If the file, the denoiser or both together cannot be used, or the new file cannot be written.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.denoiser import denoiser_text
    from explorer.analysis.overlap_add import hop_of
    from explorer.analysis.streaming import stream
    from explorer.data.reader import naming, open_recording
    from explorer.data.writing import replacing

    began = time.monotonic()
    path, out = (Path(each).expanduser().absolute() for each in (request.path, request.out))
    check_names(path, out)
    recording = open_recording(path, reader=request.reader, **request.options)
    denoiser = _denoiser(request, recording.channel_names, recording.sampling_rate, Part(progress, 0.0, 0.05))
    # What is being read says how far the work is: what is held back is little.
    reading = _Reading(progress, 0.05, 0.95, f"Denoising {path.name}")
    series = steps = missing = 0
    with naming(path), replacing(out) as file, recording.copy(file) as copy:
        for blocks in recording.series(reading):
            series += 1
            try:
                for block in stream(blocks, denoiser, request.overlap, keep_gaps=request.gaps == "keep"):
                    steps += len(block)
                    missing += int(np.isnan(block).sum())
                    copy.write(block)
            except InputError as reason:
                if reason.place is None:
                    reason.place = f"series {series}"
                raise
    window = denoiser.only_steps or 0
    return DenoisedRecording(
        out=str(out),
        denoiser=denoiser_text(denoiser),
        n_series=series,
        n_steps=steps,
        channels=list(recording.channel_names),
        missing=missing,
        window=window,
        hop=hop_of(window, request.overlap) if window else 0,
        seconds=time.monotonic() - began,
    )


class _Reading(Part):
    """Says that what is read is denoised."""

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Tell how far the whole is."""
        super().report(fraction, "", payload)


def check_names(path: Path, out: Path) -> None:
    """Refuse to write over the recording itself, or in another format.

    Raises
    ------
    InputError
        If that is asked for.
    """
    if out.suffix.lower() != path.suffix.lower():
        raise InputError(
            "a recording is written in the format that it came in",
            source=out,
            remedy=f"Give a name that ends in {path.suffix or 'the same as the recording'}",
        )
    if out.exists() and path.exists() and out.samefile(path):
        raise InputError("this is the recording itself", source=out, remedy="Give the denoised one another name")


def _denoiser(request: DenoiseRecording, channels: tuple[str, ...], rate: float | None, progress: Progress) -> Chain:
    """Return what denoises, ready: learnt and tuned where data are given."""
    from explorer.analysis.bench import prepare
    from explorer.workspace.denoising import RunDenoiser, find_denoiser

    like = request.data or Dataset(
        values=np.zeros((1, 2, len(channels)), np.float32), channel_names=channels, sampling_rate=rate
    )
    chain = find_denoiser(request.denoiser, request.runs, like)
    for step in chain.steps:
        if isinstance(step, RunDenoiser):
            _check_run(step, channels, request.path)
        elif step.learns and request.data is None:
            raise InputError(
                f"'{step.title}' learns from samples, and there are none",
                source=request.denoiser,
                remedy="Name a project whose data it can learn from, or another denoiser",
            )
    if request.data is not None and (any(chain.free) or chain.learns):
        chain = prepare(chain, request.data, None, progress=progress).denoiser
    return chain


def _check_run(step: RunDenoiser, channels: tuple[str, ...], path: str) -> None:
    model = step.model
    if not model.can_decode or model.decodes != "sample" or len(model.sample_shape_) != 2:
        raise UnsupportedError(
            f"{model.title} ({step.text}) writes no whole series", remedy="Choose a run of a model that does"
        )
    learnt = model.sample_shape_[1]
    if learnt != len(channels):
        many = "1 channel" if len(channels) == 1 else f"{len(channels)} channels"
        raise InputError(
            f"the recording has {many} and the model learnt from {learnt}",
            source=path,
            remedy="Choose the columns of the values by the reader's options, or another run",
        )
