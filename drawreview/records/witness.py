"""A witness signs that a journal still begins with what the witness saw before.

Two histories that look honest can be told apart only by whoever has seen both.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawreview.errors import ArgumentError
from drawreview.records.note import (
    NoteError,
    PublicKey,
    Signer,
    checkpoint_from,
    cosigned,
    open_checkpoint,
)
from drawreview.records.replay import Log
from drawreview.records.verify_bundle import Tree


def witnessed(  # noqa: PLR0913 - what a witness looks at, and who it is
    log: Log,
    note: str,
    *,
    trusted: Sequence[PublicKey],
    seen: str | None,
    witness: Signer,
    at: int,
) -> str:
    """Return the newest checkpoint with the witness's signature added.

    Args:
        log: The journal or the bundle; its tree is built anew from the records' bytes.
        note: Its newest checkpoint.
        trusted: The journal's keys, from outside.
        seen: The checkpoint that the witness saw last; None at the first time.
        witness: Who signs.
        at: The time, in seconds since 1970.

    Raises:
        JournalError: No trusted key signed the checkpoint, the records are not those it covers, or
            the history is not the one seen before.
    """
    try:
        newest = open_checkpoint(note, trusted)
        before = checkpoint_from(seen) if seen else None
    except NoteError as error:
        raise _refusal(f"检查点不成立：{error}。", "核对日志公钥（--key）。") from error
    if before and before.size > newest.size:
        raise _refusal(
            f"上次见到 {before.size} 条，现在只有 {newest.size} 条。", "不签；向日志的主人查问。"
        )
    tree = Tree()
    roots = {0: tree.root()}
    for record in log.records():
        tree.add(record.body)
        if tree.size in {newest.size, before and before.size}:
            roots[tree.size] = tree.root()
    if roots.get(newest.size) != newest.root:
        raise _refusal("记录与最新检查点的根不符。", "不签；向日志的主人查问。")
    if before and roots.get(before.size) != before.root:
        raise _refusal(
            f"前 {before.size} 条不是上次见到的那些：历史被改写。", "不签；保存两份检查点作证。"
        )
    return cosigned(note, witness, at=at)


def _refusal(problem: str, remedy: str) -> ArgumentError:
    return ArgumentError.of("检查点", problem, remedy)
