"""Where else a journal keeps what is said of persons, beside the records that were named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from drawreview.records.journal import Journal
    from drawreview.records.reading import Record


def elsewhere(journal: Journal, names: Sequence[str]) -> Iterator[str]:
    """Say where persons stand whom a letter names, and which records of the project still hold any.

    A letter's record holds digests alone; what is said of persons stands in its decision's.
    """
    told: set[str] = set()
    for name in names:
        record = journal.get(name)
        said = _said(record)
        if said.get("kind") == "letter":
            decision = journal.get(str(said["decision"]))
            yield (
                f"第 {record.seq} 条是承诺书，只存文件的摘要；"
                f"个人信息在它所据的决定，第 {decision.seq} 条。"
            )
            said = _said(decision)
        told |= _told_by(said)
    others = [
        record
        for record in (journal.records() if told else ())
        if _told_by(_said(record)) & told and journal.personal(record.id) is not None
    ]
    if others:
        numbers = "、".join(str(record.seq) for record in others)
        yield f"同一项目还有记录存着个人信息：第 {numbers} 条；要一并删除，写上这些序号再执行。"


def _told_by(said: dict[str, Any]) -> set[str]:
    """Return by what the project of a record is told: its code, or else its name."""
    project = cast("dict[str, Any]", said.get("project") or {})
    told = project.get("project_code") or project.get("name")
    return {str(told)} if told else set()


def _said(record: Record) -> dict[str, Any]:
    try:
        said = json.loads(record.body)
    except ValueError:  # a journal takes any bytes
        return {}
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}
