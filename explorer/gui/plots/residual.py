"""What is left of the noise, below the samples and over the same times."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.data.dataset import Dataset, Layout
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.image import ImageRow
from explorer.gui.plots.ranges import channel_ranges, shared_axis
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import style_of
from explorer.gui.widgets.labels import Words

_OF = {"noisy": ("before",), "denoised": ("residual", "removed")}
"""The differences by the sample whose chip in the legend shows or hides them."""


class ResidualView(QWidget):
    """Draws differences of samples by role: "before", "residual", "removed". Points have none worth a plot."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Residual")
        self._samples: dict[str, np.ndarray] = {}
        self._followed: SampleView | None = None
        self._layout: Layout | None = None
        self.plot = CurvePlot(self)
        self.plot.setObjectName(f"{name}-plot")
        self.plot.setAccessibleName("Plot of the residual")
        self.plot.set_least_height(4.5)
        self.images = ImageRow(self)
        self.caption = Words("", "small", "muted")
        self.caption.setObjectName(f"{name}-caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.caption)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.images, 1)

    @property
    def samples(self) -> dict[str, np.ndarray]:
        """What is shown, by role."""
        return dict(self._samples)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Prepare axes for the data set; its differences are drawn from minus to plus a half of its range."""
        self._samples = {}
        self._layout = None if dataset is None else dataset.layout
        differs = dataset is not None and dataset.layout != "points" and not dataset.vocabulary
        self.setVisible(differs)
        if dataset is None or not differs:
            return
        half = np.ptp(channel_ranges(dataset), axis=1) / 2
        ranges = np.stack([-half, half], axis=1)
        self.plot.setVisible(dataset.layout != "image")
        self.images.setVisible(dataset.layout == "image")
        if dataset.layout == "image":
            self.images.set_range(*ranges[0])
        elif dataset.layout == "profile":
            self.plot.configure(np.arange(1.0, dataset.values.shape[1] + 1), ranges, bottom="feature")
        else:
            self.plot.configure(
                shared_axis(dataset),
                ranges,
                channels=dataset.channel_names,
                bottom=dataset.sample_time_label,
            )

    def follow(self, view: SampleView) -> None:
        """Share the times, the channels' arrangement and the legend of a view of samples above."""
        if self._followed is None:
            self._followed = view
            view.arranged.connect(self._arrange)
            view.legend.toggled.connect(self._toggle)
        if view.plot is not None:
            view.plot.align_left(self.plot)
            view.plot.show_times(self.isHidden())

    def _arrange(self, arrangement: str) -> None:
        self.plot.set_arrangement("stacked" if arrangement == "stacked" else "overlaid")
        if self._followed is not None:
            self.follow(self._followed)

    def show_samples(self, samples: Mapping[str, np.ndarray], times: np.ndarray | None = None) -> None:
        """Show exactly these differences by role, at times ``(T,)`` where those are not the data set's."""
        named = [style_of(role).title for role in samples]
        self.caption.setText(f"Residual: {', '.join(named)}" if named else "Residual")
        for role in self._samples:
            if role not in samples:
                self.plot.set_curve(role, None)
        if self._layout == "image":
            self.images.set_images(samples)
        elif self._layout != "points":
            for role, sample in samples.items():
                self.plot.set_curve(role, sample, x=times)
            self.plot.fit()
        self._samples = dict(samples)

    def _toggle(self, role: str, on: bool) -> None:
        """Hide a difference with the sample that it is of."""
        for own in _OF.get(role, ()):
            self.plot.set_visible(own, on)
            self.images.set_visible(own, on)
