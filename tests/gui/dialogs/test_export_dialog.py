"""What is exported, how large, and where to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from explorer.gui.controller import Controller
from explorer.gui.dialogs.export import ExportDialog
from explorer.gui.dialogs.sizes import PRESETS, describe, from_mm, to_mm
from explorer.gui.theme import theme


@pytest.fixture
def trained(controller: Controller) -> Controller:
    controller.librarian.open_builtin("sines", {"n": 40})
    controller.trainer.start("autoencoder", {"epochs": 2, "hidden": (4,)}, None)
    controller.denoiser.denoise(0, "gaussian:0.3")
    return controller


def opened(qtbot: QtBot, controller: Controller, **given: object) -> ExportDialog:
    dialog = ExportDialog(controller, **given)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def choose(dialog: ExportDialog, what: str, suffix: str, path: Path) -> None:
    dialog.what.setCurrentIndex(dialog.what.findData(what))
    dialog.format.setCurrentIndex(dialog.format.findData(suffix))
    dialog.path.setText(str(path / f"out.{suffix}"))


@pytest.mark.parametrize(
    ("value", "unit", "dpi", "mm"), [(88, "mm", 300, 88), (1, "in", 72, 25.4), (600, "px", 300, 50.8)]
)
def test_units_are_exact(value: float, unit: str, dpi: int, mm: float) -> None:
    assert to_mm(value, unit, dpi) == pytest.approx(mm)
    assert from_mm(mm, unit, dpi) == pytest.approx(value)


def test_the_read_out_has_every_unit() -> None:
    assert describe(25.4, 50.8, 300) == "25.4 × 50.8 mm · 1.00 × 2.00 in · 300 × 600 px at 300 dpi"


def test_nothing_to_export_is_said(qtbot: QtBot, controller: Controller) -> None:
    dialog = opened(qtbot, controller)
    assert not dialog.export_button.isEnabled()
    assert "Train a model" in dialog.complaint.text()
    model = dialog.what.model()
    assert isinstance(model, QStandardItemModel)
    for row in range(model.rowCount()):
        assert not model.item(row).isEnabled()
        assert model.item(row).toolTip()
    dialog.reject()


@pytest.mark.parametrize(
    ("what", "suffix"),
    [
        ("map", "svg"), ("map", "png"), ("loss", "pdf"), ("decode", "csv"), ("denoise", "svg"),
        ("codes", "csv"), ("codes", "npz"), ("decoded", "csv"), ("decoded", "npz"),
    ],
)  # fmt: skip
def test_each_thing_is_written(qtbot: QtBot, trained: Controller, tmp_path: Path, what: str, suffix: str) -> None:
    errors: list[Exception] = []
    trained.failed.connect(errors.append)
    dialog = opened(qtbot, trained)
    choose(dialog, what, suffix, tmp_path)
    assert dialog.export_button.isEnabled(), dialog.complaint.text()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert not errors
    written = tmp_path / f"out.{suffix}"
    assert written.stat().st_size > 0
    assert not dialog.isVisible()
    if what == "codes" and suffix == "npz":
        with np.load(written, allow_pickle=False) as arrays:
            assert all(len(array) == 40 for array in arrays.values())


def test_a_preset_sets_the_size_and_typing_makes_it_custom(qtbot: QtBot, trained: Controller) -> None:
    dialog = opened(qtbot, trained, what="map")
    dialog.preset.setCurrentText("Journal, two columns")
    assert (dialog.width_.value(), dialog.height_.value()) == PRESETS["Journal, two columns"]
    assert dialog.readout.text() == describe(*PRESETS["Journal, two columns"], 300)
    dialog.width_.selectAll()
    qtbot.keyClicks(dialog.width_, "100")
    qtbot.keyClick(dialog.width_, Qt.Key.Key_Tab)
    assert dialog.preset.currentText() == "Custom"
    assert dialog.style_().width_mm == pytest.approx(100)
    assert dialog.readout.text().startswith("100.0 × 115.0 mm")
    dialog.reject()


def test_the_unit_changes_the_numbers_and_not_the_size(qtbot: QtBot, trained: Controller) -> None:
    dialog = opened(qtbot, trained, what="map")
    dialog.preset.setCurrentText("Journal, one column")
    for unit, width in (("in", 3.46), ("px", 1039), ("mm", 88.0)):
        dialog.unit.setCurrentText(unit)
        assert dialog.width_.value() == pytest.approx(width, abs=0.01)
        assert dialog.style_().width_mm == 88.0
    assert dialog.preset.currentText() == "Journal, one column"
    dialog.reject()


def test_typed_pixels_stay_when_the_resolution_changes(qtbot: QtBot, trained: Controller) -> None:
    dialog = opened(qtbot, trained, what="map")
    dialog.unit.setCurrentText("px")
    dialog.width_.setValue(1200)
    dialog.dpi.setValue(150)
    assert dialog.width_.value() == 1200
    assert dialog.style_().width_mm == pytest.approx(1200 / 150 * 25.4)
    dialog.reject()


def test_look_is_print_or_as_on_screen(qtbot: QtBot, trained: Controller) -> None:
    theme().choose("dark")
    dialog = opened(qtbot, trained, what="map")
    assert dialog.style_().theme == "print"
    dialog.look.setCurrentIndex(1)
    assert dialog.style_().theme == "dark"
    dialog.reject()
    theme().choose("system")


def test_the_suffix_follows_the_format_and_numbers_have_no_size(qtbot: QtBot, trained: Controller) -> None:
    dialog = opened(qtbot, trained, what="map")
    assert dialog.path.text().endswith("-map.svg")
    dialog.format.setCurrentIndex(dialog.format.findData("pdf"))
    assert dialog.path.text().endswith("-map.pdf")
    assert dialog.preset.isVisible()
    dialog.format.setCurrentIndex(dialog.format.findData("csv"))
    assert not dialog.preset.isVisible()
    dialog.what.setCurrentIndex(dialog.what.findData("codes"))
    assert dialog.path.text().endswith("-codes.csv")
    dialog.reject()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("", "a name"),
        ("out.txt", "must end in .svg"),
        ("nowhere/out.svg", "no such folder"),
        ("folder.svg", "a folder"),
    ],
)
def test_a_bad_path_is_said_before_it_fails(
    qtbot: QtBot, trained: Controller, tmp_path: Path, path: str, told: str
) -> None:
    (tmp_path / "folder.svg").mkdir()
    dialog = opened(qtbot, trained, what="map")
    dialog.path.setText(path and str(tmp_path / path))
    assert told in dialog.complaint.text()
    assert not dialog.export_button.isEnabled()
    dialog.reject()


def test_replacing_a_file_is_said(qtbot: QtBot, trained: Controller, tmp_path: Path) -> None:
    (tmp_path / "out.svg").write_text("before")
    dialog = opened(qtbot, trained, what="map")
    dialog.path.setText(str(tmp_path / "out.svg"))
    assert "replaced" in dialog.complaint.text()
    assert dialog.export_button.isEnabled()
    dialog.reject()


def test_browse_adds_the_ending_and_the_folder_is_remembered(
    qtbot: QtBot, trained: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "figure"), ""))
    dialog = opened(qtbot, trained, what="loss")
    qtbot.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    assert dialog.path.text() == str(tmp_path / "figure.svg")
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert (tmp_path / "figure.svg").exists()
    assert QSettings().value("export_folder") == str(tmp_path)


def test_every_control_says_what_it_is(qtbot: QtBot, trained: Controller) -> None:
    dialog = opened(qtbot, trained)
    for widget in (
        dialog.what, dialog.format, dialog.preset, dialog.width_, dialog.height_, dialog.unit, dialog.dpi,
        dialog.text_size, dialog.look, dialog.path, dialog.browse, dialog.export_button,
    ):  # fmt: skip
        assert widget.objectName()
        assert widget.accessibleName()
        assert widget.toolTip()
    dialog.reject()
