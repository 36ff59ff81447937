"""The command line: one module per command group."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the arguments name; exits with the status of the contract."""
    # The imports wait, so that the command asked most often starts fast.
    from drawreview.cli.outcome import said_of  # noqa: PLC0415
    from drawreview.cli.plain import plain_decide  # noqa: PLC0415

    arguments = sys.argv[1:]
    asked = plain_decide(arguments)
    if asked is not None:
        sys.exit(said_of(asked))
    from drawreview.cli.app import app  # noqa: PLC0415

    sys.exit(said_of(lambda: app(arguments)))
