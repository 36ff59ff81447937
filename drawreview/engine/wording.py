"""The words by which people read the values of a decision, in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from drawreview.engine.document import PATH_ZH, FactReason
from drawreview.project.facts import FACTS
from drawreview.project.judgements import JUDGED
from drawreview.project.kinds import INVESTMENT_ZH, SPECIAL_WORKS, USE_ZH, WORKS_ZH
from drawreview.rulebook.model import Adoption

if TYPE_CHECKING:
    from drawreview.engine.decision import Decision

PATH_EN: Final = {
    "exempt": "exempt from review",
    "joint_review": "joint review",
    "deferred_review": "review after the permit",
    "prior_review": "finish the review already commissioned",
    "undetermined": "undetermined: facts are missing",
    "referred": "referred: the law gives no answer",
    "out_of_scope": "out of scope",
}
ANNEX_EN: Final[dict[str | None, str]] = {"annex_1": "annex 1", "annex_2": "annex 2", None: "none"}
NOT_APPLICABLE: Final = {
    "zh": "不适用（非房屋建筑工程）",
    "en": "not applicable (not a building)",
}
_UNIT: Final = {
    "zh": {"m2": "㎡", "m": "m", "storeys": "层"},
    "en": {"m2": " m²", "m": " m", "storeys": " storeys"},
}
VALUE_ZH: Final[dict[str, str]] = {
    "true": "是",
    "false": "否",
    **{paid.value: words for paid, words in INVESTMENT_ZH.items()},
    "none_built": "无地下室",
    "pump_room_or_fire_tank": "仅泵房、消防水池",
    "doubtful": "半地下室、管沟、坑",
    "not_a_building": "非房屋建筑",
    "not_commissioned": "未委托",
    **{use.value: words for use, words in USE_ZH.items()},
    **{works.value: words for works, words in WORKS_ZH.items()},
    **SPECIAL_WORKS,
    **PATH_ZH,
}


def applies(reason: FactReason) -> bool:
    """Whether a fact can be told of the project at all: a road has no storeys."""
    return reason.value != "not_a_building" or reason.fact == "building_use"


_VALUE_EN: Final = {"true": "yes", "false": "no", "non_government": "non-government"}


def value_in_words(reason: FactReason, lang: str) -> str | None:
    """Return the project's value of a fact with its unit; None if nobody has stated it."""
    if reason.value is None:
        return None
    if not applies(reason):
        return NOT_APPLICABLE[lang]
    value = reason.value
    if lang == "zh":
        value = "、".join(VALUE_ZH.get(part, part) for part in value.split("、"))
        value = value.replace(">=", "至少").replace("<=", "至多")
    else:
        value = ", ".join(_VALUE_EN.get(p, p.replace("_", " ")) for p in value.split("、"))
        value = value.replace(">=", "at least ").replace("<=", "at most ")
    return f"{_derived(reason.fact, lang)}{value or _NONE[lang]}{_unit(reason, value, lang)}"


_NONE: Final = {"zh": "无", "en": "none"}


def limit_in_words(reason: FactReason, lang: str) -> str | None:
    """Return the limit of a number with its unit; None where a phrase has no number."""
    return None if reason.distance is None else f"{reason.limit}{_unit(reason, reason.limit, lang)}"


def distance_in_words(reason: FactReason, lang: str) -> str | None:
    """Return how far inside its limit a number lies; negative if outside."""
    return (
        None
        if reason.distance is None
        else f"{reason.distance}{_unit(reason, reason.distance, lang)}"
    )


def _unit(reason: FactReason, amount: str, lang: str) -> str:
    unit = _UNIT[lang][reason.unit] if reason.unit else ""
    one = re.fullmatch(r"(at (least|most) )?-?1", amount)
    return " storey" if one and unit == " storeys" else unit


def _derived(fact: str, lang: str) -> str:
    """Name a concluded fact, whose value alone would read as an answer to the phrase."""
    if not FACTS[fact].derived:
        return ""
    return f"{FACTS[fact].zh}：" if lang == "zh" else f"{FACTS[fact].en}: "


def unknown_in_words(decision: Decision, fact: str, lang: str) -> str:
    """Say why a fact is open: not stated, stated without a signature, or not yet concluded."""
    chinese = lang == "zh"
    if FACTS[fact].derived:
        return f"{FACTS[fact].zh}：未定" if chinese else f"{FACTS[fact].en}: open"
    if fact in JUDGED and getattr(decision.project, fact) is not None:
        return "已声明，待署名认定" if chinese else "stated, to be signed for"
    return "未填" if chinese else "not stated"


def standing_in_words(decision: Decision, lang: str) -> str | None:
    """Return why the document does not govern the day; None if it does."""
    return decision.standing.english if lang == "en" else decision.standing.because


def missing_in_words(decision: Decision, lang: str) -> Iterator[str]:
    """Yield which fields are missing, what they are called, and the words that ask for them.

    The same of several buildings is said once: `buildings[0-2,5].height_m`.
    """
    from drawreview.project.fields import field_at  # noqa: PLC0415 - most decisions miss nothing
    from drawreview.project.labels import where_of  # noqa: PLC0415 - likewise

    alike: dict[tuple[str, ...], list[str]] = {}
    for item in decision.missing:
        built = re.fullmatch(r"buildings\[(\d+)\](.*)", item.field)
        index, rest = built.groups() if built else ("", item.field)
        alike.setdefault((rest, item.clause, item.phrase), []).append(index)
    for (rest, clause, phrase), places in alike.items():
        field = f"buildings[{_ranges(places)}]{rest}" if places[0] else rest
        if lang == "zh":
            first = f"buildings[{places[0]}]{rest}" if places[0] else rest
            where = where_of(decision.project, first)
            if len(places) > 1:
                numbers = _ranges([str(int(place) + 1) for place in places])
                where = f"第{numbers.replace(',', '、')}栋"
            called = f"{where}的{field_at(first).zh}" if where else field_at(first).zh
            yield f"{called}  {field} 〔{clause}〕「{phrase}」"
        else:
            yield f"{field}  {english_name(field)} 〔{clause}〕「{phrase}」"


def english_name(field: str) -> str:
    """Return the last part of a field's path in plain words, without its unit."""
    return re.sub(r"_(m2|m)$", "", field.rpartition(".")[2]).replace("_", " ")


def _ranges(places: Sequence[str]) -> str:
    """Return numbers as `0-2,5`."""
    found: list[list[int]] = []
    for place in map(int, places):
        if found and place == found[-1][-1] + 1:
            found[-1].append(place)
        else:
            found.append([place])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in found)


def adoption_in_words(adoption: Adoption) -> str:
    """Return which reading was adopted, by whom, by which document and when."""
    return (
        f"{adoption.question} {adoption.reading}：{adoption.issuer}"
        f" {adoption.number}，{adoption.issued.isoformat()}"
    )
