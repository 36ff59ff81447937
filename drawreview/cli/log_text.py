"""What is doubtful in a log, and what does not count of it, as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from drawreview.site.log import Finding, Uncounted, named


def finding_lines(findings: Iterable[Finding], lang: str) -> Iterator[str]:
    """Yield what is doubtful, each with its place in the file and its number."""
    for finding in findings:
        text = finding.english if lang == "en" else finding.text
        clause = f" [{finding.clause}]" if finding.clause and lang == "en" else ""
        cited = f"〔{finding.clause}〕" if finding.clause and lang == "zh" else ""
        yield f"! {finding.place} {_numbered(finding.number, lang)}{text}{clause}{cited}"


def uncounted_lines(uncounted: Iterable[Uncounted], lang: str) -> Iterator[str]:
    """Yield what does not count, entries of one reason under it."""
    by_reason: dict[str, list[str]] = {}
    for entry in uncounted:
        told = f"{entry.place} {_numbered(entry.number, lang)}"
        said = f"{entry.event.on} {named(entry.event, lang)}"
        by_reason.setdefault(entry.english if lang == "en" else entry.why, []).append(
            f"  {told}{said}"
        )
    for why, entries in by_reason.items():
        yield f"{why}:" if lang == "en" else f"{why}："
        yield from entries


def _numbered(number: int, lang: str) -> str:
    return f"entry {number}: " if lang == "en" else f"第{number}条："
