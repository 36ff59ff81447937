"""What in a statement speaks against its own judgements, so that somebody must sign for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from drawreview.project.kinds import HINT_ZH, LISTED_USES, USE_ZH

if TYPE_CHECKING:
    from datetime import date

    from drawreview.project.model import Judgement, Project

# The judgements of 二(一)1(1), and the open question that each of them answers.
JUDGED: Final = {"single_function": "A13", "simple_technique": "A13", "similar_use": "A14"}


def against(project: Project, name: str) -> tuple[str, ...]:
    """Return what speaks against an affirmed judgement, in the words of the clerk."""
    uses = dict.fromkeys(b.use for b in project.buildings or () if b.use)
    match name:
        case "single_function":
            return tuple(USE_ZH[use] for use in uses) if len(uses) > 1 else ()
        case "simple_technique":
            return tuple(HINT_ZH[hint] for hint in dict.fromkeys(project.hints))
        case _:
            return tuple(USE_ZH[use] for use in uses if use not in LISTED_USES)


def unanswered(project: Project, name: str, on: date) -> bool:
    """Whether a judgement is contradicted and nobody has signed for it with reason by that day.

    What 「等」 takes in nobody can read off the text, so `similar_use` always needs a signature.
    """
    judgement: Judgement | None = getattr(project, name)
    if judgement is None or (judgement.signed and judgement.on and judgement.on <= on):
        return False
    return name == "similar_use" or bool(against(project, name))
