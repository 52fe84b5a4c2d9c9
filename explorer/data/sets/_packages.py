"""Files that installed packages ship, found without importing the packages: that takes seconds."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from explorer.errors import InputError

REMEDY = 'Install it: pip install "latentscape[reproduce]"'


def package_file(package: str, *parts: str) -> Path:
    """Return the path of a file within an installed package.

    Parameters
    ----------
    package : str
        As it is imported: ``"skimage"``.
    *parts : str
        Folders and name from the package's folder.

    Raises
    ------
    InputError
        If the package is not installed, or has no such file.
    """
    found = find_spec(package)
    if found is None or found.origin is None:
        raise InputError(f"these data come with the package '{package}', which is not installed", remedy=REMEDY)
    path = Path(found.origin).parent.joinpath(*parts)
    if not path.is_file():
        raise InputError(
            f"the installed package '{package}' has no file '{'/'.join(parts)}'",
            remedy=f"Take another version of it: pip install --upgrade {package}",
        )
    return path
