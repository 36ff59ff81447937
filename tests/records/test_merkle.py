"""The tree against two implementations by others, for every size up to 130."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pymerkle
import pytest
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore.errors import VerificationError

from drawreview.records import merkle

MOST = 130
SEED = 6962
BODIES = [f"record {number}".encode() for number in range(MOST)]
LEAVES = [merkle.leaf_hash(body) for body in BODIES]


class Tree:
    """Complete subtrees in a dictionary, and the root at every size."""

    def __init__(self) -> None:
        self.nodes: dict[merkle.Subtree, bytes] = {}
        self.roots = [merkle.EMPTY_ROOT]
        for index, leaf in enumerate(LEAVES):
            self.nodes.update(merkle.completed_by(index, leaf, self.read))
            self.roots.append(merkle.root(index + 1, self.read))

    def read(self, level: int, place: int) -> bytes:
        return self.nodes[level, place]


@pytest.fixture(scope="module")
def tree() -> Tree:
    return Tree()


def by_definition(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 6962, 2.1 defines it, from the leaves alone."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def entry_for_sigstore(index: int, size: int, root: bytes, proof: merkle.Proof) -> SimpleNamespace:
    inclusion = SimpleNamespace(log_index=index, tree_size=size, root_hash=root, hashes=list(proof))
    return SimpleNamespace(
        _inner=SimpleNamespace(inclusion_proof=inclusion, canonicalized_body=BODIES[index])
    )


def test_roots_are_those_of_the_definition_and_of_pymerkle(tree: Tree) -> None:
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    for size in range(1, MOST + 1):
        theirs.append_entry(BODIES[size - 1])
        assert tree.roots[size] == theirs.get_root() == by_definition(LEAVES[:size])


def test_every_inclusion_proof_holds_here_and_at_sigstore(tree: Tree) -> None:
    count = 0
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, tree.read)
            root = tree.roots[size]
            assert merkle.includes(root, size, index, LEAVES[index], proof)
            verify_merkle_inclusion(entry_for_sigstore(index, size, root, proof))  # pyright: ignore[reportArgumentType]
            count += 1
    print(f"inclusion proofs {count}")
    assert count == MOST * (MOST + 1) // 2


def test_every_consistency_proof_holds_here_and_equals_pymerkles(tree: Tree) -> None:
    theirs = pymerkle.InmemoryTree(algorithm="sha256")
    for body in BODIES:
        theirs.append_entry(body)
    count = 0
    for new in range(MOST + 1):
        for old in range(new + 1):
            proof = merkle.consistency_proof(old, new, tree.read)
            assert merkle.extends(tree.roots[old], old, tree.roots[new], new, proof)
            if 0 < old < new:
                # pymerkle always lists the old tree's own hashes first; ours leaves out a root
                # that the verifier has. Both must lead to the same two roots.
                pymerkle.verify_consistency(
                    tree.roots[old], tree.roots[new], theirs.prove_consistency(old, new)
                )
            count += 1
    print(f"consistency proofs {count}")
    assert count == (MOST + 1) * (MOST + 2) // 2


def test_every_damaged_inclusion_proof_is_refused(tree: Tree) -> None:
    chance, count = random.Random(SEED), 0
    for size in range(2, MOST + 1):
        for index in range(size):
            root, leaf = tree.roots[size], LEAVES[index]
            proof = merkle.inclusion_proof(index, size, tree.read)
            for damaged in damages(chance, proof):
                assert not merkle.includes(root, size, index, leaf, damaged)
                count += 1
            wrong = (index + 1 + chance.randrange(size - 1)) % size
            assert not merkle.includes(root, size, wrong, leaf, proof)
            assert not merkle.includes(root, size, index, LEAVES[wrong], proof)
            assert not merkle.includes(tree.roots[size - 1], size, index, leaf, proof)
            count += 3
    print(f"damaged inclusion proofs refused {count}, seed {SEED}")
    assert count > MOST * MOST


def test_sigstore_refuses_a_damaged_proof_too(tree: Tree) -> None:
    proof = merkle.inclusion_proof(5, 13, tree.read)
    damaged = (proof[0][::-1], *proof[1:])
    with pytest.raises(VerificationError):
        verify_merkle_inclusion(entry_for_sigstore(5, 13, tree.roots[13], damaged))  # pyright: ignore[reportArgumentType]


def test_every_damaged_consistency_proof_is_refused(tree: Tree) -> None:
    chance, count = random.Random(SEED), 0
    for new in range(2, MOST + 1):
        for old in range(1, new):
            old_root, new_root = tree.roots[old], tree.roots[new]
            proof = merkle.consistency_proof(old, new, tree.read)
            for damaged in damages(chance, proof):
                assert not merkle.extends(old_root, old, new_root, new, damaged)
                count += 1
            assert not merkle.extends(new_root, old, old_root, new, proof)
            assert not merkle.extends(tree.roots[old - 1], old, new_root, new, proof)
            count += 2
    print(f"damaged consistency proofs refused {count}, seed {SEED}")
    assert count > MOST * MOST


def damages(chance: random.Random, proof: merkle.Proof) -> list[merkle.Proof]:
    """Return the proof with a bit flipped, a hash dropped, one added, and two swapped."""
    assert proof
    at = chance.randrange(len(proof))
    bit = 1 << chance.randrange(256)
    flipped = (int.from_bytes(proof[at], "big") ^ bit).to_bytes(32, "big")
    found = [
        (*proof[:at], flipped, *proof[at + 1 :]),
        (*proof[:at], *proof[at + 1 :]),
        (*proof[:at], chance.randbytes(32), *proof[at:]),
    ]
    if len(proof) > 1:
        found.append((*proof[1:], proof[0]))
    return found


def test_the_old_end_of_a_tree_that_is_not_its_beginning_is_refused(tree: Tree) -> None:
    assert not merkle.extends(tree.roots[5], 5, tree.roots[3], 3, ())
    assert not merkle.includes(tree.roots[3], 3, 3, LEAVES[2], ())
    assert not merkle.extends(b"\0" * 32, 0, tree.roots[3], 3, ())
