"""A disk of a given size beneath SQLite, which may be made larger while the journal is open."""

from __future__ import annotations

import apsw

VFS = "small-disk"


class _File(apsw.VFSFile):
    def __init__(
        self, disk: SmallDisk, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.sizes[self._name] = self.xFileSize()

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        size = max(self._disk.sizes[self._name], offset + len(data))
        if sum(self._disk.sizes.values()) - self._disk.sizes[self._name] + size > self._disk.room:
            raise apsw.FullError("no room")
        super().xWrite(data, offset)
        self._disk.sizes[self._name] = size

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._disk.sizes[self._name] = size


class SmallDisk(apsw.VFS):
    """The disk; `room` is its size in bytes."""

    def __init__(self, room: int) -> None:
        super().__init__(VFS, "")
        self.room = room
        self.sizes: dict[str, int] = {}

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _File:  # noqa: N802
        return _File(self, name, flags)
