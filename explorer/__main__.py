"""The command `latentscape`, and `python -m explorer`: the window, a command, or a worker of a window."""

from __future__ import annotations

import sys

WINDOW_OPTIONS = ("--self-test",)


def main() -> int:
    """Run what the arguments ask for, and return the exit status.

    Nothing, a file, or ``--self-test`` opens the window; the parser of the commands is not even imported then.
    """
    arguments = sys.argv[1:]
    if arguments == ["--worker"]:
        from explorer.workspace.worker import main as work

        return work()
    if not arguments or arguments[0] in WINDOW_OPTIONS or _is_file(arguments):
        from explorer.app import run

        files = [argument for argument in arguments if argument not in WINDOW_OPTIONS]
        return run(files[0] if files else None, self_test="--self-test" in arguments)
    from explorer.cli import main as command

    return command()


def _is_file(arguments: list[str]) -> bool:
    """Whether the one argument is a path rather than a command: it has a suffix or a folder in it."""
    (first, *rest) = arguments
    return not rest and not first.startswith("-") and any(mark in first for mark in "./\\")


if __name__ == "__main__":
    sys.exit(main())
