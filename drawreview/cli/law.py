"""`drawreview law`: check the rule files against the regulation, and show them."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import typer

from drawreview.cli.options import Lang
from drawreview.condition.to_prose import to_prose
from drawreview.engine.document import PATH_ZH
from drawreview.engine.wording import PATH_EN
from drawreview.errors import RuleError
from drawreview.paths import RULES
from drawreview.project.facts import FACTS
from drawreview.rulebook.check import problems_of
from drawreview.rulebook.load import CHECKED, load_rulebook, read_rulebook

app = typer.Typer(help="核对和查看规则。", no_args_is_help=True, rich_markup_mode=None)
_ZH: Final = {
    "encoded": "编成规则",
    "duty": "列为义务",
    "definition": "定义",
    "boilerplate": "套语",
    "not_encoded": "未编入（有理由）",
}


@app.command("check")
def check(
    rules: Annotated[Path, typer.Option("--rules", metavar="DIR", help="规则目录")] = RULES,
    *,
    note: Annotated[
        bool, typer.Option("--note", help=f"核对无误后记入 {CHECKED}，装入时不再逐条核对")
    ] = False,
) -> None:
    """逐条核对：短语照录、条文读尽、数字与边界词一致、引用与日期无误。"""
    rulebook, problems = read_rulebook(rules)
    problems += [] if problems else problems_of(rulebook)
    if problems:
        raise RuleError(tuple(problems))
    if note:
        (rules / CHECKED).write_text(f"{rulebook.digest}\n", encoding="ascii")
    for document in rulebook.documents:
        count = Counter(str(entry["status"]) for entry in document.coverage.values())
        own = sum(rule.document == document.id for rule in rulebook.rules)
        said = "，".join(
            f"{words} {count[status]}" for status, words in _ZH.items() if count[status]
        )
        sys.stdout.write(f"{document.number}：{own} 条规则；{len(document.clauses)} 句：{said}\n")
    sys.stdout.write(
        f"待定问题 {len(rulebook.questions)}；规则摘要 {rulebook.digest[:16]}\n规则与条文一致。\n"
    )


@app.command("show")
def show(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="规则名")] = None,
    *,
    lang: Lang = "zh",
) -> None:
    """列出规则：条款、条件、结论。"""
    rulebook = load_rulebook()
    if rule is not None and rule not in rulebook.by_id:
        message = f"没有规则 {rule}。"
        raise typer.BadParameter(message, param_hint="RULE")
    paths, joint = (PATH_ZH, "；") if lang == "zh" else (PATH_EN, "; ")
    for one in rulebook.rules:
        if rule in (None, one.id):
            then = joint.join(c.words or paths[str(c.settles[0][1])] for c in one.then)
            sys.stdout.write(
                f"{one.id}  〔{one.clause}〕\n"
                f"  {to_prose(one.when, FACTS, lang=lang) or '—'}\n  → {then}\n"
            )
