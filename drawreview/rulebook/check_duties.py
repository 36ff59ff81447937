"""Who must do what, before or upon what: a duty must be told as the words of its clause tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from drawreview.errors import Problem
from drawreview.project.kinds import PARTIES
from drawreview.rulebook.model import Document, Rulebook
from drawreview.rulebook.rule import Conclusion, Rule

# 「建设、勘察设计单位」 are three parties, 「质量、安全监督部门」 two.
_JOINED: Final = tuple(
    (re.compile(rf"(?:{kinds})(?:、(?:{kinds}))*{noun}"), kinds, noun)
    for kinds, noun in (("建设|勘察设计|勘察|设计|施工", "单位"), ("质量|安全", "监督部门"))
)
_LONGEST_FIRST: Final = sorted(PARTIES.values(), key=len, reverse=True)
_PARTY: Final = "|".join((*(several.pattern for several, _, _ in _JOINED), *_LONGEST_FIRST))
_FIRMS: Final = frozenset(party for party, label in PARTIES.items() if label.endswith("单位"))
# What the signers of a letter promise to put up with, and who they are (附件1·签章表).
_PROMISED: Final = "自愿无条件接受"
_SIGNERS: Final = frozenset({"project_owner", "survey_firm", "design_firm"})
# A party is the subject where the words go on with what it must, may or does.
_SUBJECT: Final = re.compile(
    rf"((?:{_PARTY})(?:、(?:{_PARTY}))*)(?=应|必须|需|不得|可|承诺|依照|按照|视|对其|，通过)"
)
# What a duty is due before, the event upon which it falls due, and the words that say so.
_BEFORE: Final = {
    "commitment_permit_application": "申请告知承诺制办理施工许可",
    "spot_check_filing": "报送施工图抽查前",
    "construction_permit": "办理施工许可前",
    "base_slab": "底板施工前",
}
_UPON: Final = {
    "major_design_change": "凡涉及|确需修改",
    "spot_check_opinion_issued": "抽查意见；",
}


def duty_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield every duty, deadline or consequence that says another thing than its words."""
    for rule in rulebook.rules:
        document = rulebook.document_of(rule)
        for conclusion in rule.then:
            duty, deadline = conclusion.duty, conclusion.deadline
            if tells := duty or conclusion.consequence:
                yield from _who(rule, conclusion, tells.who, document)
            if duty:
                text = document.clauses.get(rule.clause, "")
                yield from _when(rule, conclusion.words, text, ("before", duty.before), _BEFORE)
                yield from _when(rule, conclusion.words, text, ("upon", duty.upon), _UPON)
            if deadline and deadline.starts_with not in rulebook.facts:
                problem = f"没有名为 {deadline.starts_with} 的事实，时限无从起算。"
                yield Problem(rule.place, problem, "核对 from。")


def parties_in(words: str) -> frozenset[str]:
    """Return the parties that a Chinese phrase names."""
    for several, kinds, noun in _JOINED:
        for found in several.findall(words):
            each = "".join(f"{kind}{noun}" for kind in re.findall(kinds, found))
            words = words.replace(found, each)
    words = words.replace("勘察设计单位", "勘察单位设计单位")
    return frozenset(party for party, label in PARTIES.items() if label in words)


def _who(
    rule: Rule, conclusion: Conclusion, who: tuple[str, ...], document: Document
) -> Iterator[Problem]:
    """Compare with the subject of the words, or with the last one before them."""
    unknown = [party for party in who if party not in PARTIES]
    if unknown or not who:
        problem = f"不认识的主体：{'、'.join(unknown) or '（无）'}。"
        yield Problem(rule.place, problem, f"可用：{'、'.join(PARTIES)}。")
        return
    paragraph = _paragraph(document, rule.clause)
    subjects: list[str] = _SUBJECT.findall(conclusion.words)
    if not subjects:
        subjects = _SUBJECT.findall(paragraph.partition(conclusion.words)[0])[-1:]
    said = frozenset[str]().union(*map(parties_in, subjects))
    if conclusion.consequence and _PROMISED in conclusion.words:
        said = _SIGNERS  # 签字各方, who sign below the words
    elif conclusion.consequence and not said - _FIRMS:
        # A sentence on a breach begins with who committed it. Where it names no authority that
        # acts on it, 主管部门 does.
        said = (parties_in(paragraph) - _FIRMS) or {"construction_authority"}
    named = said or parties_in(_item(document, rule.clause))
    if not (said == set(who) if said else named >= set(who)):
        shown = "、".join(label for party, label in PARTIES.items() if party in named)
        problem = f"「{conclusion.words}」说的是{shown}，who 写的是 {'、'.join(who)}。"
        yield Problem(rule.place, problem, "改正 who。")


def _paragraph(document: Document, clause: str) -> str:
    """Return the sentences of the paragraph: one without a subject takes that of the one before."""
    stem = re.sub(r"s\d+$", "", clause)
    sentences = [path for path in document.clauses if re.fullmatch(rf"{re.escape(stem)}s\d+", path)]
    return "".join(document.clauses[path] for path in sentences) or document.words_of(clause)


def _item(document: Document, clause: str) -> str:
    """Return the whole item, all its paragraphs."""
    stem = re.sub(r"(¶\d+)?(s\d+)?$", "", clause)
    return "".join(text for path, text in document.clauses.items() if path.startswith(stem))


def _when(
    rule: Rule, words: str, text: str, told: tuple[str, str | None], known: dict[str, str]
) -> Iterator[Problem]:
    """Compare with the words of the conclusion; what they leave out the clause may say."""
    key, value = told
    said = [name for name, pattern in known.items() if re.search(pattern, words)]
    elsewhere = not said and value in known and re.search(known[value], text)
    if said != [name for name in (value,) if name] and not elsewhere:
        shown = "、".join(said) or "（无）"
        problem = f"「{words}」的 {key} 是 {shown}，写的是 {value or '（无）'}。"
        yield Problem(rule.place, problem, f"改正其中之一；可用：{'、'.join(known)}。")
