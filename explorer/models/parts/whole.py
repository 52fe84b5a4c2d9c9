"""The whole objective of a small recurrent autoencoder as one operation, and its training as few.

Of a net of a few units the arithmetic takes a tenth of a step; the rest is the calling of a hundred small operations,
and of their derivatives. Where a composition is nothing but a recurrent encoder, a code, a recurrent decoder and a
squared error, compiled code computes value and gradients at once, and takes many steps in one call.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.models.parts.codes import PlainCode
from explorer.models.parts.composition import Composition
from explorer.models.parts.differentiation import once_is_enough
from explorer.models.parts.reconstruction import SquaredError
from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder
from explorer.models.parts.scan import kernel_of, takes
from explorer.training.optimiser import FlatAdam
from explorer.training.step import Batch

NOTHING = np.empty(0, np.float32)
NO_ROWS = np.empty((0, 0), np.float32)
AT_ONCE = 128
"""Samples that are gone through together where no batch says how many: more do not stay in the cache."""
MOST_KEPT = 2**24
"""Numbers of which the room is kept for the next call."""

_kept = threading.local()


def whole_loss(model: Composition, batch: Batch) -> Tensor | None:
    """Return the mean squared error of a batch; None where the composition or the batch is not of this kind."""
    sweep = sweep_of(model, batch)
    return None if sweep is None else WholeLoss.apply(sweep, *model.parameters())


def sweep_of(model: Composition, block: Batch) -> WholeSweep | None:
    """Return what trains on samples in compiled code; None where composition or samples are not of this kind."""
    if model.plain is None:
        model.plain = _is_plain(model)
    if (
        not model.plain
        or not once_is_enough()
        or block.observed is not None
        or block.lengths is not None
        or block.targets.shape != block.inputs.shape
    ):
        return None
    return WholeSweep(model, block) if all(takes(each, block.inputs) for each in _networks(model)) else None


def _networks(model: Composition) -> list[torch.nn.RNNBase]:
    """Return the networks of encoder and decoder, where they are such."""
    ends = (model.encoder, model.decoder)
    return [each.network for each in ends if isinstance(each, RecurrentEncoder | RecurrentDecoder)]


def _is_plain(model: Composition) -> bool:
    """Whether a composition is made of these parts, and of nothing else."""
    encoder, code, decoder = model.encoder, model.code, model.decoder
    return (
        type(model) is Composition
        and type(encoder) is RecurrentEncoder
        and type(decoder) is RecurrentDecoder
        and type(encoder.network) is type(decoder.network)
        and type(code) is PlainCode
        and code.activation is None
        and [type(term) for term in model.terms] == [SquaredError]
        and model.spoil is None
        and model.link is None
        and not model.heads
        and encoder.frame == decoder.frame == 1
        and encoder.order == decoder.order == "forward"
        and decoder.code_to == "steps"
        and all(each.num_layers == 1 and not each.bidirectional for each in (encoder.network, decoder.network))
    )


class WholeSweep:
    """The training of a plain composition on samples; see `explorer.training.phases.Sweep`."""

    def __init__(self, model: Composition, block: Batch) -> None:
        reader, writer = _networks(model)
        code = list(model.code.parameters())
        self._name = str(model.terms[0].name)
        self._cell = cell = kernel_of(reader)
        self._net = (
            *(reader.hidden_size, writer.input_size, writer.hidden_size, int(bool(code))),
            *(cell.GATES, cell.KEPT, int(cell.MEMORY)),
        )
        self._inputs = np.ascontiguousarray(block.inputs.detach().numpy())
        same = block.targets is block.inputs
        self._targets = self._inputs if same else np.ascontiguousarray(block.targets.detach().numpy())

    def train(
        self, optimiser: FlatAdam, first: int, size: int, rates: np.ndarray, clip: float
    ) -> dict[str, np.ndarray]:
        """Take a step on each of some batches; see `explorer.training.phases.Sweep.train`."""
        losses = np.empty(len(rates))
        weights, gradient = optimiser.weights.numpy(), optimiser.gradient.numpy()
        along = (*optimiser.arrays, optimiser.count, clip, optimiser.constants)
        self._run(first, size, weights, gradient, losses, rates, *along)
        return {self._name: losses, "loss": losses}

    def value(self, weights: np.ndarray, gradient: np.ndarray = NOTHING) -> float:
        """Return the loss of all samples at weights ``(n,)``, and write its gradient where there is room for it."""
        n, zeros = len(self._inputs), (0.0, 0.0, 0.0, 0.0)
        at_once = n if len(gradient) else min(n, AT_ONCE)
        whole, rest = np.empty(n // at_once), np.empty(1 if n % at_once else 0)
        still = (np.empty(0), NOTHING, NOTHING, NO_ROWS, NO_ROWS, 0, 0.0, zeros)
        self._run(0, at_once, weights, gradient, whole, *still)
        self._run(n - n % at_once, n % at_once, weights, gradient, rest, *still)
        return float(whole.sum() * at_once + rest.sum() * (n % at_once)) / n

    def _run(
        self, first: int, size: int, weights: np.ndarray, gradient: np.ndarray, losses: np.ndarray, *how: Any
    ) -> None:
        from explorer.models.parts.kernels.whole import room_for, sweep

        if not len(losses):
            return
        cell, (steps, channels) = self._cell, self._inputs.shape[1:]
        numbers = room_for(self._net, steps, channels, size)
        room: np.ndarray = getattr(_kept, "room", NOTHING)
        if len(room) < numbers:  # the system takes its time to give memory: what there is, is used again
            room = np.empty(numbers, np.float32)
            if numbers <= MOST_KEPT:
                _kept.room = room
        given = (self._inputs, self._targets, first, size, weights, gradient, losses)
        sweep(cell.forward, cell.backward, self._net, room, *given, *how)


class WholeLoss(torch.autograd.Function):
    """Mean squared error of a recurrent autoencoder; its weights in the order of the parts."""

    @staticmethod
    def forward(ctx: Any, sweep: WholeSweep, *weights: Tensor) -> Tensor:
        """Return the loss, and keep its gradients."""
        given = torch.cat([weight.detach().reshape(-1) for weight in weights])
        found = torch.empty_like(given) if any(ctx.needs_input_grad) else given[:0]
        ctx.found = found, [weight.shape for weight in weights]
        return torch.tensor(sweep.value(given.numpy(), found.numpy()), dtype=torch.float32)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] - the decorator hides the names
        ctx: Any, gradient: Tensor
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of the weights."""
        found, shapes = ctx.found
        parts = (found * gradient).split([shape.numel() for shape in shapes])
        return None, *(part.view(shape) for part, shape in zip(parts, shapes, strict=True))
