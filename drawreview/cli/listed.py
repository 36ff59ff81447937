"""What `drawreview journal list` says of each record, without naming a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from drawreview.cli.recording import KINDS
from drawreview.cli.sheet import Cell, Sheet, sheet
from drawreview.engine.document import PATH_ZH
from drawreview.errors import ArgumentError
from drawreview.legible import legible
from drawreview.records.canonical import said as said_in

if TYPE_CHECKING:
    from drawreview.records.journal import Journal
    from drawreview.records.reading import Record

_ROLE_ZH: Final = {
    "clerk": "窗口",
    "design_firm": "设计单位",
    "auditor": "审计",
    "administrator": "管理员",
}
_HEADER: Final = ("序号", "编号", "时间", "事项", "决定日", "项目", "路径", "经办", "备注")


@dataclass(slots=True, kw_only=True)
class Listed:
    """A record as it is listed."""

    seq: int
    id: str
    leaf: str
    kind: str
    annex: str | None
    at: str
    review_path: str | None
    on: str | None
    project: str | None
    actor: dict[str, str | None]
    refers_to: list[int]
    superseded_by: int | None = None

    def json(self) -> str:
        """Return the line for programs."""
        names = self.__slots__
        return json.dumps({name: getattr(self, name) for name in names})


def listed(journal: Journal, last: int) -> list[Listed]:
    """Return the last records, in order; one pass, and a look for what stands before them."""
    found: dict[str, Listed] = {}
    before: dict[str, Listed | None] = {}
    for kept in journal.last(last):
        said = said_in(kept.body)
        one = _listed(kept, said)
        for name in _referred(said) if one.kind else ():
            if name not in found and name not in before:
                before[name] = _earlier(journal, name)
            earlier = found.get(name) or before.get(name)
            if earlier is None or earlier.seq >= one.seq:
                continue
            one.refers_to.append(earlier.seq)
            if one.kind == "letter":
                one.project = earlier.project
            elif one.kind != "erasure":
                earlier.superseded_by = one.seq
        found[one.id] = one
    return list(found.values())


def show(records: Iterable[Listed]) -> str:
    """Return the table; a terminal too narrow for it gets each record as a line that folds."""
    rows = [_row(one) for one in records]
    if not rows:
        return ""
    out: Sheet = sheet()
    if out.holds(_HEADER, rows):
        out.table(_HEADER, rows)
    else:
        for row in rows:
            out.item("  ".join(text for text, _ in row if text != "—"))
    return out.text()


def _row(one: Listed) -> list[Cell]:
    role, code = one.actor["role"] or "", one.actor["id"] or ""
    who = (_ROLE_ZH.get(role, role), "" if code == role else code)
    return [
        (_plain(text) or "—", "")
        for text in (
            str(one.seq),
            one.id,
            f"{one.at[:19]}Z" if one.at else "",
            "告知书" if one.annex == "notice" else KINDS.get(one.kind, one.kind),
            one.on or "",
            one.project or "",
            PATH_ZH.get(one.review_path or "", one.review_path or ""),
            " ".join(filter(None, who)),
            _remark(one),
        )
    ]


def _remark(one: Listed) -> str:
    verb = {"decision": "更正", "events": "更正", "letter": "依据", "erasure": "涉及"}
    numbers = "、".join(map(str, one.refers_to))
    said = [f"{verb.get(one.kind, '')}序号{numbers}"] if numbers else []
    if one.superseded_by is not None:
        said.append(f"已被序号{one.superseded_by}更正")
    return "，".join(said)


def _plain(text: str) -> str:
    """Return a text in one line, without what could steer a terminal: a journal takes any bytes."""
    return legible(" ".join(text.split()), lines=False)


def _referred(said: Mapping[str, Any]) -> list[str]:
    from drawreview.records.referred import records_in  # noqa: PLC0415 - heavy, as the journal

    try:
        return list(records_in(said))
    except (KeyError, TypeError):  # an erasure that no version wrote
        return []


def _earlier(journal: Journal, name: str) -> Listed | None:
    try:
        kept = journal.get(name)
    except ArgumentError:  # it was lost, or never was
        return None
    return _listed(kept, said_in(kept.body))


def _listed(kept: Record, said: Mapping[str, Any]) -> Listed:
    at = _text(_part(said, "at"), "utc") or ""
    kind = (at and _text(said, "kind")) or ""
    path = _text(_part(said, "decision"), "review_path") if kind == "decision" else None
    actor = _part(said, "actor")
    return Listed(
        seq=kept.seq,
        id=kept.id,
        leaf=kept.leaf.hex(),
        kind=kind,
        annex=_text(said, "annex") if kind == "letter" else None,
        at=at if kind else "",
        review_path=path,
        on=_text(said, "on"),
        project=_text(_part(said, "project"), "name"),
        actor={"role": _text(actor, "role"), "id": _text(actor, "id")},
        refers_to=[],
    )


def _part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = said.get(name)
    return cast("Mapping[str, Any]", part) if isinstance(part, dict) else {}


def _text(said: Mapping[str, Any], name: str) -> str | None:
    text = said.get(name)
    return text if isinstance(text, str) else None
