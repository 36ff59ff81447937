"""Stages that started while the text barred them, and what follows: 三(三), letters, penalties."""

from __future__ import annotations

from collections.abc import Iterator

from drawreview.project.from_yaml import is_mapping
from drawreview.project.model import Project
from drawreview.rulebook.model import Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.site.answer import Breach, Follows
from drawreview.site.changed import with_commission
from drawreview.site.events import Stage, StageStarted
from drawreview.site.log import Log
from drawreview.site.situation import Situation, situation_of
from drawreview.site.stages import cite, gates_of, level_of, of_small_works, shuts
from drawreview.truth import Truth


def breaches_until(
    today: Situation, project: Project, log: Log, law: Rulebook, *, assume_in_force: bool
) -> Iterator[Breach]:
    """Yield each start of a stage that the text barred on its day.

    Documents of the same day count: the law orders days, not hours. What is read is the text of
    that day, and a day on which nobody can say which rules apply yields no breach.
    """
    stated = with_commission(project, today.known)
    for entry in today.known.counted:
        event = entry.event
        if not isinstance(event, StageStarted):
            continue
        then = situation_of(
            stated,
            log.known_on(event.on, as_of=today.known.day),
            law,
            assume_in_force=assume_in_force,
            works=(event.stage,),
        )
        by = then.binding
        if by is None:
            continue
        gate = next(gate for gate in gates_of(by) if gate.stage == event.stage)
        if gate.state == "barred":
            yield Breach(
                on=event.on,
                number=entry.number,
                stage=event.stage,
                clause=_clause(by, event.stage),
                gate=gate,
                consequences=tuple(_consequences(by)),
            )


def _clause(then: Situation, stage: Stage) -> str:
    """Return the clause that bars the stage itself, else an earlier one: 方可 tells most."""
    order = list(Stage)
    bars = [bar for bar, truth in then.bars if bar.stage in order and shuts(then, bar, truth)]
    mine = [bar for bar in bars if order.index(Stage(bar.stage)) <= order.index(stage)]

    def rank(rule: Rule, at: str) -> tuple[bool, int, bool]:
        return (at != stage, level_of(then.law, rule), rule.stage_gate.not_then)

    first = min(mine, key=lambda bar: rank(bar.rule, bar.stage))
    return cite(then.law, first.rule)


def _consequences(then: Situation) -> Iterator[Follows]:
    for rule in _in_order(then.law):
        if then.truth_of[rule.id] == Truth.TRUE and not of_small_works(then, rule):
            for conclusion in rule.then:
                if conclusion.consequence:
                    yield Follows(
                        conclusion.consequence,
                        cite(then.law, rule),
                        conclusion.words,
                        _places_seen(then.law, rule),
                    )


def _places_seen(law: Rulebook, rule: Rule) -> int | None:
    """Return in how many places the words of national law were seen; the city's were checked."""
    seen: object = law.document_of(rule).about.get("seen")
    article = rule.clause.partition("(")[0]
    entry = seen.get(article) if is_mapping(seen) else None
    return int(entry["places"]) if is_mapping(entry) else None


def _in_order(law: Rulebook) -> tuple[Rule, ...]:
    """Return the rules of the site, the city's first, then those of the highest document."""
    return tuple(sorted(law.site.rules, key=lambda rule: level_of(law, rule)))
