"""What the pages of the Analysis dock share: asking, waiting, failing, and saying what an answer is about."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from explorer.analysis.look import FigureKind
from explorer.errors import InputError
from explorer.gui.analyst import Basis, Inquiry
from explorer.gui.controller import Controller
from explorer.gui.panels.absent import recipe_of, why_no_data
from explorer.gui.theme import GRID
from explorer.gui.widgets.banner import Banner
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.flow import FlowLayout
from explorer.gui.widgets.labels import Elided
from explorer.gui.widgets.numbers import duration
from explorer.gui.widgets.stages import Stages
from explorer.models.base import LatentModel


class AnalysisPage(QWidget):
    """One question: its settings, the button that asks it, how far the answer is, and the answer.

    A subclass says what it asks (`settings`, `request`), makes the widgets of its answer (`make_body`) and fills them
    (`show_result`); `obstacle` tells where the question makes no sense.

    Parameters
    ----------
    controller : Controller
    """

    name: ClassVar[str]
    """In the registry of pages, and of the inquiry that the analyst keeps."""
    heading: ClassVar[str]
    """Of the page before its question was asked."""
    purpose: ClassVar[str]
    """What the answer tells, in a sentence or two."""
    action: ClassVar[str]
    """What the button says that asks: "Find the components"."""
    figure: ClassVar[FigureKind | None] = None
    """The kind of figure that its answer can be exported as."""
    of_model: ClassVar[bool] = True
    """Whether the question is to the active run; else to the data alone."""

    train_requested = Signal()
    """The person wants to train the model of the form."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller, self.workspace, self.analyst = controller, controller.workspace, controller.analyst
        self.setObjectName(f"page-{self.name}")
        self._shown: object = None
        self._make_head()
        self.stages = Stages(self.make_body(), self)
        self._add_states()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        outer.setSpacing(GRID // 2)
        for widget in (self.head, self.work, self.banner):
            outer.addWidget(widget)
        outer.addWidget(self.stages, 1)
        outer.addWidget(self.basis_words)
        controller.analyst.changed.connect(self._on_inquiry)
        workspace = self.workspace
        for event in (workspace.data_changed, workspace.active_run_changed, workspace.codes_changed):
            event.connect(self.refresh)
        workspace.run_changed.connect(self._on_run_changed)

    # What a page says of itself

    def settings(self) -> dict[str, Any]:
        """Return what the person chose, plain values; raise `InputError` if something does not fit."""
        return {}

    def setting_widgets(self) -> list[QWidget]:
        """Make the editors of the settings; each change calls `refresh`."""
        return []

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Return the task to do and its request. There are data, and a model where the question needs one."""
        raise NotImplementedError

    def obstacle(self) -> str:
        """Return why the question cannot be asked of these data or this run, as a sentence; empty where it can."""
        return ""

    def make_body(self) -> QWidget:
        """Make the widgets of the answer."""
        raise NotImplementedError

    def show_result(self, result: Any) -> None:
        """Fill the body with an answer. The data are those that it was computed on."""
        raise NotImplementedError

    def count_words(self, result: Any) -> str:
        """Return how many samples, of which kind, the answer is about: ``"512 held-out samples"``."""
        return ""

    # What they share

    @property
    def recipe(self) -> type[LatentModel] | None:
        """The recipe of the active run; None where there is none, or it no longer loads."""
        return recipe_of(self.workspace.run)

    @property
    def inquiry(self) -> Inquiry:
        """What the analyst knows of the question."""
        return self.analyst.inquiry(self.name)

    def _make_head(self) -> None:
        self.head = QWidget(self)
        row = FlowLayout(self.head, spacing=GRID)
        editors = self.setting_widgets()
        self._has_settings = bool(editors)
        for widget in editors:
            row.addWidget(widget)
        self.ask_button = self._button(self.action, "ask", f"{self.action}: {self.purpose}")
        self.ask_button.clicked.connect(self.ask)
        row.addWidget(self.ask_button)
        self.export_button = self._button("Export…", "export", "Write this as SVG, PDF, PNG, or its numbers")
        self.export_button.setAccessibleName(f"Export: {self.heading}")
        self.export_button.clicked.connect(self._export)
        row.addWidget(self.export_button)
        self.basis_words = Elided("", "small", "muted")
        self.basis_words.setObjectName(f"{self.name}-basis")
        self.basis_words.setAccessibleName("What this was computed on")
        self.work = QWidget(self)
        line = QHBoxLayout(self.work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        self.progress = QProgressBar(self.work)
        self.progress.setObjectName(f"{self.name}-progress")
        self.progress.setAccessibleName(f"Progress of {self.heading}")
        self.progress.setTextVisible(False)
        self.progress.setMaximumWidth(30 * GRID)
        self.progress_words = Elided("", "small", "muted")
        self.cancel_button = self._button("Cancel", "cancel", "Stop; an answer that is there stays")
        self.cancel_button.clicked.connect(lambda: self.analyst.cancel(self.name))
        line.addWidget(self.progress, 1)
        line.addWidget(self.progress_words, 2)
        line.addWidget(self.cancel_button)
        self.banner = Banner(f"{self.name}-banner", self)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"{self.name}-{name}")
        button.setAccessibleName(f"{text}: {self.heading}" if name in ("cancel", "data", "train") else text)
        button.setToolTip(tip)
        return button

    def _add_states(self) -> None:
        make = self._button("Open noisy sine waves", "data", "Make the built-in set of noisy sine waves")
        make.clicked.connect(lambda: self.controller.librarian.open_builtin("sines"))
        train = self._button("Train a model", "train", "Train the model of the form on the open data")
        train.clicked.connect(self.train_requested)
        start = self._button(self.action, "start", self.purpose)
        start.clicked.connect(self.ask)
        self.stages.add_empty("data", EmptyState("No data yet", "", make))
        self.stages.add_empty("model", EmptyState("No model yet", f"Train one first. {self.purpose}", train))
        self.stages.add_empty("training", EmptyState("Training", "The first epoch is under way."))
        self.stages.add_empty("cannot", EmptyState("Not for this model and data", ""))
        self.stages.add_empty("ready", EmptyState(self.heading, self.purpose, start))
        self.stages.add_empty("working", EmptyState(self.heading, "Being computed. You can go on meanwhile."))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while nobody looked."""
        super().showEvent(event)
        self.refresh()

    def _on_inquiry(self, name: str) -> None:
        if name == self.name:
            self.refresh()

    def _on_run_changed(self, run: int) -> None:
        active = self.workspace.run
        if active is not None and active.id == run:
            self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the answer, or what stands before it."""
        if not self.isVisible():
            return
        stage, advice = self._stage()
        asked = stage in ("body", "ready", "working")
        self.head.setVisible(stage == "body" or (asked and self._has_settings))
        self.ask_button.setVisible(stage == "body")
        self.export_button.setVisible(stage == "body" and self.figure is not None)
        self.work.setVisible(asked and self.inquiry.running)
        self.basis_words.setVisible(stage == "body")
        self.stages.go(stage, advice)
        self._show_progress()
        if asked:
            self._tell()
        else:
            self.banner.tell("info", "")
        if stage == "body" and self._shown is not self.inquiry.result:
            self._shown = self.inquiry.result
            self.show_result(self.inquiry.result)

    def _stage(self) -> tuple[str, str]:
        """Return which page to show, and what an empty one says beside its own words."""
        data, run, inquiry = self.workspace.data, self.workspace.run, self.inquiry
        if data is None:
            return "data", why_no_data(self.workspace)
        if self.of_model and self.workspace.model_ref is None:
            if run is None:
                return "model", ""
            return ("training", "") if run.active else ("model", "This run ended before it had learnt anything.")
        if obstacle := self.obstacle():
            return "cannot", obstacle
        if inquiry.result is not None:
            return "body", ""
        return ("working" if inquiry.running else "ready"), ""

    def _show_progress(self) -> None:
        inquiry = self.inquiry
        if not inquiry.running:
            return
        known = inquiry.fraction == inquiry.fraction
        self.progress.setRange(0, 1000 if known else 0)
        if known:
            self.progress.setValue(round(1000 * inquiry.fraction))
        left = "" if inquiry.seconds_left is None else f"{duration(inquiry.seconds_left)} left"
        self.progress_words.setText(" · ".join(filter(None, (inquiry.message or "Waiting", left))))

    def _tell(self) -> None:
        """Say what went wrong, or how the answer differs from what would be asked now."""
        inquiry = self.inquiry
        if inquiry.failure:
            self.banner.tell("bad", inquiry.failure)
        elif inquiry.result is not None and inquiry.basis is not None and not inquiry.running:
            self.banner.tell("warn", self._stale(inquiry.basis))
        else:
            self.banner.tell("info", "")
        if inquiry.result is not None and inquiry.basis is not None:
            words = (inquiry.basis.words, self.count_words(inquiry.result))
            self.basis_words.setText("; ".join(filter(None, words)))

    def _stale(self, basis: Basis) -> str:
        """Return how an answer's basis differs from the present one; empty where it does not."""
        try:
            now = self.analyst.basis(self.settings(), of_model=self.of_model)
        except InputError as reason:
            return str(reason)
        if now.model is not None and basis.model is not None and now.model.run != basis.model.run:
            return "This is of another run than the one that is shown. Run again."
        if now.model != basis.model:
            return "The model has been trained further since. Run again."
        if now.settings != basis.settings:
            return "Settings changed, run again."
        return ""

    def ask(self) -> None:
        """Ask the question with the settings as they are."""
        try:
            settings = self.settings()
            task, request = self.request(settings)
        except InputError as reason:
            self.banner.tell("bad", str(reason))
            return
        self.analyst.ask(self.name, task, request, self.analyst.basis(settings, of_model=self.of_model))

    def _export(self) -> None:
        from explorer.gui.dialogs.export import ExportDialog

        dialog = ExportDialog(self.controller, self.window(), self.figure)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
