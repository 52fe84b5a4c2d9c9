"""The selected samples, drawn over or beside each other."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.data.dataset import Dataset
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import theme
from explorer.gui.widgets.labels import Elided

MOST = 8
"""Samples that are drawn at once; more could not be told apart."""


class SelectionPlot(QWidget):
    """Draws one sample with its clean target, or up to `MOST` samples in the colours of their classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._many = np.arange(0)
        self.view = SampleView("selected_samples", self)
        self.caption = Elided("", "small", "muted")
        self.caption.setObjectName("selection_caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.caption)
        layout.addWidget(self.view, 1)
        theme().changed.connect(self._restyle)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Prepare the axes for a data set's samples."""
        self._dataset = dataset
        self.view.set_dataset(dataset)

    def show_samples(self, samples: np.ndarray) -> None:
        """Draw the samples at these indices; of many, the first `MOST`, and say so."""
        data = self._dataset
        if data is None:
            return
        shown = samples[:MOST]
        names = [data.sample_name(int(i)) for i in shown]
        if len(samples) == 1:
            self.caption.setText(names[0])
        elif len(samples) > MOST:
            self.caption.setText(f"{MOST} of {len(samples):,} selected: {', '.join(names)}")
        else:
            self.caption.setText(", ".join(names))
        if len(shown) == 1:
            index = int(shown[0])
            self._draw_many(np.arange(0))
            self.view.legend.show()
            if data.layout == "text":
                texts = {"sample": data.text_of(index), "translation": data.translation_of(index)}
                self.view.show_texts({role: text for role, text in texts.items() if text or role == "sample"})
                return
            target = None if data.targets is None else data.targets[index]
            role = "sample" if target is None else "noisy"
            self.view.show_samples({role: data.values[index], "clean": target}, self.view.times_of(index))
        else:
            self.view.show_samples({})
            self.view.legend.hide()  # the caption names them
            self._draw_many(shown)

    def _draw_many(self, samples: np.ndarray) -> None:
        data, plot = self._dataset, self.view.plot
        if data is None:
            return
        if data.layout == "text":
            if len(samples):
                self.view.show_texts({f"#{i}": data.text_of(int(i)) for i in samples})
            return
        if self.view.roll is not None:
            names = [data.sample_name(int(i)) for i in samples]
            kinds = [p if data.labels is None else int(data.labels[i]) for p, i in enumerate(samples)]
            colors = {name: f"class:{kind}" for name, kind in zip(names, kinds, strict=True)}
            self.view.show_samples({})
            self.view.roll.set_melodies({name: data.values[i] for name, i in zip(names, samples, strict=True)}, colors)
            return
        if plot is None:
            if len(samples):
                self.view.show_samples({data.sample_name(int(i)): data.values[i] for i in samples})
            return
        for i in self._many:
            plot.set_curve(f"#{i}", None)
        self._many = samples
        for position, i in enumerate(samples):
            color = position if data.labels is None else int(data.labels[i])
            style = CurveStyle(data.sample_name(int(i)), theme().palette.class_color(color), width=1.5, observed=True)
            plot.set_curve(f"#{i}", data.values[i], style, x=self.view.times_of(int(i)))
        if len(samples):
            plot.fit()

    def _restyle(self) -> None:
        if len(self._many):
            self._draw_many(self._many)
