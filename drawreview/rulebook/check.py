"""Hold every rule against the words of its clause; a wrong transcription does not load."""

from __future__ import annotations

from collections.abc import Iterator

from drawreview.condition.ast import leaves, phrases
from drawreview.errors import Problem
from drawreview.rulebook.check_coverage import coverage_problems, keys_of
from drawreview.rulebook.check_duties import duty_problems
from drawreview.rulebook.check_order import conflict_problems, date_problems
from drawreview.rulebook.check_questions import question_problems
from drawreview.rulebook.check_readings import reading_problems
from drawreview.rulebook.check_stages import stage_problems
from drawreview.rulebook.convention import CONVENTION
from drawreview.rulebook.model import PERMIT_RULES, Rulebook
from drawreview.rulebook.rule import Rule


def problems_of(rulebook: Rulebook) -> list[Problem]:
    """Return everything in which the rule files and the law's text part ways."""
    if not any(document.trial for document in rulebook.documents):
        remedy = "写明 trial：条款、原文、年数。"
        return [Problem("rules", "没有一个文件写明试行期（document.trial）。", remedy)]
    return [
        *_words(rulebook),
        *reading_problems(rulebook),
        *stage_problems(rulebook),
        *duty_problems(rulebook),
        *coverage_problems(rulebook),
        *_references(rulebook),
        *conflict_problems(rulebook),
        *date_problems(rulebook),
        *_needed(rulebook),
        *question_problems(rulebook),
    ]


def _words(rulebook: Rulebook) -> Iterator[Problem]:
    for rule in rulebook.rules:
        document = rulebook.document_of(rule)
        if rule.clause not in document.clauses:
            yield Problem(
                rule.place,
                f"{document.number} 没有 {rule.clause} 这一条。",
                "核对 clauses.md 的路径。",
            )
            continue
        for phrase in phrases(rule.scope):
            # Of which projects a clause speaks, another clause may have said.
            if not any(phrase.words in words for words in document.clauses.values()):
                problem = f"{document.number} 里没有「{phrase.words}」。"
                yield Problem(rule.place, problem, "照录原文。")
        yield from _definition(rulebook, rule)
        text = document.words_of(rule.clause)
        for words in keys_of(rule):
            if words not in text:
                yield Problem(
                    rule.place, f"{rule.clause} 里没有「{words}」。", "照录原文，或改正 clause。"
                )


def _definition(rulebook: Rulebook, rule: Rule) -> Iterator[Problem]:
    """Words that define a phrase stand in a document of their own, so that they cannot be bent."""
    if rule.defined_by is None:
        return
    source = rule.defined_by
    texts = {document.id: document.clauses for document in rulebook.documents}
    if source["words"] not in texts.get(source["document"], {}).get(source["clause"], ""):
        problem = f"{source['document']} 的 {source['clause']} 里没有「{source['words']}」。"
        yield Problem(rule.place, problem, "照录原文，或改正 defined_by。")


def _references(rulebook: Rulebook) -> Iterator[Problem]:
    seen: set[str] = set()
    concluded = {fact for rule in rulebook.rules for c in rule.then for fact, _ in c.settles}
    for rule in rulebook.rules:
        if rule.id in seen:
            yield Problem(rule.place, f"规则名 {rule.id} 用了两次。", "改名。")
        seen.add(rule.id)
        for other in rule.overrides:
            if other not in rulebook.by_id:
                yield Problem(rule.place, f"overrides 里的 {other} 不存在。", "核对规则名。")
        for leaf in (*leaves(rule.scope), *leaves(rule.when)):
            if rulebook.facts[leaf.fact].derived and leaf.fact not in concluded:
                yield Problem(
                    rule.place, f"没有规则得出 {leaf.fact}。", "补上得出它的规则，或改读别的事实。"
                )


def _needed(rulebook: Rulebook) -> Iterator[Problem]:
    if rulebook.convention is None:
        yield Problem("rules", f"缺少 {CONVENTION}。", "写明工作日自哪一日起算。")
    for name in ("commissioned_earlier", *PERMIT_RULES):
        if name not in rulebook.by_id:
            yield Problem(
                "rules", f"缺少规则 {name}。", "判定施工许可途径要用到它，不得改名或删除。"
            )
