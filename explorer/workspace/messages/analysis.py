"""Questions to the codes of all samples, and to two runs at once."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef

ProjectionMethod = Literal["pca", "tsne", "umap"]
ClusterMethod = Literal["k-means", "hdbscan"]
Features = Literal["code", "raw", "pca"]
Probe = Literal["knn", "linear"]


class ProjectCodes(msgspec.Struct, frozen=True):
    """Lay the codes of a run, as they are in the project, out in 2 or 3 dimensions. Result: `Projected`.

    `params` are those of `explorer.analysis.projections`: of t-SNE "perplexity" and "iterations", of UMAP
    "neighbours", "min_dist" and "iterations"; of both "most", the number of codes over which some are left out and
    placed afterwards by their neighbours.
    """

    model: ModelRef
    method: ProjectionMethod
    dims: int = 2
    params: dict[str, Any] = {}
    seed: int = 0


class Projected(msgspec.Struct, frozen=True):
    """The codes of a run in `dims` dimensions. `model.version` is the version whose codes these are.

    `coordinates` ``(N, dims)`` float32, NaN for codes that are no numbers. For "pca" a code z has the coordinates
    ``vectors @ (z - mean)`` with `mean` ``(L,)`` and `vectors` ``(dims, L)``, orthonormal (rows past the code's width
    are 0), and `ratios` ``(dims,)`` is the share of the variance that each explains; None for the others, which know
    no such map. `params` are those that were used, with their defaults. `n_placed` of the codes were not laid out but
    placed by their neighbours; `note` says so to a person, and is empty where there is nothing to say.
    """

    model: ModelRef
    method: ProjectionMethod
    dims: int
    coordinates: np.ndarray
    mean: np.ndarray | None = None
    vectors: np.ndarray | None = None
    ratios: np.ndarray | None = None
    params: dict[str, Any] = {}
    seed: int = 0
    n_placed: int = 0
    note: str = ""


class FindSpectrum(msgspec.Struct, frozen=True):
    """Take the principal components of the train part of data (of all where that is empty). Result: `Spectrum`."""

    data: Dataset
    count: int = 16


class Spectrum(msgspec.Struct, frozen=True):
    """The first K principal components of data, in their own units.

    `variances` ``(K,)`` are the eigenvalues of the covariance matrix (divided by N - 1), in units squared, `ratios`
    ``(K,)`` their shares of the `total`; `mean` is of `sample_shape`, `components` ``(K, *sample_shape)`` have unit
    length and fixed signs. `n_samples` were learnt from. K is less than asked for where there are no more.
    """

    variances: np.ndarray
    ratios: np.ndarray
    total: float
    mean: np.ndarray
    components: np.ndarray
    n_samples: int


class FindClusters(msgspec.Struct, frozen=True):
    """Find clusters among the codes of all samples; labels are not looked at. Result: `Clusters`.

    `params` of "k-means": "clusters" (None: the number from 2 to 10 of the best silhouette); of "hdbscan":
    "smallest" (codes in a cluster, at least) and "core" (neighbours that make a core; None: as `smallest`).
    """

    model: ModelRef
    data: Dataset
    method: ClusterMethod = "k-means"
    params: dict[str, Any] = {}
    seed: int = 0


class Clusters(msgspec.Struct, frozen=True):
    """The cluster of each sample: `labels` int64 ``(N,)``, -1 for noise; numbered by size, the largest first.

    `scores`: "silhouette" of the codes that are no noise (sampled where there are many), and where the data have
    labels "ari" (adjusted Rand index) and "nmi" (normalised mutual information) over the samples with a label, noise
    counting as a cluster of its own. `params` are those that were used.
    """

    model: ModelRef
    method: ClusterMethod
    labels: np.ndarray
    n_clusters: int
    scores: dict[str, float]
    params: dict[str, Any] = {}
    seed: int = 0


class ProbeCodes(msgspec.Struct, frozen=True):
    """Tell how well simple predictors read a target out of frozen codes. Result: `Probed`.

    `target` is "label" or the name of a column of numbers (then the probes are regressions). Samples are those of the
    test part, which the model has not seen; all where it has too few.
    """

    model: ModelRef
    data: Dataset
    folds: int = 5
    seed: int = 0
    target: str = "label"


class ProbeRow(msgspec.Struct, frozen=True):
    """One probe on one kind of features: mean, standard deviation and each of the scores on held-out folds."""

    features: Features
    probe: Probe
    mean: float
    sd: float
    folds: list[float]


class Probed(msgspec.Struct, frozen=True):
    """How well the probes read the target. "pca" has as many components as the code is wide.

    `measure`: "accuracy" for classes, "r2" for numbers. `baseline` is what the most frequent class, or the mean,
    reaches on the same folds. `n_samples` were probed; `held_out` tells whether the model had seen none of them.
    """

    model: ModelRef
    target: str
    measure: Literal["accuracy", "r2"]
    rows: list[ProbeRow]
    baseline: float
    n_samples: int
    held_out: bool
    seed: int = 0


class RankOutliers(msgspec.Struct, frozen=True):
    """Rank the samples by the error of their reconstructions. Result: `Outliers`.

    `anomalies` are the classes that count as such; where empty, those of an anomaly's name, or the rarer of two. Data
    with masks tell by those.
    """

    model: ModelRef
    data: Dataset
    anomalies: list[str] = []
    seed: int = 0


class Outliers(msgspec.Struct, frozen=True):
    """How odd each sample is: `scores` float32 ``(N,)``, its mean squared error; NaN where nothing is known.

    `step_scores` ``(N, T)``, of series only, are the errors of each step, averaged over channels. `metrics` say how
    well the scores tell anomalies, without threshold or adjustment: "roc_auc", "average_precision", "prevalence" of
    the samples, and of the steps of data with masks ``"step_roc_auc"`` and so on. `baselines` by name ("random",
    "|x|", "pca", "1-nn") have the same measures. All are of the `part` of the data that is named; both are empty
    where nothing tells the anomalies, else `anomalies` names them.

    `recording` ``(R,)``, of windows of one recording (a column "first step" tells where each begins): the scores along
    it, averaged where windows overlap; NaN where there is none. The measures of steps then count each step once.
    """

    model: ModelRef
    scores: np.ndarray
    step_scores: np.ndarray | None
    metrics: dict[str, float]
    baselines: dict[str, dict[str, float]]
    anomalies: list[str] = []
    part: str = "test"
    recording: np.ndarray | None = None


class CompareRuns(msgspec.Struct, frozen=True):
    """Set two runs on the same data side by side. Result: `Compared`."""

    first: ModelRef
    second: ModelRef
    data: Dataset
    seed: int = 0


class Compared(msgspec.Struct, frozen=True):
    """Two runs side by side, on the samples of `part`: the test part, or all where that is too small.

    `measures` by name: what the first and the second run reach, NaN where that is not defined for one of them (as
    "reconstruction_mse" of a model without a decoder, "kl" of one that is not variational). `better` says which
    way is better: "lower", "higher", or "" where neither is. `similarity` of the two sets of codes, from 0 to 1: see
    `explorer.analysis.comparison`.
    """

    first: ModelRef
    second: ModelRef
    measures: dict[str, tuple[float, float]]
    better: dict[str, str]
    similarity: dict[str, float]
    n_samples: int
    part: str = "test"


class PretrainCurve(msgspec.Struct, frozen=True):
    """Train classifiers on few labels, from a run's encoder and from scratch. Result: `LabelCurve`.

    `counts` are numbers of labelled samples of the train part; for each of the `seeds` other samples are drawn.
    """

    model: ModelRef
    data: Dataset
    counts: list[int]
    seeds: list[int] = msgspec.field(default_factory=lambda: [0, 1, 2])


class LabelCurve(msgspec.Struct, frozen=True):
    """Accuracy on the test part by the number of labels: `pretrained` and `scratch` float64 ``(S, F)``.

    A row a seed, a column one of the F `counts`. `frozen` is with the encoder's weights as they are, so that the head
    alone learns. `baseline` is what the most frequent class reaches.
    """

    model: ModelRef
    counts: list[int]
    seeds: list[int]
    pretrained: np.ndarray
    scratch: np.ndarray
    frozen: np.ndarray
    baseline: float
