"""The command line: one module per command group."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the arguments name; exits with the status of the contract."""
    # The imports wait, so that the command asked most often starts fast.
    from drawreview.cli.outcome import said_of  # noqa: PLC0415
    from drawreview.cli.plain import plain_decide  # noqa: PLC0415
    from drawreview.cli.streams import ready_streams  # noqa: PLC0415

    ready_streams()
    arguments = sys.argv[1:]
    asked = plain_decide(arguments)
    if asked is not None:
        sys.exit(said_of(asked))

    def any_command() -> None:
        from drawreview.cli.usage import run  # noqa: PLC0415 - typer is slow to load

        run(arguments)

    sys.exit(said_of(any_command))
