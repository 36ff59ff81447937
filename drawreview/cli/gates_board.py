"""Many sites as one board: which project is barred at which stage, and what each waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from drawreview.cli.gates_text import MARK, STYLE, STYLE_OF_BREACH, Names
from drawreview.cli.sheet import Cell, sheet
from drawreview.site.answer import Gate, SiteAnswer, State
from drawreview.web.spreadsheet import to_csv

_WORST_FIRST: Final[dict[State, int]] = {"barred": 0, "ask": 1, "not_barred": 2}
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "title": "施工节点：{}个项目，截至 {}",
        "project": "项目",
        "code": "项目代码",
        "path": "审查方式",
        "stage": "节点",
        "state": "能否施工",
        "lacks": "缺什么",
        "clauses": "条款",
        "breach": "提前施工",
        "started": "{} 第{}条，{}",
        "all": "各节点",
        "colon": "：",
    },
    "en": {
        "title": "Stages: {} project{s}, as of {}",
        "project": "Project",
        "code": "Code",
        "path": "Review path",
        "stage": "Stage",
        "state": "May it start",
        "lacks": "Missing",
        "clauses": "Clauses",
        "breach": "started too early",
        "started": "{} entry {}, {}",
        "all": "every stage",
        "colon": ": ",
    },
}
_COLUMNS: Final = ("project", "code", "path", "stage", "state", "lacks", "clauses")


class _Row(NamedTuple):
    mark: str
    style: str
    project: str
    stage: str
    state: str
    lacks: str
    clauses: str


def board_text(answers: Sequence[SiteAnswer], lang: str) -> str:
    """Return the board as text: breaches first, then what is barred earliest."""
    if not answers:
        return ""
    words, out = {**Names(answers[0], lang).words, **_WORDS[lang]}, sheet()
    if any(answer.decision.assumption for answer in answers):
        out.line(words["what_if"], "bold red")
    plural = "" if len(answers) == 1 else "s"
    out.item(words["title"].format(len(answers), answers[0].on, s=plural), "bold")
    out.line("")
    by_project = [tuple(_rows(answer, lang)) for answer in _in_order(answers)]
    rows = [row for of_project in by_project for row in of_project]
    header = ("", *(words[name] for name in ("project", "stage", "state", "lacks", "clauses")))
    cells: list[list[Cell]] = [
        [(row.mark, row.style), *((text, row.style) for text in row[2:])] for row in rows
    ]
    if out.holds(header, cells):
        out.table(header, cells)
    else:
        for of_project in by_project:
            out.item(of_project[0].project, "bold")
            for row in of_project:
                told = f"  {row.mark}  {row.stage}{words['colon']}{row.state}  {row.clauses}"
                out.item(told.rstrip(), row.style)
                if row.lacks:
                    out.item(f"     {words['lacks']}{words['colon']}{row.lacks}")
    law = answers[0].decision.rulebook
    if any(gate.state == "not_barred" for answer in answers for gate in answer.gates):
        out.line("")
        out.item(words["by_rule"], "dim")
    out.line("")
    out.item(words["foot"].format(answers[0].on, law.id, law.digest[:12]), "dim")
    return out.text()


def board_csv(answers: Iterable[SiteAnswer], lang: str) -> bytes:
    """Return one line a project and stage, for a spreadsheet."""
    words = _WORDS[lang]
    return to_csv([words[name] for name in _COLUMNS], _lines(answers, lang))


def _lines(answers: Iterable[SiteAnswer], lang: str) -> Iterator[tuple[str, ...]]:
    for answer in answers:
        names, project = Names(answer, lang), answer.decision.project
        for gate in answer.gates:
            yield (
                project.name or "",
                project.project_code or "",
                names.path(answer.path),
                names.stage(gate.stage),
                names.state(gate.state),
                names.listed(map(names.document, gate.missing)),
                names.listed(gate.clauses),
            )


def _in_order(answers: Iterable[SiteAnswer]) -> list[SiteAnswer]:
    def urgency(answer: SiteAnswer) -> tuple[bool, tuple[int, ...]]:
        return (not answer.breaches, tuple(_WORST_FIRST[gate.state] for gate in answer.gates))

    return sorted(answers, key=urgency)


def _rows(answer: SiteAnswer, lang: str) -> Iterator[_Row]:
    """Yield the breaches of a site, then its stages, those of one answer together."""
    words, names = _WORDS[lang], Names(answer, lang)
    project = names.project
    for breach in answer.breaches:
        lacked = names.listed(map(names.short, breach.gate.missing))
        state = words["started"].format(breach.on, breach.number, words["breach"])
        stage = names.stage(breach.stage)
        yield _Row("!", STYLE_OF_BREACH, project, stage, state, lacked, breach.clause)

    def same(gate: Gate) -> tuple[State, tuple[str, ...]]:
        return gate.state, gate.missing

    for (state, missing), found in groupby(answer.gates, key=same):
        gates = list(found)
        every = len(gates) == len(answer.gates)
        yield _Row(
            MARK[state],
            STYLE[state],
            project,
            words["all"] if every else names.listed(names.stage(gate.stage) for gate in gates),
            names.state(state),
            names.listed(map(names.short, missing)),
            names.listed(dict.fromkeys(clause for gate in gates for clause in gate.clauses)),
        )
