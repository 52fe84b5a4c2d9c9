import dataclasses

import numpy as np
import pytest

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
from explorer.errors import InputError
from explorer.parameters import parameters

SHAPES = [(6, 40, 2), (6, 2), (5, 8, 9, 1), (1, 1, 1)]


@pytest.fixture(params=list(CORRUPTIONS))
def cls(request: pytest.FixtureRequest) -> type[Corruption]:
    return CORRUPTIONS.load(request.param)


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
    assert strength.param.ge == 0
    assert all(parameter.param.help.endswith(".") for parameter in parameters(cls))


def test_strength_zero_leaves_the_samples_alone(cls: type[Corruption], values: np.ndarray) -> None:
    np.testing.assert_array_equal(apply(cls(strength=0.0), values), values)


@pytest.mark.parametrize("share", [0.01, 0.3, 1.0])
def test_shape_type_and_missing_values_stay(cls: type[Corruption], values: np.ndarray, share: float) -> None:
    before = values.copy()
    spoilt = apply(cls(strength=share * strength_range(cls, 1.0)[1]), values)
    assert spoilt.shape == values.shape
    assert spoilt.dtype == np.float32
    assert not np.isinf(spoilt).any()
    assert np.isnan(spoilt[np.isnan(values)]).all()
    np.testing.assert_array_equal(values, before)


def test_the_seed_decides(cls: type[Corruption]) -> None:
    values = np.random.default_rng(0).normal(size=(4, 50, 2)).astype(np.float32)
    np.testing.assert_array_equal(apply(cls(), values, 1), apply(cls(), values, 1))
    assert not np.array_equal(apply(cls(), values, 1), apply(cls(), values, 2), equal_nan=True)


def test_text_brings_it_back(cls: type[Corruption]) -> None:
    corruption = cls(strength=0.123456789)
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
