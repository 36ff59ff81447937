"""Check credit codes and phone numbers of the parties; what merely looks odd is only a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from drawreview.errors import Problem

if TYPE_CHECKING:
    from drawreview.project.model import Party, Project

# GB 32100: 18 characters without I O Z S V. python-stdnum 2.2 refuses the letter-leading codes
# (A, N, Y) that collectives and others bear, so the shape is checked here and only the check
# digit is left to it.
_CREDIT_CODE: Final = re.compile(r"[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_GAPS: Final = re.compile(r"[\s\-]")
_MOBILE: Final = re.compile(r"(\+?86)?1[3-9][0-9]{9}")
# What phonenumbers accepts of Inner Mongolian land lines; everything else is asked of it.
_LOCAL: Final = re.compile(r"047[0-9]-[2-8][0-9]{6}")


def parties(project: Project) -> Iterator[tuple[str, Party]]:
    """Yield each party with its path in the project file."""
    yield "project_owner", project.project_owner
    for role in ("survey", "design"):
        for index, firm in enumerate(getattr(project, role).firms):
            yield f"{role}.firms[{index}]", firm


def refused(project: Project) -> list[Problem]:
    """Return the contacts that cannot be accepted: misshapen codes, and a 手机号码 that is none."""
    found = [
        Problem(
            f"{at}.credit_code",
            f"「{firm.credit_code}」不是统一社会信用代码。",
            "应为18位数字和大写字母（不含 I、O、Z、S、V）。",
        )
        for at, firm in parties(project)
        if firm.credit_code and not _CREDIT_CODE.fullmatch(_compact(firm.credit_code))
    ]
    mobile = project.project_owner.agent_mobile
    if mobile and not _is_plain_mobile(mobile) and not _is_mobile(mobile):
        found.append(
            Problem(
                "project_owner.agent_mobile", f"「{mobile}」不是手机号码。", "填写11位手机号码。"
            )
        )
    return found


def doubtful(project: Project) -> list[Problem]:
    """Return the contacts that look wrong but are taken as given."""
    found: list[Problem] = []
    for at, firm in parties(project):
        if firm.credit_code and not _check_digit_holds(_compact(firm.credit_code)):
            found.append(
                Problem(
                    f"{at}.credit_code",
                    f"「{firm.credit_code}」的校验位不符。",
                    "请与营业执照核对。",
                )
            )
        for field in ("phone", "project_leader_phone"):
            number = getattr(firm, field)
            if number and not _looks_valid(number):
                found.append(
                    Problem(
                        f"{at}.{field}",
                        f"「{number}」不像有效的电话号码。",
                        "固定电话请带区号；仍照填写打印。",
                    )
                )
    return found


def _compact(code: str) -> str:
    return _GAPS.sub("", code).upper()


def _is_plain_mobile(number: str) -> bool:
    return bool(_MOBILE.fullmatch(number) or _MOBILE.fullmatch(_compact(number)))


def _check_digit_holds(code: str) -> bool:
    from stdnum.cn import uscc  # noqa: PLC0415 - only where a code is stated

    return uscc.calc_check_digit(code[:-1]) == code[-1]


def _is_mobile(number: str) -> bool:
    import phonenumbers  # noqa: PLC0415 - it loads the world's numbering plans

    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE


def _looks_valid(number: str) -> bool:
    if _is_plain_mobile(number) or _LOCAL.fullmatch(number):
        return True
    import phonenumbers  # noqa: PLC0415

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "CN"))
    except phonenumbers.NumberParseException:
        return False
