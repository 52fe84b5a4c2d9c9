"""All trainings of the project, one click from their map."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListView,
    QMenu,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.panels.run_card import RunCard
from explorer.gui.panels.run_maps import RunMaps
from explorer.gui.panels.runs_model import RunsModel
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.run import Run


class RunsPanel(QWidget):
    """The runs as cards; the chosen one is the active one of the workspace.

    Parameters
    ----------
    controller : Controller
    """

    train_requested = Signal()
    """The person wants to train the model of the form."""
    compare_requested = Signal(int, bool)
    """The person wants to see a run beside another; whether that should be a PCA of the same width."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._workspace = controller, controller.workspace
        self._following = False
        self.model = RunsModel(controller)
        self._maps = RunMaps(self._workspace, self)
        self._maps.ready.connect(self._map_ready)
        self._make_widgets()
        self._actions = self._make_actions()
        self._lay_out()
        self.model.modelReset.connect(self._follow)
        self._workspace.active_run_changed.connect(self._follow)
        theme().changed.connect(self._restyle)
        self._follow()

    # Its parts

    def _make_widgets(self) -> None:
        self.count = Words("", "small", "muted", wrap=False)
        self.count.setObjectName("run_count")
        self.more = QToolButton()
        self.more.setObjectName("run_menu")
        self.more.setText("⋯")
        self.more.setAutoRaise(True)
        self.more.setAccessibleName("What to do with the chosen run")
        self.more.setToolTip("Rename, delete, copy or export the chosen run")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.list = QListView()
        self.list.setObjectName("runs")
        self.list.setAccessibleName("Runs")
        self.list.setModel(self.model)
        self.list.setItemDelegate(RunCard(self.model, self._maps.get, self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.viewport().setAutoFillBackground(False)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.list.selectionModel().currentChanged.connect(self._chosen)

    def _make_actions(self) -> list[QAction]:
        def make(name: str, text: str, slot: Callable[[], None], tip: str, key: QKeySequence | None = None) -> QAction:
            action = QAction(text, self)
            action.setObjectName(f"run_{name}")
            action.setToolTip(tip)
            if key is not None:
                action.setShortcut(key)
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self.list.addAction(action)
            return action

        delete = QKeySequence(QKeySequence.StandardKey.Delete)
        return [
            make("rename", "Rename", self.rename, "Give the run another name", QKeySequence(Qt.Key.Key_F2)),
            make("delete", "Delete", self.delete, "Take the run out of the project; Undo brings it back", delete),
            make("compare", "Compare…", self.compare, "See the run beside another one, both maps linked"),
            make(
                "compare_pca", "Compare with PCA", self.compare_with_pca, "See the run beside a PCA of the same width"
            ),
            make("copy", "Copy settings", self.copy_settings, "Copy the recipe, parameters and metrics as JSON"),
            make("export", "Export codes…", self.export_codes, "Write the codes of all samples to a file"),
        ]

    def _lay_out(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("run_context_menu")
        menu.setToolTipsVisible(True)
        menu.addActions(self._actions)
        menu.aboutToShow.connect(self._refresh_actions)
        self.menu = menu
        self.more.setMenu(menu)
        head = QHBoxLayout()
        head.setContentsMargins(GRID * 3 // 2, 0, GRID // 2, 0)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.more)
        full = QWidget()
        inside = QVBoxLayout(full)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addLayout(head)
        inside.addWidget(self.list, 1)
        train = QPushButton("Train")
        train.setObjectName("empty_train")
        train.setAccessibleName("Train the model of the form")
        train.setToolTip("Train the model of the form on the open data")
        train.clicked.connect(self.train_requested)
        advice = "Choose a model and train it. Every training is kept here, with its settings and its map."
        self._layers = QStackedLayout(self)
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(EmptyState("No runs yet", advice, train))
        self._layers.addWidget(full)

    # The active run, both ways

    def _follow(self) -> None:
        """Show which run is active."""
        self._layers.setCurrentIndex(1 if self.model.rowCount() else 0)
        self.count.setText(counted(self.model.rowCount(), "run"))
        active = self._workspace.run
        row = self.model.row_of(active.id if active else None)
        self._following = True
        index = self.model.index(row) if row >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        if row >= 0:
            self.list.scrollTo(index)
        else:
            self.list.clearSelection()
        self._following = False
        self.more.setEnabled(row >= 0)

    def _chosen(self, index: QModelIndex) -> None:
        if self._following or not index.isValid():
            return
        try:
            self._workspace.activate_run(self.model.run(index.row()).id)
        except InputError as reason:
            self._controller.failed.emit(reason)

    @property
    def current(self) -> Run | None:
        """The run that is chosen in the list."""
        index = self.list.currentIndex()
        return self.model.run(index.row()) if index.isValid() else None

    # Commands

    def _show_menu(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid():
            self.menu.popup(self.list.viewport().mapToGlobal(at))

    def _refresh_actions(self) -> None:
        run = self.current
        rename, delete, compare, with_pca, copy, export = self._actions
        for action in (rename, copy):
            action.setEnabled(run is not None)
        delete.setEnabled(run is not None and not run.active)
        delete.setText("Delete (cancel the training first)" if run is not None and run.active else "Delete")
        for action in (export, compare):
            action.setEnabled(run is not None and run.version > 0)
        with_pca.setEnabled(run is not None and run.version > 0 and run.recipe != "pca")

    def rename(self) -> None:
        """Edit the chosen run's name in place."""
        if self.current is not None:
            self.list.edit(self.list.currentIndex())

    def delete(self) -> None:
        """Take the chosen run out of the project; it can be undone."""
        run = self.current
        if run is None:
            return
        try:
            self._workspace.delete_run(run.id)
        except InputError as reason:
            self._controller.failed.emit(reason)
        else:
            self._controller.notice.emit("info", f"Deleted {run.name}. Undo brings it back.")

    def compare(self) -> None:
        """See the chosen run beside another."""
        if self.current is not None:
            self.compare_requested.emit(self.current.id, False)

    def compare_with_pca(self) -> None:
        """See the chosen run beside a PCA of the same width."""
        if self.current is not None:
            self.compare_requested.emit(self.current.id, True)

    def copy_settings(self) -> None:
        """Copy what is needed to do the run again, and how it went, as JSON."""
        run = self.current
        if run is not None:
            settings = {
                "name": run.name,
                "model": run.recipe,
                "params": run.params,
                "corruption": run.corruption,
                "metrics": run.metrics,
                "provenance": run.provenance,
            }
            QGuiApplication.clipboard().setText(json.dumps(settings, indent=2, ensure_ascii=False))
            self._controller.notice.emit("info", f"Copied the settings of {run.name}.")

    def export_codes(self) -> None:
        """Ask for a file and write the codes of the chosen run to it."""
        run = self.current
        if run is None or run.version == 0:
            return
        folder = Path(str(QSettings().value("export_folder") or Path.home()))
        path, _ = QFileDialog.getSaveFileName(
            self, "Export codes", str(folder / f"{run.name}-codes.csv"), "CSV (*.csv);;TSV (*.tsv);;NPZ (*.npz)"
        )
        if path:
            QSettings().setValue("export_folder", str(Path(path).parent))
            self._controller.exporter.codes(path if Path(path).suffix else f"{path}.csv")

    # Looks

    def _map_ready(self, run: int) -> None:
        row = self.model.row_of(run)
        if row >= 0:
            self.list.update(self.model.index(row))

    def _restyle(self) -> None:
        self.list.doItemsLayout()
        self.list.viewport().update()
