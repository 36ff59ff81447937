"""`drawreview questions` and `decide --all-readings`: where the text leaves a choice."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from drawreview.cli.answer import project_from, rulebook_from
from drawreview.engine.decide import decide
from drawreview.engine.document import PATH_ZH
from drawreview.rulebook.load import load_rulebook
from drawreview.rulebook.model import Question
from drawreview.rulebook.readings import formal_readings, readings_with_meaning, with_readings

Form = Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")]


def questions_command(
    question: Annotated[str | None, typer.Argument(metavar="ID", help="编号，如 A10")] = None,
    *,
    output: Form = "text",
) -> None:
    """列出待定问题：条款、原文、可容许的读法、采用的读法、理由、由谁裁定。"""
    register = load_rulebook().questions
    if question is not None and question not in register:
        message = f"没有待定问题 {question}。"
        raise typer.BadParameter(message, param_hint="ID")
    chosen = [q for q in register.values() if question in (None, q.id)]
    if output == "json":
        sys.stdout.write(
            json.dumps([_told(q) for q in chosen], ensure_ascii=False, indent=2) + "\n"
        )
        return
    for q in chosen:
        sys.stdout.write(f"{q.id}  〔{q.clause}〕「{q.words}」\n  问：{q.question}\n")
        for name, meaning in q.readings.items():
            mark = "●" if name == q.adopted else "○"
            sys.stdout.write(f"  {mark} {name}：{meaning}\n")
        sys.stdout.write(f"  因：{q.why}\n  由谁裁定：{q.settled_by}\n")


def _told(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "clause": question.clause,
        "words": question.words,
        "question": question.question,
        "readings": dict(question.readings),
        "adopted": question.adopted,
        "decidable": [question.adopted, *readings_with_meaning(load_rulebook(), question)],
        "why": question.why,
        "settled_by": question.settled_by,
    }


def show_all_readings(file: str, *, on: date, overlay: Path | None, form: str) -> None:
    """Print the path under the adopted readings and under each other formal reading."""
    project, law = project_from(file), rulebook_from(overlay)
    rows = [("", "", decide(project, on=on, rulebook=law).review_path)]
    for question in law.questions.values():
        if question.stages:
            continue  # it does not bear on the path
        for reading in formal_readings(question):
            other = with_readings(law, {question.id: reading})
            rows.append((question.id, reading, decide(project, on=on, rulebook=other).review_path))
    if form == "json":
        told = [{"question": q or None, "reading": r or None, "review_path": p} for q, r, p in rows]
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    adopted = rows[0][2]
    sys.stdout.write(f"采用的读法：{PATH_ZH[adopted]}\n")
    for name, reading, path in rows[1:]:
        said = law.questions[name].readings[reading]
        mark = "≠" if path != adopted else " "
        sys.stdout.write(f"{mark} {name} {reading}（{said}）：{PATH_ZH[path]}\n")
