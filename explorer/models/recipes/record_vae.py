"""Variational autoencoder of records with gaps, as those of patients."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset, Layout
from explorer.data.facts import Facts
from explorer.models.mixture import Mixture
from explorer.models.neural import NeuralModel
from explorer.models.spec import SampleSpec
from explorer.models.variational import VariationalModel
from explorer.parameters import Param
from explorer.progress import Progress

if TYPE_CHECKING:
    import torch

    from explorer.models.parts.composition import Composition
    from explorer.models.parts.records import RecordDecoder, RecordLikelihood
    from explorer.training.step import Batch

LEARNT = 20_000
"""Records at most whose codes tell where codes lie."""


@dataclass(kw_only=True, eq=False, repr=False)
class RecordVAE(VariationalModel):
    """Generates records of irregular measurements: what is measured when, what is found, and what is known of a person.

    Which variables are measured at a step, and what is found, depend on what was measured before and on the code;
    missing values are not filled in but generated as missing. Facts of the whole record (columns) and its label come of
    the code, too, so that what is generated can be learnt from; labels are never shown to the encoder. Values are
    learnt as normal scores of each variable: a generated one is always one that was measured, whole numbers stay whole.
    New codes are drawn from a few Gaussians that are fitted to those of the training records.
    Its likelihood is that of the scores and of the gaps.
    """

    title: ClassVar[str] = "Record VAE (gaps)"
    family: ClassVar[str] = "Generative"
    layouts: ClassVar[tuple[Layout, ...]] = ("series",)

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 16
    hidden: Annotated[int, Param("Units of the decoder; the encoder has half as many each way.", ge=2, le=4096)] = 64
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 60
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 4e-3
    kinds: Annotated[int, Param("Kinds of moments, each with what is measured together.", ge=1, le=256)] = 8
    outcome_weight: Annotated[float, Param("How often the nats of a label count.", ge=0, le=1e6)] = 10.0
    step_dropout: Annotated[
        float, Param("Share of the past steps that the decoder is not shown while it trains.", ge=0, le=1)
    ] = 0.2
    scaling: Annotated[  # pyright: ignore[reportIncompatibleVariableOverride] - a kind more than others have
        Literal["normal", "standard", "minmax", "none"],
        Param(
            "To normal scores by each variable's own distribution, or linearly; undone in every output.", advanced=True
        ),
    ] = "normal"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return GRU over values and gaps → Gaussian code → autoregressive decoder, and heads for facts and label."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.records import (
            CodeHead,
            FactsNLL,
            OutcomeNLL,
            RecordDecoder,
            RecordEncoder,
            RecordLikelihood,
        )

        encoder = RecordEncoder(spec.channels, max(1, self.hidden // 2), spec.steps, spec.facts)
        decoder = RecordDecoder(self.latent_dim, self.hidden, spec.steps, spec.channels, self.kinds, self.step_dropout)
        likelihood = RecordLikelihood(spec.channels, self.kinds)
        terms: list[Any] = [likelihood, self.kl_term()]
        heads: dict[str, Any] = {}
        if spec.facts:
            heads["facts"] = CodeHead(self.latent_dim, self.hidden, FactsNLL.width(spec.facts))
            terms.append(FactsNLL(spec.facts))
        if spec.classes:
            heads["label"] = CodeHead(self.latent_dim, self.hidden, spec.classes)
            terms.append(OutcomeNLL(self.outcome_weight))
        code = VariationalCode(encoder.width, self.latent_dim)
        return Composition(encoder, code, decoder, terms, heads=heads, link=likelihood.link)

    # What of the data it looks at beside the series

    def chosen_loss(self, spec: SampleSpec) -> str:
        """Return the loss of numbers, whatever these are."""
        return "mse"

    def _spec_of(self, data: SampleSpec | Dataset | tuple[int, ...]) -> SampleSpec:
        spec = super()._spec_of(data)
        return replace(spec, facts=_facts_of(data, data.indices("train")).sizes) if isinstance(data, Dataset) else spec

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        super()._prepare(module, dataset, rows)
        self._facts_known = _facts_of(dataset, rows)

    def _beside(self, dataset: Dataset, *, learning: bool) -> dict[str, np.ndarray]:
        beside: dict[str, np.ndarray] = {}
        if self._facts_known.facts:
            beside["facts"] = self._facts_known.apply(dataset.columns, len(dataset))
        if learning and dataset.labels is not None:
            beside["labels"] = dataset.labels.astype(np.int64)
        return beside

    def _train(
        self,
        dataset: Dataset,
        rows: tuple[np.ndarray, np.ndarray],
        device: torch.device,
        notes: list[str],
        progress: Progress | None,
        start_from: NeuralModel | None = None,
    ) -> None:
        self._mixture = None
        super()._train(dataset, rows, device, notes, progress, start_from)
        self._mixture = self._learnt_mixture(dataset.subset(rows[0][:LEARNT]))

    def _learnt_mixture(self, data: Dataset) -> Mixture | None:
        """Return where the codes of records lie: of N(0, I) they leave much empty, where nothing was learnt."""
        mean, deviation = self.posterior(data)
        drawn = mean + deviation * np.random.default_rng(self.seed).standard_normal(mean.shape)
        return Mixture.of(drawn, self.seed) if np.isfinite(drawn).all() else None

    # What it generates

    def sample_prior(self, n: int, seed: int = 0) -> np.ndarray:
        """Return `n` codes drawn from a few Gaussians fitted to those of records, float32 ``(n, latent_dim_)``.

        The second stage of Ghosh et al. 2020: posteriors do not fill N(0, I), and what lies between them decodes to
        records such as nobody has. Of a training that is under way it is N(0, I).
        """
        return super().sample_prior(n, seed) if self._mixture is None else self._mixture.draw(n, seed)

    def generate(self, n: int, seed: int = 0) -> Dataset:
        """Return `n` records from the prior, with their gaps, facts and labels."""
        return self.records(self.sample_prior(n, seed), seed)

    def records(self, Z: np.ndarray, seed: int = 0) -> Dataset:
        """Return a record drawn from each code ``(N, latent_dim_)``."""
        import torch

        codes = self._checked_codes(Z)
        values = self.draw(codes, 1, seed)
        there = np.isfinite(values)
        module = self._inference()
        generator = torch.Generator().manual_seed(seed + 1)
        columns: dict[str, np.ndarray] = {}
        labels = None
        with torch.inference_mode():
            z = torch.tensor(codes, dtype=torch.float32)
            if "facts" in module.heads:
                facts = self._term(module, "facts").draw(self._told(module, "facts", z), generator)
                columns = self._facts_known.undo(facts.numpy())
            if "label" in module.heads:
                chances = self._told(module, "label", z).softmax(1)
                labels = torch.multinomial(chances, 1, generator=generator)[:, 0].numpy()
        return Dataset(
            values=values,
            name="generated records",
            observed=None if there.all() else there,
            columns=columns,
            labels=labels,
            class_names=self.class_names_ if labels is not None else (),
            split=np.zeros(len(values), np.int8),
        )

    def spread(self, Z: np.ndarray) -> np.ndarray:
        """Return about σ of p(x|z) at codes, in the data's own units, float32 ``(N, *output_shape_)``.

        Half the way from one deviation of the scores below the mean to one above it.
        """
        output, likelihood = self._written(Z)
        mean, sigma = likelihood.means(output), likelihood.deviations(output)
        high, low = (self._undone((mean + sign * sigma).numpy()) for sign in (1, -1))
        return (high - low) / 2

    def decided(self, Z: np.ndarray) -> np.ndarray:
        """Return the records that codes decode to with their gaps: float32 ``(N, T, C)``, NaN where not measured.

        What is measured is decided by chance that is kept with the model, so that a code always gives the same.
        """
        means, recorded = self.with_gaps(Z)
        return np.where(recorded, means, np.float32(np.nan))

    def with_gaps(self, Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the means of all entries, and which are recorded: both ``(N, T, C)``, of one pass of the decoder."""
        import torch

        output, likelihood = self._written(Z)
        with torch.inference_mode():
            recorded = self._record_decoder(self._inference()).recorded(output).numpy()
        return self._undone(likelihood.means(output).numpy()), recorded

    def chances(self, Z: np.ndarray) -> np.ndarray:
        """Return how likely each variable is measured at each step, given what was before: ``(N, T, C)``."""
        output, likelihood = self._written(Z)
        return likelihood.chances(output).numpy()

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return what variational models are judged by; the ELBO is of normal scores and gaps, not of facts."""
        return super().measure(dataset)

    # What these are made of

    def _written(self, Z: np.ndarray) -> tuple[torch.Tensor, RecordLikelihood]:
        import torch

        module = self._inference()
        codes = torch.tensor(self._checked_codes(np.atleast_2d(np.asarray(Z))), dtype=torch.float32)
        likelihood: Any = self._likelihood(module)
        with torch.inference_mode():
            return module.decoder(codes), likelihood

    def _record_decoder(self, module: Composition) -> RecordDecoder:
        decoder: Any = module.decoder
        return decoder

    def _term(self, module: Composition, name: str) -> Any:
        return next(term for term in module.terms if term.name == name)

    def _told(self, module: Composition, head: str, z: torch.Tensor) -> torch.Tensor:
        from explorer.models.parts.composition import Coded

        return module.heads[head](Coded(z, z))

    def _log_scale(self, batch: Batch) -> torch.Tensor:
        """Return 0 for normal scores: ranks have no density in the data's own units."""
        if self.scaling != "normal":
            return super()._log_scale(batch)
        return batch.inputs.new_zeros(len(batch))

    # Saving

    def _facts(self) -> dict[str, Any]:
        return {**super()._facts(), "columns": self._facts_known.to_json()}

    def _arrays(self) -> dict[str, np.ndarray]:
        return {**super()._arrays(), **({} if self._mixture is None else self._mixture.to_arrays())}

    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        self._facts_known = Facts.from_json(facts["columns"])
        self._mixture = Mixture.from_arrays(arrays)
        super()._restore(arrays, facts)


def _facts_of(data: Dataset, rows: np.ndarray) -> Facts:
    return Facts({name: np.asarray(column)[rows] for name, column in data.columns.items()})
