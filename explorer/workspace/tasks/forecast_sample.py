"""Set the forecast of a series beside what came."""

from __future__ import annotations

import weakref

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError
from explorer.progress import Progress
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import Forecast, ForecastSample, ModelRef

# Of each data set under the last model: while a person steps through the samples, the same is asked again.
_ERRORS: weakref.WeakKeyDictionary[Dataset, tuple[ModelRef, dict[str, np.ndarray]]] = weakref.WeakKeyDictionary()


def forecast_sample(request: ForecastSample, progress: Progress) -> Forecast:
    """Return truth, forecast and persistence of one sample, and the errors over the test part; see `ForecastSample`.

    Raises
    ------
    InputError
        If there is no such sample or run.
    UnsupportedError
        If the model forecasts nothing.
    Cancelled
        If the person cancelled.
    """
    from explorer.models.forecaster import Forecaster
    from explorer.models.forecasts import persistence, split_times

    data, index = request.data, request.index
    if not 0 <= index < len(data):
        raise InputError(f"there is no sample {index} among {len(data)}", source=data.name)
    model, used = fitted(request.model)
    if not isinstance(model, Forecaster):
        raise UnsupportedError(f"{model.title} forecasts nothing", remedy="Choose a run of a model that does")
    horizon = model.horizon_
    sample = data.subset(np.array([index]))
    lengths, start = sample.lengths, int(split_times(sample.values, sample.lengths, horizon)[0])
    written = {
        "forecast": model.forecast(sample)[0],
        "persistence": persistence(sample.values, lengths, horizon)[0],
    }
    placed = {}
    end = data.sample_shape[0] if lengths is None else int(lengths[0])
    for name, future in written.items():
        placed[name] = np.full(data.sample_shape, np.nan, np.float32)
        placed[name][start:end] = future[: end - start]
    truth = np.array(sample.clean[0], np.float32)
    truth[end:] = np.nan
    test = data.indices("test")
    known = _ERRORS.get(data)
    if known is None or known[0] != used:
        progress.report(float("nan"), "errors of the test part")
        judged = data.subset(test) if len(test) else data
        known = _ERRORS[data] = used, model.forecast_errors(judged)
    return Forecast(
        model=used,
        index=index,
        truth=truth,
        forecast=placed["forecast"],
        persistence=placed["persistence"],
        horizon=horizon,
        errors=known[1]["model"],
        persistence_errors=known[1]["persistence"],
        n_samples=len(test) or len(data),
        autoregression_errors=known[1].get("autoregression"),
    )
