"""Sentences in a project file and between processes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.data.generated import make
from explorer.data.reader import load
from explorer.workspace.codec import Decoder, Encoder, build
from explorer.workspace.messages import LoadData, RankOutliers, ReadSentence
from explorer.workspace.messages.model import ModelRef
from explorer.workspace.project import ProjectFile


def test_sentences_are_kept_in_a_project(tmp_path: Path) -> None:
    data = make("number-words", n=40)
    project = ProjectFile.create(tmp_path / "p.latentscape")
    again = project.read_data(project.add_data(data))
    assert again.sha256 == data.sha256 and again.vocabulary == data.vocabulary
    assert again.layout == "text" and again.target_vocabulary == data.target_vocabulary
    assert [again.translation_of(row) for row in range(40)] == data.translations.tolist()
    project.close()


def test_a_file_of_sentences_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text("a small cat\nthe dog\na bird sings\n" * 5, encoding="utf-8")
    data = load(path)
    project = ProjectFile.create(tmp_path / "p.latentscape")
    again = project.read_data(project.add_data(data))
    assert again.sha256 == data.sha256
    np.testing.assert_array_equal(again.split, data.split)
    project.close()


def test_sentences_go_to_a_worker() -> None:
    data, model = make("dates", n=20), ModelRef("p", 1, 1)
    (message,) = Decoder().feed(Encoder().encode(RankOutliers(model, data)))
    there = build(RankOutliers, message).data
    assert there.sha256 == data.sha256 and there.translations.tolist() == data.translations.tolist()
    (message,) = Decoder().feed(Encoder().encode(ReadSentence(model, "Grüße", 3)))
    assert build(ReadSentence, message) == ReadSentence(model, "Grüße", 3)
    assert LoadData("sentences").path == "sentences"
