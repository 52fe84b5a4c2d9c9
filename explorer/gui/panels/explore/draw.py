"""Draw codes at random: from the prior of a generative model, or like the codes of samples; a gallery of what comes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFileDialog, QSpinBox, QWidget

from explorer.analysis.drawing import Source
from explorer.gui.exporter import Steps
from explorer.gui.panels.absent import recipe_of
from explorer.gui.panels.explore.page import ExplorePage, near_tips, near_words
from explorer.gui.plots.gallery import Gallery
from explorer.gui.ways import Sketch
from explorer.workspace.messages import DecodedCodes, DrawCodes

_SOURCES: dict[Source, tuple[str, str]] = {
    "prior": ("the prior", "N(0, I), from which the model learnt to generate"),
    "kernel": ("around the codes", "A sample's code, a little moved: stays where samples are. This model has no prior"),
    "gaussian": ("a Gaussian", "Of the codes' mean and covariance: it also fills holes, and joins clusters"),
}


class DrawPage(ExplorePage):
    """New samples, and where on the map they come from."""

    name: ClassVar[str] = "draw"
    heading: ClassVar[str] = "Draw samples"
    purpose: ClassVar[str] = "New samples are drawn at random, and shown where they come from."

    def make_head(self) -> list[QWidget]:
        """Make the choice of the source, how many, and the buttons."""
        self._drawn: DecodedCodes | None = None
        self._told = ""
        self._seed = 0
        self._of: tuple[object, ...] = ()
        self.source = QComboBox()
        self.source.setObjectName("draw-source")
        self.source.setAccessibleName("Draw from")
        for source, (title, help_) in _SOURCES.items():
            self.source.addItem(f"from {title}" if source != "kernel" else title, source)
            self.source.setItemData(self.source.count() - 1, help_, Qt.ItemDataRole.ToolTipRole)
        self.source.setToolTip(_SOURCES["prior"][1])
        self.source.activated.connect(self._choose)
        self.count = QSpinBox()
        self.count.setObjectName("draw-count")
        self.count.setAccessibleName("How many")
        self.count.setToolTip("How many codes are drawn")
        self.count.setRange(1, 100)
        self.count.setValue(24)
        self.count.setKeyboardTracking(False)
        self.count.valueChanged.connect(self._choose)
        self.again = self.button("Draw again", "again", "Draw other codes")
        self.again.clicked.connect(self._draw_again)
        self.save = self.button("Save…", "save", "Write the codes and what they decode to, as CSV or NPZ")
        self.save.clicked.connect(self._save)
        return [self.source, self.count, self.again, self.save]

    def make_body(self) -> QWidget:
        """Make the gallery."""
        self.gallery = Gallery("draw-gallery", "Drawn samples", rows=True)
        self.gallery.chosen.connect(self._go)
        return self.gallery

    def forget(self) -> None:
        """Show nothing that was drawn of another run."""
        self._drawn, self._of = None, ()
        self.gallery.clear_samples()
        recipe = recipe_of(self.workspace.run)
        generative = recipe is not None and recipe.generative
        items = self.source.model()
        assert isinstance(items, QStandardItemModel)
        items.item(self.source.findData("prior")).setEnabled(generative)
        if generative or self.source.currentData() == "prior":
            self.source.setCurrentIndex(self.source.findData("prior" if generative else "kernel"))
        self.source.setToolTip(_SOURCES[self.source.currentData()][1])

    def _choose(self, *_: object) -> None:
        self.source.setToolTip(_SOURCES[self.source.currentData()][1])
        self.poke()

    def _draw_again(self) -> None:
        self._seed += 1
        self.flush()

    def update_page(self) -> None:
        """Draw, if something else is wanted than was drawn."""
        if not self._of:
            self.forget()
        model, source = self.workspace.model_ref, self.source.currentData()
        wanted = (model, source, self.count.value(), self._seed)
        if model is None or wanted == self._of:
            return
        self._of = wanted
        request = DrawCodes(model, self.count.value(), source, self._seed)
        self.controller.jobs.latest(
            "explore-draw", "draw_codes", request, lane="work", on_result=self._show, on_error=self.failed
        )

    def _show(self, drawn: DecodedCodes) -> None:
        data = self.workspace.data
        if data is None or not self.controller.is_current(drawn.model):
            return
        self._drawn = drawn
        names = [data.sample_name(index) if index >= 0 else "" for index in drawn.nearest.tolist()]
        tips = near_tips(drawn, names)
        self.gallery.show_samples(data, drawn.samples, near_words(drawn), tips=tips, texts=drawn.texts)
        lonely = int(np.count_nonzero(drawn.near == 0))
        told = f"{lonely} of {len(drawn.codes)} codes have no sample near" if lonely else "Every code has samples near"
        self.tell(f"{told}. {_SOURCES[self.source.currentData()][1]}")
        self.draw_sketch()

    def _go(self, row: int) -> None:
        if self._drawn is not None:
            self.controller.hand.set_code(self._drawn.codes[row])

    def sketch(self) -> Sketch | None:
        """Return hollow points where the codes are."""
        return None if self._drawn is None else Sketch(points=self._drawn.codes)

    def steps(self) -> Steps | None:
        """Return what was drawn; an animation shows one after the other."""
        if self._drawn is None:
            return None
        names = [str(place + 1) for place in range(len(self._drawn.codes))]
        return Steps(self._drawn, names, f"Drawn {self.source.currentText()}", self._drawn.codes)

    def _save(self) -> None:
        if self._drawn is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, "Save what was drawn", "drawn.csv", "CSV (*.csv);;NumPy (*.npz)")
        if path:
            self.controller.exporter.many(path, self._drawn, [f"drawn {i + 1}" for i in range(len(self._drawn.codes))])
