"""Published data that the program does not bring along: where to look for them, and where to get them."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from explorer.errors import InputError, MissingDataError

SOURCES = {
    "nab": "the Numenta Anomaly Benchmark (github.com/numenta/NAB, folders 'data' and 'labels')",
    "physionet2012": "the PhysioNet / Computing in Cardiology Challenge 2012 (physionet.org/content/challenge-2012), "
    "set A and its outcomes",
}
"""What each folder of data holds."""
_CHOSEN: list[Path] = []


def look_in(folder: str | Path) -> None:
    """Look for published data in this folder before all others.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise InputError("there is no such folder", source=folder, remedy="Give the folder that holds the data")
    _CHOSEN.insert(0, path)


def folders() -> list[Path]:
    """Return where published data may lie: a chosen folder, $LATENTSCAPE_DATA, ``data``, ``../shared/data``."""
    named = os.environ.get("LATENTSCAPE_DATA")
    checkout = Path(__file__).resolve().parents[2]
    usual = [Path("data"), checkout / "data", checkout.parent / "shared" / "data"]
    return [*_CHOSEN, *([Path(named)] if named else []), *usual]


def find_data(relative: str) -> Path:
    """Return the path of a published file or folder, such as ``"nab/labels/combined_windows.json"``.

    Raises
    ------
    MissingDataError
        If it is in none of the folders; it says where to get it.
    """
    for folder in folders():
        if (folder / relative).exists():
            return folder / relative
    kind = relative.split("/", 1)[0]
    raise MissingDataError(
        f"'{relative}' is not here",
        source=kind,
        remedy=f"Get {SOURCES.get(kind, kind)}, put it into a folder '{kind}', and give the folder that holds it "
        "by --data or the variable LATENTSCAPE_DATA",
    )


def package_folder(package: str) -> Path:
    """Return the folder of an installed package that brings data along, without importing it.

    Raises
    ------
    InputError
        If it is not installed.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(
            f"these data come with the package '{package}', which is not installed",
            remedy='Install it: pip install "latentscape[reproduce]"',
        )
    return Path(spec.origin).parent
