"""Standard MIDI files, one by one or many in a ZIP archive."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, ClassVar

from explorer.data.reader import Preview
from explorer.data.readers._cut import TuneReader
from explorer.data.readers._midi import MOST_BYTES, read_tune
from explorer.data.tunes import Tune
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress

_ENDINGS = (".mid", ".midi", ".kar")
_MOST_MEMBERS, _MOST_TOTAL = 20_000, 1 << 28
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, ValueError, OSError)
_CUT_OFF = "Copy or download the archive again; it may be cut off"


@dataclass(kw_only=True, eq=False, repr=False)
class Midi(TuneReader):
    """The melody of each tune, on a grid of sixteenths, cut into samples of some bars.

    A file is a tune, and a ZIP archive holds many; those of them that are damaged are left out, and told. The melody is
    the part that looks most like one: a note at a time, the highest of a chord, and drums left out. Bars and tempo are
    the file's. All samples of a tune are in the same part of the split.
    """

    title: ClassVar[str] = "MIDI (also many in a ZIP)"
    extensions: ClassVar[tuple[str, ...]] = (*_ENDINGS, ".zip")

    part: Annotated[
        int | None,
        Param("Which part has the melody; 0: the highest note of all; auto: the most melodic.", ge=0, le=1000),
    ] = None

    @classmethod
    def recognises(cls, path: Path) -> bool | None:
        """Return whether it is a MIDI file, or an archive of some."""
        if path.suffix.lower() != ".zip":
            return None
        try:
            with zipfile.ZipFile(path) as archive:
                return bool(_members(archive))
        except _DAMAGE:
            return False

    def tunes(self, path: Path, progress: Progress) -> Iterator[tuple[float, Tune | InputError]]:
        """Yield the tune of each file; see `TuneReader.tunes`."""
        if path.suffix.lower() != ".zip":
            if path.stat().st_size > MOST_BYTES:
                raise InputError("the file is too large for a tune", remedy="Cut it into pieces")
            yield 1.0, read_tune(path.read_bytes(), path.stem, self.part)
            return
        try:
            with zipfile.ZipFile(path) as archive:
                members = _members(archive)
                if not members:
                    raise InputError("there is no MIDI file in the archive", remedy="Choose one with .mid files")
                for i, member in enumerate(members):
                    yield (i + 1) / len(members), self._member(archive, member, members)
        except _DAMAGE as reason:
            if isinstance(reason, InputError):
                raise
            raise InputError("this is not a ZIP archive, or it is damaged", remedy=_CUT_OFF) from reason

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, members: list[zipfile.ZipInfo]
    ) -> Tune | InputError:
        """Return the tune of a file in an archive, or why it cannot be read: the others may be whole."""
        try:
            return _named(read_tune(archive.read(member), member.filename, self.part), member.filename, members)
        except InputError as reason:
            return reason
        except _DAMAGE:
            return InputError("it is damaged in the archive", place=member.filename, remedy=_CUT_OFF)

    def preview(self, path: Path) -> Preview:
        """Read all tunes; see `Reader.preview`."""
        looked = super().preview(path)
        looked.options["part"] = self.part
        return looked


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the MIDI files of an archive, by name; the Mac's hidden copies are none."""
    found = [
        info
        for info in archive.infolist()
        if info.filename.lower().endswith(_ENDINGS) and not PurePosixPath(info.filename).name.startswith("._")
    ]
    sizes = [info.file_size for info in found]
    if len(found) > _MOST_MEMBERS or sum(sizes) > _MOST_TOTAL or max(sizes, default=0) > MOST_BYTES:
        raise InputError(
            f"unpacked it would be {sum(sizes) / 1e6:,.0f} MB in {len(found):,} files, which is too much",
            remedy="Put fewer tunes into an archive",
        )
    return sorted(found, key=lambda info: info.filename)


def _named(tune: Tune, filename: str, members: list[zipfile.ZipInfo]) -> Tune:
    """Return a tune called as its file, with the folder where several folders are in the archive."""
    from dataclasses import replace

    path = PurePosixPath(filename)
    folders = {PurePosixPath(info.filename).parent for info in members}
    return replace(tune, name=path.stem if len(folders) == 1 else str(path.with_suffix("")))
