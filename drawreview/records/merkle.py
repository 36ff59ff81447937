"""The Merkle tree of RFC 6962: hashes, proofs, and how to check them.

A complete subtree is named by its level and its place on that level; level 0 holds the leaves.
Functions that build take a reader of complete subtrees, so that the tree may lie anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Final

Proof = tuple[bytes, ...]
Subtree = tuple[int, int]  # level, place
ReadSubtree = Callable[[int, int], bytes]

EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of a leaf. RFC 6962, 2.1: the prefix keeps leaves and nodes apart."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> Iterator[Subtree]:
    """Yield the complete subtrees that make up a tree, from left to right."""
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def completed_by(index: int, leaf: bytes, subtree: ReadSubtree) -> Iterator[tuple[Subtree, bytes]]:
    """Yield the subtrees that the leaf at an index completes, the leaf itself first."""
    level, place, found = 0, index, leaf
    yield (level, place), found
    while place & 1:
        found = node_hash(subtree(level, place - 1), found)
        level, place = level + 1, place >> 1
        yield (level, place), found


def root(size: int, subtree: ReadSubtree) -> bytes:
    """Return the root of the first `size` leaves."""
    return _range_root(0, size, subtree) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, subtree: ReadSubtree) -> Proof:
    """Return the hashes that lead from a leaf to the root, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_root(middle, high, subtree))
            high = middle
        else:
            proof.append(_range_root(low, middle, subtree))
            low = middle
    return tuple(reversed(proof))


def consistency_proof(old: int, new: int, subtree: ReadSubtree) -> Proof:
    """Return the hashes that show a tree to be the beginning of a larger one."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is not the beginning of a tree of {new}")
    if old in (0, new):
        return ()
    proof: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range_root(middle, high, subtree))
            high = middle
        else:
            proof.append(_range_root(low, middle, subtree))
            low, whole = middle, False
    if not whole:
        proof.append(_range_root(low, high, subtree))
    return tuple(reversed(proof))


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether a proof puts a leaf at an index of the tree with this root. RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    sides = _sides(index, size - 1, len(proof))
    if sides is None:
        return False
    found = leaf
    for stands_left, sibling in zip(sides, proof, strict=True):
        found = node_hash(sibling, found) if stands_left else node_hash(found, sibling)
    return found == root


def extends(old_root: bytes, old: int, new_root: bytes, new: int, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows the old tree to be the beginning of the new. RFC 9162, 2.1.4.2."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:  # the old tree is itself a subtree of the new, so its root is known
        path.insert(0, old_root)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    sides = _sides(place, last, len(path) - 1)
    if sides is None:
        return False
    old_found = new_found = path[0]
    for stands_left, sibling in zip(sides, path[1:], strict=True):
        if stands_left:
            old_found = node_hash(sibling, old_found)
            new_found = node_hash(sibling, new_found)
        else:
            new_found = node_hash(new_found, sibling)
    return old_found == old_root and new_found == new_root


def _sides(place: int, last: int, length: int) -> list[bool] | None:
    """Say for each hash of a proof whether it stands on the left; None if the length is wrong."""
    sides: list[bool] = []
    for _ in range(length):
        if last == 0:
            return None
        stands_left = bool(place & 1) or place == last
        while stands_left and not place & 1 and place:
            place, last = place >> 1, last >> 1
        sides.append(stands_left)
        place, last = place >> 1, last >> 1
    return sides if last == 0 else None


def _split(width: int) -> int:
    """Return the largest power of two below a width."""
    return 1 << (width - 1).bit_length() - 1


def _range_root(low: int, high: int, subtree: ReadSubtree) -> bytes:
    """Return the root of the leaves from `low` up to `high`; `low` begins a subtree."""
    parts: list[bytes] = []
    while low < high:
        # The largest complete subtree that begins here and does not pass the end.
        level = (high - low).bit_length() - 1
        parts.append(subtree(level, low >> level))
        low += 1 << level
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found
