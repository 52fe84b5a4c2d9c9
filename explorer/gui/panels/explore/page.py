"""What the pages of the Explore dock share: they answer at once, and follow the run and its codes."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.exporter import Steps
from explorer.gui.panels.absent import why_no_data, why_no_decoding
from explorer.gui.theme import GRID
from explorer.gui.ways import Sketch
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.flow import FlowLayout
from explorer.gui.widgets.labels import Elided
from explorer.gui.widgets.stages import Stages
from explorer.workspace.messages import DecodeCodes, DecodedCodes

_EVERY_MS = 150
"""How often, at most, a page decodes anew what changed."""


class ExplorePage(QWidget):
    """One way through the codes: its settings above, what comes of them below.

    A subclass says which settings it has (`make_head`), what shows the outcome (`make_body`), what it does when
    something changed while it is seen (`update_page`), and what it draws on the map (`sketch`).

    Parameters
    ----------
    controller : Controller
    """

    name: ClassVar[str]
    """In the registry of pages."""
    heading: ClassVar[str]
    """Of the page, for those who cannot see it."""
    purpose: ClassVar[str]

    train_requested = Signal()
    """The person wants to train the model of the form."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller, self.workspace, self.ways = controller, controller.workspace, controller.ways
        self.setObjectName(f"explore-{self.name}")
        self.setAccessibleName(self.heading)
        self.head = QWidget(self)
        row = FlowLayout(self.head, spacing=GRID)
        self.export = self.button("Export…", "export", "Write this as a figure, or what lies between as an animation")
        self.export.clicked.connect(self._export)
        for widget in (*self.make_head(), self.export):
            row.addWidget(widget)
        self.words = Elided("", "small", "muted")
        self.words.setObjectName(f"{self.name}-words")
        self.words.setAccessibleName("Remark")
        self.stages = Stages(self.make_body(), self)
        make = self.button("Open noisy sine waves", "data", "Make the built-in set of noisy sine waves")
        make.clicked.connect(lambda: controller.librarian.open_builtin("sines"))
        train = self.button("Train a model", "train", "Train the model of the form on the open data")
        train.clicked.connect(self.train_requested)
        self.stages.add_empty("data", EmptyState("No data yet", "", make))
        self.stages.add_empty("model", EmptyState("No model yet", f"Train one first. {self.purpose}", train))
        self.stages.add_empty("cannot", EmptyState("Not for this model", ""))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        outer.setSpacing(GRID // 2)
        outer.addWidget(self.head)
        outer.addWidget(self.stages, 1)
        outer.addWidget(self.words)
        self._soon = Calm(self, _EVERY_MS, self._update)
        workspace = self.workspace
        for event in (workspace.data_changed, workspace.active_run_changed):
            event.connect(self._changed_wholly)
        workspace.codes_changed.connect(self.poke)
        self.ways.changed.connect(self.poke)

    # What a page says of itself

    def make_head(self) -> list[QWidget]:
        """Make the widgets of the settings."""
        return []

    def make_body(self) -> QWidget:
        """Make the widgets of the outcome."""
        raise NotImplementedError

    def update_page(self) -> None:
        """Show the outcome of the settings and codes as they are; there are data, codes and a decoder."""
        raise NotImplementedError

    def forget(self) -> None:
        """Show nothing of the run or data that were shown before."""

    def sketch(self) -> Sketch | None:
        """Return what to draw on the map while the page is seen."""
        return None

    def steps(self) -> Steps | None:
        """Return what can be exported of the page."""
        return None

    def obstacle(self) -> str:
        """Return why the page cannot be used with this run, as a sentence; empty where it can."""
        return why_no_decoding(self.workspace.run)

    # What they share

    def button(self, text: str, name: str, tip: str) -> QPushButton:
        """Return a button of the page."""
        button = QPushButton(text)
        button.setObjectName(f"{self.name}-{name}")
        button.setAccessibleName(text.rstrip("…"))
        button.setToolTip(tip)
        return button

    def poke(self, *_: object) -> None:
        """Show soon what changed."""
        if self.isVisible():
            self._soon.poke()

    def flush(self) -> None:
        """Show now what changed."""
        self._soon.flush()

    def _changed_wholly(self) -> None:
        self.forget()
        self.poke()

    def _update(self) -> None:
        if not self.isVisible():
            return
        stage, advice = self._stage()
        self.head.setVisible(stage == "body")
        self.words.setVisible(stage == "body")
        self.stages.go(stage, advice)
        if stage == "body":
            self.update_page()
        self.draw_sketch()

    def _stage(self) -> tuple[str, str]:
        if self.workspace.data is None:
            return "data", why_no_data(self.workspace)
        if self.workspace.codes is None or self.workspace.model_ref is None:
            return "model", ""
        if obstacle := self.obstacle():
            return "cannot", obstacle
        return "body", ""

    def draw_sketch(self) -> None:
        """Draw on the map what the page has to show there, while it is seen."""
        shown = self.isVisible() and self.stages.stage == "body"
        self.ways.sketch(self.name, self.sketch() if shown else None)
        steps = self.steps() if shown else None
        self.export.setEnabled(steps is not None)
        self.controller.exporter.steps = steps

    def _export(self) -> None:
        from explorer.gui.dialogs.export import ExportDialog

        dialog = ExportDialog(self.controller, self.window(), "path")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while nobody looked."""
        super().showEvent(event)
        self._soon.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        """Wipe off the map what is the page's."""
        super().hideEvent(event)
        self.controller.exporter.steps = None
        self.ways.sketch(self.name, None)

    def decode(self, codes: np.ndarray, show: Any) -> None:
        """Have codes ``(M, L)`` decoded beside the window, the newest wish first, and hand them to `show`."""
        model = self.workspace.model_ref
        if model is None:
            return

        def done(decoded: DecodedCodes) -> None:
            if self.controller.is_current(decoded.model) and self.workspace.data is not None:
                show(decoded)

        self.controller.jobs.latest(
            f"explore-{self.name}", "decode_codes", DecodeCodes(model, codes), lane="work",
            on_result=done, on_error=self.failed,
        )  # fmt: skip

    def failed(self, reason: Exception) -> None:
        """Say why there is no outcome."""
        self.tell(str(reason), "bad")

    def tell(self, text: str, color: str = "muted") -> None:
        """Say something at the foot of the page."""
        self.words.setText(text)
        self.words.set_color(color)

    def guard(self, action: Any) -> Any:
        """Do something; say at the foot of the page what the person can mend, and return None."""
        try:
            return action()
        except InputError as reason:
            self.failed(reason)
            return None


def near_words(decoded: DecodedCodes) -> list[str]:
    """Return under each decoded code how many samples are near."""
    return [f"{count:,} near" for count in decoded.near.tolist()]


def near_tips(decoded: DecodedCodes, names: list[str]) -> list[str]:
    """Return what is told of each decoded code under the pointer."""
    from explorer.gui.widgets.numbers import number

    return [
        f"{count:,} samples within {number(decoded.radius)}; nearest: {name}, {number(float(distance))} away"
        for count, name, distance in zip(decoded.near.tolist(), names, decoded.distances, strict=True)
    ]
