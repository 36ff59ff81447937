"""Every Chinese string that the pages say through the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

import drawreview.project
import drawreview.site.statement
import drawreview.web
from drawreview.engine.document import ANNEX_ZH
from drawreview.engine.wording import VALUE_ZH
from drawreview.project import from_yaml
from drawreview.project.fields import FIELDS
from drawreview.project.kinds import PARTIES
from drawreview.records.difference import CAUSE_ZH
from drawreview.web import answers, difference, events, verdict
from drawreview.web.form import spoken
from drawreview.web.form.fields import GROUPS
from drawreview.web.pages import auditor, window, window_case
from drawreview.web.security.guard import _STEPS
from drawreview.web.store import audit_log

WEB = Path(drawreview.web.__file__).parent
_PROJECT = Path(drawreview.project.__file__).parent
# Where it is said what is wrong with what somebody wrote or uploaded.
TELLING = (
    *sorted(WEB.rglob("*.py")),
    *(
        _PROJECT / f"{name}.py"
        for name in (
            *("answers", "contacts", "contradictions", "encoding"),
            *("from_yaml", "places", "statement", "wording", "words"),
        )
    ),
    Path(drawreview.site.statement.__file__),
)
_BLANK = re.compile(r"\{\w+\}")


def strings() -> set[str]:
    return set(_of_files()) | set(_of_fields()) | set(_of_tables()) | set(messages())


def messages() -> Iterator[str]:
    """Yield every sentence that tells people what is wrong, with its blanks numbered."""
    for file in TELLING:
        for said in _written(ast.parse(file.read_text(encoding="utf-8"))):
            if said.endswith("。"):
                number = iter(range(10))
                yield _BLANK.sub(lambda _, number=number: f"{{{next(number)}}}", said)


def _written(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a program; what stands in a blank of another is none by itself."""
    match tree:
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "{_}" for p in parts)
        case _:
            for part in ast.iter_child_nodes(tree):
                yield from _written(part)


def _of_files() -> Iterator[str]:
    found = extract_from_dir(
        WEB,
        method_map=[("**.html", "jinja2.ext:babel_extract"), ("**.py", "python")],
        options_map={"**.html": {"extensions": "jinja2.ext.i18n", "trim_blocks": "true"}},
        keywords={"_": None, "say": None, "RefusalError": (2,), "answered": (3,), "Failed": (1,)},
    )
    for _, _, message, _, _ in found:
        yield message if isinstance(message, str) else message[0]


def _of_fields() -> Iterator[str]:
    for group in GROUPS.values():
        yield group.title
        for field in group.fields:
            for one in (field, *field.parts):
                yield from (one.label, one.hint, one.unit)
                yield from (words for _, words in one.options)


def _of_tables() -> Iterator[str]:
    for table in (
        ANNEX_ZH,
        verdict.MEANING,
        verdict.ROUTES,
        VALUE_ZH,
        answers._SAID,
        audit_log.WHAT,
    ):
        yield from table.values()
    yield from (said for _, said in _STEPS.values())
    for either in events.OUTCOMES.values():
        yield from either
    for options in (
        events.EVENTS,
        events.STAGES,
        events.TOUCHED,
        window.PATHS,
        window_case.JUDGEMENTS,
        auditor.LEVELS,
    ):
        yield from (words for _, words in options)
    yield from spoken.HOLDS
    yield from PARTIES.values()
    for one in FIELDS.values():
        yield from (one.question, one.told or "", one.unit or "")
        yield from (words for _, words in one.choices)
    yield from (words for _, words in difference._PARTS)
    yield from CAUSE_ZH.values()
    yield from from_yaml._YAML_ZH.values()
    yield from from_yaml._JSON_ZH.values()
