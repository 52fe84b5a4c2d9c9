"""The warning that a code is not used, with what helps one press away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from explorer.gui.theme import GRID
from explorer.gui.widgets.banner import Banner
from explorer.models.base import RECIPES
from explorer.models.collapse import Remedy, collapsed, remedies
from explorer.parameters import parameters
from explorer.training.history import Epoch
from explorer.workspace.run import Run

_NEAR_ZERO = "The KL is near zero: the decoder goes without the code (posterior collapse)."


class CollapseBox(QWidget):
    """Tells while and after a training that its KL is near zero; hidden while all is well."""

    chosen = Signal(object)
    """The settings to change for another training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("collapse")
        self._remedies: list[Remedy] = []
        self._shown: tuple[object, ...] = ()
        self.banner = Banner("collapse-warning", self)
        self.button = QToolButton(self)
        self.button.setObjectName("collapse-remedy")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.button.clicked.connect(self._take_first)
        self._menu = QMenu(self.button)
        self._menu.setObjectName("collapse-remedies")
        self.button.setMenu(self._menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID * 3 // 4)
        layout.addWidget(self.banner)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_of(self, run: Run | None, epochs: Sequence[Epoch], *, busy: bool) -> None:
        """Look at a run and its epochs so far; while any training is under way nothing can be pressed."""
        gone = run is not None and collapsed(epochs)
        self.setVisible(gone)
        if run is None or not gone:
            return
        noted = any("posterior collapse" in note for note in run.history.notes)
        words = f"{_NEAR_ZERO} Cancel, then train again as is proposed here." if run.active else _NEAR_ZERO
        self.banner.tell("warn", "" if noted and not run.active else words)
        shown = (run.id, run.recipe, run.params)
        if shown != self._shown:
            self._shown = shown
            self._offer(run)
        self.button.setVisible(bool(self._remedies) and not run.active)
        self.button.setEnabled(not busy)

    def _offer(self, run: Run) -> None:
        settings = dict(run.params)
        if run.recipe in RECIPES.names():  # it may have come with another distribution
            settings = {each.name: each.default for each in parameters(RECIPES.load(run.recipe))} | settings
        self._remedies = remedies(settings)
        self._menu.clear()
        for remedy in self._remedies:
            action = self._menu.addAction(_words(remedy))
            action.triggered.connect(partial(self._take, remedy))
        if self._remedies:
            first = self._remedies[0]
            self.button.setText(_words(first))
            self.button.setAccessibleName(_words(first))
            changed = ", ".join(f"{name} {value:g}" for name, value in first.params.items())
            self.button.setToolTip(f"Put {changed} into the form and train a new run; the arrow offers other remedies")

    def _take_first(self) -> None:
        if self._remedies:
            self._take(self._remedies[0])

    def _take(self, remedy: Remedy, _checked: bool = False) -> None:
        self.chosen.emit(dict(remedy.params))


def _words(remedy: Remedy) -> str:
    return f"Train again with {remedy.title}"
