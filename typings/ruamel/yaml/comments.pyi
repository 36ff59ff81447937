from __future__ import annotations

from typing import Any

# Lines and columns count from 0.
class LineCol:
    line: int
    col: int
    data: dict[Any, list[int]] | None
    def key(self, k: Any) -> tuple[int, int]: ...
    def value(self, k: Any) -> tuple[int, int]: ...
    def item(self, idx: int) -> tuple[int, int]: ...

class CommentedMap(dict[Any, Any]):
    @property
    def lc(self) -> LineCol: ...

class CommentedSeq(list[Any]):
    @property
    def lc(self) -> LineCol: ...
