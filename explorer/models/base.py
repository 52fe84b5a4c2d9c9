"""What every model is: scikit-learn's conventions, over arrays or `Dataset`, saved without pickle."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np

from explorer.data.dataset import Dataset, Layout
from explorer.errors import InputError, UnsupportedError
from explorer.models.spec import SampleSpec
from explorer.parameters import parameters, validate, values_of
from explorer.progress import Progress
from explorer.registry import Registry

FORMAT = 1

Decodes = Literal["sample", "future", "masks", "translation", "curve"]
"""What a decoder may write; see `LatentModel.decodes`."""
Need = Literal["labels", "masks", "targets"]
"""What else of the data a model may learn from."""


@dataclass(kw_only=True, eq=False, repr=False)
class LatentModel(ABC):
    """An estimator that gives every sample a code, and a code a sample.

    A recipe is a keyword-only dataclass in a file of `explorer.models.recipes`; its fields with a `Param` are its
    parameters (scikit-learn's ``get_params``), which `__init__` only stores. `fit` learns attributes that end in
    ``_``. The same seed and data give the same numbers.

    Attributes
    ----------
    latent_dim_ : int
        Width of the code.
    sample_shape_ : tuple of int
        Shape of one sample, as seen by `fit`.
    n_features_in_ : int
        D of ``(N, D)`` data (only after fitting such data).
    history_ : History
        The training; empty for models that are not trained in epochs.
    """

    title: ClassVar[str] = ""
    """What a person calls the model: ``"LSTM autoencoder"``."""
    layouts: ClassVar[tuple[Layout, ...]] = ("series", "image", "points", "profile")
    """The layouts of data that it takes."""
    family: ClassVar[str] = "Autoencoders"
    """Under which heading it stands in the menu of models."""
    can_decode: ClassVar[bool] = True
    decodes: ClassVar[Decodes] = "sample"
    """What its decoder writes: samples; samples of which only the last steps are known, the others NaN; the
    probability of every class of every step or pixel; sentences of another language; or a series at times of the
    decoder's own, `output_times_`."""
    generative: ClassVar[bool] = False
    """Whether codes drawn from a prior decode to new samples; see `explorer.models.variational.VariationalModel`."""
    needs: ClassVar[tuple[Need, ...]] = ()
    """What else of the data it learns from, beside the samples."""

    @abstractmethod
    def fit(self, X: Dataset | np.ndarray, y: object = None, *, progress: Progress | None = None) -> Self:
        """Learn from the samples.

        Parameters
        ----------
        X : Dataset or ndarray ``(N, D)``, ``(N, T, C)``, ``(N, H, W, C)``
            Of a `Dataset` the train part is learnt from, and the validation part stops the training; the test part
            is not looked at. Of an array every sample is learnt from (neural models hold out a tenth to validate).
        y : ndarray, optional
            Labels ``(N,)`` or masks ``(N, T)``, ``(N, H, W)`` of an array, for models that need them; else ignored.
        progress : Progress, optional
            Gets `explorer.training.history.Epoch` payloads from models that are trained in epochs.

        Raises
        ------
        InputError
            If the data cannot be learnt from; it says what and why.
        """

    @abstractmethod
    def transform(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the codes of all samples of `X`, whatever their part: ``(N, latent_dim_)``."""

    def reading(self, n: int) -> AbstractContextManager[None]:
        """Return a context in which parts of `n` samples are encoded one after the other, as fast as is worth it.

        The codes are those of `transform`, to the precision of their numbers.
        """
        return nullcontext()

    @abstractmethod
    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """Return what the decoder writes of codes ``(N, latent_dim_)``; see `decodes`.

        Returns
        -------
        ndarray, float32, ``(N, *output_shape_)``
            Samples in the data's own units, or probabilities. Of tokens int32: their numbers.

        Raises
        ------
        UnsupportedError
            If the model has no decoder.
        """

    def with_gaps(self, Z: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Return what `inverse_transform` does, and which entries of it would be recorded: bool, None where all are."""
        return self.inverse_transform(Z), None

    def fit_transform(
        self, X: Dataset | np.ndarray, y: object = None, *, progress: Progress | None = None
    ) -> np.ndarray:
        """Fit, and return the codes of the same samples."""
        return self.fit(X, y, progress=progress).transform(X)

    def reconstruct(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return what the decoder makes of the codes of `X`: the denoised samples, in the data's own units."""
        return self.inverse_transform(self.transform(X))

    def score(self, X: Dataset | np.ndarray, y: object = None) -> float:
        """Return minus the mean squared error of `reconstruct`, in the data's units squared.

        The greater the better, as scikit-learn's searches want it. A `Dataset` with clean targets is judged by those,
        and missing values do not count; NaN where nothing is known. Of tokens it is minus the share that is wrong.
        """
        errors = self.errors(X)
        known = np.isfinite(errors)
        return -float(errors[known].mean(dtype=np.float64)) if known.any() else float("nan")

    def errors(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the squared errors of `reconstruct`, float32 ``(N, *sample_shape_)``, in the data's units squared.

        The clean targets are the truth where there are some. NaN where nothing is known or written. What is scored as
        an outlier is scored by these. Of tokens they are 1 where one is wrong, else 0, and NaN past the end.
        """
        from explorer.models.samples import checked, token_errors

        self._check_fitted()
        dataset = checked(self, X, reset=False, allow_nan=True)
        if dataset.vocabulary:
            truth, lengths = dataset.clean, dataset.lengths
            if self.decodes == "translation":
                if dataset.targets is None:
                    raise InputError("the data have no translations to be judged by", source=dataset.name)
                truth, lengths = dataset.targets, dataset.target_lengths
            return token_errors(self.reconstruct(dataset), truth, lengths)
        return np.square(self.reconstruct(X) - dataset.clean, dtype=np.float32)

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return what the model is judged by beside its reconstruction, by name: accuracy, IoU, sparsity."""
        return {}

    @property
    def output_shape_(self) -> tuple[int, ...]:
        """Shape of what the decoder writes of one code."""
        return self.sample_shape_

    @property
    def output_times_(self) -> np.ndarray | None:
        """Times at which the decoder writes, float64 ``(G,)`` in the data's own unit; None: those of the samples."""
        return None

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """Return a name for each dimension of the code, as scikit-learn does: ``["vae0", "vae1"]``."""
        self._check_fitted()
        return np.array([f"{type(self).__name__.lower()}{i}" for i in range(self.latent_dim_)], dtype=object)

    def size(self, data: SampleSpec | Dataset | tuple[int, ...]) -> int:
        """Return how many numbers it would learn on such data, or on samples of such a shape, without fitting."""
        raise UnsupportedError(f"{self.title} does not know its size beforehand")

    # What a model knows, as arrays and JSON: all that `save` writes. Subclasses add to both.

    @abstractmethod
    def _arrays(self) -> dict[str, np.ndarray]:
        """Return every learnt array by name."""

    @abstractmethod
    def _facts(self) -> dict[str, Any]:
        """Return every other learnt fact, as JSON."""

    @abstractmethod
    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        """Take back what `_arrays` and `_facts` gave."""

    def to_bytes(self) -> bytes:
        """Return the fitted model as a safetensors blob with JSON in its header. Nothing is pickled."""
        from importlib.metadata import version

        from safetensors.numpy import save

        self._check_fitted()
        header = {
            "format": FORMAT,
            "model": RECIPES.name_of(type(self)),
            "params": values_of(self),
            "facts": self._facts(),
            "version": version("latentscape"),
        }
        arrays = {name: np.ascontiguousarray(array) for name, array in self._arrays().items()}
        return save(arrays, metadata={"latentscape": json.dumps(header)})

    @classmethod
    def from_bytes(cls, blob: bytes, *, source: str = "model") -> Self:
        """Return the model of a blob of `to_bytes`; `source` names it in messages.

        Raises
        ------
        InputError
            If it is not such a blob, is truncated, of a newer format, or of another class than `cls`.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            length = int.from_bytes(blob[:8], "little")
            header = json.loads(json.loads(blob[8 : 8 + length])["__metadata__"]["latentscape"])
            arrays = load(blob)
        except (SafetensorError, ValueError, KeyError, TypeError) as reason:
            raise InputError(
                "this is not a model of Latentscape, or it is damaged", source=source, remedy="Save it again"
            ) from reason
        if header["format"] > FORMAT:
            raise InputError(
                f"the model was saved by a newer version ({header['version']})",
                source=source,
                remedy="Update the program",
            )
        recipe = RECIPES.load(header["model"])
        if not issubclass(recipe, cls):
            raise InputError(f"this is a {recipe.__name__}, not a {cls.__name__}", source=source)
        model = recipe(**validate(recipe, header["params"]))
        try:
            model._restore(arrays, header["facts"])
        except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as reason:
            raise InputError("the model is damaged", source=source, remedy="Save it again") from reason
        return model

    def save(self, path: str | Path) -> None:
        """Write the fitted model to a ``.safetensors`` file, whole or not at all.

        Raises
        ------
        InputError
            If the file cannot be written; one that stood there is left as it was.
        """
        from explorer.data.writing import write_bytes

        write_bytes(path, self.to_bytes())

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the model in a file of `save`; called on a recipe, it must be of that recipe."""
        try:
            blob = Path(path).read_bytes()
        except OSError as reason:
            raise InputError(f"the model cannot be read: {reason.strerror or reason}", source=path) from reason
        return cls.from_bytes(blob, source=str(path))

    # scikit-learn's protocol, without importing it: it costs more than a second.

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name."""
        return values_of(self)

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name."""
        known = values_of(self)
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: {sorted(known)!r}."
                )
            setattr(self, name, value)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "sample_shape_")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type="transformer",
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(preserves_dtype=[]),
            input_tags=InputTags(two_d_array=True, three_d_array=True),
        )

    # What subclasses share

    def _shape_facts(self) -> dict[str, Any]:
        """Return what is known of the samples, for `_facts`."""
        return {"sample_shape": self.sample_shape_, "features": list(getattr(self, "feature_names_in_", []))}

    def _restore_shape(self, facts: dict[str, Any], latent_dim: int) -> None:
        """Take back what `_shape_facts` gave, and the width of the code."""
        self.latent_dim_ = latent_dim
        self.sample_shape_ = tuple(int(size) for size in facts["sample_shape"])
        if len(self.sample_shape_) == 1:
            self.n_features_in_ = self.sample_shape_[0]
        if facts["features"]:
            self.feature_names_in_ = np.array(facts["features"], dtype=object)

    def _checked_codes(self, Z: object) -> np.ndarray:
        """Return codes as an array ``(N, latent_dim_)``; raise `InputError` if they are none of this model's."""
        self._check_fitted()
        codes = np.asarray(Z)
        if codes.dtype.kind not in "fiub":
            raise InputError(f"codes of {codes.dtype} are not numeric", remedy="Give floats or integers")
        if codes.ndim != 2 or codes.shape[1] != self.latent_dim_:
            raise InputError(
                f"codes of shape {codes.shape} do not fit the model", remedy=f"Give an array (N, {self.latent_dim_})"
            )
        return codes

    def _check_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet. Call 'fit' first.")

    def __repr__(self) -> str:
        defaults = {parameter.name: parameter.default for parameter in parameters(type(self))}
        changed = ", ".join(f"{k}={v!r}" for k, v in values_of(self).items() if v != defaults[k])
        return f"{type(self).__name__}({changed})"


RECIPES: Registry[LatentModel] = Registry("model", "explorer.models.recipes", LatentModel, "latentscape.recipes")
