"""What every answer says to the browser, and how much of a request is read."""

from __future__ import annotations

import json
from contextlib import suppress
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
_MOST_DROPPED: Final = 32 << 20
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


class _Counted:
    """What comes of a request, up to a limit."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._read = 0
        self._more = True

    @property
    def too_long(self) -> bool:
        """Whether more has come than is read."""
        return self._read > self._most

    async def __call__(self) -> Message:
        """Return what comes next."""
        message = await self._next()
        if self.too_long:
            raise TooLongError
        return message

    async def _next(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self._more = message.get("more_body", False)
        return message

    async def drop(self) -> None:
        """Let the rest come, within reason: who is still sending when all ends sees no answer."""
        while self._more and self._read < _MOST_DROPPED:
            await self._next()


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
        counted = _Counted(receive, self._most)

        async def checked(message: Message) -> None:
            # What was cut off may have been taken for a malformed request: the length is the cause.
            if counted.too_long:
                raise TooLongError
            await send(message)

        claimed = next((v for n, v in scope["headers"] if n == b"content-length"), b"0")
        if not claimed.isdigit() or int(claimed) <= self._most:
            with suppress(TooLongError):
                await self._app(scope, counted, checked)
                return
        await counted.drop()
        await _say_too_long(scope, send)


async def _say_too_long(scope: Scope, send: Send) -> None:
    said = "请求太长：不得超过 1 MB。"
    api = str(scope["path"]).startswith("/api/")
    body = json.dumps({"title": said, "status": 413}, ensure_ascii=False) if api else said
    media = b"application/problem+json" if api else b"text/plain; charset=utf-8"
    headers = [(b"content-type", media), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
