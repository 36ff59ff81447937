"""Why a request is not answered as asked; a page or a problem document says so."""

from __future__ import annotations

from collections.abc import Sequence

from drawreview.errors import DrawreviewError, Problem


class RefusalError(DrawreviewError):
    """A request that is not answered as asked.

    Attributes:
        status: The HTTP status.
        said: What to tell the person, in Chinese; the catalogue knows it in other languages.
        problems: The parts of it.
        sign_in: Whether signing in would help.
        instead: The page to which a browser goes instead, if it asked for one.
    """

    def __init__(
        self,
        status: int,
        said: str,
        *,
        problems: Sequence[Problem] = (),
        sign_in: bool = False,
        instead: str | None = None,
    ) -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        self.problems = tuple(problems)
        self.sign_in = sign_in
        self.instead = instead
