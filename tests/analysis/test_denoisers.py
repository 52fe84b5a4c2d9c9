"""One battery over every registered denoiser, and known answers for each."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.denoiser import DENOISERS, TRIES, Chain, Denoiser, denoiser_text, parse_denoiser
from explorer.analysis.denoisers._windows import odd, windows
from explorer.analysis.metrics import snr_gain_db
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import InputError

NAMES = DENOISERS.names()


def waves(n: int = 60, steps: int = 48, channels: int = 2, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return noisy and clean series ``(N, T, C)``, float32."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 2 * np.pi, (n, 1, channels))
    clean = np.sin(2 * np.pi * 2 * np.arange(steps)[None, :, None] / steps + phase)
    noisy = clean + 0.3 * rng.standard_normal(clean.shape)
    return noisy.astype(np.float32), clean.astype(np.float32)


def ready(name: str, noisy: np.ndarray, clean: np.ndarray, **settings: object) -> Denoiser:
    return DENOISERS.load(name)(**settings).fit(noisy, clean)


# The battery


@pytest.mark.parametrize("name", NAMES)
def test_waves_lose_noise_and_channels_are_denoised_apart(name: str) -> None:
    noisy, clean = waves()
    denoiser = ready(name, noisy, clean)
    found = denoiser.denoise(noisy)
    assert found.dtype == np.float32 and found.shape == noisy.shape
    assert snr_gain_db(clean, noisy, found) > 1
    alone = ready(name, noisy[:, :, :1], clean[:, :, :1])
    np.testing.assert_allclose(alone.denoise(noisy[:, :, :1])[:, :, 0], found[:, :, 0], atol=1e-5)
    np.testing.assert_allclose(denoiser.denoise(noisy[3:4]), found[3:4], atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_constant_is_kept_and_added_ones_pass(name: str) -> None:
    noisy, clean = waves()
    flat = np.full((3, 48, 2), 7.5, np.float32)
    learnt = ready(name, np.repeat(flat, 4, axis=0), np.repeat(flat, 4, axis=0))
    np.testing.assert_allclose(learnt.denoise(flat), flat, atol=1e-5)
    moved = ready(name, noisy + 100, clean + 100).denoise(noisy + 100)
    np.testing.assert_allclose(moved - 100, ready(name, noisy, clean).denoise(noisy), atol=2e-3)


@pytest.mark.parametrize("name", NAMES)
def test_gaps_are_bridged_and_ends_are_kept(name: str) -> None:
    noisy, clean = waves(n=40)
    denoiser = ready(name, noisy, clean)
    gappy = noisy.copy()
    gappy[0, 10:13, 0] = gappy[1, :, 1] = gappy[2, 0] = np.nan
    found = denoiser.denoise(gappy)
    assert np.isfinite(found).all()
    assert np.abs(found[0, :, 0] - clean[0, :, 0]).max() < 1.2
    lengths = np.full(40, 48)
    lengths[5] = 30
    short = noisy.copy()
    short[5, 30:] = np.nan
    if denoiser.only_steps is not None:
        with pytest.raises(InputError, match="cannot take 30"):
            denoiser.denoise(short, lengths)
        return
    ended = denoiser.denoise(short, lengths)
    assert np.isfinite(ended[5, :30]).all() and np.isnan(ended[5, 30:]).all()
    np.testing.assert_allclose(ended[5, :30], denoiser.denoise(noisy[5:6, :30])[0], atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_any_length_and_any_setting(name: str) -> None:
    """Series shorter than a window are taken: windows, levels and degrees shrink to them."""
    rng = np.random.default_rng(0)
    cls = DENOISERS.load(name)
    for steps in (1, 2, 3, 5, 8, 21):
        series = rng.standard_normal((6, steps, 1)).astype(np.float32)
        learnt = cls().fit(series, series)
        for settings in [{}, *cls.grid(max(steps, 8))[::7]]:
            found = learnt.having(**settings).denoise(series)
            assert found.shape == series.shape and np.isfinite(found).all()
    assert cls().fit(series, series).denoise(series[:0]).shape == (0, 21, 1)


@pytest.mark.parametrize("name", NAMES)
def test_tuning_tries_as_many_settings_of_each(name: str) -> None:
    cls = DENOISERS.load(name)
    for steps in (50, 400, 5000):
        grid = cls.grid(steps)
        assert TRIES - 1 <= len(grid) <= TRIES  # a band that is none is left out
        made = {denoiser_text(cls(**settings)) for settings in grid}
        assert len(made) == len(grid)
        assert {denoiser_text(parse_denoiser(text)) for text in made} == made


@pytest.mark.parametrize("name", NAMES)
def test_what_does_not_fit_is_refused_by_name(name: str) -> None:
    denoiser = DENOISERS.load(name)()
    assert denoiser.title
    values = np.zeros((4, 20, 1), np.float32)
    assert denoiser.why_not(Dataset(values=values)) == ""
    assert denoiser.why_not(Dataset(values=np.zeros((4, 9, 9, 1), np.float32))) == "takes series"
    uneven = Dataset(values=values, times=np.cumsum(np.linspace(0.1, 1, 20)))
    assert bool(denoiser.why_not(uneven)) == denoiser.even
    with pytest.raises(InputError, match="takes series"):
        denoiser.denoise(values[:, :, 0])


@pytest.mark.parametrize("name", [name for name in NAMES if not DENOISERS.load(name).learns])
def test_nothing_beyond_its_reach_matters(name: str) -> None:
    """What happens farther away changes a value by a thousandth of it at most."""
    rng = np.random.default_rng(0)
    # The noise is given where it would be estimated, and thresholds of wavelets look at whole levels.
    for settings in DENOISERS.load(name).grid(400)[::5]:
        fixed = {"noise": 0.5} if "noise" in DENOISERS.load(name).__dataclass_fields__ else {}
        denoiser = DENOISERS.load(name)(**settings, **fixed)
        reach = denoiser.reach
        if reach is None or name == "wavelet" or reach > 350:
            continue
        series = rng.standard_normal((1, 800, 1)).astype(np.float32)
        other = series.copy()
        other[0, 400 + reach + 1 :] += 1  # a mean that is kept does not move
        other[0, 400 + reach + 1 :, 0] -= np.arange(len(other[0, 400 + reach + 1 :])) % 2 * 2
        change = np.abs(denoiser.denoise(other) - denoiser.denoise(series))[0, :400, 0].max()
        assert change <= 2e-3, (settings, reach)


# Known answers


def test_savitzky_golay_keeps_polynomials_and_a_mean_keeps_lines() -> None:
    t = np.linspace(-1, 1, 40)[None, :, None]
    cubic = (t**3 - t + 0.3).astype(np.float32)
    for text in ("savitzky-golay", "savitzky-golay:9,order=3", "savitzky-golay:99,order=4"):
        np.testing.assert_allclose(parse_denoiser(text).denoise(cubic), cubic, atol=1e-5)
    line = t.astype(np.float32)
    np.testing.assert_allclose(parse_denoiser("moving-average:5").denoise(line)[0, 2:-2], line[0, 2:-2], atol=1e-6)
    np.testing.assert_allclose(parse_denoiser("kalman:0.001,state=trend").denoise(line), line, atol=1e-5)


def test_a_median_takes_spikes_and_leaves_edges() -> None:
    step = np.repeat([0.0, 1.0], 20)[None, :, None].astype(np.float32)
    spiky = step.copy()
    spiky[0, [7, 30]] += 9
    np.testing.assert_array_equal(parse_denoiser("median:3").denoise(spiky), step)


def test_butterworth_keeps_its_band_and_the_mean() -> None:
    t = np.arange(2000) / 100
    slow, middle, fast = (np.sin(2 * np.pi * f * t) for f in (0.05, 2.0, 20.0))
    series = (5 + slow + middle + fast)[None, :, None].astype(np.float32)
    found = parse_denoiser("butterworth:8,low=0.5,rate=100").denoise(series)[0, 300:-300, 0]
    np.testing.assert_allclose(found, (5 + middle)[300:-300], atol=0.03)
    np.testing.assert_allclose(parse_denoiser("butterworth:auto").denoise(series), series)
    with pytest.raises(InputError, match="is empty"):
        parse_denoiser("butterworth:0.1,low=0.2").denoise(series)


def test_kalman_is_the_recursion() -> None:
    """The direct solution against the filter and the smoother of Rauch, Tung and Striebel, from a vague start."""
    rng = np.random.default_rng(0)
    y = rng.standard_normal(30).cumsum() + 5
    for state, ratio in (("level", 0.3), ("trend", 0.05)):
        move = np.array([[1.0]]) if state == "level" else np.array([[1.0, 1.0], [0.0, 1.0]])
        width = len(move)
        drive, see = np.zeros((width, width)), np.zeros(width)
        drive[-1, -1], see[0] = ratio, 1.0
        mean, spread = np.zeros(width), 1e9 * np.eye(width)
        kept = []
        for value in y:
            ahead, wide = (move @ mean, move @ spread @ move.T + drive) if kept else (mean, spread)
            gain = wide @ see / (see @ wide @ see + 1.0)
            mean, spread = ahead + gain * (value - see @ ahead), wide - np.outer(gain, see @ wide)
            kept.append((mean, spread, ahead, wide))
        smooth = kept[-1][0]
        expected = [smooth[0]]
        for (mean, spread, *_), (*_, ahead, wide) in zip(kept[-2::-1], kept[:0:-1], strict=True):
            smooth = mean + spread @ move.T @ np.linalg.solve(wide, smooth - ahead)
            expected.append(smooth[0])
        found = parse_denoiser(f"kalman:{ratio},state={state}").denoise(y[None, :, None].astype(np.float32))[0, :, 0]
        np.testing.assert_allclose(found, expected[::-1], atol=1e-3)


def test_total_variation_is_the_minimum() -> None:
    """Against a solver that knows nothing of the problem's form, and the answers that are known beforehand."""
    from scipy.optimize import minimize

    rng = np.random.default_rng(1)
    for weight in (0.1, 0.4, 1.5):
        y = rng.standard_normal(7)

        def dual(z: np.ndarray, y: np.ndarray = y) -> float:
            """The dual: ½ ‖y − Dᵀz‖² over |z| ≤ λ, smooth and bounded."""
            return 0.5 * float(np.sum((y + np.diff(z, prepend=0, append=0)) ** 2))

        best = minimize(dual, np.zeros(6), bounds=[(-weight, weight)] * 6, options={"ftol": 1e-15, "gtol": 1e-9})
        expected = y + np.diff(best.x, prepend=0, append=0)
        found = parse_denoiser(f"total-variation:{weight},noise=1").denoise(y[None, :, None].astype(np.float32))
        np.testing.assert_allclose(found[0, :, 0], expected, atol=2e-4)
    y = rng.standard_normal((1, 500, 1)).astype(np.float32)
    np.testing.assert_allclose(parse_denoiser("total-variation:1e4,noise=1").denoise(y), y.mean(), atol=1e-5)
    step = np.repeat([0.0, 1.0], 50)[None, :, None].astype(np.float32)
    found = parse_denoiser("total-variation:1,noise=1").denoise(step)[0, :, 0]
    np.testing.assert_allclose(found, np.repeat([0.02, 0.98], 50), atol=1e-6)  # each side gives way by λ / 50


