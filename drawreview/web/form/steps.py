"""Where a button of the form leads."""

from __future__ import annotations

from typing import Final

from drawreview.project.from_yaml import is_sequence
from drawreview.web.form.fields import pages_of
from drawreview.web.form.sheet import Data, group_of

RESULT: Final = "result"
_MOST_BUILDINGS: Final = 40


def buildings_in(data: Data) -> int:
    """Return how many buildings a project file names."""
    buildings = data.get("buildings")
    return len(buildings) if is_sequence(buildings) else 0


def pages_with(data: Data, at: str) -> tuple[str, ...]:
    """Return the pages of the form, that of a building which is being added among them."""
    here = group_of(at)[1] + 1 if at.startswith("building-") else 0
    return (*pages_of(max(buildings_in(data), here)), RESULT)


def after(data: Data, at: str, wanted: str) -> str:
    """Return the page to which a button leads; `remove` takes the building away."""
    pages = pages_with(data, at)
    place = pages.index(at) if at in pages else 0
    match wanted.partition(":"):
        case ("next", _, _):
            return pages[min(place + 1, len(pages) - 1)]
        case ("back", _, _):
            return pages[max(place - 1, 0)]
        case ("go", _, to) if to in pages:
            return to
        case ("add", _, _) if buildings_in(data) < _MOST_BUILDINGS:
            return f"building-{max(1, buildings_in(data))}"
        case ("remove", _, _) if at.startswith("building-"):
            _, building = group_of(at)
            left = data.get("buildings")
            if is_sequence(left) and building < len(left):
                del left[building]
            return "building-0"
        case _:
            return at
