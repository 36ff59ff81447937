"""A journal of random deeds always agrees with a plain list of what was acknowledged."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from drawreview.errors import ArgumentError
from drawreview.records import merkle
from drawreview.records.entry import Entry, Receipt
from drawreview.records.journal import init_journal, new_id, new_personal, open_journal
from drawreview.records.note import checkpoint_from, open_checkpoint
from tests.records.conftest import ORIGIN, body_of, correction_of, erase, rotate
from tests.records.server import MEMORY


class JournalMachine(RuleBasedStateMachine):
    """Appends, retries, erasures, rotations, failures and restarts, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.key = self.folder / "keys" / "k.json"
        self.file = self.folder / "journal" / "j.db"
        self.journal = init_journal(self.file, origin=ORIGIN, key=self.key)
        self.bodies: list[bytes] = []
        self.receipts: list[Receipt] = []
        self.corrected: dict[str, str] = {}
        self.by_key: dict[str, int] = {}
        self.personal: dict[str, bytes] = {}

    def teardown(self) -> None:
        report = self.journal.verify(
            held={str(number): one.tlog_proof for number, one in enumerate(self.receipts)}
        )
        assert report.holds, report.findings
        assert report.size == len(self.bodies)
        self.journal.close()
        shutil.rmtree(self.folder)

    def keep(self, receipt: Receipt, body: bytes) -> None:
        assert receipt.seq == len(self.bodies)
        self.bodies.append(body)
        self.receipts.append(receipt)

    @rule(sizes=st.lists(st.integers(0, 40), min_size=1, max_size=5))
    def append_together(self, sizes: list[int]) -> None:
        entries = [
            Entry(name, body_of(name, pad="x" * size)) for size in sizes if (name := new_id())
        ]
        answers = [self.journal.submit(one) for one in entries]
        for entry, answer in zip(entries, answers, strict=True):
            self.keep(answer.result(), entry.body)

    @rule(key=st.sampled_from("abc"))
    def append_by_key(self, key: str) -> None:
        name = new_id()
        receipt = self.journal.append(body_of(name), id=name, idempotency_key=key)
        assert receipt.repeated == (key in self.by_key)
        if receipt.repeated:
            assert receipt.seq == self.by_key[key]
        else:
            self.by_key[key] = receipt.seq
            self.keep(receipt, body_of(name))

    @rule(content=st.binary(min_size=1, max_size=20))
    def append_personal(self, content: bytes) -> None:
        name, personal = new_id(), new_personal(content)
        body = body_of(name, personal=personal.commitment)
        self.keep(self.journal.append(body, id=name, personal=personal), body)
        self.personal[name] = content

    @precondition(lambda self: self.bodies)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        seq = data.draw(st.integers(0, len(self.bodies) - 1))
        (earlier,) = self.journal.records(seq, seq + 1)
        entry = correction_of(earlier.id)
        try:
            receipt = self.journal.submit(entry).result()
        except ArgumentError as error:
            assert earlier.id in self.corrected, error
            assert self.corrected[earlier.id] in str(error)
        else:
            assert earlier.id not in self.corrected
            self.corrected[earlier.id] = entry.id
            self.keep(receipt, entry.body)

    @precondition(lambda self: self.personal)
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.personal)))
        assert self.journal.personal(name) == self.personal.pop(name)
        assert erase(self.journal, name)
        (last,) = self.journal.records(len(self.bodies))
        self.bodies.append(last.body)
        assert self.journal.personal(name) is None

    @rule()
    def rotate(self) -> None:
        rotate(self.journal)
        (last,) = self.journal.records(len(self.bodies))
        self.bodies.append(last.body)

    @rule()
    def reopen(self) -> None:
        self.journal.reopen()

    @rule()
    def restart(self) -> None:
        self.journal.close()
        self.journal = open_journal(self.file, key=self.key)

    @invariant()
    def the_root_is_that_of_the_list(self) -> None:
        leaves = [merkle.leaf_hash(body) for body in self.bodies]
        nodes: dict[merkle.Subtree, bytes] = {}
        for index, leaf in enumerate(leaves):
            nodes.update(merkle.completed_by(index, leaf, lambda *at: nodes[at]))
        signed = open_checkpoint(self.journal.checkpoint(), self.journal.key_file().publics)
        assert signed.size == len(self.journal) == len(leaves)
        assert signed.root == merkle.root(len(leaves), lambda *at: nodes[at])
        assert self.journal.root(signed.size) == signed.root

    @precondition(lambda self: self.receipts)
    @rule(data=st.data())
    def an_old_receipt_still_proves(self, data: st.DataObject) -> None:
        old = data.draw(st.sampled_from(self.receipts))
        now = checkpoint_from(self.journal.checkpoint())
        proof = self.journal.inclusion(old.seq)
        assert merkle.includes(now.root, now.size, old.seq, old.leaf, proof)
        assert merkle.extends(
            old.root, old.size, now.root, now.size, self.journal.consistency(old.size)
        )


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
