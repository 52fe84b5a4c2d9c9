"""A camera that turns about three coordinates, so that a flat screen shows them all. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

_AZIMUTH, _ELEVATION = np.radians(-32.0), np.radians(22.0)


@dataclass(frozen=True, eq=False)
class Camera:
    """An orthographic camera. Immutable: every turn gives a new one.

    It is turned about the screen's own axes, as one turns a ball under the hand, so no direction is special and
    nothing locks.

    Parameters
    ----------
    rotation : ndarray ``(3, 3)``
        Its rows are what the screen's right, the screen's up, and the way to the eye are in the turned space.
    """

    rotation: np.ndarray

    @classmethod
    def front(cls) -> Camera:
        """Return the one that sees the first two coordinates as a flat map does, the third toward the eye."""
        return cls(np.eye(3))

    @classmethod
    def start(cls) -> Camera:
        """Return the one with which to begin: from the front, a little from the side and from above."""
        return cls.front().turned(_AZIMUTH, _ELEVATION)

    def turned(self, right: float, down: float, roll: float = 0.0) -> Camera:
        """Return it after what it sees was turned by angles in radians, as a hand drags the near side.

        Parameters
        ----------
        right, down : float
            The near side moves to the right, and downward.
        roll : float
            Anticlockwise, about the line of sight.
        """
        about_up = _about(1, right)
        about_right = _about(0, down)
        turned = _about(2, roll) @ about_right @ about_up @ self.rotation
        # Rounding would let thousands of small turns grow into a shear: the nearest rotation is taken.
        first = turned[0] / np.linalg.norm(turned[0])
        second = turned[1] - (turned[1] @ first) * first
        second /= np.linalg.norm(second)
        return Camera(np.array([first, second, np.cross(first, second)]))

    def view(self, points: np.ndarray) -> np.ndarray:
        """Return points ``(N, 3)`` as seen: to the right, up, and toward the eye."""
        return points @ self.rotation.T

    def moved(self, point: np.ndarray, to: np.ndarray) -> np.ndarray:
        """Return `point` ``(3,)`` moved to where `to` ``(2,)`` is seen, as near to the eye as it was."""
        return point + (np.asarray(to) - self.rotation[:2] @ point) @ self.rotation[:2]

    def to_json(self) -> list[list[float]]:
        """Return what `from_json` takes."""
        return self.rotation.tolist()

    @classmethod
    def from_json(cls, value: Any) -> Camera | None:
        """Return the camera in the words of `to_json`; None where it is none."""
        try:
            rotation = np.array(value, dtype=float)
        except (TypeError, ValueError):
            return None
        if rotation.shape != (3, 3) or not np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-6):
            return None
        return cls(rotation) if np.linalg.det(rotation) > 0 else None


def _about(axis: int, angle: float) -> np.ndarray:
    """Return the rotation ``(3, 3)`` by an angle about an axis of the screen, by the right-hand rule."""
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    rotation = np.eye(3)
    rotation[a, a] = rotation[b, b] = cos
    rotation[a, b], rotation[b, a] = -sin, sin
    return rotation


@dataclass(frozen=True, eq=False)
class Stage:
    """The space that is turned: points about their middle, and the ball that holds them however they are turned.

    Parameters
    ----------
    centre : ndarray ``(3,)``
        The middle of the points' box.
    scale : ndarray ``(3,)``
        By which each coordinate is stretched.
    half : ndarray ``(3,)``
        Half the box's sides, stretched.
    radius : float
        Of the ball, stretched; positive.
    """

    centre: np.ndarray
    scale: np.ndarray
    half: np.ndarray
    radius: float

    @classmethod
    def of(cls, points: np.ndarray, *, equal: bool = True) -> Stage:
        """Return the stage of points ``(N, 3)``, of which those that are not finite are left out.

        With `equal` a unit is as long along every coordinate; else each is stretched to the same extent.
        """
        finite = points[np.isfinite(points).all(axis=1)].astype(np.float64)
        if not len(finite):
            return cls(np.zeros(3), np.ones(3), np.ones(3), 1.0)
        low, high = finite.min(axis=0), finite.max(axis=0)
        half, scale = (high - low) / 2, np.ones(3)
        if not equal:
            scale = 1 / np.where(half > 0, half, 1.0)
            half = half * scale
        stage = cls((low + high) / 2, scale, half, 1.0)
        radius = float(np.sqrt(np.max(np.sum(stage.put(finite) ** 2, axis=1))))
        return replace(stage, radius=radius or 1.0)

    def put(self, points: np.ndarray) -> np.ndarray:
        """Return points ``(…, 3)`` about the middle, stretched."""
        return (points - self.centre) * self.scale

    def take(self, points: np.ndarray) -> np.ndarray:
        """Return what `put` made of points, as they were."""
        return points / self.scale + self.centre
