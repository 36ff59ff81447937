"""What all requests share, and the page that answers one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from drawreview.legible import legible
from drawreview.records.journal import Journal
from drawreview.records.laws import Laws
from drawreview.rulebook.model import Rulebook
from drawreview.web.catalogue import Language, Translate, translator
from drawreview.web.jobs import Jobs
from drawreview.web.security.rates import Rates
from drawreview.web.security.roles import ANYONE, Who
from drawreview.web.security.seal import Seal
from drawreview.web.settings import OFFICE_ZONE, Settings
from drawreview.web.static_files import address_of
from drawreview.web.store import audit_log
from drawreview.web.store.database import Store

LANGUAGE_COOKIE: Final = "language"


@dataclass(frozen=True)
class Office:
    """What all requests share."""

    settings: Settings
    store: Store
    rulebook: Rulebook
    rates: Rates
    journal: Journal
    jobs: Jobs
    laws: Laws
    seal: Seal


def _legible(value: object) -> object:
    """Show what cannot be seen by its number: a journal may hold what this program never wrote.

    What goes back with a form is left as it is, by the filter `e`, or a number would be sent.
    """
    if isinstance(value, str) and not isinstance(value, Markup):
        return legible(value)
    return value


_TEMPLATES: Final = Environment(
    loader=PackageLoader("drawreview.web", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_legible,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _moment(seconds: int) -> str:
    """Return a time as the office's clock showed it."""
    return datetime.fromtimestamp(seconds, OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")


def _claimed(utc: str) -> str:
    """Return the time that a record claims as the office's clock showed it."""
    try:
        return datetime.fromisoformat(utc).astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:  # whatever somebody has recorded
        return utc


def _translated(options: Iterable[tuple[str, str]], say: Translate) -> list[tuple[str, str]]:
    """Return the options of a choice in the reader's language."""
    return [(value, say(words)) for value, words in options]


# From the first to the last Chinese character, with the numbers and brackets of a citation.
_CHINESE: Final = re.compile(
    r"[\u3000-\u303f\u3400-\u9fff\uff00-\uff60]"
    r"(?:[0-9()¶·.—:/\-s ]*[\u3000-\u303f\u3400-\u9fff\uff00-\uff60])*(?:[0-9()¶]|s[0-9])*"
)


def _marked(text: object, say: Translate) -> str:
    """Return words with what is Chinese among them marked, for readers of another language."""
    if say.language == "zh":
        return str(text)
    return Markup(_CHINESE.sub(r'<span lang="zh-CN">\g<0></span>', str(escape(legible(str(text))))))  # noqa: S704 - escaped before


def _lang(text: str, say: Translate) -> str:
    """Return the attribute that marks an element as Chinese, where its words are."""
    chinese = say.language != "zh" and _CHINESE.search(text)
    return Markup(' lang="zh-CN"') if chinese else ""


_TEMPLATES.globals["static"] = address_of  # pyright: ignore[reportUnknownMemberType] - jinja2 leaves it open
_FILTERS: Final = {
    "moment": _moment,
    "claimed": _claimed,
    "translated": _translated,
    "zh": _marked,
    "lang": _lang,
}
_TEMPLATES.filters |= _FILTERS  # pyright: ignore[reportUnknownMemberType]


def office_of(request: Request) -> Office:
    """Return what all requests share."""
    return cast("Office", request.app.state.office)


def who_asks(request: Request) -> Who:
    """Return who asks, as the guard has found."""
    return cast("Who", getattr(request.state, "who", ANYONE))


def language_of(request: Request) -> Language:
    """Return the language that the reader has chosen, in this form or before; Chinese if none."""
    chosen = getattr(request.state, "language", request.cookies.get(LANGUAGE_COOKIE))
    return "en" if chosen == "en" else "zh"


def said(request: Request) -> Translate:
    """Return the function that says a Chinese string in the reader's language."""
    return translator(language_of(request))


def address_from(request: Request) -> str:
    """Return the network address that asks."""
    return request.client.host if request.client else "-"


def note(request: Request, what: str, about: str, *, who: str | None = None) -> None:
    """Write a line into the audit log."""
    office = office_of(request)
    audit_log.note(
        office.store,
        what,
        at=office.settings.now(),
        who=who or who_asks(request).name,
        address=address_from(request),
        about=about,
    )


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page, or a part of one, in the reader's language."""
    language = language_of(request)
    office = office_of(request)
    text = _TEMPLATES.get_template(template).render(
        _=translator(language),
        language=language,
        who=who_asks(request),
        path=request.url.path,
        secure=office.settings.secure,
        today=office.settings.today(),
        **values,
    )
    return HTMLResponse(text, status_code=status)
