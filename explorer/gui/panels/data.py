"""The open data: what they are, a table of the samples, and a plot of those selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.data.dataset import PARTS, TOKENS, Dataset
from explorer.data.generated import SETS
from explorer.data.notation import bar_of, meter_of
from explorer.gui.controller import Controller
from explorer.gui.dialogs.open_data import BuiltinDialog, choose_data_file
from explorer.gui.panels.sample_table import SampleTable
from explorer.gui.panels.samples_model import SamplesModel
from explorer.gui.theme import GRID
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Elided, Words
from explorer.gui.widgets.wording import counted

if TYPE_CHECKING:
    from explorer.gui.panels.selection_plot import SelectionPlot

_FIRST_SET = "sines"
# Qt takes seconds to select more ranges of rows than this; the rows are then tinted by the model.
_MOST_RANGES = 1000


class DataPanel(QWidget):
    """Shows the open data set; its table's selection is the workspace's.

    Parameters
    ----------
    controller : Controller
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._workspace = controller, controller.workspace
        self._following = False
        self._plot: SelectionPlot | None = None
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._draw_selected)
        self._model = SamplesModel()
        self._make_widgets()
        self._lay_out()
        self._model.arranged.connect(self._follow_selection)
        self._model.arranging.connect(self._tell_arranging)
        workspace = self._workspace
        workspace.data_changed.connect(self._data_changed)
        workspace.columns_changed.connect(self._data_changed)
        workspace.selection_changed.connect(self._follow_selection)
        self._data_changed()

    # Its parts

    def _make_widgets(self) -> None:
        self.title = Elided("", "title")
        self.title.setObjectName("data_title")
        self.sets = QComboBox()
        self.sets.setObjectName("data_sets")
        self.sets.setAccessibleName("Data sets of the project")
        self.sets.setToolTip("The data sets of this project: choose the one to work on")
        self.sets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sets.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.sets.activated.connect(self._choose_set)
        self.open_button = QToolButton()
        self.open_button.setObjectName("open_data")
        self.open_button.setText("Open…")
        self.open_button.setAccessibleName("Open a data file")
        self.open_button.setToolTip("Open a data file; the arrow lists the built-in sets")
        self.open_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.open_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.open_button.setMenu(self._menu())
        self.open_button.clicked.connect(self._open)
        self.facts = Words("", "small", "muted")
        self.facts.setObjectName("data_facts")
        self.filter = QLineEdit()
        self.filter.setObjectName("sample_filter")
        self.filter.setAccessibleName("Filter the samples")
        self.filter.setPlaceholderText("Filter samples")
        self.filter.setToolTip(
            "<p>Show only samples of which a column contains this, or that fulfil a comparison: "
            "<b>score &gt; 0.5 and part = test</b></p>"
        )
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._model.set_filter)
        self.table = self._make_table()
        self.count = Elided("", "small", "muted")
        self.count.setObjectName("sample_count")
        self.give_up = QToolButton()
        self.give_up.setObjectName("sample_sort_cancel")
        self.give_up.setText("Cancel")
        self.give_up.setAutoRaise(True)
        self.give_up.setAccessibleName("Cancel the sorting and filtering")
        self.give_up.setToolTip("Leave the rows as they are")
        self.give_up.clicked.connect(self._model.give_up)
        self.give_up.hide()

    def _make_table(self) -> SampleTable:
        table = SampleTable(self._model, "samples", "Samples")
        table.horizontalHeader().sortIndicatorChanged.connect(self._model.sort)
        table.selectionModel().selectionChanged.connect(self._table_selected)
        table.doubleClicked.connect(self._place_handle)
        table.activated.connect(self._place_handle)
        return table

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        head.addWidget(self.sets, 1)
        head.addWidget(self.open_button)
        samples = QWidget()
        column = QVBoxLayout(samples)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.filter)
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.give_up)
        column.addLayout(foot)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("data_splitter")
        self.splitter.setChildrenCollapsible(True)
        self.splitter.addWidget(samples)
        self.splitter.setStretchFactor(0, 3)
        full = QWidget()
        inside = QVBoxLayout(full)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GRID // 2)
        inside.addWidget(self.facts)
        inside.addSpacing(GRID // 2)
        inside.addWidget(self.splitter, 1)
        self._empty = EmptyState(
            "No data yet",
            "Open a file of your own, drop one on the window, or try a built-in set.",
            *self._first_steps(),
        )
        self._layers = QStackedLayout()
        self._layers.addWidget(self._empty)
        self._layers.addWidget(full)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        layout.setSpacing(GRID // 2)
        layout.addLayout(head)
        layout.addLayout(self._layers, 1)

    def _first_steps(self) -> tuple[QPushButton, QPushButton]:
        own = QPushButton("Open a file…")
        own.setObjectName("empty_open")
        own.setAccessibleName("Open a data file")
        own.setToolTip("CSV, TSV, NPY, NPZ, ts and others")
        own.clicked.connect(self._open)
        built_in = QPushButton("Try noisy sine waves")
        built_in.setObjectName("empty_builtin")
        built_in.setAccessibleName("Try the built-in noisy sine waves")
        built_in.setToolTip("The case study: sine waves in noise, with the clean waves to compare with")
        built_in.clicked.connect(lambda: self._controller.librarian.open_builtin(_FIRST_SET))
        return own, built_in

    def _menu(self) -> QMenu:
        """Return the menu of the Open button; it is filled when shown, since finding the sets takes time."""
        menu = QMenu(self)
        menu.setObjectName("open_data_menu")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        return menu

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        menu.addAction("Open a file…", self._open)
        menu.addSection("Built-in sets")
        loaded, failed = SETS.load_all()
        for name, cls in loaded.items():
            action = menu.addAction(cls.title or name, lambda name=name: self._controller.librarian.open_builtin(name))
            action.setToolTip((cls.__doc__ or "").strip().splitlines()[0])
        for name, reason in failed.items():
            action = menu.addAction(f"{name} (cannot be loaded)")
            action.setEnabled(False)
            action.setToolTip(reason)
        menu.addAction("Built-in set with settings…", self._open_builtin)
        if self._workspace.data_id is not None:
            menu.addSeparator()
            action = menu.addAction("Remove this data set", self._remove)
            action.setToolTip("Take the data and their runs out of the project; Undo brings them back")

    # Commands

    def _open(self) -> None:
        choose_data_file(self._controller, self)

    def _open_builtin(self) -> None:
        dialog = BuiltinDialog(self._controller, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _remove(self) -> None:
        if self._workspace.data_id is not None:
            self._workspace.remove_data(self._workspace.data_id)

    def _choose_set(self, position: int) -> None:
        self._workspace.activate_data(self.sets.itemData(position))

    def _place_handle(self, index: QModelIndex) -> None:
        self._controller.hand.place_on(self._model.sample(index.row()))

    # The data

    def _data_changed(self) -> None:
        workspace = self._workspace
        data, entries = workspace.data, workspace.data_entries
        self.sets.clear()
        for entry in entries:
            self.sets.addItem(entry.name, entry.id)
        self.sets.setCurrentIndex(self.sets.findData(workspace.data_id))
        self.sets.setToolTip(f"{self.sets.currentText()}\nThe data sets of this project: choose the one to work on")
        several = len(entries) > 1 or (data is None and bool(entries))
        self.sets.setVisible(several)
        self.title.setVisible(not several)
        self.title.setText(data.name if data else "")
        self.open_button.setVisible(data is not None or several)
        self._layers.setCurrentIndex(0 if data is None else 1)
        if data is self._model.dataset:
            return
        self.facts.setText(describe(data) if data else "")
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.blockSignals(False)
        self.table.show_sorted(-1, Qt.SortOrder.AscendingOrder)
        self._model.set_dataset(data)
        self.table.fit_columns()
        if self._plot is not None:
            self._plot.set_dataset(data)
        self._follow_selection()

    def _tell_arranging(self, fraction: float) -> None:
        """Say how far the sorting and filtering of many samples is."""
        done = fraction != fraction
        self.give_up.setVisible(not done)
        if done:
            self._tell_count()
        else:
            self.count.setText(f"sorting and filtering … {fraction:.0%}")

    # The selection, both ways

    def _table_selected(self) -> None:
        if self._following:
            return
        samples = self._model.samples_at(self.table.selectionModel().selection())
        if self._model.tinted and QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            samples = np.union1d(samples, self._workspace.selection)
        if not np.array_equal(samples, self._workspace.selection):
            self._workspace.select(samples)

    def _follow_selection(self) -> None:
        selected = self._workspace.selection
        model, chosen = self._model, self.table.selectionModel()
        if model.dataset is not None:
            shown = model.shown(selected)
            if not np.array_equal(shown, model.samples_at(chosen.selection())):
                tops, bottoms = model.ranges_of(shown)
                many = len(tops) > _MOST_RANGES
                self._following = True
                if many:
                    chosen.clearSelection()
                else:
                    chosen.select(model.selection_of(tops, bottoms), QItemSelectionModel.SelectionFlag.ClearAndSelect)
                self._following = False
                model.tint(selected if many else None)
                if len(tops):
                    self.table.reveal(int(tops[0]))
            else:
                model.tint(None)
        if not model.busy:
            self._tell_count()
        self._redraw.start()

    def _tell_count(self) -> None:
        total = 0 if self._model.dataset is None else len(self._model.dataset)
        shown, selected = self._model.rowCount(), len(self._workspace.selection)
        parts = [f"showing {shown:,} of {total:,}" if shown < total else f"{total:,} samples"]
        if selected:
            parts.append(f"{selected:,} selected")
        self.count.setText(" · ".join(parts))

    # The plot

    def showEvent(self, event: QShowEvent) -> None:
        """Make the plot once the panel has been seen: its library takes a while to load."""
        super().showEvent(event)
        if self._plot is None:
            QTimer.singleShot(0, self, self._make_plot)

    def _make_plot(self) -> None:
        if self._plot is None:
            from explorer.gui.panels.selection_plot import SelectionPlot

            self._plot = SelectionPlot()
            self.splitter.addWidget(self._plot)
            self.splitter.setStretchFactor(1, 2)
            self._plot.set_dataset(self._workspace.data)
            self._draw_selected()

    def _draw_selected(self) -> None:
        if self._plot is None:
            return
        selected = self._workspace.selection
        self._plot.setVisible(len(selected) > 0)
        if len(selected):
            self._plot.show_samples(selected, self._workspace.sets)


def describe(data: Dataset) -> str:
    """Return what a data set holds, in two lines."""
    shape = data.sample_shape
    count = f"{len(data):,}"
    channels = f" × {shape[-1]} channels" if shape[-1] > 1 else ""
    if data.layout == "series":
        rate = f", {data.sampling_rate:g} Hz" if data.sampling_rate else ""
        what = f"{count} series × {shape[0]:,} steps{channels}{rate}"
        if data.windows is not None:
            what = f"{count} windows × {shape[0]:,}{channels or ' steps'}{rate}"
    elif data.layout == "notes":
        bars = shape[0] // bar_of(data)
        what = f"{count} melodies × {bars} bar{'s' if bars > 1 else ''} of {meter_of(data)}"
    elif data.layout in TOKENS:
        what = f"{count} sentences × {shape[0]:,} tokens at most"
        what += f" · {len(data.vocabulary):,} different"
    elif data.layout == "image":
        what = f"{count} images × {shape[0]} × {shape[1]} pixels{channels}"
    else:
        what = f"{count} {'points' if data.layout == 'points' else 'profiles'} × {counted(shape[0], 'feature')}"
    if data.labels is not None:
        what += f" · {counted(len(data.class_names), 'class', 'classes')}"
    if data.missing_share > 0:
        what += f" · {data.missing_share:.1%} missing"
    counts = np.bincount(data.split, minlength=len(PARTS)).tolist()
    parts = [f"{count:,} {part}" for part, count in zip(PARTS, counts, strict=False)]
    if between := sum(counts[len(PARTS) :]):
        parts.append(f"{between:,} gap")
    return f"{what}\n{' · '.join(parts)}"
