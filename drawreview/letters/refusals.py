"""Says to whom no letter may be written, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Protocol

from drawreview.errors import Problem
from drawreview.project.model import Project


class Decided(Protocol):
    """What a letter needs to know of a decision."""

    @property
    def project(self) -> Project:
        """The project that was decided."""
        ...

    @property
    def on(self) -> date:
        """The date of the decision, and of the letter."""
        ...

    @property
    def review_path(self) -> str:
        """The review path: `exempt`, `joint_review`, `deferred_review` and so on."""
        ...

    @property
    def letter(self) -> str | None:
        """The annex it calls for, if any."""
        ...

    @property
    def certainty(self) -> str:
        """`robust`, or `depends` on open questions."""
        ...

    @property
    def depends_on(self) -> Sequence[str]:
        """Those questions."""
        ...

    @property
    def decision_id(self) -> str:
        """The SHA-256 digest of the decision, in hexadecimal."""
        ...

    @property
    def assumption(self) -> str | None:
        """What a what-if assumes, if it is one."""
        ...


_MOST_FIRMS: Final = 3
_NO_LETTER = {
    "prior_review": (
        "2020年11月30日以前已经委托施工图审查的项目继续办结审查（尾s4），不采用承诺书。",
        "请继续办结原委托的施工图审查。",
    ),
    "undetermined": ("事实不全，审查方式尚不能认定。", "请补齐决定所列的事项后重新认定。"),
    "referred": (
        "文件本身没有给出答案，须请示主管部门。",
        "请按决定所列的问题请示，凭答复重新认定。",
    ),
    "out_of_scope": ("项目不在本办法适用范围内。", "请按适用于该项目的规定办理。"),
}


def refusals(decision: Decided) -> Iterator[Problem]:
    """Yield every reason for which the letter of a decision may not be written."""
    match decision.letter:
        case None if decision.review_path == "exempt":
            yield from _annex_1(decision)
        case None:
            why, remedy = _NO_LETTER.get(
                decision.review_path, ("该决定没有对应的承诺书。", "请核对决定的审查方式。")
            )
            yield Problem("decision.letter", why, remedy)
        case "annex_1":
            yield from _annex_1(decision)
        case "annex_2":
            yield from _annex_2(decision)
        case other:
            yield Problem("decision.letter", f"没有名为 {other} 的承诺书。", "只有附件1和附件2。")
    yield from _contradictions(decision.project)
    yield from _crowds(decision.project)
    if not re.fullmatch(r"[0-9a-f]{64}", decision.decision_id):
        yield Problem(
            "decision.decision_id", "决定编号不是64位十六进制摘要。", "请用本系统作出的决定。"
        )


def _crowds(project: Project) -> Iterator[Problem]:
    """The form has one column for each trade; beyond three firms two pages do not hold them."""
    for role, firms in (("survey", project.survey.firms), ("design", project.design.firms)):
        if len(firms) > _MOST_FIRMS:
            problem = f"有 {len(firms)} 家单位，两页的承诺书最多排 {_MOST_FIRMS} 家。"
            yield Problem(f"{role}.firms", problem, "只列牵头单位，其余另附名单，或分别出具。")


def _annex_1(decision: Decided) -> Iterator[Problem]:
    """Annex 1 says 该项目属于社会投资简易低风险项目: only a decision beyond doubt may say so."""
    if decision.review_path != "exempt":
        yield Problem(
            "decision.review_path", "项目未被认定为免于审查，不得使用附件1。", "请使用附件2。"
        )
    # A what-if says on both pages that it is one; nothing else may be in doubt there either.
    if decision.certainty != "robust" and not (decision.assumption and decision.letter):
        doubts = "、".join(decision.depends_on) or "未列明"
        yield Problem(
            "decision.certainty",
            f"免审认定取决于尚无定论的问题（{doubts}），不得使用附件1。",
            "请就这些问题取得主管部门答复后重新认定。",
        )


def _annex_2(decision: Decided) -> Iterator[Problem]:
    """Annex 2 says, in the past tense and with a date, that all drawings have been uploaded."""
    if decision.review_path == "exempt":
        yield Problem(
            "decision.review_path", "项目已被认定为免于审查，附件2与此相反。", "请使用附件1。"
        )
    uploaded = decision.project.permit.drawings_uploaded_on
    place = "permit.drawings_uploaded_on"
    if uploaded is None:
        yield Problem(
            place,
            "未填施工图上传日期；附件2承诺各专业施工图已全部上传（三(四)¶1s2）。",
            "请先将全部施工图上传，再填写上传日期。",
        )
    elif uploaded > decision.on:
        yield Problem(
            place,
            f"上传日期 {uploaded.isoformat()} 晚于承诺书日期 {decision.on.isoformat()}。",
            "承诺书只能承诺已经完成的上传；请核对日期，或在上传之后出具。",
        )


def _contradictions(project: Project) -> Iterator[Problem]:
    survey = project.survey
    if survey.not_surveyed is not None and (survey.firms or survey.commissioned):
        yield Problem("survey", "既写明未经勘察，又填有勘察单位或委托年月。", "请删去其中之一。")
