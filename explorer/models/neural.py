"""What all models that are trained in epochs share: data in, one loop, codes and samples out, weights saved."""

from __future__ import annotations

import copy
import math
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np

from explorer.data.corruption import parse_corruption
from explorer.data.dataset import TOKENS, Dataset, Layout
from explorer.data.normal_scores import scaler_from, scaler_of
from explorer.data.scaling import typical_size
from explorer.data.times import TimeScale
from explorer.data.tokens import SPECIAL, closed
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.losses import PROBABILITIES, chosen_loss
from explorer.models.samples import Samples, check_shape, checked
from explorer.models.spec import SampleSpec
from explorer.parameters import Param, validate, values_of
from explorer.progress import Progress, Silent
from explorer.training.history import History

if TYPE_CHECKING:
    import torch

    from explorer.models.parts.composition import Composition
    from explorer.training.batches import Batches
    from explorer.training.phases import Phase
    from explorer.training.step import Batch, Step

MANY_NUMBERS = 5_000_000
"""Numbers of all samples from which it is worth the second that compiled kernels take to load, to read them faster."""
CHUNK_BYTES = 2**19
"""Samples are encoded and decoded so many bytes at a time: what the network makes of them then stays in the cache."""


@dataclass(kw_only=True, eq=False, repr=False)
class NeuralModel(LatentModel):
    """A network that is trained in epochs. A recipe declares its parameters and says what it is made of: `compose`.

    Missing values are filled with the mean for the encoder and left out of the loss.
    """

    exact: ClassVar[bool] = False
    """Whether codes are computed in float64, so that they are the same whatever else is in the batch."""

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 2
    hidden: Any = None  # declared by each recipe; it stands here for its place in the form
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 200
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 3e-3
    batch_size: Annotated[int, Param("Samples in a step.", ge=1, le=1_000_000, advanced=True)] = 64
    patience: Annotated[
        int,
        Param("Stop when the validation loss did not fall for so long; 0: never.", ge=0, unit="epochs", advanced=True),
    ] = 40
    corruption: Annotated[
        str | None,
        Param("Spoils the inputs afresh in every epoch, as in gaussian:0.3; the clean are the target.", advanced=True),
    ] = None
    target: Annotated[
        Literal["clean", "input"],
        Param("What to reconstruct: the clean series where the data have them, or the input itself.", advanced=True),
    ] = "clean"
    scaling: Annotated[
        Literal["standard", "minmax", "none"],
        Param("To mean 0 and deviation 1, to 0 … 1, or not at all; undone in every output.", advanced=True),
    ] = "standard"
    schedule: Annotated[
        Literal["cosine", "constant"], Param("How the step size changes over the epochs.", advanced=True)
    ] = "cosine"
    optimiser: Annotated[
        Literal["auto", "adam", "soap"],
        Param("Adam, or SOAP, which learns very small models in fewer steps; auto: by size.", advanced=True),
    ] = "auto"
    weight_decay: Annotated[float, Param("Shrinks the weights, relative to the step size.", ge=0, advanced=True)] = 0.0
    clip: Annotated[float, Param("Largest norm of a gradient; 0: any.", ge=0, advanced=True)] = 1.0
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"], Param("Where to train; auto: the fastest there is.", advanced=True)
    ] = "auto"
    seed: Annotated[int, Param("Of all random numbers.", ge=0, le=2**31 - 1, advanced=True)] = 0

    @abstractmethod
    def compose(self, spec: SampleSpec) -> Composition:
        """Return the network for samples of a spec, with fresh weights from torch's random state."""

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        """Set what of a fresh network depends on the samples at `rows`, those for training, beside its weights."""

    def _spec_of(self, data: SampleSpec | Dataset | tuple[int, ...]) -> SampleSpec:
        """Return what the network has to know of data."""
        return SampleSpec.of(data)

    def _beside(self, dataset: Dataset, *, learning: bool) -> dict[str, np.ndarray]:
        """Return further fields of batches, of all samples of a data set: what the network looks at beside them.

        `learning` tells whether it is for the objective too, or for the encoder alone.
        """
        return {}

    def chosen_loss(self, spec: SampleSpec) -> str:
        """Return the loss that judges a reconstruction: the recipe's parameter `loss` where it declares one."""
        return chosen_loss(getattr(self, "loss", "mse"), spec)

    @property
    def code_width(self) -> int:
        """Width of the whole code; `latent_dim` unless it is made of several."""
        return self.latent_dim

    @property
    def breadth(self) -> int:
        """How many times as much memory as a sample itself its way through the network takes, beyond the usual."""
        return 1

    @property
    def regularised(self) -> bool:
        """Whether something keeps a wide code from copying the input."""
        return self.corruption is not None

    def warnings(self, data: SampleSpec | Dataset | tuple[int, ...]) -> list[str]:
        """Return what a person should know before they train on such data, as sentences."""
        spec = SampleSpec.of(data)
        entries = math.prod(spec.shape)
        if spec.vocabulary or self.decodes != "sample" or self.latent_dim < entries or self.regularised:
            return []
        return [
            f"The code ({self.latent_dim}) is as wide as the sample ({entries}) or wider, and nothing regularises it: "
            "it can copy its input without learning what matters. Take a narrower code, a sparse, contractive or "
            "denoising autoencoder, or a corruption."
        ]

    @property
    def clock(self) -> TimeScale | None:
        """How the times of the steps are scaled for the network; None where it does not look at them."""
        return None

    # Learning

    def fit(
        self,
        X: Dataset | np.ndarray,
        y: object = None,
        *,
        progress: Progress | None = None,
        start_from: NeuralModel | None = None,
    ) -> Self:
        """Train, and keep the weights of the best epoch; see `LatentModel.fit`.

        Parameters
        ----------
        start_from : NeuralModel, optional
            A fitted model; weights that have the same name and shape in both begin as they are there (pre-training).
        """
        import torch

        from explorer.training.device import choose_device

        validate(type(self), values_of(self))
        dataset = checked(self, X, y, reset=True, allow_nan=True)
        self._check_layout(dataset)
        rows = self._parts(dataset, given=isinstance(X, Dataset))
        spec = self._spec_of(dataset)
        scaling = "none" if self.chosen_loss(spec) in PROBABILITIES else self.scaling
        self._spec, self.sample_shape_ = spec, dataset.sample_shape
        self.latent_dim_ = self.code_width
        self._names = {
            "labels": dataset.class_names,
            "masks": dataset.mask_names,
            "tokens": dataset.vocabulary,
            "target tokens": dataset.target_vocabulary if dataset.targets is not None else (),
        }
        self._scaler = scaler_of(scaling).fit(*self._sample_for_scaling(dataset, rows[0]))
        notes = self.warnings(spec)
        device = choose_device(self.device)
        try:
            try:
                self._train(dataset, rows, device, notes, progress, start_from)
            except torch.OutOfMemoryError:
                if device.type == "cpu":
                    raise
                notes.append(f"The memory of the device '{device}' was not enough, so the CPU trained the model.")
                self._train(dataset, rows, torch.device("cpu"), notes, progress, start_from)
        except (InputError, torch.OutOfMemoryError, MemoryError) as reason:
            del self.sample_shape_  # there is nothing to use
            if isinstance(reason, InputError):
                raise
            raise InputError(
                "the memory is not enough for this model", remedy="Choose a smaller batch or fewer hidden units"
            ) from reason
        return self

    def _check_layout(self, dataset: Dataset) -> None:
        if not dataset.vocabulary:
            self._check_axes(dataset.sample_shape, dataset.name)
        if dataset.layout not in self.layouts:
            raise InputError(
                f"{self.title} does not take data of layout '{dataset.layout}'",
                source=dataset.name,
                remedy=f"It takes: {', '.join(self.layouts)}",
            )

    def _check_axes(self, sample_shape: tuple[int, ...], source: str = "") -> None:
        """Raise `InputError` if samples of this shape are of no layout that the model takes."""
        layouts: dict[int, tuple[Layout, ...]] = {1: ("points", "profile"), 2: ("series",), 3: ("image",)}
        if set(self.layouts) <= set(TOKENS):
            raise InputError(
                f"{self.title} does not take samples that are numbers",
                source=source,
                remedy=f"Give a Dataset with a vocabulary, of layout {' or '.join(self.layouts)}",
            )
        if not set(layouts.get(len(sample_shape), ())) & set(self.layouts):
            kinds = {1: "vectors", 2: "series", 3: "images"}
            only_series = self.layouts == ("series",)
            raise InputError(
                f"{self.title} does not take {kinds.get(len(sample_shape), 'samples')} of shape {sample_shape}",
                source=source,
                remedy="Give series (N, T, C): add an axis, X[:, :, None], if each row is a series of one channel"
                if only_series
                else f"It takes: {', '.join(self.layouts)}",
            )

    def _check_spec(self, spec: SampleSpec) -> None:
        if not spec.vocabulary:
            self._check_axes(spec.shape)
        elif not set(TOKENS) & set(self.layouts):
            raise InputError(f"{self.title} does not take tokens", remedy=f"It takes: {', '.join(self.layouts)}")

    def _parts(self, dataset: Dataset, *, given: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return the samples that train and those that validate; of an array a tenth validates."""
        if given:
            train, validation = dataset.indices("train"), dataset.indices("validation")
        else:
            order = np.random.default_rng(self.seed).permutation(len(dataset))
            held = len(dataset) // 10
            train, validation = np.sort(order[held:]), np.sort(order[:held])
        if not len(train):
            raise InputError("no sample is for training", source=dataset.name, remedy="Change the split")
        return train, validation

    def _sample_for_scaling(self, dataset: Dataset, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Return the values of training samples, and which were observed."""
        if dataset.vocabulary:  # numbers of tokens are never scaled
            return np.zeros((1, 1), np.float32), None
        chosen = self._rows_for_scaling(dataset, rows)
        return dataset.values[chosen], None if dataset.observed is None else dataset.observed[chosen]

    def _rows_for_scaling(self, dataset: Dataset, rows: np.ndarray) -> np.ndarray:
        """Return training samples, as many as fit in memory."""
        from explorer.training.batches import BLOCK_BYTES

        most = max(1, BLOCK_BYTES // max(1, dataset.values[0].nbytes))
        return rows[:: max(1, -(-len(rows) // most))]

    def _train(
        self,
        dataset: Dataset,
        rows: tuple[np.ndarray, np.ndarray],
        device: torch.device,
        notes: list[str],
        progress: Progress | None,
        start_from: NeuralModel | None = None,
    ) -> None:
        from explorer.training.device import seeded, threads_for
        from explorer.training.loop import Plan, train

        with seeded(self.seed):
            module = self.compose(self._spec)
        if start_from is not None:
            _take_over(module, start_from._module)
        self._prepare(module, dataset, rows[0])
        module.to(device)
        self._module, self._view = module, None
        self.history_ = History(notes=notes)
        plan = Plan(
            epochs=self.epochs,
            learning_rate=self.learning_rate,
            patience=self.patience,
            weight_decay=self.weight_decay,
            clip=self.clip,
            schedule=self.schedule,
            optimiser=self.optimiser,
            seed=self.seed,
        )
        training = self._batches(dataset, rows[0], device, shuffle=True)
        validation = self._batches(dataset, rows[1], device, shuffle=False) if len(rows[1]) else None
        with threads_for(_count(module), device):
            train(module, training, validation, plan, self.history_, progress=progress or Silent())
        for parameter in module.parameters():
            parameter.grad = None
        self._settle(module)

    def _batches(self, dataset: Dataset, rows: np.ndarray, device: torch.device, *, shuffle: bool) -> Batches:
        from explorer.training.batches import Batches

        corruption = None if self.corruption is None else parse_corruption(self.corruption).on(dataset)
        samples = Samples(
            dataset,
            rows,
            self._scaler,
            target=self.target,
            corruption=corruption,
            size=None if corruption is None else typical_size(dataset),
            needs=self.needs,
            beside=self._beside(dataset, learning=True),
            clock=self.clock,
        )
        # Without gradients four times as many samples take no more memory.
        size = self.batch_size if shuffle else 4 * self.batch_size
        return Batches(samples, size, device, seed=self.seed, shuffle=shuffle)

    def size(self, data: SampleSpec | Dataset | tuple[int, ...]) -> int:
        """Return how many numbers it would learn; see `LatentModel.size`."""
        import torch

        spec = self._spec_of(data)
        self._check_spec(spec)
        with torch.device("meta"):
            return _count(self.compose(spec))

    def estimate_seconds(self, data: SampleSpec | Dataset | tuple[int, ...], n: int) -> float:
        """Return about how long all epochs over `n` training samples take here, by trying a few steps.

        Training may well stop earlier.
        """
        import torch

        from explorer.training.device import choose_device, seeded, threads_for
        from explorer.training.phases import allotted, phases_of
        from explorer.training.step import Batch, Step

        spec = self._spec_of(data)
        self._check_spec(spec)
        device = choose_device(self.device)
        with seeded(self.seed):
            module = self.compose(spec).to(device)
        generator = torch.Generator(device).manual_seed(self.seed)
        rows = min(self.batch_size, n)
        if spec.vocabulary:
            inputs = torch.randint(spec.vocabulary, (rows, *spec.shape), generator=generator, device=device)
        else:
            inputs = torch.randn((rows, *spec.shape), generator=generator, device=device)
        known = {
            "labels": torch.zeros(rows, dtype=torch.int64, device=device),
            "masks": torch.zeros((rows, *spec.places), dtype=torch.int64, device=device),
            "targets": torch.zeros((rows, spec.target_steps), dtype=torch.int64, device=device),
        }
        batch = Batch(**{"inputs": inputs, "targets": inputs, **{name: known[name] for name in self.needs}})
        step = Step(self.epochs // 2, self.epochs, True, generator)  # teacher forcing has fallen by then
        phases = phases_of(module)
        seconds = 0.0
        with threads_for(_count(module), device):
            for phase, epochs in zip(phases, allotted(phases, self.epochs), strict=True):
                seconds += epochs * self._seconds_of_step(phase, batch, step, device)
        validating = 1.1
        return math.ceil(n / self.batch_size) * seconds * validating

    def _seconds_of_step(self, phase: Phase, batch: Batch, step: Step, device: torch.device) -> float:
        """Return the time that a step takes, the fastest of a few."""
        from explorer.training.optimiser import make_optimiser

        optimisers = [make_optimiser(turn.parameters, device, kind=self.optimiser) for turn in phase.turns]
        at_once, fastest = 8, math.inf
        sweep = phase.sweep(batch.repeated(at_once), optimisers)
        for _ in range(4):  # the first one warms up
            start = time.perf_counter()
            if sweep is not None:
                compiled, optimiser = sweep
                compiled.train(optimiser, 0, len(batch), np.zeros(at_once), self.clip)
                fastest = min(fastest, (time.perf_counter() - start) / at_once)
                continue
            for turn, optimiser in zip(phase.turns, optimisers, strict=True):
                for _ in range(turn.times):
                    optimiser.zero()
                    loss = turn.objective(batch, step)["loss"]
                    loss.backward()
                    optimiser.step(0.0)
                    loss.item()  # waits for the device
            fastest = min(fastest, time.perf_counter() - start)
        return fastest

    # Use

    @contextmanager
    def reading(self, n: int) -> Iterator[None]:
        """Compute without gradients; of many samples by the kernels of a training, see `LatentModel.reading`."""
        import torch

        from explorer.models.parts.differentiation import reading_by_kernels

        many = n * math.prod(self.sample_shape_) >= MANY_NUMBERS
        with torch.inference_mode(), reading_by_kernels() if many else nullcontext():
            yield

    def transform(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the codes, float32 ``(N, latent_dim_)``; see `LatentModel.transform`."""
        module, dataset = self._ready(X)
        with self.reading(len(dataset)):
            codes = [module.encode(batch).mean.float().cpu().numpy() for batch in self._chunks(dataset, module)]
        return np.concatenate(codes)

    def divergence(self, X: Dataset | np.ndarray) -> np.ndarray | None:
        """Return KL(q(z|x) ‖ N(0, 1)) of each dimension of the code in nats, the mean over samples: ``(latent_dim_,)``.

        None where a code is a point and no distribution.
        """
        import torch

        from explorer.models.parts.kl import gaussian_kl

        module, dataset = self._ready(X)
        with torch.inference_mode():
            coded = [module.encode(batch) for batch in self._chunks(dataset, module)]
            each = [gaussian_kl(it.mean, it.log_variance) for it in coded if it.log_variance is not None]
            return torch.cat(each).mean(0).double().cpu().numpy() if each else None

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """Return what the decoder writes, float32 ``(N, *output_shape_)``; see `LatentModel.inverse_transform`."""
        import torch

        codes = self._checked_codes(Z)
        module = self._inference()
        like = next(module.parameters())
        rows = max(1, CHUNK_BYTES // (8 * math.prod(self.sample_shape_) * self._bulk))
        with torch.inference_mode():
            decoded = [
                _numbers(module.decode(torch.tensor(codes[start : start + rows], dtype=like.dtype, device=like.device)))
                for start in range(0, len(codes), rows)
            ]
        return self._undone(np.concatenate(decoded) if decoded else np.empty((0, *self.output_shape_), np.float32))

    def reconstruct(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return what the decoder makes of the codes of `X`, as long as `X`; see `LatentModel.reconstruct`."""
        module, dataset = self._ready(X)
        with self.reading(len(dataset)):
            decoded = [
                _numbers(module.decode(module.encode(batch).mean, batch)) for batch in self._chunks(dataset, module)
            ]
        return self._undone(np.concatenate(decoded))

    def _undone(self, decoded: np.ndarray) -> np.ndarray:
        """Return what was decoded in the data's own units; probabilities of masks have none.

        Tokens are the likeliest where a decoder wrote the logits of all, and nothing follows the end of a text.
        """
        if self._spec.vocabulary:
            ids = (decoded.argmax(axis=-1) if decoded.ndim == 3 else decoded).astype(np.int32)
            words = self.target_vocabulary_ if self.decodes == "translation" else self.vocabulary_
            return closed(ids) if words[: len(SPECIAL)] == SPECIAL else ids
        return decoded if self.decodes == "masks" else self._scaler.undo(decoded)

    @property
    def output_shape_(self) -> tuple[int, ...]:
        """Shape of what the decoder writes of one code."""
        if self.decodes == "translation":
            return (self._spec.target_steps,)
        return (*self._spec.places, self._spec.mask_classes) if self.decodes == "masks" else self.sample_shape_

    @property
    def class_names_(self) -> tuple[str, ...]:
        """Names of the labels that it learnt from."""
        return self._names["labels"]

    @property
    def mask_names_(self) -> tuple[str, ...]:
        """Names of the classes of steps or pixels that it learnt from."""
        return self._names["masks"]

    @property
    def vocabulary_(self) -> tuple[str, ...]:
        """The tokens that it learnt from, in the order of their numbers; empty where it learnt from numbers."""
        return self._names.get("tokens", ())

    @property
    def target_vocabulary_(self) -> tuple[str, ...]:
        """The tokens of the language into which it learnt to translate."""
        return self._names.get("target tokens", ())

    @property
    def _bulk(self) -> int:
        """How many numbers stand for each entry of a sample on its way through the network."""
        return self.breadth * max(1, self._spec.vocabulary, self._spec.target_vocabulary)

    def _ready(self, X: Dataset | np.ndarray) -> tuple[Composition, Dataset]:
        self._check_fitted()
        dataset = checked(self, X, reset=False, allow_nan=True)
        module = self._inference()
        check_shape(dataset, self.sample_shape_, any_length=module.encoder.any_length)
        return module, dataset

    def _chunks(
        self, dataset: Dataset, module: Composition, *, target: Literal["clean", "input"] = "input"
    ) -> Iterator[Batch]:
        """Return the samples as batches on the module's device and of its precision, made one after the other."""
        import torch

        from explorer.training.step import Batch

        like = next(module.parameters())
        beside = self._beside(dataset, learning=False)
        every = np.arange(len(dataset))
        samples = Samples(dataset, every, self._scaler, target=target, beside=beside, clock=self.clock)
        rows = max(1, CHUNK_BYTES // max(1, samples.sample_bytes * self._bulk))

        def batch(start: int) -> Batch:
            fields = samples.gather(np.arange(start, min(start + rows, len(dataset))))
            moved: dict[int, torch.Tensor] = {}  # inputs may be their own targets
            for array in fields.values():
                if id(array) not in moved:
                    tensor = torch.from_numpy(array).to(like.device)
                    moved[id(array)] = tensor.to(like.dtype) if tensor.is_floating_point() else tensor
            return Batch(**{name: moved[id(array)] for name, array in fields.items()})

        return map(batch, range(0, len(dataset), rows))

    def _inference(self) -> Composition:
        """Return the network to use, in eval mode; while it trains the weights change from call to call."""
        if self._view is None:
            return self._copy()
        return self._view

    def _settle(self, module: Composition) -> None:
        """Keep a trained network on the CPU."""
        module.to("cpu")
        module.train(False)
        self._module = module
        self._view = self._copy()

    def _copy(self) -> Composition:
        if not self.exact:
            return self._module
        weights = self._module.state_dict().items()
        # Apple's GPUs know no double precision: what is looked at while it trains is a little less exact there.
        return self._filled_with({name: each if each.is_mps else each.double() for name, each in weights})

    def _filled_with(self, weights: dict[str, torch.Tensor]) -> Composition:
        """Return a network of this recipe that holds just these tensors."""
        chosen = validate(type(self), values_of(self))
        module = copy.deepcopy(_skeleton(type(self), tuple(chosen.items()), self._spec))
        module.load_state_dict(weights, assign=True)
        module.train(False)
        return module

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.two_d_array = "profile" in self.layouts
        return tags

    # Saving

    def _arrays(self) -> dict[str, np.ndarray]:
        weights = {f"weights.{name}": value.cpu().numpy() for name, value in self._module.state_dict().items()}
        return {**weights, **{f"scaling.{name}": array for name, array in self._scaler.to_arrays().items()}}

    def _facts(self) -> dict[str, Any]:
        names = {kind: list(names) for kind, names in self._names.items()}
        history = asdict(self.history_)
        return {**self._shape_facts(), "spec": self._spec.to_json(), "names": names, "history": history}

    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        import msgspec
        import torch

        def named(prefix: str) -> dict[str, np.ndarray]:
            return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}

        # Models saved before 0.2 tell no more than the shape.
        shape = tuple(int(size) for size in facts["sample_shape"])
        self._spec = SampleSpec.from_json(facts["spec"]) if "spec" in facts else SampleSpec(shape)
        self._restore_shape(facts, self.code_width)
        kinds = ("labels", "masks", "tokens", "target tokens")
        self._names = {kind: tuple(facts.get("names", {}).get(kind, ())) for kind in kinds}
        self.history_ = msgspec.convert(facts["history"], History)
        self._scaler = scaler_from(named("scaling."))
        self._settle(
            self._filled_with({name: torch.from_numpy(array.copy()) for name, array in named("weights.").items()})
        )


@lru_cache(maxsize=8)
def _skeleton(recipe: type[NeuralModel], params: tuple[tuple[str, Any], ...], spec: SampleSpec) -> Composition:
    """Return a network without weights. While a run trains it is read again and again, and only its weights change."""
    import torch

    with torch.device("meta"):
        return recipe(**dict(params)).compose(spec)


def _take_over(module: torch.nn.Module, other: torch.nn.Module) -> None:
    """Begin with the weights of another network wherever it has some of the same name and shape."""
    own, theirs = module.state_dict(), other.state_dict()
    shared = {name: theirs[name] for name in own if name in theirs and theirs[name].shape == own[name].shape}
    module.load_state_dict({**own, **shared})


def _numbers(decoded: torch.Tensor) -> np.ndarray:
    """Return what a decoder wrote as float32; numbers of tokens as they are."""
    return (decoded.float() if decoded.is_floating_point() else decoded).cpu().numpy()


def _count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
