"""Notice a restored older copy, and let it go on once the newest checkpoint is known.

The records between are lost. A log may not sign two histories, so after a declared loss it signs
under a new origin. The declaration is itself signed: whoever cut the tail cannot make one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drawreview.errors import AppendRefusedError
from drawreview.records import merkle, store
from drawreview.records.keys import KeyFile, remember, remembered
from drawreview.records.note import (
    Checkpoint,
    NoteError,
    PublicKey,
    held_in,
    open_checkpoint,
    signed,
)
from drawreview.records.store import Connection

_TELL: Final = "用 drawreview journal resume --newest-checkpoint FILE 告知已知最新的检查点。"
AFTER_LOSS: Final = "/after-loss-"
_LOOK: Final = "用 drawreview journal verify 查看。"


@dataclass(frozen=True, slots=True)
class Loss:
    """A declared loss: with `size` records left, all up to those of `newest` were missing."""

    size: int
    newest: Checkpoint
    declared: Checkpoint  # its origin is what the log calls itself from then on

    def explains(self, checkpoint: Checkpoint) -> bool:
        """Say whether a checkpoint covers records that this loss declares missing."""
        return (
            checkpoint.origin == self.newest.origin
            and self.size < checkpoint.size <= self.newest.size
        )


def losses(connection: Connection, keys: tuple[PublicKey, ...]) -> list[Loss]:
    """Return the declared losses, the oldest first; raises NoteError if one is not signed."""
    found: list[Loss] = []
    for size, newest, note in connection.rows("SELECT size, newest, note FROM loss ORDER BY size"):
        declared = open_checkpoint(note, keys)
        # An ordinary checkpoint of this size is no declaration, though the key has signed it.
        name = f"{AFTER_LOSS}{len(found) + 1}"
        if declared.size != size or not declared.origin.endswith(name):
            raise NoteError(f"loss {len(found) + 1}, after {size} records, is not declared")
        found.append(Loss(size, open_checkpoint(newest, keys), declared))
    return found


def origin_after(keys: KeyFile, declared: list[Loss]) -> str:
    """Return what the log calls itself now."""
    return declared[-1].declared.origin if declared else keys.origin


def refuse_older_copy(
    connection: Connection, keys: KeyFile, declared: list[Loss], size: int
) -> None:
    """Raise AppendRefusedError unless the journal holds all that its keys remember signing."""
    kept = remembered(keys.remembered)
    if kept is None:
        if size:
            raise _refusal(keys, f"密钥旁没有 {keys.remembered.name}，不知道签到过第几条。", _TELL)
        return
    try:
        last = open_checkpoint(kept, keys.publics)
    except NoteError as error:
        raise _refusal(keys, f"{keys.remembered} 不成立：{error}。", _TELL) from None
    if any(loss.explains(last) for loss in declared):
        return
    if last.size > size:
        problem = f"只有 {size} 条记录，密钥旁记得签到过 {last.size} 条：这是较旧的副本。"
        raise _refusal(keys, problem, f"找回较新的副本；找不回，{_TELL}")
    if _root(connection, last.size) != last.root:
        raise _refusal(keys, f"前 {last.size} 条与曾经签过的不同。", _LOOK)


def resume(connection: Connection, keys: KeyFile, newest: str) -> Checkpoint | None:
    """Go on with an older copy; return the checkpoint whose records are lost, None if none are."""
    connection.begin()
    try:
        size = store.head(connection)
        declared = _declared(connection, keys)
        newest, told = _told(connection, keys, origin_after(keys, declared), newest, size)
        note = store.newest_note(connection) or ""
        lost = told if told.size > size else None
        if lost:
            origin = f"{keys.origin}{AFTER_LOSS}{len(declared) + 1}"
            text = Checkpoint(origin, size, _root(connection, size)).text
            note = signed(text, [keys.current.signer])
            connection.insert("loss", [(size, newest, note)])
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    remember(keys.remembered, note)
    return lost


def _declared(connection: Connection, keys: KeyFile) -> list[Loss]:
    try:
        return losses(connection, keys.publics)
    except NoteError as error:
        raise _refusal(keys, f"遗失的申报不成立：{error}。", _LOOK) from None


def _told(
    connection: Connection, keys: KeyFile, origin: str, newest: str, size: int
) -> tuple[str, Checkpoint]:
    """Return the note and the checkpoint that are told, by a checkpoint or a receipt."""
    kept = remembered(keys.remembered)
    try:
        _, _, note = held_in(newest)
        told = open_checkpoint(note, keys.publics)
    except NoteError as error:
        problem = f"所给检查点不成立：{error}。"
        raise _refusal(keys, problem, "给本日志密钥签过的检查点。") from None
    try:
        least = open_checkpoint(kept, keys.publics).size if kept else 0
    except NoteError:  # what is damaged beside the key is what this is to mend
        least = 0
    if told.origin != origin:
        raise _refusal(keys, f"所给检查点属于 {told.origin}，不是 {origin}。", "给本日志的检查点。")
    if told.size < least:
        problem = f"所给检查点签到 {told.size} 条，密钥旁记得签到过 {least} 条。"
        raise _refusal(keys, problem, "给最新的检查点。")
    if told.size <= size and _root(connection, told.size) != told.root:
        problem = f"前 {told.size} 条与所给检查点不同。"
        raise _refusal(keys, problem, "日志被改过或分过叉；找回原来的副本。")
    return note, told


def _root(connection: Connection, size: int) -> bytes:
    return merkle.root(size, lambda level, place: store.subtree(connection, level, place))


def _refusal(keys: KeyFile, problem: str, remedy: str) -> AppendRefusedError:
    return AppendRefusedError.of(keys.origin, problem, remedy)