def test_wiener_trusts_where_much_happens() -> None:
    noisy, _ = waves()
    np.testing.assert_allclose(parse_denoiser("wiener:5,noise=0").denoise(noisy), noisy, atol=1e-6)
    flat = parse_denoiser("wiener:5,noise=1000").denoise(noisy)
    mean = parse_denoiser("moving-average:5").denoise(noisy)
    np.testing.assert_allclose(flat[:, 2:-2], mean[:, 2:-2], atol=1e-5)


@pytest.mark.parametrize("steps", [48, 53])
def test_wavelets_without_noise_give_the_series_back(steps: int) -> None:
    series = np.random.default_rng(0).standard_normal((4, steps, 1)).astype(np.float32)
    for shifts in (1, 5):
        found = parse_denoiser(f"wavelet:db4,noise=0,shifts={shifts}").denoise(series)
        np.testing.assert_allclose(found, series, atol=1e-5)
    shrunk = parse_denoiser("wavelet:db4,noise=10").denoise(series)
    assert np.abs(shrunk).mean() < np.abs(series).mean()


def test_pca_is_the_truncated_svd() -> None:
    noisy, clean = waves()
    for known, count in ((clean, 2), (None, 3)):
        learnt = noisy if known is None else known
        found = ready("pca", noisy, known, components=count).denoise(noisy)  # type: ignore[arg-type]
        for channel in range(2):
            x, y = learnt[:, :, channel].astype(np.float64), noisy[:, :, channel]
            basis = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2][:count]
            expected = x.mean(axis=0) + (y - x.mean(axis=0)) @ basis.T @ basis
            np.testing.assert_allclose(found[:, :, channel], expected, atol=1e-5)
    with pytest.raises(InputError, match="has not learnt"):
        parse_denoiser("pca").denoise(noisy)


