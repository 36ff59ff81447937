"""A decision as a picture: the rule tree of its path, and the tree drawn as SVG."""

from __future__ import annotations

from drawreview.advice.picture import draw
from drawreview.advice.tree import Node, tree_of
from drawreview.engine.decision import Decision

__all__ = ["Node", "svg_of", "tree_of"]


def svg_of(decision: Decision, *, lang: str = "zh") -> str:
    """Return the rule tree of a decision as an SVG document, always the same for the same one."""
    marks = {"zh": "决定日期 {}", "en": "decided for {}"}
    about = [decision.project.name] if decision.project.name else []
    if decision.assumption:
        about.append("假定有效·仅供测算" if lang == "zh" else "assumed in force: what-if only")
    return draw(
        tree_of(decision, lang=lang),
        name=f"decision-{decision.decision_id[:12]}",
        about=(*about, marks[lang].format(decision.on.isoformat())),
        lang=lang,
    )
