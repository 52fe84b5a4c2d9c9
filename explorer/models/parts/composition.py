"""autoencoder = encoder × code × decoder × objective terms (× heads)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn

from explorer.training.phases import Sweep
from explorer.training.step import Batch, Step


class Encoder(nn.Module):
    """Turns samples into features ``(B, width)``.

    Parameters
    ----------
    width : int
    any_length : bool
        Whether it takes series of other lengths than those it was trained on.
    """

    def __init__(self, width: int, *, any_length: bool = False) -> None:
        super().__init__()
        self.width, self.any_length = width, any_length

    def forward(self, batch: Batch) -> Tensor:
        """Return the features of a batch's inputs."""
        raise NotImplementedError


@dataclass(frozen=True)
class Coded:
    """Codes of a batch.

    Parameters
    ----------
    z : Tensor ``(B, latent_dim)``
        What the decoder gets; a draw where the code is a distribution.
    mean : Tensor ``(B, latent_dim)``
        What `transform` returns.
    log_variance : Tensor or None ``(B, latent_dim)``
        Of a diagonal Gaussian posterior.
    """

    z: Tensor
    mean: Tensor
    log_variance: Tensor | None = None


class Code(nn.Module):
    """Turns features into codes."""

    def forward(self, features: Tensor, step: Step | None = None) -> Coded:
        """Return the codes of features ``(B, width)``; no step (no training) draws nothing."""
        raise NotImplementedError


class Decoder(nn.Module):
    """Turns codes into samples."""

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return samples of codes ``(B, latent_dim)``.

        Parameters
        ----------
        z : Tensor
        given : Batch, optional
            What the codes were made from: for its number of time steps, and for teacher forcing.
        step : Step, optional
            None when it decodes freely.
        """
        raise NotImplementedError

    def drawn(self, z: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Return samples of p(x|z) of codes.

        Parameters
        ----------
        z : Tensor
        draw : callable
            Turns what is written into a draw of it, for example by adding noise. A decoder that sees the steps before
            sees what was drawn.
        """
        return draw(self(z))


@dataclass(frozen=True)
class Pass:
    """All that a forward pass made, for the terms of the objective to look at."""

    model: Composition
    batch: Batch
    features: Tensor
    code: Coded
    output: Tensor
    heads: dict[str, Tensor] = field(default_factory=dict)


class Term(nn.Module):
    """One term of the objective.

    Attributes
    ----------
    name : str
        As it is called in the history.
    """

    name: str = ""

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the term's value, as it is reported, and what it adds to the loss: means over the batch."""
        raise NotImplementedError


class Head(nn.Module):
    """Predicts something else than the sample from the code: a label, the future."""

    def forward(self, seen: Coded, batch: Batch) -> Tensor:
        """Return the prediction."""
        raise NotImplementedError


class Composition(nn.Module):
    """A model made of parts.

    Parameters
    ----------
    encoder : Encoder
    code : Code
    decoder : Decoder
    terms : sequence of Term
        The loss is their sum.
    spoil : Module, optional
        Changes the inputs while it trains: ``spoil(inputs, step) -> inputs``.
    heads : dict of str to Head, optional
    link : Module, optional
        Turns what the decoder writes into values, where the objective wants something else: logits into probabilities.
    """

    def __init__(
        self,
        encoder: Encoder,
        code: Code,
        decoder: Decoder,
        terms: Sequence[Term],
        *,
        spoil: nn.Module | None = None,
        heads: Mapping[str, Head] | None = None,
        link: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.encoder, self.code, self.decoder = encoder, code, decoder
        self.terms = nn.ModuleList(terms)
        self.spoil, self.link = spoil, link
        self.heads = nn.ModuleDict(dict(heads or {}))
        self.plain: bool | None = None  # whether `explorer.models.parts.whole` takes it; found out when first asked

    def encode(self, batch: Batch) -> Coded:
        """Return the codes of a batch, nothing drawn."""
        return self.code(self.encoder(batch))

    def decode(self, z: Tensor, given: Batch | None = None) -> Tensor:
        """Return the samples of codes."""
        output = self.decoder(z, given)
        return output if self.link is None else self.link(output)

    def forward(self, batch: Batch, step: Step) -> Pass:
        """Pass a batch through all parts."""
        if self.spoil is not None:
            batch = replace(batch, inputs=self.spoil(batch.inputs, step))
        features = self.encoder(batch)
        code = self.code(features, step)
        output = self.decoder(code.z, batch, step)
        heads = {name: head(code, batch) for name, head in self.heads.items()}
        return Pass(self, batch, features, code, output, heads)

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return every term by name and their weighted sum as ``"loss"``; see `explorer.training.step.Trainable`."""
        from explorer.models.parts.whole import whole_loss  # made of the parts that are made of this

        if (whole := whole_loss(self, batch)) is not None:
            return {str(self.terms[0].name): whole.detach(), "loss": whole}
        seen = self(batch, step)
        values: dict[str, Tensor] = {}
        loss = torch.zeros((), device=batch.inputs.device)
        for term in self.terms:
            value, share = term(seen, step)
            values[str(term.name)] = value
            loss = loss + share
        if {"nll", "kl"} <= values.keys():
            values["elbo"] = -(values["nll"] + values["kl"])  # of β = 1, whatever weighs the terms
        return {**values, "loss": loss}

    def sweep(self, block: Batch) -> Sweep | None:
        """Return what takes many steps at once on samples, where there is such; see `explorer.training.phases`."""
        from explorer.models.parts.whole import sweep_of

        return sweep_of(self, block)
