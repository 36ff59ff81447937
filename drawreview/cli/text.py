"""A decision as a clerk reads it aloud: the verdict, why, what is missing, in doubt, to be done."""

from __future__ import annotations

import sys
from typing import Final

from drawreview.cli.hints import evasion_hints
from drawreview.cli.sheet import TRUTH_MARK, TRUTH_STYLE, Cell, Sheet, sheet
from drawreview.engine.decision import Decision
from drawreview.engine.document import ANNEX_ZH, PATH_ZH, Reason
from drawreview.engine.reasons import word_of
from drawreview.engine.wording import (
    ANNEX_EN,
    PATH_EN,
    adoption_in_words,
    applies,
    distance_in_words,
    english_name,
    limit_in_words,
    missing_in_words,
    standing_in_words,
    unknown_in_words,
    value_in_words,
)
from drawreview.project.kinds import PARTIES
from drawreview.truth import Truth

_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "colon": "：",
        "comma": "、",
        "verdict": "审查方式",
        "letter": "承诺书",
        "robust": "稳健：各种可容许的读法结论相同",
        "depends": "取决于待定解释 {}",
        "adopted": "按已登记采用的读法 {}",
        "supposed": "按选用的读法 {}，未经有权机关采用，仅供测算",
        "permit": "施工许可",
        "commitment": "可采取告知承诺制",
        "ordinary": "不适用告知承诺制，走普通程序",
        "closed": "目前不能办理",
        "open": "待补充 {}",
        "why": "理由",
        "missing": "还缺（每一项都还可能改变结论）",
        "doubt": "注意",
        "hints": "提示（不影响结论，请核对）",
        "others": "其他项目文件用 drawreview whatif PROJECT --others FILE 附上",
        "duties": "要办的事",
        "clause": "条款",
        "phrase": "条文",
        "truth": "",
        "value": "本项目",
        "limit": "界限",
        "distance": "距界限",
        "overridden": "（被 {} 优先）",
        "may_yield": "（可能被 {} 优先）",
        "what_if": "【假定有效·仅供测算】",
        "on": "决定日期",
        "rulebook": "规则",
    },
    "en": {
        "colon": ": ",
        "comma": ", ",
        "verdict": "Review path",
        "letter": "Letter",
        "robust": "robust: every admissible reading agrees",
        "depends": "depends on open question {}",
        "adopted": "by the reading adopted and filed: {}",
        "supposed": "by the reading chosen, which no authority has adopted: {}; what-if only",
        "permit": "Permit",
        "commitment": "on commitment",
        "ordinary": "ordinary route, not on commitment",
        "closed": "closed as things stand",
        "open": "still needed: {}",
        "why": "Why",
        "missing": "Missing (each could still change the path)",
        "doubt": "Note",
        "hints": "To be checked (the path does not depend on it)",
        "others": "add the other project files by drawreview whatif PROJECT --others FILE",
        "duties": "To be done",
        "clause": "Clause",
        "phrase": "Law",
        "truth": "",
        "value": "Project",
        "limit": "Limit",
        "distance": "Margin",
        "overridden": " (overridden by {})",
        "may_yield": " (may be overridden by {})",
        "what_if": "[assumed in force: what-if only]",
        "on": "Decided for",
        "rulebook": "Rules",
    },
}


def show(decision: Decision, *, lang: str) -> None:
    """Print the decision on standard output."""
    words = _WORDS[lang]
    out = sheet()
    _show(out, decision, words, lang)
    sys.stdout.write(out.text())


def _show(out: Sheet, decision: Decision, words: dict[str, str], lang: str) -> None:
    _verdict(out, decision, words, lang)
    if decision.missing:
        _missing(out, decision, words, lang)
    _why(out, decision, words, lang)
    if decision.warnings:
        out.line(f"\n{words['doubt']}", style="bold")
        for warning in decision.warnings:
            out.item(f"  ! [{warning.question} {warning.clause}] {warning.text}", style="yellow")
    hints = evasion_hints(decision, lang=lang)
    if hints:
        out.line(f"\n{words['hints']}", style="bold")
        for hint in hints:
            out.item(f"  · [{hint.question} {hint.clause}] {hint.text}", style="yellow")
        out.line(f"    {words['others']}", style="dim")
    if decision.duties:
        out.line(f"\n{words['duties']}", style="bold")
        for duty in decision.duties:
            who = (
                "、".join(PARTIES[party] for party in duty.who)
                if lang == "zh"
                else ", ".join(w.replace("_", " ") for w in duty.who)
            )
            out.item(f"  □ {who}〔{duty.clause}〕{duty.phrase}")
    out.line(
        f"\n{words['on']} {decision.on.isoformat()} · "
        f"{words['rulebook']} {decision.rulebook.id} "
        f"{decision.rulebook.digest[:12]}{_filed(decision)} · {decision.decision_id[:16]}",
        style="dim",
    )


