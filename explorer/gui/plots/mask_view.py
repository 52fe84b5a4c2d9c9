"""A sample and the classes of its steps or pixels: bands below a curve, or a tint over a picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.data.dataset import Dataset
from explorer.gui.plots.bands import BandsPlot, mask_color
from explorer.gui.plots.image import ImageRow, to_bytes
from explorer.gui.plots.ranges import channel_ranges, shared_axis
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Words

_TINT = 0.55


def tinted(image: np.ndarray, mask: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return a picture ``(H, W, C)`` as colours ``(H, W, 3)`` from 0 to 255, tinted where a mask ``(H, W)`` is set."""
    grey = to_bytes(image, low, high).astype(float)
    colours = np.repeat(grey[..., None], 3, axis=-1) if grey.ndim == 2 else grey
    for label in np.unique(mask[mask > 0]):
        color = mask_color(int(label))
        tint = np.array([color.red(), color.green(), color.blue()], float)
        where = mask == label
        colours[where] = (1 - _TINT) * colours[where] + _TINT * tint
    return colours


class MaskView(QWidget):
    """Shows one sample of a data set, and masks of it by name: "predicted", "true".

    Parameters
    ----------
    name : str
        The beginning of its widgets' names.
    """

    painted = Signal()
    """After every paint of the masks."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._dataset: Dataset | None = None
        self._sample: np.ndarray | None = None
        self._times: np.ndarray | None = None
        self._masks: dict[str, np.ndarray] = {}
        self._names: list[str] = []
        self.view = SampleView(f"{name}-sample", self)
        self.view.setAccessibleName("The sample")
        self.bands = BandsPlot(self)
        self.bands.setObjectName(f"{name}-bands")
        self.bands.setAccessibleName("The class of every step")
        self.images = ImageRow(self)
        self.images.setAccessibleName("The sample, tinted by the class of every pixel")
        for part in (self.bands, self.images):
            part.painted.connect(self.painted)
        self.key = QWidget(self)
        self._key_line = QHBoxLayout(self.key)
        self._key_line.setContentsMargins(0, 0, 0, 0)
        self._key_line.setSpacing(2 * GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.key)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.bands)
        layout.addWidget(self.images, 1)
        theme().changed.connect(self._restyle)

    @property
    def masks(self) -> dict[str, np.ndarray]:
        """What is shown, by name."""
        return dict(self._masks)

    def set_dataset(self, dataset: Dataset | None, names: tuple[str, ...] | list[str] = ()) -> None:
        """Prepare for samples of a data set whose masks have classes of these names."""
        self._dataset, self._sample, self._masks = dataset, None, {}
        picture = dataset is not None and dataset.layout == "image"
        for widget in (self.view, self.bands):
            widget.setVisible(not picture)
        self.images.setVisible(picture)
        self._names = list(names)
        self._fill_key()
        if dataset is None:
            return
        if picture:
            self.images.set_range(*channel_ranges(dataset)[0])
            return
        self.view.set_dataset(dataset)
        times = shared_axis(dataset) if dataset.layout == "series" else np.arange(1.0, dataset.values.shape[1] + 1)
        self.bands.set_times(times, dataset.sample_time_label if dataset.layout == "series" else "feature")
        if self.view.plot is not None:
            self.view.plot.show_times(False)

    def show_masks(self, sample: np.ndarray, masks: Mapping[str, np.ndarray], times: np.ndarray | None = None) -> None:
        """Show a sample of the data set's `sample_shape`, and masks ``(T,)`` or ``(H, W)`` of it, int.

        `times` ``(T,)`` are those of its steps where each sample has its own.
        """
        self._sample, self._masks, self._times = sample, dict(masks), times
        self._draw()

    def _draw(self) -> None:
        dataset, sample = self._dataset, self._sample
        if dataset is None or sample is None:
            return
        if dataset.layout == "image":
            low, high = channel_ranges(dataset)[0]
            pictures: dict[str, np.ndarray] = {"sample": sample}
            pictures |= {name: tinted(sample, mask, low, high) for name, mask in self._masks.items()}
            self.images.set_images(pictures, dict.fromkeys(self._masks, (0.0, 255.0)))
            return
        self.view.show_samples({"sample": sample}, self._times)
        if self._times is not None:
            self.bands.set_times(np.fmax.accumulate(self._times), dataset.sample_time_label)
        self.bands.set_masks(self._masks)
        if self.view.plot is not None:
            self.bands.follow(self.view.plot)

    def _fill_key(self) -> None:
        """Name the classes, each in its colour."""
        while (item := self._key_line.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for label, name in enumerate(self._names):
            words = Words(f"■ {name}", "small", "muted", wrap=False)
            if label > 0:
                words.setStyleSheet(f"color: {mask_color(label).name()}")
            self._key_line.addWidget(words)
        self._key_line.addStretch(1)
        self.key.setVisible(bool(self._names))

    def _restyle(self) -> None:
        self._fill_key()
        self._draw()
