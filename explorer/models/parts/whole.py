"""The whole objective of a small recurrent autoencoder as one operation, with its gradients at once.

Of a net of a few units the arithmetic takes a tenth of a step; the rest is the calling of a hundred small operations,
and of their derivatives. Where a composition is nothing but a recurrent encoder, a code, a recurrent decoder and a
squared error, the compiled kernels are called one after the other on bare arrays.
"""

from __future__ import annotations

import threading
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.models.parts.codes import PlainCode
from explorer.models.parts.composition import Composition
from explorer.models.parts.reconstruction import SquaredError
from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder
from explorer.models.parts.scan import kernel_of, uses_kernel
from explorer.training.step import Batch


def whole_loss(model: Composition, batch: Batch) -> Tensor | None:
    """Return the mean squared error of a batch; None where the composition or the batch is not of this kind."""
    if model.plain is None:
        model.plain = _is_plain(model)
    encoder, decoder = model.encoder, model.decoder
    if (
        not model.plain
        or batch.observed is not None
        or batch.lengths is not None
        or batch.targets.shape != batch.inputs.shape
        or not isinstance(encoder, RecurrentEncoder)
        or not isinstance(decoder, RecurrentDecoder)
        or not (uses_kernel(encoder.network, batch.inputs) and uses_kernel(decoder.network, batch.inputs))
    ):
        return None
    weights = [
        *encoder.network.all_weights[0],
        *model.code.parameters(),
        *decoder.network.all_weights[0],
        decoder.last.weight,
        decoder.last.bias,
    ]
    kernels = kernel_of(encoder.network), kernel_of(decoder.network)
    return WholeLoss.apply(kernels, batch.inputs, batch.targets, *weights)


def _is_plain(model: Composition) -> bool:
    """Whether a composition is made of these parts, and of nothing else."""
    encoder, code, decoder = model.encoder, model.code, model.decoder
    return (
        type(encoder) is RecurrentEncoder
        and type(decoder) is RecurrentDecoder
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


class WholeLoss(torch.autograd.Function):
    """Mean squared error of a recurrent autoencoder; its weights in the order of the parts."""

    @staticmethod
    def forward(
        ctx: Any, kernels: tuple[ModuleType, ModuleType], inputs: Tensor, targets: Tensor, *weights: Tensor
    ) -> Tensor:
        """Return the loss, and keep its gradients."""
        from explorer.models.parts.kernels.error import squared_error

        given = [weight.detach().numpy() for weight in weights]
        found = _views(given)
        x = _innermost(inputs)
        wanted = x if targets is inputs else _innermost(targets)
        steps, _, n = x.shape
        encoder, code, decoder, last = given[:4], given[4:-6], given[-6:-2], given[-2:]
        d_encoder, d_code, d_decoder, d_last = found[:4], found[4:-6], found[-6:-2], found[-2:]

        read = _Pass(kernels[0], "read", steps, encoder[1].shape[1], n)
        read.forward(x, encoder)
        features = read.states[steps]
        z = code[0] @ features + code[1][:, None] if code else features
        written = _Pass(kernels[1], "written", steps, decoder[1].shape[1], n)
        written.forward(z[None], decoder)
        loss = squared_error(written.states, *last, wanted, written.d_states, *d_last)

        d_z = np.zeros((1, *z.shape), np.float32)
        written.backward(z[None], decoder, d_z, d_decoder, want_x=True)
        d_features = d_z[0]
        if code:
            d_code[0][:], d_code[1][:] = d_features @ features.T, d_features.sum(1)
            d_features = code[0].T @ d_features
        read.d_states[steps - 1] = d_features
        read.backward(x, encoder, x, d_encoder, want_x=False)
        ctx.found = found
        return torch.tensor(loss, dtype=torch.float32)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] - the decorator hides the names
        ctx: Any, gradient: Tensor
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of the weights."""
        factor = float(gradient)
        found = ctx.found if factor == 1.0 else [each * np.float32(factor) for each in ctx.found]
        return None, None, None, *map(torch.from_numpy, found)


class _Pass:
    """One network over a batch, and back. Its arrays are used again by the next one of the same size."""

    _kept = threading.local()

    def __init__(self, kernel: ModuleType, name: str, steps: int, hidden: int, n: int) -> None:
        self._kernel = kernel
        size = (kernel, steps, hidden, n)
        arrays = getattr(self._kept, name, None)
        if arrays is None or arrays[0] != size:
            arrays = (
                size,
                np.empty((steps, kernel.KEPT * hidden, n), np.float32),
                np.zeros((steps + 1 if kernel.MEMORY else 1, hidden, n), np.float32),
                np.zeros((steps + 1, hidden, n), np.float32),  # the first is that before the first step, and stays 0
                np.empty((steps, hidden, n), np.float32),
            )
            setattr(self._kept, name, arrays)
        _, self._gates, self._memories, self.states, self.d_states = arrays
        self.d_states.fill(0)

    def forward(self, x: np.ndarray, weights: list[np.ndarray]) -> None:
        self._kernel.forward(x, *weights, self._gates, self._memories, self.states)

    def backward(
        self, x: np.ndarray, weights: list[np.ndarray], d_x: np.ndarray, found: list[np.ndarray], *, want_x: bool
    ) -> None:
        before = [np.zeros_like(self.states[0]) for _ in range(2)]
        saved = (x, *weights[:2], self._gates, self._memories, self.states)
        self._kernel.backward(*saved, self.d_states, *before, d_x, *found, want_x)


def _innermost(series: Tensor) -> np.ndarray:
    """Return series ``(B, T, C)`` as ``(T, C, B)``."""
    return np.ascontiguousarray(series.detach().numpy().transpose(1, 2, 0))


def _views(weights: list[np.ndarray]) -> list[np.ndarray]:
    """Return zeros of the shapes of weights, which lie in one array."""
    flat, views, first = np.zeros(sum(each.size for each in weights), np.float32), [], 0
    for each in weights:
        views.append(flat[first : first + each.size].reshape(each.shape))
        first += each.size
    return views
