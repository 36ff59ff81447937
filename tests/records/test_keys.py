"""Key files, what lies beside them, and that nobody else's is touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from drawreview.errors import JournalError
from drawreview.records.journal import init_journal
from drawreview.records.keys import new_key_file, read_key_file, rotated
from tests.records.conftest import ORIGIN, record


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_two_keys_whose_names_differ_behind_a_point_have_memories_of_their_own(
    quick: Path,
) -> None:
    for name in ("baotou.a", "baotou.b"):
        where, key = quick / "journals" / name / "j.db", quick / "keys" / name
        with init_journal(where, origin=f"permits.example/{name}", key=key) as journal:
            record(journal)
    for name in ("baotou.a", "baotou.b"):
        remembered = quick / "keys" / f"{name}.signed"
        assert remembered.read_text().startswith(f"permits.example/{name}\n1\n")
        assert mode(remembered) == 0o600


def test_a_key_called_signed_is_not_overwritten_by_what_is_remembered(quick: Path) -> None:
    key = quick / "keys" / "window.signed"
    with init_journal(quick / "journal" / "j.db", origin=ORIGIN, key=key) as journal:
        record(journal)
        assert record(journal).seq == 1
    assert read_key_file(key).origin == ORIGIN
    with pytest.raises(JournalError, match="已经有这个文件"):
        init_journal(quick / "other" / "j.db", origin=ORIGIN, key=quick / "keys" / "window")
    assert read_key_file(key).origin == ORIGIN


def test_a_new_key_is_never_written_into_a_file_that_others_may_read(quick: Path) -> None:
    """Somebody may have laid a file, or a link to one of theirs, where the new key is written."""
    keys = new_key_file(quick / "keys" / "k", ORIGIN, at="2026")
    waiting, theirs = quick / "keys" / "k.new", quick / "theirs"
    theirs.write_text("")
    theirs.chmod(0o644)
    for lay in (lambda: waiting.symlink_to(theirs), lambda: os.link(theirs, waiting)):
        lay()
        keys = rotated(keys, at="2026")
        assert theirs.read_text() == ""
        assert mode(keys.path) == 0o600
        assert not waiting.exists()
    assert len(read_key_file(keys.path).keys) == 3


def test_a_key_that_cannot_be_written_leaves_the_old_one(quick: Path) -> None:
    keys = new_key_file(quick / "keys" / "k", ORIGIN, at="2026")
    (quick / "keys" / "k.new").mkdir()
    with pytest.raises(JournalError, match="旧密钥照旧有效"):
        rotated(keys, at="2026")
    assert read_key_file(keys.path) == keys
