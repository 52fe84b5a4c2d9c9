"""What all variational models share: a distribution of codes, a likelihood of samples, and what these are judged by."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models import collapse
from explorer.models.annealing import Annealing
from explorer.models.generative import GenerativeModel
from explorer.models.likelihood import LOSS_OF, chosen_likelihood
from explorer.models.neural import CHUNK_BYTES
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

if TYPE_CHECKING:
    import torch

    from explorer.models.parts.composition import Composition
    from explorer.models.parts.kl import GaussianKL
    from explorer.models.parts.likelihoods import Likelihood
    from explorer.training.step import Batch

ACTIVE = 0.01
"""A dimension is used if the mean of its posterior varies by more over the samples (Burda et al. 2016)."""
MOST = 2048
"""So many samples tell the mutual information; it takes time with their square."""


@dataclass(kw_only=True, eq=False, repr=False)
class VariationalModel(GenerativeModel):
    """A recipe whose code is a distribution q(z|x), and whose decoder says how likely a sample is: p(x|z).

    Maximises the evidence lower bound E_q[log p(x|z)] − KL(q(z|x) ‖ N(0, I)) (Kingma & Welling 2014). All that is
    called likelihood here is in nats per sample, summed over its observed entries, and a density of the data in their
    own units: the logarithm of the scaling is counted, so that it may be set beside scikit-learn's ``PCA.score``. The
    history tells of the scaled data.

    A recipe's `compose` puts a `VariationalCode`, a decoder, `likelihood_term` and `kl_term` together.
    """

    beta: Annotated[float, Param("Weight β of the KL term; 1 is the ELBO.", ge=0)] = 1.0
    warm_up: Annotated[
        int, Param("Epochs over which β rises from 0, so that the code is not given up.", ge=0, unit="epochs")
    ] = 20
    kl_schedule: Annealing = "linear"
    free_bits: Annotated[
        float, Param("KL of each dimension of the code that costs nothing.", ge=0, unit="nats", advanced=True)
    ] = 0.0

    @property
    def regularised(self) -> bool:
        """Whether the KL term counts."""
        return self.beta > 0

    def chosen_loss(self, spec: SampleSpec) -> str:
        """Return the loss that goes with the likelihood; see `NeuralModel.chosen_loss`."""
        return LOSS_OF[chosen_likelihood(getattr(self, "likelihood", "auto"), spec)]

    def likelihood_term(self, spec: SampleSpec) -> Likelihood:
        """Return the likelihood of samples, by the parameters `likelihood`, `sigma`, `sigma_per` where declared."""
        from explorer.models.parts.likelihoods import (
            BernoulliLikelihood,
            CategoricalLikelihood,
            GaussianLikelihood,
            TokenLikelihood,
        )  # fmt: skip

        name = chosen_likelihood(getattr(self, "likelihood", "auto"), spec)
        if name == "bernoulli":
            return BernoulliLikelihood()
        if spec.vocabulary:
            return TokenLikelihood()
        if name == "categorical":
            return CategoricalLikelihood()
        sigma, per_channel = getattr(self, "sigma", None), getattr(self, "sigma_per", "data") == "channel"
        return GaussianLikelihood(spec.channels if per_channel and sigma is None else 0, sigma)

    def kl_term(self) -> GaussianKL:
        """Return the KL term, by the parameters."""
        from explorer.models.parts.kl import GaussianKL

        return GaussianKL(self.beta, self.warm_up, self.free_bits, schedule=self.kl_schedule)

    def _train(self, dataset: Dataset, rows: tuple[np.ndarray, np.ndarray], *others: Any, **options: Any) -> None:
        """Train, and note where the code is not used in the end."""
        super()._train(dataset, rows, *others, **options)
        if len(self.history_.epochs) < collapse.EARLIEST:
            return
        few = rows[0][:: max(1, len(rows[0]) // MOST)]
        mean, deviation = (each.astype(np.float64) for each in self.posterior(dataset.subset(few)))
        mean, deviation = mean[:, : self.latent_dim], deviation[:, : self.latent_dim]
        kl = 0.5 * (mean**2 + deviation**2 - 1 - 2 * np.log(deviation)).sum(axis=1).mean()
        if note := collapse.told(float(kl), _active(mean), mean.shape[1]):
            self.history_.notes.append(note)

    # The distributions

    def posterior(self, X: Dataset | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and deviation of q(z|x), float32 ``(N, latent_dim_)`` each."""
        import torch

        module, dataset = self._ready(X)
        with torch.inference_mode():
            coded = [module.encode(batch) for batch in self._chunks(dataset, module)]
        mean = torch.cat([each.mean for each in coded]).float().cpu().numpy()
        log_variance = torch.cat([each.log_variance for each in coded if each.log_variance is not None])
        return mean, np.exp(0.5 * log_variance.float().cpu().numpy())

    def draw(self, Z: np.ndarray, n: int = 1, seed: int = 0) -> np.ndarray:
        """Return samples x ~ p(x|z), the noise of the likelihood included; see `GenerativeModel.draw`."""
        import torch

        codes = np.repeat(self._checked_codes(np.atleast_2d(np.asarray(Z))), n, axis=0)
        module = self._inference()
        like, likelihood = next(module.parameters()), self._likelihood(module)
        generator = torch.Generator(like.device).manual_seed(seed)
        rows = self._rows_at_once
        drawn = []
        with torch.inference_mode():
            for start in range(0, len(codes), rows):
                z = torch.tensor(codes[start : start + rows], dtype=like.dtype, device=like.device)
                each = module.decoder.drawn(z, lambda output: likelihood.draw(output, generator))
                drawn.append(each.float().cpu().numpy())
        return self._undone(np.concatenate(drawn) if drawn else np.empty((0, *self.output_shape_), np.float32))

    def spread(self, Z: np.ndarray) -> np.ndarray | None:
        """Return σ of p(x|z) at codes, in the data's own units: float32 ``(N, *output_shape_)``.

        None where the likelihood has none: of 0 and 1, of tokens.
        """
        codes = self._checked_codes(np.atleast_2d(np.asarray(Z)))
        sigma = self._likelihood(self._inference()).sigma()
        if sigma is None:
            return None
        own = sigma.detach().float().cpu().numpy() * self._scaler.scale_
        return np.broadcast_to(own, (len(codes), *self.output_shape_)).astype(np.float32)

    # What they are judged by

    def elbo(self, X: Dataset | np.ndarray, samples: int = 1, seed: int = 0) -> dict[str, float]:
        """Return the evidence lower bound and its two terms, means over the samples of `X`, in nats per sample.

        Where the data have clean targets and the model learnt those, it is the bound of their likelihood. The bound is
        the mean of log p(x|z) + log p(z) − log q(z|x) over draws, which hardly varies where q is close to the true
        posterior (Roeder et al. 2017), the KL is exact, and the likelihood is what remains.

        Parameters
        ----------
        X : Dataset or ndarray
        samples : int
            Draws of each code.
        seed : int

        Returns
        -------
        dict
            "elbo" = −("nll" + "kl").
        """
        import torch

        from explorer.models.parts.kl import gaussian_kl

        module, dataset = self._ready(X)
        bounds, divergences = [], []
        with torch.inference_mode():
            for batch, generator in self._judged(dataset, module, seed):
                bounds.append(self._log_weights(module, batch, samples, generator).mean(0))
                divergences.append(gaussian_kl(*self._coded(module, batch)).sum(1))
            elbo, kl = (torch.cat(each).double().mean().item() for each in (bounds, divergences))
        return {"elbo": elbo, "nll": -elbo - kl, "kl": kl}

    def iwae(self, X: Dataset | np.ndarray, k: int = 64, seed: int = 0) -> float:
        """Return the importance-weighted bound of log p(x) with `k` draws, the mean over samples, in nats.

        With one it is the ELBO; it grows with `k` towards the likelihood (Burda et al. 2016).
        """
        return float(self.log_likelihoods(X, k, seed).mean())

    def log_likelihoods(self, X: Dataset | np.ndarray, k: int = 64, seed: int = 0) -> np.ndarray:
        """Return the bound of log p(x) of each sample, float64 ``(N,)``; see `iwae`."""
        import torch

        module, dataset = self._ready(X)
        with torch.inference_mode():
            bounds = [
                self._log_weights(module, batch, k, generator).logsumexp(0) - math.log(k)
                for batch, generator in self._judged(dataset, module, seed)
            ]
            return torch.cat(bounds).double().cpu().numpy()

    def active_units(self, X: Dataset | np.ndarray) -> int:
        """Return how many dimensions of the code are used: the mean of their posterior varies by more than 0.01."""
        return _active(self.posterior(X)[0][:, : self.latent_dim])

    def mutual_information(self, X: Dataset | np.ndarray, seed: int = 0) -> float:
        """Return how much a code drawn from q(z|x) tells of which sample it is of, in nats.

        I = E[log q(z|x) − log q(z)], with q(z) the mean of the posteriors of all samples (Hoffman & Johnson 2016). It
        is at most log N; of more than 2,048 samples, so many evenly chosen ones are taken.
        """
        from scipy.special import logsumexp

        mean, deviation = (each.astype(np.float64)[:, : self.latent_dim] for each in self.posterior(X))
        few = np.linspace(0, len(mean) - 1, min(MOST, len(mean))).astype(int)
        mean, deviation = mean[few], deviation[few]
        noise = np.random.default_rng(seed).standard_normal(mean.shape)
        z = mean + deviation * noise
        # Constants that are the same in both are left out. Row i, column j: log q(z_i | x_j).
        own = -(0.5 * noise**2 + np.log(deviation)).sum(axis=1)
        all_ = np.zeros((len(z), len(z)))
        for i in range(z.shape[1]):
            all_ -= 0.5 * ((z[:, i, None] - mean[:, i]) / deviation[:, i]) ** 2 + np.log(deviation[:, i])
        return float(np.mean(own - logsumexp(all_, axis=1) + math.log(len(z))))

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return "elbo", "kl", "active_units" and "mutual_information"; see the methods."""
        bound = self.elbo(dataset)
        return {
            **super().measure(dataset),
            "elbo": bound["elbo"],
            "kl": bound["kl"],
            "active_units": float(self.active_units(dataset)),
            "mutual_information": self.mutual_information(dataset),
        }

    # What these are made of

    def _likelihood(self, module: Composition) -> Likelihood:
        from explorer.models.parts.likelihoods import Likelihood

        return next(term for term in module.terms if isinstance(term, Likelihood))

    def _coded(self, module: Composition, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Return mean and log variance of the posterior of z, ``(B, latent_dim)`` each."""
        coded = module.encode(batch)
        assert coded.log_variance is not None
        return coded.mean[:, : self.latent_dim], coded.log_variance[:, : self.latent_dim]

    def _judged(self, dataset: Dataset, module: Composition, seed: int) -> Iterator[tuple[Batch, torch.Generator]]:
        """Return batches that say what of a sample is to be likely, and a generator of what is drawn for them."""
        import torch

        generator = torch.Generator(next(module.parameters()).device).manual_seed(seed)
        for batch in self._chunks(dataset, module, target=self.target):
            yield batch, generator

    def _nll(self, module: Composition, batch: Batch, z: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Return −log p(x|z) of each sample ``(B,)``, a density of the data in their own units."""
        from explorer.training.step import Step

        # As while validating: a decoder that sees the steps before is shown the true ones, which p(x|z) is made of.
        step = Step(self.epochs, self.epochs, False, generator)
        nll = self._likelihood(module).of_samples(module.decoder(z, batch, step), batch)
        return nll + self._log_scale(batch)

    def _log_scale(self, batch: Batch) -> torch.Tensor:
        """Return what the scaling adds to −log p: log of the scale of each observed entry, summed, ``(B,)``."""
        import torch

        scale = torch.from_numpy(np.log(self._scaler.scale_.astype(np.float64))).to(batch.targets)
        entries = scale.expand(batch.targets.shape)
        if batch.observed is not None:
            entries = torch.where(batch.observed, entries, 0.0)
        return entries.flatten(1).sum(1)

    def _log_weights(self, module: Composition, batch: Batch, k: int, generator: torch.Generator) -> torch.Tensor:
        """Return log p(x|z) + log p(z) − log q(z|x) of `k` draws z ~ q(z|x), ``(k, B)``."""
        import torch

        mean, log_variance = self._coded(module, batch)
        spread = torch.exp(0.5 * log_variance)
        at_once = max(1, self._rows_at_once // len(batch))
        found = []
        for start in range(0, k, at_once):
            count = min(at_once, k - start)
            noise = _normal((count, *mean.shape), mean, generator)
            z = mean + spread * noise
            nll = self._nll(module, batch.repeated(count), z.flatten(0, 1), generator).unflatten(0, (count, -1))
            # log p(z) − log q(z|x): what both have in common cancels.
            found.append(-nll + 0.5 * (noise.square() - z.square() + log_variance).sum(-1))
        return torch.cat(found)

    @property
    def _rows_at_once(self) -> int:
        return max(1, CHUNK_BYTES // (8 * math.prod(self.sample_shape_) * self._bulk))


def _active(mean: np.ndarray) -> int:
    return int((mean.astype(np.float64).var(axis=0) > ACTIVE).sum())


def _normal(shape: tuple[int, ...], like: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    import torch

    return torch.randn(shape, generator=generator, device=like.device, dtype=like.dtype)
