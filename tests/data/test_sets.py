import re
from datetime import date

import numpy as np
import pytest

from explorer.data.beats import known_r_peaks
from explorer.data.generated import SETS, GeneratedSet, make, open_data
from explorer.data.sets import _packages
from explorer.data.sets.addition import CHARACTERS
from explorer.data.sets.dates import ordinal
from explorer.data.sets.dictionary import planted_atoms
from explorer.data.sets.number_words import in_words
from explorer.errors import InputError
from explorer.parameters import parameters

FIXED = {"digits", "ecg-recording", "faces", "mnist-1d", "mnist-5k", "ucr"}
"""Published numbers: the seed draws the split alone."""
GLIMPSED = {"periodic": 0.25, "spirals": 0.25}
"""Which share of the values is seen; the others are missing."""
SHARES = {
    "periodic": (0.8, 0.05, 0.15),
    "spirals": (0.8, 0.05, 0.15),
    "addition": (0.85, 0.05, 0.1),
    "melodies": (0.715, 0.145, 0.14),
    "mnist-1d": (0.72, 0.08, 0.2),
    "ucr": (0.25, 0, 0.75),
}

SMALL = {"mnist-1d": {"n": 500}, "ecg": {"n": 200}, "melodies": {"n": 400}}
"""Options that make a set quick to make where the whole of it does not matter."""


