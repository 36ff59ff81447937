"""`drawreview explain`: the decision as a picture, in the terminal or as SVG."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from drawreview.cli.answer import project_from, rulebook_from, under_readings
from drawreview.cli.files import write_whole
from drawreview.cli.options import AssumeInForce, Lang, OnDay, Overlay, ProjectFile, Readings, day
from drawreview.cli.sheet import TRUTH_MARK, TRUTH_STYLE
from drawreview.engine.decide import decide

if TYPE_CHECKING:
    from rich.tree import Tree

    from drawreview.advice.explain import Node

_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "heading": "审查方式：{}",
        "decides": "由此得出结论",
        "struck": "被 {} 优先",
        "may_yield": "可能被 {} 优先",
        "comma": "，",
        "and": "、",
        "all": "须全部满足",
        "any": "满足一项即可",
        "value": "本项目 {}",
        "limit": "界限 {}",
        "distance": "距界限 {}",
        "missing": "缺 {}",
        "questions": "取决于待定解释 {}",
        "rest": "其余各项不成立：{}",
    },
    "en": {
        "heading": "Review path: {}",
        "decides": "settles the path",
        "struck": "overridden by {}",
        "may_yield": "may be overridden by {}",
        "comma": ", ",
        "and": ", ",
        "all": "all of these",
        "any": "any of these",
        "value": "project {}",
        "limit": "limit {}",
        "distance": "margin {}",
        "missing": "needed: {}",
        "questions": "depends on open question {}",
        "rest": "not met: {}",
    },
}


def explain_command(
    project: ProjectFile,
    *,
    on: OnDay = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.svg", help="画成 SVG，写到此文件")
    ] = None,
    form: Annotated[
        Literal["text", "svg"] | None, typer.Option("--format", help="文字树或 SVG")
    ] = None,
    lang: Lang = "zh",
    overlay: Overlay = None,
    assume_in_force: AssumeInForce = False,
    reading: Readings = None,
) -> None:
    """画出判定的规则树：每个分支的条文、本项目的值、成立与否，以及得出结论的那一条。"""
    from drawreview.advice.explain import svg_of, tree_of  # noqa: PLC0415 - only this command draws

    if output and form == "text":
        message = "-o 写的是 SVG；去掉 --format text，或去掉 -o。"
        raise typer.BadParameter(message, param_hint="-o")
    law = under_readings(rulebook_from(overlay), reading or ())
    decision = decide(
        project_from(project), on=day(on), rulebook=law, assume_in_force=assume_in_force
    )
    if output:
        write_whole({output: svg_of(decision, lang=lang).encode()})
    elif form == "svg":
        sys.stdout.write(svg_of(decision, lang=lang))
    else:
        _show(tree_of(decision, lang=lang), _WORDS[lang])
    if decision.review_path in {"undetermined", "referred"}:
        sys.exit(4)


def _show(root: Node, words: dict[str, str]) -> None:
    from rich.console import Console  # noqa: PLC0415 - a picture needs no terminal
    from rich.text import Text  # noqa: PLC0415
    from rich.tree import Tree  # noqa: PLC0415

    head = Text(f"{TRUTH_MARK[root.truth]} {words['heading'].format(root.words)}", style="bold")
    told = [root.value or "", *_doubts(root, words)]
    head.append("".join(f"\n{line}" for line in told if line), style="not bold")
    tree = Tree(head, guide_style="dim")
    for child in root.children:
        _grow(tree, child, words)
    # Without a terminal nothing is cut to a width.
    width = None if sys.stdout.isatty() else 1_000
    console = Console(file=sys.stdout, highlight=False, width=width)
    with console.capture() as captured:  # rich would end the program itself on a closed pipe
        console.print(tree)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _grow(tree: Tree, node: Node, words: dict[str, str]) -> None:
    from rich.text import Text  # noqa: PLC0415

    if node.kind == "rest":
        tree.add(Text(words["rest"].format(node.words), style="dim"))
        return
    if node.kind == "apart":
        tree.add(Text(f"－ {node.words}", style="dim"))
        return
    mark = Text(f"{TRUTH_MARK[node.truth]} ", style=TRUTH_STYLE[node.truth])
    said = [_standing(node, words), *_values(node, words), *_doubts(node, words)]
    if node.kind == "phrase":
        mark.append(node.words, style="bold" if node.live else "")
    else:
        mark.append(f"〔{node.clause}〕", style=TRUTH_STYLE[node.truth])
        quoted = node.words if node.kind == "gap" else f"「{node.words}」"
        style = "strike" if node.struck_by else "bold" if node.live else ""
        mark.append(quoted, style=style)
    told = words["comma"].join(part for part in said if part)
    if told:
        mark.append(f"  {told}", style="not bold dim" if not node.live else "not bold")
    guide = "bold green" if node.live else "dim"
    branch = tree.add(mark, guide_style=guide)
    for child in node.children:
        _grow(branch, child, words)


def _standing(node: Node, words: dict[str, str]) -> str:
    if node.struck_by:
        return words["struck"].format(node.struck_by)
    if node.decides:
        return words["decides"]
    if node.may_yield_to:
        return words["may_yield"].format(node.may_yield_to)
    return words[node.joins] if node.joins else ""


def _values(node: Node, words: dict[str, str]) -> list[str]:
    values = {"value": node.value, "limit": node.limit, "distance": node.distance}
    return [words[key].format(value) for key, value in values.items() if value]


def _doubts(node: Node, words: dict[str, str]) -> list[str]:
    doubts = {"missing": node.missing, "questions": node.questions}
    return [words[key].format(words["and"].join(value)) for key, value in doubts.items() if value]
