"""Tell how many labels an encoder saves that has learnt without them."""

from __future__ import annotations

from explorer.progress import Progress
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import LabelCurve, PretrainCurve


def pretrain_curve(request: PretrainCurve, progress: Progress) -> LabelCurve:
    """Return the accuracy of classifiers by the number of labels, with and without pre-training; see `PretrainCurve`.

    Raises
    ------
    InputError
        If the run is gone or is no network, or there are fewer labels than asked for.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.pretraining import label_curve

    model, used = fitted(request.model)
    found = label_curve(model, request.data, request.counts, request.seeds, progress)
    return LabelCurve(
        model=used,
        counts=list(found.counts),
        seeds=list(found.seeds),
        pretrained=found.pretrained,
        scratch=found.scratch,
        frozen=found.frozen,
        baseline=found.baseline,
    )
