"""The bytes of rule files as one piece, whose SHA-256 is the rulebook's digest."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

OVERLAY: Final = "overlay"


def archived(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return files as one piece of bytes: name, length and content of each, sorted by name."""
    return b"".join(
        f"{name}\0{len(content)}\0".encode() + content for name, content in sorted(files)
    )


def files_in(archive: bytes) -> dict[str, bytes]:
    """Return the files of an archive by their names.

    Raises:
        ValueError: It is not an archive as `archived` makes it, or a name leads out of its folder.
    """
    files: dict[str, bytes] = {}
    at = 0
    while at < len(archive):
        name_end = archive.index(b"\0", at)
        length_end = archive.index(b"\0", name_end + 1)
        name = archive[at:name_end].decode()
        length = int(archive[name_end + 1 : length_end])
        at = length_end + 1 + length
        files[name] = archive[length_end + 1 : at]
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            message = f"{name!r} leads out of its folder"
            raise ValueError(message)
    if archived(files.items()) != archive:
        message = "not an archive of rule files"
        raise ValueError(message)
    return files


@contextmanager
def unpacked(archive: bytes) -> Generator[tuple[Path, Path | None]]:
    """Lay an archive out as folders for a while: the rules, and the overlay if it holds one.

    Raises:
        ValueError: It is not an archive as `archived` makes it.
    """
    import tempfile  # noqa: PLC0415 - only whoever replays needs it

    files = files_in(archive)
    with tempfile.TemporaryDirectory(prefix="drawreview-") as place:
        for name, content in files.items():
            inside, _, rest = name.partition("/")
            file = Path(place, OVERLAY, rest) if inside == OVERLAY else Path(place, "rules", name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        overlay = Path(place, OVERLAY)
        yield Path(place, "rules"), overlay if overlay.is_dir() else None
