"""Set two runs side by side."""

from __future__ import annotations

from explorer.progress import Progress
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import Compared, CompareRuns


def compare_runs(request: CompareRuns, progress: Progress) -> Compared:
    """Return what two runs reach on the same samples; see `CompareRuns`.

    Raises
    ------
    InputError
        If a run is gone, or the data do not fit it.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.comparison import BETTER, compare

    first, used_first = fitted(request.first)
    second, used_second = fitted(request.second)
    found = compare((first, second), request.data, request.seed, progress)
    return Compared(
        first=used_first,
        second=used_second,
        measures=found.measures,
        better={name: BETTER[name] for name in found.measures},
        similarity=found.similarity,
        n_samples=found.n_samples,
        part=found.part,
    )
