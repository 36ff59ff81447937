"""Write files whole: each is complete beside its place before any is moved there."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from drawreview.cli.language import in_either
from drawreview.errors import OutputError, Problem, system_words
from drawreview.legible import legible

STDOUT: Final = Path("-")


def make_folder_of(place: Path) -> None:
    """Make the folder of a file that others will write; raises `OutputError`."""
    try:
        _make_room(place)
    except OSError as error:
        raise _unwritable(place, error) from error


def check_writable(files: Mapping[Path, bytes]) -> None:
    """Write files beside their places and take them away again; raises `OutputError`.

    It goes before what cannot be undone, so that nothing is done for files that find no place.
    """
    for place, content in files.items():
        try:
            _make_room(place)
            with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".writing-") as file:
                file.write(content)
                file.flush()
        except OSError as error:
            raise _unwritable(place, error) from error


def write_whole(files: Mapping[Path, bytes], *, first: Callable[[], object] = lambda: None) -> None:
    """Write all files or none, and print where they lie; folders that are not there are made.

    Args:
        files: What to write where; a single file named `-` goes to standard output.
        first: What must be done when all are complete and before any takes its place.

    Raises:
        OutputError: With what could not be written, and why.
    """
    if STDOUT in files:
        sys.stdout.buffer.write(files[STDOUT])
        return
    waiting: list[tuple[str, Path]] = []
    place = next(iter(files))
    try:
        for place, content in files.items():
            _make_room(place)
            handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".writing-")
            waiting.append((temporary, place))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).chmod(0o644)
    except OSError as error:
        _take_away(waiting)
        raise _unwritable(place, error) from error
    try:
        first()
        for temporary, place in waiting:
            Path(temporary).replace(place)
    except OSError as error:
        raise _unwritable(place, error) from error
    finally:
        _take_away(waiting)
    for place in files:
        sys.stdout.write(f"{legible(str(place))}\n")


def say(content: bytes, output: Path | None) -> None:
    """Write what a command found: to standard output, or whole into a file."""
    if output:
        write_whole({output: content})
    else:
        sys.stdout.buffer.write(content)


def _make_room(place: Path) -> None:
    """Make the folder of a file; raises OSError if a folder stands where the file should."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))


def _take_away(waiting: list[tuple[str, Path]]) -> None:
    for temporary, _ in waiting:
        Path(temporary).unlink(missing_ok=True)


def _unwritable(place: Path, error: OSError) -> OutputError:
    if isinstance(error, IsADirectoryError):
        problem = in_either("这是目录，不是文件。", "this is a folder, not a file.")
        remedy = in_either("写出文件名。", "Name a file in it.")
    elif isinstance(error, (FileExistsError, NotADirectoryError)):
        file = next((one for one in place.parents if one.is_file()), place.parent)
        problem = in_either(f"{file} 是文件，不是目录。", f"{file} is a file, not a folder.")
        remedy = in_either("换一个目录。", "Name another folder.")
    else:
        why = system_words(error) if in_either("zh", "en") == "zh" else error.strerror
        problem = in_either(f"写不进去：{why}。", f"cannot be written: {why}.")
        remedy = in_either(
            "用 -o 换一个目录，或核对权限和剩余空间。",
            "Name another folder with -o, or check permissions and free space.",
        )
    if place.parent == Path():
        with suppress(OSError):  # a folder that was taken away has no name
            place = Path.cwd() / place  # nobody named the folder, so it is told
    return OutputError((Problem(str(place), problem, remedy),))
