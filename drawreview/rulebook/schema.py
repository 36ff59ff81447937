"""The JSON Schema of rule files, for editors; made from the list of facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from drawreview.fact import Fact, Kind
from drawreview.project.facts import FACTS
from drawreview.project.kinds import PARTIES, STAGES
from drawreview.rulebook.rule import MayStart

_NUMBER_TESTS = ("below", "at_most", "above", "at_least")
_DAY_TESTS = ("before", "on_or_before", "after", "on_or_after")


def rule_schema() -> dict[str, Any]:
    """Return the schema of a rule file (JSON Schema 2020-12)."""
    reading = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {fact.name: _test(fact) for fact in FACTS.values()},
    }
    phrases = {"type": "object", "additionalProperties": reading}
    settled = {
        f.name: {"enum": list(f.values)} if f.values else {"const": True}
        for f in FACTS.values()
        if f.derived
    }
    words = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    who, word, workdays = _some(PARTIES), {"type": "string"}, {"type": "integer", "minimum": 1}
    told = {
        "duty": _closed(
            {"who": who, "what": word},
            {"before": word, "upon": word, "within_workdays": workdays},
        ),
        "deadline": _closed({"what": word, "within_workdays": workdays, "from": word}),
        "stage": _closed({"names": _some(STAGES), "may_start": {"enum": list(get_args(MayStart))}}),
        "consequence": _closed({"who": who, "what": word}),
    }
    conclusion = {
        "type": "object",
        "additionalProperties": False,
        "properties": {**settled, "letter": {"enum": ["annex_1", "annex_2"]}, **told},
    }
    rule = {
        "type": "object",
        "required": ["clause", "when", "then"],
        "additionalProperties": False,
        "properties": {
            "clause": {"type": "string"},
            "overrides": {"type": "array", "items": {"type": "string"}},
            "for": phrases,
            "under": {"type": "object", "additionalProperties": words},
            "defined_by": _closed({"document": word, "clause": word, "words": word}),
            "when": {
                "anyOf": [
                    {
                        "type": "object",
                        "properties": {"all": phrases},
                        "required": ["all"],
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "properties": {"any": phrases},
                        "required": ["any"],
                        "additionalProperties": False,
                    },
                    phrases,
                ]
            },
            "then": {"type": "object", "minProperties": 1, "additionalProperties": conclusion},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "drawreview rule file",
        "type": "object",
        "additionalProperties": rule,
    }


def _some(names: Iterable[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": list(names)}, "minItems": 1}


def _closed(needed: dict[str, Any], allowed: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(needed),
        "additionalProperties": False,
        "properties": {**needed, **(allowed or {})},
    }


def _test(fact: Fact) -> dict[str, Any]:
    if fact.kind is Kind.FLAG:
        tests: dict[str, Any] = {"is": {"type": "boolean"}}
    elif fact.kind is Kind.CHOICE:
        value = {"enum": list(fact.values)}
        some = {"type": "array", "items": value, "minItems": 1}
        tests = {"is": value, "one_of": some, "includes": some, "or_similar": {"type": "string"}}
    elif fact.kind is Kind.DATE:
        tests = {word: {"type": "string", "format": "date"} for word in _DAY_TESTS}
    else:
        tests = {word: {"type": "number"} for word in _NUMBER_TESTS}
    return {
        "type": "object",
        "description": fact.zh,
        "minProperties": 1,
        "additionalProperties": False,
        "properties": tests,
    }
