"""Four samples at the corners of a square, and what the model makes of their mixes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QWidget

from explorer.analysis.blends import far_apart, grid, mixed
from explorer.gui.exporter import Steps
from explorer.gui.panels.explore.page import ExplorePage
from explorer.gui.panels.explore.path import FRAMES, show_end
from explorer.gui.plots.palette_grid import SIDE, PaletteGrid
from explorer.gui.ways import Sketch
from explorer.workspace.messages import DecodedCodes

CORNERS = ("1", "2", "3", "4")
_LETTERS = 9
"""Of a sample's name on the button of a corner."""


class PalettePage(ExplorePage):
    """The hand moves between four codes of any width, as on a plane that goes through them."""

    name: ClassVar[str] = "palette"
    heading: ClassVar[str] = "Palette of four"
    purpose: ClassVar[str] = "Then choose four samples, and move between them."

    def make_head(self) -> list[QWidget]:
        """Make the buttons of the corners."""
        self._codes: np.ndarray | None = None
        self._shown: DecodedCodes | None = None
        self._chosen = False
        self.corners = {corner: self.button(f"{corner}: here", f"corner-{corner}", "") for corner in CORNERS}
        for corner, button in self.corners.items():
            button.clicked.connect(lambda _checked=False, corner=corner: self._mark(corner))
        self.pick = self.button("Choose for me", "pick", "Take four samples that are far from each other")
        self.pick.clicked.connect(self._pick)
        return [*self.corners.values(), self.pick]

    def make_body(self) -> QWidget:
        """Make the square."""
        self.grid = PaletteGrid()
        self.grid.moved.connect(self._move)
        return self.grid

    def forget(self) -> None:
        """Show nothing of another run."""
        self._codes, self._shown, self._chosen = None, None, False
        if self.workspace.data is not None:
            self.grid.show_samples(self.workspace.data, None, [])
        self.grid.set_at(None)

    def _mark(self, corner: str) -> None:
        spot = self.ways.here()
        if spot is not None:
            self.ways.mark(corner, spot)

    def _pick(self) -> None:
        codes = self.workspace.codes
        if codes is None:
            return
        spots = [self.ways.of_sample(int(index)) for index in far_apart(codes, 4)]
        self.ways.mark_many({corner: spot for corner, spot in zip(CORNERS, spots, strict=False) if spot is not None})

    def _corners(self) -> np.ndarray | None:
        spots = [self.ways.spot(corner) for corner in CORNERS]
        return None if any(spot is None for spot in spots) else np.array([spot.code for spot in spots if spot])

    def update_page(self) -> None:
        """Decode the mixes of the corners as they are; at first, of four that are far apart."""
        if not self._chosen and all(self.ways.spot(corner) is None for corner in CORNERS):
            self._chosen = True
            self._pick()
            self.poke()
            return
        for corner, button in self.corners.items():
            show_end(button, corner, self.ways.spot(corner), _LETTERS)
        corners = self._corners()
        if corners is None:
            missing = [corner for corner in CORNERS if self.ways.spot(corner) is None]
            self.tell(f"Corner {' and '.join(missing)}: put the handle on a sample and press the button")
            return
        codes = grid(corners, SIDE)
        if self._codes is None or not np.array_equal(codes, self._codes):
            self._codes = codes
            self.decode(codes, self._show)

    def _show(self, decoded: DecodedCodes) -> None:
        data = self.workspace.data
        if data is None or self._codes is None or decoded.codes.shape != self._codes.shape:
            return
        self._shown = decoded
        self.grid.show_samples(data, decoded.samples, decoded.texts)
        self.draw_sketch()
        lonely = int(np.count_nonzero(decoded.near == 0))
        places = len(decoded.near)
        self.tell(
            f"{lonely} of {places} mixes have no sample near: what they decode to is a guess"
            if lonely
            else "Every mix has samples near"
        )

    def _move(self, x: float, y: float) -> None:
        corners = self._corners()
        if corners is not None:
            self.controller.hand.set_code(mixed(corners, np.array([x]), np.array([y]))[0])

    def steps(self) -> Steps | None:
        """Return the mixes, the upper row first; an animation goes round the square."""
        corners = self._corners()
        if corners is None or self._shown is None:
            return None
        order = np.arange(SIDE**2).reshape(SIDE, SIDE)[::-1].ravel()
        found = self._shown
        texts = [found.texts[i] for i in order] if found.texts else []
        decoded = DecodedCodes(
            found.model, found.codes[order], found.samples[order], texts, found.nearest[order],
            found.distances[order], found.near[order], found.radius, found.times,
        )  # fmt: skip
        along = np.linspace(0, 1, FRAMES // 4, endpoint=False)
        still, full = np.zeros_like(along), np.ones_like(along)
        round_ = mixed(
            corners, np.concatenate([along, full, 1 - along, still]), np.concatenate([still, along, full, 1 - along])
        )
        names = [f"{column + 1}, {SIDE - row}" for row in range(SIDE) for column in range(SIDE)]
        return Steps(decoded, names, "Mixes of four samples: column, row", round_)

    def sketch(self) -> Sketch | None:
        """Return the square's outline and its corners."""
        spots = {corner: spot.code for corner in CORNERS if (spot := self.ways.spot(corner)) is not None}
        corners = self._corners()
        outline = () if corners is None else (corners[[0, 1, 3, 2, 0]],)
        return Sketch(lines=outline, spots=spots) if spots else None
