"""One sample, spoilt and denoised by all that are compared, as the views of the bench draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from explorer.gui.plots.style import CurveStyle, style_of

CLEAN, NOISY = "clean", "noisy"


@dataclass(frozen=True, eq=False)
class Trial:
    """A sample in the data's own units; curves are ``(T, C)`` with NaN where nothing is known.

    Parameters
    ----------
    index : int
        Of the sample.
    noisy : ndarray
    clean : ndarray or None
        None where the truth is not known.
    outputs : dict of str to ndarray
        What each denoiser made of the noisy sample, by its text.
    waiting : frozenset of str
        Denoisers whose output is still of the sample as it was spoilt before.
    """

    index: int
    noisy: np.ndarray
    clean: np.ndarray | None = None
    outputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()

    def curves(self, channel: int, styles: Mapping[str, CurveStyle]) -> dict[str, tuple[np.ndarray, CurveStyle]]:
        """Return noisy, clean and denoised of one channel ``(T,)``, those that `styles` names, each in its style."""
        found: dict[str, tuple[np.ndarray, CurveStyle]] = {}
        for key, style in styles.items():
            values = self.values(key)
            if values is not None:
                found[key] = values[:, channel], style
        return found

    def values(self, key: str) -> np.ndarray | None:
        """Return the clean or noisy sample or a denoiser's output ``(T, C)``, where there is one."""
        if key == CLEAN:
            return self.clean
        return self.noisy if key == NOISY else self.outputs.get(key)

    def residuals(self, channel: int, styles: Mapping[str, CurveStyle]) -> dict[str, tuple[np.ndarray, CurveStyle]]:
        """Return what is left of the noise in each; without a clean sample, what each took away."""
        found: dict[str, tuple[np.ndarray, CurveStyle]] = {}
        for key, (values, style) in self.curves(channel, styles).items():
            if key == CLEAN or (key == NOISY and self.clean is None):
                continue
            reference = self.noisy[:, channel] - values if self.clean is None else values - self.clean[:, channel]
            found[key] = reference, style
        return found


def plain_styles() -> dict[str, CurveStyle]:
    """Return the styles of what is no denoiser."""
    return {NOISY: style_of("noisy"), CLEAN: style_of("clean")}