def _verdict(out: Sheet, decision: Decision, words: dict[str, str], lang: str) -> None:
    path = PATH_ZH[decision.review_path] if lang == "zh" else PATH_EN[decision.review_path]
    if decision.assumption:
        out.line(words["what_if"], style="bold red")
    out.line(f"{words['verdict']}{words['colon']}{path}", style="bold")
    because = standing_in_words(decision, lang)
    if because:
        out.line(f"  {because}")
    for rule in decision.won:
        if decision.review_path not in {"referred", "out_of_scope"}:
            for conclusion in rule.then:
                out.line(f"  〔{rule.clause}〕「{conclusion.words}」")
    certainty = words[decision.certainty].format(words["comma"].join(decision.depends_on))
    if decision.review_path not in {"undetermined", "out_of_scope"}:
        out.line(f"  {certainty}", style="yellow" if decision.depends_on else "")
    _readings(out, decision, words)
    annex = (ANNEX_ZH if lang == "zh" else ANNEX_EN)[decision.letter]
    out.line(f"{words['letter']}{words['colon']}{annex}")
    permit = decision.permit
    if permit.route or permit.missing:
        route = (
            words[permit.route] if permit.route else words["open"].format(_lacking(decision, lang))
        )
        out.item(f"{words['permit']}{words['colon']}{route}")
        for clause, phrase, truth in permit.reasons if permit.route != "commitment" else ():
            # The blacklist closes the route where it holds, a prerequisite where it does not.
            harmless = Truth.FALSE if "黑名单" in phrase else Truth.TRUE
            # 二(一)3 asks for the complete drawings only of projects that are not exempt.
            asked = decision.review_path != "exempt" or clause != "二(一)3"
            if asked and (truth is not harmless or permit.route == "ordinary"):
                mark = TRUTH_MARK[word_of(truth)]
                out.item(f"  {mark} 〔{clause}〕「{phrase}」")


def _lacking(decision: Decision, lang: str) -> str:
    """Return what the permit still needs, as people call it."""
    if lang == "zh":
        from drawreview.project.labels import called  # noqa: PLC0415 - few decisions lack anything

        return called(decision.project, decision.permit.missing)
    return ", ".join(dict.fromkeys(map(english_name, decision.permit.missing)))


def _readings(out: Sheet, decision: Decision, words: dict[str, str]) -> None:
    for adoption in decision.adopted:
        out.line(f"  {words['adopted'].format(adoption_in_words(adoption))}")
    for question, reading in decision.supposed.items():
        said = words["supposed"].format(f"{question} {reading}")
        out.line(f"  {said}", style="bold red")


def _missing(out: Sheet, decision: Decision, words: dict[str, str], lang: str) -> None:
    out.line(f"\n{words['missing']}", style="bold")
    for line in missing_in_words(decision, lang):
        out.item(f"  ？ {line}")


def _why(out: Sheet, decision: Decision, words: dict[str, str], lang: str) -> None:
    out.line(f"\n{words['why']}", style="bold")
    shown = [r for r in decision.reasons if r.won or r.truth != "false" or _near(decision, r)]
    columns = ("truth", "clause", "phrase", "value", "limit", "distance")
    rows: list[tuple[Cell, ...]] = []
    for reason in shown:
        first = reason.facts[0] if reason.facts else None
        value = value_in_words(first, lang) if first else None
        suffix = _yields(decision, reason.overridden_by, words) if reason.overridden_by else ""
        told = (
            reason.clause,
            reason.phrase + suffix,
            value or (unknown_in_words(decision, first.fact, lang) if first else "—"),
            (limit_in_words(first, lang) if first else None) or "",
            (distance_in_words(first, lang) if first else None) or "",
        )
        mark = (TRUTH_MARK[reason.truth], TRUTH_STYLE[reason.truth])
        if first and not applies(first):
            mark = ("－", "dim")
        rows.append((mark, *((text, "") for text in told)))
    out.table([words[column] for column in columns], rows)


def _yields(decision: Decision, rule: str, words: dict[str, str]) -> str:
    """Say which rule prevails, or may: one that is itself unknown does not yet."""
    surely = decision.truth_of[rule] is Truth.TRUE
    return words["overridden" if surely else "may_yield"].format(
        decision.rulebook.by_id[rule].clause
    )


def _filed(decision: Decision) -> str:
    overlay = decision.rulebook.overlay
    return f" + {overlay.get('filed_by')} {overlay.get('filed_on')}" if overlay else ""


def _near(decision: Decision, reason: Reason) -> bool:
    """Whether a lost phrase is the city's; the items of Order 51 are shown only if met."""
    return reason.document == decision.rulebook.city.number
