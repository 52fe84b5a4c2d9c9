"""The denoise panel follows slider, buttons and selection, and tells the truth about the result."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from explorer.data.corruption import parse_corruption, steps_of, strength_range
from explorer.data.corruptions.gaussian import Gaussian
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.scaling import typical_size
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.panels.corruption import CorruptionChoice
from explorer.gui.panels.denoise import DenoisePanel
from explorer.gui.panels.verdict import run_verdict, sample_verdict
from explorer.gui.widgets.numbers import decibel, number
from explorer.models.recipes.pca import PCA
from explorer.workspace.messages import Denoised


def make_panel(controller: Controller, qtbot: QtBot) -> DenoisePanel:
    panel = DenoisePanel(controller)
    qtbot.addWidget(panel)
    panel.resize(340, 640)
    panel.show()
    return panel


def settle(panel: DenoisePanel) -> None:
    panel._read_out.flush()


def take(choice: CorruptionChoice, name: str | None) -> None:
    choice.kind.setCurrentIndex(choice.kind.findData(name))


def drag(slider, qtbot: QtBot, share: float) -> None:
    """Drag the handle of a slider with the mouse to a share of its way."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    style = slider.style()
    handle = style.subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    ).center()
    target = QPoint(round(share * slider.width()), handle.y())
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=handle)
    qtbot.mouseMove(slider, (handle + target) / 2)
    qtbot.mouseMove(slider, target)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=target)


