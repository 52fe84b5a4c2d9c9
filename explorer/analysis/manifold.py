"""On the manifold or off it? How a code compares with the codes of real samples, by three readings.

The slides ask what a decoder makes of h + δ. It answers always, and nothing in the answer tells whether it knows. Three
things do, each in its own way and none for certain:

distance
    The mean distance to the five nearest codes of real samples, as in k-NN novelty detection (Ramaswamy et al. 2000).
density
    Minus the log density under the aggregate posterior q(z) = 1/N Σ q(z | x_i) (Hoffman & Johnson 2016; Tomczak &
    Welling 2018) where a code is a distribution; under a Gaussian kernel density of the codes where it is a point.
re-encoding
    ‖E(D(z)) − z‖: what is decoded should be encoded as what it was decoded from. Off the manifold the encoder moves it
    back towards what it knows. It may be small by chance, or where both halves extrapolate alike.

Each is judged by the same reading of real samples, of which none counts as its own neighbour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.analysis.readings import ReadingName
from explorer.progress import Progress, Silent, check

K = 5
"""Neighbours whose distances are averaged."""
MOST = 2_000
"""Codes that a density should be made of, and neighbours be looked for among; of more, evenly many of them."""
JUDGED = 400
"""Real samples whose readings others are judged by."""
_FACTORS = np.geomspace(0.05, 2.0, 15)
"""Of Silverman's bandwidth: those that are tried."""
_CHUNK = 1 << 22


@dataclass(frozen=True, eq=False)
class Scale:
    """What a reading is for real samples; the greater, the farther off.

    Parameters
    ----------
    values : ndarray ``(J,)``
        Readings of real samples, ascending.
    edge : float
        What 95 of 100 stay below.
    far : float
        What is unlike any: three times the median and half as far again as 99 of 100, as in
        `explorer.analysis.spacing.Spacing`; of log densities, a twentieth of what 99 of 100 have.
    """

    values: np.ndarray
    edge: float
    far: float

    @classmethod
    def of(cls, values: np.ndarray, *, logarithmic: bool = False, least: float = 0.0) -> Scale:
        """Return the scale of real samples' readings; what is below `least` is always usual."""
        values = np.sort(np.asarray(values, dtype=np.float64)[np.isfinite(values)])
        median, edge, rare = (float(np.quantile(values, share)) for share in (0.5, 0.95, 0.99))
        far = rare + math.log(20) if logarithmic else max(3 * median, 1.5 * rare, 2 * least)
        edge = edge if logarithmic else max(edge, least)
        return cls(values, edge, max(far, edge + 1e-12 * max(1.0, abs(edge))))

    @property
    def median(self) -> float:
        """What half of the real samples stay below."""
        return float(np.median(self.values))

    def level(self, value: float) -> int:
        """Return 0 where a reading is usual, 1 where it is rare, 2 where no real sample is like it."""
        return 2 if not value <= self.far else 1 if value > self.edge else 0

    def share(self, value: float) -> float:
        """Return the share of real samples whose reading is as great or greater."""
        return 1 - np.searchsorted(self.values, value, side="left") / len(self.values)

    def place(self, values: np.ndarray) -> np.ndarray:
        """Return where readings stand between 0 (as near as any sample) and 1 (out of all reach), on an even way.

        The median stands at 0.3, `edge` at 0.6, `far` at 0.85; what is beyond comes ever nearer to 1.
        """
        values = np.asarray(values, dtype=np.float64)
        marks = np.array([self.values[0], self.median, self.edge, self.far])
        marks = np.maximum.accumulate(marks + np.arange(4) * 1e-15 * max(1.0, float(np.abs(marks).max())))
        within = np.interp(values, marks, [0.0, 0.3, 0.6, 0.85])
        reach = max(marks[3] - marks[1], 1e-300)
        beyond = 1 - 0.15 * np.exp(-np.maximum(values - marks[3], 0) / reach)
        placed = np.where(values > marks[3], beyond, within)
        return np.where(np.isnan(values), np.nan, placed)


