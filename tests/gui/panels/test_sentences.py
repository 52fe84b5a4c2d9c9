"""Sentences under the handle, and sentences that are typed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.gui.controller import Controller
from explorer.gui.panels.data import describe
from explorer.gui.panels.decode import DecodePanel
from explorer.gui.panels.denoise import DenoisePanel
from explorer.gui.panels.samples_model import SamplesModel
from explorer.gui.plots.text_view import TextView
from explorer.models.base import LatentModel
from tests.gui.panels.test_decode_panel import settle

QUICK = {"epochs": 2, "hidden": 12, "latent_dim": 3}


def open_panel(controller: Controller, qtbot: QtBot, data: Dataset, recipe: str) -> DecodePanel:
    controller.workspace.add_data(data)
    controller.trainer.start(recipe, QUICK, None)
    panel = DecodePanel(controller)
    qtbot.addWidget(panel)
    panel.resize(360, 420)
    panel.show()
    return panel


def model_of(controller: Controller) -> LatentModel:
    workspace = controller.workspace
    assert workspace.run is not None
    return LatentModel.from_bytes(workspace.project.weights(workspace.run.id)[0])


def text_view(panel: DecodePanel) -> TextView:
    view = panel.view.findChild(TextView)
    assert isinstance(view, TextView)
    return view


def type_sentence(qtbot: QtBot, panel: DecodePanel, text: str) -> None:
    panel.sentence.line.clear()
    qtbot.keyClicks(panel.sentence.line, text)
    qtbot.keyClick(panel.sentence.line, Qt.Key.Key_Return)


def test_the_sentence_under_the_handle_changes_as_it_moves(controller: Controller, qtbot: QtBot) -> None:
    data = make("sentences", n=120)
    panel = open_panel(controller, qtbot, data, "sentence-vae")
    model, codes = model_of(controller), controller.workspace.codes
    assert codes is not None
    for z in (codes[3], codes[3] + 4.0):
        controller.hand.set_code(z)
        settle(panel)
        decoded = data.vocabulary
        expected = model.inverse_transform(np.float64(z)[None])[0]
        words = [decoded[i] for i in expected if i > 3]
        assert text_view(panel).texts["decoded"] == " ".join(words)
        nearest = int(np.linalg.norm(codes - z, axis=1).argmin())
        assert text_view(panel).texts["nearest"] == data.text_of(nearest)
    assert list(text_view(panel).texts) == ["decoded", "nearest"]
    assert not panel.view.legend.isVisible() and panel.sentence.isVisible()


def test_a_typed_sentence_moves_the_handle(controller: Controller, qtbot: QtBot) -> None:
    data = make("sentences", n=120)
    panel = open_panel(controller, qtbot, data, "sentence-vae")
    assert panel.sentence.button.text() == "Read" and not panel.sentence.beams.isVisible()
    type_sentence(qtbot, panel, data.text_of(7).capitalize())
    codes = controller.workspace.codes
    assert codes is not None and controller.hand.z is not None
    np.testing.assert_allclose(controller.hand.z, codes[7], atol=1e-5)
    assert not panel.sentence.answer.isVisible()


def test_a_typed_sentence_is_translated(controller: Controller, qtbot: QtBot) -> None:
    data = make("number-words", n=120)
    panel = open_panel(controller, qtbot, data, "translator")
    assert panel.sentence.button.text() == "Translate"
    qtbot.keyClicks(panel.sentence.line, "forty two")
    qtbot.mouseClick(panel.sentence.button, Qt.MouseButton.LeftButton)
    model = model_of(controller)
    expected = model.translate("forty two", beam=4)[0]  # type: ignore[attr-defined] - it is a translator
    assert panel.sentence.answer.text() == f"→ {expected}" and panel.sentence.answer.isVisible()
    settle(panel)
    texts = text_view(panel).texts
    assert list(texts) == ["translated", "source", "translation"]
    decoded = controller.hand.last
    assert decoded is not None and texts["translated"] == decoded.text
    assert texts["translation"] == data.translation_of(decoded.nearest)


@pytest.mark.parametrize(
    ("typed", "said"), [("forty zebras", "does not know 'zebras'"), ("   ", "The sentence is empty")]
)
def test_what_cannot_be_read_is_told_and_nothing_else_changes(
    controller: Controller, qtbot: QtBot, typed: str, said: str
) -> None:
    panel = open_panel(controller, qtbot, make("number-words", n=120), "translator")
    before = controller.hand.z
    type_sentence(qtbot, panel, typed)
    assert said in panel.sentence.answer.text() and panel.sentence.answer.isVisible()
    assert controller.hand.z is before
    type_sentence(qtbot, panel, "forty")
    assert panel.sentence.answer.text().startswith("→")


def test_numbers_have_no_line_for_sentences(trained: Controller, qtbot: QtBot) -> None:
    panel = DecodePanel(trained)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.sentence.isVisible()
    trained.workspace.add_data(make("dates", n=60))
    assert panel.sentence.isHidden() is False
    assert describe(make("dates", n=60)).startswith("60 sentences × ")


def test_sentences_and_translations_are_found_in_the_table(controller: Controller, qtbot: QtBot) -> None:
    data = make("number-words", n=120)
    model = SamplesModel()
    model.set_dataset(data)
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    column = titles.index("translation")
    shown = [model.data(model.index(row, column)) for row in range(120)]
    assert shown == data.translations.tolist()
    assert [model.data(model.index(row, 0)) for row in range(3)] == [data.text_of(row) for row in range(3)]
    model.sort(column)
    assert [model.data(model.index(row, column)) for row in range(120)] == sorted(shown)
    model.set_filter(shown[7])
    assert {model.sample(row) for row in range(model.rowCount())} >= {7}
    model.set_filter("ninety")
    assert model.rowCount() == sum("ninety" in name for name in data.sample_names)


def test_sentences_are_not_denoised(controller: Controller, qtbot: QtBot) -> None:
    controller.workspace.add_data(make("sentences", n=60))
    panel = DenoisePanel(controller)
    qtbot.addWidget(panel)
    panel.show()
    controller.trainer.start("sentence-vae", QUICK, None)
    assert panel.stages.stage == "encoder"


def test_what_differs_is_marked_for_every_eye(qtbot: QtBot) -> None:
    view = TextView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    with qtbot.waitSignal(view.painted):
        view.show()
        view.set_texts({"nearest": "the dog & runs", "decoded": "the old dog"}, ("nearest", "decoded"))
    marked = view.toHtml()
    assert view.toPlainText().splitlines() == ["decoded", "the old dog", "nearest sample", "the dog & runs"]
    assert marked.count("underline") == 2  # old; & runs
    view.set_texts({"decoded": ""})
    assert "(empty)" in view.toPlainText()
    view.set_visible("decoded", False)
    assert view.toPlainText() == ""
