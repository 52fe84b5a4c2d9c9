"""Each page with the true answer to its question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from explorer.analysis.look import FigureStyle
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.gui.controller import Controller
from explorer.gui.panels.analysis import (
    clusters,
    components,
    decision,
    features,
    forecast,
    generation,
    outliers,
    pretraining,
    segments,
)
from explorer.gui.theme import theme
from explorer.workspace.messages import (
    Clusters,
    Forecast,
    LabelCurve,
    ModelRef,
    Outliers,
    ProbeRow,
    Segmented,
)
from tests.analysis.figures.examples import decided

Show = Callable[..., Any]
MODEL = ModelRef("project", 1, 1)


def test_components_are_those_of_the_covariance(trained: Controller, show: Show, qtbot: QtBot, digits: Dataset) -> None:
    page = show(trained, "components")
    page.count.setValue(5)
    page.ask()
    train = digits.part("train").values.reshape(-1, 64).astype(float)
    _, sizes, directions = np.linalg.svd(train - train.mean(axis=0), full_matrices=False)
    variances = sizes**2 / (len(train) - 1)
    np.testing.assert_allclose(page.plot.ratios, variances[:5] / variances.sum(), rtol=1e-4)
    assert page.strip.count() == 5
    place = page.plot.mapFromScene(page.plot.box.mapViewToScene(QPointF(3.0, 50.0)))
    qtbot.mouseClick(page.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    assert page.strip.currentRow() == 2, "a click above the third bar chooses it"
    page.slider.setValue(15)
    shown = page.view.samples
    assert page.amount.text() == "± 1.5 sd"
    step = 1.5 * np.sqrt(variances[2]) * np.abs(directions[2])
    np.testing.assert_allclose(np.abs(shown["plus"] - shown["mean"]).ravel(), step, atol=2e-3)
    np.testing.assert_allclose(shown["plus"] + shown["less"], 2 * shown["mean"], atol=1e-5)


def test_clusters_are_counted_and_colour_the_map(trained: Controller, show: Show) -> None:
    workspace = trained.workspace
    before = workspace.colouring
    page = show(trained, "clusters")
    page.count.setValue(3)
    page.ask()
    sizes = [int(row.text.split(" ")[0]) for row in page.sizes.rows]
    assert len(sizes) == 3
    assert sum(sizes) == 240
    assert {row.title for row in page.scores.rows} >= {"Silhouette", "Match (ARI)"}
    page.colour_button.click()
    kind, values, names = workspace.colour_values()
    assert (kind, names) == ("class", ("cluster 0", "cluster 1", "cluster 2"))
    np.testing.assert_array_equal(values, page.inquiry.result.labels)
    assert page.stages.stage == "body", "a further column leaves the answer as it is"
    workspace.undo()
    assert workspace.colouring == before
    assert not any(name.startswith("clusters") for name in workspace.data.columns)


def test_hdbscan_leaves_noise_out(trained: Controller, show: Show) -> None:
    page = show(trained, "clusters")
    page.method.setCurrentIndex(page.method.findData("hdbscan"))
    assert page.smallest.isVisible()
    assert not page.count.isVisible()
    page.smallest.setValue(100)
    page.ask()
    result = page.inquiry.result
    assert result.method == "hdbscan"
    assert page.sizes.rows[-1].title == "noise" or (result.labels >= 0).all()
    name, values = clusters.column(result)
    assert name == "clusters (hdbscan)"
    assert set(values[result.labels < 0]) <= {"noise"}


def test_probes_are_drawn_with_the_better_marked(trained: Controller, show: Show) -> None:
    page = show(trained, "features")
    page.folds.setValue(3)
    page.ask()
    assert [heading for heading, _ in page.plot.groups] == ["k nearest neighbours", "linear"]
    for _, rows in page.plot.groups:
        assert [row.title for row in rows] == ["code", "PCA, as wide", "raw values"]
        best = max(rows, key=lambda row: row.mean)
        assert [row for row in rows if row.best] == [best] or best.mean == rows[0].mean
        assert all(len(row.scores) == 3 for row in rows)
        assert all(row.mean == pytest.approx(np.mean(row.scores)) for row in rows)
    assert page.verdict.text()


def test_outliers_come_worst_first_and_a_click_selects(trained: Controller, show: Show, qtbot: QtBot) -> None:
    page = show(trained, "outliers")
    page.ask()
    scores = page.inquiry.result.scores
    listed = [page.model.sample(row) for row in range(page.model.rowCount())]
    assert listed == sorted(range(240), key=lambda sample: (-scores[sample], -sample)) or (
        np.all(np.diff(scores[listed]) <= 0)
    )
    at = page.table.visualRect(page.model.index(2, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert trained.workspace.selection.tolist() == [listed[2]]
    assert trained.hand.source == listed[2]
    np.testing.assert_array_equal(page.view.samples["sample"], trained.workspace.data.values[listed[2]])
    page.colour_button.click()
    assert trained.workspace.colour_values()[0] == "value"
    np.testing.assert_allclose(trained.workspace.colour_values()[1], scores)


def test_the_error_is_listed_of_data_with_and_without_labels(trained: Controller, show: Show) -> None:
    page = show(trained, "outliers")
    page.ask()
    for labels in (trained.workspace.data.labels, None):
        trained.workspace.add_data(replace(trained.workspace.data, labels=labels))
        trained.trainer.start("pca", {"latent_dim": 2}, None)
        page.ask()
        titles = [
            page.model.headerData(i, Qt.Orientation.Horizontal)
            for i in range(page.model.columnCount())
            if not page.table.isColumnHidden(i)
        ]
        assert titles == ["name", *(["label"] if labels is not None else []), "error"]


def test_outliers_of_series_have_an_error_at_each_step(controller: Controller, show: Show) -> None:
    controller.workspace.add_data(make("sines", n=60, n_steps=20))
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    page = show(controller, "outliers")
    page.ask()
    result = page.inquiry.result
    first = page.model.sample(0)
    assert page.steps.isVisible()
    np.testing.assert_allclose(page.steps.values("score")[:, 0], result.step_scores[first])
    assert result.step_scores[first].mean() == pytest.approx(result.scores[first], rel=1e-4)


def test_the_curve_by_labels_comes_from_true_trainings(controller: Controller, show: Show, digits: Dataset) -> None:
    controller.workspace.add_data(digits)
    controller.trainer.start("autoencoder", {"epochs": 2, "hidden": (8,)}, None)
    page = show(controller, "pretraining")
    page.counts.setText("6, 12")
    page.seeds.setValue(1)
    page.ask()
    result = page.inquiry.result
    assert result.counts == [6, 12]
    np.testing.assert_allclose(page.plot.lines["pretrained"].values, result.pretrained.mean(axis=0))
    assert ((result.scratch >= 0) & (result.scratch <= 1)).all()
    page.counts.setText("many")
    page.ask()
    assert page.banner.level == "bad"
    assert "whole numbers" in page.banner.text


def test_a_forecast_stands_beside_truth_and_persistence(controller: Controller, show: Show, qtbot: QtBot) -> None:
    controller.workspace.add_data(make("sines", n=60, n_steps=30))
    controller.trainer.start("future-predictor", {"epochs": 1, "hidden": 4}, None)
    page = show(controller, "forecast")
    data, result = controller.workspace.data, page.inquiry.result
    assert page.stages.stage == "body", "nothing needs to be pressed"
    shown = page.view.samples
    index = page.chooser.index
    np.testing.assert_allclose(shown["truth"], data.clean[index], rtol=1e-6)
    start = 30 - result.horizon
    assert np.isnan(shown["forecast"][:start]).all()
    assert np.isfinite(shown["forecast"][start:]).all()
    np.testing.assert_allclose(
        shown["persistence"][start:], np.broadcast_to(data.values[index, start - 1], (30 - start, 1))
    )
    np.testing.assert_allclose(page.plot.lines["persistence"].values, result.persistence_errors)
    other = (index + 1) % 60
    controller.workspace.select([other])
    assert page.inquiry.result.index == other, "it follows the selection"
    controller.trainer.start("pca", {}, None)
    assert page.stages.stage == "cannot"


def test_segments_stand_beside_the_truth(controller: Controller, show: Show) -> None:
    data = make("segmented-digits")
    controller.workspace.add_data(data.subset(np.arange(40)))
    controller.trainer.start("segmentation-autoencoder", {"epochs": 1, "latent_dim": 4}, None)
    page = show(controller, "segments")
    assert page.stages.stage == "body"
    result, index = page.inquiry.result, page.chooser.index
    np.testing.assert_array_equal(page.view.masks["true"], data.masks[index])
    np.testing.assert_array_equal(page.view.masks["predicted"], result.probabilities.argmax(axis=-1))
    truth, mask = data.masks[index] == 1, result.mask == 1
    union = (truth | mask).sum()
    assert result.metrics["iou"] == pytest.approx((truth & mask).sum() / union, abs=1e-6)
    assert [row.title.strip() for row in page.numbers.rows][:1] == ["IoU"]
    assert any("Otsu" in row.title for row in page.numbers.rows)


# The sentences


def test_how_much_the_first_components_hold() -> None:
    assert components.summary(np.array([0.95, 0.05])) == "1 component holds 90%, 2 components hold 99% of the variance."
    assert components.summary(np.array([0.5, 0.2])) == "These 2 hold 70% of the variance."


@pytest.mark.parametrize(
    ("code", "pca", "color", "words"),
    [(0.9, 0.7, "good", "better than PCA"), (0.6, 0.8, "warn", "behind PCA"), (0.7, 0.705, "text", "level")],
)
def test_the_verdict_on_features_asks_for_more_than_the_spread(code: float, pca: float, color: str, words: str) -> None:
    rows = [ProbeRow(name, "knn", mean, 0.01, [mean]) for name, mean in (("code", code), ("raw", 0.5), ("pca", pca))]
    assert features.verdict(rows, "accuracy")[0] == color
    assert words in features.verdict(rows, "accuracy")[1]


@pytest.mark.parametrize(
    ("own", "linear", "color", "words"),
    [
        (0.5, None, "good", "50% below"),
        (0.5, 0.1, "warn", "autoregression has 20%"),
        (1.0, None, "warn", "No better"),
        (3.0, None, "warn", "3.0 times"),
    ],
)
def test_the_verdict_on_a_forecast(own: float, linear: float | None, color: str, words: str) -> None:
    empty = np.zeros((4, 1))
    result = Forecast(
        MODEL, 0, empty, empty, empty, 2, np.full(2, own), np.ones(2), 5,
        autoregression_errors=None if linear is None else np.full(2, linear),
    )  # fmt: skip
    assert forecast.verdict(result)[0] == color
    assert words in forecast.verdict(result)[1]


@pytest.mark.parametrize(("gain", "color"), [(0.2, "good"), (-0.2, "warn"), (0.001, "text")])
def test_the_verdict_on_pre_training(gain: float, color: str) -> None:
    scratch = np.array([[0.5], [0.52]])
    result = LabelCurve(MODEL, [10], [0, 1], scratch + gain, scratch, scratch, 0.3)
    assert pretraining.verdict(result)[0] == color


def test_the_verdict_on_clusters_and_outliers_and_segments() -> None:
    result = Clusters(MODEL, "k-means", np.zeros(4, np.int64), 2, {"silhouette": 0.6, "ari": 0.95})
    assert clusters.verdict(result) == "2 clusters, well apart; they match the labels."
    worse = Outliers(
        MODEL, np.ones(3), None, {"average_precision": 0.4, "prevalence": 0.1}, {"1-nn": {"average_precision": 0.6}}
    )
    assert "“1-nn” tells them as well or better" in outliers.verdict(worse)
    assert "look at the first ones yourself" in outliers.verdict(Outliers(MODEL, np.ones(3), None, {}, {}))
    mask = np.zeros(4, np.int64)
    level = Segmented(MODEL, 0, np.ones((4, 2)), mask, mask, ["a", "b"], {"iou": 0.3}, {"Otsu": {"iou": 0.4}})
    assert segments.verdict(level)[0] == "warn"


# Generation


def scores(**changed: float) -> dict[str, dict[str, float]]:
    made = {"discriminative_wide": 0.02, "coverage": 0.9, "closer_to_train": 0.5, "closer_low": 0.46, "copies": 0.01}
    return {"generated": {**made, **changed}, "real": {"discriminative_wide": 0.01, "coverage": 0.97}}


@pytest.mark.parametrize(
    ("changed", "color", "words"),
    [
        ({}, "good", "cannot tell"),
        ({"discriminative_wide": 0.4}, "text", "accuracy of 90%"),
        ({"coverage": 0.1}, "warn", "10% of the real"),
        ({"closer_low": 0.7, "closer_to_train": 0.8}, "warn", "memorised"),
    ],
)
def test_the_verdict_on_what_is_generated(changed: dict[str, float], color: str, words: str) -> None:
    found = generation.verdict(scores(**changed))
    assert found[0] == color
    assert words in found[1]


def test_generated_samples_are_judged_beside_controls(controller: Controller, show: Show, qtbot: QtBot) -> None:
    controller.workspace.add_data(make("sines-varied", n=300, n_steps=12))
    controller.trainer.start("recurrent-vae", {"epochs": 3, "hidden": 8}, None)
    page = show(controller, "generation")
    page.steps.setCurrentIndex(0)
    page.ask()
    result = page.inquiry.result
    assert list(result.scores) == ["generated", "real", "bootstrap", "gaussian", "repeated"]
    shown = [page.table.item(row, 0).text() for row in range(page.table.rowCount())]
    assert "Coverage" in shown and "Prediction error" in shown
    row = shown.index("Coverage")
    assert page.table.item(row, 1).text() == f"{result.scores['generated']['coverage']:.3f}"
    assert page.table.item(row, 0).toolTip()
    assert page.verdict.text() == generation.verdict(result.scores)[1]
    assert page.what.findText("Correlations") < 0  # one channel without gaps: nothing to set beside each other
    page.what.setCurrentIndex(page.what.findText("Example 1"))
    np.testing.assert_array_equal(page.curves.values("generated"), result.examples[0])
    page.steps.setCurrentIndex(1)
    assert "run again" in page.banner.text
    assert "held-out samples" in page.basis_words.text()


def test_variables_with_gaps_are_drawn_over_real_ones(controller: Controller, show: Show) -> None:
    from tests.analysis.figures.examples import judged
    from tests.models.test_record_vae import stays

    controller.workspace.add_data(stays(120))
    controller.trainer.start("record-vae", {"epochs": 1, "hidden": 8}, None)
    page = show(controller, "generation")
    page.show_result(judged(5))
    assert [page.what.itemText(i) for i in range(page.what.count())] == [
        "Scores", "Correlations", "Share measured", "Example 1", "Example 2", "Example 3",
    ]  # fmt: skip
    page.what.setCurrentIndex(1)
    assert page.stack.currentWidget() is page.plot
    assert len(page.plot.points) == 6  # pairs of the four variables that are there
    page.what.setCurrentIndex(2)
    assert len(page.plot.points) == 5
    made = judged(3)
    page.show_result(made)
    page.what.setCurrentIndex(page.what.findText("Example 2"))
    np.testing.assert_array_equal(page.curves.values("generated"), made.examples[1])


def test_what_generates_nothing_is_told(trained: Controller, show: Show) -> None:
    page = show(trained, "generation")
    assert page.stages.stage == "cannot"
    assert "generates no samples" in page.obstacle()


@pytest.fixture
def conditional(controller: Controller, digits: Dataset) -> Controller:
    """Return the controller with a small class-conditional VAE of the digits."""
    controller.workspace.add_data(digits)
    controller.trainer.start("conditional-vae", {"latent_dim": 2, "hidden": (16,), "epochs": 3}, None)
    return controller


def test_decisions_are_drawn_beside_each_other(
    conditional: Controller, show: Show, qtbot: QtBot, digits: Dataset, tmp_path: Path
) -> None:
    page = show(conditional, "decision")
    qtbot.mouseClick(page.findChild(QPushButton, "decision-start"), Qt.MouseButton.LeftButton)
    result = page.inquiry.result
    assert page.stages.stage == "body"
    generative, discriminative = page.plots.values()
    for name, plot in page.plots.items():
        shades = [QColor(theme().palette.class_color(label)).getRgb()[:3] for label in range(len(result.names))]
        np.testing.assert_array_equal(plot.image[..., :3], np.array(shades)[result.classes[name]])
        surest = np.unravel_index(result.confidence[name].argmax(), result.confidence[name].shape)
        assert plot.image[..., 3].max() == plot.image[surest][3]
        np.testing.assert_allclose(plot.points, result.points)
    assert len(result.points) == len(digits)
    assert f"Right: {result.accuracy['generative']:.1%} by Bayes' rule" in page.verdict.text()
    assert f"{result.n_samples} held-out samples" in page.basis_words.text()
    before = discriminative.box.viewRange()
    generative.box.scaleBy((0.5, 0.5))
    assert discriminative.box.viewRange() != before, "both show the same part of the plane"
    qtbot.mouseDClick(generative.viewport(), Qt.MouseButton.LeftButton, pos=generative.viewport().rect().center())
    np.testing.assert_allclose(discriminative.box.viewRange(), before)
    page.what.setFocus()
    qtbot.keyClick(page.what, Qt.Key.Key_Down)
    assert page.stack.currentWidget() is page.gallery
    assert page.gallery.captions[:3] == [result.names[0]] * 3 and page.gallery.count() == 3 * len(result.names)
    assert page.export_button.isVisible()
    conditional.exporter.figure("decision", str(tmp_path / "d.csv"), FigureStyle())
    table = (tmp_path / "d.csv").read_text().splitlines()
    assert table[0].startswith("component 1,component 2,generative class") and len(table) == 1 + len(result.x) ** 2


def test_models_that_do_not_learn_p_of_x_and_y_are_told(trained: Controller, show: Show) -> None:
    page = show(trained, "decision")
    assert page.stages.stage == "cannot"
    assert "does not learn p(x, y)" in page.obstacle() and page.obstacle().endswith(".")


def test_the_verdict_on_decisions() -> None:
    found = decided(("a", "b"))
    color, words = decision.verdict(found)
    assert (
        color == "text"
        and "Right: 95.0% by Bayes' rule, 90.0% by the network, 40.0% by the most frequent class." in words
    )
    assert f"{np.mean(found.likelihood > 0):.0%} of the plane" in words
    assert decision.verdict(decided(("a", "b"), labelled=False))[0] == "muted"
    dull = msgspec.structs.replace(found, accuracy={"generative": 0.4, "discriminative": 0.39, "usual": 0.4})
    assert decision.verdict(dull)[0] == "warn"
