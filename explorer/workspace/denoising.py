"""Trained runs as denoisers, beside the classical ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from explorer.analysis.bench import Entry
from explorer.analysis.denoiser import DENOISERS, Chain, Denoiser, parse_denoiser
from explorer.analysis.run_denoiser import RunDenoiser
from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import ModelRef

RUN = "run"
"""What a trained run is called in a text: ``run:3``, ``median:5 + run:3``."""


def find_denoiser(text: str, runs: Iterable[ModelRef], data: Dataset) -> Chain:
    """Return the denoisers of a text; see `parse_denoiser`. ``run:3`` is the one of `runs` with that number.

    Raises
    ------
    InputError
        If there is no such denoiser, setting or run.
    """
    known = {str(ref.run): ref for ref in runs}

    def named(name: str, rest: str) -> Denoiser | None:
        if name != RUN:
            return None
        if rest not in known:
            raise InputError(f"there is no run '{rest}' to denoise by", source=text, remedy="Name one that is trained")
        return RunDenoiser(text=f"{RUN}:{rest}", model=fitted(known[rest])[0], like=data)

    return parse_denoiser(text, named)


def entries(runs: Sequence[ModelRef], texts: Sequence[str], data: Dataset, *, classics: bool = True) -> list[Entry]:
    """Return what takes part in a bench: each run by itself, and the denoisers of the texts.

    Where there is no text, all classical ones, if `classics` says so.

    Raises
    ------
    InputError
        If a denoiser is unknown or named twice.
    """
    names = [
        *(f"{RUN}:{ref.run}" for ref in runs),
        *(text.strip() for text in texts or (DENOISERS.names() if classics else ())),
    ]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"'{name}' is named twice", remedy="Name it once")
    return [Entry(name, find_denoiser(name, runs, data)) for name in names]
