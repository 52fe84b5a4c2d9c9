"""The training of a small recurrent autoencoder in compiled code: many batches in one call.

A recurrent encoder, a code (its last state, or a linear map of that), a recurrent decoder that sees the code at every
step, a linear layer and the squared error. All weights are one vector, in the order of the parts; its gradient too.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from explorer.models.parts.kernels.basics import BACKWARD, FORWARD
from explorer.models.parts.kernels.error import squared_error
from explorer.training.compiling import compiled
from explorer.training.moves import clipped, moved

_3D, _2D, _1D = "float32[:,:,::1]", "float32[:,::1]", "float32[::1]"


@numba.njit
def _matrix(vector: Any, first: int, rows: int, columns: int) -> Any:
    return vector[first : first + rows * columns].reshape((rows, columns))


@numba.njit
def _cell_of(vector: Any, first: int, gates: int, hidden: int, width: int) -> Any:
    """Return weights of a cell (of the input, of the state, both biases), and where the next ones begin."""
    lines = gates * hidden
    after_x = first + lines * width
    after_h = after_x + lines * hidden
    end = after_h + 2 * lines
    w_x, w_h = _matrix(vector, first, lines, width), _matrix(vector, after_x, lines, hidden)
    return w_x, w_h, vector[after_h : after_h + lines], vector[after_h + lines : end], end


@numba.njit
def _block(vector: Any, first: int, lines: int, hidden: int, n: int) -> Any:
    """Return a part of a vector as ``(lines, hidden, n)``, and where the next one begins."""
    end = first + lines * hidden * n
    return vector[first:end].reshape((lines, hidden, n)), end


@numba.njit
def _room(vector: Any, first: int, steps: int, hidden: int, n: int, kept: int, memory: int) -> Any:
    """Return what a cell keeps of a pass (its gates, memories, states, the gradient of these), and where that ends."""
    gates, after = _block(vector, first, steps, kept * hidden, n)
    memories, after = _block(vector, after, steps + 1 if memory else 1, hidden, n)
    states, after = _block(vector, after, steps + 1, hidden, n)
    d_states, after = _block(vector, after, steps, hidden, n)
    memories[0].fill(np.float32(0))  # before the first step there is nothing
    states[0].fill(np.float32(0))
    d_states.fill(np.float32(0))
    return gates, memories, states, d_states, after


def room_for(net: tuple[int, ...], steps: int, channels: int, size: int) -> int:
    """Return how many numbers `sweep` has to have room for."""
    read_units, _, written_units, *_, kept, memory = net
    lines = steps * (kept + 3) + 2 if memory else steps * (kept + 2) + 2
    return size * (lines * (read_units + written_units) + 2 * steps * channels)


@numba.njit
def _read(forward: Any, x: Any, weights: Any, room: Any) -> None:
    w_x, w_h, b_x, b_h, _ = weights
    kept, memory, states, _, _ = room
    forward(x, w_x, w_h, b_x, b_h, kept, memory, states)


@numba.njit
def _read_back(backward: Any, x: Any, weights: Any, room: Any, before: Any, d_x: Any, found: Any, want_x: bool) -> None:
    w_x, w_h, _, _, _ = weights
    kept, memory, states, d_states, _ = room
    d_w_x, d_w_h, d_b_x, d_b_h, _ = found
    before.fill(np.float32(0))
    backward(x, w_x, w_h, kept, memory, states, d_states, before[0], before[1], d_x, d_w_x, d_w_h, d_b_x, d_b_h, want_x)


@numba.njit
def _gather(series: Any, first: int, out: Any) -> None:
    """Write some of the series ``(N, T, C)`` as ``(T, C, B)``."""
    steps, channels, n = out.shape
    for t in range(steps):
        for c in range(channels):
            row = out[t, c]
            for b in range(n):
                row[b] = series[first + b, t, c]


@compiled(
    f"void(UniTuple(int64, 7), {_1D}, {_3D}, {_3D}, int64, int64, {_1D}, {_1D}, float64[::1], "
    f"float64[::1], {_1D}, {_1D}, {_2D}, {_2D}, int64, float64, UniTuple(float64, 4))",
    pointers=(FORWARD, BACKWARD),
)
def sweep(
    forward: Any,
    backward: Any,
    net: Any,
    room: Any,
    inputs: Any,
    targets: Any,
    first: int,
    size: int,
    weights: Any,
    gradient: Any,
    losses: Any,
    rates: Any,
    mean: Any,
    square: Any,
    basis: Any,
    recent: Any,
    count: int,
    clip: float,
    by: Any,
) -> None:
    """Go through batches one after the other: find each one's loss, its gradient, and move along that.

    Parameters
    ----------
    forward, backward : kernel
        Those of the cell.
    net : tuple of int
        Units of the encoder, width of the code, units of the decoder, and whether a map leads to the code; then
        ``GATES``, ``KEPT`` and ``MEMORY`` of the cell.
    room : ndarray ``(room_for(…),)``
        Overwritten.
    inputs, targets : ndarray ``(N, T, C)``
    first, size : int
        Where the first batch begins, and how many samples are in each.
    weights : ndarray ``(n,)``
        Changed where there are rates.
    gradient : ndarray ``(n,)``, or ``(0,)``
        Overwritten; an empty one, where only the losses are wanted.
    losses : ndarray, float64 ``(batches,)``
        Filled with the mean squared error of each batch before the move.
    rates : ndarray, float64 ``(batches,)``, or ``(0,)``
        Learning rate of each; none, and nothing moves.
    mean, square, basis, by
        As in `explorer.training.moves.moved`.
    recent : ndarray ``(≥ batches, n)``, or ``(0, 0)``
        Filled with the gradients, where there are rows for them.
    count : int
        Steps that were taken before.
    clip : float
        Largest norm of a gradient; 0 leaves them as they are.
    """
    read_units, width, written_units, mapped, gates, kept, memory = net
    steps, channels, learns = inputs.shape[1], inputs.shape[2], len(gradient) > 0
    found = gradient if learns else np.empty_like(weights)
    encoder = _cell_of(weights, 0, gates, read_units, channels)
    d_encoder = _cell_of(found, 0, gates, read_units, channels)
    to_code = encoder[4]
    after = to_code + (width * (read_units + 1) if mapped else 0)
    decoder = _cell_of(weights, after, gates, written_units, width)
    d_decoder = _cell_of(found, after, gates, written_units, width)
    to_end = decoder[4]
    w_last, b_last = _matrix(weights, to_end, channels, written_units), weights[to_end + channels * written_units :]
    d_w_last, d_b_last = _matrix(found, to_end, channels, written_units), found[to_end + channels * written_units :]

    read = _room(room, 0, steps, read_units, size, kept, memory)
    written = _room(room, read[4], steps, written_units, size, kept, memory)
    x, after_x = _block(room, written[4], steps, channels, size)
    wanted, _ = _block(room, after_x, steps, channels, size)
    before_read = np.empty((2, read_units, size), np.float32)
    before_written = np.empty((2, written_units, size), np.float32)
    z, d_z = np.empty((1, width, size), np.float32), np.empty((1, width, size), np.float32)
    turned = np.empty_like(weights)

    for k in range(len(losses)):
        _gather(inputs, first + k * size, x)
        _gather(targets, first + k * size, wanted)
        found.fill(np.float32(0))
        _read(forward, x, encoder, read)
        features, d_features = read[2][steps], read[3][steps - 1]
        if mapped:
            for j in range(width):
                z[0, j] = weights[to_code + width * read_units + j]
                for i in range(read_units):
                    w = weights[to_code + j * read_units + i]
                    for b in range(size):
                        z[0, j, b] += w * features[i, b]
        else:
            z[0] = features
        _read(forward, z, decoder, written)
        written[3].fill(np.float32(0))
        losses[k] = squared_error(written[2], w_last, b_last, wanted, written[3], d_w_last, d_b_last)
        if not learns:
            continue
        d_z.fill(np.float32(0))
        _read_back(backward, z, decoder, written, before_written, d_z, d_decoder, True)
        if mapped:
            d_features.fill(np.float32(0))
            for j in range(width):
                total = np.float32(0)
                for b in range(size):
                    total += d_z[0, j, b]
                found[to_code + width * read_units + j] = total
                for i in range(read_units):
                    w, product = weights[to_code + j * read_units + i], np.float32(0)
                    for b in range(size):
                        product += d_z[0, j, b] * features[i, b]
                        d_features[i, b] += w * d_z[0, j, b]
                    found[to_code + j * read_units + i] = product
        else:
            d_features[:] = d_z[0]
        _read_back(backward, x, encoder, read, before_read, x, d_encoder, False)
        if len(rates):
            clipped(found, clip)
            if len(recent):
                recent[k] = found
            moved(weights, found, mean, square, basis, turned, count + k + 1, rates[k], by)
