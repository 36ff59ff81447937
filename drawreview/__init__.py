"""Which way construction drawings go to review in Baotou, and why: 包府办发〔2021〕8号."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drawreview.engine.decide import decide
    from drawreview.engine.decision import Decision
    from drawreview.letters import fill_letter
    from drawreview.project.model import Project
    from drawreview.rulebook.load import load_rulebook
    from drawreview.site.deadlines import deadlines
    from drawreview.site.statement import read_log

__all__ = [
    "Decision",
    "Project",
    "deadlines",
    "decide",
    "fill_letter",
    "load_rulebook",
    "read_log",
]

_HOME = {
    "Decision": "drawreview.engine.decision",
    "Project": "drawreview.project.model",
    "deadlines": "drawreview.site.deadlines",
    "decide": "drawreview.engine.decide",
    "fill_letter": "drawreview.letters",
    "load_rulebook": "drawreview.rulebook.load",
    "read_log": "drawreview.site.statement",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name when it is first used, so that commands start fast."""
    if name not in _HOME:
        message = f"module 'drawreview' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOME[name]), name)
