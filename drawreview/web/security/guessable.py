"""Which passwords others would guess: little is left of them without what everybody uses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

_COMMON: Final = Path(__file__).parent / "common_passwords.txt"
_SHORTEST_WORD: Final = 4
_MOST_WORDS: Final = 2  # of three common words and more, too many are possible to try them all
_LEFT_OVER: Final = 6
_RUN: Final = 3
_LETTERS: Final = str.maketrans("@4$5013!7", "aassoleit")
_RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
)
# What people at a window in Baotou would try first, beside what is common everywhere.
_HERE: Final = (
    *("drawreview", "administrator", "baotou", "qingshan", "kundulun", "jiuyuan", "donghe"),
    *("shiguai", "baiyun", "guyang", "tuyou", "damao", "neimenggu", "zhongguo", "shentu"),
    *("shencha", "shigongtu", "chuangkou", "guanliyuan", "mima", "woaini", "aini", "nihao"),
    *("yishengyishi", "laopo", "laogong", "baobei", "weixin", "taobao", "zhufang", "jianshe"),
    *("包头", "青山", "昆都仑", "九原", "东河", "石拐", "白云", "固阳", "土右", "达茂", "内蒙古"),
    *("中国", "密码", "审图", "审查", "施工图", "住建", "窗口", "管理员", "审计", "我爱你"),
)
_INITIAL: Final = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
_FINAL: Final = (
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ui|ao|ou|iu|ie|ue|ve|er|an|en|in|un"
    "|ia|ua|uo|a|o|e|i|u|v)"
)
# A name of a person in pinyin, and a birthday or a telephone number.
_NAME_AND_NUMBER: Final = re.compile(rf"[\W\d_]*(?:{_INITIAL}{_FINAL}){{1,3}}[\W\d_]*")


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords that people choose most."""
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))


def guessable(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether a password is a common one, two of them, a name or a run, however it is decorated.

    Args:
        password: What somebody wants.
        about: What others know of them, such as their name.
    """
    text = unicodedata.normalize("NFKC", password).lower()
    own = [word for word in (unicodedata.normalize("NFKC", one).lower() for one in about) if word]
    if _NAME_AND_NUMBER.fullmatch(text):
        return True
    return any(len(set(_rest(way, own))) < _LEFT_OVER for way in (text, text.translate(_LETTERS)))


def _rest(text: str, own: Iterable[str]) -> str:
    """Return what is left of a password without words, numbers, repetitions and runs."""
    for word in sorted((*own, *_HERE), key=len, reverse=True):
        text = text.replace(word, " ")
    for _ in range(_MOST_WORDS):
        text = text.replace(_longest_common(text) or " ", " ")
    text = re.sub(r"[\d\s]+", "", text)
    return _without_runs(re.sub(r"(.)\1+", r"\1", text))


def _longest_common(text: str) -> str | None:
    found = (
        text[start:end]
        for start in range(len(text))
        for end in range(start + _SHORTEST_WORD, min(start + 20, len(text)) + 1)
        if text[start:end] in common_passwords()
    )
    return max(found, key=len, default=None)


def _without_runs(text: str) -> str:
    """Return the text with three neighbours and more, of keyboard or alphabet, as one."""
    joined = " ".join((*_RUNS, *(run[::-1] for run in _RUNS)))
    runs: list[str] = []
    for one in text:
        if runs and runs[-1] + one in joined:
            runs[-1] += one
        else:
            runs.append(one)
    return "".join(run if len(run) < _RUN else run[0] for run in runs)
