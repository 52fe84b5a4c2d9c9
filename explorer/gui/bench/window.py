"""The window of the denoising bench: who is compared at the left, what comes of it at the right.

A window of its own, not a dock: at 1280 × 800 a dock leaves a comparison of seven curves half the width, and takes it
from the map. As a window it has all of it, stands on a second screen, and the map goes on answering the hand; the
sample is the one that is selected there.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.bench import NOISY as NOISY_ROW
from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.gui.bench.buttons import button
from explorer.gui.bench.contents import bench_content, row_colors
from explorer.gui.bench.contest import Asked, Contest
from explorer.gui.bench.details import Details
from explorer.gui.bench.extremes import Extremes
from explorer.gui.bench.foot import RUN_TIP, Foot
from explorer.gui.bench.levels import noise_levels
from explorer.gui.bench.lineup import Lineup
from explorer.gui.bench.lineup_list import LineupList
from explorer.gui.bench.reporter import Reporter
from explorer.gui.bench.trial import CLEAN, NOISY, Trial, plain_styles
from explorer.gui.bench.trials import Trials
from explorer.gui.bench.views.levels import LevelsPage
from explorer.gui.bench.views.residuals import ResidualsPage
from explorer.gui.bench.views.sample import SamplePage
from explorer.gui.bench.views.spectrogram import SpectrogramPage
from explorer.gui.bench.views.spectrum import SpectrumPage
from explorer.gui.bench.views.table import TablePage
from explorer.gui.bench.views.view import SampleViewPage
from explorer.gui.controller import Controller
from explorer.gui.panels.absent import why_no_data
from explorer.gui.panels.corruption import CorruptionChoice
from explorer.gui.plots.legend import Chip, Legend
from explorer.gui.plots.ranges import channel_ranges
from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.traces import TimeLink
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.banner import Banner
from explorer.gui.widgets.calm import Calm
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.sample_chooser import SampleChooser
from explorer.gui.widgets.stages import Stages

READ_OUT_MS = 120


class BenchWindow(QDialog):
    """Networks and classical filters side by side, on one sample and over the whole test part."""

    train_requested = Signal()
    """The person wants to train the model of the form."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bench_window")
        self.setAccessibleName("Denoising bench")
        self.setWindowTitle("Denoising bench")
        self.setWindowFlags(Qt.WindowType.Window)
        self.controller, self._workspace = controller, controller.workspace
        self.lineup = Lineup(controller, self)
        self.trials = Trials(controller, self.lineup, self)
        self.contest = Contest(controller, self.lineup, self)
        self._ranges = np.array([[0.0, 1.0]])
        self._data: Dataset | None = None
        self._quiet = False
        self._hidden: set[str] = set()
        self._legend_of: list[tuple[str, CurveStyle]] = []
        self._read_out = Calm(self, READ_OUT_MS, self._tell_gains)
        self._make_left()
        self._make_views()
        self.foot = Foot(self.contest, self.lineup, self._now, lambda name: self.table_page.look(name).title, self)
        self.banner = Banner("bench_banner", self)
        self.reporter = Reporter(controller, self.contest, lambda: row_colors(self), self.banner, self)
        self._lay_out()
        self._connect()
        self._restyle()
        self._data_changed()
        kept = QSettings().value("bench/size")
        self.resize(kept if isinstance(kept, QSize) else QSize(1180, 740))

    # What it is made of

    def _make_left(self) -> None:
        self.choice = CorruptionChoice(self)
        self.list = LineupList(self.lineup, self)
        self.details = Details(self.lineup, self)
        self.all = button("All", "all", "Compare all denoisers", "Compare all that can denoise these data")
        self.none = button("None", "none", "Compare no denoiser", "Compare nothing")
        self.stack = button("New stack", "new_stack", "New stack", "Add denoisers that work one after another")
        self.all.clicked.connect(lambda: self.lineup.choose_all(True))
        self.none.clicked.connect(lambda: self.lineup.choose_all(False))
        self.stack.clicked.connect(self._add_stack)

    def _make_views(self) -> None:
        self.sample_page = SamplePage(self)
        self.residuals_page, self.spectrum_page = ResidualsPage(self), SpectrumPage(self)
        self.spectrogram_page = SpectrogramPage(self)
        self.levels_page, self.table_page = LevelsPage(self.lineup, self), TablePage(self.lineup, self)
        self.sample_pages: list[SampleViewPage] = [
            self.sample_page, self.residuals_page, self.spectrum_page, self.spectrogram_page,
        ]  # fmt: skip
        self._link = TimeLink(self)
        for page in self.sample_pages:
            for plot in page.timed:
                self._link.add(plot)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("bench_views")
        self.tabs.setAccessibleName("Views of the bench")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.pages = QStackedWidget(self)
        for page in (*self.sample_pages, self.levels_page, self.table_page):
            self.tabs.setTabToolTip(self.tabs.addTab(page.title), page.tip)
        for page in self.sample_pages:
            self.pages.addWidget(page)
        self._results = [self._result_stages(page) for page in (self.levels_page, self.table_page)]
        self.tabs.currentChanged.connect(self._turn)
        self.chooser = SampleChooser(self._workspace, "bench", "Number of the sample that is shown", self)
        self.extremes = Extremes(self.contest, self.lineup, lambda: self.list.current, self)
        self.channel = QComboBox(self)
        self.channel.setObjectName("bench_channel")
        self.channel.setAccessibleName("Channel")
        self.channel.setToolTip("The channel that is drawn")
        self.channel.activated.connect(lambda _: self._prepare())
        self.stacked = Chip("stacked", None, self)
        self.stacked.setObjectName("bench_stacked")
        self.stacked.setAccessibleName("Draw the curves below each other")
        self.stacked.setToolTip("Draw each curve in a lane of its own, with the clean one behind it")
        self.stacked.toggled.connect(self.sample_page.set_stacked)
        self.legend = Legend(self)
        self.legend.setObjectName("bench_legend")
        self.legend.toggled.connect(self._toggle)

    def _result_stages(self, page: LevelsPage | TablePage) -> Stages:
        stages = Stages(page, self)
        start = button("Run bench", f"start_{page.name}", "Run the bench", RUN_TIP)
        start.clicked.connect(self.start)
        ready = "Every denoiser is tuned by as many tries on the validation part, then judged on the test part."
        stages.add_empty("ready", EmptyState("Who wins?", ready, start))
        stages.add_empty("working", EmptyState("Measuring", "You can go on meanwhile."))
        stages.add_empty("levels", EmptyState("One noise level only", ""))
        self.pages.addWidget(stages)
        return stages

    def _lay_out(self) -> None:
        left = QWidget()
        left.setObjectName("bench_left")
        column = QVBoxLayout(left)
        column.setContentsMargins(GRID * 3 // 2, GRID, GRID, GRID)
        column.setSpacing(GRID // 2)
        column.addWidget(Words("Noise", "small", "muted", wrap=False))
        column.addWidget(self.choice)
        column.addSpacing(GRID // 2)
        line = QHBoxLayout()
        line.setSpacing(GRID // 2)
        line.addWidget(Words("Denoisers", "small", "muted", wrap=False), 1)
        for each in (self.all, self.none, self.stack):
            line.addWidget(each)
        column.addLayout(line)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("bench_left_split")
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        column.addWidget(split, 1)
        self._left = left

        right = QWidget()
        body = QVBoxLayout(right)
        body.setContentsMargins(GRID, GRID // 2, GRID * 3 // 2, GRID)
        body.setSpacing(GRID // 2)
        body.addWidget(self.tabs)
        bar = QHBoxLayout()
        bar.setSpacing(GRID // 2)
        bar.addWidget(self.chooser, 1)
        for widget in (self.extremes, self.channel, self.stacked):
            bar.addWidget(widget)
        self._bar = QWidget()
        self._bar.setLayout(bar)
        bar.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self._bar)
        body.addWidget(self.legend)
        body.addWidget(self.banner)
        body.addWidget(self.pages, 1)
        body.addWidget(self.foot)

        both = QSplitter(Qt.Orientation.Horizontal)
        both.setObjectName("bench_split")
        both.setChildrenCollapsible(False)
        both.setHandleWidth(3)
        both.addWidget(left)
        both.addWidget(right)
        both.setStretchFactor(1, 1)
        letter = self.fontMetrics().averageCharWidth()
        both.setSizes([max(376, 44 * letter), 804])
        self.stages = Stages(both, self)
        make = button("Open noisy sine waves", "open", "Open noisy sine waves", "Make the built-in set of noisy sines")
        make.clicked.connect(lambda: self.controller.librarian.open_builtin("sines"))
        self.stages.add_empty("data", EmptyState("No data yet", "", make))
        self.stages.add_empty(
            "layout",
            EmptyState(
                "The bench is for series",
                "Filters work along time, and these samples have none. See the Denoise panel for what a model makes of"
                " them.",
            ),
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stages)

    def _connect(self) -> None:
        self.choice.changed.connect(self._ask)
        self.chooser.chosen.connect(self._ask)
        self.list.current_changed.connect(self._current_changed)
        self.lineup.changed.connect(self._lineup_changed)
        self.trials.changed.connect(self._show_trial)
        self.trials.failed.connect(lambda reason: self.banner.tell("bad", reason))
        self.contest.changed.connect(self._show_contest)
        self.foot.run_asked.connect(self.start)
        self.foot.export_asked.connect(self._export)
        self.foot.report_asked.connect(lambda: self.reporter.ask(self))
        self.extremes.chosen.connect(self.chooser.number.setValue)
        workspace = self._workspace
        for event in (workspace.data_changed, workspace.project_changed):
            event.connect(self._data_changed)
        workspace.codes_changed.connect(self._ask)
        theme().changed.connect(self._restyle)
        for key, slot in (
            (QKeySequence(QKeySequence.StandardKey.Undo), self.lineup.undo),
            (QKeySequence(QKeySequence.StandardKey.Redo), self.lineup.redo),
            (QKeySequence("Ctrl+R"), self.start),
            (QKeySequence("Ctrl+E"), self._export),
        ):
            QShortcut(key, self, slot)

    # What is open

    def _data_changed(self) -> None:
        data = self._workspace.data
        self.setWindowTitle("Denoising bench" if data is None else f"Denoising bench · {data.name}")
        if data is None:
            self._data = None
            self.stages.go("data", why_no_data(self._workspace))
            return
        if data.layout != "series":
            self._data = None
            self.stages.go("layout")
            return
        self.stages.go("body")
        if data is self._data:
            return
        self._data = data
        self.trials.forget()
        self._ranges = channel_ranges(data)
        self._quiet = True
        self.choice.set_dataset(data)
        self.channel.clear()
        for place, name in enumerate(data.channel_names):
            self.channel.addItem(name, place)
        self.channel.setVisible(len(data.channel_names) > 1)
        self._quiet = False
        self._prepare()
        self._show_contest()

    def _prepare(self) -> None:
        """Lay out the axes for the channel that is chosen."""
        if self._data is None:
            return
        for page in self.sample_pages:
            page.set_sample(self._data, self.channel_index, self._ranges)
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Offer the views for export, and catch up with what changed while nobody looked."""
        super().showEvent(event)
        self.controller.exporter.bench = self.content
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Offer nothing any more."""
        super().hideEvent(event)
        self.controller.exporter.bench = None

    @property
    def data(self) -> Dataset | None:
        """The data that are compared on; None where there are none that the bench can take."""
        return self._data

    @property
    def channel_index(self) -> int:
        """The channel that is drawn."""
        return max(0, self.channel.currentIndex())

    # One sample

    def corruption_shown(self) -> str | None:
        """Return the corruption that the sample on the screen is spoilt by, as text."""
        return self.trials.corruption

    def corruption(self) -> str | None:
        """Return the corruption that is chosen, as text; raise `InputError` where a setting does not fit."""
        return self.choice.text()

    def _ask(self, *_: object) -> None:
        if self._quiet or self._data is None or not self.isVisible():
            return
        try:
            corruption = self.corruption()
        except InputError:
            return  # the form tells, beside the field
        self.trials.ask(self.chooser.index, corruption, self.choice.seed)
        self.extremes.shown = self.chooser.index
        self.foot.tell()

    def styles(self) -> dict[str, CurveStyle]:
        """Return the curves that are compared, noisy and clean first, each with its style."""
        return plain_styles() | {each.id: self.lineup.style(each.id) for each in self.lineup.chosen}

    def shown_styles(self) -> dict[str, CurveStyle]:
        """Return those that are not hidden by the legend."""
        return {key: style for key, style in self.styles().items() if key not in self._hidden}

    @property
    def page(self) -> SampleViewPage | LevelsPage | TablePage:
        """The view that is in front."""
        pages = [*self.sample_pages, self.levels_page, self.table_page]
        return pages[max(0, self.tabs.currentIndex())]

    def _show_trial(self) -> None:
        trial = self.trials.trial
        page = self.page
        if trial is not None and self._fits(trial) and isinstance(page, SampleViewPage):
            page.show_trial(trial, self.shown_styles())
            self.banner.tell("info", "")
        self._set_legend(trial)
        self._read_out.poke()

    def _fits(self, trial: Trial) -> bool:
        """Whether a trial is of the data whose axes are laid out."""
        return self._data is not None and trial.noisy.shape == self._data.sample_shape

    def _set_legend(self, trial: Trial | None) -> None:
        """Give each curve a chip; they stay as they are while the same are compared."""
        wanted = [
            (key, style) for key, style in self.styles().items()
            if key not in (CLEAN, NOISY) or (trial is not None and trial.values(key) is not None)
        ]  # fmt: skip
        if wanted != self._legend_of:
            self._legend_of = wanted
            self.legend.clear()
            for key, style in wanted:
                self.legend.set_entry(key, style, on=key not in self._hidden)

    def _toggle(self, key: str, on: bool) -> None:
        (self._hidden.discard if on else self._hidden.add)(key)
        self.levels_page.set_visible(key, on)
        self._show_trial()

    def _tell_gains(self) -> None:
        self.list.set_gains({each.id: self.trials.gain(each.id) for each in self.lineup.chosen})
        refused = [f"{each.title}: {why}" for each in self.lineup.chosen if (why := self.trials.refused(each.id))]
        if refused:
            self.banner.tell("warn", "; ".join(refused))

    # Who is compared

    def _lineup_changed(self) -> None:
        self._hidden &= set(self.styles())
        self._set_legend(self.trials.trial)
        self._ask()
        self._show_contest()

    def _current_changed(self, id_: str) -> None:
        self.details.show_entrant(id_)
        self.extremes.refresh()

    def _add_stack(self) -> None:
        """Add a stack that begins with the current denoiser, and show it."""
        current = self.list.current
        entrant = self.lineup.entrant(current)
        parts = [current] if entrant is not None and entrant.kind != "stack" and not entrant.obstacle else []
        self.list.set_current(self.lineup.add_stack(parts))

    # The bench

    def start(self) -> None:
        """Measure all that are compared on the test part."""
        if self._data is None or self.contest.running or not self.lineup.chosen:
            return
        try:
            corruption = self.corruption()
            levels = noise_levels(self._data, corruption)
        except InputError as reason:
            self.banner.tell("bad", str(reason))
            return
        self.contest.start(corruption, self.choice.seed, levels)

    def _show_contest(self) -> None:
        contest = self.contest
        self.trials.busy = contest.running
        self.foot.refresh()
        self.extremes.refresh()
        ids = {} if contest.asked is None else {text: id_ for id_, text in contest.asked.entrants}
        for page, stages in zip((self.levels_page, self.table_page), self._results, strict=True):
            result = contest.result
            if result is None:
                stages.go("working" if contest.running else "ready")
                continue
            if page is self.levels_page and not any(row.levels for row in result.rows if row.name != NOISY_ROW):
                if not result.truth:
                    why = "Without a clean sample there is no error to draw."
                elif result.corruption is None:
                    why = "As recorded, samples have the one level that they have. Choose a noise, then run again."
                else:
                    why = "The bench ended before a denoiser was measured. Run it again."
                stages.go("levels", why)
                continue
            page.show_result(result, ids, self._data.unit if self._data is not None else "")
            stages.go("body")
        self._enable_export()

    def _now(self) -> Asked | None:
        """Return what a bench would be asked for; None where a setting does not fit."""
        try:
            return self.contest.would_ask(self.corruption(), self.choice.seed)
        except InputError:
            return None

    # Views

    def _turn(self, place: int) -> None:
        self.pages.setCurrentIndex(place)
        of_sample = place < len(self.sample_pages)
        self._bar.setVisible(of_sample)
        self.legend.setVisible(self.page is not self.table_page)
        self.stacked.setVisible(self.page is self.sample_page)
        self._show_trial()
        self._enable_export()

    # Export

    def _enable_export(self) -> None:
        figure = self.page.figure
        self.foot.export.setEnabled(figure is not None and self.content(figure) is not None)

    def content(self, kind: str) -> dict[str, object] | None:
        """Return what a figure of the bench shows as it is now; None where there is nothing yet."""
        return bench_content(self, kind)

    def _export(self) -> None:
        from explorer.gui.dialogs.export import ExportDialog

        if not self.foot.export.isEnabled():  # asked for by its key
            return
        dialog = ExportDialog(self.controller, self, self.page.figure)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Looks

    def _restyle(self) -> None:
        for widget in (self.channel, self.all, self.none, self.stack):
            widget.setFont(theme().font("small"))
        self.tabs.setFont(theme().font("body"))
        ground = self._left.palette()
        ground.setColor(QPalette.ColorRole.Window, theme().color("panel"))
        self._left.setPalette(ground)
        self._left.setAutoFillBackground(True)
        if self.trials.trial is not None:
            self._show_trial()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what only this window waits for, and remember its size."""
        self.contest.cancel()
        self.trials.forget()
        QSettings().setValue("bench/size", self.size())
        super().closeEvent(event)
