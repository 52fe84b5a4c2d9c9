"""Named sets of samples: the selection is kept by a name, combined, coloured on the map, selected again, written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QPoint, QSettings, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.jobs import Beside
from explorer.gui.panels.sets_model import SetsModel
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.buttons import quiet_button
from explorer.gui.widgets.empty import EmptyState
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.named_sets import NamedSet, Operation, checked_name, free_name
from explorer.workspace.view_state import SETS, default_colouring

_MANY = 200_000
"""Samples from which a set is made beside the window."""
_SIGNS: dict[Operation, str] = {"union": "∪", "intersection": "∩", "difference": "−"}


class SetsPanel(QWidget):
    """The named sets of the active data set.

    Parameters
    ----------
    controller : Controller
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._workspace = controller, controller.workspace
        self._beside = Beside(self)
        self.model = SetsModel(controller)
        self._make_widgets()
        self._actions = self._make_actions()
        self._lay_out()
        workspace = self._workspace
        workspace.sets_changed.connect(self._follow)
        workspace.data_changed.connect(self._follow)
        workspace.selection_changed.connect(self._tell)
        workspace.colouring_changed.connect(self._tell)
        theme().changed.connect(self._restyle)
        self.destroyed.connect(self._beside.close)
        self._restyle()
        self._follow()

    # Its parts

    def _make_widgets(self) -> None:
        self.name = QLineEdit()
        self.name.setObjectName("set_name")
        self.name.setAccessibleName("Name for the selected samples")
        self.name.setToolTip("Write a name for the selected samples and press Return")
        self.name.returnPressed.connect(self.keep)
        self.keep_button = quiet_button("Keep", "set_keep", "Keep the selection by this name", "")
        self.keep_button.clicked.connect(self.keep)
        self.count = Words("", "small", "muted", wrap=False)
        self.count.setObjectName("set_count")
        self.colour = QToolButton()
        self.colour.setObjectName("set_colour")
        self.colour.setText("Colour the map")
        self.colour.setAccessibleName("Colour the map by the sets")
        self.colour.setToolTip(
            "Colour the samples on the map by the sets that they are in; one in several has the colour of the last"
        )
        self.colour.setCheckable(True)
        self.colour.clicked.connect(self._colour)
        self.more = QToolButton()
        self.more.setObjectName("set_menu")
        self.more.setText("⋯")
        self.more.setAutoRaise(True)
        self.more.setAccessibleName("What to do with the chosen sets")
        self.more.setToolTip("Select, combine, rename, export or delete the chosen sets")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.list = self._make_list()

    def _make_list(self) -> QTableView:
        view = QTableView()
        view.setObjectName("sets")
        view.setAccessibleName("Named sets")
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setFrameShape(QTableView.Shape.NoFrame)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.hide()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        view.doubleClicked.connect(lambda _index: self.select())
        view.selectionModel().selectionChanged.connect(lambda *_: self._refresh())
        return view

    def _make_actions(self) -> dict[str, QAction]:
        made: dict[str, QAction] = {}

        def make(name: str, text: str, slot: Callable[[], None], tip: str, *keys: Any) -> None:
            action = made[name] = QAction(text, self)
            action.setObjectName(f"set_{name}")
            action.setToolTip(tip)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self.list.addAction(action)

        make(
            "select",
            "Select",
            self.select,
            "Select the samples of the chosen sets",
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        )
        make("union", "Union", lambda: self.combine("union"), "Keep what is in any of the chosen sets")
        make("intersection", "Intersection", lambda: self.combine("intersection"), "Keep what is in all chosen sets")
        make(
            "difference", "Difference", lambda: self.combine("difference"),
            "Keep what is in the set that was chosen first, and in none of the others",
        )  # fmt: skip
        make("complement", "Complement", self.complement, "Keep all samples that are not in the chosen set")
        make("rename", "Rename", self.rename, "Give the set another name", Qt.Key.Key_F2)
        make("export", "Export…", self.export, "Write the samples of the chosen set to a file")
        make(
            "delete", "Delete", self.delete, "Take the chosen sets out of the project; Undo brings them back",
            QKeySequence.StandardKey.Delete,
        )  # fmt: skip
        return made

    def _lay_out(self) -> None:
        self.menu = QMenu(self)
        self.menu.setObjectName("set_context_menu")
        self.menu.setToolTipsVisible(True)
        for name, action in self._actions.items():
            if name in ("union", "rename", "delete"):
                self.menu.addSeparator()
            self.menu.addAction(action)
        self.more.setMenu(self.menu)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.name, 1)
        head.addWidget(self.keep_button)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.colour)
        foot.addWidget(self.more)
        listed = QWidget()
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GRID // 2)
        inside.addWidget(self.list, 1)
        inside.addLayout(foot)
        self._empty = EmptyState(
            "No named sets yet",
            "Select samples by box or lasso on the map, in the table or the legend; then keep them by a name.",
        )
        holder = QWidget()
        self._layers = QStackedLayout(holder)
        self._layers.addWidget(self._empty)
        self._layers.addWidget(listed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3 // 2, GRID // 2, GRID * 3 // 2, GRID)
        layout.setSpacing(GRID // 2)
        layout.addLayout(head)
        layout.addWidget(holder, 1)

    # What is shown

    def _follow(self) -> None:
        chosen = [each.name for each in self.chosen()]
        self.model.follow()
        self._choose(chosen)
        self._layers.setCurrentIndex(1 if self.model.rowCount() else 0)
        self._tell()

    def _tell(self) -> None:
        """Say what can be kept, and how many sets there are."""
        selected = len(self._workspace.selection)
        for widget in (self.name, self.keep_button):
            widget.setEnabled(selected > 0)
        self.name.setPlaceholderText(f"Name {counted(selected, 'sample')}" if selected else "Select samples to name")
        tip = f"Keep the {counted(selected, 'selected sample')} by this name" if selected else "Select samples first"
        self.keep_button.setToolTip(tip)
        self.count.setText(counted(self.model.rowCount(), "set"))
        self.colour.setChecked(self._workspace.colouring == SETS)
        self._refresh()

    def _refresh(self) -> None:
        """Offer what can be done with as many sets as are chosen."""
        count = len(self.chosen())
        for name, action in self._actions.items():
            least = 2 if name in _SIGNS else 1
            most = 1 if name in ("complement", "rename", "export") else count
            action.setEnabled(least <= count <= most)
        self.more.setEnabled(count > 0)

    def chosen(self) -> list[NamedSet]:
        """Return the sets that are chosen in the list, the one under the cursor first."""
        rows = sorted({index.row() for index in self.list.selectionModel().selectedRows()})
        return [self.model.sets[row] for row in rows if row < len(self.model.sets)]

    def _choose(self, names: list[str]) -> None:
        """Choose sets in the list."""
        chooser = self.list.selectionModel()
        chooser.clearSelection()
        for name in names:
            row = self.model.row_of(name)
            if row >= 0:
                index = self.model.index(row, 0)
                flag = QItemSelectionModel.SelectionFlag
                chooser.select(index, flag.Select | flag.Rows)
                chooser.setCurrentIndex(index, flag.NoUpdate)

    # What a person does

    def keep(self) -> None:
        """Keep the selected samples by the name that was written."""
        workspace, data = self._workspace, self._workspace.data
        indices = workspace.selection
        if data is None or not len(indices):
            return
        taken = [each.name for each in workspace.sets]
        written = self.name.text()
        try:
            name = checked_name(written, taken) if written.strip() else free_name("set 1", taken)
        except InputError as reason:
            self._controller.notice.emit("warn", str(reason))
            return
        self._make(lambda: NamedSet.of(name, indices, len(data)), len(data))
        self.name.clear()

    def combine(self, operation: Operation) -> None:
        """Keep a combination of the chosen sets, and let its name be edited."""
        chosen = self.chosen()
        if len(chosen) < 2:
            return
        wanted = f" {_SIGNS[operation]} ".join(each.name for each in chosen)
        name = free_name(wanted if len(wanted) <= 100 else operation, [each.name for each in self._workspace.sets])
        self._do(lambda: self._workspace.combine_sets(operation, [each.name for each in chosen], name), name)

    def complement(self) -> None:
        """Keep what is not in the chosen set."""
        chosen = self.chosen()
        if len(chosen) == 1:
            name = free_name(f"not {chosen[0].name}"[:100], [each.name for each in self._workspace.sets])
            self._do(lambda: self._workspace.complement_set(chosen[0].name, name), name)

    def select(self) -> None:
        """Select the samples of the chosen sets; with Ctrl, on top of those that are selected."""
        chosen = self.chosen()
        if not chosen:
            return
        add = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)
        bits = chosen[0].bits
        for other in chosen[1:]:
            bits = bits | other.bits
        size, before = chosen[0].size, self._workspace.selection

        def found() -> Any:
            mask = NamedSet("", size, bits).mask
            if add:
                mask[before] = True
            return mask.nonzero()[0]

        self._soon(found, self._workspace.select, size)

    def rename(self) -> None:
        """Edit the name of the chosen set in place."""
        chosen = self.chosen()
        if len(chosen) == 1:
            self.list.edit(self.model.index(self.model.row_of(chosen[0].name), 0))

    def delete(self) -> None:
        """Take the chosen sets out of the project; it can be undone."""
        for each in self.chosen():
            self._workspace.remove_set(each.name)

    def export(self) -> None:
        """Ask for a file, and write the chosen set to it."""
        chosen, data = self.chosen(), self._workspace.data
        if len(chosen) != 1 or data is None:
            return
        folder = Path(str(QSettings().value("export_folder") or Path.home()))
        kinds = {"Samples' numbers and facts (*.csv)": False, "Samples with their values (*.npz)": True,
                 "Samples' numbers and facts (*.tsv)": False, "Samples' numbers (*.npy)": False}  # fmt: skip
        stem = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in chosen[0].name)
        path, kind = QFileDialog.getSaveFileName(self, "Export set", str(folder / f"{stem}.csv"), ";;".join(kinds))
        if path:
            QSettings().setValue("export_folder", str(Path(path).parent))
            ending = kind[kind.rindex("*") + 1 : -1] if kind in kinds else ".csv"
            self._controller.exporter.named_set(
                chosen[0], path if Path(path).suffix else path + ending, kinds.get(kind, False)
            )

    def _colour(self, on: bool) -> None:
        if on and self._workspace.sets:
            self._workspace.set_colouring(SETS)
        elif not on:
            self._workspace.set_colouring(default_colouring(self._workspace.data))
        self._tell()

    def _show_menu(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid():
            self.menu.popup(self.list.viewport().mapToGlobal(at))

    # How it is done

    def _do(self, action: Callable[[], NamedSet], name: str) -> None:
        if self._controller.guard(action) is not None:
            self._choose([name])
            self.rename()

    def _make(self, make: Callable[[], NamedSet], size: int) -> None:
        def made(new: NamedSet) -> None:
            if self._controller.guard(lambda: self._workspace.keep_set(new)) is not None:
                self._choose([new.name])
                self._controller.notice.emit("info", f"Kept {counted(len(new), 'sample')} as '{new.name}'.")

        self._soon(make, made, size)

    def _soon(self, work: Callable[[], Any], done: Callable[[Any], Any], size: int) -> None:
        """Do work on so many samples now, or beside the window where they are many."""
        if size <= _MANY:
            done(work())
        else:
            self._beside.latest(work, done)

    def _restyle(self) -> None:
        self.list.verticalHeader().setDefaultSectionSize(self.list.fontMetrics().height() + GRID)
        palette = self.list.palette()
        palette.setColor(palette.ColorRole.Highlight, theme().color("accent", 0.22))
        palette.setColor(palette.ColorRole.HighlightedText, theme().color("text"))
        self.list.setPalette(palette)
        self.colour.setFont(theme().font("small"))
        p = theme().palette
        self.colour.setStyleSheet(
            f"QToolButton {{ padding: 2px 8px; border: 1px solid {p.line}; border-radius: 6px; }}"
            f"QToolButton:checked {{ color: {p.accent}; border-color: {p.accent}; }}"
            f"QToolButton:focus, QToolButton:hover:enabled {{ border-color: {p.accent}; }}"
        )
        self.list.viewport().update()
