"""Class-conditional variational autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.models.classes import renumbered
from explorer.models.classification import judged
from explorer.models.likelihood import LikelihoodName, Sigma, SigmaPer
from explorer.models.networks import Activation, Hidden, Network
from explorer.models.variational import VariationalModel
from explorer.parameters import Param

if TYPE_CHECKING:
    import torch

    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec
    from explorer.training.step import Batch

DRAWS = 16
"""Draws of each code by which classes are told."""


@dataclass(kw_only=True, eq=False, repr=False)
class ConditionalVAE(VariationalModel):
    """Learns how the samples of each class are spread, p(x, y): it can make new ones, and tells a class by Bayes' rule.

    p(x, y) = p(y) ∫ p(x|z, y) p(z) dz (slides, generative and discriminative models; M2 of Kingma et al. 2014). A
    sample's code is z, then one number for each class. Samples without a label (−1) are learnt from, too: with every
    class, as likely as a network q(y|x) takes it to be, which learns beside.
    """

    title: ClassVar[str] = "Class-conditional VAE"
    family: ClassVar[str] = "Generative"
    needs: ClassVar[tuple[Literal["labels", "masks", "targets"], ...]] = ("labels",)
    exact: ClassVar[bool] = True

    hidden: Hidden = None
    network: Network = "dense"
    alpha: Annotated[float, Param("Weight α of the cross-entropy of q(y|x) on labelled samples.", ge=0, le=1e6)] = 10.0
    likelihood: LikelihoodName = "auto"
    sigma: Sigma = None
    sigma_per: SigmaPer = "data"
    activation: Activation = "elu"

    @property
    def code_width(self) -> int:
        """Width of z, and a number for each class."""
        return self.latent_dim + max(1, self._spec.classes)

    def compose(self, spec: SampleSpec) -> Composition:
        """Return encoder → q(y|x), q(z|x, y) → decoder of z and y; likelihood, KL, and cross-entropy of labels."""
        from explorer.models.parts.conditional import ConditionalComposition
        from explorer.models.parts.networks import build

        classes = max(1, spec.classes)
        encoder, decoder = build(self.network, spec, self.latent_dim + classes, self.hidden, activation=self.activation)
        likelihood = self.likelihood_term(spec)
        return ConditionalComposition(
            encoder, decoder, self.latent_dim, classes, likelihood, self.kl_term(), self.alpha
        )

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        """Take how frequent the classes are among the labelled samples as p(y), each counted once more."""
        import torch

        super()._prepare(module, dataset, rows)
        assert dataset.labels is not None  # `needs` says so
        labels = dataset.labels[rows]
        counts = np.bincount(labels[labels >= 0], minlength=max(1, self._spec.classes)) + 1.0
        module.log_prior.copy_(torch.from_numpy(np.log(counts / counts.sum())))  # pyright: ignore[reportCallIssue]

    # What it tells of classes

    def joint(self, X: Dataset | np.ndarray, k: int = DRAWS, seed: int = 0) -> np.ndarray:
        """Return a bound of log p(x, y) for each class in nats, float64 ``(N, K)``; see `iwae`."""
        import torch

        module, dataset = self._ready(X)
        with torch.inference_mode():
            found = [
                self._class_weights(module, batch, k, generator).logsumexp(0) - np.log(k)
                for batch, generator in self._judged(dataset, module, seed)
            ]
        return torch.cat(found).double().cpu().numpy()

    def predict_proba(self, X: Dataset | np.ndarray, k: int = DRAWS, seed: int = 0) -> np.ndarray:
        """Return p(y|x) by Bayes' rule, p(x, y) / Σ p(x, y), float64 ``(N, K)``, in the order of `class_names_`."""
        joint = self.joint(X, k, seed)
        shifted = np.exp(joint - joint.max(axis=1, keepdims=True))
        return shifted / shifted.sum(axis=1, keepdims=True)

    def predict(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the likeliest class of each sample, int64 ``(N,)``: an index into `class_names_`."""
        return self.predict_proba(X).argmax(axis=1)

    def recognised(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return q(y|x), what the network beside takes the class to be, float64 ``(N, K)``."""
        import torch

        module, dataset = self._ready(X)
        with torch.inference_mode():
            found = [
                module.recognise(module.encoder(batch)).double().softmax(-1).cpu().numpy()  # pyright: ignore[reportCallIssue]
                for batch in self._chunks(dataset, module)
            ]
        return np.concatenate(found)

    def samples_of(self, label: int, n: int = 1, seed: int = 0, *, noise: bool = False) -> np.ndarray:
        """Return `n` new samples of a class, float32 ``(n, *sample_shape_)``; their means unless with `noise`.

        Raises
        ------
        InputError
            If there is no such class.
        """
        self._check_fitted()
        if not 0 <= label < self._spec.classes:
            raise InputError(f"there is no class {label}", remedy=f"They are 0 to {self._spec.classes - 1}")
        codes = self.sample_prior(n, seed)
        codes[:, self.latent_dim :] = np.arange(self._spec.classes) == label
        return self.draw(codes, 1, seed) if noise else self.inverse_transform(codes)

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return what variational models are judged by, and how well labels are told by Bayes' rule."""
        found = super().measure(dataset)
        if dataset.labels is None:
            return found
        labels = renumbered(dataset.labels, dataset.class_names, self.class_names_)
        known = np.flatnonzero(labels >= 0)
        if not len(known):
            return found
        return {**judged(labels[known], self.predict_proba(dataset.subset(known))), **found}

    # What a variational model is made of

    def sample_prior(self, n: int, seed: int = 0) -> np.ndarray:
        """Return `n` codes drawn from p(z) p(y), float32 ``(n, latent_dim_)``."""
        codes = super().sample_prior(n, seed)
        chances = np.exp(self._inference().log_prior.double().cpu().numpy())  # pyright: ignore[reportCallIssue]
        drawn = np.random.default_rng((seed, 1)).choice(len(chances), n, p=chances / chances.sum())
        codes[:, self.latent_dim :] = np.arange(len(chances)) == drawn[:, None]
        return codes

    def divergence(self, X: Dataset | np.ndarray) -> np.ndarray | None:
        """Return the KL of each dimension of z; 0 for the numbers that say the class. See `NeuralModel.divergence`."""
        found = super().divergence(X)
        return None if found is None else np.where(np.arange(len(found)) < self.latent_dim, found, 0.0)

    def _class_weights(self, module: Composition, batch: Batch, k: int, generator: torch.Generator) -> torch.Tensor:
        """Return log p(y) + log p(x|z, y) + log p(z) − log q(z|x, y) of `k` draws for each class, ``(k, B, K)``."""
        import torch

        from explorer.models.parts.conditional import ConditionalComposition

        assert isinstance(module, ConditionalComposition)
        features = module.encoder(batch)
        wide = batch.repeated(k)
        found = []
        for label in range(module.classes):
            coded = module.of_class(features, torch.full((len(batch),), label, device=features.device))
            assert coded.log_variance is not None
            mean, log_variance = (each[:, : self.latent_dim] for each in (coded.mean, coded.log_variance))
            noise = torch.randn((k, *mean.shape), generator=generator, device=mean.device, dtype=mean.dtype)
            z = mean + torch.exp(0.5 * log_variance) * noise
            told = coded.mean[:, self.latent_dim :].expand(k, -1, -1)
            codes = torch.cat([z, told], -1).flatten(0, 1)
            nll = self._nll(module, wide, codes, generator).unflatten(0, (k, -1))
            found.append(module.log_prior[label] - nll + 0.5 * (noise.square() - z.square() + log_variance).sum(-1))
        return torch.stack(found, -1)

    def _log_weights(self, module: Composition, batch: Batch, k: int, generator: torch.Generator) -> torch.Tensor:
        """Return the same of p(x), whatever the class: ``(k, B)``."""
        return self._class_weights(module, batch, k, generator).logsumexp(-1)
