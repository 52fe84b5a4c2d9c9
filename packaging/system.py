"""The shared libraries that Qt needs from the system, and how they come there. Linux only."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from environment import SetupError

# Library -> Debian package. The first need no screen.
OFFSCREEN = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def loads(library: str) -> bool:
    """Whether the dynamic loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing(*, window: bool, loads: Callable[[str], bool] = loads) -> dict[str, str]:
    """Return the libraries that are not there, with the Debian package of each."""
    wanted = {**OFFSCREEN, **(WINDOW if window else {})}
    return {library: package for library, package in wanted.items() if not loads(library)}


def instructions(absent: dict[str, str]) -> str:
    """Return what a person has to do who may install packages where this program may not."""
    return (
        f"Qt needs libraries that this system lacks: {', '.join(absent)}.\n"
        f"On Debian or Ubuntu: sudo apt-get install {' '.join(absent.values())}\n"
        "Elsewhere, install the packages that hold them; then run this again."
    )


def install_missing(*, window: bool) -> None:
    """Install by apt what is missing, or say what to install.

    Raises
    ------
    SetupError
        If something is missing that cannot be installed from here.
    """
    absent = missing(window=window) if sys.platform == "linux" else {}
    if not absent:
        return
    prefix = _as_root()
    if prefix is None or shutil.which("apt-get") is None:
        raise SetupError(instructions(absent))
    print(f"Installing for Qt: {' '.join(absent.values())}", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*prefix, "apt-get", "-qq"]
    install = [*apt, "install", "--yes", "--no-install-recommends", *absent.values()]
    # The package lists of a fresh system are empty or old; what fails for another reason fails again below.
    subprocess.call([*apt, "update"], env=environ)
    if subprocess.call(install, env=environ, stdout=subprocess.DEVNULL) != 0 or (absent := missing(window=window)):
        raise SetupError(instructions(absent))


def _as_root() -> Sequence[str] | None:
    """Return what goes before a command that needs root: nothing, or sudo; None where neither is possible."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.call([sudo, "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return [sudo, "-n"]
    return None
