"""Plain text, a sentence a line; or parallel text, a sentence and its translation a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from explorer.data.dataset import Dataset
from explorer.data.reader import Preview, Reader
from explorer.data.readers._text import decode, read_head, sniff_encoding, watch
from explorer.data.texts import text_data
from explorer.data.tokens import of_characters
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress

Tokens = Literal["words", "characters"]
_NUMBER = re.compile(r"\s*[+-]?(\d[\d\s.,]*|\.\d+)([eE][+-]?\d+)?\s*")
_LETTER = re.compile(r"[^\W\d_]")
_GLANCE = 60
"""So many lines tell whether a file holds sentences or a table."""
_SHARE = 0.9


@dataclass(kw_only=True, eq=False, repr=False)
class Text(Reader):
    """Sentences, one a line; where a tab stands in the lines, a sentence and its translation. Empty lines are skipped.

    The words are those of the train part: others, and rare ones if so chosen, are read as unknown.
    """

    title: ClassVar[str] = "Text, a sentence a line"
    extensions: ClassVar[tuple[str, ...]] = (".txt", ".tsv")

    tokens: Annotated[
        Tokens | None, Param("What a sentence is made of: words and marks (none: those), or single characters.")
    ] = None
    target_tokens: Annotated[
        Tokens | None, Param("The same of translations; none: as the sentences.", label="Translation's tokens")
    ] = None
    lower: Annotated[bool | None, Param("Read everything in lower case; none: it is.", label="Lower case")] = None
    longest: Annotated[
        int | None,
        Param("Tokens of a sentence at most; a longer one is cut; none: 60.", ge=1, le=10_000, unit="tokens"),
    ] = None
    vocabulary: Annotated[
        int | None,
        Param(
            "Different tokens at most, the rarest are read as unknown; none: 20,000.", ge=5, le=200_000, advanced=True
        ),
    ] = None
    minimum: Annotated[
        int | None,
        Param(
            "Tokens that come less often are read as unknown; none: all are known.", ge=1, le=1_000_000, advanced=True
        ),
    ] = None
    encoding: Annotated[
        str | None, Param("Of the characters, as Python calls it: utf-8, cp1252; none: found out.", advanced=True)
    ] = None

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether the lines look like sentences: with letters, and without a cell that is but a number."""
        try:
            head, _ = read_head(path)
            lines = [line for line in decode(head, sniff_encoding(head, path), path).splitlines() if line.strip()]
        except InputError:
            return False
        lines = lines[:_GLANCE]
        like = [
            line for line in lines if _is_sentence(line) and (path.suffix.lower() != ".tsv" or line.count("\t") == 1)
        ]
        return len(like) >= _SHARE * len(lines)

    def read(self, path: Path, progress: Progress) -> Dataset:
        """Return the sentences of a file; see `Reader.read`."""
        head, _ = read_head(path)
        encoding = self.encoding or sniff_encoding(head, path)
        with watch(path, progress, share=0.5) as file:
            data = file.read()
        try:
            text = data.decode(encoding)
        except LookupError as reason:
            raise InputError(f"there is no encoding '{encoding}'", remedy="Write utf-8, utf-16 or cp1252") from reason
        except UnicodeDecodeError as reason:
            line = data[: reason.start].count(b"\n") + 1
            raise InputError(
                f"the text is not in the encoding {encoding}", place=f"line {line}", remedy="Choose another encoding"
            ) from reason
        progress.report(0.6, "Counting words")
        return self._dataset(text)

    def _dataset(self, text: str) -> Dataset:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if not lines:
            raise InputError("there is no sentence in the file", remedy="Write a sentence on each line")
        parallel = "\t" in lines[0][1].strip("\r")
        pairs = [_cells(line, number, parallel) for number, line in lines]
        chosen = self._options("")
        characters = chosen["tokens"] == "characters"
        return text_data(
            [pair[0] for pair in pairs],
            [pair[1] for pair in pairs] if parallel else None,
            characters=characters,
            target_characters=(self.target_tokens or chosen["tokens"]) == "characters",
            size=chosen["vocabulary"],
            minimum=chosen["minimum"],
            longest=chosen["longest"],
            lower=chosen["lower"],
        )

    def preview(self, path: Path) -> Preview:
        """Return the first sentences; see `Reader.preview`."""
        head, whole = read_head(path)
        encoding = self.encoding or sniff_encoding(head, path)
        data = self._dataset(decode(head, encoding, path))
        rows = [
            (str(i + 1), data.text_of(i), *([data.translation_of(i)] if data.target_vocabulary else []))
            for i in range(min(8, len(data)))
        ]
        header = ("sentence", "text", *(["translation"] if data.target_vocabulary else []))
        return Preview(self._options(encoding), header, tuple(rows), _summary(data, whole=whole))

    def _options(self, encoding: str) -> dict[str, Any]:
        """Return what is chosen, with what is meant where nothing is."""
        return {
            "tokens": self.tokens or "words",
            "target_tokens": self.target_tokens,
            "lower": self.lower is not False,
            "longest": self.longest or 60,
            "vocabulary": self.vocabulary or 20_000,
            "minimum": self.minimum or 1,
            "encoding": encoding,
        }


def _is_sentence(line: str) -> bool:
    """Whether a line has letters, no cell that is but a number, and no row of numbers among its words."""
    words = line.split()
    numbers = sum(bool(_NUMBER.fullmatch(word)) for word in words)
    if not _LETTER.search(line) or (numbers > 2 and 2 * numbers >= len(words)):
        return False
    return not any(_NUMBER.fullmatch(cell) for cell in re.split(r"[\t,;|]", line))


def _cells(line: str, number: int, parallel: bool) -> tuple[str, str]:
    """Return a sentence and, where the text is parallel, its translation."""
    cells = line.strip("\r").split("\t")
    place, wanted = f"line {number}", 2 if parallel else 1
    if len(cells) != wanted:
        raise InputError(
            f"the line has {len(cells) - 1} tabs where the first line has {wanted - 1}",
            place=place,
            remedy="Write a sentence, a tab and its translation on every line, or sentences alone",
        )
    if not all(cell.strip() for cell in cells):
        raise InputError("a sentence is empty", place=place, remedy="Write it, or take the line out")
    return cells[0], cells[-1] if parallel else ""


def _summary(data: Dataset, *, whole: bool) -> str:
    count = f"{'' if whole else 'at least '}{len(data):,} {'sample' if len(data) == 1 else 'samples'}"
    token = "characters" if of_characters(data.vocabulary) else "words and marks"
    more = ", with translations" if data.target_vocabulary else ""
    return (
        f"{count}: sentences of up to {data.values.shape[1] - 1} {token}, {len(data.vocabulary) - 4:,} different{more}"
    )
