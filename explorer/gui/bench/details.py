"""The settings of the denoiser that is current in the list: tuned or by hand; of a stack its parts and their order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.denoiser import Denoiser
from explorer.errors import InputError
from explorer.gui.bench.lineup import Lineup
from explorer.gui.forms import ParameterForm
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Elided, Words
from explorer.parameters import parameters, values_of

_ID = Qt.ItemDataRole.UserRole


class Details(QWidget):
    """Follows the current entrant of the list."""

    def __init__(self, lineup: Lineup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bench_details")
        self._lineup = lineup
        self.current = ""
        self.heading = Elided("", "body", "text")
        self.heading.setObjectName("bench_details_heading")
        self.words = Words("", "small", "muted")
        self.words.setObjectName("bench_details_words")
        self.settings = ClassicSettings(lineup, self)
        self.stack = StackEditor(lineup, self)
        self._pages = QStackedWidget(self)
        for page in (QWidget(), self.settings, self.stack):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.heading)
        column.addWidget(self.words)
        column.addWidget(self._pages, 1)
        lineup.changed.connect(self._refresh)
        self.show_entrant("")

    def show_entrant(self, id_: str) -> None:
        """Show the settings of an entrant; of none, what there is to do."""
        self.current = id_
        self._refresh()

    def _refresh(self) -> None:
        lineup = self._lineup
        entrant = lineup.entrant(self.current)
        if entrant is None:
            self.heading.setText("")
            self.words.setText("Choose a denoiser in the list to see its settings.")
            self._pages.setCurrentIndex(0)
            return
        self.heading.setText(entrant.title)
        cls = lineup.cls(entrant.id)
        if entrant.kind == "classic" and cls is not None:
            self.words.setText(entrant.obstacle or (cls.__doc__ or "").split("\n\n")[0].replace("\n", " "))
            self.settings.show_denoiser(entrant.id, cls)
            self._pages.setCurrentWidget(self.settings)
        elif entrant.kind == "stack":
            self.words.setText("Each takes what the one before it gives. Drag to reorder.")
            self.stack.show_stack(entrant.id)
            self._pages.setCurrentWidget(self.stack)
        else:
            self.words.setText(entrant.obstacle or "A trained run; its settings are those that it was trained with.")
            self._pages.setCurrentIndex(0)


class ClassicSettings(QWidget):
    """Whether a classical denoiser is tuned, and the form of its settings, which can be changed where it is not."""

    def __init__(self, lineup: Lineup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lineup, self._id, self._quiet = lineup, "", False
        self.form: ParameterForm | None = None
        self.tune = QCheckBox("Tune on the validation part", self)
        self.tune.setObjectName("bench_tune")
        self.tune.setAccessibleName("Tune the settings on the validation part")
        self.tune.setToolTip("Choose the settings by as many tries as every other denoiser gets; untick to set by hand")
        self.tune.toggled.connect(self._tune_toggled)
        self._area = QScrollArea(self)
        self._area.setObjectName("bench_settings")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.tune)
        column.addWidget(self._area, 1)

    def show_denoiser(self, id_: str, cls: type[Denoiser]) -> None:
        """Show the settings of a denoiser as they are."""
        self._quiet = True
        if id_ != self._id or self.form is None:
            self._id = id_
            self.form = ParameterForm(cls)
            self.form.setAutoFillBackground(False)
            self.form.changed.connect(self._form_changed)
            self._area.setWidget(self.form)
        declared = bool(parameters(cls))
        tuned = self._lineup.settings(id_) is None
        self.tune.setVisible(declared)
        self.tune.setChecked(tuned)
        self.form.setVisible(declared)
        self.form.setEnabled(not tuned)
        values = {**values_of(cls()), **self._lineup.shown_settings(id_)}
        if self._values() != values:
            self.form.set_values(values)
        self._quiet = False

    def _values(self) -> dict[str, object] | None:
        cls = self._lineup.cls(self._id)
        if self.form is None or cls is None:
            return None
        try:
            return {**values_of(cls()), **self.form.values()}
        except InputError:
            return None

    def _tune_toggled(self, tune: bool) -> None:
        if not self._quiet:
            by_hand = None if tune else self._lineup.shown_settings(self._id)
            self._lineup.set_settings(self._id, by_hand)

    def _form_changed(self) -> None:
        if self._quiet or self.form is None or self.tune.isChecked():
            return
        try:
            values = self.form.values()
        except InputError:
            return  # the form tells, beside the field
        self._lineup.set_settings(self._id, values)


class StackEditor(QWidget):
    """The parts of a stack in their order; they are dragged, moved by buttons, taken away, and added."""

    def __init__(self, lineup: Lineup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lineup, self._id, self._quiet = lineup, "", False
        self.list = QListWidget(self)
        self.list.setObjectName("bench_stack")
        self.list.setAccessibleName("Parts of the stack, in their order")
        self.list.setToolTip("Drag to reorder; Delete takes a part away")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setMinimumHeight(9 * GRID)
        self.list.model().rowsMoved.connect(self._reordered)
        self.up = self._tool("stack_up", "Move up", Qt.ArrowType.UpArrow, lambda: self._move(-1))
        self.down = self._tool("stack_down", "Move down", Qt.ArrowType.DownArrow, lambda: self._move(1))
        self.take = self._tool("stack_take", "Take away", None, self._take)
        self.take.setText("✕")
        self.add = QComboBox(self)
        self.add.setObjectName("bench_stack_add")
        self.add.setAccessibleName("Add a denoiser to the stack")
        self.add.setToolTip("Add a denoiser at the end of the stack")
        self.add.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add.setMinimumContentsLength(8)
        self.add.activated.connect(self._added)
        self.remove = QPushButton("Remove stack", self)
        self.remove.setObjectName("bench_stack_remove")
        self.remove.setAccessibleName("Remove the stack")
        self.remove.setToolTip("Take this stack out of the list; undo brings it back")
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(lambda: lineup.remove_stack(self._id))
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for widget in (self.up, self.down, self.take):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.list, 1)
        column.addWidget(self.add)
        column.addLayout(tools)
        self.list.currentRowChanged.connect(self._enable)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _tool(self, name: str, text: str, arrow: Qt.ArrowType | None, slot: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"bench_{name}")
        button.setAccessibleName(f"{text} the part of the stack")
        button.setToolTip(text)
        if arrow is not None:
            button.setArrowType(arrow)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(slot)  # type: ignore[arg-type] - a plain callable
        return button

    def show_stack(self, id_: str) -> None:
        """Show the parts of a stack."""
        self._id = id_
        parts = self._lineup.parts(id_)
        shown = [(part, self._title(part)) for part in parts]
        now = [(self.list.item(row).data(_ID), self.list.item(row).text()) for row in range(self.list.count())]
        self._quiet = True
        if shown != now:
            row = self.list.currentRow()
            self.list.clear()
            for part, title in shown:
                item = QListWidgetItem(title, self.list)
                item.setData(_ID, part)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        self.add.clear()
        self.add.addItem("Add a denoiser …", None)
        for each in self._lineup.entrants:
            if each.kind != "stack" and not each.obstacle:
                self.add.addItem(each.title, each.id)
        self._quiet = False
        self._enable()

    def _title(self, part: str) -> str:
        entrant = self._lineup.entrant(part)
        return part if entrant is None else entrant.title

    def _parts(self) -> list[str]:
        return [str(self.list.item(row).data(_ID)) for row in range(self.list.count())]

    def _reordered(self, *_: object) -> None:
        if not self._quiet:
            self._lineup.set_parts(self._id, self._parts())

    def _move(self, by: int) -> None:
        parts, row = self._parts(), self.list.currentRow()
        if 0 <= row < len(parts) and 0 <= row + by < len(parts):
            parts.insert(row + by, parts.pop(row))
            self.list.setCurrentRow(row + by)
            self._lineup.set_parts(self._id, parts)

    def _take(self) -> None:
        parts, row = self._parts(), self.list.currentRow()
        if 0 <= row < len(parts):
            del parts[row]
            self._lineup.set_parts(self._id, parts)

    def _added(self, row: int) -> None:
        part = self.add.itemData(row)
        if part:
            parts = [*self._parts(), str(part)]
            self._lineup.set_parts(self._id, parts)
            self.list.setCurrentRow(len(parts) - 1)

    def _enable(self, *_: object) -> None:
        row, count = self.list.currentRow(), self.list.count()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)
        self.take.setEnabled(row >= 0)

    def _restyle(self) -> None:
        for widget in (self.list, self.add, self.remove):
            widget.setFont(theme().font("small"))
