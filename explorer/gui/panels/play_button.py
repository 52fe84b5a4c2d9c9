"""A button that plays a melody, and stops it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QPushButton, QWidget

from explorer.gui.player import Player

Melody = tuple[np.ndarray, tuple[str, ...], float]
"""Tokens ``(T,)``, their vocabulary, and quarter notes a minute."""
_PLAY = "Play the decoded melody"
_SILENT = "There is no sound device, or it is taken: the line moves, and nothing is heard"


class PlayButton(QPushButton):
    """Says Play, Stop while something plays, and that it is silent where there is nothing to play on.

    Parameters
    ----------
    player : Player
    melody : callable
        Returns what to play, or None where there is nothing.
    """

    def __init__(self, player: Player, melody: Callable[[], Melody | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("play-decoded")
        self._player, self._melody = player, melody
        self.clicked.connect(self._press)
        player.changed.connect(self._tell)
        self._tell()

    def _press(self) -> None:
        if self._player.playing:
            self._player.stop()
            return
        melody = self._melody()
        if melody is not None:
            self._player.play(*melody)

    def _tell(self) -> None:
        playing, silent = self._player.playing, self._player.silent
        what = "Stop" if playing else "Play"
        self.setText(f"{what} (no sound)" if silent else what)
        self.setAccessibleName("Stop the melody" if playing else _PLAY)
        self.setToolTip(_SILENT if silent else ("Stop playing" if playing else _PLAY))
        self.setMinimumWidth(self.sizeHint().width())