class Cloud:
    """The codes of real samples, as distances and densities are told by.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
        Finite; no more than `MOST`, if it should be quick.
    spreads : ndarray ``(N, L)``, optional
        Standard deviation of each q(z | x_i); without, a code is a point, and the density a kernel's.
    """

    def __init__(self, codes: np.ndarray, spreads: np.ndarray | None = None) -> None:
        self.codes = np.asarray(codes, dtype=np.float64)
        self.posterior = spreads is not None
        if spreads is None:
            spreads = np.broadcast_to(kernel_width(self.codes), self.codes.shape)
        else:
            spreads = np.asarray(spreads, dtype=np.float64)
        # A spread of nothing, as of a code that was learnt to be exact, would make a density without bounds.
        floor = 1e-4 * max(float(np.median(np.std(self.codes, axis=0))), 1e-12)
        spreads = np.maximum(spreads, floor)
        precision = spreads**-2
        self._centre = self.codes.mean(axis=0)
        centred = self.codes - self._centre
        self._precision, self._weighted = precision.T, (centred * precision).T
        self._constants = -0.5 * np.sum(centred**2 * precision, axis=1) - np.sum(np.log(spreads), axis=1)
        self._constants -= 0.5 * self.codes.shape[1] * math.log(2 * math.pi)

    def distance(self, z: np.ndarray, *, own: np.ndarray | None = None) -> np.ndarray:
        """Return the mean distance of codes ``(M, L)`` to their nearest neighbours, ``(M,)``.

        `own` are places in `codes` of those that are asked about, each of which is not its own neighbour.
        """
        if own is None:
            return nearest(self.codes, K, z)[1].mean(axis=1)
        found, distances = nearest(self.codes, K + 1, z)
        other = found != own[:, None]
        other[other.all(axis=1), -1] = False  # of many duplicates the farthest goes in its stead
        return distances[other].reshape(len(z), -1).mean(axis=1)

    def surprise(self, z: np.ndarray, *, own: np.ndarray | None = None, progress: Progress | None = None) -> np.ndarray:
        """Return minus the log density at codes ``(M, L)`` in nats, ``(M,)``; `own` as in `distance`.

        Raises
        ------
        Cancelled
            If the person cancelled.
        """
        z = np.asarray(z, dtype=np.float64) - self._centre
        count = len(self.codes)
        told = np.empty(len(z))
        step = max(1, _CHUNK // count)
        for start in range(0, len(z), step):
            check(progress or Silent())
            piece = z[start : start + step]
            logs = piece @ self._weighted - 0.5 * (piece**2 @ self._precision) + self._constants
            if own is not None:
                logs[np.arange(len(piece)), own[start : start + step]] = -np.inf
            most = logs.max(axis=1)
            most = np.where(np.isfinite(most), most, 0.0)
            with np.errstate(divide="ignore"):
                told[start : start + step] = -(np.log(np.exp(logs - most[:, None]).sum(axis=1)) + most)
        return told + math.log(max(1, count - (own is not None)))

    def judged(self) -> np.ndarray:
        """Return the places in `codes` of those by which others are judged, evenly many."""
        return np.arange(len(self.codes))[:: max(1, -(-len(self.codes) // JUDGED))]

    @property
    def size(self) -> float:
        """The typical deviation of the codes along an axis."""
        return float(np.sqrt(np.mean(np.var(self.codes, axis=0))))

    def scales(self) -> dict[ReadingName, Scale]:
        """Return the scales of distance and density."""
        own = self.judged()
        z = self.codes[own]
        return {
            "distance": Scale.of(self.distance(z, own=own)),
            "density": Scale.of(self.surprise(z, own=own), logarithmic=True),
        }


def kernel_width(codes: np.ndarray) -> np.ndarray:
    """Return the deviation of a Gaussian kernel along each axis ``(L,)`` that suits codes ``(N, L)`` best.

    In the directions of the axes it is as the codes spread; how much of that is chosen by the likelihood of each code
    under the others (Habbema et al. 1974; Duin 1976), among shares of Silverman's rule of thumb (1986).
    """
    count, width = codes.shape
    deviation = np.std(codes, axis=0)
    deviation = np.maximum(deviation, 1e-3 * max(float(deviation.max()), 1e-12))
    rule = (4 / (count * (width + 2))) ** (1 / (width + 4))
    scaled = (codes / deviation)[:: max(1, -(-count // 1000))]
    squares = np.sum(scaled**2, axis=1)
    apart = np.maximum(squares[:, None] + squares - 2 * scaled @ scaled.T, 0.0)
    np.fill_diagonal(apart, np.inf)
    least = apart.min(axis=1)
    best, chosen = -np.inf, 1.0
    for factor in _FACTORS:
        size = (factor * rule) ** 2
        logs = np.log(np.exp(-0.5 * (apart - least[:, None]) / size).sum(axis=1)) - 0.5 * least / size
        likelihood = float(logs.sum()) - len(scaled) * width * math.log(factor * rule)
        if likelihood > best:
            best, chosen = likelihood, float(factor)
    return deviation * rule * chosen
