"""What is held outside a journal, and whether the journal still agrees with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from drawreview.records import merkle
from drawreview.records.merkle import Proof
from drawreview.records.note import (
    Checkpoint,
    NoteError,
    PublicKey,
    held_in,
    open_checkpoint,
)
from drawreview.records.older_copy import Loss
from drawreview.records.report import Mechanism, Report
from drawreview.records.store import Connection


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint from outside the journal, and the record it was a receipt for, if any."""

    name: str
    mechanism: Mechanism
    checkpoint: Checkpoint
    index: int | None = None
    proof: Proof = ()


def opened(
    report: Report,
    trusted: Sequence[PublicKey],
    held: Mapping[str, str],
    remembered: str | None,
) -> Iterator[Held]:
    """Open what lay outside; what no trusted key has signed is a finding and proves nothing."""
    texts: list[tuple[str, Mechanism, str]] = [(name, "held", text) for name, text in held.items()]
    if remembered is not None:
        texts.append(("密钥旁所记", "memory", remembered))
    for name, mechanism, text in texts:
        report.held += 1
        try:
            index, proof, note = held_in(text)
            checkpoint = open_checkpoint(note, trusted)
        except NoteError as error:
            report.find(mechanism, name, f"不成立：{error}。")
            continue
        yield Held(name, mechanism if index is None else "receipt", checkpoint, index, proof)


def check_held(
    connection: Connection,
    report: Report,
    held: Held,
    roots: Mapping[int, bytes | None],
    declared: Sequence[Loss],
) -> None:
    """Compare one of them with the roots computed anew at the sizes they are of."""
    signed = held.checkpoint
    if any(loss.explains(signed) for loss in declared):
        if held.mechanism != "memory":
            report.find(held.mechanism, held.name, f"签到 {signed.size} 条；已申报其中有遗失。")
    elif roots[signed.size] is None:
        report.find(
            held.mechanism, held.name, f"签到 {signed.size} 条，日志只有 {report.size} 条：少了。"
        )
    elif roots[signed.size] != signed.root:
        report.find(held.mechanism, held.name, f"前 {signed.size} 条与当时签的不同。")
    elif held.index is not None:
        found = connection.rows("SELECT body FROM record WHERE seq = ?", (held.index,))
        leaf = merkle.leaf_hash(found[0][0]) if found else b""
        if not merkle.includes(signed.root, signed.size, held.index, leaf, held.proof):
            report.find(held.mechanism, held.name, f"第 {held.index} 条不是回执所指的那一条。")
