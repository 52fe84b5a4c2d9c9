import numpy as np
import pytest

from explorer.data.generated import SETS, GeneratedSet, make, open_data
from explorer.errors import InputError
from explorer.parameters import parameters


@pytest.fixture(params=list(SETS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_issue_s_sets_are_there() -> None:
    assert {"sines", "sines-varied", "swiss-roll", "curve", "digits"} <= set(SETS)


def test_it_is_described(name: str) -> None:
    cls = SETS.load(name)
    assert issubclass(cls, GeneratedSet)
    assert cls.title
    assert (cls.__doc__ or "").strip().endswith((".", ")."))
    assert all(parameter.param.help.endswith(".") for parameter in parameters(cls))


def test_numbers_are_finite_and_the_split_covers_them(name: str) -> None:
    dataset = make(name)
    assert np.isfinite(dataset.values).all()
    assert np.isfinite(dataset.clean).all()
    assert dataset.values.dtype == np.float32
    counts = np.bincount(dataset.split, minlength=3)
    assert counts.sum() == len(dataset)
    np.testing.assert_allclose(counts / len(dataset), [0.7, 0.15, 0.15], atol=0.01)
    assert dataset.name == SETS.load(name).title
    assert not dataset.channel_names[0].startswith(("channel", "feature"))
    assert dataset.origin.kind == "generated"
    assert dataset.origin.name == name


def test_the_seed_decides(name: str) -> None:
    first, again, other = make(name, seed=1), make(name, seed=1), make(name, seed=2)
    assert first.sha256 == again.sha256
    np.testing.assert_array_equal(first.split, again.split)
    assert (first.split != other.split).any()
    assert (first.sha256 == other.sha256) == (name == "digits")


def test_sines_are_the_easy_case_study() -> None:
    dataset = open_data("sines")
    assert dataset.values.shape == (4000, 50, 1)
    phase = dataset.columns["phase"]
    expected = np.sin(2 * np.pi * 2 / 50 * np.arange(50) + phase[:, None])
    np.testing.assert_allclose(dataset.clean[..., 0], expected, atol=1e-6)
    assert (dataset.values - dataset.clean).std() == pytest.approx(0.3, rel=0.01)
    assert (phase.min() >= 0) and (phase.max() < 2 * np.pi)
    assert dataset.labels is None
    assert dataset.layout == "series"


def test_sines_varied_are_the_hard_case_study() -> None:
    dataset = make("sines-varied")
    amplitude, frequency, phase = (dataset.columns[key][:, None] for key in ("amplitude", "frequency", "phase"))
    expected = amplitude * np.sin(2 * np.pi * frequency * np.arange(50) + phase)
    np.testing.assert_allclose(dataset.clean[..., 0], expected, atol=1e-5)
    assert 0.5 <= amplitude.min() < 0.51 < 1.49 < amplitude.max() <= 1.5
    assert 1 <= 50 * frequency.min() < 1.01 < 4.99 < 50 * frequency.max() <= 5


def test_sines_take_options() -> None:
    dataset = make("sines", n=7, n_steps=20, cycles=1, noise=0)
    assert dataset.values.shape == (7, 20, 1)
    np.testing.assert_array_equal(dataset.values, dataset.targets)


def test_swiss_roll_rolls() -> None:
    dataset = make("swiss-roll")
    x, y, z = dataset.values.T
    t = dataset.columns["roll parameter"]
    np.testing.assert_allclose(np.hypot(x, z), t, rtol=1e-5)
    np.testing.assert_allclose(y, dataset.columns["height"], rtol=1e-6)
    assert dataset.layout == "points"


def test_curve_has_unit_speed_and_its_noise() -> None:
    dataset = make("curve", n=5000)
    order = np.argsort(dataset.columns["position"])
    length = np.linalg.norm(np.diff(dataset.clean[order], axis=0), axis=1).sum()
    assert length == pytest.approx(3 * np.pi, rel=0.01)
    assert (dataset.values - dataset.clean).std() == pytest.approx(0.05, rel=0.03)


def test_digits_are_images_and_stratified() -> None:
    dataset = make("digits")
    assert dataset.values.shape == (1797, 8, 8, 1)
    assert dataset.layout == "image"
    assert (dataset.values.min(), dataset.values.max()) == (0, 1)
    assert dataset.labels is not None
    for digit in range(10):
        assert (dataset.split[dataset.labels == digit] == 2).mean() == pytest.approx(0.15, abs=0.02)


def test_digits_split_at_is_in_order() -> None:
    dataset = make("digits", split_at=1300)
    np.testing.assert_array_equal(dataset.indices("train"), np.arange(1300))
    np.testing.assert_array_equal(dataset.indices("test"), np.arange(1300, 1797))
    with pytest.raises(InputError, match="1797"):
        make("digits", split_at=2000)


def test_wrong_options_are_told() -> None:
    with pytest.raises(InputError, match="no parameter 'size'"):
        make("sines", size=3)
    with pytest.raises(InputError, match="'n' cannot be 0"):
        make("sines", n=0)
    with pytest.raises(InputError, match="there is no data set called 'cosines'"):
        make("cosines")
