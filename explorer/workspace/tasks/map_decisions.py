"""Map which class a class-conditional VAE takes each point of a plane of samples to be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from explorer.errors import UnsupportedError
from explorer.progress import Part, Progress, check
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import Decisions, MapDecisions

CHUNK = 256
"""Samples that are looked at between two looks at whether to stop."""
MOST = 1500
"""Samples that are drawn at most."""
EXAMPLES = 3
"""New samples of each class."""


def map_decisions(request: MapDecisions, progress: Progress) -> Decisions:
    """Return what p(x, y) and q(y|x) say all over the plane in which samples vary most; see `Decisions`.

    Raises
    ------
    InputError
        If the run is gone, the data do not fit it, or there is no plane through them.
    UnsupportedError
        If the model does not learn p(x, y).
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.comparison import judged_part
    from explorer.analysis.decision import SamplePlane, decision_map
    from explorer.models.classes import renumbered
    from explorer.models.recipes.conditional_vae import ConditionalVAE

    model, used = fitted(request.model)
    if not isinstance(model, ConditionalVAE):
        raise UnsupportedError(
            f"{model.title} does not learn p(x, y)", remedy="Choose a run of a class-conditional VAE"
        )
    data, seed = request.data, request.seed
    plane = SamplePlane.of(data)
    rows = np.flatnonzero(np.isfinite(data.values.reshape(len(data), -1)).all(axis=1))
    flat = plane.flat(data.values[rows])

    labels = np.full(len(data), -1)
    if data.labels is not None:
        labels = renumbered(data.labels, data.class_names, model.class_names_)
    part, judged = judged_part(data)
    known = judged[labels[judged] >= 0]
    accuracy: dict[str, float] = {}
    progress.report(0.0, "test samples")
    # In one go, as after a training: the same draws tell the same accuracy.
    test = data.subset(known if len(known) else judged)
    joint = model.joint(test, seed=seed)
    if len(known):
        truth, learnt = labels[known], labels[data.indices("train")]
        told = {"generative": joint, "discriminative": model.recognised(test)}
        accuracy = {name: float(np.mean(each.argmax(axis=1) == truth)) for name, each in told.items()}
        if (learnt >= 0).any():
            accuracy["usual"] = float(np.mean(truth == np.bincount(learnt[learnt >= 0]).argmax()))
    check(progress)
    bayes = _by_parts(lambda some: model.joint(some, seed=seed), Part(progress, 0.2, 0.7), "generative map")
    network = _by_parts(model.recognised, Part(progress, 0.9, 0.1), "discriminative map")
    generative = decision_map(plane, flat, network, bayes, request.grid)
    discriminative = decision_map(plane, flat, network, grid=request.grid)
    assert generative.likelihood is not None  # `joint` was given

    drawn = np.sort(np.random.default_rng(seed).permutation(len(rows))[:MOST])
    count = len(model.class_names_)
    return Decisions(
        model=used,
        names=list(model.class_names_),
        x=generative.x,
        y=generative.y,
        classes={"generative": generative.classes, "discriminative": discriminative.classes},
        confidence={"generative": generative.confidence, "discriminative": discriminative.confidence},
        likelihood=generative.likelihood,
        typical=float(np.quantile(np.logaddexp.reduce(joint, axis=1), 0.05)),
        points=flat[drawn],
        rows=rows[drawn],
        labels=labels[rows[drawn]],
        accuracy=accuracy,
        n_samples=len(known),
        examples=np.stack([model.samples_of(label, EXAMPLES, seed) for label in range(count)]),
        part=part,
    )


def _by_parts(
    ask: Callable[[np.ndarray], np.ndarray], progress: Progress, words: str
) -> Callable[[np.ndarray], np.ndarray]:
    """Return what asks about some samples at a time, and stops where the person cancelled."""

    def asked(samples: np.ndarray) -> np.ndarray:
        pieces = []
        for start in range(0, len(samples), CHUNK):
            check(progress)
            progress.report(start / len(samples), words)
            pieces.append(ask(samples[start : start + CHUNK]))
        return np.concatenate(pieces)

    return asked
