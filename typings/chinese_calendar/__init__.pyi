from __future__ import annotations

from datetime import date

def is_workday(date: date) -> bool: ...
