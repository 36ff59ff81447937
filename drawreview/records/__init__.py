"""The journal of decisions: exact bytes in a Merkle tree, signed, and never changed."""

from __future__ import annotations
