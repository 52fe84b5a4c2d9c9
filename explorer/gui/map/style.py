"""How a person wants the points drawn. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

Drawn = Literal["points", "density"]
SIZES = (0.5, 2.5)
OPACITIES = (0.1, 1.0)


@dataclass(frozen=True)
class Style:
    """What a person may choose.

    Parameters
    ----------
    drawn : {"points", "density"}
        Each by itself, in its colour; or how dense they are, smoothed, whatever their colours.
    size : float
        Of the discs, as a share of the size that their number suggests.
    opacity : float
        From 0 to 1.
    contours : bool
        Whether lines go around the densest places that hold a quarter, a half, three quarters and nine tenths of the
        points in view.
    """

    drawn: Drawn = "points"
    size: float = 1.0
    opacity: float = 1.0
    contours: bool = False

    @classmethod
    def checked(cls, fields: Any) -> Style:
        """Return that of a JSON object's fields; `ValueError` where they are none."""
        if not isinstance(fields, dict) or not set(fields) <= set(cls.__dataclass_fields__):
            raise ValueError("this is no style of the points")
        style = cls(**fields)
        numbers = ((style.size, SIZES), (style.opacity, OPACITIES))
        within = all(isinstance(value, int | float) and ends[0] <= value <= ends[1] for value, ends in numbers)
        if not (within and style.drawn in get_args(Drawn) and isinstance(style.contours, bool)):
            raise ValueError("this is no style of the points")
        return style

    @property
    def smooth(self) -> bool:
        """Whether the density is wanted, which compiled kernels make."""
        return self.drawn == "density" or self.contours
