"""What somebody can do to a journal who owns its file, and perhaps its key, and who notices it.

The forger works below every guard: on the file itself, with the triggers dropped.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from drawreview.records import merkle
from drawreview.records.entry import Entry
from drawreview.records.journal import init_journal, new_id, open_journal
from drawreview.records.keys import KeyFile, new_key, read_key_file, remember, remembered
from drawreview.records.note import Checkpoint, Signer, Use, signed
from tests.records.conftest import unguarded

ORIGIN = "permits.example/forged"


@dataclass
class Scene:
    """A journal, and what others hold of it.

    The auditor holds the checkpoint of size `held_size`; `victim` lies before it and `newest`
    behind it; whoever asked for each of the two holds its receipt.
    """

    path: Path
    keys: KeyFile
    chance: random.Random
    size: int
    held_size: int
    victim: int
    newest: int

    def rows(self) -> list[tuple[str, bytes]]:
        connection = apsw.Connection(str(self.path))
        found: Any = connection.execute("SELECT id, body FROM record ORDER BY seq").fetchall()
        connection.close()
        return found

    def rewrite(
        self,
        rows: Sequence[tuple[str, bytes]],
        *,
        drop_checkpoints_after: int | None = None,
        sign_anew_after: int | None = None,
        signer: Signer | None = None,
    ) -> None:
        """Put these rows in the place of all, with a tree that fits them."""
        leaves = [merkle.leaf_hash(body) for _, body in rows]
        nodes: dict[merkle.Subtree, bytes] = {}
        for index, leaf in enumerate(leaves):
            nodes.update(merkle.completed_by(index, leaf, lambda *at: nodes[at]))
        with unguarded(self.path) as connection:
            connection.execute("DELETE FROM record; DELETE FROM node")
            connection.executemany(
                "INSERT INTO record VALUES (?, ?, ?, ?)",
                [
                    (seq, name, body, leaf)
                    for seq, ((name, body), leaf) in enumerate(zip(rows, leaves, strict=True))
                ],
            )
            connection.executemany(
                "INSERT INTO node VALUES (?, ?, ?)",
                [(level, place, found) for (level, place), found in nodes.items() if level],
            )
            after = sign_anew_after if sign_anew_after is not None else drop_checkpoints_after
            if after is not None:
                connection.execute("DELETE FROM checkpoint WHERE size > ?", (after,))
            if sign_anew_after is None:
                return
            who = signer or self.keys.current.signer
            for size in range(sign_anew_after + 1, len(rows) + 1):
                root = merkle.root(size, lambda *at: nodes[at])
                note = signed(Checkpoint(ORIGIN, size, root).text, [who])
                connection.execute("INSERT INTO checkpoint VALUES (?, ?)", (size, note))
                if signer is None:
                    remember(self.keys.remembered, note)  # whoever has the key has its folder

    def run(self, sql: str, *values: object) -> None:
        with unguarded(self.path) as connection:
            connection.execute(sql, values)

    def edited(self, at: int) -> list[tuple[str, bytes]]:
        """Return the rows with one byte of one body changed, outside its id."""
        rows = self.rows()
        name, body = rows[at]
        place = body.index(b'"pad":"') + 7
        place += self.chance.randrange(len(body) - place - 2)
        changed = bytes([body[place] ^ 1])
        rows[at] = (name, body[:place] + changed + body[place + 1 :])
        return rows


def edit(scene: Scene) -> None:
    name, body = scene.edited(scene.victim)[scene.victim]
    scene.run("UPDATE record SET body = ? WHERE id = ?", body, name)


def edit_and_recompute(scene: Scene) -> None:
    scene.rewrite(scene.edited(scene.victim))


def edit_and_drop_checkpoints(scene: Scene) -> None:
    scene.rewrite(scene.edited(scene.victim), drop_checkpoints_after=scene.victim)


def edit_and_sign(scene: Scene) -> None:
    scene.rewrite(scene.edited(scene.victim), sign_anew_after=scene.victim)


def edit_and_sign_with_another_key(scene: Scene) -> None:
    own = new_key(ORIGIN, Use.LOG, at="2021")
    scene.rewrite(scene.edited(scene.victim), sign_anew_after=-1, signer=own.signer)
    scene.run("UPDATE key SET vkey = ?", own.key.vkey)


def swap(scene: Scene) -> None:
    rows, other = scene.rows(), (scene.victim + 1) % scene.held_size
    rows[scene.victim], rows[other] = rows[other], rows[scene.victim]
    scene.rewrite(rows)


def insert(scene: Scene) -> None:
    rows, (entry,) = scene.rows(), entries(scene.chance, 1)
    rows.insert(scene.victim, (entry.id, entry.body))
    scene.rewrite(rows)


def remove(scene: Scene) -> None:
    rows = scene.rows()
    del rows[scene.victim]
    scene.rewrite(rows)


def cut_tail(scene: Scene) -> None:
    scene.rewrite(scene.rows()[: scene.newest], drop_checkpoints_after=scene.newest)


def rewrite_newest(scene: Scene) -> None:
    scene.rewrite(scene.edited(scene.newest), sign_anew_after=scene.newest)


@dataclass(frozen=True)
class Forgery:
    """What is done, and who notices: mechanisms of the journal itself, then those outside it."""

    what: str
    do: Callable[[Scene], None]
    journal: frozenset[str]
    memory: bool
    held: bool
    receipt: bool

    @property
    def row(self) -> str:
        """Return the row of the documentation's table."""
        inside = ", ".join(f"`{one}`" for one in sorted(self.journal)) or "missed"
        outside = ["caught" if one else "missed" for one in (self.memory, self.held, self.receipt)]
        return f"| {self.what} | {inside} | {' | '.join(outside)} |"