def test_linear_mmse_gains_what_it_should() -> None:
    """Sine and cosine weights of variance 1/2: each is estimated from 48 values, 13.8 dB and a little of the prior."""
    denoiser = ready("linear-mmse", *waves(20_000, channels=1, seed=1))
    noisy, clean = waves(2000, channels=1, seed=2)
    assert snr_gain_db(clean, noisy, denoiser.denoise(noisy)) == pytest.approx(13.9, abs=0.2)
    with pytest.raises(InputError, match="in pairs"):
        parse_denoiser("linear-mmse").fit(noisy)


def test_filters_that_choose_blindly_come_near_the_best() -> None:
    """With the best window in hindsight Savitzky–Golay gains 7.4 and 5.2 dB (`shared/science.md`)."""
    for name, least in (("sines", 6.0), ("sines-varied", 4.6)):
        data = make(name, n=150)
        gains = [
            snr_gain_db(data.clean, data.values, parse_denoiser(text).denoise(data.values))
            for text in ("savitzky-golay", "kalman", "moving-average", "total-variation")
        ]
        assert gains[0] > least and gains[1] > 4 and gains[2] > 3 and gains[3] > 1


# Texts and chains


def test_texts() -> None:
    chain = parse_denoiser(" median:5+ wavelet:db4,factor=1e+0 +kalman:1e-3 ")
    assert [step.title for step in chain.steps] == ["Median", "Wavelet (BayesShrink)", "Kalman smoother"]
    assert denoiser_text(parse_denoiser(denoiser_text(chain))) == denoiser_text(chain)
    assert chain.free == (False, False, False)
    assert parse_denoiser("moving-average+median:3").free == (True, False)
    for text, says in (
        ("fog", "no denoiser called 'fog'"),
        ("median:x", "'window' cannot be"),
        ("median:3,4", "not key=value"),
        ("median:width=3", "no parameter 'width'"),
        ("median + ", "is missing"),
        ("", "is missing"),
    ):
        with pytest.raises(InputError, match=says):
            parse_denoiser(text)


