"""`drawreview questions` and `decide --all-readings`: where the text leaves a choice."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

import typer

from drawreview.cli.answer import project_from, rulebook_from
from drawreview.cli.options import Lang, Overlay
from drawreview.cli.sheet import Cell, sheet, show_lines
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import ANNEX_ZH, PATH_ZH
from drawreview.engine.wording import ANNEX_EN, PATH_EN, adoption_in_words
from drawreview.rulebook.model import Adoption, Question, Rulebook
from drawreview.rulebook.readings import formal_readings, readings_with_meaning, with_readings

_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "head": "{}  〔{}〕「{}」",
        "asked": "  问：{}",
        "reading": "  {} {}：{}",
        "why": "  因：{}",
        "settled_by": "  由谁裁定：{}",
        "adopted": "  ★ 已登记采用 {}",
    },
    # What the register says in Chinese alone stays so, as the law's words do.
    "en": {
        "head": "{}  [{}] 「{}」",
        "asked": "  question: {}",
        "reading": "  {} {}: {}",
        "why": "  because: {}",
        "settled_by": "  settled by: {}",
        "adopted": "  ★ adopted and filed: {}",
    },
}
Form = Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")]


def questions_command(
    question: Annotated[str | None, typer.Argument(metavar="ID", help="编号，如 A10")] = None,
    *,
    output: Form = "text",
    lang: Lang = "zh",
    overlay: Overlay = None,
) -> None:
    """列出待定问题：条款、原文、可容许的读法、采用的读法、理由、由谁裁定。"""
    law = rulebook_from(overlay)
    register = law.questions
    if question is not None and question not in register:
        message = f"没有待定问题 {question}。"
        raise typer.BadParameter(message, param_hint="ID")
    chosen = [q for q in register.values() if question in (None, q.id)]
    if output == "json":
        sys.stdout.write(
            json.dumps([_told(law, q) for q in chosen], ensure_ascii=False, indent=2) + "\n"
        )
        return
    show_lines(line for q in chosen for line in _lines_of(law, q, lang))


def _lines_of(law: Rulebook, question: Question, lang: str) -> Iterator[str]:
    words, english = _WORDS[lang], lang == "en"
    meanings = question.readings_english if english else question.readings
    asked = (english and not question.says and question.english) or question.question
    yield words["head"].format(question.id, question.clause, question.words)
    yield words["asked"].format(asked)
    for name, meaning in question.readings.items():
        mark = "●" if name == question.adopted else "○"
        yield words["reading"].format(mark, name, meanings.get(name, meaning))
    yield words["why"].format(question.why)
    yield words["settled_by"].format(question.settled_by)
    for adoption in _adoptions(law, question):
        yield words["adopted"].format(adoption_in_words(adoption))


def _adoptions(law: Rulebook, question: Question) -> list[Adoption]:
    return [adoption for adoption in law.adoptions if adoption.question == question.id]


def _told(law: Rulebook, question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "clause": question.clause,
        "words": question.words,
        "question": question.question,
        "readings": dict(question.readings),
        "adopted": question.adopted,
        "decidable": [question.adopted, *readings_with_meaning(law.rules, question)],
        "why": question.why,
        "settled_by": question.settled_by,
        "filed": [
            {
                "reading": a.reading,
                "issuer": a.issuer,
                "number": a.number,
                "issued": a.issued.isoformat(),
                "in_force_from": a.in_force_from.isoformat(),
                "in_force_until": a.in_force_until and a.in_force_until.isoformat(),
            }
            for a in _adoptions(law, question)
        ],
    }


def show_all_readings(
    file: str,
    *,
    on: date,
    law: Rulebook,
    form: str,
    lang: str = "zh",
    assume_in_force: bool = False,
) -> None:
    """Print what the project comes to under the adopted readings and under each other one.

    Exits with 4 if the path under the adopted readings is open or referred.
    """
    project = project_from(file)

    def decided(rulebook: Rulebook) -> Decision:
        return decide(project, on=on, rulebook=rulebook, assume_in_force=assume_in_force)

    adopted = decided(law)
    others = [
        (question, reading, decided(with_readings(law, {question.id: reading})))
        for question in law.questions.values()
        if not question.stages  # they do not bear on the path
        for reading in _others(adopted, question)
    ]
    if form == "json":
        told = [_row(None, None, adopted, adopted), *(_row(*one, adopted) for one in others)]
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        _show_table(adopted, others, lang)
    if adopted.review_path in {"undetermined", "referred"}:
        sys.exit(4)


def _others(adopted: Decision, question: Question) -> list[str]:
    """Return the readings of a question other than the one under which the project is decided."""
    possible = (question.adopted, *formal_readings(question))
    followed = adopted.rulebook.readings.get(question.id, question.adopted)
    return [reading for reading in possible if reading != followed]


def _row(
    question: Question | None, reading: str | None, decision: Decision, adopted: Decision
) -> dict[str, object]:
    return {
        "question": question and question.id,
        "reading": reading,
        "means": question.readings[reading] if question and reading else None,
        "review_path": decision.review_path,
        "letter": decision.letter,
        "certainty": decision.certainty,
        "depends_on": list(decision.depends_on),
        "differs": decision.review_path != adopted.review_path,
        "settled_by": question and question.settled_by,
    }


_TABLE: Final[dict[str, tuple[str, ...]]] = {
    "zh": ("", "问题", "读法", "含义", "审查方式", "承诺书", "由谁裁定"),
    "en": ("", "Question", "Reading", "Meaning", "Review path", "Letter", "Settled by"),
}
_SAID: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "adopted": "采用的读法：{}，承诺书：{}，{}",
        "depends": "取决于待定解释 {}",
        "robust": "稳健",
        "others": "改用另一种读法（≠ 表示结论不同）",
    },
    "en": {
        "adopted": "By the readings adopted: {}; letter: {}; {}",
        "depends": "depends on open question {}",
        "robust": "robust",
        "others": "By another reading (≠ where the path differs)",
    },
}


def _show_table(adopted: Decision, others: list[tuple[Question, str, Decision]], lang: str) -> None:
    paths, letters = (PATH_ZH, ANNEX_ZH) if lang == "zh" else (PATH_EN, ANNEX_EN)
    said, out = _SAID[lang], sheet()
    doubt = ("、" if lang == "zh" else ", ").join(adopted.depends_on)
    certainty = said["depends"].format(doubt) if doubt else said["robust"]
    verdict = said["adopted"]
    out.line(verdict.format(paths[adopted.review_path], letters[adopted.letter], certainty))
    for one in adopted.adopted:
        out.line(f"  {adoption_in_words(one)}")
    out.line(said["others"])
    rows: list[tuple[Cell, ...]] = []
    for question, reading, decision in others:
        differs = decision.review_path != adopted.review_path
        told = (
            *("≠" if differs else "", question.id, reading, question.readings[reading]),
            *(paths[decision.review_path], letters[decision.letter], question.settled_by),
        )
        rows.append(tuple((text, "bold" if differs else "") for text in told))
    out.table(_TABLE[lang], rows)
    sys.stdout.write(out.text())
