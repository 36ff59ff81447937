"""The whole decision, both engines, from a validated project; reasons are not asked for."""

from __future__ import annotations

from bench.clock import Goal, interleaved, over, say, show
from bench.rows import ON, measured, plain, projects
from bench.zen_rules import expression, table
from drawreview.engine.decide import decide
from drawreview.rulebook.load import load_rulebook


def run(rows: int, rounds: int) -> bool:
    """Measure deciding and its parts; zen is given the facts that measuring makes."""
    known = projects(rows)
    opened = projects(rows, unknown=0.1)
    facts = [measured(project).extents for project in known]
    plains = [plain(extents) for extents in facts]
    costs = interleaved(
        {
            "decide": over(lambda project: decide(project, on=ON), known),
            "decide, a tenth unknown": over(lambda project: decide(project, on=ON), opened),
            "  measure": over(measured, known),
            "  truths": over(load_rulebook().truths, facts, fresh=dict),
            "zen table": over(table(), plains),
            "zen expression": over(expression(), plains),
        },
        rounds,
    )
    rest = costs["decide"].least - costs["  measure"].least - costs["  truths"].least
    met = show(
        "decide, CPU per project; zen starts from measured facts, decide from the project",
        costs,
        (Goal("decide", "zen table", 1.0), Goal("decide, a tenth unknown", "zen table", 1.0)),
    )
    say(f"  decide less measure and truths (durable-rules and the rest): {rest * 1e6:.1f} us")
    return met
