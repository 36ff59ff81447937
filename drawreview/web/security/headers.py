"""What every answer says to the browser, and how much of a request is read."""

from __future__ import annotations

import json
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_ONE_YEAR: Final = "max-age=31536000; includeSubDomains"


class TooLongError(Exception):
    """More was sent than is read."""


class Headers:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        headers = _ALWAYS | ({"Strict-Transport-Security": _ONE_YEAR} if secure else {})
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list[tuple[bytes, bytes]](message.get("headers", ()))
                names = {name for name, _ in said}
                said += [header for header in self._headers if header[0] not in names]
                message["headers"] = said
            await send(message)

        await self._app(scope, receive, with_headers)


class Length:
    """Reads no more of a request than a limit, whatever its header claims."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        claimed = next((v for n, v in scope["headers"] if n == b"content-length"), b"0")
        read = 0
        refused = False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise TooLongError
            return message

        async def checked(message: Message) -> None:
            nonlocal refused
            # What was cut off may have been taken for a malformed request: the length is the cause.
            if read > self._most:
                if not refused:
                    refused = True
                    await _say_too_long(scope, send)
                return
            await send(message)

        if claimed.isdigit() and int(claimed) > self._most:
            await _say_too_long(scope, send)
            return
        try:
            await self._app(scope, counted, checked)
        except TooLongError:
            if not refused:
                await _say_too_long(scope, send)


async def _say_too_long(scope: Scope, send: Send) -> None:
    said = "请求太长：不得超过 1 MB。"
    api = str(scope["path"]).startswith("/api/")
    body = json.dumps({"title": said, "status": 413}, ensure_ascii=False) if api else said
    media = b"application/problem+json" if api else b"text/plain; charset=utf-8"
    headers = [(b"content-type", media), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
