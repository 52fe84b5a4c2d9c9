"""A variational model of samples and their classes, p(x, y, z) = p(y) p(z) p(x|z, y) (M2 of Kingma et al. 2014)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from explorer.models.parts.codes import VariationalCode
from explorer.models.parts.composition import Coded, Composition, Decoder, Encoder
from explorer.models.parts.dense import layers
from explorer.models.parts.kl import GaussianKL, gaussian_kl
from explorer.models.parts.likelihoods import Likelihood
from explorer.training.step import Batch, Step

SURE = -20.0
"""Log variance of the numbers of a code that say its class: they are certain."""


class ConditionalComposition(Composition):
    """Encoder → q(y|x) and, with a class, q(z|x, y); code z and class y → decoder.

    A code is z, then one number for each class, of which one is 1.

    Parameters
    ----------
    encoder : Encoder
    decoder : Decoder
        Of codes ``(B, latent_dim + classes)``.
    latent_dim, classes : int
        Width of z, and number of classes.
    likelihood : Likelihood
    kl : GaussianKL
    alpha : float
        Weight of the cross-entropy of q(y|x) on labelled samples.

    Notes
    -----
    A labelled sample adds −log p(x|z, y) + β KL(q(z|x, y) ‖ p(z)) − log p(y) to the loss, and α times −log q(y|x). One
    without a label adds the expectation of the same over q(y|x), less the entropy of q(y|x).
    """

    log_prior: Tensor

    def __init__(
        self,
        encoder: Encoder,
        decoder: Decoder,
        latent_dim: int,
        classes: int,
        likelihood: Likelihood,
        kl: GaussianKL,
        alpha: float,
    ) -> None:
        width = encoder.width
        super().__init__(encoder, VariationalCode(width, latent_dim), decoder, [likelihood, kl], link=likelihood.link)
        self.mixed = layers([width + classes, width], "elu")
        self.recognise = nn.Linear(width, classes)
        self.likelihood, self.kl = likelihood, kl
        self.latent_dim, self.classes, self.alpha = latent_dim, classes, alpha
        self.register_buffer("log_prior", torch.full((classes,), -math.log(classes)))

    def of_class(self, features: Tensor, labels: Tensor, step: Step | None = None) -> Coded:
        """Return q(z|x, y) of features ``(B, width)`` and classes ``(B,)``, the class behind z."""
        told = nn.functional.one_hot(labels, self.classes).to(features.dtype)
        coded = self.code(self.mixed(torch.cat([features, told], 1)), step)
        assert coded.log_variance is not None
        return Coded(
            torch.cat([coded.z, told], 1),
            torch.cat([coded.mean, told], 1),
            torch.cat([coded.log_variance, torch.full_like(told, SURE)], 1),
        )

    def encode(self, batch: Batch) -> Coded:
        """Return the codes of samples, with the class that each most likely has."""
        features = self.encoder(batch)
        return self.of_class(features, self.recognise(features).argmax(1))

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the terms of the loss, means over the batch; see the class's notes."""
        labels = batch.labels
        assert labels is not None
        features = self.encoder(batch)
        logits = self.recognise(features)
        chances = logits.log_softmax(1)
        known: Tensor = labels >= 0
        # Each labelled sample once, each other with every class: which sample, which class, how much it counts.
        asked = torch.ones_like(chances, dtype=torch.bool)
        asked[known] = False
        asked[known, labels[known]] = True
        rows, classes = asked.nonzero(as_tuple=True)
        weight = torch.where(known[:, None], asked.to(chances.dtype), chances.exp())[rows, classes] / len(batch)
        coded = self.of_class(features[rows], classes, step)
        assert coded.log_variance is not None
        seen = batch.chosen(rows)
        nll = (weight * self.likelihood.of_samples(self.decoder(coded.z, seen, step), seen)).sum()
        mean, log_variance = (each[:, : self.latent_dim] for each in (coded.mean, coded.log_variance))
        by_dimension = (weight[:, None] * gaussian_kl(mean, log_variance)).sum(0)
        costly = torch.clamp(by_dimension, min=self.kl.free_bits) if self.kl.free_bits else by_dimension
        prior = -(weight * self.log_prior.to(weight.dtype)[classes]).sum()
        entropy = -(chances.exp() * chances).sum(1)[~known].sum() / len(batch)
        label = nn.functional.cross_entropy(logits[known], labels[known]) if known.any() else logits.new_zeros(())
        loss = nll + self.kl.weight(step) * costly.sum() + prior - entropy + self.alpha * label
        kl = by_dimension.sum()
        return {"nll": nll, "kl": kl, "elbo": -(nll + kl + prior - entropy), "label": label, "loss": loss}
