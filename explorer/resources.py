"""Files that ship with the program: samples, icons, the guide."""

from __future__ import annotations

from pathlib import Path

from explorer.errors import InputError

_INSTALLED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parent.parent / "resources"


def resource(name: str) -> Path:
    """Return the path of a shipped file, such as ``samples/sines.latentscape``.

    Raises
    ------
    InputError
        If it is not there, which means that the installation is damaged.
    """
    for root in (_INSTALLED, _CHECKOUT):
        if (root / name).exists():
            return root / name
    raise InputError(f"the shipped file '{name}' is missing", remedy="Install Latentscape again")
