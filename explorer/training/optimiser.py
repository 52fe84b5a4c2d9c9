"""Adam, and Adam in the eigenbasis of the gradients for very small models.

On a CPU both work on one flat vector: a small model's step is then a dozen operations instead of hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

import torch
from torch import Tensor

SOAP_SIZE = 1000
"""Models of at most so many numbers can afford an eigenbasis of all of them."""

Kind = Literal["auto", "adam", "soap"]


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


def make_optimiser(
    parameters: Iterable[torch.nn.Parameter], device: torch.device, *, kind: Kind = "auto", weight_decay: float = 0.0
) -> Optimiser:
    """Return an optimiser of parameters on `device`; "auto" takes `SOAP` where it is affordable, else Adam.

    Weight decay is decoupled (Loshchilov & Hutter 2019).
    """
    learnt = [parameter for parameter in parameters if parameter.requires_grad]
    if kind == "soap" or (kind == "auto" and device.type == "cpu" and sum(p.numel() for p in learnt) <= SOAP_SIZE):
        return SOAP(learnt, weight_decay)
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


class SOAP(FlatAdam):
    """Adam in the eigenbasis of the covariance of the gradients (SOAP, Vyas et al. 2024), here of all weights at once.

    Recurrent networks of a few units have steep and flat directions that lie across their weights. Adam, which scales
    each weight by itself, needs ten times as many steps there.
    """

    MEMORY = 0.999
    """Of the covariance, per step."""

    def __init__(self, parameters: list[torch.nn.Parameter], weight_decay: float = 0.0) -> None:
        super().__init__(parameters, weight_decay, betas=(0.95, 0.95))
        n = len(self.weights)
        self._covariance = torch.zeros((n, n), device=self.weights.device)
        self._basis = torch.eye(n, device=self.weights.device)
        self._next = 10

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move; see `Optimiser.step`."""
        self._count += 1
        first, second = self._betas
        self._covariance.addr_(self.gradient, self.gradient, beta=self.MEMORY, alpha=1 - self.MEMORY)
        if self._count >= self._next:
            self._turn()
        turned = self.gradient @ self._basis
        self._mean.lerp_(self.gradient, 1 - first)
        self._square.mul_(second).addcmul_(turned, turned, value=1 - second)
        if self._decay:
            self.weights.mul_(1 - rate * self._decay)
        scale = self._square.sqrt().div_((1 - second**self._count) ** 0.5).add_(self._eps)
        move = self._basis @ ((self._mean @ self._basis) / scale)
        self.weights.add_(move, alpha=-rate / (1 - first**self._count))

    def _turn(self) -> None:
        """Find the eigenbasis anew, and express the mean squares in it. Less often as the training settles."""
        self._next = self._count + min(100, 10 + self._count // 20)
        if not torch.isfinite(self._covariance).all():
            return  # the loop sees the loss that comes of it, and stops
        basis = torch.linalg.eigh(self._covariance.double()).eigenvectors.float()
        self._square = (basis.T @ self._basis).square() @ self._square
        self._basis = basis


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
