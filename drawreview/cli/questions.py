"""`drawreview questions` and `decide --all-readings`: where the text leaves a choice."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Annotated, Final, Literal

import typer

from drawreview.cli.answer import project_from, rulebook_from
from drawreview.cli.options import Overlay
from drawreview.engine.decide import decide
from drawreview.engine.decision import Decision
from drawreview.engine.document import PATH_ZH
from drawreview.engine.wording import adoption_in_words
from drawreview.rulebook.model import Adoption, Question, Rulebook
from drawreview.rulebook.readings import formal_readings, readings_with_meaning, with_readings

_LETTER: Final = {"annex_1": "附件1", "annex_2": "附件2", None: "不出具"}
Form = Annotated[Literal["text", "json"], typer.Option("--format", help="输出格式")]


def questions_command(
    question: Annotated[str | None, typer.Argument(metavar="ID", help="编号，如 A10")] = None,
    *,
    output: Form = "text",
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
    for q in chosen:
        sys.stdout.write(f"{q.id}  〔{q.clause}〕「{q.words}」\n  问：{q.question}\n")
        for name, meaning in q.readings.items():
            mark = "●" if name == q.adopted else "○"
            sys.stdout.write(f"  {mark} {name}：{meaning}\n")
        sys.stdout.write(f"  因：{q.why}\n  由谁裁定：{q.settled_by}\n")
        for adoption in _adoptions(law, q):
            sys.stdout.write(f"  ★ 已登记采用 {adoption_in_words(adoption)}\n")


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
    file: str, *, on: date, law: Rulebook, form: str, assume_in_force: bool = False
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
        _show_table(adopted, others)
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


def _show_table(adopted: Decision, others: list[tuple[Question, str, Decision]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - JSON needs no terminal
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("", "问题", "读法", "含义", "审查方式", "承诺书", "由谁裁定"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"", "问题"})
    for question, reading, decision in others:
        differs = decision.review_path != adopted.review_path
        table.add_row(
            "≠" if differs else "",
            question.id,
            reading,
            question.readings[reading],
            PATH_ZH[decision.review_path],
            _LETTER[decision.letter],
            question.settled_by,
            style="bold" if differs else None,
        )
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 140)
    with console.capture() as captured:  # rich would end the program itself on a closed pipe
        console.print(table)
    doubt = "、".join(adopted.depends_on)
    certainty = f"取决于待定解释 {doubt}" if doubt else "稳健"
    sys.stdout.write(
        f"采用的读法：{PATH_ZH[adopted.review_path]}，承诺书：{_LETTER[adopted.letter]}，{certainty}\n"
    )
    for one in adopted.adopted:
        sys.stdout.write(f"  {adoption_in_words(one)}\n")
    sys.stdout.write("改用另一种读法（≠ 表示结论不同）\n")
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
