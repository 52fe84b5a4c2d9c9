"""Long series denoised piece by piece: what comes in as blocks goes out as blocks, and little is held in between.

A series is an iterable of blocks ``(n, C)``, in order and of any lengths. Each function here takes one and yields the
same series denoised, in blocks of its own; so they may follow one another (`chained`), and a series of any length
passes through bounded memory. How the blocks were cut makes no difference to the numbers.

Three ways:

- `overlap_add` for what takes windows of a fixed length, such as a network. Neighbouring windows overlap, and where
  they do their outputs are averaged with the weights of a taper that is small at a window's ends: no seams
  (Griffin and Lim 1984 weight so to undo a short-time Fourier transform).
- `with_reach` for local filters: a step's output depends on no step farther away than the filter's reach. The result
  is that of the filter over the whole series.
- `bridged` fills gaps as `explorer.data.gaps.bridge_gaps` does, for filters that cannot do with them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import numpy as np

from explorer.errors import InputError

Taper = Literal["hann", "root-hann"]
Stage = Callable[[Iterable[np.ndarray]], Iterator[np.ndarray]]
"""Takes a series as blocks ``(n, C)`` and yields it denoised."""

BLOCK = 1 << 16
"""Steps of a block, where there is no reason for another number."""
BATCH = 1 << 20
"""Values of the windows that go through a network together."""
LONGEST_GAP = 1 << 16
"""Steps of the longest gap that is bridged by a line; all of a longer one holds the last value before it."""


def blocks_of(series: np.ndarray, size: int = BLOCK) -> Iterator[np.ndarray]:
    """Yield a series ``(T, C)``, which may be a memory map, as blocks of `size` steps, float32."""
    for start in range(0, len(series), size):
        yield np.asarray(series[start : start + size], dtype=np.float32)


def taper_of(window: int, kind: Taper = "hann") -> np.ndarray:
    """Return a window's weights, float64 ``(window,)``, greater than 0 everywhere: sin² or sin of π (i + ½) / window.

    Taken between the steps, so that the first and last step of a series, which one window alone covers, count too.
    """
    root = np.sin(np.pi * (np.arange(window) + 0.5) / window)
    return root**2 if kind == "hann" else root


def hop_of(window: int, overlap: float) -> int:
    """Return how many steps a window begins after the one before; `overlap` is the share that both have in common.

    Raises
    ------
    InputError
        If the overlap is not at least 0 and below 1.
    """
    if not 0 <= overlap < 1:
        raise InputError(f"windows cannot overlap by {overlap:g}", remedy="Give a share from 0 to below 1, as in 0.5")
    return max(1, round(window * (1 - overlap)))


def overlap_add(
    blocks: Iterable[np.ndarray],
    denoise: Callable[[np.ndarray], np.ndarray],
    window: int,
    hop: int,
    *,
    taper: Taper = "hann",
    batch: int | None = None,
    whole: bool = False,
) -> Iterator[np.ndarray]:
    """Yield a series denoised window by window.

    Windows begin at 0, `hop`, 2 `hop`, …, and the last one ends with the series. Each step's output is the mean of
    those of the windows that cover it, weighted by the taper; the weights of a step sum to 1.

    Parameters
    ----------
    blocks : iterable of ndarray ``(n, C)``
    denoise : callable
        Takes windows ``(B, window, C)``, float32, and returns as many, of the same shape. They are read-only, and may
        have NaN where the series has.
    window, hop : int
        Steps; `hop` is from 1 to `window`.
    taper : {"hann", "root-hann"}
    batch : int, optional
        B, but for the last ones; by default a million values together.
    whole : bool
        Let a series that is shorter than a window go through as it is, instead of refusing it.

    Raises
    ------
    InputError
        If the series is shorter than a window.
    """
    weights = taper_of(window, taper)[:, None]
    held = _Held()
    sums = np.zeros((0, 1))  # of outputs times weights, and of the weights, from the first step of `held` on
    totals = np.zeros((0, 1))
    for block in blocks:
        held.append(block)
        count = batch or max(1, BATCH // (window * held.channels))
        # One window more than goes through: wherever the series ends, the last window begins no earlier than that.
        while len(held) >= window + count * hop:
            rows = held.peek(window + (count - 1) * hop)
            added, totals = _add(sums, totals, denoise(_windows(rows, window, hop)), weights, hop)
            yield (added[: count * hop] / totals[: count * hop]).astype(np.float32)
            sums, totals = added[count * hop :], totals[count * hop :]
            held.drop(count * hop)
    if len(held) < window:
        if not len(held):
            return
        if whole:
            yield np.asarray(denoise(held.peek(len(held))[None])[0], dtype=np.float32)
            return
        raise InputError(
            f"the series has {len(held)} steps, fewer than the {window} of a window", remedy="Give a longer one"
        )
    rows = held.peek(len(held))
    windows = _windows(rows, window, hop)
    regular = len(windows)
    if (len(rows) - window) % hop:
        windows = np.concatenate([windows, rows[None, -window:]])
    outputs = denoise(windows)
    added, totals = _add(sums, totals, outputs[:regular], weights, hop, len(rows))
    if len(outputs) > regular:
        added[-window:] += weights * outputs[-1]
        totals[-window:] += weights
    yield (added / totals).astype(np.float32)


def _windows(rows: np.ndarray, window: int, hop: int) -> np.ndarray:
    """Return all windows ``(B, window, C)`` of some rows, in order in memory."""
    view = np.lib.stride_tricks.sliding_window_view(rows, window, axis=0)[::hop]
    return np.ascontiguousarray(view.transpose(0, 2, 1))


def _add(
    sums: np.ndarray, totals: np.ndarray, outputs: np.ndarray, weights: np.ndarray, hop: int, length: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return weighted sums and sums of weights with those of further windows, the first of which begins at row 0."""
    count, window, channels = outputs.shape
    rows = max(length, (count - 1) * hop + window, len(sums))
    # Rounded up to whole hops, so that a part of all windows adds at once.
    padded = max(rows, (count + -(-window // hop) - 1) * hop)
    added, counted = np.zeros((padded, channels)), np.zeros((padded, 1))
    added[: len(sums)], counted[: len(totals)] = sums, totals
    for part in range(0, window, hop):
        size = min(hop, window - part)
        place = slice(part, part + count * hop)
        weight = weights[part : part + size]
        added[place].reshape(count, hop, channels)[:, :size] += weight * outputs[:, part : part + size]
        counted[place].reshape(count, hop, 1)[:, :size] += weight
    return added[:rows], counted[:rows]


def with_reach(
    blocks: Iterable[np.ndarray], smooth: Callable[[np.ndarray], np.ndarray], reach: int, *, size: int = BLOCK
) -> Iterator[np.ndarray]:
    """Yield a series smoothed by a local filter, as over the whole series, its ends included.

    Parameters
    ----------
    blocks : iterable of ndarray ``(n, C)``
    smooth : callable
        Takes ``(n, C)``, float32, and returns as much. A step's output depends on the steps within `reach` of it, and
        within that of the series' ends on the ``2 * reach + 1`` steps there.
    reach : int
        Steps.
    size : int
        Steps that are smoothed in one go; more where `reach` asks for it.
    """
    held, size = _Held(), max(size, reach + 1)
    left = 0  # steps in front, whose output is out already
    for block in blocks:
        held.append(block)
        while len(held) >= left + size + 2 * reach + 1:
            yield np.asarray(smooth(held.peek(left + size + reach))[left : left + size], dtype=np.float32)
            kept = min(reach, left + size)
            held.drop(left + size - kept)
            left = kept
    if len(held) > left:
        yield np.asarray(smooth(held.peek(len(held)))[left:], dtype=np.float32)


def bridged(blocks: Iterable[np.ndarray], longest: int = LONGEST_GAP) -> Iterator[np.ndarray]:
    """Yield a series without NaN: each gap is bridged by a straight line, and its ends hold the nearest value.

    A gap longer than `longest` steps holds the last value before it throughout, and 0 where there is none: its end is
    too far away to wait for. A channel without any value becomes 0.
    """
    bridges: list[_Bridge] = []
    held = np.zeros((0, 1), np.float32)
    for block in blocks:
        if not bridges:
            bridges = [_Bridge(longest) for _ in range(block.shape[1])]
            held = np.zeros((0, block.shape[1]), np.float32)
        rows = np.concatenate([held, block]) if len(held) or np.isnan(block).any() else block
        ready = min(bridge.fill(rows[:, channel], len(held), last=False) for channel, bridge in enumerate(bridges))
        held = rows[ready:]
        if ready:
            yield rows[:ready]
            for bridge, value in zip(bridges, rows[ready - 1], strict=True):
                bridge.before = float(value)
    if len(held):
        for channel, bridge in enumerate(bridges):
            bridge.fill(held[:, channel], len(held), last=True)
        yield held


class _Bridge:
    """Bridges the gaps of one channel; `before` is the value in front of the rows at hand, None at the beginning."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._given_up = False  # within a gap that was found too long
        self._held: float = 0.0
        self.before: float | None = None

    def fill(self, values: np.ndarray, seen: int, *, last: bool) -> int:
        """Fill what can be filled, in place, and return up to which row no gap is left; `seen` rows came before."""
        missing = np.isnan(values)
        if self._given_up and seen < len(values):
            more = len(values) if missing[seen:].all() else seen + int(np.argmin(missing[seen:]))
            if more > seen:
                values[seen:more] = self._held
                missing[seen:more] = False
            self._given_up = more == len(values)
        if not missing.any():
            return len(values)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]])))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            first = self.before if start == 0 else float(values[start - 1])
            if end - start > self._longest:
                self._held = 0.0 if first is None else first
                self._given_up = end == len(values)
                values[start:end] = self._held
            elif end < len(values):
                after = float(values[end])
                before = after if first is None else first
                values[start:end] = before + (after - before) * np.arange(1, end - start + 1) / (end - start + 1)
            elif last:
                values[start:end] = 0.0 if first is None else first
            else:
                return int(start)
        return len(values)


def chained(blocks: Iterable[np.ndarray], stages: Sequence[Stage], *, keep_gaps: bool = False) -> Iterator[np.ndarray]:
    """Yield a series that passed through all stages, one after the other.

    With `keep_gaps` what was missing (NaN) is missing in the result too; without, it is what the stages made of it.
    """
    if not keep_gaps:
        series: Iterable[np.ndarray] = blocks
        for stage in stages:
            series = stage(series)
        yield from series
        return
    gaps: deque[np.ndarray] = deque()

    def remembered() -> Iterator[np.ndarray]:
        for block in blocks:
            gaps.append(np.isnan(block))
            yield block

    for block in chained(remembered(), stages):
        missing = _take(gaps, len(block))
        yield np.where(missing, np.float32(np.nan), block) if missing.any() else block


def _take(parts: deque[np.ndarray], count: int) -> np.ndarray:
    """Take the first `count` rows out of some arrays."""
    taken = []
    while count > 0:
        part = parts.popleft()
        if len(part) > count:
            parts.appendleft(part[count:])
        taken.append(part[:count])
        count -= len(taken[-1])
    return np.concatenate(taken)


class _Held:
    """Rows that wait for those that follow."""

    def __init__(self) -> None:
        self._parts: deque[np.ndarray] = deque()
        self._count = 0
        self.channels = 1

    def __len__(self) -> int:
        return self._count

    def append(self, rows: np.ndarray) -> None:
        """Take in further rows."""
        if len(rows):
            self._parts.append(rows)
            self._count += len(rows)
            self.channels = rows.shape[1]

    def peek(self, count: int) -> np.ndarray:
        """Return the first rows, which stay."""
        rows = _take(self._parts, count)
        self._parts.appendleft(rows)
        return rows

    def drop(self, count: int) -> None:
        """Forget the first rows."""
        self._count -= count
        while count > 0:
            part = self._parts.popleft()
            if len(part) > count:
                self._parts.appendleft(part[count:])
            count -= min(count, len(part))
