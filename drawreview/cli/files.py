"""Write files whole: each is complete beside its place before any is moved there."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from drawreview.errors import InputError, Problem


def check_writable(files: Mapping[Path, bytes]) -> None:
    """Write files beside their places and take them away again; raises `InputError`.

    It goes before what cannot be undone, so that nothing is done for files that find no place.
    """
    for place, content in files.items():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".writing-") as file:
                file.write(content)
                file.flush()
        except OSError as error:
            raise _unwritable(place, error) from error


def write_whole(files: Mapping[Path, bytes], *, first: Callable[[], object] = lambda: None) -> None:
    """Write all files or none, and print where they lie; raises `InputError`.

    Args:
        files: What to write where.
        first: What must be done when all are complete and before any takes its place.
    """
    waiting: list[tuple[str, Path]] = []
    try:
        for place, content in files.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".writing-")
            waiting.append((temporary, place))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(temporary).chmod(0o644)
        first()
        for temporary, place in waiting:
            Path(temporary).replace(place)
    except OSError as error:
        raise _unwritable(waiting[-1][1] if waiting else next(iter(files)), error) from error
    finally:
        for temporary, _ in waiting:
            Path(temporary).unlink(missing_ok=True)
    for place in files:
        sys.stdout.write(f"{place}\n")


def _unwritable(place: Path, error: OSError) -> InputError:
    problem = f"写不进去：{error.strerror}。"
    return InputError((Problem(str(place.parent), problem, "换一个目录。"),))
