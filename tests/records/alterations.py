"""Every single place of every kind of record, altered in every way that a forger has."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from drawreview import Project, decide, load_rulebook
from drawreview.records import evidence, merkle
from drawreview.records.body import Circumstances, LetterRecord, Superseded, body_of
from drawreview.records.bundle import Bundle
from drawreview.records.canonical import canonical
from drawreview.records.entry import Blob
from drawreview.records.evidence import Evidence
from drawreview.records.export import export
from drawreview.records.journal import init_journal, open_journal
from drawreview.records.keys import new_key
from drawreview.records.note import Checkpoint, Signer, Use, signed
from drawreview.records.record import record_decision, record_events
from drawreview.records.replay import Log, Plan, Replayed, replay
from drawreview.records.ways import Ways
from drawreview.rulebook.archive import archived
from drawreview.web.again import deadlines_again
from tests.records.conftest import erase, rotate, unguarded
from tests.records.logs import CLERK, EVENTS, HOUSING, plain

ORIGIN = "permits.example/altered"
KINDS = ("decision", "correction", "events", "letter", "erasure", "key_rotation")  # by their places
Path_ = tuple[str | int, ...]


def typeset(letter: Any, decision: Any, law: Any, *, personal: Any, forms: Path) -> Any:
    """Set a letter of one line: what a letter says of its decision, in a press that is quick."""
    document = decision["decision"]
    said = [letter["receipt"], document["decision_id"], document["letter"], dict(personal)]
    return {"pdf": canonical(said)}


def ways_of(log: Any) -> Ways:
    answers = {"drawreview/deadlines@1": deadlines_again}
    return Ways(answers, typeset, getattr(log, "salted", lambda _: None))


@dataclass(frozen=True)
class Scene:
    """An honest journal and its bundle, with a record of each kind; and a forger's key."""

    file: Path
    key: Path
    bundle: Path
    bodies: tuple[bytes, ...]
    forger: Signer

    def altered(self, kind: str, at: Path_) -> list[bytes]:
        """Return the bodies with one place of one of them changed, written canonically."""
        bodies = list(self.bodies)
        said = json.loads(bodies[KINDS.index(kind)])
        part = said
        for step in at[:-1]:
            part = part[step]
        part[at[-1]] = other(part[at[-1]])
        bodies[KINDS.index(kind)] = canonical(said)
        return bodies


def made_in(folder: Path) -> Scene:
    """Record one of each kind, as an honest office does."""
    file, key = folder / "journal" / "a.db", folder / "keys" / "k.json"
    law, stated = load_rulebook(), plain("office.yaml")
    decision = decide(Project.model_validate(stated), on=date(2021, 3, 1), rulebook=law)
    with init_journal(file, origin=ORIGIN, key=key) as journal:
        first = record_decision(journal, decision, Circumstances(actor=CLERK))
        by = Circumstances(
            actor=CLERK,
            applied_on=date(2021, 2, 26),
            answers={"A22": "已核对"},
            supersedes=Superseded(first.id, "面积写错"),
        )
        correction = record_decision(journal, decision, by)
        record_events(
            journal,
            HOUSING,
            EVENTS,
            deadlines_again,
            on=date(2021, 5, 6),
            rulebook=law,
            assume_in_force=False,
            actor=CLERK,
        )
        form, font = Blob("forms", archived([("a/letter.typ", b"")])), Blob("font", b"font")
        code = f"DRAWREVIEW:2/{first.id.replace('-', '').upper()}/0/1/{first.root.hex()[:16]}"
        persons = json.loads(journal.personal(first.id) or b"{}")
        said = json.loads(next(journal.records()).body)
        printed = typeset({"receipt": code.upper()}, said, law, personal=persons, forms=folder)
        letter = LetterRecord(
            actor=CLERK,
            decision=first.id,
            annex="annex_1",
            files={form: hashlib.sha256(page).hexdigest() for form, page in printed.items()},
            receipt=code.upper(),
            forms=form.sha256,
            fonts={"f.otf": font.sha256},
        )
        journal.append(body_of(letter), id=letter.id, blobs=[form, font])
        erase(journal, correction.id)
        rotate(journal)
        export(journal, folder / "whole.zip")
        bodies = tuple(one.body for one in journal.records())
    forger = new_key(ORIGIN, Use.LOG, at="2021")
    return Scene(file, key, folder / "whole.zip", bodies, forger.signer)


