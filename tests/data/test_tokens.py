from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis.spectrum import spectrum
from explorer.data.corruption import corrupt, parse_corruption
from explorer.data.dataset import Dataset
from explorer.data.scaling import typical_size
from explorer.data.tokens import (
    END,
    PAD,
    SPECIAL,
    UNKNOWN,
    build_vocabulary,
    closed,
    in_common,
    join_tokens,
    lengths_of,
    of_characters,
    read_text,
    renumbered,
    split_text,
    text_of,
    to_ids,
)
from explorer.errors import InputError, UnsupportedError

TEXTS = ["the cat sleeps .", "the old dog runs", "a cat"]


def sentences(texts: list[str] | None = None, *, characters: bool = False, **more: object) -> Dataset:
    tokens = [split_text(text, characters=characters) for text in texts or TEXTS]
    vocabulary = build_vocabulary(tokens, characters=characters)
    ids, lengths = to_ids(tokens, vocabulary)
    return Dataset(values=ids, vocabulary=vocabulary, lengths=lengths, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["It's well-known, isn't it?", "(a) 3 % of £5.", "Grüße, 東京!", ""])
def test_words_and_marks_come_back_as_they_were(text: str) -> None:
    assert join_tokens(split_text(text, characters=False), characters=False).replace(" %", "%") == text.replace(
        " %", "%"
    )
    assert join_tokens(split_text(text, characters=True), characters=True) == text


@pytest.mark.parametrize("seed", range(20))
def test_what_two_texts_have_in_common_is_their_longest_common_subsequence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = (["abcdefgh"[i] for i in rng.integers(0, 1 + seed % 8, rng.integers(0, 90))] for _ in range(2))
    table = np.zeros((len(first) + 1, len(second) + 1), int)
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            table[i + 1, j + 1] = table[i, j] + 1 if a == b else max(table[i, j + 1], table[i + 1, j])
    kept = in_common(first, second)
    left, right = (
        [token for token, known in zip(text, flags, strict=True) if known]
        for text, flags in zip((first, second), kept, strict=True)
    )
    assert left == right
    assert len(left) == table[-1, -1]


def test_white_space_of_any_kind_is_one_blank() -> None:
    assert split_text("  a\t b\n", characters=True) == ["a", " ", "b"]
    assert split_text(" a \u00a0 b ", characters=False) == ["a", "b"]


def test_the_vocabulary_is_by_frequency_and_tells_characters_from_words() -> None:
    tokens = [text.split() for text in TEXTS]
    assert build_vocabulary(tokens, characters=False)[4:] == ("cat", "the", ".", "a", "dog", "old", "runs", "sleeps")
    assert build_vocabulary(tokens, characters=False, minimum=2)[4:] == ("cat", "the")
    assert build_vocabulary(tokens, characters=False, size=5) == (*SPECIAL, "cat")
    assert not of_characters(build_vocabulary([["a"], ["b"]], characters=False))
    assert of_characters(build_vocabulary([["a"], ["b"]], characters=True))
    assert build_vocabulary([["<pad>", "<end>"]], characters=False) == SPECIAL


def test_ids_end_and_are_padded_and_cut() -> None:
    vocabulary = (*SPECIAL, "a", "b")
    ids, lengths = to_ids([["a", "b", "x"], ["b"], []], vocabulary)
    np.testing.assert_array_equal(ids, [[4, 5, UNKNOWN, END], [5, END, PAD, PAD], [END, PAD, PAD, PAD]])
    np.testing.assert_array_equal(lengths, [4, 2, 1])
    np.testing.assert_array_equal(lengths_of(ids), lengths)
    cut, lengths = to_ids([["a", "b", "a"]], vocabulary, steps=3)
    np.testing.assert_array_equal(cut, [[4, 5, END]])
    assert lengths[0] == 3
    assert text_of(ids[0], vocabulary) == "a b �"


def test_nothing_follows_the_end() -> None:
    ids = np.array([[4, END, 4, END], [4, 4, 4, 4]], np.int32)
    np.testing.assert_array_equal(closed(ids), [[4, END, PAD, PAD], [4, 4, 4, 4]])


