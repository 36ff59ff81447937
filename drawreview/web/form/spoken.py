"""The interview in the reader's language; the law's own words stay as they are."""

from __future__ import annotations

import re
from typing import Final

from drawreview.advice.ask import SETTLED_ZH, Question
from drawreview.project.fields import field_at
from drawreview.project.places import found_at, path_of
from drawreview.web.catalogue import Translate
from drawreview.web.form.sheet import Data

_PERHAPS: Final = "只要委托施工图审查不早于文件所定的日期，"
_WHATEVER: Final = "不论其余如何，"
# Said of what holds already, whatever the rest; the catalogue knows each in other languages.
HOLDS: Final = (
    *(f"{so}{words}" for so in (_WHATEVER, _PERHAPS) for words in SETTLED_ZH.values()),
    "不论其余如何，不能免于审查",
    "不论其余如何，不是须联合审查的特殊工程",
    "不论其余如何，目前不能办理施工许可",
)
_BECAUSE: Final = re.compile(r"(?P<said>.*?)(?P<because>（(?P<words>[^（]*「.*」)不成立）)?")


def spoken(line: str, say: Translate) -> str:
    """Return what holds already in the reader's language; the law's words stay as they are."""
    found = _BECAUSE.fullmatch(line)
    if found is None or found["because"] is None:
        return say(line)
    return say(found["said"]) + say("（{words}不成立）", words=found["words"])


def put_question(question: Question, data: Data, say: Translate) -> str:
    """Return a question in the reader's language, with the building and the room it is about."""
    if say.language == "zh":
        return question.question
    about = field_at(question.field)
    path = path_of(question.field)
    if path[0] != "buildings" or len(path) == 1:
        return say(about.question)
    where = [say("第 {number} 栋", number=int(path[1]) + 1)]
    if len(path) > 3:  # noqa: PLR2004 - a room or a venue within the building
        kinds = dict(field_at(f"buildings[].{path[2]}").choices)
        kind = found_at(data, f"buildings[{path[1]}].{path[2]}[{path[3]}].kind")
        where.append(say(kinds.get(str(kind), str(kind))))
    return say("、").join(where) + say("：") + say(about.question)
