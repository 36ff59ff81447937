"""Append one record and say so: `python -m tests.records.one_append JOURNAL KEY ID`."""

from __future__ import annotations

import sys
from pathlib import Path

from drawreview.errors import JournalError
from drawreview.records.journal import open_journal


def main() -> int:
    place, key, name = sys.argv[1:]
    try:
        with open_journal(place, key=Path(key)) as journal:
            journal.append(f'{{"id":"{name}","pad":"{"x" * 9000}"}}'.encode(), id=name)
            sys.stdout.write("acknowledged\n")
            sys.stdout.flush()
    except JournalError as error:
        sys.stdout.write(f"refused {error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