def test_typed_text_is_read_as_the_vocabulary_is_written() -> None:
    vocabulary = (*SPECIAL, "the", "cat")
    ids, unknown = read_text("The  zebra cat", vocabulary)
    np.testing.assert_array_equal(ids, [[4, UNKNOWN, 5, END]])
    assert unknown == ["zebra"]
    assert read_text("Cat", (*SPECIAL, "Cat"))[1] == []
    with pytest.raises(InputError, match="empty"):
        read_text(" \n", vocabulary)
    with pytest.raises(InputError, match="3 words and marks, and the model reads 2 at most"):
        read_text("the the cat", vocabulary, most=3)


def test_tokens_change_their_numbers_with_the_vocabulary() -> None:
    first, second = (*SPECIAL, "a", "b", "c"), (*SPECIAL, "c", "a")
    np.testing.assert_array_equal(renumbered(np.array([[4, 5, 6, 2]]), first, second), [[5, UNKNOWN, 4, 2]])
    with pytest.raises(InputError, match="does not know 'b'"):
        renumbered(np.array([[0, 1]]), ("a", "b"), ("a", "c"))


# As data


def test_a_data_set_of_sentences() -> None:
    data = sentences()
    assert data.layout == "text" and data.values.dtype == np.int32 and data.sample_shape == (5,)
    assert [data.text_of(row) for row in range(3)] == ["the cat sleeps.", "the old dog runs", "a cat"]
    assert data.sample_name(2) == "a cat"
    np.testing.assert_array_equal(data.sample_names, [data.text_of(row) for row in range(3)])
    some = data.subset(np.array([2, 0]))
    assert [some.text_of(row) for row in range(2)] == ["a cat", "the cat sleeps."]
    flat = data.flat
    assert flat.shape == (3, len(data.vocabulary)) and flat.sum() == data.lengths.sum()
    assert flat[0, data.vocabulary.index("cat")] == 1


def test_translations_have_their_own_words_and_length() -> None:
    other = sentences(["die katze", "der hund rennt nun weg", "katze"])
    data = sentences(targets=other.values, target_vocabulary=other.vocabulary, target_lengths=other.lengths)
    assert data.targets is not None and data.targets.shape != data.values.shape
    assert data.clean is data.values
    assert [data.translation_of(row) for row in range(3)] == [other.text_of(row) for row in range(3)]
    assert data.subset(np.array([1])).translation_of(0) == "der hund rennt nun weg"
    assert sentences().translation_of(0) == ""


def test_what_tokens_mean_is_part_of_the_hash() -> None:
    data = sentences()
    assert data.sha256 == sentences().sha256
    assert data.sha256 != replace(data, vocabulary=(*data.vocabulary[:-1], "naps")).sha256
    numbers = Dataset(values=np.ones((2, 3)), split=np.zeros(2, np.int8))
    import hashlib

    assert numbers.sha256 == hashlib.sha256(b"<f4(2, 3)" + np.ones((2, 3), np.float32).tobytes()).hexdigest()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"values": np.array([[4, 99]])}, "has token 99, and the vocabulary numbers 0 to"),
        ({"values": np.array([[-1, 2]])}, "has token -1"),
        ({"values": np.zeros((2, 3), np.float32)}, "does not hold tokens"),
        ({"values": np.zeros((2, 3, 1), int)}, "does not hold tokens"),
        ({"layout": "series"}, "tokens are no 'series'"),
        ({"vocabulary": (), "layout": "text"}, "need a vocabulary"),
    ],
)
def test_tokens_that_are_none_are_refused(change: dict[str, object], match: str) -> None:
    good = {"values": np.array([[4, 2], [5, 2]]), "vocabulary": (*SPECIAL, "a", "b")}
    assert Dataset(**good).layout == "text"  # type: ignore[arg-type]
    with pytest.raises(InputError, match=match):
        Dataset(**{**good, **change})  # type: ignore[arg-type]


def test_what_works_on_numbers_refuses_tokens() -> None:
    data, noise = sentences(), parse_corruption("gaussian:0.3")
    for work in (
        lambda: corrupt(data, noise),
        lambda: noise.on(data),
        lambda: typical_size(data),
        lambda: spectrum(data),
    ):
        with pytest.raises(UnsupportedError, match="These samples are sentences, not numbers"):
            work()
