"""What the pages share that look at one sample at a time."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from explorer.gui.analyst import Basis
from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.widgets.sample_chooser import SampleChooser


class SamplePage(AnalysisPage):
    """Asks anew whenever another sample is chosen or the model has learnt more; nothing needs to be pressed."""

    action = "Ask again"
    _asked: Basis | None = None

    def settings(self) -> dict[str, Any]:
        """Return which sample."""
        return {"index": self.chooser.index}

    def setting_widgets(self) -> list[QWidget]:
        """Offer the samples."""
        self.chooser = SampleChooser(self.workspace, self.name, f"Number of the sample: {self.heading}")
        self.chooser.chosen.connect(self.refresh)
        return [self.chooser]

    def refresh(self, *_: object) -> None:
        """Ask about the sample as it is now, if that was not asked already."""
        super().refresh()
        if not self.isVisible() or self._stage()[0] not in ("body", "ready", "working"):
            return
        self.ask_button.hide()
        settings = self.settings()
        basis = self.analyst.basis(settings, of_model=True)
        if basis != self._asked:
            self._asked = basis
            self.analyst.follow(self.name, *self.request(settings), basis)

    def _stage(self) -> tuple[str, str]:
        """Wait for the first answer instead of for a button."""
        stage, advice = super()._stage()
        return ("working", "") if stage == "ready" and not self.inquiry.failure else (stage, advice)

    def _stale(self, basis: Basis) -> str:
        """Nothing: the next answer is on its way."""
        return ""
