"""The kernel of total variation: kept apart, since numba is slow to import."""

from __future__ import annotations

import numpy as np

from explorer.training.compiling import compiled


@compiled("float64[:, ::1](float64[:, ::1], float64[::1])")
def taut(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the minimum of ½ Σ (x − y)² + λ Σ |xₜ₊₁ − xₜ| for each row ``(M, T)`` with its weight λ ``(M,)``.

    From left to right, the derivative of the least cost of all that is behind, by the level b of the current step, is
    an ascending polygon. What the next step may make of it is the polygon cut off at −λ and λ; where it is cut is kept,
    and from right to left every level is the one after it, brought between those cuts (Johnson 2013).
    """
    count, steps = rows.shape
    found = rows.copy()
    # Corners of the polygon: where, and by how much slope and offset change there. New ones come at the outer ends.
    place, slope, offset = np.empty(2 * steps + 2), np.empty(2 * steps + 2), np.empty(2 * steps + 2)
    lowest, highest = np.empty(steps), np.empty(steps)
    for row in range(count):
        y, weight = rows[row], weights[row]
        if weight <= 0 or steps < 2:
            continue
        left, right = steps + 1, steps  # no corners yet
        first_slope, first_offset = 1.0, -y[0]
        last_slope, last_offset = 1.0, -y[0]
        for t in range(steps - 1):
            low_slope, low_offset = first_slope, first_offset
            while left <= right and low_slope * place[left] + low_offset <= -weight:
                low_slope += slope[left]
                low_offset += offset[left]
                left += 1
            high_slope, high_offset = last_slope, last_offset
            while right >= left and high_slope * place[right] + high_offset >= weight:
                high_slope -= slope[right]
                high_offset -= offset[right]
                right -= 1
            lowest[t] = (-weight - low_offset) / low_slope
            highest[t] = (weight - high_offset) / high_slope
            left -= 1
            place[left], slope[left], offset[left] = lowest[t], low_slope, low_offset + weight
            right += 1
            place[right], slope[right], offset[right] = highest[t], -high_slope, weight - high_offset
            first_slope, first_offset = 1.0, -weight - y[t + 1]
            last_slope, last_offset = 1.0, weight - y[t + 1]
        while left <= right and first_slope * place[left] + first_offset <= 0:
            first_slope += slope[left]
            first_offset += offset[left]
            left += 1
        level = -first_offset / first_slope
        found[row, steps - 1] = level
        for t in range(steps - 2, -1, -1):
            level = min(max(level, lowest[t]), highest[t])
            found[row, t] = level
    return found
