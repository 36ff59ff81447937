"""Which records speak of one project: what a project is told by when nobody says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_TOLD_BY: Final = ("district", "name", "project_code")


def identity_of(project: Mapping[str, Any]) -> str | None:
    """Return what tells a project from others; None where it has no name.

    A code alone does not: one code of the investment may cover several buildings and phases.
    """
    if not project.get("name"):
        return None
    return json.dumps([project.get(part) for part in _TOLD_BY], ensure_ascii=False)
