"""The same colour for the same thing everywhere: in the window, in dark and light, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark", "print"]

# Okabe and Ito (2008), colour universal design, black left out and ordered for contrast between neighbours; the
# last four extend it (Paul Tol's "bright") for sets of more than eight classes.
_CLASSES_LIGHT = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9", "#7B3FA0", "#8C564B", "#AA3377", "#228833",
    "#4477AA", "#666666",
)  # fmt: skip
_CLASSES_DARK = (
    "#4AA8F0", "#FF8A3D", "#2FCB9B", "#F09CCB", "#F2CF4A", "#8ED6FF", "#B98AE6", "#C99A86", "#F0689B", "#6FD673",
    "#8FB4F0", "#B0B0B0",
)  # fmt: skip


@dataclass(frozen=True)
class Palette:
    """Colours by role, as ``#RRGGBB``.

    `window` is behind everything, `panel` behind a dock, `field` behind a plot or an input. `text` and `muted` are
    for words, `line` for borders and grids. `accent` marks what can be pressed, and the handle. `clean`, `noisy`,
    `denoised`, `decoded`, `nearest` are the curves' colours, `good`, `warn`, `bad` the verdicts'. `classes` colours
    labels, in order and then again from the start; `unlabelled` is for points without one.
    """

    window: str
    panel: str
    field: str
    text: str
    muted: str
    line: str
    accent: str
    accent_text: str
    clean: str
    noisy: str
    denoised: str
    decoded: str
    nearest: str
    train: str
    validation: str
    good: str
    warn: str
    bad: str
    unlabelled: str
    classes: tuple[str, ...]

    def class_color(self, index: int) -> str:
        """Return the colour of class `index`; of -1, the colour of what has no label."""
        return self.unlabelled if index < 0 else self.classes[index % len(self.classes)]


PALETTES: dict[ThemeName, Palette] = {
    "light": Palette(
        window="#F4F5F7", panel="#FFFFFF", field="#FFFFFF", text="#1B1F24", muted="#5B6470", line="#DDE1E6",
        accent="#0B63CE", accent_text="#FFFFFF",
        clean="#1A7F37", noisy="#9AA3AD", denoised="#C2410C", decoded="#0B63CE", nearest="#7A6F9B",
        train="#0B63CE", validation="#C2410C", good="#1A7F37", warn="#9A6700", bad="#C62828",
        unlabelled="#8A939E", classes=_CLASSES_LIGHT,
    ),
    "dark": Palette(
        window="#15181C", panel="#1C2025", field="#15181C", text="#E8EBEF", muted="#9BA5B1", line="#313840",
        accent="#5AA7FF", accent_text="#0B1117",
        clean="#4CC38A", noisy="#7D8793", denoised="#FF9457", decoded="#5AA7FF", nearest="#B3A6DA",
        train="#5AA7FF", validation="#FF9457", good="#4CC38A", warn="#E3B341", bad="#FF7B72",
        unlabelled="#7D8793", classes=_CLASSES_DARK,
    ),
    "print": Palette(
        window="#FFFFFF", panel="#FFFFFF", field="#FFFFFF", text="#000000", muted="#404040", line="#BFBFBF",
        accent="#0B63CE", accent_text="#FFFFFF",
        clean="#1A7F37", noisy="#9AA3AD", denoised="#C2410C", decoded="#0B63CE", nearest="#7A6F9B",
        train="#0B63CE", validation="#C2410C", good="#1A7F37", warn="#9A6700", bad="#C62828",
        unlabelled="#8A939E", classes=_CLASSES_LIGHT,
    ),
}  # fmt: skip

# matplotlib's viridis at nine even steps: ordered values keep their order for every eye and on grey paper.
SEQUENTIAL = (
    "#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725",
)  # fmt: skip