def test_the_three_curves_and_numbers_are_the_results(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    result = trained.denoiser.last
    data = trained.workspace.data
    assert result is not None and data is not None and result.clean is not None
    assert result.corruption is None
    index = panel.chooser.number.value()
    assert data.split[index] == 2
    np.testing.assert_array_equal(panel.view.samples["noisy"], data.values[index])
    np.testing.assert_array_equal(panel.view.samples["clean"], data.clean[index])
    np.testing.assert_array_equal(panel.view.samples["denoised"], result.denoised)
    np.testing.assert_array_equal(panel.residual.samples["residual"], result.denoised - result.clean)
    settle(panel)
    assert panel.scores.cell("MSE", "noisy") == number(result.metrics["noisy_mse"])
    assert panel.scores.cell("MSE", "denoised") == number(result.metrics["mse"])
    assert panel.scores.cell("MAE", "denoised") == number(result.metrics["mae"])
    assert panel.scores.cell("SNR gain", "denoised") == decibel(result.metrics["snr_gain_db"])
    for name, gain in result.baselines.items():
        assert panel.scores.cell("SNR gain", name) == decibel(gain)
    assert "better than its input" in panel.verdict.text()
    assert "Test set: +" in panel.run_verdict.text()


def test_every_move_of_the_slider_denoises(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    take(panel.choice, "gaussian")
    asked = trained.jobs.asked
    before = len(asked)
    drag(panel.choice.slider, qtbot, 0.8)
    strengths = [float(request.corruption.split(":")[1].split(",")[0]) for task, request in asked[before:]]
    assert len(strengths) >= 2
    assert panel.choice.value.value() == pytest.approx(strengths[-1], rel=1e-4)
    data = trained.workspace.data
    assert data is not None
    top = strength_range(Gaussian, float(typical_size(data).mean()))[1]
    assert 0.5 * top < strengths[-1] <= top
    shown = panel.view.samples
    assert np.std(shown["noisy"] - shown["clean"]) == pytest.approx(strengths[-1], rel=0.5)


def test_a_typed_strength_moves_the_slider(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    take(panel.choice, "dropout")
    panel.choice.value.setValue(0.475)
    assert panel.choice.slider.value() == pytest.approx(panel.choice.slider.maximum() / 2, abs=1)
    assert parse_corruption(panel.choice.text() or "").strength == pytest.approx(0.475)
    take(panel.choice, "gaussian")
    take(panel.choice, "dropout")
    assert panel.choice.value.value() == pytest.approx(0.475)  # each keeps its own


def test_other_parameters_are_fields(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    take(panel.choice, "baseline-wander")
    form = panel.choice._form
    assert form is not None and form.names == ("cycles",)
    form.field("cycles").write(7)
    assert "cycles=7" in (trained.denoiser.last.corruption or "")
    form.field("cycles").write("seven")  # told beside the field, and not asked for
    assert "cycles=7" in (trained.denoiser.last.corruption or "")
    take(panel.choice, "gaussian")
    assert panel.choice._form is None


def test_a_chain_is_built_and_reordered(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    choice = panel.choice
    assert not choice.steps.add.isVisible()
    take(choice, "gaussian")
    assert not choice.steps.isVisible()
    choice.value.setValue(0.2)
    qtbot.mouseClick(choice.steps.add, Qt.MouseButton.LeftButton)
    assert choice.steps.isVisible()
    assert choice.name == "baseline-wander"
    choice._form.field("cycles").write(3)
    drag(choice.slider, qtbot, 0.9)  # acts on the step that is chosen
    first, second = steps_of(parse_corruption(choice.text() or ""))
    assert (first.strength, second.cycles) == (0.2, 3)
    assert second.strength == pytest.approx(choice.value.value(), abs=0.01)
    assert second.strength > 0.5
    assert trained.denoiser.last.corruption == choice.text()
    qtbot.keyClick(choice.steps.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [type(step) for step in steps_of(parse_corruption(choice.text() or ""))] == [type(second), type(first)]
    choice.steps.list.setCurrentRow(1)
    assert choice.name == "gaussian"
    assert choice.value.value() == 0.2
    qtbot.mouseClick(choice.steps.remove, Qt.MouseButton.LeftButton)
    assert (choice.text() or "").startswith("baseline-wander")
    assert not choice.steps.isVisible()
    chain = "dropout:0.1,gap=1 + gaussian:0.123456"
    choice.choose(chain)
    assert choice.text() == chain
    take(choice, None)
    assert choice.text() is None
    assert trained.denoiser.last.corruption is None


def test_noise_goes_on_as_strong_in_another_unit(trained: Controller, qtbot: QtBot) -> None:
    choice = make_panel(trained, qtbot).choice
    take(choice, "dropout")
    assert not choice.unit.isVisible()
    take(choice, "gaussian")
    choice.value.setValue(0.3)
    size = float(typical_size(trained.workspace.data).mean())
    choice.unit.setCurrentIndex(choice.unit.findData("dB"))
    assert choice.value.value() == pytest.approx(-20 * np.log10(0.3 / size), abs=0.06)
    before = choice.value.value()
    drag(choice.slider, qtbot, 0.95)  # to the right there is more noise
    assert choice.value.value() < before
    assert (choice.text() or "").endswith("dB")


def test_what_chance_has_no_part_in_has_no_other_draw(trained: Controller, qtbot: QtBot) -> None:
    choice = make_panel(trained, qtbot).choice
    take(choice, "blur")
    assert not choice.again.isVisible()
    qtbot.mouseClick(choice.steps.add, Qt.MouseButton.LeftButton)
    assert choice.again.isVisible()


def test_what_a_model_cannot_do_is_told_in_place_of_a_result(
    trained: Controller, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: PCA, X: Dataset) -> np.ndarray:
        raise InputError("PCA cannot learn from missing values")

    panel = make_panel(trained, qtbot)
    with monkeypatch.context() as patched:
        patched.setattr(PCA, "reconstruct", refuse)
        take(panel.choice, "dropout")
        settle(panel)
    assert not panel.view.samples
    assert "missing values" in panel.verdict.text()
    assert not panel.scores.isVisible()
    take(panel.choice, "gaussian")
    settle(panel)
    assert "its input" in panel.verdict.text()


def test_gaps_are_drawn_as_gaps(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = make_panel(controller, qtbot)
    controller.workspace.add_data(sines)
    controller.trainer.start("autoencoder", {"epochs": 1, "hidden": "4"}, None)
    take(panel.choice, "dropout")
    assert np.isnan(panel.view.samples["noisy"]).any()
    assert panel.view.plot is not None
    assert panel.view.plot._items["noisy"].opts["connect"] == "finite"


def test_new_noise_is_another_draw(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    take(panel.choice, "gaussian")
    before = panel.view.samples["noisy"]
    qtbot.mouseClick(panel.choice.again, Qt.MouseButton.LeftButton)
    after = panel.view.samples["noisy"]
    assert not np.array_equal(before, after)
    assert panel.choice.again.isVisible()
    take(panel.choice, None)
    assert not panel.choice.again.isVisible()


def test_buttons_and_selection_choose_the_sample(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    workspace = trained.workspace
    workspace.select([40])
    assert panel.chooser.number.value() == 40
    assert trained.denoiser.last is not None and trained.denoiser.last.index == 40
    qtbot.mouseClick(panel.chooser.next, Qt.MouseButton.LeftButton)
    assert panel.chooser.number.value() == 41
    assert workspace.selection.tolist() == [41]
    qtbot.mouseClick(panel.chooser.previous, Qt.MouseButton.LeftButton)
    assert trained.denoiser.last.index == 40
    workspace.select([3, 50, 90])
    assert panel.chooser.number.value() == 3
    qtbot.mouseClick(panel.chooser.next, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.chooser.next, Qt.MouseButton.LeftButton)
    assert panel.chooser.number.value() == 90
    qtbot.mouseClick(panel.chooser.next, Qt.MouseButton.LeftButton)
    assert panel.chooser.number.value() == 3
    assert workspace.selection.tolist() == [3, 50, 90]


def test_without_a_clean_target_no_gain_is_claimed(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = make_panel(controller, qtbot)
    controller.workspace.add_data(replace(sines, targets=None))
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    assert panel.choice.name == "gaussian"  # something to see
    take(panel.choice, None)
    settle(panel)
    assert "clean" not in panel.view.samples
    assert panel.verdict.text().startswith("No clean target known")
    assert not panel.scores.isVisible()
    assert set(panel.residual.samples) == {"removed"}
    assert not panel.run_verdict.isVisible()


def test_a_loss_is_said_in_the_colour_of_warnings(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    result = trained.denoiser.last
    assert result is not None
    worse: Denoised = msgspec.structs.replace(result, metrics={**result.metrics, "snr_gain_db": -6.3})
    trained.denoiser.denoised.emit(worse)
    settle(panel)
    assert panel.verdict.text() == "6.3 dB worse than its input: use a wider code or another model"
    assert panel.verdict._color == "warn"
    run = trained.workspace.run
    assert run is not None
    assert run_verdict({"test": {"snr_gain_db": -6.3}}) == ("warn", "Test set: −6.3 dB, worse than its input")


def test_a_result_of_another_sample_is_dropped(trained: Controller, qtbot: QtBot) -> None:
    panel = make_panel(trained, qtbot)
    result = trained.denoiser.last
    assert result is not None
    shown = panel.view.samples["denoised"]
    other = msgspec.structs.replace(result, index=result.index + 1, denoised=result.denoised + 1)
    trained.denoiser.denoised.emit(other)
    np.testing.assert_array_equal(panel.view.samples["denoised"], shown)


def test_verdicts() -> None:
    assert sample_verdict(12.34, {}) == ("good", "12.3 dB better than its input")
    assert sample_verdict(5.0, {"Savitzky–Golay": 7.4}) == (
        "warn",
        "5.0 dB better than its input, but 2.4 dB behind Savitzky–Golay",
    )
    assert sample_verdict(8.0, {"Savitzky–Golay": 7.4})[0] == "good"
    assert sample_verdict(0.01, {})[1].startswith("No better")
    assert sample_verdict(float("nan"), {})[0] == "muted"
    assert run_verdict({}) is None
    assert run_verdict({"test": {"snr_gain_db": 16.0}}) == ("good", "Test set: +16.0 dB, better than its input")


@pytest.mark.parametrize("name", ["digits", "swiss-roll"])
def test_other_layouts_are_drawn(controller: Controller, qtbot: QtBot, name: str) -> None:
    panel = make_panel(controller, qtbot)
    controller.workspace.add_data(make(name, n=60) if name == "swiss-roll" else make(name))
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    data = controller.workspace.data
    assert data is not None
    assert panel.choice.name == "gaussian"
    assert set(panel.view.samples) == {"noisy", "clean", "denoised"}
    assert panel.view.samples["denoised"].shape == data.sample_shape
    assert panel.residual.isVisible() == (name == "digits")
    panel.grab()


def test_empty_states(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = make_panel(controller, qtbot)
    assert panel.stages.stage == "data"
    controller.workspace.add_data(sines)
    assert panel.stages.stage == "model"
    with qtbot.waitSignal(panel.train_requested):
        qtbot.mouseClick(panel.findChild(object, "denoise-train"), Qt.MouseButton.LeftButton)
