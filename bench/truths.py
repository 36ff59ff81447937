"""The truth reader alone: extents in, the truths of all rules out."""

from __future__ import annotations

from dataclasses import replace

from bench.by_hand import decide_by_hand, decide_open_by_hand
from bench.clock import Goal, interleaved, over, say, show
from bench.rows import measured, plain, projects
from bench.zen_rules import EXEMPTIONS, expression, found_in_expression, found_in_table, table
from drawreview.engine.relevance import sure_path
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.rule import Rule

# Rules that the peers do not encode: the permit, duties, and the paths, which they name directly.
_NOT_COMPARED = EXEMPTIONS | {"fire_special_joint_review", "commitment_deferred_review"}


def _read(extents: dict[str, tuple[int, int]]) -> tuple[str | None, set[str], set[str]]:
    """Return the path, the compared rules that hold, and those that may hold."""
    law = load_rulebook()
    truths, ends = law.truths(extents)
    found = dict(zip((rule.id for rule in law.order), truths, strict=True))
    compared = {rule: truth for rule, truth in found.items() if _compared(rule)}
    sure = {rule for rule, truth in compared.items() if truth == 2}  # noqa: PLR2004
    return (
        sure_path(law.concluded(ends), law),
        sure,
        {rule for rule, truth in compared.items() if truth == 1},
    )


def _compared(rule: str) -> bool:
    clause = load_rulebook().by_id[rule].clause
    return clause.startswith(("第十四条", "尾")) and rule not in _NOT_COMPARED


def _settles_the_path(rule: Rule) -> bool:
    settled = {fact for conclusion in rule.then for fact, _ in conclusion.settles}
    return bool(settled - {"permit_prerequisites", "drawings_provided", "commitment_barred"})


def agreement(count: int) -> int:
    """Check that all contenders find the same on every row; return how many rows were compared.

    Raises:
        AssertionError: They differ.
    """
    in_table, in_expression = table(), expression()
    for project in projects(count):
        extents = measured(project).extents
        row = plain(extents)
        path, sure, _ = _read(extents)
        for found in (
            found_in_table(in_table(row)),
            found_in_expression(in_expression(row)),
            decide_by_hand(row),
            decide_open_by_hand(extents)[:2],
        ):
            if (found[0], set(found[1])) != (path, sure):
                message = f"{project.name}: {found} is not {(path, sorted(sure))}"
                raise AssertionError(message)
    for project in projects(count, unknown=0.1):
        extents = measured(project).extents
        path, sure, perhaps = _read(extents)
        transition = {"commissioned_later", "commissioned_earlier", "commissioning_gap"}
        found, held, may = decide_open_by_hand(extents)
        if (found, set(held), set(may)) != (path, sure, perhaps - transition):
            message = f"{project.name}: {(found, held, may)} is not {(path, sure, perhaps)}"
            raise AssertionError(message)
    return 2 * count


def run(rows: int, rounds: int) -> bool:
    """Measure on known facts, which is all that zen can be told, and on open ones."""
    compared = agreement(rows)
    say(f"\nagreement: path and rules of Order 51 and the transition equal on {compared} rows")
    known = [measured(project).extents for project in projects(rows)]
    opened = [measured(project).extents for project in projects(rows, unknown=0.1)]
    plains = [plain(extents) for extents in known]
    law = load_rulebook()
    # The peers encode no permit and no duties; all rules together are measured beside them.
    same = replace(law, rules=tuple(rule for rule in law.rules if _settles_the_path(rule)))
    costs = interleaved(
        {
            "truths": over(same.truths, known, fresh=dict),
            "truths, permit and duties too": over(law.truths, known, fresh=dict),
            "zen table": over(table(), plains, fresh=dict),
            "zen expression": over(expression(), plains, fresh=dict),
            "by hand, same extents": over(decide_open_by_hand, known, fresh=dict),
            "by hand, plain known values": over(decide_by_hand, plains, fresh=dict),
            "truths, a tenth unknown": over(same.truths, opened, fresh=dict),
            "by hand, a tenth unknown": over(decide_open_by_hand, opened, fresh=dict),
        },
        rounds,
    )
    return show(
        "truth reader, CPU per project; each has a fresh dict, made off the clock",
        costs,
        (
            Goal("truths", "zen table", 0.10),
            Goal("truths", "zen expression", 0.20),
            Goal("truths", "by hand, same extents", 1.1),
            Goal("truths, a tenth unknown", "by hand, a tenth unknown", 1.1),
        ),
    )
