"""Read the conditions of a rule file, whose keys are the law's own phrases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from drawreview.condition.ast import (
    All,
    Compare,
    Condition,
    Either,
    Includes,
    Leaf,
    Not,
    OneOf,
    Operator,
    Phrase,
)
from drawreview.fact import Fact, Kind, scaled

Path = tuple[str | int, ...]
# Called with the path of the part, the problem and the remedy.
Report = Callable[[Path, str, str], None]
_BOUNDS: Final = {operator.value: operator for operator in Operator}
_DAYS: Final = {
    "before": Operator.BELOW,
    "on_or_before": Operator.AT_MOST,
    "after": Operator.ABOVE,
    "on_or_after": Operator.AT_LEAST,
}
NEVER_HOLDS: Final = Either(())


class ConditionReader:
    """Reads conditions against a list of facts and reports every mistake it meets."""

    def __init__(self, facts: Mapping[str, Fact], report: Report) -> None:
        self._facts = facts
        self._report = report

    def when(self, data: Any, path: Path) -> Condition:  # noqa: ANN401 - any YAML
        """Return the condition under `when`: phrases that must all hold, or `any`, or `all`."""
        if not isinstance(data, dict) or not data:
            self._report(
                path, "这里应写条件。", "写「短语: {事实: {比较: 值}}」，或 all: {} 表示没有条件。"
            )
            return NEVER_HOLDS
        mapping = cast("dict[str, Any]", data)
        if set(mapping) in ({"all"}, {"any"}):
            (word,) = mapping
            parts = self._phrases(mapping[word] or {}, (*path, word))
            return All(parts) if word == "all" else Either(parts)
        parts = self._phrases(mapping, path)
        return parts[0] if len(parts) == 1 else All(parts)

    def _phrases(self, mapping: dict[str, Any], path: Path) -> tuple[Condition, ...]:
        return tuple(
            Phrase(words, self.reading(reads, (*path, words))) for words, reads in mapping.items()
        )

    def reading(self, data: Any, path: Path) -> Condition:  # noqa: ANN401 - any YAML
        """Return the formal reading of a phrase: one fact, or several that must all hold."""
        if not isinstance(data, dict) or not data:
            self._report(
                path, "短语后面应写它的形式含义。", "例如 {total_floor_area_m2: {below: 2000}}。"
            )
            return NEVER_HOLDS
        parts = tuple(
            self._fact(name, test, (*path, name))
            for name, test in cast("dict[str, Any]", data).items()
        )
        return parts[0] if len(parts) == 1 else All(parts)

    def _fact(self, name: str, test: Any, path: Path) -> Condition:  # noqa: ANN401 - any YAML
        fact = self._facts.get(name)
        if fact is None:
            near = ", ".join(sorted(self._facts, key=lambda known: -_alike(known, name))[:3])
            self._report(path, f"没有名为 {name} 的事实。", f"相近的有：{near}。")
            return NEVER_HOLDS
        if not isinstance(test, dict) or not test:
            self._report(path, f"{name} 后面应写比较。", "例如 {below: 2000}。")
            return NEVER_HOLDS
        tests = dict(cast("dict[str, Any]", test))
        similar = tests.pop("or_similar", None)
        parts = [self._test(fact, word, value, (*path, word)) for word, value in tests.items()]
        found: Condition = parts[0] if len(parts) == 1 else All(tuple(parts))
        if similar is None:
            return found
        return self._or_similar(found, fact, similar, path)

    def _or_similar(
        self, listed: Condition, fact: Fact, judged_by: object, path: Path
    ) -> Condition:
        """Leave an open list open: what is not listed is a question of judgement, not excluded."""
        if judged_by not in self._facts or not isinstance(listed, OneOf):
            self._report(
                path,
                "or_similar 应写一个判断性事实，并与 one_of 同用。",
                "例如 or_similar: similar_use。",
            )
            return listed
        buildings = fact.every_bit & ~fact.bits("not_a_building")
        judged = Compare(str(judged_by), Operator.AT_LEAST, 1)
        return Either((listed, All((OneOf(fact.name, buildings), judged))))

    def _test(self, fact: Fact, word: str, value: Any, path: Path) -> Condition:  # noqa: ANN401
        if word in _BOUNDS and fact.kind in (Kind.AREA, Kind.LENGTH, Kind.COUNT):
            return self._bound(fact, _BOUNDS[word], value, path)
        if word in _DAYS and fact.kind is Kind.DATE:
            return self._day(fact, _DAYS[word], value, path)
        if word == "is" and fact.kind is Kind.FLAG and isinstance(value, bool):
            holds = Compare(fact.name, Operator.AT_LEAST, 1)
            return holds if value else Not(holds)
        if fact.kind is Kind.CHOICE and word in {"is", "one_of", "includes"}:
            return self._choice(fact, word, value, path)
        takes = {
            Kind.FLAG: "is: true / is: false",
            Kind.CHOICE: "is, one_of, includes",
            Kind.DATE: ", ".join(_DAYS),
        }
        self._report(
            path,
            f"{fact.name} 不接受 {word}: {value}。",
            f"可用：{takes.get(fact.kind, ', '.join(_BOUNDS))}。",
        )
        return NEVER_HOLDS

    def _bound(self, fact: Fact, operator: Operator, value: Any, path: Path) -> Condition:  # noqa: ANN401
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self._report(path, f"{value} 不是数。", "写阿拉伯数字。")
            return NEVER_HOLDS
        try:
            return Compare(fact.name, operator, scaled(fact.kind, value))
        except ValueError as error:
            self._report(path, f"{error}.", "减少小数位。")
            return NEVER_HOLDS

    def _day(self, fact: Fact, operator: Operator, value: Any, path: Path) -> Condition:  # noqa: ANN401
        try:
            return Compare(fact.name, operator, date.fromisoformat(str(value)).toordinal())
        except ValueError:
            self._report(path, f"{value} 不是日期。", "写成 2020-11-30。")
            return NEVER_HOLDS

    def _choice(self, fact: Fact, word: str, value: Any, path: Path) -> Condition:  # noqa: ANN401
        names = (
            [str(v) for v in cast("list[Any]", value)] if isinstance(value, list) else [str(value)]
        )
        unknown = [name for name in names if name not in fact.values]
        if unknown or isinstance(value, list) == (word == "is"):
            self._report(
                path,
                f"{fact.name} 没有值 {'、'.join(unknown) or value}。",
                f"可用：{'、'.join(fact.values)}。",
            )
            return NEVER_HOLDS
        bits = fact.bits(*names)
        leaf: Leaf = Includes(fact.name, bits) if word == "includes" else OneOf(fact.name, bits)
        return leaf


def _alike(known: str, given: str) -> float:
    from difflib import SequenceMatcher  # noqa: PLC0415 - only a mistake needs it

    return SequenceMatcher(None, known, given).ratio()