@pytest.fixture(params=list(SETS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_issue_s_sets_are_there() -> None:
    assert {"sines", "sines-varied", "swiss-roll", "curve", "digits"} <= set(SETS)
    assert {"shapes", "segmented-digits", "bursts", "dictionary", "forecast", "bouncing", "addition"} <= set(SETS)
    assert {"mnist-1d", "mnist-5k", "faces", "ucr", "ecg", "ecg-recording"} <= set(SETS)


def test_it_is_described(name: str) -> None:
    cls = SETS.load(name)
    assert issubclass(cls, GeneratedSet)
    assert cls.title
    assert (cls.__doc__ or "").strip().endswith((".", ")."))
    assert all(parameter.param.help.endswith(".") for parameter in parameters(cls))


def test_numbers_are_finite_and_the_split_covers_them(name: str) -> None:
    dataset = make(name, **SMALL.get(name, {}))
    assert np.isfinite(dataset.values).mean() == GLIMPSED.get(name, 1.0)
    assert np.isfinite(dataset.clean[dataset.indices("test")]).all()
    assert np.isfinite(dataset.clean).all() or name in GLIMPSED
    assert dataset.values.dtype == (np.int32 if dataset.vocabulary else np.float32)
    counts = np.bincount(dataset.split, minlength=3)
    assert counts.sum() == len(dataset)
    np.testing.assert_allclose(counts / len(dataset), SHARES.get(name, (0.7, 0.15, 0.15)), atol=0.01)
    assert SETS.load(name).title in dataset.name
    assert not dataset.channel_names[0].startswith(("channel", "feature"))
    assert dataset.origin.kind == "generated"
    assert dataset.origin.name == name


def test_sentences_are_grammatical_and_known() -> None:
    dataset = make("sentences", n=2000)
    assert len(set(dataset.sample_names)) == 2000
    assert not (dataset.values == 3).any()
    tense, number = dataset.columns["tense"], dataset.columns["number"]
    for row in range(300):
        words = dataset.text_of(row).split()
        assert 4 <= len(words) <= 14 and len(words) == dataset.columns["words"][row] == dataset.lengths[row] - 1
        assert ("will" in words) == (tense[row] == "future")
        assert ("not" in words) == (dataset.columns["negation"][row] == "denied")
        assert "one" not in words or number[row] == "one"
        assert not {"yesterday", "last"} & set(words) or tense[row] == "past"


def test_dates_are_translated_as_the_calendar_has_them() -> None:
    dataset = make("dates", n=300)
    assert len(set(dataset.translations)) == 300
    by_format = {name: [] for name in dataset.class_names}
    for row in range(300):
        day = date.fromisoformat(dataset.translation_of(row))
        text = dataset.text_of(row)
        by_format[dataset.class_names[dataset.labels[row]]].append(text)
        assert day.year == dataset.columns["year"][row]
        assert str(day.day) in text and (str(day.year) in text or text.endswith(f"{day.year % 100:02}"))
        assert (names := re.findall("monday|tuesday|wednesday|thursday|friday|saturday|sunday", text)) in (
            [],
            [day.strftime("%A").lower()],
        ), names
    assert all(by_format.values())
    assert [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th",
    ]  # fmt: skip


def test_numbers_are_said_in_british_english() -> None:
    known = {
        0: "zero", 13: "thirteen", 40: "forty", 99: "ninety nine", 402: "four hundred and two", 700: "seven hundred",
        1_007: "one thousand and seven", 21_310: "twenty one thousand three hundred and ten",
        100_000: "one hundred thousand",
    }  # fmt: skip
    assert {number: in_words(number) for number in known} == known
    assert len({in_words(number) for number in range(20_000)}) == 20_000
    dataset = make("number-words", n=2000)  # so many that the train part has every word
    for row in range(200):
        assert dataset.text_of(row) == in_words(int(dataset.translation_of(row)))
    back = make("number-words", n=2000, to="words", largest=999)
    assert back.translation_of(5) == in_words(int(back.text_of(5)))


def test_the_seed_decides(name: str) -> None:
    first, again, other = (make(name, seed=seed, **SMALL.get(name, {})) for seed in (1, 1, 2))
    assert first.sha256 == again.sha256
    np.testing.assert_array_equal(first.split, again.split)
    assert not np.array_equal(first.split, other.split) or name in ("ucr", "ecg-recording")
    assert (first.sha256 == other.sha256) == (name in FIXED)


def test_making_a_set_leaves_the_global_random_state_alone(name: str) -> None:
    np.random.seed(5)  # noqa: NPY002 - what a user's own program may rely on
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    make(name, **SMALL.get(name, {}))
    np.testing.assert_array_equal(np.random.random(3), expected)  # noqa: NPY002


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


# Masks


@pytest.mark.parametrize("name", ["shapes", "segmented-digits", "bursts"])
def test_masks_have_their_classes(name: str) -> None:
    dataset = make(name)
    assert dataset.masks is not None
    assert np.unique(dataset.masks).tolist() == list(range(len(dataset.mask_names)))
    background = (dataset.masks == 0).mean()
    assert 0.7 < background < 0.9  # so that accuracy tells little
    assert (dataset.values != dataset.targets).all()


def test_shapes_have_the_area_of_their_radius() -> None:
    dataset = make("shapes", n=600, size=64, masks="kind")
    assert dataset.masks is not None and dataset.labels is not None
    area = (dataset.masks > 0).sum(axis=(1, 2))
    np.testing.assert_allclose(area, np.pi * dataset.columns["radius"] ** 2, rtol=0.12)
    np.testing.assert_array_equal(dataset.masks.max(axis=(1, 2)), dataset.labels + 1)
    assert dataset.mask_names == ("background", "disc", "square", "triangle")
    edge = np.concatenate([dataset.masks[:, [0, -1], :].ravel(), dataset.masks[:, :, [0, -1]].ravel()])
    assert not edge.any()  # whole shapes only


def test_shapes_are_lighter_or_darker_than_their_background() -> None:
    dataset = make("shapes", noise=0, texture=0)
    assert dataset.masks is not None
    pictures, inside = dataset.values[..., 0], dataset.masks > 0
    steps = [picture[mask].mean() - picture[~mask].mean() for picture, mask in zip(pictures, inside, strict=True)]
    np.testing.assert_allclose(np.abs(steps), 0.35, atol=1e-5)
    assert 0.4 < np.mean(np.array(steps) > 0) < 0.6
    np.testing.assert_array_equal(dataset.values, dataset.targets)


def test_no_threshold_finds_the_shapes() -> None:
    """Otsu's threshold with the better of its two sides, which no method could know, overlaps by a third."""
    from skimage.filters import threshold_otsu

    dataset = make("shapes", n=200)
    assert dataset.masks is not None
    overlaps = []
    for picture, mask in zip(dataset.values[..., 0], dataset.masks > 0, strict=True):
        light = picture > threshold_otsu(picture)
        overlaps.append(max((side & mask).sum() / (side | mask).sum() for side in (light, ~light)))
    assert np.mean(overlaps) < 0.4


def test_segmented_digits_are_the_digits() -> None:
    digits = make("digits")
    dataset = make("segmented-digits", size=24, texture=0, noise=0, contrast=1)
    assert dataset.masks is not None
    np.testing.assert_array_equal(dataset.labels, digits.labels)
    # Drawn three times as large, every third pixel is one of the digit's own.
    np.testing.assert_array_equal(dataset.masks[:, 1::3, 1::3], digits.values[..., 0] > 0.5)
    assert np.abs(dataset.values[dataset.masks == 1] - dataset.values[0, 0, 0]).mean() > 0.3
    places = make("segmented-digits").masks
    assert places is not None
    assert places.any(axis=0)[[0, -1]].any(axis=1).all()  # anywhere in the picture


def test_bursts_are_where_the_masks_say() -> None:
    dataset = make("bursts", n=3000)
    assert dataset.masks is not None and dataset.targets is not None
    clean = dataset.targets[..., 0]
    assert not clean[dataset.masks == 0].any()
    plateau = dataset.masks == dataset.mask_names.index("plateau")
    np.testing.assert_array_equal(np.abs(clean[plateau]), 1)
    shares = np.bincount(dataset.masks.ravel()) / dataset.masks.size
    assert shares[0] > 0.7 > 0.2 > shares[1] > shares[2] > shares[3] > 0.01
    starts = ((dataset.masks > 0) & (np.pad(dataset.masks, ((0, 0), (1, 0)))[:, :-1] != dataset.masks)).sum(axis=1)
    assert (starts <= dataset.columns["events"]).all()  # two of a kind may touch
    assert starts.sum() > 0.95 * dataset.columns["events"].sum()
    noise = (dataset.values - dataset.targets)[..., 0] / 0.4
    assert noise.std() == pytest.approx(1, abs=0.02)
    assert (noise[:, 1:] * noise[:, :-1]).mean() == pytest.approx(0.8, abs=0.02)


# Structure that can be found


def test_the_planted_atoms_are_known() -> None:
    dataset = make("dictionary", n=2000, seed=3)
    atoms = planted_atoms(dataset)
    assert atoms.shape == (128, 64)
    np.testing.assert_allclose(np.linalg.norm(atoms, axis=1), 1, rtol=1e-5)
    from sklearn.linear_model import orthogonal_mp

    found = orthogonal_mp(atoms.T.astype(float), dataset.clean[:50].T.astype(float), n_nonzero_coefs=5).T
    exact = np.abs(found @ atoms - dataset.clean[:50]).max(axis=1) < 1e-4
    assert exact.mean() > 0.5  # greedy search finds most of them
    sizes = np.abs(found[exact])
    assert (sizes > 0).sum(axis=1).max() == 5
    assert 0.49 < sizes[sizes > 1e-3].min() < sizes.max() < 1.51
    assert (found[exact] < 0).any()
    assert (dataset.values - dataset.clean).std() == pytest.approx(0.02, rel=0.02)
    assert planted_atoms(make("dictionary", n=10, seed=4)).tolist() != atoms.tolist()
    with pytest.raises(InputError, match="no dictionary was planted"):
        planted_atoms(make("sines", n=5))
    with pytest.raises(InputError, match="cannot be active"):
        make("dictionary", atoms=3)


def test_the_waves_are_two_sines_of_power_one() -> None:
    dataset = make("forecast", n=2000, n_steps=600, noise=0)
    assert (dataset.values**2).mean() == pytest.approx(1, abs=0.03)
    power = np.abs(np.fft.rfft(dataset.values[..., 0] * np.hanning(600), axis=1)) ** 2
    frequency = np.fft.rfftfreq(600)
    within = (frequency > 1 / 30 - 0.005) & (frequency < 1 / 6 + 0.005)
    assert power[:, within].sum() / power.sum() > 0.999


def test_the_ball_stays_in_its_box_and_keeps_its_speed() -> None:
    dataset = make("bouncing", n=500)
    clean = dataset.clean
    assert np.abs(clean).max() <= 1
    moves = np.abs(np.diff(clean, axis=1))
    typical = np.median(moves, axis=1)
    assert (moves <= typical[:, None] + 1e-4).all()  # shorter only where it bounces within the step
    np.testing.assert_allclose(np.linalg.norm(typical, axis=1), dataset.columns["speed"], rtol=1e-3)
    assert (moves < typical[:, None] - 1e-3).any(axis=(1, 2)).mean() > 0.9  # nearly all bounce


@pytest.mark.parametrize("reverse", [False, True])
def test_the_sums_are_right(reverse: bool) -> None:
    dataset = make("addition", n=800, reverse=reverse)
    assert dataset.values.shape == (800, 8, 12)
    assert set(np.unique(dataset.values)) == {0, 1}
    assert (dataset.values.sum(axis=2) == 1).all()
    seen = set()
    for number, characters in enumerate(dataset.values.argmax(axis=2)):
        text = "".join(CHARACTERS[character] for character in characters)
        question, answer = text[:5], text[5:]
        first, second = (question[::-1] if reverse else question).strip().split("+")
        assert int(first) + int(second) == int(answer) == dataset.columns["sum"][number]
        assert dataset.names is not None and dataset.names[number] == f"{first}+{second}={answer.strip()}"
        seen.add(frozenset((int(first), int(second))))
    assert len(seen) == 800
    assert dataset.channel_names[-2:] == ("+", "blank")


def test_there_are_so_many_sums_only() -> None:
    assert len(make("addition", n=55, digits=1)) == 55
    with pytest.raises(InputError, match="only 55 questions"):
        make("addition", n=56, digits=1)


# What packages ship


def test_mnist_1d_is_the_published_set() -> None:
    """The authors scale it to a mean of 0 and a standard deviation of 1."""
    dataset = make("mnist-1d")
    assert dataset.values.shape == (5000, 40, 1)
    assert dataset.values.std() == pytest.approx(1, abs=1e-4)
    assert dataset.labels is not None
    np.testing.assert_array_equal(np.bincount(dataset.labels), 500)
    np.testing.assert_array_equal(dataset.indices("test"), np.arange(4000, 5000))
    assert len(make("mnist-1d", n=100)) == 100


def test_mnist_5k_has_500_of_each() -> None:
    dataset = make("mnist-5k")
    assert dataset.values.shape == (5000, 28, 28, 1)
    assert dataset.labels is not None
    np.testing.assert_array_equal(np.bincount(dataset.labels), 500)
    assert dataset.values.max() == 1


def test_faces_are_first() -> None:
    dataset = make("faces")
    assert dataset.values.shape == (200, 25, 25, 1)
    assert dataset.class_names == ("face", "no face")
    faces = make("faces", only_faces=True)
    np.testing.assert_array_equal(faces.values, dataset.values[:100])
    assert faces.class_names == ("face",)


@pytest.mark.parametrize(
    ("problem", "shape", "train"),
    [
        ("ItalyPowerDemand", (1096, 24, 1), 67),
        ("BasicMotions", (80, 100, 6), 40),
        ("JapaneseVowels", (640, 29, 12), 270),
    ],
)
def test_the_archive_s_split_is_kept(problem: str, shape: tuple[int, ...], train: int) -> None:
    dataset = make("ucr", problem=problem)
    assert dataset.values.shape == shape
    np.testing.assert_array_equal(dataset.indices("train"), np.arange(train))
    np.testing.assert_array_equal(dataset.indices("test"), np.arange(train, shape[0]))
    if dataset.lengths is not None:
        np.testing.assert_array_equal(~np.isnan(dataset.values[..., 0]), np.arange(29) < dataset.lengths[:, None])
    divided = make("ucr", problem=problem, validation=0.2)
    np.testing.assert_array_equal(divided.indices("test"), dataset.indices("test"))
    assert len(divided.indices("validation")) == int(0.2 * train)


@pytest.mark.parametrize("name", ["faces", "mnist-1d", "mnist-5k", "ucr"])
def test_a_package_that_is_missing_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_packages, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="not installed") as told:
        make(name)
    assert told.value.remedy is not None and "latentscape[reproduce]" in told.value.remedy


def test_artificial_hearts_beat_as_they_should() -> None:
    data = make("ecg", n=150, n_steps=1280, sampling_rate=256, noise="", variability=0.0, variety=0.0)
    assert data.targets is None
    assert set(np.unique(data.labels)) == {0, 1, 2}
    known = known_r_peaks(data, np.arange(20))
    assert known is not None
    assert known_r_peaks(make("bursts", n=3), np.arange(3)) is None
    for row in range(20):
        peaks = known[row]
        gaps = np.diff(peaks) / 256
        usual = 60 / data.columns["heart_rate"][row]
        ecg = data.values[row, :, 0]
        assert all(ecg[at] == ecg[max(0, at - 8) : at + 9].max() for at in peaks[1:-1])  # each is a summit
        if data.labels[row] == 0:
            np.testing.assert_allclose(gaps, usual, atol=0.01)
            assert ecg[peaks[1:-1]] == pytest.approx(0.95, abs=0.15)  # mV
            assert ecg.min() > -0.7
        else:
            early = np.flatnonzero(gaps < 0.8 * usual)
            assert early.size
            assert all(gaps[at + 1] > 1.05 * usual for at in early if at + 1 < len(gaps))
    ventricular = data.values[data.labels == 1].max(axis=1).mean()
    assert ventricular > 1.3 * data.values[data.labels == 0].max(axis=1).mean()


def test_beats_vary_and_are_known_in_noise() -> None:
    data = make("ecg", n=40, n_steps=2560, noise="gaussian:5dB")
    gaps = [np.diff(np.flatnonzero(mask)) for mask, label in zip(data.masks, data.labels, strict=True) if label == 0]
    spread = np.mean([gap.std() / gap.mean() for gap in gaps])
    assert spread == pytest.approx(0.04, abs=0.012)
    power = np.mean((data.values - data.clean) ** 2, axis=1)
    np.testing.assert_allclose(10 * np.log10(data.clean.var(axis=1) / power), 5, atol=0.01)
    with pytest.raises(InputError, match="no corruption called 'fog'"):
        make("ecg", n=1, noise="fog:1")


def test_a_long_recording_of_an_artificial_heart() -> None:
    data = make("ecg", n=1, n_steps=60_000)
    rate = 60 * data.masks.sum() / (60_000 / 128)
    assert rate == pytest.approx(data.columns["heart_rate"][0], rel=0.05)


def test_the_recorded_ecg_is_cut_or_whole() -> None:
    whole = make("ecg-recording", n_steps=None)
    assert whole.values.shape == (1, 108_000, 1)
    assert whole.unit == "mV"
    windows = make("ecg-recording", n_steps=720)
    np.testing.assert_array_equal(windows.values.ravel(), whole.values.ravel())
    assert (np.diff(windows.split) >= 0).all()
    slower = make("ecg-recording", n_steps=None, sampling_rate=120)
    assert slower.values.shape == (1, 36_000, 1)
    assert np.abs(slower.values[0, :, 0] - whole.values[0, ::3, 0]).mean() < 0.02
    with pytest.raises(InputError, match="108000 steps"):
        make("ecg-recording", n_steps=200_000)


@pytest.mark.parametrize("name", GLIMPSED)
def test_what_is_to_be_foretold_is_seen_by_no_model(name: str) -> None:
    data = make(name, n=60, observed=20, ahead=30)
    assert data.irregular
    assert (np.diff(data.times, axis=1) > 0).all()
    within = data.values.shape[1] - 30
    assert (np.isfinite(data.values).all(axis=2).sum(axis=1) == 20).all()
    assert np.isnan(data.values[:, within:]).all()
    learnt, test = data.split < 2, data.split == 2
    assert np.isnan(data.targets[learnt, within:]).all()
    assert np.isfinite(data.targets[learnt, :within]).all()
    assert np.isfinite(data.targets[test]).all()
    assert np.isfinite(make(name, n=60, ahead=0).targets).all()


def test_periodic_waves_are_those_of_the_paper() -> None:
    data = make("periodic", n=200)
    assert data.values.shape == (200, 200, 1)
    test = data.part("test")
    turns = 2 * np.pi * test.columns["frequency"][:, None] * test.times
    np.testing.assert_allclose(test.targets[..., 0], np.sin(turns) + test.columns["height"][:, None], atol=1e-6)
    noise = (test.values - test.targets)[test.observed]
    assert noise.min() + 1e-6 >= 0 and noise.max() <= 0.01 + 1e-6
    assert data.times[:, :100].max() < 5 <= data.times[:, 100:].min() and data.times.max() <= 10


def test_spirals_turn_as_they_are_labelled() -> None:
    data = make("spirals", n=200)
    assert data.values.shape == (200, 200, 2)
    test = data.part("test")
    centre = np.where(test.labels == 0, -5.0, 5.0)
    angle = np.unwrap(np.arctan2(test.targets[..., 1], test.targets[..., 0] - centre[:, None]), axis=1)
    assert (np.sign(angle[:, -1] - angle[:, 0]) == np.where(test.labels == 0, -1, 1)).all()
    noise = (test.values - test.targets)[test.observed]
    assert noise.std() == pytest.approx(0.3, rel=0.05)


def test_timegan_s_sines_are_those_of_the_program_and_of_the_article() -> None:
    slow = make("timegan-sines", n=3000)
    assert slow.values.shape == (3000, 24, 5)
    assert slow.values.min() >= 0.5 and slow.values.max() <= 1  # they begin near the middle and rise
    assert np.abs(slow.values[:, 0] - 0.5).max() < 0.051
    waves = make("timegan-sines", n=3000, as_in="article", channels=2)
    assert waves.values.min() < 0.001 and waves.values.max() > 0.999
    assert np.abs(waves.values - 0.5).mean() == pytest.approx(1 / np.pi, abs=0.005)
    frequency, phase = (waves.columns[f"{what} 2"][:, None] for what in ("frequency", "phase"))
    expected = (np.sin(frequency * np.arange(24) + phase) + 1) / 2
    np.testing.assert_allclose(waves.values[..., 1], expected, atol=1e-5)
