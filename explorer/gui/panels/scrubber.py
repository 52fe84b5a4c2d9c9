"""A row to look back with: the epochs of a run whose maps were kept, played or dragged through."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from explorer.gui.past import Past
from explorer.gui.theme import GRID
from explorer.gui.widgets.buttons import quiet_button
from explorer.gui.widgets.labels import Words


class Scrubber(QWidget):
    """Plays the epochs of the map, drags through them, and goes back to the present; hidden while none are kept.

    Parameters
    ----------
    past : Past
    """

    def __init__(self, past: Past, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("epoch-scrubber")
        self._past = past
        self.play = quiet_button("Play", "play-epochs", "Play the epochs on the map", "See how the map came about")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("epoch-slider")
        self.slider.setAccessibleName("Epoch shown on the map")
        self.slider.setToolTip("Drag to see the map as it was after an earlier epoch; at the right end as it is now")
        self.words = Words("", "small", "muted", wrap=False)
        self.words.setObjectName("epoch-shown")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GRID // 4, 0, 0)
        row.setSpacing(GRID)
        for widget in (self.play, self.slider, self.words):
            row.addWidget(widget, 1 if widget is self.slider else 0, Qt.AlignmentFlag.AlignVCenter)
        self.words.setMinimumWidth(self.words.fontMetrics().horizontalAdvance("epoch 1,000 "))
        self.play.clicked.connect(self._play_or_pause)
        self.slider.valueChanged.connect(self._dragged)
        past.changed.connect(self._show)
        past.epochs_changed.connect(self._fill)
        past.playing_changed.connect(self._show)
        self._fill()

    def _fill(self) -> None:
        """Give each epoch that is kept a place on the slider, and one more to the present."""
        self.setVisible(len(self._past.epochs) > 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(self._past.epochs))
        self.slider.setPageStep(max(1, len(self._past.epochs) // 10))
        self.slider.blockSignals(False)
        self._show()

    def _show(self) -> None:
        past = self._past
        place = past.epochs.index(past.epoch) if past.epoch in past.epochs else len(past.epochs)
        self.slider.blockSignals(True)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self.words.setText(f"epoch {past.epoch:,}" if past.epoch else "now")
        self.play.setText("Pause" if past.playing else "Play")
        self.play.setAccessibleName(f"{self.play.text()} the epochs on the map")

    def _play_or_pause(self) -> None:
        if self._past.playing:
            self._past.pause()
        else:
            self._past.play()

    def _dragged(self, place: int) -> None:
        self._past.pause()
        if place < len(self._past.epochs):
            self._past.show(self._past.epochs[place])
        else:
            self._past.leave()
