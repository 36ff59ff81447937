"""A file to keep, under a name that may be Chinese."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import Response


def download(content: bytes, name: str, media_type: str) -> Response:
    """Return a file to keep; its name is made by the server and stripped of what names paths."""
    safe = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]+", "_", name).lstrip(".")[:120] or "file"
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", safe)
    extended = f"filename*=UTF-8''{quote(safe, safe='')}"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{plain}"; {extended}'},
    )
