"""Contents of the figures of the denoising bench, with gaps and with denoisers that have no figure."""

from __future__ import annotations

import numpy as np


def bench_contents(names: tuple[str, ...]) -> dict[str, tuple[str, dict]]:
    """Return a content of each kind, by a name."""
    rng = np.random.default_rng(7)
    steps = 80
    titles = ["noisy", "clean", *names, "a", "b"]
    count = len(titles)
    colors = ["noisy", "clean", *(f"class:{i}" for i in range(count - 2))]
    shared = {"titles": titles, "colors": colors, "name": "sample 3, gaussian:0.3"}
    curves = rng.standard_normal((count, steps))
    curves[2, 5:9] = np.nan
    timed = {**shared, "times": np.arange(steps) / 50.0, "time_label": "time (s)"}
    pair = {key: value[:2] for key, value in shared.items() if key != "name"} | {"name": "two"}
    spread = rng.uniform(0.1, 0.4, (count, 4))
    means = rng.standard_normal((count, 4)) * 3
    correlations = np.cumprod(np.full((count, 20), 0.9), axis=1)
    correlations[3] = np.nan
    images = rng.standard_normal((count, 17, 12)) * 20
    levels = {"levels": np.array([0.1, 0.2, 0.4, 0.8]), "level_label": "noise (mV)", "low": means - spread}
    levels |= {"means": means, "high": means + spread, "measure": "SNR gain (dB)", "log": False}
    scores = {"values": means[:, 0], "low": means[:, 0] - spread[:, 0], "high": means[:, 0] + spread[:, 0]}
    scores |= {"measure": "SNR gain (dB)", "better": "higher", "table": {"MSE": spread[:, 0], "MAE": spread[:, 1]}}
    spectrogram = {"times": np.arange(12.0), "time_label": "time (s)", "frequencies": np.arange(17.0)}
    spectrogram |= {"frequency_label": "frequency (Hz)", "levels": (-60.0, 0.0)}
    return {
        "bench-overlay": ("bench_sample", {**timed, "curves": curves, "label": "mV", "stacked": False}),
        "bench-stacked": (
            "bench_sample",
            {**timed, **pair, "curves": curves[:2], "label": "mV", "stacked": True},
        ),
        "bench-residuals": (
            "bench_residuals",
            {
                **timed, "residuals": curves, "label": "residual (mV)", "lags": np.arange(20.0),
                "lag_label": "lag (steps)", "autocorrelations": correlations, "band": 0.22,
            },
        ),
        "bench-spectrum": (
            "bench_spectrum",
            {
                **shared, "frequencies": np.linspace(0, 25, 41), "frequency_label": "frequency (Hz)",
                "decibels": rng.standard_normal((count, 41)) * 10, "label": "power (dB)",
            },
        ),
        "bench-spectrogram": ("bench_spectrogram", {**shared, **spectrogram, "decibels": images}),
        "bench-levels": (
            "bench_levels",
            {**shared, **levels, "means": spread, "low": spread / 2, "high": spread * 2, "measure": "MSE", "log": True},
        ),
        "bench-scores": ("bench_scores", {**shared, **scores}),
        "bench-pairs": (
            "bench_pairs",
            {**shared, "reference": "LSTM autoencoder (run 1)", "ahead": curves, "samples": np.arange(steps)},
        ),
    }  # fmt: skip
