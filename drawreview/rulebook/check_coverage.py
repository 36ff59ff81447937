"""Every sentence of the law must be accounted for, and every encoded one read to its last word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from drawreview.condition.ast import phrases
from drawreview.errors import Problem
from drawreview.project.from_yaml import is_mapping
from drawreview.rulebook.model import Document, Rulebook
from drawreview.rulebook.numerals import quantities
from drawreview.rulebook.rule import Rule

_STATUSES: Final = {"encoded", "duty", "definition", "boilerplate", "not_encoded"}
# What may remain of a clause once every key has been struck from it.
_CONNECTIVES: Final = re.compile(
    r"[（(][0-9一二三四五六七八九十]+[)）]|^[0-9]+\.|[\s，,、。；;：:（）()《》「」]"
    r"|且|或者|和|并|在|的?项目|的|后|对|已|，?则"
)

_BINDING: Final = re.compile(r"应|不得|方可|禁止|严禁|必须|须")


def keys_of(rule: Rule) -> tuple[str, ...]:
    """Return the phrases of a rule that must stand in its clause."""
    return (
        *(phrase.words for phrase in phrases(rule.when)),
        *(conclusion.words for conclusion in rule.then if conclusion.words),
    )


def coverage_problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Yield every sentence without an account, and every word that no rule reads."""
    for document in rulebook.documents:
        place = f"{document.id}/coverage.yaml"
        for clause in document.clauses:
            if clause not in document.coverage:
                yield Problem(
                    place,
                    f"没有交代 {clause}。",
                    "写明 encoded、duty、definition、boilerplate 或 not_encoded 及理由。",
                )
        for clause, entry in document.coverage.items():
            if clause not in document.clauses:
                yield Problem(place, f"{clause} 不在 clauses.md 里。", "核对路径。")
            elif entry.get("status") not in _STATUSES or set(entry) - {"status", "reason", "left"}:
                yield Problem(
                    place,
                    f"{clause} 的交代 {dict(entry)} 不合格式。",
                    f"status 可用：{'、'.join(sorted(_STATUSES))}。",
                )
            elif entry["status"] == "encoded":
                yield from _residue(rulebook, document, clause, entry.get("left") or {}, place)
            else:
                yield from _left_out(rulebook, document, clause, entry, place)


def _left_out(
    rulebook: Rulebook, document: Document, clause: str, entry: Mapping[str, Any], place: str
) -> Iterator[Problem]:
    """Hold against the text and the rules that a sentence is no rule."""
    status = entry["status"]
    if any(rule.document == document.id and rule.clause == clause for rule in rulebook.rules):
        problem = f"{clause} 有规则引用，交代却是 {status}。"
        yield Problem(place, problem, "写 encoded，或改正规则的 clause。")
    if entry.get("reason"):
        return
    if status != "boilerplate":
        yield Problem(place, f"{clause} 未编入规则，却没有理由。", "写 reason。")
    elif _binds(document, clause):
        problem = f"{clause} 有「应」「不得」一类的词或数量，不像套话。"
        yield Problem(place, problem, "编成规则，或写明 reason。")


def _binds(document: Document, clause: str) -> bool:
    """Whether a sentence says what must or must not be, or names a quantity."""
    text = document.clauses[clause]
    return bool(_BINDING.search(text) or quantities(text))


def _residue(
    rulebook: Rulebook, document: Document, clause: str, left: dict[str, str], place: str
) -> Iterator[Problem]:
    """Strike every key from the clause; only connectives and the declared rest may remain.

    Rules of readings that were not adopted do not count: they must not hide what is unread.
    """
    text = document.clauses[clause]
    keys = [
        words
        for rule in rulebook.rules
        if rule.document == document.id
        and rulebook.stands(rule)
        and (rule.clause == clause or rule.clause.startswith(f"{clause}("))
        for words in (*keys_of(rule), *(phrase.words for phrase in phrases(rule.scope)))
    ]
    keys += _document_words(document, clause)
    for words in left:
        if words not in text:
            yield Problem(place, f"{clause} 里没有 left 所列的「{words}」。", "照录原文。")
    for words in sorted({*keys, *left}, key=len, reverse=True):
        text = text.replace(words, "\n")
    rest = [piece for piece in _CONNECTIVES.sub("\n", text).split("\n") if piece]
    if rest:
        yield Problem(
            place,
            f"{clause} 的「{'」「'.join(rest)}」没有任何规则读到。",
            "编成规则，或在 left 里写明为什么不读。",
        )


def _document_words(document: Document, clause: str) -> Iterable[str]:
    for entry in document.about.values():
        if is_mapping(entry) and entry.get("clause") == clause and "words" in entry:
            yield str(entry["words"])
