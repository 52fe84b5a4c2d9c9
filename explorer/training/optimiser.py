"""Adam. On a CPU over one flat vector: a small model's step is then a dozen operations instead of hundreds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import torch
from torch import Tensor


class Optimiser(Protocol):
    """Moves parameters along their gradients."""

    def zero(self) -> None:
        """Forget the gradients."""
        ...

    def clip(self, limit: float) -> None:
        """Shorten the gradient to a norm of at most `limit`."""
        ...

    def step(self, rate: float) -> None:
        """Move by learning rate `rate`."""
        ...


def adam(parameters: Iterable[torch.nn.Parameter], device: torch.device, *, weight_decay: float = 0.0) -> Optimiser:
    """Return Adam with decoupled weight decay (Loshchilov & Hutter 2019) for parameters on `device`."""
    learnt = [parameter for parameter in parameters if parameter.requires_grad]
    # Elsewhere than on a CPU the parameters stay where they are: cuDNN wants an LSTM's weights in a block of its own.
    return FlatAdam(learnt, weight_decay) if device.type == "cpu" else TorchAdam(learnt, weight_decay)


class FlatAdam:
    """Adam whose parameters become views of one vector.

    ``torch.optim.Adam`` does the same a parameter at a time, and its first use imports torch's compiler (seconds).
    """

    def __init__(
        self,
        parameters: list[torch.nn.Parameter],
        weight_decay: float = 0.0,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.weights = torch.cat([parameter.detach().reshape(-1) for parameter in parameters])
        self.gradient = torch.zeros_like(self.weights)
        self._mean, self._square = torch.zeros_like(self.weights), torch.zeros_like(self.weights)
        self._betas, self._eps, self._decay, self._count = betas, eps, weight_decay, 0
        start = 0
        for parameter in parameters:
            end = start + parameter.numel()
            parameter.data = self.weights[start:end].view_as(parameter)
            parameter.grad = self.gradient[start:end].view_as(parameter)
            start = end

    def zero(self) -> None:
        """Forget the gradients; see `Optimiser.zero`."""
        self.gradient.zero_()

    def clip(self, limit: float) -> None:
        """Shorten the gradient; see `Optimiser.clip`."""
        norm = torch.linalg.vector_norm(self.gradient)
        self.gradient.mul_((limit / (norm + 1e-6)).clamp_(max=1.0))

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move; see `Optimiser.step`. Kingma & Ba 2015, algorithm 1."""
        self._count += 1
        first, second = self._betas
        self._mean.lerp_(self.gradient, 1 - first)
        self._square.mul_(second).addcmul_(self.gradient, self.gradient, value=1 - second)
        if self._decay:
            self.weights.mul_(1 - rate * self._decay)
        scale: Tensor = self._square.sqrt().div_((1 - second**self._count) ** 0.5).add_(self._eps)
        self.weights.addcdiv_(self._mean, scale, value=-rate / (1 - first**self._count))


class TorchAdam:
    """torch's own, for parameters that must not be moved."""

    def __init__(self, parameters: list[torch.nn.Parameter], weight_decay: float = 0.0) -> None:
        self._parameters = parameters
        self._adam = torch.optim.AdamW(parameters, weight_decay=weight_decay)

    def zero(self) -> None:
        """Forget the gradients; see `Optimiser.zero`."""
        self._adam.zero_grad(set_to_none=True)

    def clip(self, limit: float) -> None:
        """Shorten the gradient; see `Optimiser.clip`."""
        torch.nn.utils.clip_grad_norm_(self._parameters, limit)

    def step(self, rate: float) -> None:
        """Move; see `Optimiser.step`."""
        for group in self._adam.param_groups:
            group["lr"] = rate
        self._adam.step()
