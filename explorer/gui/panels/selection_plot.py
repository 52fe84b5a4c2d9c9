"""The selected samples, drawn over or beside each other."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from explorer.analysis.many_curves import Bands, bands_of, drawable
from explorer.data.dataset import Dataset
from explorer.gui.jobs import Beside
from explorer.gui.plots.many import CurveGroup, ManyCurves
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Elided
from explorer.workspace.named_sets import NamedSet

MOST = 8
"""Samples that are drawn each by itself; more could not be told apart."""
WAYS = {
    "all": "all curves",
    "bands": "median, bands",
    "classes": "by class",
    "sets": "by set",
    "first": f"first {MOST}",
}
"""How more than `MOST` curves are drawn."""
_TIPS = {
    "all": "All curves, the darker the more of them pass",
    "bands": "The median, with the bands that hold half and nine tenths of the selected samples at each step",
    "classes": "The median and bands of the selected samples of each class",
    "sets": "The median and bands of each named set",
    "first": f"The first {MOST}, each by itself",
}
_WAY = "selection/way"


class SelectionPlot(QWidget):
    """Draws one sample with its clean target, a few in the colours of their classes, or many together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sets: tuple[NamedSet, ...] = ()
        self._samples = np.arange(0)
        self._together: ManyCurves | None = None
        self._beside = Beside(self)
        self.way = QComboBox()
        self.way.setObjectName("selection_way")
        self.way.setAccessibleName("How many curves are drawn")
        for name, title in WAYS.items():
            self.way.addItem(title, name)
            self.way.setItemData(self.way.count() - 1, _TIPS[name], Qt.ItemDataRole.ToolTipRole)
        self.way.setCurrentIndex(max(0, self.way.findData(QSettings().value(_WAY, "all"))))
        self.way.setToolTip("How more curves than can be told apart are drawn")
        self.way.activated.connect(self._choose)
        self.way.hide()
        self._dataset: Dataset | None = None
        self._many = np.arange(0)
        self.view = SampleView("selected_samples", self)
        self.caption = Elided("", "small", "muted")
        self.caption.setObjectName("selection_caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.caption, 1)
        head.addWidget(self.way)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        theme().changed.connect(self._restyle)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Prepare the axes for a data set's samples."""
        self._clear_together()
        self._dataset = dataset
        self.view.set_dataset(dataset)
        self._restyle()

    def show_samples(self, samples: np.ndarray, sets: tuple[NamedSet, ...] = ()) -> None:
        """Draw the samples at these indices; of many, all together, or the first `MOST`, and say so."""
        data = self._dataset
        if data is None:
            return
        self._samples, self._sets = samples, sets
        many = len(samples) > MOST and self.view.plot is not None and not data.irregular
        self.way.setVisible(many)
        if many and self._draw_together():
            return
        self._clear_together()
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

    # Many curves together

    def _choose(self, position: int) -> None:
        QSettings().setValue(_WAY, self.way.itemData(position))
        self.show_samples(self._samples, self._sets)

    def _groups(self, way: str) -> list[tuple[str, np.ndarray, int]]:
        """Return the groups that are drawn: name, samples, and the number of their colour."""
        data, samples = self._dataset, self._samples
        assert data is not None
        if way == "classes" and data.labels is not None:
            labels = data.labels[samples]
            names = (*data.class_names, "no label")
            present = [label for label in range(-1, len(data.class_names)) if (labels == label).any()]
            return [(names[label], samples[labels == label], label) for label in present]
        if way == "sets" and self._sets:
            return [(each.name, each.indices, place) for place, each in enumerate(self._sets) if len(each)]
        return [("selected", samples, -2)]

    def _draw_together(self) -> bool:
        """Draw many curves as the person chose; return whether that is not each by itself."""
        way, data, plot = self.way.currentData(), self._dataset, self.view.plot
        if way == "first" or data is None or plot is None:
            return False
        self._draw_many(np.arange(0))
        self.view.show_samples({})
        self.view.legend.hide()
        if self._together is None:
            self._together = ManyCurves(plot)
        if way == "all":
            self._show_all(data)
        else:
            self._show_bands(data, self._groups(way))
        return True

    def _show_all(self, data: Dataset) -> None:
        shown = drawable(self._samples, int(np.prod(data.sample_shape)))
        of = f"{len(shown):,} of {len(self._samples):,} curves" if len(shown) < len(self._samples) else ""
        self.caption.setText(of or f"{len(shown):,} curves")
        labels = np.full(len(shown), -2) if data.labels is None else data.labels[shown]
        colors = {label: _color(label) for label in np.unique(labels).tolist()}
        together, asked = self._together, self._samples
        assert together is not None

        def work() -> tuple[list[CurveGroup], tuple[float, float]]:
            groups = []
            for label, color in colors.items():
                values = np.asarray(data.values[shown[labels == label]])
                groups.append(CurveGroup(values[..., None] if values.ndim == 2 else values, color))
            return groups, together.extent(groups)

        def done(found: tuple[list[CurveGroup], tuple[float, float]]) -> None:
            if asked is self._samples:
                together.show_curves(*found)

        self._beside.latest(work, done)

    def _show_bands(self, data: Dataset, groups: list[tuple[str, np.ndarray, int]]) -> None:
        together = self._together
        self.caption.setText(" · ".join(f"{name} ({len(found):,})" for name, found, _ in groups))
        asked = self._samples

        def done(bands: list[Bands]) -> None:
            if together is self._together and asked is self._samples and together is not None:
                together.show_bands(bands, [_color(number) for _, _, number in groups])
                least = min(each.used / max(1, each.count) for each in bands)
                self.caption.setToolTip("" if least == 1 else "Of very many samples some, evenly spread, are looked at")

        self._beside.latest(lambda: bands_of(data.values, [(name, found) for name, found, _ in groups]), done)

    def _clear_together(self) -> None:
        if self._together is not None:
            self._together.clear()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing beside the window while nobody looks."""
        super().hideEvent(event)
        self._beside.close()
        if self._together is not None:
            self._together.pause()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw many curves anew that were not finished."""
        super().showEvent(event)
        self._restyle()

    def _restyle(self) -> None:
        self.way.setFont(theme().font("small"))
        if len(self._many):
            self._draw_many(self._many)
        elif self._together is not None and self._together.shown:
            self._draw_together()


def _color(number: int) -> QColor:
    """Return the colour of a class or set; -2: that of any sample."""
    return theme().color("accent") if number == -2 else QColor(theme().palette.class_color(number))
