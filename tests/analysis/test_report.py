"""Reports: one file that needs nothing else, and whose figures can be drawn again from what is in it."""

from __future__ import annotations

import base64
import io
import json
import runpy
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from explorer.analysis.report import Picture, Report, Table, write
from explorer.errors import Cancelled, InputError
from explorer.progress import Silent
from tests.analysis.figures.examples import CONTENTS

REPORT = Report(
    title="A <bench> & more",
    lead=("The network loses.", "By 3 dB."),
    tables=(Table("Errors", ("denoiser", "MSE"), (("median", "0.25 [0.2, 0.3]"), ("run:1", "−1.5"))),),
    pictures=(
        Picture("scores", *CONTENTS["bench-scores"], "Who is ahead", "Means of <all>"),
        Picture("levels", *CONTENTS["bench-levels"], "Against the noise"),
    ),
    settings={"Data": {"name": "sines", "seed": "7"}},
    commands=("latentscape bench sines --seed 7",),
    numbers={"mse": np.float64(0.25), "odd": float("nan"), "text": "</script>", "all": np.arange(3)},
)


class _Reader(HTMLParser):
    """Collects tags, links and the block of numbers, and fails where tags do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.texts: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "source", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + data


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> _Reader:
    path = write(REPORT, tmp_path_factory.mktemp("report") / "r.html")
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    assert reader.open == []
    return reader


def _content(address: str) -> bytes:
    return base64.b64decode(address.partition(";base64,")[2])


def test_a_page_needs_nothing_else(page: _Reader) -> None:
    for tag, given in page.tags:
        for name in ("src", "href", "srcset"):
            assert given.get(name, "data:").startswith("data:"), (tag, given)
        assert not any(name.startswith("on") for name in given)
        assert tag not in ("link", "iframe", "object")
        assert tag != "script" or given["type"] == "application/json"  # data, which nothing runs
    assert "url(" not in page.texts["style"] and "@import" not in page.texts["style"]


def test_a_page_tells_all(page: _Reader) -> None:
    assert page.texts["h1"] == "A <bench> & more" and "The network loses." in page.texts["li"]
    assert "0.25 [0.2, 0.3]" in page.texts["td"] and "latentscape bench sines --seed 7" in page.texts["pre"]
    assert json.loads(page.texts["script"]) == {"mse": 0.25, "odd": None, "text": "</script>", "all": [0, 1, 2]}
    images = [given for tag, given in page.tags if tag == "img"]
    assert images[0]["alt"] == "Figure 1. Who is ahead. Means of <all>"
    dark = [given for tag, given in page.tags if tag == "source"]
    assert len(images) == len(dark) == 2 and all("dark" in given["media"] for given in dark)
    assert _content(images[0]["src"]).startswith(b"<?xml") and images[0]["src"] != dark[0]["srcset"]
    headers = [given["scope"] for tag, given in page.tags if tag == "th"]
    assert headers[:3] == ["col", "col", "row"]


def test_a_figure_is_drawn_again_from_what_the_page_holds(
    page: _Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib.pyplot as plt

    for _, given in page.tags:
        if given.get("download", "").startswith("levels."):
            (tmp_path / given["download"]).write_bytes(_content(given["href"]))
    monkeypatch.setattr(Figure, "savefig", lambda *_, **__: None)
    monkeypatch.setattr(matplotlib, "get_backend", lambda *_, **__: "agg")
    with matplotlib.rc_context():
        figure = runpy.run_path(str(tmp_path / "levels.py"))["fig"]
        plt.close(figure)
    content = CONTENTS["bench-levels"][1]
    for line, mean in zip(figure.axes[0].lines, content["means"], strict=False):
        np.testing.assert_allclose(line.get_ydata(), mean)


def test_a_pdf_has_its_sources_beside_it(tmp_path: Path) -> None:
    path = write(replace(REPORT, pictures=REPORT.pictures[1:]), tmp_path / "r.pdf")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-") and data.count(b"/Type /Page ") == 2
    with zipfile.ZipFile(io.BytesIO((tmp_path / "r-figures.zip").read_bytes())) as archive:
        assert sorted(archive.namelist()) == ["levels.csv", "levels.py", "numbers.json"]
        assert json.loads(archive.read("numbers.json"))["mse"] == 0.25


def test_other_endings_and_a_cancel_leave_nothing(tmp_path: Path) -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(InputError, match=r"\.html or \.pdf"):
        write(REPORT, tmp_path / "r.docx")
    for name in ("r.html", "r.pdf"):
        with pytest.raises(Cancelled):
            write(REPORT, tmp_path / name, Stop())
    assert not [path for path in tmp_path.iterdir() if path.is_file()]
