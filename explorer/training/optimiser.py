"""Adam, and Adam in the eigenbasis of the gradients for very small models.

On a CPU both work on one flat vector: a small model's step is then a dozen operations instead of hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

import numpy as np
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

    Compiled code that finds gradients takes the steps itself (`Sweep`), with `arrays` as they stand.
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
        self.count = 0
        self._mean, self._square = torch.zeros_like(self.weights), torch.zeros_like(self.weights)
        self._betas, self._eps, self._decay = betas, eps, weight_decay
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
        self.count += 1
        if self._decay:
            self.weights.mul_(1 - rate * self._decay)
        self.weights.add_(self._direction(self.gradient), alpha=-rate / (1 - self._betas[0] ** self.count))

    def _direction(self, gradient: Tensor) -> Tensor:
        first, second = self._betas
        self._mean.lerp_(gradient, 1 - first)
        self._square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        scale = self._square.sqrt().div_((1 - second**self.count) ** 0.5).add_(self._eps)
        return self._mean / scale

    @property
    def ahead(self) -> int:
        """How many steps compiled code may take before `took` has to be told."""
        return 2**31

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """Mean, mean square, basis and rows for the next gradients, as `explorer.training.moves.moved` takes them."""
        nothing = np.empty((0, 0), np.float32)
        return self._mean.numpy(), self._square.numpy(), nothing, nothing

    @property
    def constants(self) -> tuple[float, float, float, float]:
        """Weight decay, both memories and ε."""
        return float(self._decay), *self._betas, self._eps

    def took(self, steps: int) -> None:
        """Hear that so many steps were taken."""
        self.count += steps


class SOAP(FlatAdam):
    """Adam in the eigenbasis of the covariance of the gradients (SOAP, Vyas et al. 2024), here of all weights at once.

    Recurrent networks of a few units have steep and flat directions that lie across their weights. Adam, which scales
    each weight by itself, needs ten times as many steps there.
    """

    MEMORY = 0.999
    """Of the covariance, per step."""
    LONGEST = 200
    """Steps from one look at the covariance to the next, once the training has settled."""

    def __init__(self, parameters: list[torch.nn.Parameter], weight_decay: float = 0.0) -> None:
        super().__init__(parameters, weight_decay, betas=(0.95, 0.95))
        n = len(self.weights)
        self._covariance = torch.zeros((n, n), device=self.weights.device)
        self._basis = torch.eye(n, device=self.weights.device)
        self._recent = torch.zeros((self.LONGEST, n), device=self.weights.device)
        self._turned, self._next = 0, 10

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move; see `Optimiser.step`."""
        self._recent[self.count - self._turned] = self.gradient
        super().step(rate)
        self._look()

    def _direction(self, gradient: Tensor) -> Tensor:
        return self._basis @ super()._direction(gradient @ self._basis)

    @property
    def ahead(self) -> int:
        """As many as are left before the basis is found anew; see `FlatAdam.ahead`."""
        return self._next - self.count

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """What moves; see `FlatAdam.arrays`."""
        mean, square, *_ = super().arrays
        return mean, square, self._basis.numpy(), self._recent[self.count - self._turned :].numpy()

    def took(self, steps: int) -> None:
        """Look at the covariance where it is time for that; see `FlatAdam.took`."""
        super().took(steps)
        self._look()

    @torch.no_grad()
    def _look(self) -> None:
        """Find the eigenbasis anew, and express the means in it. Less often as the training settles."""
        if self.count < self._next:
            return
        steps = self.count - self._turned
        ages = torch.arange(steps - 1, -1, -1, device=self.weights.device)
        rows = self._recent[:steps] * ((1 - self.MEMORY) * self.MEMORY**ages).sqrt()[:, None]
        self._covariance = torch.addmm(self._covariance, rows.T, rows, beta=self.MEMORY**steps)
        self._turned, self._next = self.count, self.count + min(self.LONGEST, 10 + self.count // 10)
        if not torch.isfinite(self._covariance).all():
            return  # the loop sees the loss that comes of it, and stops
        basis = torch.linalg.eigh(self._covariance.double()).eigenvectors.to(self._basis.dtype)
        change = basis.T @ self._basis
        self._mean.copy_(change @ self._mean)
        self._square.copy_(change.square() @ self._square)
        self._basis = basis.contiguous()


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