def _caught_by(*mechanisms: str) -> frozenset[str]:
    return frozenset(mechanisms)


FORGERIES = (
    Forgery("edit one record", edit, _caught_by("leaf", "tree", "checkpoint"), True, True, True),
    Forgery(
        "edit one and recompute the tree",
        edit_and_recompute,
        _caught_by("checkpoint"),
        True,
        True,
        True,
    ),
    Forgery(
        "… and delete the checkpoints over it",
        edit_and_drop_checkpoints,
        _caught_by("checkpoint"),
        True,
        True,
        True,
    ),
    Forgery(
        "… and sign anew with the stolen key",
        edit_and_sign,
        _caught_by(),
        False,
        True,
        True,
    ),
    Forgery(
        "… and sign anew with another key",
        edit_and_sign_with_another_key,
        _caught_by("key", "signature"),
        True,
        True,
        True,
    ),
    Forgery("swap two and recompute", swap, _caught_by("checkpoint"), True, True, True),
    Forgery(
        "insert a back-dated one and recompute",
        insert,
        _caught_by("checkpoint"),
        True,
        True,
        True,
    ),
    Forgery("remove one and recompute", remove, _caught_by("checkpoint"), True, True, True),
    Forgery(
        "cut the tail behind the held checkpoint, with its checkpoints",
        cut_tail,
        _caught_by(),
        True,
        False,
        True,
    ),
    Forgery(
        "edit one behind the held checkpoint and sign anew with the stolen key",
        rewrite_newest,
        _caught_by(),
        False,
        False,
        True,
    ),
)


def entries(chance: random.Random, count: int) -> list[Entry]:
    made: list[Entry] = []
    for _ in range(count):
        name = new_id()
        pad = chance.randbytes(chance.randrange(10, 200)).hex()
        made.append(Entry(name, f'{{"id":"{name}","pad":"{pad}"}}'.encode()))
    return made


def scene(folder: Path, chance: random.Random) -> tuple[Scene, dict[str, str]]:
    """Make an honest journal, and what an auditor and two applicants hold of it."""
    shutil.rmtree(folder, ignore_errors=True)
    path, key = folder / "journal" / "j.db", folder / "keys" / "k.json"
    size = chance.randrange(6, 18)
    with init_journal(path, origin=ORIGIN, key=key) as journal:
        receipts = [journal.submit(one).result() for one in entries(chance, size)]
    held_size = chance.randrange(size // 2, size - 1)
    made = Scene(
        path=path,
        keys=read_key_file(key),
        chance=chance,
        size=size,
        held_size=held_size,
        victim=chance.randrange(held_size),
        newest=chance.randrange(held_size, size),
    )
    held = {
        "auditor": receipts[held_size - 1].checkpoint,
        "applicant": receipts[made.victim].tlog_proof,
        "newest applicant": receipts[made.newest].tlog_proof,
    }
    return made, held


def noticed(made: Scene, held: dict[str, str]) -> tuple[frozenset[str], bool, bool, bool]:
    """Return which mechanisms of the journal notice something, and which outside it."""
    trusted = made.keys.publics  # on paper since the first day
    with open_journal(made.path) as journal:
        memory = remembered(made.keys.remembered)
        found = set(journal.verify(trusted=trusted, held=held, memory=memory).counts)
    outside = {"memory", "held", "receipt"}
    return frozenset(found - outside), *(one in found for one in ("memory", "held", "receipt"))  # pyright: ignore[reportReturnType]
