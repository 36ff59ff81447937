"""What would change a decision, beside the decision itself, for projects of three buildings."""

from __future__ import annotations

from bench.clock import Goal, interleaved, over, say, show
from bench.rows import ON, statement
from drawreview.advice.explain import svg_of
from drawreview.advice.whatif import WEIGHT, what_if
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.project.model import Project

_BUILDINGS = 3
# An interactive call must not be felt; see docs/decisions/0019.
_MOST_SECONDS = 0.020


def _of_three_buildings(count: int) -> list[Project]:
    found: list[Project] = []
    number = 0
    while len(found) < count:
        said = statement(number)
        said["buildings"] = (said["buildings"] * _BUILDINGS)[:_BUILDINGS]
        project = Project.model_validate(said)
        if decide(project, on=ON).review_path in WEIGHT:
            found.append(project)
        number += 1
    return found


def run(rows: int, rounds: int) -> bool:
    """Measure whatif and explain against deciding; met if a whatif takes under 20 ms."""
    projects = _of_three_buildings(min(rows, 200))

    def decided(project: Project) -> Decision:
        return decide(project, on=ON)

    costs = interleaved(
        {
            "decide": over(decided, projects),
            "decide and whatif": over(lambda project: what_if(decided(project)), projects),
            "decide and draw": over(lambda project: svg_of(decided(project)), projects),
        },
        rounds,
    )
    goals = (Goal("decide and whatif", "decide", 200.0),)
    met = show("advice, CPU per project of three buildings, warm", costs, goals, unit="ms")
    median = costs["decide and whatif"].median
    say(f"  whatif: {median * 1e3:.2f} ms by median; goal < {_MOST_SECONDS * 1e3:.0f} ms")
    return met and median < _MOST_SECONDS
