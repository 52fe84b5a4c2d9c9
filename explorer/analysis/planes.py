"""What the coordinates of a map mean: from codes to the map, and from a place on the map back to a code.

A map has two coordinates, or three, of which a camera shows a plane (`explorer.analysis.camera`). Pure numpy: the
window needs this before its first paint, and at every move of a hand.
"""

from __future__ import annotations

import base64
import binascii
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

NEIGHBOURS = 12
"""How many samples a place between them is mixed of."""
MOST_SEARCHED = 50_000
"""Samples that are looked at to find neighbours; of more, evenly many of them, so that a move stays quick."""


def axis_name(axis: int) -> str:
    """Return what coordinate `axis` (from 0) of the codes is called."""
    return f"z{axis + 1}"


class Plane(ABC):
    """A map's D coordinates (2, or 3) as functions of a code of L.

    Attributes
    ----------
    names : tuple of str
        Of the D coordinates.
    approximate : bool
        Whether a code that is lifted from the map lies only about where it was lifted from.
    flat : bool
        Whether only the first coordinate comes from the code; the second is then the sample's number.
    """

    kind: ClassVar[str]
    approximate: ClassVar[bool] = False
    names: tuple[str, ...]
    flat: bool = False

    @property
    def dims(self) -> int:
        """How many coordinates the map has: 2 or 3."""
        return len(self.names)

    @abstractmethod
    def fits(self, codes: np.ndarray) -> bool:
        """Return whether codes ``(N, L)`` can be shown by it."""

    @abstractmethod
    def project(self, codes: np.ndarray) -> np.ndarray:
        """Return where codes ``(N, L)`` are on the map, float ``(N, D)``; NaN where a code is not finite."""

    def locate(self, codes: np.ndarray, index: int) -> np.ndarray:
        """Return where a sample of `codes` ``(N, L)`` is on the map, ``(D,)``."""
        return self.project(codes[index : index + 1])[0]

    @abstractmethod
    def lift(self, point: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return the code ``(L,)`` at a place ``(D,)`` of the map that differs from code `z` within the map only."""

    def lift_all(self, places: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return the codes ``(M, L)`` at places ``(M, D)`` of the map, each as `lift` gives it."""
        return np.array([self.lift(place, z) for place in places]).reshape(len(places), len(z))

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Return what must be remembered to make it again by `plane_from_json`, as JSON holds it."""


class AxisPlane(Plane):
    """Some coordinates of the code itself.

    Parameters
    ----------
    axes : int
        Two or three different coordinates, from 0. A single one is shown against the samples' numbers.
    """

    kind = "axes"

    def __init__(self, *axes: int) -> None:
        if not 1 <= len(axes) <= 3 or len(set(axes)) < len(axes) or min(axes) < 0:
            raise ValueError(f"these are no axes of a map: {axes}")
        self.axes = axes
        self.flat = len(axes) == 1
        self.names = tuple(map(axis_name, axes)) + (("sample",) if self.flat else ())

    def fits(self, codes: np.ndarray) -> bool:
        """Return whether the codes have these coordinates; only a code of one is shown by one."""
        return max(self.axes) < codes.shape[1] and self.flat == (codes.shape[1] == 1)

    def project(self, codes: np.ndarray) -> np.ndarray:
        """Return the chosen coordinates, in the codes' own precision: of two a view, since there may be very many."""
        if codes.dtype.kind != "f":
            codes = codes.astype(np.float64)
        if self.flat:
            return np.column_stack([codes[:, self.axes[0]].astype(np.float64), np.arange(len(codes))])
        first, second, *others = self.axes
        if others or first > second:
            return codes[:, list(self.axes)]
        return codes[:, first : second + 1 : second - first]

    def lift(self, point: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return `z` with the chosen coordinates set."""
        lifted = np.array(z, dtype=np.float64)
        lifted[list(self.axes)] = np.asarray(point)[: len(self.axes)]
        return lifted

    def lift_all(self, places: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return copies of `z` with the chosen coordinates set."""
        lifted = np.tile(np.asarray(z, dtype=np.float64), (len(places), 1))
        lifted[:, list(self.axes)] = np.asarray(places)[:, : len(self.axes)]
        return lifted

    def to_json(self) -> dict[str, Any]:
        """Return the axes."""
        return {"kind": self.kind, "axes": list(self.axes)}


class LinearPlane(Plane):
    """Directions through the space of the codes, such as their principal components.

    Parameters
    ----------
    mean : ndarray ``(L,)``
        The code that lies at the origin.
    vectors : ndarray ``(D, L)``
        Linearly independent; a coordinate is the scalar product of ``code - mean`` with one.
    names : sequence of str, optional
        Of the coordinates.
    """

    kind = "linear"

    def __init__(self, mean: np.ndarray, vectors: np.ndarray, names: Sequence[str] = ()) -> None:
        self.mean, self.vectors = np.asarray(mean, dtype=np.float64), np.asarray(vectors, dtype=np.float64)
        dims, width = self.vectors.shape
        if self.mean.shape != (width,) or dims not in (2, 3) or len(names) not in (0, dims):
            raise ValueError("mean, vectors and names do not fit each other")
        if not (np.isfinite(self.mean).all() and np.isfinite(self.vectors).all()):
            raise ValueError("mean or vectors are not finite")
        self.names = tuple(names) or tuple(f"v{i + 1}" for i in range(dims))
        # From a step on the map to the shortest step of the code that makes it: the pseudo-inverse.
        self._back = np.linalg.solve(self.vectors @ self.vectors.T, self.vectors).T

    @classmethod
    def principal(cls, codes: np.ndarray, dims: int = 2, *, like: Plane | None = None) -> LinearPlane:
        """Return the plane in which codes ``(N, L)`` vary most, L ≥ `dims`.

        The directions are the eigenvectors of the codes' covariance by falling eigenvalue (Pearson, 1901). A
        direction points the way in which its largest entry is positive, or, given a former plane `like` of as many,
        the way in which that one pointed, so that a map does not flip while a model trains.
        """
        finite = codes[np.isfinite(codes).all(axis=1)].astype(np.float64)
        mean = finite.mean(axis=0) if len(finite) else np.zeros(codes.shape[1])
        centred = finite - mean
        values, vectors = np.linalg.eigh(centred.T @ centred)
        values, vectors = values[::-1], vectors.T[::-1][:dims]
        signs = np.sign(vectors[np.arange(dims), np.abs(vectors).argmax(axis=1)])
        if isinstance(like, LinearPlane) and like.vectors.shape == vectors.shape:
            signs = np.sign(np.sum(vectors * like.vectors, axis=1))
        total = values.sum()
        shares = np.maximum(values[:dims], 0) / total if total > 0 else np.zeros(dims)
        names = [f"PC{i + 1} ({share:.0%})".replace("%", " %") for i, share in enumerate(shares)]
        return cls(mean, vectors * np.where(signs == 0, 1, signs)[:, None], names)

    def fits(self, codes: np.ndarray) -> bool:
        """Return whether the codes are of that width."""
        return codes.shape[1] == len(self.mean)

    def project(self, codes: np.ndarray) -> np.ndarray:
        """Return the scalar products."""
        return (codes - self.mean) @ self.vectors.T

    def lift(self, point: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return `z` after the shortest step that brings it to the place; what is across the plane is held."""
        z = np.asarray(z, dtype=np.float64)
        return z + self._back @ (np.asarray(point) - self.vectors @ (z - self.mean))

    def lift_all(self, places: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return `z` after such steps to all places."""
        z = np.asarray(z, dtype=np.float64)
        return z + (np.asarray(places) - self.vectors @ (z - self.mean)) @ self._back.T

    def to_json(self) -> dict[str, Any]:
        """Return mean, vectors and names."""
        return {
            "kind": self.kind,
            "mean": self.mean.tolist(),
            "vectors": self.vectors.tolist(),
            "names": list(self.names),
        }


class NeighbourPlane(Plane):
    """Places that something laid out, such as t-SNE or UMAP: each sample has one, and nothing in between does.

    In between, both ways, is a mix of the nearest samples: inverse distance weighting within the distance of the
    farthest of them (Franke & Little, in Schumaker's *Approximation Theory II*, 1976), ``w = ((R - d) / (R d))²``. On a
    sample it is the sample itself, and a neighbour that comes or goes has no weight then, so that nothing jumps.

    Parameters
    ----------
    coordinates : ndarray ``(N, D)``
        Of the samples on the map; NaN where a sample has none.
    codes : ndarray ``(N, L)``
        Of the samples.
    names : sequence of str, optional
        Of the coordinates.
    """

    kind = "neighbours"
    approximate = True

    def __init__(self, coordinates: np.ndarray, codes: np.ndarray, names: Sequence[str] = ()) -> None:
        coordinates = np.asarray(coordinates)
        if len(coordinates) != len(codes) or coordinates.shape[1] not in (2, 3):
            raise ValueError("coordinates and codes do not fit each other")
        if len(names) not in (0, coordinates.shape[1]):
            raise ValueError("names and coordinates do not fit each other")
        self.coordinates, self.codes = coordinates, codes
        self.names = tuple(names) or tuple(f"v{i + 1}" for i in range(coordinates.shape[1]))
        known = np.flatnonzero(np.isfinite(coordinates).all(axis=1) & np.isfinite(codes).all(axis=1))
        self._known = known[:: max(1, -(-len(known) // MOST_SEARCHED))]
        # A row a coordinate: distances on the map are then sums of whole rows, twice as quick.
        self._places = np.ascontiguousarray(coordinates[self._known].T, dtype=np.float32)

    def at(self, codes: np.ndarray) -> NeighbourPlane:
        """Return the same map over newer codes ``(N, L)`` of the same samples."""
        return NeighbourPlane(self.coordinates, codes, self.names)

    def fits(self, codes: np.ndarray) -> bool:
        """Return whether these are codes of as many samples, and as wide."""
        return codes.shape == self.codes.shape

    def project(self, codes: np.ndarray) -> np.ndarray:
        """Return the samples' places where these are their codes; else where their nearest samples are."""
        if codes.shape == self.codes.shape and (codes is self.codes or np.array_equal(codes, self.codes, True)):
            return self.coordinates.astype(np.float64)
        if not len(self._known):
            return np.full((len(codes), self.dims), np.nan)
        known = self.codes[self._known].astype(np.float64)
        squares = np.einsum("nl,nl->n", known, known)
        projected = np.full((len(codes), self.dims), np.nan)
        for row, code in enumerate(np.asarray(codes, dtype=np.float64)):
            if np.isfinite(code).all():
                distances = squares - 2 * (known @ code) + code @ code
                chosen = self._nearest(distances)
                exact = np.sum((known[chosen] - code) ** 2, axis=1)  # the short cut above loses digits near zero
                projected[row] = _weights(exact) @ self._places[:, chosen].T.astype(np.float64)
        return projected

    def locate(self, codes: np.ndarray, index: int) -> np.ndarray:
        """Return where the sample was laid."""
        return self.coordinates[index].astype(np.float64)

    def lift(self, point: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return the mix of the codes of the samples nearest to the place; `z` only where there is no sample."""
        if not len(self._known):
            return np.array(z, dtype=np.float64)
        point = np.asarray(point, dtype=np.float32)
        distances = np.zeros(len(self._known), dtype=np.float32)
        for row, value in zip(self._places, point, strict=True):
            distances += (row - value) ** 2
        chosen = self._nearest(distances)
        return _weights(distances[chosen].astype(np.float64)) @ self.codes[self._known[chosen]].astype(np.float64)

    def _nearest(self, distances: np.ndarray) -> np.ndarray:
        """Return the places of the least distances, and of one more, which bounds them."""
        if len(distances) <= NEIGHBOURS + 1:
            return np.arange(len(distances))
        # A partition of all would cost most of a move: of those under a bound that a part of them gives, it is quick.
        step = max(1, len(distances) // 2000)
        part = distances[::step]
        if step > 1:
            bound = np.partition(part, NEIGHBOURS + 1)[NEIGHBOURS + 1]
            under = np.flatnonzero(distances <= bound)
        else:
            under = np.arange(len(distances))
        return under[np.argpartition(distances[under], NEIGHBOURS)[: NEIGHBOURS + 1]]

    def to_json(self) -> dict[str, Any]:
        """Return the samples' places, as text, and names; the codes are those of the run."""
        packed = base64.b64encode(np.ascontiguousarray(self.coordinates, dtype="<f4").tobytes())
        return {"kind": self.kind, "coordinates": packed.decode("ascii"), "names": list(self.names)}


def _weights(squares: np.ndarray) -> np.ndarray:
    """Return the shares ``(K,)`` of neighbours, by their squared distances; they sum to one."""
    distances = np.sqrt(np.maximum(squares, 0))
    if not distances.min() > 0:
        here = (distances == 0).astype(np.float64)
        return here / here.sum()
    reach = distances.max()
    shares = ((reach - distances) / (reach * distances)) ** 2
    total = shares.sum()
    return shares / total if total > 0 else np.full(len(squares), 1 / len(squares))


def plane_from_json(value: Any, codes: np.ndarray) -> Plane | None:
    """Return the plane in the words of `Plane.to_json` over codes ``(N, L)``; None where it is not one that fits."""
    try:
        plane = _plane(value, codes)
    except (KeyError, TypeError, ValueError, binascii.Error, np.linalg.LinAlgError):
        return None
    return plane if plane is not None and plane.fits(codes) else None


def _plane(value: Any, codes: np.ndarray) -> Plane | None:
    if not isinstance(value, dict):
        return None
    kind = value["kind"]
    if kind == AxisPlane.kind:
        return AxisPlane(*map(int, value["axes"]))
    names = tuple(map(str, value["names"]))
    if kind == LinearPlane.kind:
        return LinearPlane(np.array(value["mean"], dtype=float), np.array(value["vectors"], dtype=float), names)
    if kind == NeighbourPlane.kind:
        places = np.frombuffer(base64.b64decode(value["coordinates"], validate=True), dtype="<f4")
        return NeighbourPlane(places.reshape(len(codes), len(names)), codes, names)
    return None
