"""Transformer encoders and decoders of series ``(B, T, C)`` (Vaswani et al. 2017), pre-norm (Xiong et al. 2020)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from explorer.errors import InputError
from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.positions import sinusoids, within
from explorer.training.step import Batch, Step


class Attention(nn.Module):
    """softmax(Q Kᵀ / √d + mask) V in `heads` parts of the width, side by side (eq. 1 and section 3.2.2).

    Parameters
    ----------
    width : int
        A multiple of `heads`.
    heads : int
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        if width % heads:
            raise InputError(
                f"{heads} attention heads cannot share a width of {width}",
                remedy="Choose a width that is a multiple of the heads",
            )
        self.heads = heads
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.last = nn.Linear(width, width)
        nn.init.xavier_uniform_(self.queries_keys_values.weight)
        nn.init.zeros_(self.queries_keys_values.bias)

    def forward(self, x: Tensor, known: Tensor | None = None, *, causal: bool = False) -> Tensor:
        """Return for each step what it gathers from the steps that it may look at.

        Parameters
        ----------
        x : Tensor ``(B, T, width)``
        known : Tensor, bool ``(B, T)``, optional
            The steps that may be looked at.
        causal : bool
            Whether a step may look at none after itself.
        """
        queries, keys, values = self.queries_keys_values(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        if known is None:
            found = functional.scaled_dot_product_attention(queries, keys, values, is_causal=causal)
        else:
            seen = known[:, None, None, :]
            if causal:
                steps = x.shape[1]
                seen = seen & torch.ones(steps, steps, dtype=torch.bool, device=x.device).tril()
            found = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=seen)
        return self.last(found.transpose(1, 2).flatten(2))


class TransformerBlock(nn.Module):
    """x + attention(norm x), then x + feed-forward(norm x), which widens four times."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm, self.attention = nn.LayerNorm(width), Attention(width, heads)
        self.feed_forward = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor, known: Tensor | None, *, causal: bool) -> Tensor:
        """Return ``(B, T, width)``; see `Attention.forward`."""
        x = x + self.attention(self.norm(x), known, causal=causal)
        return x + self.feed_forward(x)


class TransformerStack(nn.Module):
    """Positions are added, blocks follow, and a last norm.

    Parameters
    ----------
    width, heads, layers : int
    causal : bool
        Whether no step depends on any after itself.
    """

    def __init__(self, width: int, heads: int, layers: int, *, causal: bool = False) -> None:
        super().__init__()
        self.causal = causal
        self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, known: Tensor | None = None) -> Tensor:
        """Return ``(B, T, width)`` of inputs of that shape; steps that are not `known` are not looked at."""
        x = x + sinusoids(x.shape[1], x.shape[2], x)
        for block in self.blocks:
            x = block(x, known, causal=self.causal)
        return self.norm(x)


class TransformerEncoder(Encoder):
    """Linear layer at every step → transformer → mean over the steps of each series."""

    def __init__(self, channels: int, width: int, heads: int, layers: int) -> None:
        super().__init__(width, any_length=True)
        self.first = nn.Linear(channels, width)
        self.stack = TransformerStack(width, heads, layers)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        known = within(batch.lengths, batch.inputs.shape[1])
        states = self.stack(self.first(batch.inputs), known)
        if known is None:
            return states.mean(1)
        return torch.where(known[:, :, None], states, 0.0).sum(1) / known.sum(1, keepdim=True)


class TransformerDecoder(Decoder):
    """The code at every step → causal transformer → the same linear layer at every step.

    All steps are written at once: none waits for the one before.
    """

    def __init__(self, latent_dim: int, width: int, heads: int, layers: int, steps: int, channels: int) -> None:
        super().__init__()
        self.steps = steps
        self.first = nn.Linear(latent_dim, width)
        self.stack = TransformerStack(width, heads, layers, causal=True)
        self.last = nn.Linear(width, channels)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return series ``(B, T, C)``, as long as those given."""
        steps = self.steps if given is None else given.inputs.shape[1]
        return self.last(self.stack(self.first(z)[:, None, :].expand(-1, steps, -1)))
