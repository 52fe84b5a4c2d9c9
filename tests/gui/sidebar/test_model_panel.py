"""Choosing a model, its settings, and starting its training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from explorer.data.corruption import CORRUPTIONS
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.fields import NumberBox
from explorer.gui.panels.corruption_box import CorruptionBox
from explorer.gui.panels.model import ModelPanel
from explorer.models.base import RECIPES
from tests.gui.sync_jobs import SyncJobs, errors_of
from tests.models.tokens import OF_TOKENS, token_data


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller) -> ModelPanel:
    made = ModelPanel(controller)
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show()
    return made


def choose(panel: ModelPanel, recipe: str) -> None:
    row = panel.recipe.findData(recipe)
    panel.recipe.setCurrentIndex(row)
    panel.recipe.activated.emit(row)


def retype(qtbot: QtBot, panel: ModelPanel, name: str, text: str) -> None:
    assert panel.form is not None
    box = panel.form.field(name).editor
    line = box.lineEdit() if isinstance(box, NumberBox) else box
    line.selectAll()
    qtbot.keyClicks(line, text)


def annotated() -> Dataset:
    """Return 40 noisy sines with two classes of samples, and two of steps."""
    data = make("sines", n=40)
    return replace(
        data,
        labels=np.arange(40) % 2,
        class_names=("even", "odd"),
        masks=(data.clean[..., 0] > 0).astype(np.int64),
        mask_names=("below", "above"),
    )


def test_without_data_it_says_what_to_do(panel: ModelPanel) -> None:
    assert not panel.train_button.isEnabled()
    assert panel.cost.text() == "Open data to train on first."
    assert panel.train_button.toolTip() == panel.cost.text()


def test_the_first_recipe_fits_the_data(panel: ModelPanel, controller: Controller) -> None:
    controller.librarian.open_builtin("sines", {"n": 40})
    assert panel.recipe_name == "recurrent-autoencoder"
    assert panel.train_button.isEnabled()


@pytest.mark.parametrize("name", RECIPES.names())
def test_every_recipe_trains_from_its_form(qtbot: QtBot, panel: ModelPanel, controller: Controller, name: str) -> None:
    errors = errors_of(controller)
    controller.workspace.add_data(token_data(name) if name in OF_TOKENS else annotated())
    choose(panel, name)
    assert panel.description.text()
    assert panel.form is not None
    if "epochs" in panel.form.names:
        retype(qtbot, panel, "epochs", "2")
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    assert not errors
    run = controller.workspace.run
    assert run is not None
    assert (run.recipe, run.status) == (name, "done")
    assert run.params == ({"epochs": 2} if "epochs" in panel.form.names else {})
    assert not panel.hint.isVisible()


def test_the_cost_is_told_after_a_pause(qtbot: QtBot, panel: ModelPanel, controller: Controller) -> None:
    controller.librarian.open_builtin("sines", {"n": 40})
    choose(panel, "lstm-autoencoder")
    qtbot.waitUntil(lambda: "277 parameters" in panel.cost.text(), timeout=10_000)
    assert isinstance(controller.jobs, SyncJobs)
    asked = len([task for task, _ in controller.jobs.asked if task == "estimate"])
    retype(qtbot, panel, "hidden", "16")
    qtbot.waitUntil(lambda: "277" not in panel.cost.text() and "parameters" in panel.cost.text(), timeout=10_000)
    assert len([task for task, _ in controller.jobs.asked if task == "estimate"]) == asked + 1, "not one a key"


def test_a_recipe_that_does_not_take_the_data_says_why(panel: ModelPanel, controller: Controller) -> None:
    controller.librarian.open_builtin("swiss-roll")
    choose(panel, "lstm-autoencoder")
    assert not panel.train_button.isEnabled()
    assert panel.cost.text() == "LSTM autoencoder takes series; these data are points. Choose another model."
    told: list[str] = []
    controller.notice.connect(lambda _level, text: told.append(text))
    panel.train()
    assert told == [panel.cost.text()]
    assert controller.workspace.runs == []
    choose(panel, "pca")
    assert panel.train_button.isEnabled()


def test_recipes_stand_in_families_and_what_does_not_suit_is_grey(panel: ModelPanel, controller: Controller) -> None:
    model = panel.recipe.model()
    assert isinstance(model, QStandardItemModel)
    rows = [(model.item(row).text(), model.item(row).isEnabled()) for row in range(model.rowCount())]
    headings = [text for text, enabled in rows if not enabled]
    assert headings[:3] == ["Linear", "Autoencoders", "Recurrent"]
    assert rows[1] == ("PCA", True)
    controller.librarian.open_builtin("sines", {"n": 40})
    item = model.item(panel.recipe.findData("segmentation-autoencoder"))
    assert not item.isEnabled()
    assert item.toolTip() == (
        "Segmentation autoencoder learns from masks, the class of each step or pixel; these data have none."
    )
    choose(panel, "segmentation-autoencoder")
    assert panel.cost.text() == f"{item.toolTip()} Choose another model."
    controller.workspace.add_data(annotated())
    assert item.isEnabled()
    controller.librarian.open_builtin("swiss-roll")
    assert "takes series" in model.item(panel.recipe.findData("lstm-autoencoder")).toolTip()


def test_a_code_as_wide_as_the_sample_is_warned_of_and_noise_mends_it(
    qtbot: QtBot, panel: ModelPanel, controller: Controller
) -> None:
    controller.librarian.open_builtin("swiss-roll")
    choose(panel, "autoencoder")
    retype(qtbot, panel, "latent_dim", "8")
    qtbot.waitUntil(lambda: panel.warning.isVisible(), timeout=10_000)
    assert "copy its input" in panel.warning.text
    qtbot.mouseClick(panel.remedy_button, Qt.MouseButton.LeftButton)
    assert panel.settings()[2] == "gaussian:0.2"
    qtbot.waitUntil(lambda: not panel.warning.isVisible(), timeout=10_000)
    assert not panel.remedy_button.isVisible()


def test_a_setting_that_does_not_fit_disables_train(qtbot: QtBot, panel: ModelPanel, controller: Controller) -> None:
    controller.librarian.open_builtin("sines", {"n": 40})
    retype(qtbot, panel, "epochs", "0")
    assert not panel.train_button.isEnabled()
    assert "'epochs'" in panel.train_button.toolTip()
    retype(qtbot, panel, "epochs", "3")
    assert panel.train_button.isEnabled()


def test_changed_settings_are_hinted_at_and_can_be_taken_back(
    qtbot: QtBot, panel: ModelPanel, controller: Controller
) -> None:
    controller.librarian.open_builtin("sines", {"n": 40})
    choose(panel, "autoencoder")
    retype(qtbot, panel, "epochs", "2")
    panel.train()
    assert not panel.hint.isVisible()
    retype(qtbot, panel, "epochs", "5")
    assert panel.hint.isVisible()
    assert "Autoencoder 1" in panel.hint.text()
    qtbot.mouseClick(panel.take_button, Qt.MouseButton.LeftButton)
    assert not panel.hint.isVisible()
    assert panel.settings() == ("autoencoder", {"epochs": 2}, None)


def test_choosing_a_run_shows_its_settings_unless_the_form_was_edited(
    qtbot: QtBot, panel: ModelPanel, controller: Controller
) -> None:
    workspace = controller.workspace
    controller.librarian.open_builtin("sines", {"n": 40})
    controller.trainer.start("pca", {"latent_dim": 3}, None)
    first = workspace.run
    controller.trainer.start("autoencoder", {"epochs": 1, "hidden": (8,)}, "gaussian:0.2")
    second = workspace.run
    assert first is not None and second is not None
    assert panel.settings() == ("autoencoder", {"epochs": 1, "hidden": (8,)}, "gaussian:0.2")
    workspace.activate_run(first.id)
    assert panel.settings() == ("pca", {"latent_dim": 3}, None)
    retype(qtbot, panel, "latent_dim", "2")
    workspace.activate_run(second.id)
    assert panel.recipe_name == "pca", "what the person typed is kept"
    assert panel.hint.isVisible()
    qtbot.mouseClick(panel.take_button, Qt.MouseButton.LeftButton)
    assert panel.settings() == ("autoencoder", {"epochs": 1, "hidden": (8,)}, "gaussian:0.2")


def test_settings_of_a_run_stay_with_its_data_and_those_of_a_person_go_along(
    qtbot: QtBot, panel: ModelPanel, controller: Controller
) -> None:
    controller.librarian.open_builtin("sines", {"n": 40})
    controller.trainer.start("autoencoder", {"epochs": 1, "latent_dim": 3}, "gaussian:0.2")
    assert panel.settings() == ("autoencoder", {"epochs": 1, "latent_dim": 3}, "gaussian:0.2")
    controller.librarian.open_builtin("sentences", {"n": 40})
    assert panel.settings() == ("sentence-vae", {}, None)
    retype(qtbot, panel, "latent_dim", "5")
    controller.librarian.open_builtin("tunes", {"n": 40})
    assert panel.settings()[:2] == ("music-vae", {"latent_dim": 5})


def test_settings_that_two_recipes_share_go_over(qtbot: QtBot, panel: ModelPanel) -> None:
    choose(panel, "autoencoder")
    retype(qtbot, panel, "epochs", "7")
    retype(qtbot, panel, "hidden", "16, 8")
    choose(panel, "vae")
    assert panel.settings()[1] == {"epochs": 7, "hidden": (16, 8)}
    choose(panel, "lstm-autoencoder")
    assert panel.settings()[1] == {"epochs": 7}, "one number of units cannot be two"


def test_pca_has_no_corruption(panel: ModelPanel) -> None:
    choose(panel, "pca")
    assert not panel.corruption.isVisible()
    choose(panel, "autoencoder")
    assert panel.corruption.isVisible()


@pytest.mark.parametrize("name", CORRUPTIONS.names())
def test_every_corruption_can_be_chosen(qtbot: QtBot, name: str) -> None:
    box = CorruptionBox()
    qtbot.addWidget(box)
    assert box.text() is None
    with qtbot.waitSignal(box.changed):
        box.combo.setCurrentIndex(box.combo.findData(name))
    text = box.text()
    assert text is not None and text.startswith(f"{name}:")
    assert box.form is not None
    box.form.set_values({"strength": 0.5})
    changed = box.text()
    box.set_text(None)
    assert box.text() is None
    box.set_text(changed)
    assert box.text() == changed
    assert changed is not None and changed.startswith(f"{name}:0.5")


def test_a_chain_of_corruptions_is_trained_with(qtbot: QtBot, panel: ModelPanel) -> None:
    choose(panel, "autoencoder")
    box = panel.corruption
    box.set_text("gaussian:0.3")
    box.steps.add.click()
    assert box.combo.currentData() == "baseline-wander"
    assert panel.settings()[2] == "gaussian:0.3 + baseline-wander:0.5,cycles=1.0"
    box.steps.up.click()
    assert panel.settings()[2] == "baseline-wander:0.5,cycles=1.0 + gaussian:0.3"
    box.steps.list.setCurrentRow(1)
    assert box.form is not None
    box.form.set_values({"strength": -3})
    assert "≥ 0" in box.complaint.text()
    with pytest.raises(InputError, match="strength"):
        panel.settings()
    box.form.set_values({"strength": -3, "unit": "dB"})
    assert not box.complaint.text()
    box.steps.remove.click()
    assert panel.settings()[2] == "baseline-wander:0.5,cycles=1.0"


def test_a_model_that_cannot_be_loaded_is_shown_with_its_reason(
    qtbot: QtBot, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, _ = RECIPES.load_all()
    monkeypatch.setattr(RECIPES, "load_all", lambda: (loaded, {"broken": "ImportError: no module 'jax'"}))
    panel = ModelPanel(controller)
    qtbot.addWidget(panel)
    row = panel.recipe.findData("broken")
    model = panel.recipe.model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(row).isEnabled()
    assert "jax" in model.item(row).toolTip()


def test_every_control_says_what_it_is(panel: ModelPanel) -> None:
    for widget in (panel.recipe, panel.take_button, panel.train_button, panel.corruption.combo):
        assert widget.objectName()
        assert widget.accessibleName()
        assert widget.toolTip()
    assert panel.minimumSizeHint().width() <= 280
