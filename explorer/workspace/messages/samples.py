"""One sample at a time: decoded, denoised, forecast, segmented."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


class Decode(msgspec.Struct, frozen=True):
    """Decode a code `z` ``(L,)``, and find the real sample whose code is nearest. Result: `Decoded`."""

    model: ModelRef
    z: np.ndarray


class Decoded(msgspec.Struct, frozen=True):
    """A decoded sample in the data's own units, of the model's `output_shape_`; of tokens their numbers, int32.

    `nearest` is the sample's index and `distance` the Euclidean distance of its code to `z`; -1 and NaN where the
    project has no codes of the run. `forward_ms` is what the bare decoder took. `text` is what tokens say, in the
    model's own words; `translated` tells that it is a translation, in another language than the data's. `times`
    ``(G,)`` are those of the sample where the decoder writes at times of its own, `evaluations` how often it asked its
    equation, if it has one. `recorded`, bool of the sample's shape, tells which entries of a record would be there;
    None where all are.
    """

    model: ModelRef
    z: np.ndarray
    sample: np.ndarray
    nearest: int
    distance: float
    forward_ms: float
    text: str = ""
    translated: bool = False
    times: np.ndarray | None = None
    evaluations: int = 0
    recorded: np.ndarray | None = None

    @property
    def record(self) -> np.ndarray:
        """The sample as it would be recorded: NaN where nothing is."""
        return self.sample if self.recorded is None else np.where(self.recorded, self.sample, np.float32(np.nan))


class ReadSentence(msgspec.Struct, frozen=True):
    """Encode a typed sentence, and write what the model makes of it by so many `beams`. Result: `SentenceRead`."""

    model: ModelRef
    text: str
    beams: int = 1


class SentenceRead(msgspec.Struct, frozen=True):
    """A typed sentence's code `z` ``(L,)`` and what the model writes of it: the sentence again, or its translation."""

    model: ModelRef
    text: str
    z: np.ndarray
    written: str
    translated: bool
    beams: int


class Denoise(msgspec.Struct, frozen=True):
    """Corrupt one sample and pass it through the model, and through other denoisers beside it. Result: `Denoised`.

    `corruption` is text as `explorer.data.corruption.parse_corruption` reads it. It is applied to the clean target
    where the data have one; None takes the sample as it is (its own noise). `denoisers` are texts as in `RunBench`;
    those without settings are taken with their defaults, and nothing is tuned: take the settings from a bench.
    ``run:3`` is the one of `runs` with that number. `model` None passes the sample through the denoisers alone.
    """

    model: ModelRef | None
    data: Dataset
    index: int
    corruption: str | None
    seed: int = 0
    denoisers: list[str] = []
    runs: list[ModelRef] = []


class Estimated(msgspec.Struct, frozen=True):
    """What one denoiser made of a sample.

    `name` as it was asked for, `title` for people, `settings` as text with all settings, `denoised` of the sample's
    shape (None where it cannot take it: `refused` says why), `metrics` as of `Denoised`; `seconds` that it took.
    """

    name: str
    title: str
    settings: str
    denoised: np.ndarray | None
    metrics: dict[str, float]
    seconds: float
    refused: str = ""


class Denoised(msgspec.Struct, frozen=True):
    """One sample ``(T, C)`` (or the data's shape) three ways, in the data's own units, and how well it went.

    `clean` is None where the truth is not known: the sample was taken as it is and has no target.
    `metrics`: "mse", "mae", "snr_gain_db" of the denoised against the clean, and "noisy_mse", "noisy_mae" of the
    noisy; empty where the clean is unknown. `baselines`: SNR gain in dB by the title of a classical filter that needs
    no tuning. `estimates` are what was asked for by `Denoise.denoisers`, in that order. Where no model was asked for,
    `model` is None, `denoised` the noisy sample itself, and `metrics` those of the noisy sample alone.
    """

    model: ModelRef | None
    index: int
    corruption: str | None
    clean: np.ndarray | None
    noisy: np.ndarray
    denoised: np.ndarray
    metrics: dict[str, float]
    baselines: dict[str, float]
    estimates: list[Estimated] = []


class ForecastSample(msgspec.Struct, frozen=True):
    """Set what a model that decodes the "future" makes of one sample beside the truth. Result: `Forecast`."""

    model: ModelRef
    data: Dataset
    index: int


class Forecast(msgspec.Struct, frozen=True):
    """The future of one sample, in the data's own units, and how good such forecasts are.

    `truth`, `forecast` and `persistence` (the last value that the model saw, repeated) are ``(T, C)``; the last two
    are NaN but on the last `horizon` steps. `errors` and `persistence_errors` ``(horizon,)`` are the mean squared
    errors of each step ahead over the `n_samples` samples of the test part (of all where that is empty), and
    `autoregression_errors` those of a linear autoregression that the model learnt beside, where it did.
    """

    model: ModelRef
    index: int
    truth: np.ndarray
    forecast: np.ndarray
    persistence: np.ndarray
    horizon: int
    errors: np.ndarray
    persistence_errors: np.ndarray
    n_samples: int
    autoregression_errors: np.ndarray | None = None


class SegmentSample(msgspec.Struct, frozen=True):
    """Let a model that decodes "masks" tell the class of every step or pixel of one sample. Result: `Segmented`."""

    model: ModelRef
    data: Dataset
    index: int


class Segmented(msgspec.Struct, frozen=True):
    """The mask of one sample, and how well it fits.

    `probabilities` ``(T, K)`` or ``(H, W, K)`` float32, `mask` int64 the most probable class, `truth` int64 with -1
    where unknown (None where the data have no masks), `names` of the K classes. `metrics` of this sample: "iou" and
    "dice" (macro: the mean over the classes but the background that are in truth or mask), "accuracy", and
    ``"iou: name"`` of each such class; `baselines` the same by the name of a trivial method. Both are empty without
    a truth.
    """

    model: ModelRef
    index: int
    probabilities: np.ndarray
    mask: np.ndarray
    truth: np.ndarray | None
    names: list[str]
    metrics: dict[str, float]
    baselines: dict[str, dict[str, float]]
