"""The training under way, and the history of the run that is looked at."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from explorer.gui.controller import Controller
from explorer.gui.panels.absent import why_no_data
from explorer.gui.panels.collapse import CollapseBox
from explorer.gui.panels.outcome import outcome
from explorer.gui.panels.scrubber import Scrubber
from explorer.gui.plots.legend import Legend
from explorer.gui.plots.loss import LossCurve, LossPlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.banner import Banner
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.flow import FlowLayout
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.numbers import duration, number
from explorer.gui.widgets.stages import Stages
from explorer.training.history import Epoch, phase_starts
from explorer.workspace.measures import measure_name
from explorer.workspace.messages import EpochUpdate
from explorer.workspace.run import Run

REDRAW_MS = 66
"""Fifteen times a second at most."""
DRAGGED_MS = 250
"""While a hand moves, which a redraw would delay."""
_LOG = "log scale"
_PARTS = ("train", "validation")


class TrainingPanel(QWidget):
    """Pauses and cancels the training under way, tells how the last one ended, and draws the losses.

    Parameters
    ----------
    controller : Controller
    """

    train_requested = Signal()
    """The person wants to train the model of the form."""
    remedy_requested = Signal(object)
    """The person wants to train the run again with these settings changed."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self._workspace = controller.workspace
        self._run: Run | None = None
        self._epochs: list[Epoch] = []
        self._terms: tuple[str, ...] = ()
        self._update: EpochUpdate | None = None
        self._seconds_left: float | None = None
        self._stage: tuple[float, str] | None = None  # what goes on beside the epochs, and how far it is
        self._redraw = Calm(self, REDRAW_MS, self._draw)
        self._make_widgets()
        self._lay_out()
        controller.trainer.progress.connect(self._on_progress)
        controller.trainer.stage.connect(self._on_stage)
        controller.trainer.changed.connect(self.refresh)
        self._workspace.data_changed.connect(self.refresh)
        self._workspace.active_run_changed.connect(self.refresh)
        self._workspace.runs_changed.connect(self.refresh)
        self._workspace.run_changed.connect(self._on_run_changed)
        self.controller.past.epochs_changed.connect(self._show_buttons)
        self.controller.past.changed.connect(lambda: self.plot.mark_moment(self.controller.past.epoch))
        theme().changed.connect(self._restyle)
        self.refresh()

    # Its parts

    def _make_widgets(self) -> None:
        self.headline = Words("", "title")
        self.headline.setObjectName("training-headline")
        self.progress_text = Words("", "small", "muted")
        self.progress_text.setObjectName("training-progress-text")
        self.bar = QProgressBar(self)
        self.bar.setObjectName("training-bar")
        self.bar.setAccessibleName("Progress of the training")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.pause = self._button("Pause", "pause-training", "Hold the training; it goes on from where it was")
        self.pause.clicked.connect(self._pause_or_resume)
        self.cancel = self._button("Cancel", "cancel-training", "Stop the training; the best weights so far are kept")
        self.cancel.clicked.connect(self._cancel)
        self.losses = Words("", "small", "text")
        self.losses.setObjectName("training-losses")
        self.losses.setAccessibleName("Losses of the last epoch")
        self.banner = Banner("training-outcome", self)
        self.notes = Banner("training-notes", self)
        self.collapse = CollapseBox(self)
        self.collapse.chosen.connect(self.remedy_requested)
        self.legend = Legend(self)
        self.legend.toggled.connect(self._on_toggled)
        self.plot = LossPlot(self)
        self.plot.setObjectName("loss-plot")
        self.plot.setAccessibleName("Plot of the losses by epoch")
        self.scrubber = Scrubber(self.controller.past, self)
        self.film = self._button("Animation…", "export-animation", "Write how the map came about as GIF, MP4 or APNG")
        self.film.setAccessibleName("Export the training as an animation")
        self.film.clicked.connect(self._export)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(f"{text} training")
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        body = QWidget(self)
        side = QWidget(body)
        words = QVBoxLayout(side)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(GRID * 3 // 4)
        words.addWidget(self.headline)
        words.addWidget(self.bar)
        words.addWidget(self.progress_text)
        buttons = FlowLayout(spacing=GRID)
        for button in (self.pause, self.cancel, self.film):
            buttons.addWidget(button)
        words.addWidget(self.losses)
        words.addWidget(self.scrubber)
        words.addLayout(buttons)
        words.addWidget(self.banner)
        words.addWidget(self.notes)
        words.addWidget(self.collapse)
        words.addStretch(1)
        self._chart = chart = QWidget(body)
        column = QVBoxLayout(chart)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._columns.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        self._columns.setSpacing(2 * GRID)
        self._columns.addWidget(side, 3)
        self._columns.addWidget(chart, 5)
        self.stages = Stages(body, self)
        make = QPushButton("Open noisy sine waves")
        make.setObjectName("training-open")
        make.setToolTip("Make the built-in set of noisy sine waves and look at it")
        make.clicked.connect(lambda: self.controller.librarian.open_builtin("sines"))
        train = QPushButton("Train a model")
        train.setObjectName("training-train")
        train.setToolTip("Train the model of the form on the open data")
        train.clicked.connect(self.train_requested)
        for button in (make, train):
            button.setAccessibleName(button.text())
        self.stages.add_empty("data", EmptyState("No data yet", "", make))
        self.stages.add_empty(
            "run", EmptyState("Nothing trained yet", "Choose a model and its settings, then train it.", train)
        )
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put words and plot beside each other where there is room, else below each other."""
        wide = self.width() >= 46 * self.fontMetrics().averageCharWidth() + 200
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._columns.direction():
            self._columns.setDirection(direction)
        super().resizeEvent(event)

    # What is shown

    @property
    def _trained(self) -> Run | None:
        """The run that is being trained."""
        return next((run for run in self._workspace.runs if run.active), None)

    def _on_run_changed(self, run: int) -> None:
        if (self._run is not None and self._run.id == run) or self._trained is not None:
            self.refresh()

    def _on_progress(self, update: EpochUpdate, seconds_left: float | None) -> None:
        self._update, self._seconds_left, self._stage = update, seconds_left, None
        if self._run is not None and self._run.id == update.run:
            last = self._epochs[-1].number if self._epochs else 0
            if update.epoch.number > last:
                self._epochs.append(update.epoch)
        self._redraw_soon()

    def _on_stage(self, fraction: float, name: str, seconds_left: float | None) -> None:
        self._stage, self._seconds_left = (fraction, name), seconds_left
        self._redraw_soon()

    def _redraw_soon(self) -> None:
        self._redraw.interval = DRAGGED_MS if self.controller.hand.on_its_way else REDRAW_MS
        self._redraw.poke()

    def refresh(self) -> None:
        """Take in what is known of the active run, and draw it soon."""
        run = self._workspace.run
        same = run is not None and self._run is not None and run.id == self._run.id
        if run is None:
            self._epochs = []
        elif not same or len(run.history.epochs) >= len(self._epochs) or not run.active:
            self._epochs = list(run.history.epochs)
        self._run = run
        trained = self._trained
        if trained is None:
            self._stage = None
        if self._update is not None and (trained is None or trained.id != self._update.run):
            self._update, self._seconds_left = None, None
        if self._workspace.data is None and run is None:
            self.stages.go("data", why_no_data(self._workspace))
        elif run is None and trained is None:
            self.stages.go("run")
        else:
            self.stages.go("body")
        self._show_buttons()
        if same:
            self._redraw_soon()
        else:
            self._redraw.flush()

    def _show_buttons(self) -> None:
        trained = self._trained
        self.pause.setVisible(trained is not None)
        self.cancel.setVisible(trained is not None)
        self.film.setVisible(trained is None and len(self.controller.past.epochs) > 1)
        paused = trained is not None and trained.status == "paused"
        self.pause.setText("Resume" if paused else "Pause")
        self.pause.setAccessibleName(f"{self.pause.text()} training")
        if trained is None:
            self.cancel.setEnabled(True)

    def _draw(self) -> None:
        self._tell_progress()
        self._tell_losses()
        self._draw_curves()

    def _tell_progress(self) -> None:
        trained, run = self._trained, self._run
        self.bar.setVisible(trained is not None)
        if trained is None:
            self.headline.setText("" if run is None else run.name)
            text = ""
            if run is not None and self._epochs:
                speed = run.history.samples_per_second
                text = f"{len(self._epochs):,} epochs in {duration(run.seconds or self._epochs[-1].seconds)}"
                text += f" on {run.history.device}" if run.history.device else ""
                text += f" · {speed:,.0f} samples/s" if speed else ""
            self.progress_text.setText(text)
        else:
            self.headline.setText(trained.name)
            update = self._update
            if trained.status == "paused":
                words = ["Paused"]
            elif update is None:
                words = ["Waiting" if trained.status == "queued" else "Starting"]
            else:
                words = []
            if self._stage is not None:
                fraction, name = self._stage
                words = [*(words if trained.status == "paused" else []), name]
                if trained.status != "paused" and self._seconds_left is not None:
                    words.append(f"{duration(self._seconds_left)} left")
                self.bar.setRange(0, 1000)
                self.bar.setValue(round(1000 * fraction) if fraction == fraction else 0)
            elif update is not None:
                words += [update.epoch.phase] if update.epoch.phase else []
                words.append(f"epoch {update.epoch.number:,} of {update.total_epochs:,}")
                if trained.status != "paused" and self._seconds_left is not None:
                    words.append(f"{duration(self._seconds_left)} left")
                self.bar.setRange(0, 1000)
                self.bar.setValue(round(1000 * update.epoch.number / max(1, update.total_epochs)))
            else:
                self.bar.setRange(0, 0)
            text = " · ".join(words)
            self.progress_text.setText(text[:1].upper() + text[1:])
        self.progress_text.setVisible(bool(self.progress_text.text()))

    def _tell_losses(self) -> None:
        run = self._run
        text = ""
        if self._epochs:
            last = self._epochs[-1]
            parts = [("train", last.train.get("loss")), ("validation", last.validation.get("loss"))]
            text = "Loss: " + ", ".join(f"{name} {number(value)}" for name, value in parts if value is not None)
            others = {name: value for name, value in (last.validation or last.train).items() if name != "loss"}
            if len(others) > 1:  # of one term alone the loss is that term
                part = "validation" if last.validation else "train"
                text += f"\nOf {part}: " + ", ".join(
                    f"{measure_name(name)} {number(value)}" for name, value in others.items()
                )
        self.losses.setText(text)
        self.losses.setVisible(bool(text))
        level, told, notes = outcome(run)
        self.banner.tell(level, told)
        self.notes.tell("info", "\n".join(notes))
        self.collapse.show_of(run, self._epochs, busy=self._trained is not None)

    def _draw_curves(self) -> None:
        epochs = self._epochs
        self._chart.setVisible(bool(epochs) or (self._run is not None and self._run.active))
        terms = tuple(dict.fromkeys(name for epoch in epochs[-1:] for name in epoch.train if name != "loss"))
        if terms != self._terms or not self._legend_ready:
            self._build_legend(terms)
        numbers = np.array([epoch.number for epoch in epochs], dtype=float)
        curves = {}
        for part in _PARTS:
            if not self.legend.is_on(part):
                continue
            for name in ("loss", *(term for term in terms if self.legend.is_on(_key(term)))):
                values = np.array([getattr(epoch, part).get(name, np.nan) for epoch in epochs])
                if np.isfinite(values).any():
                    curves[f"{name}, {part}"] = LossCurve(numbers, values, self._style(name, part))
        has_validation = any(epoch.validation for epoch in epochs)
        self.legend.set_present("validation", has_validation)
        update = self._update
        live = update is not None and self._run is not None and update.run == self._run.id
        span = update.total_epochs if live and update is not None else (int(numbers[-1]) if epochs else 2)
        self.plot.set_curves(curves, span=span, best=self._best(), phases=phase_starts(epochs))

    def _best(self) -> int:
        """Return the epoch whose weights are kept, as far as is known while it trains."""
        if self._run is not None and self._run.history.best_epoch:
            return self._run.history.best_epoch
        phase = [epoch for epoch in self._epochs if epoch.phase == self._epochs[-1].phase]
        scored = [(epoch.validation or epoch.train).get("loss", np.nan) for epoch in phase]
        return phase[int(np.nanargmin(scored))].number if np.isfinite(scored).any() else 0

    # The legend

    @property
    def _legend_ready(self) -> bool:
        return "train" in self.legend.keys

    def _build_legend(self, terms: tuple[str, ...]) -> None:
        on = {key: self.legend.is_on(key) for key in self.legend.keys}
        self._terms = terms
        self.legend.clear()
        for part in _PARTS:
            self.legend.set_entry(part, self._style("loss", part), title=part, on=on.get(part, True))
        for term in terms:
            title = measure_name(term)
            self.legend.set_entry(_key(term), self._style(term, "train"), title=title, on=on.get(_key(term), False))
            self.legend.chip(_key(term)).setToolTip(f"Show or hide the term “{title}”; dashed on validation samples")
        self.legend.set_entry(_LOG, None, title=_LOG, on=on.get(_LOG, False))
        self.legend.chip(_LOG).setToolTip("Draw the losses on a logarithmic scale")

    def _restyle(self) -> None:
        """Take the theme's colours: those of the terms are its classes'."""
        if self._legend_ready:
            self._build_legend(self._terms)
            self._redraw.flush()

    def _style(self, name: str, part: str) -> CurveStyle:
        if name == "loss":
            return CurveStyle(part, part, width=1.5, front=2 if part == "validation" else 1)
        color = theme().palette.class_color(2 + self._terms.index(name))
        return CurveStyle(name, color, width=1.0, dashed=part == "validation")

    def _on_toggled(self, key: str, on: bool) -> None:
        if key == _LOG:
            self.plot.set_log(on)
        else:
            self._redraw.flush()

    # What can be pressed

    def _pause_or_resume(self) -> None:
        trained = self._trained
        if trained is not None and trained.status == "paused":
            self.controller.trainer.resume()
        else:
            self.controller.trainer.pause()

    def _export(self) -> None:
        from explorer.gui.dialogs.export import ExportDialog

        dialog = ExportDialog(self.controller, self.window(), "training")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)  # until it has ended: it may take a batch or two
        self.controller.trainer.cancel()


def _key(term: str) -> str:
    return f"term {term}"
