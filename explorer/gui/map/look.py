"""How a crowd of points is to look: which key each has, and which colour a key has. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from explorer.analysis.palette import Palette
from explorer.gui.map.colours import PointColours, ramp, rgb
from explorer.gui.map.style import Style


@dataclass(frozen=True, eq=False)
class Look:
    """Colours of a crowd.

    Parameters
    ----------
    colours : PointColours
    palette : Palette
        Of the theme.
    marks : ndarray of bool ``(N,)``
        Whether each is selected; empty where none is.
    style : Style
    """

    colours: PointColours
    palette: Palette
    marks: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    style: Style = field(default_factory=Style)

    @property
    def levels(self) -> bool:
        """Whether keys are levels of values rather than classes."""
        return self.colours.values is not None

    @property
    def chosen(self) -> bool:
        """Whether some are selected."""
        return len(self.marks) > 0

    def slots(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the key of each row of the colours' table, uint8; and the keys' colours, uint8 ``(K, 3)``.

        Classes of one colour share a key, so there are few of them.
        """
        table, slots = np.unique(self.colours.table, axis=0, return_inverse=True)
        return slots.astype(np.uint8).reshape(-1), table

    def keys(self, order: np.ndarray) -> np.ndarray:
        """Return the key of each sorted point, uint8 ``(M,)``, with the bit of those that are selected."""
        from explorer.gui.map.kernels import imaging

        colouring, keys = self.colours.colouring, np.zeros(0, dtype=np.uint8)
        if colouring.kind == "class":
            keys = np.empty(self.colours.n, dtype=np.uint8)
            imaging.class_keys(colouring.values, self.slots()[0], keys)
        elif colouring.kind == "value":
            low, high = colouring.range()
            keys = np.empty(self.colours.n, dtype=np.uint8)
            scale = (imaging.LEVELS - 1) / (high - low) if high > low else 0.0
            imaging.value_keys(colouring.values, low, scale, keys)
        result = np.zeros(len(order), dtype=np.uint8)
        if len(keys) or self.chosen:
            imaging.sort_keys(keys, self.marks, order, result)
        return result

    def table(self, levels: int) -> np.ndarray:
        """Return the colours of the keys, uint8 ``(K, 3)``; of values, `levels` of the ramp after that of none."""
        if not self.levels:
            return self.slots()[1]
        unknown = np.array([rgb(self.palette.unlabelled)], dtype=np.uint8)
        return np.concatenate([unknown, ramp(levels)])
