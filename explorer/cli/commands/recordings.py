"""Recordings of any length, denoised from file to file: the part of `denoise` that is told by --stream."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.cli import inputs
from explorer.cli.console import Bar, duration, emit
from explorer.errors import InputError, UnsupportedError
from explorer.progress import Progress
from explorer.workspace.messages import DenoisedRecording, DenoiseRecording


@dataclass(frozen=True)
class Way:
    """How a recording is denoised, as a person wrote it."""

    out: str
    denoiser: str | None
    overlap: float
    fill: bool
    reader: str | None
    data_options: list[str] | None
    as_json: bool

    def options(self) -> dict[str, Any]:
        """Return the reader's options."""
        return dict(inputs.settings(self.data_options or (), option="--data-option"))


def check_alone(corrupt: str | None, clean: str | None, streamed: bool | None) -> None:
    """Refuse options that make no sense with a stream.

    Raises
    ------
    InputError
        If one is given.
    """
    for option, given in (("--corrupt", corrupt), ("--clean", clean)):
        if given is not None:
            raise InputError(
                f"{option} does not go with --stream or --denoiser",
                source=option,
                remedy="Leave it out, or measure denoisers by 'latentscape bench'",
            )
    if streamed is False:
        raise InputError("--no-stream does not go with --denoiser", source="--no-stream", remedy="Leave it out")


def is_long(trained: inputs.TrainedRun, data: str | None, way: Way) -> bool:
    """Whether a file has longer series than the run's model takes at once, and can be gone through in windows."""
    from explorer.data.reader import open_recording

    shape = trained.model().sample_shape_
    if data is None or not Path(data).is_file() or len(shape) != 2:
        return False
    if Path(way.out).suffix.lower() != Path(data).suffix.lower():
        return False
    try:
        recording = open_recording(data, reader=way.reader, **way.options())
    except InputError:
        return False  # whoever reads it whole says what is wrong
    return len(recording.channel_names) == shape[1] and recording.longer_than(shape[0])


def denoise(project: str, data: str | None, run_name: str | None, way: Way) -> None:
    """Denoise a recording by a run of a project, or without one by a denoiser."""
    with ExitStack() as stack:
        bar = stack.enter_context(Bar("Denoising").shown())
        if project.lower().endswith(".latentscape"):
            trained = stack.enter_context(inputs.trained(project, run_name))
            run(trained, _recording(data), way, bar)
            return
        if way.denoiser is None or data is not None:
            raise InputError(
                "this is no project",
                source=project,
                remedy="Give a .latentscape file, or leave it out and name a denoiser by --denoiser",
            )
        request = DenoiseRecording(
            project, way.out, way.denoiser, reader=way.reader, options=way.options(), overlap=way.overlap,
            gaps="fill" if way.fill else "keep",
        )  # fmt: skip
        _tell(request, way, bar)


def run(trained: inputs.TrainedRun, data: str, way: Way, progress: Progress) -> None:
    """Denoise a recording by a run of an open project, and by what else the denoiser names."""
    from explorer.analysis.denoiser import parse_denoiser
    from explorer.workspace.denoising import RUN, RunDenoiser

    own = RunDenoiser(text=f"{RUN}:{trained.run.id}", model=trained.model(), like=None)  # type: ignore[arg-type] - not used
    text = own.text if way.denoiser is None else way.denoiser
    chain = parse_denoiser(text, lambda name, _rest: own if name == RUN else None)
    needed = any(chain.free) or any(step.learns for step in chain.steps)
    request = DenoiseRecording(
        data,
        way.out,
        text,
        [inputs.choose(trained.project, str(each.id)).ref for each in trained.project.runs() if each.version],
        trained.data() if needed else None,
        way.reader,
        way.options(),
        way.overlap,
        "fill" if way.fill else "keep",
    )
    _tell(request, way, progress, trained)


def _recording(data: str | None) -> str:
    if data is None:
        raise InputError("no recording is named", remedy="Give the file behind the project")
    return data


def _tell(request: DenoiseRecording, way: Way, progress: Progress, trained: inputs.TrainedRun | None = None) -> None:
    from explorer.workspace.tasks import run_task

    if not Path(request.path).expanduser().exists() and not Path(request.path).suffix:
        raise UnsupportedError(f"'{request.path}' is no file", remedy="Only files are gone through in windows")
    found: DenoisedRecording = run_task("denoise_recording", request, progress)
    facts = {
        "run": None if trained is None else trained.run.id,
        "denoiser": found.denoiser,
        "n_series": found.n_series,
        "n_steps": found.n_steps,
        "channels": found.channels,
        "missing": found.missing,
        "window": found.window or None,
        "hop": found.hop or None,
        "seconds": found.seconds,
        "out": found.out,
    }
    emit(facts, as_json=way.as_json, text=lambda: _text(found))


def _text(found: DenoisedRecording) -> str:
    series = "1 series" if found.n_series == 1 else f"{found.n_series:,} series"
    channels = "" if len(found.channels) == 1 else f" × {len(found.channels)} channels"
    windows = f" in windows of {found.window:,} steps, {found.hop:,} apart," if found.window else ""
    gaps = f", {found.missing:,} missing values kept" if found.missing else ""
    return (
        f"{found.n_steps:,} steps{channels} of {series} denoised by {found.denoiser}{windows} "
        f"in {duration(found.seconds)}{gaps}: {found.out}"
    )
