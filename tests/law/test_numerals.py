"""The numbers, days and boundary words of Chinese phrases."""

from __future__ import annotations

from datetime import date

import pytest

from drawreview.rulebook.numerals import boundaries, chinese_number, days, quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二", 2),
        ("十", 10),
        ("十二", 12),
        ("五十", 50),
        ("二千五百", 2500),
        ("一万五千", 15000),
        ("四万", 40000),
        ("二万", 20000),
    ],
)
def test_chinese_numbers(text: str, value: int) -> None:
    assert chinese_number(text) == value


def test_only_what_stands_before_a_unit_is_a_quantity() -> None:
    assert quantities("不超过二层") == [2]
    assert quantities("功能单一，一类高层住宅建筑") == []
    assert quantities("应在3个工作日内审查完毕") == [3]
    assert quantities("建筑高度大于54m住宅建筑") == [54]
    assert quantities("设有本条第一项至第六项所列情形") == []


def test_days_are_no_quantities() -> None:
    assert days("截至2020年12月10日尚未委托") == [date(2020, 12, 10)]
    assert quantities("截至2020年12月10日尚未委托") == []


@pytest.mark.parametrize(
    ("phrase", "operators"),
    [
        ("总高度小于12米", ["below"]),
        ("不超过二层", ["at_most"]),
        ("建筑高度超过五十米", ["above"]),
        ("不大于3000平方米", ["at_most"]),
        ("300平方米以上", ["at_least"]),
        ("12米以下", ["at_most"]),
        ("2020年11月30日以前", ["on_or_before"]),
        ("截至2020年12月10日尚未委托", ["after"]),
        ("3个工作日内", ["within_workdays"]),
        ("面积小于2000平方米且不超过二层", ["below", "at_most"]),
        ("功能单一", []),
    ],
)
def test_boundary_words(phrase: str, operators: list[str]) -> None:
    assert boundaries(phrase) == operators
