"""What all recipes share that see a series as a curve in continuous time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

import numpy as np

from explorer.data.dataset import Dataset, Layout
from explorer.data.times import TimeScale, check_observed
from explorer.errors import InputError
from explorer.models.base import Decodes
from explorer.models.neural import NeuralModel
from explorer.models.spec import SampleSpec
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.parts.dynamics import Solver
    from explorer.models.parts.ode_decoder import OdeDecoder

Between = Annotated[
    Literal["euler", "dopri5"],
    Param(
        "How the encoder's state moves between observations: in steps of at most a fiftieth of the time, as the "
        "authors' program does, or in steps that fit themselves to the error, which takes far longer.",
        advanced=True,
    ),
]
"""The parameter that recipes with an ODE-RNN declare as ``between: Between = "euler"``."""
POINTS = 100
"""Of a decoded curve, over the time of the training data."""


@dataclass(kw_only=True, eq=False, repr=False)
class ContinuousModel(NeuralModel):
    """A recipe whose decoder solves an equation from the code on: its samples are curves, known at any time.

    Steps may be at irregular times, of each sample its own, and some may be missing. What is decoded is a curve at
    `output_times_`, which goes on beyond the last observation; `reconstruct` answers at the samples' own times.

    Attributes
    ----------
    evaluations_ : int
        How often the decoder's equation was asked by the last decode.
    """

    layouts: ClassVar[tuple[Layout, ...]] = ("series",)
    family: ClassVar[str] = "Continuous time"
    decodes: ClassVar[Decodes] = "curve"

    latent_dim: Annotated[int, Param("Width of the code, the state at the start of time.", ge=1, le=4096)] = 8
    hidden: Annotated[int, Param("Units of each hidden layer of the equation dz/dt = f(z).", ge=1, le=4096)] = 100
    layers: Annotated[int, Param("Hidden layers of the equation.", ge=1, le=8, advanced=True)] = 1
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 150
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 1e-2
    batch_size: Annotated[int, Param("Samples in a step.", ge=1, le=1_000_000, advanced=True)] = 50
    emission: Annotated[
        int,
        Param("Units of the layer between state and values; 0: none, they are linear.", ge=0, le=4096, advanced=True),
    ] = 0
    beyond: Annotated[
        float,
        Param("How far curves go on after the last time that was learnt from, as a share of the whole.", ge=0, le=100),
    ] = 1.0
    rtol: Annotated[
        float, Param("Error that a step of the solver may have, relative to the state.", gt=0, le=1, advanced=True)
    ] = 1e-3
    atol: Annotated[float, Param("The same, in all.", gt=0, le=1, advanced=True)] = 1e-4
    gradients: Annotated[
        Literal["direct", "adjoint"],
        Param(
            "Through the solver's steps, or by the adjoint equation, which saves memory and is slower.", advanced=True
        ),
    ] = "direct"

    @property
    def clock(self) -> TimeScale | None:
        """How the times of the steps are scaled: 0 where the training data begin and 1 where they end."""
        return self._clock

    # Learning

    def _check_layout(self, dataset: Dataset) -> None:
        super()._check_layout(dataset)
        check_observed(dataset.values, dataset.lengths, source=dataset.name, name=dataset.sample_name)

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        """Learn how long the time of the training data is."""
        super()._prepare(module, dataset, rows)
        self._clock = TimeScale.of(dataset.all_times[rows], _known(dataset, rows, self.target))

    # Use

    @property
    def output_times_(self) -> np.ndarray:
        """Times of a decoded curve, float64 ``(G,)``, in the data's own unit."""
        from explorer.models.parts.ode_decoder import curve_times

        return self._clock.undo(np.array(curve_times(self.beyond, POINTS)))

    @property
    def output_shape_(self) -> tuple[int, ...]:
        """Shape of a decoded curve: ``(G, C)``."""
        return (len(self.output_times_), self.sample_shape_[-1])

    def curves(self, X: Dataset | np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return the curves of samples at any times: between the observations, and beyond them.

        Parameters
        ----------
        X : Dataset or ndarray ``(N, T, C)``
        times : ndarray ``(G,)`` or ``(N, G)``
            In the data's own unit, ascending.

        Returns
        -------
        ndarray, float32, ``(N, G, C)``
        """
        times = np.asarray(times, dtype=np.float64)
        if not np.isfinite(times).all() or times.ndim not in (1, 2) or (np.diff(times, axis=-1) < 0).any():
            raise InputError("the times to decode at do not ascend", remedy="Give finite times, sorted")
        return self.curves_of(self.transform(X), times)

    def curves_of(self, Z: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return the curves of codes ``(N, latent_dim_)`` at times ``(G,)`` or ``(N, G)``; see `curves`."""
        import torch

        from explorer.training.step import Batch

        codes = self._checked_codes(Z)
        module = self._inference()
        like = next(module.parameters())
        scaled = np.broadcast_to(self._clock.apply(times), (len(codes), np.shape(times)[-1]))
        asked = torch.tensor(np.ascontiguousarray(scaled), device=like.device)
        nothing = torch.zeros((len(codes), asked.shape[1], self.sample_shape_[-1]), device=like.device)
        with torch.inference_mode(), self._counted(module):
            z = torch.tensor(codes, dtype=like.dtype, device=like.device)
            written = module.decode(z, Batch(nothing, nothing, times=asked)) if len(z) else nothing
        return self._undone(written.float().cpu().numpy())

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """Return curves, float32 ``(N, G, C)``, at `output_times_`; see `LatentModel.inverse_transform`."""
        self._check_fitted()
        with self._counted(self._inference()):
            return super().inverse_transform(Z)

    def reconstruct(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the curves of `X` at its own times ``(N, T, C)``; see `LatentModel.reconstruct`."""
        self._check_fitted()
        with self._counted(self._inference()):
            return super().reconstruct(X)

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return how often the equation is asked to decode one sample."""
        some = dataset.subset(np.arange(min(1, len(dataset))))
        self.inverse_transform(self.transform(some))
        return {**super().measure(dataset), "function_evaluations": float(self.evaluations_)}

    def _ready(self, X: Dataset | np.ndarray) -> tuple[Composition, Dataset]:
        module, dataset = super()._ready(X)
        check_observed(dataset.values, dataset.lengths, source=dataset.name, name=dataset.sample_name)
        return module, dataset

    @contextmanager
    def _counted(self, module: Composition) -> Iterator[None]:
        """Count how often the decoder's equation is asked meanwhile."""
        field = cast("OdeDecoder", module.decoder).field
        before = field.evaluations
        yield
        self.evaluations_ = field.evaluations - before

    # Its parts

    def _solver(self) -> Solver:
        from explorer.models.parts.dynamics import Solver

        return Solver(self.rtol, self.atol, self.gradients)

    def _decoder(self, spec: SampleSpec, width: int | None = None) -> OdeDecoder:
        """Return the decoder whose state is `width` wide, by default as wide as the code."""
        from explorer.models.parts.dynamics import Field
        from explorer.models.parts.ode_decoder import OdeDecoder

        return OdeDecoder(
            self.latent_dim,
            spec.channels,
            Field(self.latent_dim if width is None else width, self.hidden, self.layers),
            width=width,
            hidden=self.emission,
            solver=self._solver(),
            beyond=self.beyond,
            points=POINTS,
        )

    # Saving

    def _facts(self) -> dict[str, Any]:
        return {**super()._facts(), "clock": self._clock.to_json()}

    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        self._clock = TimeScale(**facts["clock"])
        super()._restore(arrays, facts)


def _known(dataset: Dataset, rows: np.ndarray, target: str) -> np.ndarray:
    """Return at which steps of some samples something is known to learn from, bool ``(n, T)``."""
    values = dataset.values if target == "input" or dataset.targets is None else dataset.targets
    known = np.isfinite(values[rows]).max(axis=2)
    if dataset.lengths is not None:
        known &= np.arange(known.shape[1]) < dataset.lengths[rows][:, None]
    return known
