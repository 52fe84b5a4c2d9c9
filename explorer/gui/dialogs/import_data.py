"""What a file looks like, and how to read it, before it is imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.data.reader import READERS, Preview, reader_for
from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.dialogs.errors import sentence
from explorer.gui.fields import PathEditor
from explorer.gui.forms import ParameterForm
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Elided, Words

_PAUSE_MS = 250
_MOST_COLUMNS = 60


class ImportDialog(QDialog):
    """The head of a file on the right, the options of its reader on the left; each change is seen at once.

    Parameters
    ----------
    controller : Controller
        Makes the previews, and reads the file in the end.
    path : str
        The file.
    parent : QWidget, optional
    """

    def __init__(self, controller: Controller, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._path = controller, path
        self._asked = 0
        self._preview: Preview | None = None
        self._offered: tuple[str, ...] = ()
        self.form: ParameterForm | None = None
        self.setObjectName("import_dialog")
        self.setWindowTitle(f"Import {Path(path).name}")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)

        self.file = Elided(path, "small", "muted", mode=Qt.TextElideMode.ElideMiddle)
        self.reader = self._reader_combo()
        self.clean = PathEditor()
        self.clean.setObjectName("clean")
        self.clean.setAccessibleName("File of the clean samples")
        self.clean.setToolTip(
            "<p>Where the samples without their noise are in another file: the same samples, steps and channels.</p>"
        )
        self.table = self._table()
        self.summary = Words("", "body", "muted")
        self.summary.setObjectName("summary")
        self.summary.setMinimumHeight(2 * self.summary.fontMetrics().lineSpacing() + GRID)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self.resize(860, 520)
        self._choose_reader()

    def _reader_combo(self) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName("reader")
        combo.setAccessibleName("File format")
        combo.setToolTip("What kind of file this is; chosen by its ending")
        loaded, failed = READERS.load_all()
        fits = {name: Path(self._path).name.lower().endswith(cls.extensions) for name, cls in loaded.items()}
        for name in sorted(loaded, key=lambda name: (not fits[name], loaded[name].title)):
            combo.addItem(loaded[name].title or name, name)
        for name, reason in failed.items():
            combo.addItem(f"{name} (cannot be loaded)", name)
            row = combo.count() - 1
            combo.setItemData(row, reason, Qt.ItemDataRole.ToolTipRole)
            combo.model().setData(combo.model().index(row, 0), 0, Qt.ItemDataRole.UserRole - 1)  # disabled
        combo.currentIndexChanged.connect(self._show_form)
        return combo

    def _table(self) -> QTableWidget:
        table = QTableWidget()
        table.setObjectName("preview")
        table.setAccessibleName("The first rows of the file")
        table.setToolTip("The first rows of the file, as they will be read")
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + GRID)
        return table

    def _lay_out(self) -> None:
        format_line = QFormLayout()
        format_line.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        format_line.addRow(Words("Format", "small", "muted"), self.reader)
        format_line.addRow(Words("Clean file", "small", "muted"), self.clean)
        self._options = QScrollArea()
        self._options.setWidgetResizable(True)
        self._options.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addLayout(format_line)
        left.addWidget(self._options, 1)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addWidget(self.table, 1)
        right.addWidget(self.summary)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addLayout(left, 4)
        middle.addLayout(right, 7)
        buttons = QDialogButtonBox()
        self.import_button = QPushButton("Import")
        self.import_button.setProperty("primary", True)
        self.import_button.setDefault(True)
        self.import_button.setToolTip("Read the whole file and open it")
        cancel = QPushButton("Cancel")
        cancel.setToolTip("Close; what is open stays as it is")
        buttons.addButton(self.import_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self.import_button, cancel):
            button.setObjectName(button.text().lower())
            button.setAccessibleName(button.text())
        buttons.accepted.connect(self._import)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.file)
        layout.addLayout(middle, 1)
        layout.addWidget(buttons)

    # The reader and its options

    def _choose_reader(self) -> None:
        """Take the reader for the file's ending; where there is none, say so and let the person choose."""
        try:
            name = reader_for(self._path)
        except InputError as reason:
            self.reader.setCurrentIndex(-1)
            self._fail(reason)
            return
        self.reader.setCurrentIndex(self.reader.findData(name))
        if self.form is None:  # it was the first entry already
            self._show_form()

    def _show_form(self) -> None:
        if self.reader.currentIndex() < 0:
            return
        self.form = ParameterForm(READERS.load(self.reader.currentData()))
        self.form.changed.connect(self._pause.start)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.form)
        inside.addStretch(1)
        self._options.setWidget(holder)
        self._ask()

    # The preview

    def _ask(self) -> None:
        assert self.form is not None
        self._asked += 1
        asked = self._asked
        self.import_button.setEnabled(False)
        try:
            options = self.form.values()
        except InputError as reason:
            self._fail(reason)
            return
        self._tell("Looking at the file…", "muted")

        def answered(preview: Preview) -> None:
            if asked == self._asked:
                self._show(preview)

        def failed(reason: Exception) -> None:
            if asked == self._asked:
                self._fail(reason)

        self._controller.librarian.preview(self._path, self.reader.currentData(), options, answered, failed)

    def _show(self, preview: Preview) -> None:
        assert self.form is not None
        self._preview = preview
        self.form.suggest(preview.options)
        shown = min(len(preview.header), _MOST_COLUMNS)
        self.table.setColumnCount(shown)
        self.table.setRowCount(len(preview.rows))
        self.table.setHorizontalHeaderLabels(list(preview.header[:shown]))
        for row, cells in enumerate(preview.rows):
            for column, text in enumerate(cells[:shown]):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self._mark_columns()
        self._offer_columns(preview.header)
        self.table.resizeColumnsToContents()
        more = len(preview.header) - shown
        self._tell(preview.summary + (f"\nShowing the first {shown} of {len(preview.header)} columns." if more else ""))
        self.import_button.setEnabled(True)

    def _mark_columns(self) -> None:
        """Show in the accent's colour which columns are not values: the label, the sample's name, the time."""
        assert self.form is not None and self._preview is not None
        special = {
            str(value): name
            for name in self.form.names
            if isinstance(value := self._shown(name), str | int) and not isinstance(value, bool)
        }
        for column in range(self.table.columnCount()):
            header = self.table.horizontalHeaderItem(column)
            option = special.get(header.text()) if header else None
            if header is None or option is None:
                continue
            font = QFont(theme().font("body"))
            font.setWeight(QFont.Weight.DemiBold)
            header.setForeground(theme().color("accent"))
            header.setToolTip(f"Read as: {option.replace('_', ' ')}")
            for row in range(self.table.rowCount()):
                if item := self.table.item(row, column):
                    item.setFont(font)
                    item.setForeground(theme().color("accent"))

    def _offer_columns(self, header: tuple[str, ...]) -> None:
        """Complete the names of columns as they are typed."""
        assert self.form is not None
        for name in self.form.names:
            editor = self.form.field(name).editor
            if name.endswith("_column") and isinstance(editor, QLineEdit):
                if editor.completer() is not None and header == self._offered:
                    continue  # a list that is open stays open
                completer = QCompleter(list(header), editor)
                completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
                completer.setFilterMode(Qt.MatchFlag.MatchContains)
                editor.setCompleter(completer)
        self._offered = header

    def _shown(self, name: str) -> Any:
        assert self.form is not None
        try:
            return self.form.field(name).value()
        except InputError:
            return None

    def _fail(self, reason: Exception) -> None:
        self._preview = None
        self.table.setRowCount(0)
        self.table.setColumnCount(0)
        if isinstance(reason, InputError):
            place = f"{reason.place}: " if reason.place else ""
            text = " ".join(part for part in (sentence(place + reason.problem), sentence(reason.remedy or "")) if part)
        else:
            text = sentence(str(reason))
        self._tell(text, "bad")
        self.import_button.setEnabled(False)

    def _tell(self, text: str, color: str = "text") -> None:
        self.summary.setText(text)
        self.summary.set_color(color)

    # The end

    def _import(self) -> None:
        if self.form is None or self._preview is None or not self.import_button.isEnabled():
            return
        clean = self.clean.line.text().strip() or None
        self._controller.librarian.open_file(self._path, self.reader.currentData(), self.form.values(), clean)
        self.accept()

    def done(self, result: int) -> None:
        """Close; an answer that is still to come is dropped."""
        self._asked += 1
        self._pause.stop()
        super().done(result)
