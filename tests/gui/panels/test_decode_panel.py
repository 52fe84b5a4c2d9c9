"""The decode panel shows what the model decodes under the handle, and what is real beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from explorer.analysis.spacing import typical_spacing
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.gui.controller import Controller
from explorer.gui.panels.decode import DecodePanel
from explorer.gui.widgets.numbers import code_text, number
from explorer.models.base import LatentModel
from explorer.models.recipes.record_vae import RecordVAE


def make_panel(controller: Controller, qtbot: QtBot) -> DecodePanel:
    panel = DecodePanel(controller)
    qtbot.addWidget(panel)
    panel.resize(340, 300)
    panel.show()
    return panel


def settle(panel: DecodePanel) -> None:
    panel._read_out.flush()


def test_empty_states_lead_to_a_model(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = make_panel(controller, qtbot)
    assert panel.stages.stage == "data"
    qtbot.mouseClick(panel.findChild(QPushButton, "decode-open"), Qt.MouseButton.LeftButton)
    assert controller.workspace.data is not None
    assert panel.stages.stage == "model"
    with qtbot.waitSignal(panel.train_requested):
        qtbot.mouseClick(panel.findChild(QPushButton, "decode-train"), Qt.MouseButton.LeftButton)
    controller.workspace.add_data(sines)
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    assert panel.stages.stage == "body"


def test_the_curve_is_the_models_decode_of_the_handle(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    workspace = trained.workspace
    assert workspace.run is not None and workspace.data is not None and workspace.codes is not None
    z = np.array([1.25, -0.5])
    trained.hand.set_code(z)
    settle(panel)
    model = LatentModel.from_bytes(workspace.project.weights(workspace.run.id)[0])
    expected = model.inverse_transform(z[None])[0]
    np.testing.assert_allclose(panel.view.samples["decoded"], expected, atol=1e-5)
    distances = np.linalg.norm(workspace.codes - z, axis=1)
    nearest = int(distances.argmin())
    np.testing.assert_array_equal(panel.view.samples["nearest"], workspace.data.values[nearest])
    assert panel.nearest.text() == f"Nearest: {nearest}"
    spacing = typical_spacing(workspace.codes)
    assert spacing is not None
    times = distances.min() / spacing.median
    assert panel.distance.text().endswith(
        f" {number(distances.min())}, {times:.{0 if times >= 10 else 1}f} × the usual spacing"
    )
    assert panel.code.text() == f"z = {code_text([1.25, -0.5])}"


def test_a_click_on_the_nearest_selects_it(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    trained.hand.place_on(17)
    settle(panel)
    assert panel.nearest.text() == "Nearest: 17"
    qtbot.mouseClick(panel.nearest, Qt.MouseButton.LeftButton)
    assert trained.workspace.selection.tolist() == [17]


def test_far_from_all_samples_it_warns(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    trained.hand.place_on(3)
    settle(panel)
    assert panel.distance.text() == "On this very sample"
    trained.hand.set_code(np.array([500.0, 0.0]))
    settle(panel)
    assert panel.distance.text().startswith("Far from all samples")


def test_the_latency_is_told_after_the_paint(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    qtbot.wait(20)
    trained.hand.set_code(np.array([0.1, 0.2]))
    qtbot.waitUntil(lambda: "shown" in panel.latency.text(), timeout=3000)
    assert panel.latency.text().startswith("decode ")


def test_words_follow_at_most_five_times_a_second(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    settle(panel)
    told = panel.code.text()
    for step in range(20):
        trained.hand.set_code(np.array([step / 10, 0.0]))
        assert panel.view.samples["decoded"].shape == (30, 1)
    assert panel.code.text() == told  # the curve moved twenty times, the words not yet
    qtbot.waitUntil(lambda: panel.code.text() == f"z = {code_text([1.9, 0.0])}", timeout=2000)


@pytest.mark.parametrize("width", [120, 150, 200, 340])
def test_nothing_jumps_under_the_hand(trained: Controller, qtbot: QtBot, width: int) -> None:
    """A plot of another size is a plot drawn anew, axes and all: a frame is lost."""
    panel = make_panel(trained, qtbot)
    panel.resize(width, 300)
    places = ([-12.345, -10.111], [0.0, 0.0], [-12.345, 3.0], [1.0, 1.0], [0.25, -10.125], [2.0, 0.0])
    sizes = set()
    for turn, z in enumerate(places * 3):
        trained.hand.set_code(np.array(z))
        qtbot.wait(5)
        panel._shown_ms[:] = [123.4 if turn % 3 == 0 else 4.5]
        settle(panel)
        qtbot.wait(5)
        if turn < len(places):
            continue  # the widest words come once
        sizes.add((panel.view.size().toTuple(), panel.view.mapTo(panel, panel.view.rect().topLeft()).toTuple()))
    assert len(sizes) == 1


def test_a_record_is_drawn_as_it_would_be_recorded(
    controller: Controller, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.models.test_record_vae import stays

    data = stays(120)
    controller.workspace.add_data(data)
    controller.trainer.start("record-vae", {"epochs": 2, "hidden": 8}, None)
    panel = make_panel(controller, qtbot)
    controller.hand.place_on(5)
    settle(panel)
    run, plot = controller.workspace.run, panel.view.plot
    assert run is not None and controller.hand.z is not None and plot is not None
    model = LatentModel.from_bytes(controller.workspace.project.weights(run.id)[0])
    assert isinstance(model, RecordVAE)
    record, means = model.decided(controller.hand.z[None])[0], model.inverse_transform(controller.hand.z[None])[0]
    assert 0 < np.isfinite(record).mean() < 1
    np.testing.assert_allclose(panel.view.samples["recorded"], record, rtol=1e-5)
    np.testing.assert_allclose(panel.view.samples["expected"], means, rtol=1e-5)
    assert np.size(plot._dots["recorded"].getData()[0]) == np.isfinite(record).sum()
    line = plot._items["recorded"].getData()[0]
    assert line is not None and len(line) == 0  # no line tells what nobody measured
    np.testing.assert_array_equal(panel.view.samples["nearest"], data.values[5])
    assert np.size(plot._dots["nearest"].getData()[0]) == np.isfinite(data.values[5]).sum()
    assert not panel.view.legend.chip("recorded").isHidden() and "decoded" not in panel.view.legend.keys
    qtbot.mouseClick(panel.view.legend.chip("expected"), Qt.MouseButton.LeftButton)
    assert not plot._items["expected"].isVisible() and plot._dots["recorded"].isVisible()
    path = tmp_path / "record.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(path), ""))
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    table = np.genfromtxt(path, delimiter=",", skip_header=1)
    np.testing.assert_allclose(table[:, 1:4], record, rtol=1e-4)
    np.testing.assert_allclose(table[:, 4:7], means, rtol=1e-4)
    controller.trainer.start("recurrent-vae", {"epochs": 1, "hidden": 8}, None)
    controller.hand.place_on(5)
    assert set(panel.view.samples) == {"nearest", "decoded"}
    assert panel.view.legend.chip("recorded").isHidden()


def test_save_writes_the_decoded_sample(
    trained: Controller, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = make_panel(trained, qtbot)
    trained.hand.place_on(5)
    path = tmp_path / "decoded.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(path), ""))
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    table = np.genfromtxt(path, delimiter=",", skip_header=1)
    np.testing.assert_allclose(table[:, -1], panel.view.samples["decoded"][:, 0], atol=1e-5)


def test_another_run_clears_the_old_sample(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    trained.hand.place_on(5)
    assert panel.view.samples
    trained.workspace.activate_run(None)
    assert panel.stages.stage == "model"
    assert not panel.view.samples


def test_a_model_without_a_decoder_says_so(trained: Controller, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.models.recipes.pca import PCA

    monkeypatch.setattr(PCA, "can_decode", False)
    panel = make_panel(trained, qtbot)
    assert panel.stages.stage == "encoder"


@pytest.mark.parametrize("name", ["digits", "swiss-roll", "curve"])
def test_other_layouts_are_drawn(controller: Controller, qtbot: QtBot, name: str) -> None:
    panel = make_panel(controller, qtbot)
    controller.workspace.add_data(make(name))
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    assert controller.workspace.data is not None
    assert panel.view.samples["decoded"].shape == controller.workspace.data.sample_shape
    panel.grab()


def test_a_curve_goes_on_beyond_the_nearest_sample(controller: Controller, qtbot: QtBot) -> None:
    data = make("periodic", n=24, observed=6, hidden=2, ahead=4)
    controller.workspace.add_data(data)
    small = {"epochs": 1, "hidden": 8, "encoder": 6, "latent_dim": 2, "batch_size": 16}
    controller.trainer.start("neural-ode", small, None)
    panel = make_panel(controller, qtbot)
    controller.hand.place_on(3)
    settle(panel)
    decoded, plot = controller.hand.last, panel.view.plot
    assert decoded is not None and decoded.times is not None and plot is not None
    assert panel.view.samples["decoded"].shape == (len(decoded.times), 1)
    np.testing.assert_allclose(plot._items["decoded"].getData()[0], decoded.times)
    seen = np.isfinite(data.values[decoded.nearest, :, 0])
    np.testing.assert_allclose(plot._dots["nearest"].getData()[0], data.times_of(decoded.nearest)[seen])
    assert plot._mark is not None and plot._mark.value() == pytest.approx(data.last_seen(decoded.nearest))
    assert f"{decoded.evaluations} evaluations" in panel.latency.text()
