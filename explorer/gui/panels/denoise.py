"""One sample clean, noisy and denoised over each other, the residual below, and an honest verdict."""

from __future__ import annotations

import contextlib

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.panels.absent import why_no_data, why_no_denoising
from explorer.gui.panels.corruption import CorruptionChoice
from explorer.gui.panels.verdict import Scores, run_verdict, sample_verdict
from explorer.gui.plots.residual import ResidualView
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.theme import GRID
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.flow import Row
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.sample_chooser import SampleChooser
from explorer.gui.widgets.stages import Stages
from explorer.workspace.messages import Denoised

READ_OUT_MS = 120


class DenoisePanel(QWidget):
    """Spoils a sample and shows what the active model makes of it, at every move of the slider.

    Parameters
    ----------
    controller : Controller
    """

    train_requested = Signal()
    """The person wants to train a model."""
    bench_requested = Signal()
    """The person wants to compare the model with classical filters."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self._workspace = controller.workspace
        self._denoised: Denoised | None = None
        self._failure = ""
        self._asked: tuple[object, ...] = ()
        self._quiet = False
        self._seen_run: tuple[int, str, bool] | None = None
        self._read_out = Calm(self, READ_OUT_MS, self._tell)
        self._make_widgets()
        self._lay_out()
        controller.denoiser.denoised.connect(self._on_denoised)
        controller.denoiser.failed.connect(self._on_failed)
        self._workspace.data_changed.connect(self._on_data_changed)
        self._workspace.active_run_changed.connect(self._on_active_run)
        self._workspace.run_changed.connect(self._on_run_changed)
        self._workspace.codes_changed.connect(self.refresh)
        self._on_data_changed()

    # Its parts

    def _make_widgets(self) -> None:
        self.choice = CorruptionChoice(self)
        self.choice.changed.connect(self._ask)
        self.view = SampleView("denoise-view", self)
        self.view.setAccessibleName("The sample clean, noisy and denoised")
        self.residual = ResidualView("residual-view", self)
        self.chooser = SampleChooser(self._workspace, "denoise", "Number of the sample to denoise", self)
        self.chooser.chosen.connect(self._ask)
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("verdict")
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.run_verdict = Words("", "small", "muted")
        self.run_verdict.setObjectName("run-verdict")
        self.run_verdict.setToolTip("SNR gain over all samples of the test part, which the model has never seen")
        self.scores = Scores(self)
        self.figure = QPushButton("Export…", self)
        self.figure.setObjectName("export-denoise")
        self.figure.setAccessibleName("Export the denoising as a figure")
        self.figure.setToolTip("Write this plot as SVG, PDF, PNG, or its numbers")
        self.figure.clicked.connect(self._export)
        self.bench = QPushButton("Bench…", self)
        self.bench.setObjectName("open-bench")
        self.bench.setAccessibleName("Open the denoising bench")
        self.bench.setToolTip("Compare the model with tuned classical filters, on this sample and on the test part")
        self.bench.clicked.connect(self.bench_requested)

    def _lay_out(self) -> None:
        body = QWidget(self)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.choice)
        layout.addWidget(Row(self.chooser, self.figure))
        layout.addWidget(self.view, 5)
        layout.addWidget(self.residual, 3)
        layout.addWidget(self.verdict)
        layout.addWidget(Row(self.run_verdict, self.bench))
        layout.addWidget(self.scores)
        self.stages = Stages(body, self)
        make = QPushButton("Open noisy sine waves")
        make.setObjectName("denoise-open")
        make.setToolTip("Make the built-in set of noisy sine waves and look at it")
        make.clicked.connect(lambda: self.controller.librarian.open_builtin("sines"))
        train = QPushButton("Train a model")
        train.setObjectName("denoise-train")
        train.setToolTip("Train the model of the form on the open data")
        train.clicked.connect(self.train_requested)
        for button in (make, train):
            button.setAccessibleName(button.text())
        self.stages.add_empty("data", EmptyState("No data yet", "", make))
        self.stages.add_empty(
            "model", EmptyState("No model yet", "Train one; here you then see what it makes of noisy samples.", train)
        )
        self.stages.add_empty("training", EmptyState("Training", "The first epoch is under way."))
        self.stages.add_empty("encoder", EmptyState("This model does not denoise", ""))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stages)

    # What is open

    def _on_data_changed(self) -> None:
        data = self._workspace.data
        self._denoised, self._failure, self._asked = None, "", ()
        self.view.set_dataset(data)
        self.residual.set_dataset(data)
        self.residual.follow(self.view)
        if data is not None and not data.vocabulary:
            self._quiet = True
            self.choice.set_dataset(data)
            self._quiet = False
        self.refresh()

    def _on_active_run(self) -> None:
        """Start a run that learnt from spoilt inputs with just that corruption, where nothing cleaner is known."""
        run, data = self._workspace.run, self._workspace.data
        if run is not None and run.corruption and data is not None and data.targets is None:
            self._quiet = True
            with contextlib.suppress(InputError):  # of an installation with more corruptions than this one
                self.choice.choose(run.corruption)
            self._quiet = False
        self.refresh()

    def _on_run_changed(self, run: int) -> None:
        active = self._workspace.run
        if active is None or active.id != run:
            return
        state = (run, active.status, active.version > 0)
        if state != self._seen_run:  # the epochs in between bring codes, with which the controller denoises anew
            self._seen_run = state
            self.refresh()

    def refresh(self) -> None:
        """Show the denoised sample, or what is missing for it."""
        run, data = self._workspace.run, self._workspace.data
        model = None if self._denoised is None else self._denoised.model
        if model is not None and (run is None or model.run != run.id):
            self._denoised, self._failure = None, ""
            self._show()
        if data is None:
            self.stages.go("data", why_no_data(self._workspace))
        elif run is None:
            self.stages.go("model")
        elif why := why_no_denoising(run, data):
            self.stages.go("encoder", why)
        elif self._workspace.codes is None:
            if run.active:
                self.stages.go("training")
            else:
                self.stages.go("model", "This run ended before it had learnt anything. Train again.")
        else:
            self.stages.go("body")
            told = run_verdict(run.metrics)
            self.run_verdict.setVisible(told is not None)
            if told is not None:
                self.run_verdict.set_color(told[0])
                self.run_verdict.setText(told[1])
            self._ask()

    # Which sample, and how spoilt

    def _ask(self) -> None:
        """Have the sample denoised, if that was not asked already."""
        data, run = self._workspace.data, self._workspace.run
        if self._quiet or data is None or run is None or self.stages.stage != "body":
            return
        index = self.chooser.index
        try:
            corruption = self.choice.text()
        except InputError:
            return  # the form tells, beside the field
        asked = (run.id, index, corruption, self.choice.seed)
        if asked != self._asked:
            self._asked = asked
            self.controller.denoiser.denoise(index, corruption, self.choice.seed)

    # What comes of it

    def _on_denoised(self, denoised: Denoised) -> None:
        data = self._workspace.data
        if data is None or denoised.index != self.chooser.index or denoised.noisy.shape != data.sample_shape:
            return
        self._denoised, self._failure = denoised, ""
        self._show()

    def _on_failed(self, reason: Exception) -> None:
        """Say why there is no result: an old one beside a new corruption would be a lie."""
        self._denoised, self._failure = None, str(reason)
        self._show()

    def _show(self) -> None:
        result = self._denoised
        if result is None:
            self.view.show_samples({})
            self.residual.show_samples({})
        else:
            samples = {"noisy": result.noisy, "clean": result.clean, "denoised": result.denoised}
            own = self.view.times_of(result.index)
            self.view.show_samples(samples, own)
            if result.clean is None:
                self.residual.show_samples({"removed": result.noisy - result.denoised}, own)
            else:
                self.residual.show_samples(
                    {"before": result.noisy - result.clean, "residual": result.denoised - result.clean}, own
                )
        self._read_out.poke()

    def _tell(self) -> None:
        result = self._denoised
        self.verdict.setVisible(result is not None or bool(self._failure))
        self.scores.setVisible(result is not None)
        if result is None:
            self.verdict.set_color("warn")
            self.verdict.setText(self._failure)
            return
        self.scores.show_scores(result.metrics, result.baselines)
        if not result.metrics:
            color, text = "muted", "No clean target known: how much better it is cannot be told"
        else:
            color, text = sample_verdict(result.metrics.get("snr_gain_db", np.nan), result.baselines)
        self.verdict.set_color(color)
        self.verdict.setText(text)

    def _export(self) -> None:
        from explorer.gui.dialogs.export import ExportDialog

        dialog = ExportDialog(self.controller, self.window(), "denoise")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
