import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.data.corruption import (
    CORRUPTIONS,
    Corruption,
    corrupt,
    corruption_text,
    parse_corruption,
    steps_of,
    strength_range,
    with_strength,
)
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.noise import Noise
from explorer.data.reader import load
from explorer.data.scaling import typical_size
from explorer.errors import InputError
from explorer.parameters import parameters

SHAPES = [(6, 40, 2), (6, 2), (5, 8, 9, 1), (1, 1, 1)]


@pytest.fixture(params=list(CORRUPTIONS))
def cls(request: pytest.FixtureRequest) -> type[Corruption]:
    return CORRUPTIONS.load(request.param)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of noise for the corruption that needs one."""
    path = tmp_path_factory.mktemp("noise") / "a noise, + more.npy"
    np.save(path, np.random.default_rng(9).normal(size=(2, 900, 2)).astype(np.float32))
    return str(path)


@pytest.fixture
def made(cls: type[Corruption], recording: str) -> Callable[..., Corruption]:
    """Make the corruption, with a file where it needs one."""
    needed = {parameter.name: recording for parameter in parameters(cls) if parameter.param.file}
    return partial(cls, **needed)


@pytest.fixture(params=SHAPES, ids=str)
def values(request: pytest.FixtureRequest) -> np.ndarray:
    found = np.random.default_rng(0).normal(size=request.param).astype(np.float32)
    if found.size > 1:
        found.reshape(-1)[::7] = np.nan
    return found


def apply(corruption: Corruption, values: np.ndarray, seed: int = 0) -> np.ndarray:
    return corruption.apply(values, np.random.default_rng(seed), np.full((1,) * values.ndim, 2, dtype=np.float32))


def test_it_is_described(cls: type[Corruption]) -> None:
    assert cls.title
    strength = next(parameter for parameter in parameters(cls) if parameter.name == "strength")
    assert strength.param.ge == 0 or issubclass(cls, Noise)
    assert all(parameter.param.help.endswith(".") for parameter in parameters(cls))


def test_strength_zero_leaves_the_samples_alone(made: Callable[..., Corruption], values: np.ndarray) -> None:
    np.testing.assert_array_equal(apply(made(strength=0.0), values), values)


@pytest.mark.parametrize("share", [0.01, 0.3, 1.0])
def test_shape_type_and_missing_values_stay(
    made: Callable[..., Corruption], cls: type[Corruption], values: np.ndarray, share: float
) -> None:
    before = values.copy()
    spoilt = apply(made(strength=share * strength_range(cls, 1.0)[1]), values)
    assert spoilt.shape == values.shape
    assert spoilt.dtype == np.float32
    assert not np.isinf(spoilt).any()
    assert np.isnan(spoilt[np.isnan(values)]).all()
    np.testing.assert_array_equal(values, before)


def test_the_seed_decides(made: Callable[..., Corruption], cls: type[Corruption]) -> None:
    values = np.random.default_rng(0).normal(size=(4, 50, 2)).astype(np.float32)
    np.testing.assert_array_equal(apply(made(), values, 1), apply(made(), values, 1))
    assert np.array_equal(apply(made(), values, 1), apply(made(), values, 2), equal_nan=True) is not cls.random


def test_what_cannot_be_spoilt_is_left_or_missing(made: Callable[..., Corruption]) -> None:
    flat = np.stack([np.full((30, 2), np.nan), np.full((30, 2), 1e6)]).astype(np.float32)
    spoilt = apply(made(), flat)
    assert np.isnan(spoilt[0]).all()
    assert np.isfinite(spoilt[1]).any()
    assert apply(made(), flat[:0]).shape == (0, 30, 2)


def test_text_brings_it_back(made: Callable[..., Corruption], cls: type[Corruption]) -> None:
    corruption = made(strength=0.123456789)
    again = parse_corruption(corruption_text(corruption))
    assert type(again) is cls
    assert dataclasses.asdict(again) == dataclasses.asdict(corruption)


def test_gaussian_has_its_standard_deviation() -> None:
    noise = apply(parse_corruption("gaussian:0.3"), np.zeros((200, 100, 1), dtype=np.float32))
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert noise.mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("gap", [1, 6, 1000])
def test_dropout_drops_its_share_of_every_channel(gap: int) -> None:
    spoilt = apply(parse_corruption(f"dropout:0.25,gap={gap}"), np.ones((30, 80, 3), dtype=np.float32))
    np.testing.assert_array_equal(np.isnan(spoilt).sum(axis=1), 20)


def test_a_share_that_is_no_whole_number_of_steps_is_met_on_average() -> None:
    spoilt = apply(parse_corruption("dropout:0.125"), np.ones((4000, 10, 1), dtype=np.float32))
    assert set(np.isnan(spoilt).sum(axis=1).ravel()) == {1, 2}
    assert np.isnan(spoilt).mean() == pytest.approx(0.125, abs=0.005)


def test_gaps_are_runs() -> None:
    def runs(text: str) -> float:
        gone = np.isnan(apply(parse_corruption(text), np.ones((200, 100, 1), dtype=np.float32)))[..., 0]
        starts = (np.diff(gone.astype(int), axis=1, prepend=0) == 1).sum()
        return gone.sum() / starts

    assert runs("dropout:0.2,gap=1") == pytest.approx(1.25, rel=0.1)
    assert runs("dropout:0.2,gap=10") == pytest.approx(10, rel=0.2)


def test_a_larger_share_hits_the_same_steps_and_more() -> None:
    values = np.ones((20, 60, 2), dtype=np.float32)
    few, many = (np.isnan(apply(parse_corruption(f"dropout:{s},gap=4"), values)) for s in (0.1, 0.4))
    assert (many | ~few).all()


def test_spikes_are_so_many_and_so_high() -> None:
    values = np.zeros((20, 100, 2), dtype=np.float32)
    scale = np.array([1.0, 3.0], dtype=np.float32)[None, None]
    spoilt = parse_corruption("spikes:0.1,amplitude=5").apply(values, np.random.default_rng(0), scale)
    np.testing.assert_array_equal((spoilt != 0).sum(axis=1), 10)
    assert set(np.unique(spoilt[..., 0])) == {-5, 0, 5}
    assert set(np.unique(spoilt[..., 1])) == {-15, 0, 15}


def test_baseline_wander_is_slow_and_bounded() -> None:
    drift = apply(parse_corruption("baseline-wander:0.5,cycles=2"), np.zeros((300, 200, 1), dtype=np.float32))[..., 0]
    assert np.abs(drift).max() <= 0.5
    assert np.abs(drift).max(axis=1).min() > 0.1
    power = (np.abs(np.fft.rfft(drift * np.hanning(200), axis=1)) ** 2).sum(axis=0)
    assert power[:6].sum() / power.sum() > 0.99  # at most 1.5 × 2 cycles, and the window's leakage


def test_corrupt_spoils_the_clean_samples_and_keeps_them_as_targets() -> None:
    sines = make("sines", n=50)
    spoilt = corrupt(sines, parse_corruption("dropout:0.5"), seed=3)
    np.testing.assert_array_equal(spoilt.targets, sines.targets)
    assert spoilt.observed is not None
    assert sines.targets is not None
    np.testing.assert_array_equal(spoilt.observed, ~np.isnan(spoilt.values))
    np.testing.assert_array_equal(spoilt.values[spoilt.observed], sines.targets[spoilt.observed])
    np.testing.assert_array_equal(spoilt.split, sines.split)
    assert spoilt.origin.kind == "memory"
    assert spoilt.sha256 == corrupt(sines, parse_corruption("dropout:0.5"), seed=3).sha256


def test_corrupt_of_whole_data_has_no_mask() -> None:
    plain = Dataset(values=np.ones((4, 10, 1)))
    assert corrupt(plain, parse_corruption("gaussian:1"), seed=0).observed is None


@pytest.mark.parametrize("text", ["gaussian:1", "spikes:0.3 + dropout:0.2,gap=3"])
def test_a_sample_is_spoilt_alike_by_itself_and_among_others(text: str) -> None:
    sines = make("sines", n=12)
    whole = corrupt(sines, parse_corruption(text), seed=5)
    some = corrupt(sines, parse_corruption(text), seed=5, indices=np.array([7, 2]))
    np.testing.assert_array_equal(some.values, whole.values[[7, 2]])
    np.testing.assert_array_equal(some.clean, sines.clean[[7, 2]])
    assert not np.array_equal(whole.values[7] - whole.clean[7], whole.values[2] - whole.clean[2])


def test_a_chain_does_its_steps_in_order() -> None:
    values = np.ones((3, 50, 1), dtype=np.float32)
    dropped_last = apply(parse_corruption("gaussian:1 + dropout:0.5"), values)
    np.testing.assert_array_equal(np.isnan(dropped_last).sum(axis=1), 25)
    twice = apply(parse_corruption("dropout:0.5 + dropout:0.5"), values)
    assert np.isnan(twice).sum() == pytest.approx(3 * 37.5, abs=1.5)  # the second drops half of what is left


def test_a_step_keeps_its_draw_whatever_else_is_in_the_chain() -> None:
    sines = make("sines", n=3)

    def noise(text: str) -> np.ndarray:
        spoilt = corrupt(sines, parse_corruption(text), seed=1)
        return spoilt.values - spoilt.clean

    alone = noise("gaussian:0.5")
    for text in ("gaussian:0.5 + baseline-wander:0", "baseline-wander:0 + gaussian:0.5", "gaussian:0.5 + gaussian:0"):
        np.testing.assert_allclose(noise(text), alone, atol=1e-6)
    np.testing.assert_allclose(noise("gaussian:0.5 + baseline-wander:1"), alone + noise("baseline-wander:1"), atol=1e-5)
    same = noise("gaussian:0.5 + gaussian:0.5")
    assert np.abs(same - 2 * alone).max() > 0.1  # two steps of one kind are two draws


def test_the_strength_of_one_step() -> None:
    chain = parse_corruption("dropout:0.2 + gaussian:0.3")
    assert chain.strength == 0.2
    assert [step.strength for step in steps_of(with_strength(chain, 0.7, 1))] == [0.2, 0.7]
    assert with_strength(parse_corruption("gaussian:0.3"), 2.0).strength == 2.0


@pytest.mark.parametrize(
    "text",
    [
        "gaussian:0.3",
        "baseline-wander:0.5,cycles=2.0 + gaussian:0.3",
        "dropout:0.2,gap=3 + spikes:0.05,amplitude=4.0 + dropout:0.1,gap=1",
        "gaussian:1e+15 + gaussian:1e-07",
    ],
)
def test_chains_are_written_and_read(text: str) -> None:
    assert corruption_text(parse_corruption(text)) == text
    assert corruption_text(parse_corruption(text.replace(" + ", "+"))) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("static:1", "there is no corruption called 'static'"),
        ("gaussian:much", "'strength' cannot be 'much'"),
        ("gaussian:-1", "strength"),
        ("gaussian:inf", "strength"),
        ("gaussian:-infdB", "strength"),
        ("dropout:3dB", "strength"),
        ("dropout:0.2,length=3", "no parameter 'length'"),
        ("dropout:0.2,3", "not key=value"),
        ("gaussian:0.3 + fog:1", "step 2 of the corruption: there is no corruption called 'fog'"),
        ("gaussian:-1 + dropout", "step 1 of the corruption: 'strength'"),
        ("gaussian:0.3 +", "step 2 of the corruption: there is no corruption named here"),
        (" ", "no corruption named here"),
    ],
)
def test_wrong_text_is_told(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_corruption(text)


def test_text_forms() -> None:
    assert parse_corruption("gaussian").strength == 0.3
    assert parse_corruption("gaussian:.5").strength == 0.5
    assert parse_corruption(" dropout : 0.1 , gap = 5 ").gap == 5
    assert parse_corruption("uniform:3 dB").unit == "dB"


# Kinds of noise, and how strong they are


NOISES = [name for name in CORRUPTIONS if issubclass(CORRUPTIONS.load(name), Noise)]


def noisy(text: str, values: np.ndarray, scale: float = 1.0) -> np.ndarray:
    return parse_corruption(text).apply(values, np.random.default_rng(0), np.full((1,) * values.ndim, scale, "f4"))


def test_noises() -> None:
    assert NOISES == ["baseline-wander", "gaussian", "hum", "recording", "uniform"]


@pytest.mark.parametrize("name", NOISES)
def test_decibels_are_met_in_every_channel(name: str, recording: str) -> None:
    values = np.random.default_rng(1).normal(size=(5, 200, 3)).astype(np.float32) * np.float32([1, 50, 1e-3]) + 7
    values[:, ::9] = np.nan
    values[2, :, 1] = 4  # no signal, so no noise
    rest = f",path={recording!r}".replace("'", '"') if name == "recording" else ""
    spoilt = noisy(f"{name}:6dB{rest}", values)
    power = np.nanmean((spoilt - values).astype(np.float64) ** 2, axis=1)
    with np.errstate(invalid="ignore"):
        snr = 10 * np.log10(np.nanvar(values.astype(np.float64), axis=1) / power)
    assert power[2, 1] == 0
    snr[2, 1] = 6
    np.testing.assert_allclose(snr[:, :2], 6, atol=0.01)
    np.testing.assert_allclose(snr[:, 2], 6, atol=0.5)  # a signal of 0.001 around 7, in 32 bits
    np.testing.assert_array_equal(noisy(f"{name}:infdB{rest}", values), values)


def test_decibels_within_a_chain_are_those_of_the_clean_signal() -> None:
    values = np.random.default_rng(1).normal(size=(4, 300, 2)).astype(np.float32)
    data = Dataset(values=values)
    first, both = (corrupt(data, parse_corruption(t)).values for t in ("uniform:9", "uniform:9 + gaussian:10dB"))
    snr = 10 * np.log10(values.var(axis=1) / ((both - first) ** 2).mean(axis=1))
    np.testing.assert_allclose(snr, 10, atol=0.01)


@pytest.mark.parametrize("name", ["baseline-wander", "gaussian", "hum", "uniform"])
def test_decibels_of_vectors_are_met_on_average(name: str) -> None:
    values = np.zeros((4000, 3), np.float32)
    assert noisy(f"{name}:20dB", values, 5.0).std() == pytest.approx(0.5, rel=0.05)


def test_a_strength_relative_to_the_channel() -> None:
    assert noisy("gaussian:2sigma", np.zeros((10, 1000, 1), np.float32), 3.0).std() == pytest.approx(6, rel=0.03)
    assert noisy("gaussian:2σ", np.zeros((10, 1000, 1), np.float32), 3.0).std() == pytest.approx(6, rel=0.03)
    assert corruption_text(parse_corruption("gaussian: 2 sigma")) == "gaussian:2sigma"
    assert corruption_text(parse_corruption("uniform:-3dB")) == "uniform:-3dB"
    assert corruption_text(parse_corruption("gaussian:+inf dB")) == "gaussian:infdB"


def test_sliders_go_from_weak_to_strong() -> None:
    assert strength_range(parse_corruption("gaussian"), 3.0) == (0, 6)
    assert strength_range(parse_corruption("gaussian:1sigma"), 3.0) == (0, 2)
    assert strength_range(parse_corruption("gaussian:1dB"), 3.0) == (40, -10)
    assert strength_range(CORRUPTIONS.load("dropout"), 3.0) == (0, 0.95)
    assert strength_range(CORRUPTIONS.load("blur"), 3.0) == (0, 10)


def test_uniform_noise_stays_within_its_limit() -> None:
    noise = noisy("uniform:0.5", np.zeros((50, 100, 1), np.float32))
    assert 0.49 < np.abs(noise).max() <= 0.5
    assert noise.std() == pytest.approx(0.5 / 3**0.5, rel=0.03)


def peaks(series: np.ndarray) -> np.ndarray:
    """Return at which frequencies, in cycles per series, there is something."""
    spectrum = np.abs(np.fft.rfft(series)) * 2 / len(series)
    return np.flatnonzero(spectrum > 0.01)


def test_hum_is_of_its_frequency_and_multiples() -> None:
    flat = Dataset(values=np.zeros((2, 500, 2)), sampling_rate=250.0)
    hum = corrupt(flat, parse_corruption("hum:0.4"))
    np.testing.assert_array_equal(peaks(hum.values[0, :, 0]), [100, 200])  # 50 and 100 Hz; 150 is more than 125
    np.testing.assert_array_equal(
        peaks(corrupt(flat, parse_corruption("hum:1,frequency=60,harmonics=0")).values[1, :, 1]), [120]
    )
    assert np.abs(hum.values).max() <= 0.4 * 1.25 + 1e-6
    untimed = corrupt(Dataset(values=np.zeros((1, 500, 1))), parse_corruption("hum:1"))
    np.testing.assert_array_equal(peaks(untimed.values[0, :, 0]), [50, 100, 150])


def test_hum_follows_irregular_times() -> None:
    times = np.sort(np.random.default_rng(0).uniform(0, 2, 900))
    hum = corrupt(Dataset(values=np.zeros((1, 900, 1)), times=times), parse_corruption("hum:1,harmonics=0"))
    basis = np.stack([np.sin(2 * np.pi * 50 * times), np.cos(2 * np.pi * 50 * times)], axis=1)
    rest = hum.values[0, :, 0] - basis @ np.linalg.lstsq(basis, hum.values[0, :, 0], rcond=None)[0]
    assert np.abs(rest).max() < 1e-4


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("hum:1", {"sampling_rate": 80.0}, "hum of 50 Hz would alias at 80 steps per second"),
        ("gaussian + hum:1,frequency=60", {}, "step 2 of the corruption: the sampling rate is not known"),
        ("hum", {"times": np.zeros(30)}, "the times do not ascend"),
        ("recording", {}, "no recording of noise is chosen"),
        ("recording:1,path=nowhere.npy", {}, "there is no such file"),
    ],
)
def test_what_does_not_fit_the_data_is_refused(text: str, known: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        corrupt(Dataset(values=np.zeros((2, 30, 1)), **known), parse_corruption(text))


def test_recorded_noise_is_cut_at_random(tmp_path: Path) -> None:
    path = tmp_path / "ramp.npy"
    np.save(path, np.arange(1000, dtype=np.float32)[None, :, None])
    data = Dataset(values=np.zeros((40, 50, 2)))
    pieces = corrupt(data, parse_corruption(f"recording:1,path={path}")).values
    np.testing.assert_allclose(np.diff(pieces, axis=1), 12**0.5 / 1000, rtol=1e-3)  # of a ramp of deviation 1
    assert len(np.unique(pieces[:, 0])) > 70
    with pytest.raises(InputError, match="1000 steps where a sample has 2000"):
        corrupt(Dataset(values=np.zeros((1, 2000, 1))), parse_corruption(f"recording:1,path={path}"))
    np.save(path, np.ones((1, 60, 1)))
    with pytest.raises(InputError, match="never changes"):
        corrupt(data, parse_corruption(f"recording:1,path={path}"))


def test_recorded_noise_is_resampled(tmp_path: Path) -> None:
    path = tmp_path / "tone.csv"
    tone = np.sin(2 * np.pi * 10 * np.arange(2000) / 200)
    path.write_text("time,noise\n" + "".join(f"{i / 200},{value:.6f}\n" for i, value in enumerate(tone)))
    assert load(path).values.shape == (1, 2000, 1)
    data = Dataset(values=np.zeros((3, 500, 1)), sampling_rate=100.0)
    piece = corrupt(data, parse_corruption(f"recording:1,path={path}")).values[0, :, 0]
    assert np.abs(np.fft.rfft(piece * np.hanning(500))).argmax() == 50  # 10 Hz in 5 s


# Corruptions that chance has no part in


def test_blur_is_a_low_pass() -> None:
    step = np.repeat([0.0, 1.0], 50)[None, :, None].astype(np.float32)
    blurred = noisy("blur:3", step)[0, :, 0]
    assert (np.diff(blurred) >= -1e-6).all()
    assert blurred[[0, -1]] == pytest.approx([0, 1], abs=1e-5)
    slope = np.diff(blurred)
    assert (slope * (np.arange(99) - 49) ** 2).sum() ** 0.5 == pytest.approx(3, rel=0.02)
    image = np.zeros((1, 21, 21, 1), np.float32)
    image[0, 10, 10] = 1
    spot = noisy("blur:2", image)[0, ..., 0]
    np.testing.assert_allclose(spot, spot.T, atol=1e-7)
    assert spot.sum() == pytest.approx(1, abs=1e-3)


def test_clipping_cuts_the_peaks_of_every_channel() -> None:
    ramp = np.linspace(0, 10, 11, dtype=np.float32)[None, :, None] * np.float32([1, -2])
    cut = noisy("clipping:0.4", ramp)
    np.testing.assert_allclose(cut[0, :, 0], [2, 2, 2, 3, 4, 5, 6, 7, 8, 8, 8])
    np.testing.assert_allclose(cut[0, :, 1], -2 * cut[0, :, 0])


def test_quantisation_rounds_to_levels() -> None:
    rounded = noisy("quantisation:0.25", np.float32([[[-0.3], [0.1], [0.13], [np.nan]]]))
    np.testing.assert_array_equal(rounded[0, :, 0], [-0.25, 0, 0.25, np.nan])


def test_jitter_reads_a_line_at_other_times() -> None:
    ramp = np.tile(np.arange(400, dtype=np.float32)[:, None], (5, 1, 1))
    error = (noisy("jitter:0.8", ramp) - ramp)[:, 10:-10]
    assert error.std() == pytest.approx(0.8, rel=0.05)
    sine = np.sin(np.linspace(0, 6, 300))[None, :, None].astype(np.float32)
    assert np.abs(noisy("jitter:2", sine)).max() <= 1


# Any chain


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.sampled_from(
            ["gaussian:0.5", "uniform:3dB", "spikes:0.1", "dropout:0.2,gap=3", "hum:0.2", "clipping:0.4", "jitter:1"]
        ),
        min_size=1,
        max_size=4,
    ),
    more=st.sampled_from(["quantisation:0.5", "gaussian:1", "baseline-wander:0.3"]),
)
def test_any_chain(steps: list[str], more: str) -> None:
    data = Dataset(values=np.random.default_rng(3).normal(size=(3, 20, 2)))
    text = " + ".join(steps)
    chain = parse_corruption(text)
    assert corruption_text(parse_corruption(corruption_text(chain))) == corruption_text(chain)
    spoilt = corrupt(data, chain, seed=1)
    np.testing.assert_array_equal(corrupt(data, chain, seed=1).values, spoilt.values)
    np.testing.assert_array_equal(corrupt(data, chain, 1, np.array([2])).values[0], spoilt.values[2])
    # A step at the end works on what the others made, and changes no draw of theirs.
    size = typical_size(data)
    longer = corrupt(data, parse_corruption(f"{text} + {more}"), seed=1)
    if more == "quantisation:0.5":
        last = parse_corruption(more).apply(spoilt.values, np.random.default_rng(0), size)
        np.testing.assert_array_equal(longer.values, last)
    assert (np.isnan(longer.values) == np.isnan(spoilt.values)).all()
