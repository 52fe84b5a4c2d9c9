"""Where the program keeps what the person has not named, and who has which project open."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import IO

from explorer.errors import InputError

SUFFIX = ".latentscape"


def home() -> Path:
    """Return the program's own folder for the user's data, made where missing; ``LATENTSCAPE_HOME`` overrides it.

    Raises
    ------
    InputError
        If it cannot be made.
    """
    chosen = os.environ.get("LATENTSCAPE_HOME")
    if chosen:
        folder = Path(chosen)
    else:
        import platformdirs

        folder = Path(platformdirs.user_data_dir("latentscape", appauthor=False))
    return _made(folder)


def untitled_folder() -> Path:
    """Return the folder of the projects that have no name yet, made where missing."""
    return _made(home() / "untitled")


def untitled_path(stem: str = "Untitled") -> Path:
    """Return a path in the untitled folder that nothing has, with `stem` in its name."""
    stamp = time.strftime("%Y-%m-%d %H-%M-%S")
    folder = untitled_folder()
    for number in range(1, 10_000):
        path = folder / f"{stem} {stamp}{'' if number == 1 else f' ({number})'}{SUFFIX}"
        if not path.exists():
            return path
    raise InputError("there are too many untitled projects", source=folder, remedy="Delete some of them")


def is_untitled(path: Path) -> bool:
    """Return whether a project lies in the untitled folder."""
    return Path(path).resolve().parent == untitled_folder().resolve()


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise InputError(
            f"the folder for the program's data cannot be made: {reason.strerror or reason}",
            source=folder,
            remedy="Set the environment variable LATENTSCAPE_HOME to a folder that can be written",
        ) from reason
    return folder


class Claim:
    """The right to change a project as its window or command; the workers of the holder write beside it.

    It is a lock of the operating system on a small file in `home`, so that it ends with the process, however that
    ends. It is told by the project file's identity, not its name, and holds between the processes of one machine.
    """

    def __init__(self, path: Path) -> None:
        facts = Path(path).stat()
        self._path = _made(home() / "open") / f"{facts.st_dev:x}-{facts.st_ino:x}"
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Take the claim; False where another holds it."""
        file = self._path.open("a+b")
        if not _lock(file):
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        self._file = file
        return True

    @property
    def holder(self) -> str:
        """Process number of whoever took it last, as text; empty where unknown."""
        try:
            return self._path.read_text()
        except OSError:  # Windows lets no one read a locked file
            return ""

    def release(self) -> None:
        """Give the claim back, if it is held."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined] - only on Windows
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
