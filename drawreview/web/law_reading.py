"""The regulation as it is read: each phrase with what it became, the rules and doubts beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from drawreview.condition.ast import phrases
from drawreview.project.from_yaml import is_mapping
from drawreview.rulebook.clauses import lead_in
from drawreview.rulebook.model import Document, Question, Rule, Rulebook
from drawreview.rulebook.rule import Conclusion

# What a phrase became, in the order in which one is chosen if it became several things.
KINDS: Final = (
    "condition",
    "conclusion",
    "duty",
    "deadline",
    "stage",
    "consequence",
    "definition",
    "left",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence, and what they became; None for a connective."""

    words: str
    kind: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a regulation, and what belongs beside it."""

    path: str
    pieces: tuple[Piece, ...]
    status: str
    reason: str | None
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...]


def reading_of(rulebook: Rulebook, document: Document) -> tuple[Sentence, ...]:
    """Return every sentence of a document."""
    return tuple(_sentence(rulebook, document, path) for path in document.clauses)


def _sentence(rulebook: Rulebook, document: Document, path: str) -> Sentence:
    own = [rule for rule in rulebook.rules if rule.document == document.id]
    account = document.coverage.get(path, {})
    clauses = dict(document.clauses)
    near = [rule for rule in own if path in (rule.clause, lead_in(rule.clause, clauses))]
    became = dict(_words_of(document, path, near, account.get("left") or {}))
    return Sentence(
        path=path,
        pieces=tuple(_pieces(document.clauses[path], became)),
        status=str(account.get("status", "not_encoded")),
        reason=account.get("reason"),
        rules=tuple(rule for rule in own if rule.clause == path),
        questions=tuple(
            question
            for question in rulebook.questions.values()
            if question.clause == path and document is rulebook.city
        ),
    )


def _words_of(
    document: Document, path: str, rules: list[Rule], left: dict[str, str]
) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Yield words of the sentence, what they became, and why if they became nothing."""
    for words, reason in left.items():
        yield words, ("left", reason)
    for entry in document.about.values():
        if is_mapping(entry) and entry.get("clause") == path and "words" in entry:
            yield str(entry["words"]), ("definition", None)
    for rule in rules:
        for conclusion in rule.then:
            if conclusion.words:
                yield conclusion.words, (_kind(conclusion), None)
        for phrase in phrases(rule.when):
            yield phrase.words, ("condition", None)


def _kind(conclusion: Conclusion) -> str:
    for kind in ("duty", "deadline", "stage", "consequence"):
        if getattr(conclusion, kind):
            return kind
    return "conclusion"


def _pieces(text: str, became: dict[str, tuple[str, str | None]]) -> Iterator[Piece]:
    """Cut a sentence at the words that became something, the longest first."""
    at: dict[int, tuple[int, str]] = {}
    taken = [False] * len(text)
    for words in sorted(became, key=len, reverse=True):
        start = text.find(words)
        while start >= 0:
            end = start + len(words)
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                at[start] = (end, words)
            start = text.find(words, end)
    place = 0
    for start, (end, words) in sorted(at.items()):
        if text[place:start]:
            yield Piece(text[place:start])
        kind, reason = became[words]
        yield Piece(text[start:end], kind, reason)
        place = end
    if text[place:]:
        yield Piece(text[place:])
