"""The rule tree drawn as SVG: real text, shapes that work without colour, the same bytes each time.

The picture has one column, so that it can be read on a telephone and on paper. It uses presentation
attributes only: neither scripts nor styles, so that any page may show it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from drawreview.advice.tree import Node

_WIDTH: Final = 420
_MARGIN: Final = 10
_INDENT: Final = 22
_LINE: Final = 1.45
_FONTS: Final = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
_INK: Final = "#1f2328"
_SOFT: Final = "#57606a"
_RULE: Final = "#d0d7de"
_COLOUR: Final = {"true": "#116329", "false": "#a40e26", "unknown": "#7d4e00"}
_TINT: Final = {"true": "#e6f4ea", "false": "#fbeaec", "unknown": "#fff4d6"}
# Closing marks do not begin a line.
_CLOSING: Final = "，。、；：）」』】》？！,.;:)%㎡"
_UNPRINTABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "true": "成立",
        "false": "不成立",
        "unknown": "未知",
        "decides": "由此得出结论",
        "struck": "被 {} 优先",
        "may_yield": "{}；可能被 {} 优先",
        "all": "以下须全部满足",
        "any": "以下满足一项即可",
        "value": "本项目 {}",
        "limit": "界限 {}",
        "distance": "距界限 {}",
        "missing": "缺 {}",
        "rest": "其余各项不成立：{}",
        "questions": "取决于待定解释 {}",
        "heading": "审查方式",
        "on": "决定日期 {}",
        "and": "、",
        "comma": "，",
        "told": "{}：{}。",
        "told_of": "{}：{}（{}）。",
    },
    "en": {
        "true": "holds",
        "false": "does not hold",
        "unknown": "unknown",
        "decides": "settles the path",
        "struck": "overridden by {}",
        "may_yield": "{}; may be overridden by {}",
        "all": "all of these",
        "any": "any of these",
        "value": "project {}",
        "limit": "limit {}",
        "distance": "margin {}",
        "missing": "needed: {}",
        "rest": "not met: {}",
        "questions": "depends on open question {}",
        "heading": "Review path",
        "on": "decided for {}",
        "and": ", ",
        "comma": ", ",
        "told": "{}: {}.",
        "told_of": "{}: {} ({}).",
    },
}


def draw(tree: Node, *, name: str, about: tuple[str, ...], lang: str = "zh") -> str:
    """Return the tree as an SVG document.

    Args:
        tree: What to draw.
        name: Distinguishes the ids of this picture from those of others on the same page.
        about: The lines under the path: the project, the day.
        lang: The language of everything but the law's own words.
    """
    sheet = _Sheet(_WORDS[lang])
    sheet.path(tree, about)
    tops: list[tuple[float, bool]] = []
    for rule in tree.children:
        tops.append((sheet.y + 17, rule.live))
        sheet.rule(rule, _MARGIN + _INDENT)
        sheet.y += 10
    spine = sheet.spine(tops)
    sheet.legend()
    height = round(sheet.y + _MARGIN)
    words = _WORDS[lang]
    title = f"{words['heading']}：{tree.words}" if lang == "zh" else f"Review path: {tree.words}"
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="{_FONTS}" font-size="14" '
        f'role="img" aria-labelledby="{name}-title {name}-desc">'
    )
    return "\n".join(
        [
            opening,
            f'<title id="{name}-title">{_text(title)}</title>',
            f'<desc id="{name}-desc">{_text(" ".join((*about, *_told(tree, words))))}</desc>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            *spine,
            *sheet.parts,
            "</svg>\n",
        ]
    )


def _told(node: Node, words: dict[str, str]) -> list[str]:
    """Return the tree in sentences, for those who do not see it."""
    found: list[str] = []
    for rule in node.children:
        said = words[rule.truth]
        if rule.struck_by:
            said += words["comma"] + words["struck"].format(rule.struck_by)
        if rule.decides:
            said += words["comma"] + words["decides"]
        found.append(words["told"].format(f"{rule.clause} {rule.words}", said))
        found += [
            f"{phrase.words}。"
            if phrase.kind == "apart"
            else words["told_of"].format(phrase.words, words[phrase.truth], phrase.value)
            for phrase in rule.children
        ]
    return found


def _text(words: str) -> str:
    return escape(_UNPRINTABLE.sub("\ufffd", words))


def _em(char: str) -> float:
    """Return the width of a character, in ems, as system fonts have it on the average."""
    if unicodedata.east_asian_width(char) in "WFA":
        return 1.0
    return 0.4 if char in " .,:;|'()[]il1" else 0.58


def _wrapped(words: str, room: float, size: float) -> list[str]:
    """Return the words in lines that fit the room; Latin words and numbers stay whole."""
    lines, line, used = list[str](), "", 0.0
    for piece in re.findall(r"\([^()]{1,3}\)|[!-~]+|\s+|.", words):
        for part in (piece,) if sum(map(_em, piece)) * size <= room else tuple(piece):
            width = sum(map(_em, part)) * size
            if line and used + width > room and part not in _CLOSING:
                lines.append(line)
                line, used = "", 0.0
                if part.isspace():
                    continue
            line, used = line + part, used + width
    return [*lines, line] if line.strip() else lines


@dataclass(slots=True)
class _Sheet:
    words: dict[str, str]
    y: float = _MARGIN
    parts: list[str] = field(default_factory=list[str])

    def path(self, tree: Node, about: tuple[str, ...]) -> None:
        """Draw the box that names the path."""
        colour = "#0b3d66" if tree.truth == "true" else _COLOUR["unknown"]
        room = _WIDTH - 2 * _MARGIN - 24
        notes = [*about]
        if tree.value:
            notes.append(tree.value)
        if tree.questions:
            notes.append(self.words["questions"].format(self.words["and"].join(tree.questions)))
        small = [line for note in notes for line in _wrapped(note, room, 12)]
        head = _wrapped(tree.words, room - 30, 20)
        height = 22 + 27 * len(head) + 12 * _LINE * len(small) + 14
        self.parts.append(
            f'<rect x="{_MARGIN}" y="{self.y:g}" width="{_WIDTH - 2 * _MARGIN}" '
            f'height="{height:g}" rx="8" fill="{colour}"/>'
        )
        y = self.y + 18
        self._line(_MARGIN + 12, y, self.words["heading"], 12, "#dbe9f5")
        y += 25
        for line in head:
            self._line(_MARGIN + 12, y, line, 20, "#ffffff", bold=True)
            y += 27
        for line in small:
            self._line(_MARGIN + 12, y - 4, line, 12, "#ffffff")
            y += 12 * _LINE
        self.y += height + 12

    def rule(self, rule: Node, x: float, right: float = _WIDTH - _MARGIN) -> None:
        """Draw a rule as a card with its phrases; a rule within a phrase likewise."""
        at, top = len(self.parts), self.y
        self.y += 10
        self._marker(x + 18, self.y + 8, rule.truth, 9)
        said = self.words[rule.truth]
        if rule.struck_by:
            said = self.words["struck"].format(rule.struck_by)
        elif rule.decides:
            said = self.words["decides"]
        elif rule.may_yield_to:
            said = self.words["may_yield"].format(said, rule.may_yield_to)
        left, room = x + 34, right - x - 44
        for line in _wrapped(f"{rule.clause} · {said}", room, 12):
            self._line(left, self.y + 12, line, 12, _COLOUR[rule.truth], bold=rule.live)
            self.y += 12 * _LINE
        for line in _wrapped(rule.words if rule.kind == "gap" else f"「{rule.words}」", room, 14):
            self._line(
                left, self.y + 13, line, 14, _INK, bold=rule.live, struck=bool(rule.struck_by)
            )
            self.y += 14 * _LINE
        if rule.joins:
            self._line(left, self.y + 12, self.words[rule.joins], 11, _SOFT)
            self.y += 18
        self.y += 2
        for phrase in rule.children:
            self._phrase(phrase, x + 12, right)
        self.y += 8
        edge, width = (_COLOUR["true"], 2.5) if rule.live else (_RULE, 1)
        if rule.truth == "unknown":
            edge, width = _COLOUR["unknown"], 1.6
        dash = ' stroke-dasharray="5 4"' if rule.struck_by else ""
        card = (
            f'<rect x="{x:g}" y="{top:g}" width="{right - x:g}" '
            f'height="{self.y - top:g}" rx="6" fill="{_TINT["true"] if rule.live else "#ffffff"}" '
            f'stroke="{edge}" stroke-width="{width}"{dash}/>'
        )
        self.parts.insert(at, card)

    def _phrase(self, phrase: Node, x: float, right: float) -> None:
        self.y += 5
        if phrase.kind == "apart":
            self._soft(phrase.words, x + 28, right - x - 36)
            return
        self._marker(x + 12, self.y + 9, phrase.truth, 7)
        left, room = x + 28, right - x - 36
        for line in _wrapped(phrase.words, room, 13):
            self._line(left, self.y + 13, line, 13, _INK, bold=phrase.live)
            self.y += 13 * _LINE
        told = [
            self.words[key].format(value)
            for key, value in (
                ("value", phrase.value),
                ("limit", phrase.limit),
                ("distance", phrase.distance),
                ("missing", self.words["and"].join(phrase.missing)),
                ("questions", self.words["and"].join(phrase.questions)),
            )
            if value
        ]
        for line in _wrapped(" · ".join(told), room, 12):
            self._line(left, self.y + 12, line, 12, _COLOUR[phrase.truth])
            self.y += 12 * _LINE
        for below in phrase.children:
            self.y += 6
            if below.kind == "rest":
                self._soft(self.words["rest"].format(below.words), left, room)
                continue
            self.rule(below, x + 14, right - 8)

    def _soft(self, words: str, left: float, room: float) -> None:
        for line in _wrapped(words, room, 12):
            self._line(left, self.y + 12, line, 12, _SOFT)
            self.y += 12 * _LINE

    def spine(self, tops: list[tuple[float, bool]]) -> list[str]:
        """Return the lines from the path to its rules, the live ones last and thick."""
        x, lines = _MARGIN + 10, list[str]()
        start = next(float(m[1]) for m in re.finditer(r'y="([\d.]+)"', self.parts[0]))
        for y, live in sorted(tops, key=lambda top: top[1]):
            stroke = f'"{_COLOUR["true"]}" stroke-width="3.5"' if live else f'"{_SOFT}"'
            lines.append(
                f'<path d="M{x} {start + 20:g}V{y:g}H{_MARGIN + _INDENT}" fill="none" '
                f"stroke={stroke}/>"
            )
        return lines

    def legend(self) -> None:
        """Draw what the shapes mean."""
        x = float(_MARGIN + _INDENT)
        self.y += 4
        for truth in ("true", "false", "unknown"):
            self._marker(x + 8, self.y + 9, truth, 7)
            self._line(x + 20, self.y + 13, self.words[truth], 12, _SOFT)
            x += 34 + sum(map(_em, self.words[truth])) * 12
        self.y += 20

    def _line(  # noqa: PLR0913 - what a line of text consists of
        self,
        x: float,
        y: float,
        words: str,
        size: int,
        colour: str,
        *,
        bold: bool = False,
        struck: bool = False,
    ) -> None:
        weight = ' font-weight="700"' if bold else ""
        line = ' text-decoration="line-through"' if struck else ""
        self.parts.append(
            f'<text x="{x:g}" y="{round(y, 1):g}" font-size="{size}" fill="{colour}"'
            f"{weight}{line}>{_text(words)}</text>"
        )

    def _marker(self, x: float, y: float, truth: str, r: float) -> None:
        """Draw a tick in a disc, a cross in a square, or a question mark in a triangle."""
        colour, pen = _COLOUR[truth], 'fill="none" stroke="#ffffff" stroke-width="2"'
        label = f"<g aria-label={quoteattr(self.words[truth])}>"
        match truth:
            case "true":
                shape = (
                    f'<circle cx="{x:g}" cy="{y:g}" r="{r}" fill="{colour}"/>'
                    f'<path d="M{x - r * 0.5:g} {y:g}l{r * 0.38:g} {r * 0.42:g}'
                    f'l{r * 0.62:g} {-r * 0.84:g}" {pen} stroke-linecap="round"/>'
                )
            case "false":
                s = r * 0.9
                shape = (
                    f'<rect x="{x - s:g}" y="{y - s:g}" width="{2 * s:g}" height="{2 * s:g}" '
                    f'rx="2" fill="#ffffff" stroke="{colour}" stroke-width="2"/>'
                    f'<path d="M{x - s * 0.45:g} {y - s * 0.45:g}l{s * 0.9:g} {s * 0.9:g}'
                    f'm{-s * 0.9:g} 0l{s * 0.9:g} {-s * 0.9:g}" fill="none" stroke="{colour}" '
                    f'stroke-width="2"/>'
                )
            case _:
                shape = (
                    f'<path d="M{x:g} {y - r * 1.15:g}L{x + r * 1.2:g} {y + r:g}'
                    f'H{x - r * 1.2:g}Z" fill="{_TINT["unknown"]}" stroke="{colour}" '
                    f'stroke-width="1.6" stroke-linejoin="round"/>'
                    f'<text x="{x:g}" y="{y + r * 0.72:g}" font-size="{r * 1.45:g}" '
                    f'font-weight="700" fill="{colour}" text-anchor="middle">?</text>'
                )
        self.parts.append(f"{label}{shape}</g>")
