"""The command line: one module per command group."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the arguments name; exits with the status of the contract."""
    from drawreview.cli.app import run  # noqa: PLC0415 - so that importing the package stays cheap

    sys.exit(run(sys.argv[1:]))
