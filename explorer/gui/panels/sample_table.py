"""A table of samples, of any number: how it looks, scrolls and sorts."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from explorer.gui.panels.samples_model import SamplesModel
from explorer.gui.theme import GRID, theme


class SampleTable(QTableView):
    """Shows a `SamplesModel`; a click on a title sorts.

    Parameters
    ----------
    name : str
    title : str
        What the table lists, for those who do not see it.
    """

    def __init__(self, model: SamplesModel, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # It would ask of each row whether it is selected, to know whether a column is: seconds where there are many.
        header.setSelectionModel(QItemSelectionModel(model, header))
        header.setStretchLastSection(True)
        header.setSortIndicatorShown(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        """Mark selected rows by a tint: many of them in the full accent would outshine the map."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, theme().color("accent", 0.22))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme().color("text"))
        self.setPalette(palette)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + GRID // 2)

    def show_sorted(self, column: int, order: Qt.SortOrder) -> None:
        """Put the sign of a sort above a column, without sorting; -1 takes it away."""
        header = self.horizontalHeader()
        header.blockSignals(True)
        header.setSortIndicator(column, order)
        header.blockSignals(False)

    def fit_columns(self) -> None:
        """Give each column the room its first rows need, within reason."""
        metrics, model = self.fontMetrics(), self._model
        for column in range(model.columnCount()):
            texts = [str(model.headerData(column, Qt.Orientation.Horizontal)) + "  ▲"]
            texts += [str(model.index(row, column).data()) for row in range(min(50, model.rowCount()))]
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            swatch = 3 * GRID if model.index(0, column).data(Qt.ItemDataRole.DecorationRole) else 0
            self.setColumnWidth(column, min(widest, 24 * metrics.averageCharWidth()) + swatch + 2 * GRID)

    def reveal(self, row: int) -> None:
        """Scroll to a row, and let the arrow keys go on from there."""
        index = self._model.index(row, 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)
