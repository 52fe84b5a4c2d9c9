"""One sample, drawn as its layout wants it, in several roles over or beside each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.data.dataset import Dataset
from explorer.data.notation import bar_of
from explorer.data.tokens import of_characters, text_of
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.image import ImageRow
from explorer.gui.plots.legend import Legend
from explorer.gui.plots.piano_roll import PianoRoll
from explorer.gui.plots.points import PointsView
from explorer.gui.plots.ranges import channel_ranges, shared_axis
from explorer.gui.plots.style import style_of
from explorer.gui.plots.text_view import TextView

_STACK = "stack"


class SampleView(QWidget):
    """Draws samples of one data set by role: "clean", "noisy", "denoised", "decoded", "nearest".

    A series or a profile is drawn as curves, an image as pictures side by side, a point as a mark on the cloud, a
    sentence in type, a melody on a piano roll. The ranges are those of the data set, so that two samples can be
    compared by eye.
    """

    painted = Signal()
    """After every paint of the samples."""
    arranged = Signal(str)
    """The person stacked the channels, or overlaid them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.dataset: Dataset | None = None
        self._ranges = np.array([[0.0, 1.0]])
        self._curves: CurvePlot | None = None
        self._images: ImageRow | None = None
        self._points: PointsView | None = None
        self._text: TextView | None = None
        self._roll: PianoRoll | None = None
        self._samples: dict[str, np.ndarray] = {}
        self._named: set[str] = set()  # roles that the legend has, and may have kept
        self.legend = Legend(self)
        self.legend.toggled.connect(self._toggle)
        self._canvas = QWidget(self)
        self._layers = QStackedLayout(self._canvas)
        self._layers.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.legend)
        layout.addWidget(self._canvas, 1)

    @property
    def plot(self) -> CurvePlot | None:
        """The plot of curves, where the layout is drawn as such."""
        return self._curves if self._layers.currentWidget() is self._curves else None

    @property
    def roll(self) -> PianoRoll | None:
        """The piano roll, where the samples are melodies."""
        return self._roll if self._layers.currentWidget() is self._roll else None

    @property
    def samples(self) -> dict[str, np.ndarray]:
        """What is shown, by role."""
        return dict(self._samples)

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Prepare axes and ranges for the samples of a data set; nothing is shown yet."""
        self.dataset = dataset
        self._samples = {}
        self._named = set()
        self.legend.clear()
        if dataset is None:
            return
        self._ranges = channel_ranges(dataset)
        self.legend.setVisible(dataset.layout != "text")  # sentences have their names above them
        if dataset.layout == "text":
            self._turn_to(self._text_view())
        elif dataset.layout == "notes":
            roll = self._piano_roll()
            roll.configure(dataset.values, dataset.vocabulary, bar_of(dataset))
            self._turn_to(roll)
        elif dataset.layout == "image":
            images = self._image_row()
            images.set_range(*self._ranges[0])
            self._turn_to(images)
        elif dataset.layout == "points":
            points = self._points_view()
            points.set_cloud(dataset.clean, dataset.channel_names)
            self._turn_to(points)
        else:
            self._turn_to(self._curve_plot(dataset))

    def show_samples(
        self,
        samples: Mapping[str, np.ndarray | None],
        times: np.ndarray | Mapping[str, np.ndarray | None] | None = None,
    ) -> None:
        """Show exactly these samples by role; those of None are left out.

        Parameters
        ----------
        samples : dict of str to ndarray of the data set's `sample_shape`, or None
        times : ndarray ``(T,)``, or dict of str to such or None, optional
            Times of all, or of some of them by role, where they are not those of the data set's time axis. A sample
            with times of its own may have any length.
        """
        given = {role: sample for role, sample in samples.items() if sample is not None}
        if given:  # of nothing the legend keeps its room: most often the same roles are shown again at once
            for role in given:
                self.legend.set_entry(role, style_of(role))
            for role in {*self._named, *given}:
                self.legend.set_present(role, role in given)
            self._named = set(given)
        match self._layers.currentWidget():
            case CurvePlot() as curves:
                for role in self._samples:
                    if role not in given:
                        curves.set_curve(role, None)
                for role, sample in given.items():
                    curves.set_curve(role, sample, x=times.get(role) if isinstance(times, Mapping) else times)
                curves.fit()
            case ImageRow() as images:
                images.set_images(given)
            case PointsView() as points:
                points.set_marks(given)
            case PianoRoll() as roll:
                roll.set_melodies(given)
            case TextView() as text if self.dataset is not None:
                words = self.dataset.vocabulary
                text.set_texts(
                    {role: text_of(sample, words) for role, sample in given.items()},
                    ("nearest", "decoded"),
                    characters=of_characters(words),
                )
        self._samples = given

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Show exactly these texts by role, where the data are text: those of other languages, too."""
        if self._text is not None and self.dataset is not None:
            self._text.set_texts(texts, ("nearest", "decoded"), characters=of_characters(self.dataset.vocabulary))
            self._samples = {}

    def mark_future(self, step: int | None) -> None:
        """Mark where the future begins: at that step of a series; None takes the mark away."""
        if self._curves is not None:
            self._curves.mark_future(step)

    def mark_time(self, at: float | None, text: str = "") -> None:
        """Mark a time of a series with a word; None takes the mark away."""
        if self._curves is not None:
            self._curves.mark_time(at if at is None or np.isfinite(at) else None, text)

    def times_of(self, index: int) -> np.ndarray | None:
        """Return the times of a sample of the data set, as `show_samples` takes them: None where all share them."""
        return self.dataset.times_of(index) if self.dataset is not None and self.dataset.irregular else None

    def reset_view(self) -> None:
        """Undo zoom and move."""
        for view in (self._curves, self._points):
            if view is not None:
                view.reset_view()

    def _turn_to(self, layer: QWidget) -> None:
        """Show one of the views; the others, though kept, no longer ask for room."""
        for other in [self._layers.widget(i) for i in range(self._layers.count())]:
            if other is not None and other is not layer:
                self._layers.removeWidget(other)
                other.hide()
        if self._layers.indexOf(layer) < 0:
            self._layers.addWidget(layer)
        self._layers.setCurrentWidget(layer)

    def _toggle(self, role: str, on: bool) -> None:
        view = self._layers.currentWidget()
        if role == _STACK and isinstance(view, CurvePlot):
            view.set_arrangement("stacked" if on else "overlaid")
            self.arranged.emit(view.arrangement)
        elif isinstance(view, CurvePlot | ImageRow | PointsView | TextView | PianoRoll):
            view.set_visible(role, on)

    def _curve_plot(self, dataset: Dataset) -> CurvePlot:
        if self._curves is None:
            self._curves = CurvePlot(self._canvas)
            self._curves.setObjectName(f"{self.objectName()}-plot")
            self._curves.setAccessibleName("Plot of the sample")
            self._curves.painted.connect(self.painted)
            self._layers.addWidget(self._curves)
        if dataset.layout == "profile":
            x, bottom, channels = np.arange(1.0, dataset.values.shape[1] + 1), "feature", ("",)
        else:
            x, bottom, channels = shared_axis(dataset), dataset.sample_time_label, dataset.channel_names
        self._curves.configure(x, self._ranges, channels=channels, bottom=bottom, left=dataset.unit or "value")
        if len(channels) > 1:
            self.legend.set_entry(_STACK, None, title="stack channels", on=self._curves.arrangement == "stacked")
            self.legend.chip(_STACK).setToolTip("Draw each channel on a line of its own, scaled to its own range")
        return self._curves

    def _text_view(self) -> TextView:
        if self._text is None:
            self._text = TextView(self._canvas)
            self._text.setObjectName(f"{self.objectName()}-text")
            self._text.setAccessibleName("The sample as text")
            self._text.setToolTip("Sentences by what they are; words that only one of two has are underlined")
            self._text.painted.connect(self.painted)
            self._layers.addWidget(self._text)
        self._text.set_texts({})
        return self._text

    def _piano_roll(self) -> PianoRoll:
        if self._roll is None:
            self._roll = PianoRoll(self._canvas)
            self._roll.setObjectName(f"{self.objectName()}-roll")
            self._roll.setToolTip("Pitch upwards, time to the right; bars are numbered")
            self._roll.painted.connect(self.painted)
            self._layers.addWidget(self._roll)
        return self._roll

    def _image_row(self) -> ImageRow:
        if self._images is None:
            self._images = ImageRow(self._canvas)
            self._images.setAccessibleName("Pictures of the sample")
            self._images.painted.connect(self.painted)
            self._layers.addWidget(self._images)
        return self._images

    def _points_view(self) -> PointsView:
        if self._points is None:
            self._points = PointsView(self._canvas)
            self._points.setAccessibleName("The sample among the data")
            self._points.painted.connect(self.painted)
            self._layers.addWidget(self._points)
        return self._points
