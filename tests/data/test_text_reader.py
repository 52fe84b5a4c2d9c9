from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data.reader import load, preview, reader_for
from explorer.errors import InputError

LINES = ["The cat sleeps.", "A dog runs, and barks!", "", "The dog sleeps."]


def written(folder: Path, text: str, name: str = "some.txt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_sentence_a_line(tmp_path: Path) -> None:
    path = written(tmp_path, "\r\n".join(LINES))
    assert reader_for(path) == "text"
    data = load(path)
    assert (data.layout, data.name, len(data)) == ("text", "some", 3)
    assert data.origin.name == "text" and data.target_vocabulary == ()
    train = data.indices("train")
    for row in train:
        assert data.text_of(row) == [line.lower() for line in LINES if line][row]
    assert "The" in load(path, lower=False).vocabulary


def test_a_sentence_and_its_translation_a_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a cat\tune chatte\nthe dog\tle chien\n" * 3, "pairs.tsv")
    assert reader_for(path) == "text"
    data = load(path, target_tokens="characters")
    assert data.text_of(0) == "a cat" and data.translation_of(0) == "une chatte"
    assert " " in data.target_vocabulary and " " not in data.vocabulary
    assert data.targets is not None and data.targets.shape == (6, 11)


def test_characters_rare_words_and_long_sentences(tmp_path: Path) -> None:
    path = written(tmp_path, "a b c d\n" + "a b\n" * 19)
    assert load(path, tokens="characters").values.shape == (20, 8)
    assert load(path, longest=2).values.shape == (20, 3)
    few = load(path, minimum=5)
    assert few.vocabulary[4:] == ("a", "b")
    assert few.text_of(0) == "a b � �"
    assert load(path, vocabulary=5).vocabulary[4:] == ("a",)


@pytest.mark.parametrize(
    ("text", "name", "reader"),
    [
        ("1.0 2.0\n3.0 4.0\n", "a.txt", "delimited"),
        ("time,value\n0,1.5\n1,2.5\n", "a.txt", "delimited"),
        ("rest,0.1,0.2\nwalk,0.3,0.4\n", "a.txt", "delimited"),
        ("x\ty\tz\n1\t2\t3\n", "a.tsv", "delimited"),
        ("one hundred\tcent\ntwo\tdeux\n", "a.tsv", "text"),
        ("thursday, 3 may 1979\n4 june 1980\n", "a.txt", "text"),
        ("grüße aus köln\n", "a.txt", "text"),
    ],
)
def test_sentences_are_told_from_tables(tmp_path: Path, text: str, name: str, reader: str) -> None:
    assert reader_for(written(tmp_path, text, name)) == reader


def test_any_usual_encoding_is_read(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        data = load(written(tmp_path, "grüße aus köln\n" * 4, encoding=encoding))
        assert data.text_of(0) == "grüße aus köln"


@pytest.mark.parametrize(
    ("text", "options", "match"),
    [
        ("\n \n\t\n", {}, r"some\.txt: the file is empty"),
        ("a\tb\nc\n", {}, r"line 2: the line has 0 tabs where the first line has 1"),
        ("a\nb\tc\n", {}, r"line 2: the line has 1 tabs where the first line has 0"),
        ("a\tb\nc\t \n", {}, r"line 2: a sentence is empty"),
        ("a\tb\tc\n", {}, r"line 1: the line has 2 tabs where the first line has 1"),
        ("a b\nå ä\n", {"encoding": "ascii"}, r"line 2: the text is not in the encoding ascii"),
        ("a b\n", {"encoding": "klingon"}, r"there is no encoding 'klingon'"),
        ("a\0b\n", {}, "not a text file"),
    ],
)
def test_bad_files_are_told(tmp_path: Path, text: str, options: dict[str, str], match: str) -> None:
    with pytest.raises(InputError, match=match):
        load(written(tmp_path, text), reader="text", **options)


def test_the_preview_shows_the_sentences(tmp_path: Path) -> None:
    seen = preview(written(tmp_path, "a cat\tune chatte\nthe dog\tle chien\n"))
    assert seen.header == ("sentence", "text", "translation")
    assert ("1", "a cat", "une chatte") in seen.rows
    assert seen.summary.startswith("2 samples: sentences of up to 2 words and marks")
    assert "with translations" in seen.summary
    assert seen.options["encoding"] == "utf-8"


def test_words_that_only_others_have_are_unknown_to_the_training(tmp_path: Path) -> None:
    data = load(written(tmp_path, "".join(f"word{'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10]}\n" for i in range(100))))
    unseen = np.flatnonzero((data.values == 3).any(axis=1))
    np.testing.assert_array_equal(unseen, np.sort(np.r_[data.indices("validation"), data.indices("test")]))
