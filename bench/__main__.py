"""`python -m bench`: measure, and say which goals are met."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Final

from bench.clock import say

# Each is imported when it is its turn: one need not have what another needs.
RUNS: Final[dict[str, tuple[str, Callable[[argparse.Namespace], tuple[float, ...]]]]] = {
    "truths": ("bench.truths", lambda given: (given.rows, given.rounds)),
    "decide": ("bench.whole", lambda given: (given.rows, given.rounds)),
    "document": ("bench.document", lambda given: (min(given.rows, 200), given.rounds)),
    "memory": ("bench.memory", lambda given: (given.decisions,)),
    "start": ("bench.start", lambda given: (given.rounds,)),
    "letter": ("bench.letter", lambda given: (given.rounds,)),
    "pot": ("bench.pot", lambda given: (given.projects, given.rounds)),
    "ask": ("bench.ask", lambda given: (given.projects, given.rounds)),
    "advice": ("bench.advice", lambda given: (given.rows, given.rounds)),
    "site": ("bench.site", lambda given: (min(given.rows, 200), given.rounds)),
    "journal": ("bench.journal", lambda given: (given.seconds,)),
    "web": ("bench.web", lambda given: (given.seconds, given.rounds)),
    "batch": ("bench.batch", lambda given: (given.rounds,)),
    "soak": ("bench.web_soak", lambda given: (given.minutes,)),
    "replay": ("bench.replay", lambda given: (given.records, min(given.records, 2_000))),
}


def main() -> int:
    """Run the named measurements, all of them if none is named; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(RUNS)}")
    parser.add_argument("--rows", type=int, default=1_000, help="projects per block")
    parser.add_argument("--rounds", type=int, default=20, help="blocks of each contender")
    parser.add_argument("--decisions", type=int, default=1_000_000, help="of the memory test")
    parser.add_argument("--projects", type=int, default=10_000, help="of deadlines, of interviews")
    parser.add_argument("--seconds", type=float, default=4, help="of each load on the journal")
    parser.add_argument("--minutes", type=float, default=30, help="of the soak")
    parser.add_argument("--records", type=int, default=20_000, help="in the replayed journal")
    given = parser.parse_args()
    if unknown := set(given.names) - set(RUNS):
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}")
    say(f"Python {platform.python_version()}; compare ratios, not times")
    asked = [name for name in RUNS if not given.names or name in given.names]
    met = [import_module(RUNS[name][0]).run(*RUNS[name][1](given)) for name in asked]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
