"""A recording is denoised from file to file, by what the dialog says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.gui.controller import Controller
from explorer.gui.dialogs.recording import RecordingDialog


@pytest.fixture
def dialog(qtbot: QtBot, controller: Controller, tmp_path: Path) -> RecordingDialog:
    controller.librarian.open_builtin("sines", {"n": 40})
    controller.trainer.start("pca", {"latent_dim": 2}, None)
    np.save(tmp_path / "long.npy", np.sin(np.arange(500) / 8)[:, None])
    dialog = RecordingDialog(controller)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


@pytest.mark.parametrize("denoiser", ["run:1", "median:5 + run:1"])
def test_a_recording_is_denoised(
    qtbot: QtBot, controller: Controller, dialog: RecordingDialog, denoiser: str, tmp_path: Path
) -> None:
    assert dialog.denoiser.itemText(0) == "run:1" and not dialog.start.isEnabled()
    notices: list[tuple[str, str]] = []
    controller.notice.connect(lambda level, text: notices.append((level, text)))
    dialog.path.setText(str(tmp_path / "long.npy"))
    dialog.out.setText(str(tmp_path / "out.npy"))
    dialog.denoiser.setCurrentText(denoiser)
    dialog.overlap.setValue(75)
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    assert np.load(tmp_path / "out.npy").shape == (500, 1)
    assert notices == [("info", f"Wrote {tmp_path / 'out.npy'}: 500 steps, denoised by {denoiser}")]


def test_what_stands_in_the_way_is_said(dialog: RecordingDialog, tmp_path: Path) -> None:
    said = []
    for path, out, denoiser in (
        ("", "", "run:1"),
        ("nothing.npy", "out.npy", "run:1"),
        ("long.npy", "out.csv", "run:1"),
        ("long.npy", "long.npy", "run:1"),
        ("long.npy", "out.npy", "run:9"),
        ("long.npy", "out.npy", "meadian"),
        ("long.npy", "out.npy", "median:5"),
    ):
        dialog.path.setText(str(tmp_path / path) if path else "")
        dialog.out.setText(str(tmp_path / out) if out else "")
        dialog.denoiser.setCurrentText(denoiser)
        said.append((dialog.complaint.text().split(":")[0][:30], dialog.start.isEnabled()))
    assert [ready for _, ready in said] == [False] * 6 + [True]
    assert said[1][0] == "There is no such recording." and "run 9" in said[4][0] and said[6][0] == ""
