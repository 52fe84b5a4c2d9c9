"""Contents of every kind of figure over every layout of data."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.analysis.camera import Camera
from explorer.analysis.planes import LinearPlane
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.training.history import Epoch, History
from explorer.workspace.analysis_contents import (
    clusters_content,
    decision_content,
    features_content,
    forecast_content,
    generation_content,
    labels_content,
    outliers_content,
    segments_content,
    spectrum_content,
)
from explorer.workspace.contents import decode_content, denoise_content, loss_content, map_content, path_content
from explorer.workspace.messages import (
    Clusters,
    Decisions,
    Decoded,
    DecodedCodes,
    Denoised,
    Forecast,
    GeneratedScores,
    LabelCurve,
    ModelRef,
    Outliers,
    Probed,
    ProbeRow,
    Segmented,
    Spectrum,
)
from explorer.workspace.run import Run
from tests.analysis.figures.bench_examples import bench_contents

REF = ModelRef("project", 1, 1)
NAMES = ("plain", "A very long name of a class that nobody would want to see whole in a legend", "$x^$ {", "漢字 😀 עב")


def judged(count: int = 40, rate: float = 0.3) -> GeneratedScores:
    """Return what was found of some generated variables, of which one is never there."""
    rng = np.random.default_rng(0)
    names = [NAMES[i % len(NAMES)] for i in range(count)]
    ks, rates = rng.random(count), np.full(count, rate)
    correlation = np.corrcoef(rng.standard_normal((count, 60))).reshape(count, count)
    if count > 1:
        ks[1], rates[1], correlation[1], correlation[:, 1] = np.nan, 0.0, np.nan, np.nan
    made = {"discriminative_wide": 0.3, "coverage": 0.5, "closer_to_train": 0.5, "closer_low": 0.4, "ks": 0.5}
    examples = np.where(rng.random((3, 12, count)) < rate, rng.standard_normal((3, 12, count)), np.nan)
    rows = (names, ks, ks, rates, rates, correlation, 0.9 * correlation)
    return GeneratedScores(REF, {"generated": made}, *rows, 100, examples.astype(np.float32))


def decided(names: tuple[str, ...], *, labelled: bool = True) -> Decisions:
    """Return decisions over a plane of which each of some classes has a share."""
    rng = np.random.default_rng(4)
    classes = np.tile(np.arange(12) * len(names) // 12, (12, 1))
    confidence = rng.uniform(1 / len(names), 1, (12, 12))
    points, labels = rng.standard_normal((30, 2)), rng.integers(0, len(names), 30) if labelled else np.full(30, -1)
    return Decisions(
        model=REF, names=list(names), x=np.linspace(-3, 3, 12), y=np.linspace(-2, 2, 12),
        classes={"generative": classes, "discriminative": classes.T},
        confidence={"generative": confidence, "discriminative": np.sqrt(confidence)},
        likelihood=rng.standard_normal((12, 12)), typical=0.0, points=points, rows=np.arange(30), labels=labels,
        accuracy={"generative": 0.95, "discriminative": 0.9, "usual": 0.4} if labelled else {},
        n_samples=30 if labelled else 0, examples=np.zeros((len(names), 2, 4), np.float32),
    )  # fmt: skip


def data_sets() -> dict[str, Dataset]:
    rng = np.random.default_rng(0)

    def noise(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape).astype(np.float32)

    labels = np.arange(40) % 4
    gaps = noise(40, 30, 2)
    gaps[:, 5:9], gaps[:, 7] = np.nan, 1.0
    return {
        "series": Dataset(
            values=noise(40, 50, 1),
            channel_names=("lead II",),
            unit="mV",
            sampling_rate=50.0,
            labels=labels,
            class_names=NAMES,
            columns={"age": rng.random(40), "ward": np.array(["a", "b"] * 20)},
        ),
        "channels": Dataset(values=noise(40, 30, 9)),
        "gaps": Dataset(values=gaps, observed=np.isfinite(gaps)),
        "image": Dataset(values=noise(40, 8, 6, 1), unit="counts"),
        "rgb": Dataset(values=rng.random((40, 8, 8, 3)).astype(np.float32)),
        "spectral": Dataset(values=noise(40, 4, 4, 5)),
        "line": Dataset(values=noise(40, 1)),
        "plane": Dataset(values=noise(40, 2), unit="m"),
        "space": Dataset(values=noise(40, 3)),
        "profile": Dataset(values=noise(40, 20)),
        "named": Dataset(values=noise(40, 4), channel_names=NAMES),
    }


def decoded(dataset: Dataset) -> dict:
    z = np.array([0.5, -1.25], dtype=np.float32)
    return decode_content(dataset, Decoded(REF, z, dataset.values[0] * 0.9, 3, 0.25, 1.0))


def decoded_record(dataset: Dataset) -> dict:
    """Return a decoded record of which every third entry would be there."""
    sample = dataset.values[0] * 0.9
    recorded = np.arange(sample.size).reshape(sample.shape) % 3 == 0
    return decode_content(dataset, Decoded(REF, np.zeros(2), sample, 3, 0.25, 1.0, recorded=recorded))


SENTENCES = Dataset(
    values=np.tile(np.array([[4, 5, 5, 2]], np.int32), (40, 1)),
    vocabulary=("<pad>", "<start>", "<end>", "<unknown>", "rain", "falls"),
)


def steps(dataset: Dataset, count: int = 7) -> dict:
    samples = dataset.values[:count]
    texts = ["rain falls falls"] * count if dataset.vocabulary else []
    near, distances = np.arange(count), np.ones(count)
    found = DecodedCodes(REF, np.zeros((count, 2)), samples, texts, near, distances, near, 0.5)
    return path_content(dataset, found, [f"{i} %" for i in range(count)], "From one to another")


def denoised(dataset: Dataset) -> dict:
    clean = dataset.values[1]
    metrics = {"mse": 0.25, "snr_gain_db": -3.2}
    return denoise_content(dataset, Denoised(REF, 1, "gaussian:0.3", clean, clean + 1, clean * 0.5, metrics, {}))


def loss(terms: tuple[str, ...], epochs: int = 12, phases: tuple[str, ...] = ("",)) -> dict:
    rows = []
    for number in range(1, epochs + 1):
        train = {term: (i + 1) / number**2 for i, term in enumerate(terms)}
        phase = phases[(number - 1) * len(phases) // epochs]
        rows.append(Epoch(number, train, {term: 2 * value for term, value in train.items()}, 0.1 * number, phase))
    return loss_content(Run(id=1, name="run", data=1, recipe="vae", history=History(epochs=rows, best_epoch=epochs)))


def analyses(sets: dict[str, Dataset]) -> dict[str, tuple[str, dict]]:
    """Contents of the figures of analyses."""
    rng = np.random.default_rng(2)
    scores = rng.uniform(0.4, 0.9, (3, 4))
    rows = [
        ProbeRow(name, probe, 0.7, 0.1, [0.6, 0.8]) for name in ("code", "raw", "pca") for probe in ("knn", "linear")
    ]
    series, several, image = sets["series"], sets["channels"], sets["image"]
    future = np.full((30, 9), np.nan, np.float32)
    future[22:] = 0.5
    spectrum = Spectrum(np.ones(6), np.geomspace(0.5, 0.01, 6), 2.0, np.zeros(50), np.zeros((6, 50)), 40)
    steps, pixels = np.arange(50) // 20, (np.indices((8, 6)).sum(axis=0) > 6).astype(np.int64)
    none: dict[str, float] = {}

    def segmented(mask: np.ndarray, truth: np.ndarray | None, metrics: dict[str, float]) -> Segmented:
        return Segmented(REF, 2, np.zeros((*mask.shape, 3)), mask, truth, ["background", *NAMES[:2]], metrics, {})

    scored = Outliers(REF, rng.lognormal(size=40).astype(np.float32), None, {}, {})
    measures = {"roc_auc": 0.9, "average_precision": 0.6, "prevalence": 0.25}
    measures |= {f"step_{name}": value - 0.1 for name, value in measures.items()}
    windows = Dataset(
        values=several.values,
        masks=(rng.random((40, 30)) > 0.9).astype(np.int64),
        mask_names=("normal", NAMES[2]),
        columns={"first step": np.arange(40) * 10},
    )
    along = msgspec.structs.replace(
        scored, metrics=measures, baselines={"|x|": measures, "pca": {"roc_auc": 0.7}}, anomalies=[NAMES[2]],
        recording=rng.random(420),
    )  # fmt: skip
    labelled = msgspec.structs.replace(along, anomalies=[NAMES[1]], recording=None)

    def clusters(labels: np.ndarray, **scores: float) -> Clusters:
        return Clusters(REF, "k-means", labels, int(labels.max(initial=-1)) + 1, scores)

    return {
        "outliers": ("outliers", outliers_content(sets["plane"], scored)),
        "outliers-labels": ("outliers", outliers_content(series, labelled)),
        "outliers-recording": ("outliers", outliers_content(windows, along)),
        "clusters": ("clusters", clusters_content(sets["plane"], clusters(np.arange(40) % 3, silhouette=0.5))),
        "clusters-labels": (
            "clusters",
            clusters_content(series, clusters(np.arange(40) % 20 - 1, silhouette=0.5, ari=0.1, nmi=-0.1)),
        ),
        "spectrum": ("spectrum", spectrum_content(series, spectrum)),
        "generation": ("generation", generation_content(judged(), "record VAE")),
        "generation of one variable": ("generation", generation_content(judged(1, 1.0), "vae")),
        "decision": ("decision", decision_content(sets["plane"], decided(NAMES[:3]))),
        "decision of many": (
            "decision",
            decision_content(series, decided(tuple(f"class {i}" for i in range(20)), labelled=False)),
        ),
        "features": ("features", features_content(Probed(REF, "label", "accuracy", rows, 0.25, 40, True))),
        "labels": (
            "labels",
            labels_content(LabelCurve(REF, [3, 10, 30, 100], [0, 1, 2], scores, scores - 0.1, scores, 0.3), "run"),
        ),
        "labels-one": ("labels", labels_content(LabelCurve(REF, [3], [0], *[scores[:1, :1]] * 3, 0.3), "run")),
        "forecast": (
            "forecast",
            forecast_content(several, Forecast(REF, 1, several.values[1], future, future + 1, 8, *[np.ones(8)] * 2, 4)),
        ),
        "segments-series": ("segments", segments_content(series, segmented(steps, steps - 1, {"iou": 0.5}))),
        "segments-image": ("segments", segments_content(image, segmented(pixels, None, none))),
    }


def contents() -> dict[str, tuple[str, dict]]:
    """Every kind of figure over every layout, by a name."""
    sets = data_sets()
    rng = np.random.default_rng(1)
    codes = rng.standard_normal((40, 3))
    series = sets["series"]
    many = Dataset(values=series.values, labels=np.arange(40) % 30 - 1)
    found = {
        "map-label": (
            "map",
            map_content(series, codes, "label", axes=(0, 2), selection=np.array([1, 7]), handle=codes[2]),
        ),
        "map-value": ("map", map_content(series, codes, "age", handle=codes[1])),
        "map-split": ("map", map_content(series, codes, "split")),
        "map-none": ("map", map_content(series, codes, "")),
        "map-many": ("map", map_content(many, codes)),
        "map-space": (
            "map",
            map_content(series, codes, "label", axes=(2, 0, 1), selection=np.array([1, 7]), handle=codes[2]),
        ),
        "map-space-value": (
            "map",
            map_content(
                series, codes, "age", plane=LinearPlane.principal(codes, 3), equal=False, camera=Camera.front()
            ),
        ),
        "map-one-axis": ("map", map_content(series, codes[:, :1])),
        "loss-one": ("loss", loss(("loss",))),
        "loss-terms": ("loss", loss(("loss", "reconstruction", "kl"))),
        "loss-five": ("loss", loss(("loss", "reconstruction", "kl", "sparsity_of_the_code", "contraction"))),
        "loss-phases": ("loss", loss(("loss", "code"), phases=("autoencoder", "supervisor", "both"))),
        "loss-first": ("loss", loss(("loss",), epochs=1)),
    }
    found |= analyses(sets) | bench_contents(NAMES)
    for name, dataset in sets.items():
        found[f"decode-{name}"] = ("decode", decoded(dataset))
        found[f"denoise-{name}"] = ("denoise", denoised(dataset))
        found[f"path-{name}"] = ("path", steps(dataset))
    found["decode-record"] = ("decode", decoded_record(sets["channels"]))
    found["path-many"] = ("path", steps(sets["series"], 40))
    found["path-text"] = ("path", steps(SENTENCES))
    tunes = make("tunes", n=40, bars=4)
    tune = Decoded(REF, np.zeros(2, np.float32), tunes.values[0], 3, 0.25, 1.0)
    found["decode-notes"] = ("decode", decode_content(tunes, tune))
    found["path-notes"] = ("path", steps(tunes))
    return found


CONTENTS = contents()
