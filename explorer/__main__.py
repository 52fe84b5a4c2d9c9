"""The command `latentscape`, and `python -m explorer`: a window, a command without one, or a window's worker."""

from __future__ import annotations

import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Open the window (no arguments, ``--self-test``, or one project or data file), or run a command.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the process.

    Returns
    -------
    int
        Exit status.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] == "--worker":  # how a window starts its workers, also in a packaged build
        from explorer.workspace.worker import main as work

        return work(modest="--modest" in given)
    # What the command line needs is not imported for the window, which should be there at once.
    if not given:
        from explorer import app

        return app.run(None)
    if given == ["--self-test"]:
        from explorer import app

        return app.run(None, self_test=True)
    if len(given) == 1 and _is_file(given[0]):
        from explorer import app

        return app.run(given[0])
    from explorer.cli.main import run

    return run(given)


def _is_file(argument: str) -> bool:
    """Return whether the window opens this: a project, be it there or not, or a file that there is."""
    if argument.startswith("-"):
        return False
    return argument.lower().endswith(".latentscape") or Path(argument).is_file()


if __name__ == "__main__":
    sys.exit(main())
