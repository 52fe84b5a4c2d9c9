"""Text files: their encoding, their head, and progress while they are read."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from explorer.errors import InputError
from explorer.progress import Progress, check

HEAD = 1 << 18
_MOST_HEAD = 1 << 26
_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_head(path: Path, lines: int = 8) -> tuple[bytes, bool]:
    """Return the first whole lines of a file, at least `lines`, and whether that is all of it.

    Raises
    ------
    InputError
        If the file is empty, or has no line ends in its first 64 MiB.
    """
    size = HEAD
    with path.open("rb") as file:
        head = file.read(size)
        while len(head) == size and head.count(b"\n") + head.count(b"\r") < lines and size < _MOST_HEAD:
            head += file.read(size)
            size *= 2
        whole = not file.read(1)
    if not head.strip():
        raise InputError("the file is empty", source=path, remedy="Export it again from where it came from")
    if whole:
        return head, True
    end = max(head.rfind(b"\n"), head.rfind(b"\r"))
    if end < 0:
        raise InputError("the first line never ends", source=path, remedy="Check that this is a text file")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: end & ~1], False
    return head[: end + 1], False


def sniff_encoding(head: bytes, path: Path) -> str:
    """Return the name of the encoding of a text, as Python calls it.

    A byte order mark tells; else it is UTF-8, or where that does not fit Windows' Western European (cp1252).

    Raises
    ------
    InputError
        If it is no text.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        raise InputError("this is not a text file", source=path, remedy="Choose the reader for its format")
    for name in ("utf-8", "cp1252"):
        try:
            # Not final: the head may end within a character.
            codecs.getincrementaldecoder(name)().decode(head, final=False)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def decode(head: bytes, encoding: str, path: Path) -> str:
    """Return a head as text.

    Raises
    ------
    InputError
        If it is not in this encoding.
    """
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head, final=False)
    except UnicodeError as reason:
        raise InputError(
            f"the text is not in the encoding {encoding}: {reason}", source=path, remedy="Choose another encoding"
        ) from reason


class Watched(io.RawIOBase):
    """A file that reports how far it was read, and stops reading with `Cancelled` when that is asked."""

    def __init__(self, path: Path, progress: Progress, *, share: float = 1.0, message: str = "Reading") -> None:
        self._file = path.open("rb", buffering=0)
        self._size = max(1, path.stat().st_size)
        self._progress, self._share, self._message = progress, share, message

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] - any writable buffer
        """Read into `buffer`; report and check."""
        check(self._progress)
        count = self._file.readinto(buffer)
        self._progress.report(self._share * min(1.0, self._file.tell() / self._size), self._message)
        return count

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()


def watch(path: Path, progress: Progress, *, share: float = 1.0) -> io.BufferedReader:
    """Open a file in binary so that reading it reports progress up to `share`."""
    return io.BufferedReader(Watched(path, progress, share=share), _BLOCK)
