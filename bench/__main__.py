"""`python -m bench`: measure, and say which goals are met."""

from __future__ import annotations

import argparse
import platform
import sys

from bench.clock import say

NAMES = ("truths", "decide", "memory", "start", "letter", "pot", "advice")


def main() -> int:
    """Run the named measurements, all of them if none is named; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(NAMES)}")
    parser.add_argument("--rows", type=int, default=1_000, help="projects per block")
    parser.add_argument("--rounds", type=int, default=20, help="blocks of each contender")
    parser.add_argument("--decisions", type=int, default=1_000_000, help="of the memory test")
    parser.add_argument("--projects", type=int, default=10_000, help="in the pot of deadlines")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}")
    say(f"Python {platform.python_version()}; compare ratios, not times")
    met = [_measure(name, given) for name in NAMES if not given.names or name in given.names]
    return 0 if all(met) else 1


def _measure(name: str, given: argparse.Namespace) -> bool:  # noqa: PLR0911 - one for each
    # Each is imported when it is its turn: one need not have what another needs.
    match name:
        case "truths":
            from bench.truths import run  # noqa: PLC0415

            return run(given.rows, given.rounds)
        case "decide":
            from bench.whole import run  # noqa: PLC0415

            return run(given.rows, given.rounds)
        case "memory":
            from bench.memory import run as over_many  # noqa: PLC0415

            return over_many(given.decisions)
        case "start":
            from bench.start import run as started  # noqa: PLC0415

            return started(given.rounds)
        case "pot":
            from bench.pot import run as over_pot  # noqa: PLC0415

            return over_pot(given.projects, given.rounds)
        case "advice":
            from bench.advice import run as advised  # noqa: PLC0415

            return advised(given.rows, given.rounds)
        case _:
            from bench.letter import run as lettered  # noqa: PLC0415

            return lettered(given.rounds)


if __name__ == "__main__":
    sys.exit(main())
