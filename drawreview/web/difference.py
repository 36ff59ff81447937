"""What differs between a recorded decision and the one that would take its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from drawreview.engine.decision import Decision
from drawreview.engine.document import ANNEX_ZH, FactReason
from drawreview.engine.wording import applies, value_in_words
from drawreview.project.from_yaml import is_mapping, is_sequence
from drawreview.records.body import Actor, Circumstances, body_of, decision_record
from drawreview.web.catalogue import Language
from drawreview.web.form.fields import words_of_values
from drawreview.web.form.sheet import label_of
from drawreview.web.verdict import APART, ROUTES

_PARTS: Final = (
    ("review_path_zh", "审查方式"),
    ("letter", "承诺书"),
    ("certainty", "把握"),
    ("depends_on", "取决于"),
    ("permit_route", "施工许可"),
    ("on", "决定日期"),
)

_CHOICES: Final = words_of_values()
WORDS: Final = {
    **ANNEX_ZH,
    "robust": "各种可容许的读法结论相同",
    "depends": "结论取决于尚无定论的问题",
    **ROUTES,
}


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing that was said before, and is said otherwise now; nothing where it was not said.

    `label` is what the form calls a field of the project file, and in which building it lies.
    """

    what: str
    before: str
    after: str
    label: tuple[str, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs: in the conclusion, in the reasons, in the facts."""

    conclusion: tuple[Differs, ...]
    reasons: tuple[Differs, ...]
    facts: tuple[Differs, ...]
    rules: Differs | None


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return what differs between two records of decisions, read as JSON."""
    one, other = before["decision"], after["decision"]
    packs = (one["rulebook"]["digest"], other["rulebook"]["digest"])
    return Difference(
        conclusion=tuple(
            Differs(words, _worded(one[part]), _worded(other[part]))
            for part, words in _PARTS
            if _said(one[part]) != _said(other[part])
        ),
        reasons=tuple(_between(_reasons(one), _reasons(other))),
        facts=tuple(map(_named, _between(*(dict(_leaves(o["project"])) for o in (before, after))))),
        rules=Differs("规则", packs[0][:12], packs[1][:12]) if packs[0] != packs[1] else None,
    )


def _named(fact: Differs) -> Differs:
    """Return what differs in the project file in the words of its form."""
    before, after = (_CHOICES.get(value, value) for value in (fact.before, fact.after))
    label = label_of(fact.what)
    return Differs(fact.what, before, after, None if label[0] == fact.what else label)


def as_recorded(decision: Decision) -> Mapping[str, Any]:
    """Return what a record of a decision would say."""
    record, _ = decision_record(decision, Circumstances(actor=Actor("clerk", "clerk", "web")))
    return json.loads(body_of(record))


def _worded(value: object) -> str:
    """Return a part of a conclusion in words."""
    said = _said(value)
    return WORDS.get(said, said)


def _said(value: object) -> str:
    if is_sequence(value) or isinstance(value, tuple):
        return "、".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType] - any JSON
    return "" if value is None else str(value)


def _between(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Differs]:
    for what in dict.fromkeys((*before, *after)):
        if before.get(what) != after.get(what):
            yield Differs(what, before.get(what, ""), after.get(what, ""))


def truth_of(reason: Mapping[str, Any]) -> str:
    """Return what a recorded reason says: that it does not apply where no building is built."""
    facts = [FactReason(**fact) for fact in reason["facts"][:1]]
    return str(reason["truth"]) if all(map(applies, facts)) else APART


def value_of(reason: Mapping[str, Any], language: Language) -> str:
    """Return the value that a recorded reason tells, in words."""
    facts = [FactReason(**fact) for fact in reason["facts"][:1]]
    return (value_in_words(facts[0], language) if facts else None) or "—"


def _reasons(decision: Mapping[str, Any]) -> dict[str, str]:
    words = {"true": "符合", "false": "不符合", "unknown": "未知", APART: "不适用"}
    return {
        f"〔{reason['clause']}〕「{reason['phrase']}」": words[truth_of(reason)]
        for reason in decision["reasons"]
    }


def _leaves(part: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if is_mapping(part):
        for key, value in part.items():
            yield from _leaves(value, f"{path}.{key}".lstrip("."))
    elif is_sequence(part):
        if not part:
            yield path, "[]"
        for index, value in enumerate(part):
            yield from _leaves(value, f"{path}[{index}]")
    else:
        yield path, _said(part)
