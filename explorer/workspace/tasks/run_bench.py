"""Set denoisers side by side over the test samples."""

from __future__ import annotations

from explorer.analysis.bench import Bench
from explorer.progress import Progress
from explorer.workspace.messages import RunBench


def run_bench(request: RunBench, progress: Progress) -> Bench:
    """Return what denoisers and runs reach on the same samples; see `RunBench`.

    Raises
    ------
    InputError
        If a denoiser, a run, the corruption or a level does not fit.
    """
    from explorer.analysis.bench import bench
    from explorer.workspace.denoising import entries

    chosen = entries(request.runs, request.denoisers, request.data, classics=request.classics)
    return bench(request.data, chosen, request.corruption, request.seed, request.levels, progress)
