from __future__ import annotations

from typing import Any

class CParser:
    def __init__(self, stream: str | bytes) -> None: ...
    def get_event(self) -> Any: ...
