"""A file to keep, under a name that may be Chinese."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from fastapi import Response

LETTER_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def download(content: bytes, name: str, media_type: str, *, shown: bool = False) -> Response:
    """Return a file to keep; its name is made by the server and stripped of what names paths.

    Args:
        content: The file.
        name: What it is called.
        media_type: What it is.
        shown: Whether a browser that can show it does so, to be read and printed at once.
    """
    safe = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]+", "_", name).lstrip(".")[:120] or "file"
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", safe)
    extended = f"filename*=UTF-8''{quote(safe, safe='')}"
    kept = "inline" if shown else "attachment"
    headers = {"Content-Disposition": f'{kept}; filename="{plain}"; {extended}'}
    if shown:
        # Chromium shows a PDF as an object within a page of its own, under the policy of the file.
        headers["Content-Security-Policy"] = (
            "default-src 'none'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
    return Response(content, media_type=media_type, headers=headers)


def picture(svg: str) -> Response:
    """Return a drawing, which may carry its own style but nothing that runs or is loaded."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return Response(svg, media_type="image/svg+xml", headers={"Content-Security-Policy": policy})
