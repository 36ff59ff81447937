"""Refuse to correct by a decision what is no decision, or another project's.

Neither can change once it is written. Whether a record has been corrected already can, until the
moment of the append; so it is seen to there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from drawreview.errors import ArgumentError
from drawreview.project.model import Project
from drawreview.records.canonical import said as said_in
from drawreview.records.reading import Reader

_ANEW: Final = "核对编号；是另一个项目，就不写更正，另记一条。"
_TWICE: Final = (
    "是同一个项目、原来写错了：两处写明相同的项目代码、建设单位或项目地址即可更正；都没有的，"
    "先不写写错的那一项更正一次，再写上正确的，更正那条更正。"
)


def check_correction(journal: Reader, project: Project, earlier: str) -> None:
    """Refuse a correction that would let a decision vanish behind what does not replace it.

    Raises:
        ArgumentError: There is no such record, it is no decision, or it is on another project.
    """
    found = journal.get(earlier)
    said = said_in(found.body)
    place = f"第 {found.seq} 条记录"
    if said.get("kind") != "decision":
        raise ArgumentError.of(place, "不是决定，不能更正。", "写要更正的那条决定的编号或序号。")
    if other := _other_project(said.get("project") or {}, project):
        raise ArgumentError.of(place, f"是另一个项目的决定：{other}。", f"{_ANEW}{_TWICE}")


def _other_project(before: Mapping[str, Any], now: Project) -> str | None:
    """Return what tells two projects apart; None if they may be one.

    Two codes decide. Without them one that has another name and not the same owner is another;
    where two owners are not known, the same address stands for them, so that a name that was
    mistyped is put right in one step.
    """
    if (old := before.get("project_code")) and now.project_code:
        return f"项目代码 {old} 与 {now.project_code}" if old != now.project_code else None
    owner = cast("Mapping[str, Any]", before.get("project_owner") or {}).get("name")
    told = (
        ("项目名称", before.get("name"), now.name),
        ("建设单位", owner, now.project_owner.name),
    )
    known = [(what, old, new) for what, old, new in told if old and new]
    owners_known = owner and now.project_owner.name
    same_place = not owners_known and now.address and before.get("address") == now.address
    if not known or same_place or any(old == new for _, old, new in known):
        return None
    return "，".join(f"{what}「{old}」与「{new}」" for what, old, new in known)
