"""All heavy work, by name: each task is a function ``(request, progress) -> result`` in a file of its own.

A worker process runs them for the window, the command line and the tests run them directly. The modules import
nothing heavy until a task runs, since the window reads their types.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, get_type_hints

from explorer.errors import InputError
from explorer.progress import Progress, Silent
from explorer.workspace.tasks.animate_path import animate_path
from explorer.workspace.tasks.animate_training import animate_training
from explorer.workspace.tasks.compare_runs import compare_runs
from explorer.workspace.tasks.decode import decode
from explorer.workspace.tasks.decode_codes import decode_codes, draw_codes
from explorer.workspace.tasks.denoise import denoise
from explorer.workspace.tasks.denoise_recording import denoise_recording
from explorer.workspace.tasks.draw_band import draw_band
from explorer.workspace.tasks.draw_ends import draw_ends
from explorer.workspace.tasks.draw_lattice import draw_lattice
from explorer.workspace.tasks.estimate import estimate
from explorer.workspace.tasks.export_arrays import export_arrays
from explorer.workspace.tasks.export_figure import export_figure
from explorer.workspace.tasks.export_set import export_set
from explorer.workspace.tasks.find_clusters import find_clusters
from explorer.workspace.tasks.find_spectrum import find_spectrum
from explorer.workspace.tasks.forecast_sample import forecast_sample
from explorer.workspace.tasks.gauge_code import gauge_code
from explorer.workspace.tasks.judge_generated import judge_generated
from explorer.workspace.tasks.load_data import load_data
from explorer.workspace.tasks.map_decisions import map_decisions
from explorer.workspace.tasks.map_manifold import map_manifold
from explorer.workspace.tasks.play_melody import play_melody
from explorer.workspace.tasks.pretrain_curve import pretrain_curve
from explorer.workspace.tasks.preview_data import preview_data
from explorer.workspace.tasks.probe_codes import probe_codes
from explorer.workspace.tasks.project_codes import project_codes
from explorer.workspace.tasks.rank_axes import rank_axes
from explorer.workspace.tasks.rank_outliers import rank_outliers
from explorer.workspace.tasks.read_sentence import read_sentence
from explorer.workspace.tasks.relocate_data import relocate_data
from explorer.workspace.tasks.run_bench import run_bench
from explorer.workspace.tasks.segment_sample import segment_sample
from explorer.workspace.tasks.train import train
from explorer.workspace.tasks.write_melodies import write_melodies
from explorer.workspace.tasks.write_report import write_report

_READING: tuple[Callable[[Any, Progress], Any], ...] = (
    load_data,
    preview_data,
    estimate,
    decode,
    read_sentence,
    denoise,
    project_codes,
    find_spectrum,
    find_clusters,
    probe_codes,
    rank_outliers,
    compare_runs,
    pretrain_curve,
    forecast_sample,
    segment_sample,
    judge_generated,
    map_decisions,
    run_bench,
    play_melody,
    draw_lattice,
    decode_codes,
    draw_codes,
    gauge_code,
    map_manifold,
    rank_axes,
    draw_ends,
    draw_band,
)
_WRITING: tuple[Callable[[Any, Progress], Any], ...] = (
    train,
    relocate_data,
    export_figure,
    export_arrays,
    export_set,
    denoise_recording,
    write_report,
    write_melodies,
    animate_path,
    animate_training,
)

TASKS: dict[str, Callable[[Any, Progress], Any]] = {task.__name__: task for task in _READING + _WRITING}

KEEPERS = frozenset(task.__name__ for task in (*_WRITING, run_bench))
"""Those that leave something in a file, or give what they have: cancelled, they are let end by themselves."""


@cache
def types_of(name: str) -> tuple[type, type]:
    """Return the types of a task's request and result."""
    hints = get_type_hints(TASKS[name])
    return hints["request"], hints["return"]


def run_task(name: str, request: Any, progress: Progress | None = None) -> Any:
    """Do a task in this process and return its result.

    Raises
    ------
    InputError
        If there is no such task, or as the task says.
    Cancelled
        If the person cancelled.
    """
    if name not in TASKS:
        raise InputError(f"there is no task called '{name}'", remedy=f"There are: {', '.join(TASKS)}")
    return TASKS[name](request, progress or Silent())
