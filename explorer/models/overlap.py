"""How well masks fit: intersection over union, and Dice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Overlap:
    """Of each class how many steps or pixels are it in truth, in the mask, and in both: int64 ``(K,)``.

    Counts of several samples may be added, so that large samples count for more than small ones.
    """

    both: np.ndarray
    truth: np.ndarray
    mask: np.ndarray

    def __add__(self, other: Overlap) -> Overlap:
        return Overlap(self.both + other.both, self.truth + other.truth, self.mask + other.mask)

    @property
    def iou(self) -> np.ndarray:
        """Intersection over union of each class (Jaccard 1912), NaN of one that is in neither: float64 ``(K,)``."""
        return _ratio(self.both, self.truth + self.mask - self.both)

    @property
    def dice(self) -> np.ndarray:
        """Twice the intersection over the sum of both (Dice 1945), NaN of a class that is in neither."""
        return _ratio(2 * self.both, self.truth + self.mask)

    def measures(self) -> dict[str, float]:
        """Return "iou" and "dice", means over the classes but the background (0), and "accuracy".

        A class that is neither in the truth nor in the mask does not count; one that is only in the mask counts 0.
        Where no class but the background is in either, both are 1: nothing was there, and nothing was claimed. Empty
        where no truth is known. Accuracy counts the background, and says little where that is nearly everything.
        """
        total = int(self.truth.sum())
        if not total:
            return {}
        found = {"accuracy": float(self.both.sum() / total)}
        for name, values in (("iou", self.iou[1:]), ("dice", self.dice[1:])):
            known = np.isfinite(values)
            found[name] = float(values[known].mean()) if known.any() else 1.0
        return found


def overlap(truth: np.ndarray, mask: np.ndarray, classes: int) -> Overlap:
    """Count where a mask and the truth agree.

    Parameters
    ----------
    truth, mask : ndarray, int
        Classes of steps or pixels, of one shape; where the truth is -1 it is unknown, and nothing counts.
    classes : int
        K, the background among them.
    """
    known = truth >= 0
    true, told = truth[known], mask[known]
    counts = [np.bincount(each, minlength=classes) for each in (true[true == told], true, told)]
    return Overlap(*counts)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
