"""Judge what a generative model makes against real samples."""

from __future__ import annotations

from explorer.errors import UnsupportedError
from explorer.progress import Part, Progress, check
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import GeneratedScores, JudgeGenerated

MOST = 5000
"""Samples that are generated at most."""
EXAMPLES = 3
"""Generated samples that are shown."""


def judge_generated(request: JudgeGenerated, progress: Progress) -> GeneratedScores:
    """Return how generated samples, and controls, compare with real ones; see `JudgeGenerated`.

    Raises
    ------
    InputError
        If the run is gone, or there are too few samples.
    UnsupportedError
        If the model generates nothing.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.generation.judging import check_judgeable
    from explorer.analysis.generation.judging import judge_generated as judge
    from explorer.models.generative import GenerativeModel

    model, used = fitted(request.model)
    if not isinstance(model, GenerativeModel):
        raise UnsupportedError(f"{model.title} generates no samples", remedy="Choose a run of a VAE, or of TimeGAN")
    check_judgeable(request.data)
    progress.report(0.0, "generating")
    made = model.generate(min(MOST, max(len(request.data.indices("train")), 100)), request.seed)
    check(progress)
    found = judge(
        made,
        request.data,
        controls=request.controls,
        steps=request.steps,
        seed=request.seed,
        progress=Part(progress, 0.05, 0.95),
    )
    variables = found.variables
    return GeneratedScores(
        model=used,
        scores=found.scores,
        names=list(variables.names),
        ks=variables.ks,
        wasserstein=variables.wasserstein,
        real_rate=variables.real_rate,
        made_rate=variables.made_rate,
        real_correlation=variables.real_correlation,
        made_correlation=variables.made_correlation,
        n_samples=found.n_samples,
        examples=made.values[:EXAMPLES],
        part=found.part,
        seed=request.seed,
    )