def test_a_chain_is_its_parts_one_after_another() -> None:
    noisy, clean = waves(channels=1)
    chain = parse_denoiser("median:3 + pca:2 + moving-average:3").fit(noisy, clean)
    middle = parse_denoiser("median:3").denoise(noisy)
    middle = parse_denoiser("pca:2").fit(noisy, clean).denoise(middle)
    np.testing.assert_allclose(chain.denoise(noisy), parse_denoiser("moving-average:3").denoise(middle), atol=1e-6)
    assert (chain.learns, chain.only_steps, chain.even, chain.reach) == ("clean", 48, True, None)
    assert parse_denoiser("median:5 + moving-average:9").reach == 6


def test_a_chain_is_tuned_by_no_more_tries() -> None:
    for text, count in (("median", 24), ("median + wavelet", 24), ("median + wavelet + wiener", 24), ("median:3", 1)):
        candidates = parse_denoiser(text).candidates(200)
        assert len(candidates) == count
        assert all(isinstance(each, Chain) for each in candidates)
    parts = parse_denoiser("median:3 + wiener").candidates(200)
    assert {denoiser_text(each.steps[0]) for each in parts} == {"median:3"}
    assert len(parse_denoiser("+".join(["median"] * 5)).candidates(200)) == 24


def test_windows() -> None:
    assert windows(3, 50) == list(range(3, 50, 2))[:24]
    assert windows(3, 5000)[0] == 3 and windows(3, 5000)[-1] == 201 and len(windows(3, 5000)) == 24
    assert windows(5, 3) == [5]
    assert [odd(9, steps) for steps in (1, 2, 8, 9, 30)] == [1, 1, 7, 9, 9]
