"""One of the two maps: which run it shows, what of its codes, and the points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from explorer.gui.compare.comparison import Comparison
from explorer.gui.controller import Controller
from explorer.gui.map.canvas import MapCanvas
from explorer.gui.outlook import TITLES, View, plane_of, remembered
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.calm import Calm
from explorer.workspace.stored_layouts import MapLayout

SIDES = ("First", "Second")


@dataclass(frozen=True)
class Choice:
    """A view that needs no waiting, with its layout where it is laid out."""

    title: str
    view: View
    layout: MapLayout | None = None


class Side(QWidget):
    """Shows a run of a comparison; it can be looked at, turned and selected in, but has no handle."""

    run_chosen = Signal(int)
    """The person wants to see the run of this id here."""

    def __init__(self, controller: Controller, comparison: Comparison, side: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller, self._workspace = controller, controller.workspace
        self._comparison, self._side = comparison, side
        self._shown: tuple[int, View] | None = None
        self._choices: list[Choice] = []
        which = SIDES[side]
        self.run_box = _combo(f"compare_run_{side}", f"{which} run", f"The run that the {which.lower()} map shows")
        self.run_box.activated.connect(lambda i: self.run_chosen.emit(self.run_box.itemData(i)))
        self.view_box = _combo(
            f"compare_view_{side}", f"View of the {which.lower()} run", "What the map shows of the codes; layouts that "
            "take a while are here once they were made on the large map",
        )  # fmt: skip
        self.view_box.activated.connect(lambda _i: self.show_codes())
        self.canvas = MapCanvas(self)
        self.canvas.setObjectName(f"compare_map_{side}")
        self.canvas.setAccessibleName(f"Map of the {which.lower()} run")
        self.canvas.watch_only(explained=side == 1)
        head = QHBoxLayout()
        head.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        head.setSpacing(GRID)
        head.addWidget(self.run_box, 1)
        head.addWidget(self.view_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.canvas, 1)
        self._calm = Calm(self, 400, self.show_codes)
        theme().changed.connect(self._restyle)
        self._restyle()

    def show_run(self) -> None:
        """Show the run that the pair has here, and those that it could be."""
        runs, run = self._comparison.runs, self._comparison.run(self._side)
        self.run_box.clear()
        for each in runs:
            self.run_box.addItem(each.name, each.id)
        self.run_box.setCurrentIndex(-1 if run is None else self.run_box.findData(run.id))
        codes = self._comparison.codes(self._side)
        before = self.view_box.currentText()
        self._choices = [] if run is None or codes is None else self._views(run.id, codes)
        titles = [choice.title for choice in self._choices]
        self.view_box.clear()
        self.view_box.addItems(titles)
        same = run is not None and self._shown is not None and self._shown[0] == run.id
        if same and before in titles:
            self.view_box.setCurrentIndex(titles.index(before))
        elif run is not None and codes is not None:
            kept = remembered(self._workspace.project, run.id)
            first = next((i for i, choice in enumerate(self._choices) if choice.view == kept), None)
            wide = 1 if codes.shape[1] > 2 else 0  # of a wide code its principal components tell more than z1 and z2
            self.view_box.setCurrentIndex(wide if first is None else first)
        self.view_box.setEnabled(len(titles) > 1)
        self.show_codes()

    def _views(self, run: int, codes: np.ndarray) -> list[Choice]:
        """Return what can be shown at once of a run."""
        if codes.shape[1] == 1:
            return [Choice("z1", View())]
        if codes.shape[1] == 2:
            return [Choice("z1 × z2", View())]
        choices = [Choice("z1 × z2", View()), Choice("PCA", View("pca")), Choice("PCA 3-D", View("pca", 3))]
        kept = remembered(self._workspace.project, run)
        if kept is not None and kept.method == "axes" and max(kept.axes[: kept.dims]) < codes.shape[1]:
            choices += [] if kept == View() else [Choice(" × ".join(f"z{i + 1}" for i in kept.axes[: kept.dims]), kept)]
        for method in ("tsne", "umap"):
            for dims in (2, 3):
                layout = self._controller.guard(
                    lambda method=method, dims=dims: self._workspace.project.layout(run, method, dims)
                )
                if layout is not None and len(layout.coordinates) == len(codes):
                    title = TITLES[method] + (" 3-D" if dims == 3 else "")
                    choices.append(Choice(title, View(method, dims), layout))
        return choices

    def refresh(self) -> None:
        """Follow codes that move on, now and then."""
        self._calm.poke()

    def show_codes(self) -> None:
        """Draw the codes of the run in the view that is chosen."""
        run, codes = self._comparison.run(self._side), self._comparison.codes(self._side)
        row = self.view_box.currentIndex()
        canvas = self.canvas
        if run is None or codes is None or not 0 <= row < len(self._choices):
            canvas.set_points(np.zeros(0), np.zeros(0), ("", ""))
            self._shown = None
            return
        choice = self._choices[row]
        plane = plane_of(choice.view, codes, choice.layout)
        points = plane.project(codes)
        anew = self._shown != (run.id, choice.view) or len(points) != len(canvas.points.x)
        self._shown = (run.id, choice.view)
        if plane.dims == 3:
            canvas.set_space(points, plane.names, anew=anew)
        else:
            canvas.set_points(points[:, 0], points[:, 1], (plane.names[0], plane.names[1]), flat=plane.flat, anew=anew)
        canvas.set_selection(self._workspace.selection)

    def sizeHint(self) -> QSize:
        """Ask for half of a wide window."""
        return QSize(520, 440)

    def _restyle(self) -> None:
        for box in (self.run_box, self.view_box):
            box.setFont(theme().font("small"))


def _combo(name: str, accessible: str, help_: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.setToolTip(help_)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMinimumContentsLength(8)
    box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return box