def places_in(part: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Yield every place that holds a single value, or nothing."""
    steps = part.items() if isinstance(part, dict) else enumerate(part)
    for step, value in steps:
        if isinstance(value, dict | list) and value:
            yield from places_in(value, (*at, step))
        else:
            yield *at, step


def other(value: Any) -> Any:
    """Return another value of the same kind, as near as may be."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    if isinstance(value, str) and value:
        last = value[-1]
        near = chr(ord(last) ^ 1) if last.isalnum() and last.isascii() else f"{last}甲"
        return value[:-1] + near
    return {"x": "x"} if isinstance(value, dict) else ["x"] if isinstance(value, list) else "x"


# --- What a forger does with the altered bodies ------------------------------------------------


def _put(file: Path, bodies: list[bytes], *, hashes: bool) -> list[bytes]:
    """Put bodies in the place of the recorded ones, perhaps with a tree that fits them."""
    nodes: dict[merkle.Subtree, bytes] = {}
    for index, body in enumerate(bodies):
        leaf = merkle.leaf_hash(body)
        nodes.update(merkle.completed_by(index, leaf, lambda *at: nodes[at]))
    with unguarded(file) as connection:
        for seq, body in enumerate(bodies):
            connection.execute("UPDATE record SET body = ? WHERE seq = ?", (body, seq))
        for (level, place), found in nodes.items() if hashes else ():
            if level:
                where = "UPDATE node SET hash = ? WHERE level = ? AND place = ?"
                connection.execute(where, (found, level, place))
            else:
                connection.execute("UPDATE record SET leaf = ? WHERE seq = ?", (found, place))
    return [merkle.root(size, lambda *at: nodes[at]) for size in range(len(bodies) + 1)]


def in_journal(file: Path, bodies: list[bytes], scene: Scene, way: str) -> None:
    roots = _put(file, bodies, hashes=way != "naive")
    if way != "signed":
        return
    with unguarded(file) as connection:
        connection.execute("DELETE FROM checkpoint; DELETE FROM key")
        vkey = scene.forger.key.vkey
        connection.execute("INSERT INTO key VALUES (?, 0, '2021')", (vkey,))
        for size, root in enumerate(roots):
            note = signed(Checkpoint(ORIGIN, size, root).text, [scene.forger])
            connection.execute("INSERT INTO checkpoint VALUES (?, ?)", (size, note))


def in_bundle(file: Path, bodies: list[bytes], scene: Scene, way: str) -> None:
    with zipfile.ZipFile(scene.bundle) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["records.jsonl"] = b"".join(body + b"\n" for body in bodies)
    if way == "signed":
        leaves = [merkle.leaf_hash(body) for body in bodies]
        nodes: dict[merkle.Subtree, bytes] = {}
        for index, leaf in enumerate(leaves):
            nodes.update(merkle.completed_by(index, leaf, lambda *at: nodes[at]))
        roots = [merkle.root(size, lambda *at: nodes[at]) for size in range(len(bodies) + 1)]
        notes = [
            signed(Checkpoint(ORIGIN, size, root).text, [scene.forger])
            for size, root in enumerate(roots)
        ]
        lines = [json.dumps({"size": size, "note": note}) for size, note in enumerate(notes)]
        parts["checkpoints.jsonl"] = "".join(f"{line}\n" for line in lines).encode()
        parts["checkpoint.note"] = notes[-1].encode()
        keys = json.loads(parts["keys.json"])
        keys[0]["vkey"] = scene.forger.key.vkey
        parts["keys.json"] = json.dumps(keys).encode()
    if way != "naive":
        said = json.loads(parts["manifest.json"])
        said["files"] = {
            n: hashlib.sha256(c).hexdigest() for n, c in parts.items() if n != "manifest.json"
        }
        parts["manifest.json"] = json.dumps(said).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def judged(
    scene: Scene, folder: Path, bodies: list[bytes], where: str, way: str, *, trusted: bool
) -> Replayed:
    """Let a forger put the bodies in a journal or a bundle, and an auditor look at it."""
    if where == "bundle":
        file = folder / "forged.zip"
        in_bundle(file, bodies, scene, way)
        with open_journal(scene.file, key=scene.key) as journal:
            keys = journal.key_file().publics if trusted else ()
        with Bundle(file) as log:
            return _replayed(log, evidence.of_bundle(file, keys, ()))
    file = folder / "forged.db"
    for old in folder.glob("forged.db*"):
        old.unlink()
    file.write_bytes(scene.file.read_bytes())
    in_journal(file, bodies, scene, way)
    with open_journal(file, key=scene.key if trusted else folder / "none.json") as journal:
        return _replayed(journal, evidence.of_journal(journal.verify(persons=False)))


def _replayed(log: Log, of: Evidence) -> Replayed:
    return replay(log, Plan(), evidence=of, ways=ways_of(log))


def group_of(kind: str, at: Path_) -> str:
    """Return what a table calls a place: its kind, and its name down to what matters."""
    deep = at[0] in {"law", "decision", "answer"} and len(at) > 1 and kind != "letter"
    steps = at[:2] if deep else at[:1]
    return " ".join((kind, ".".join(map(str, steps))))
