"""How often somebody asked is remembered of so many, and in so few words, whoever asks."""

from __future__ import annotations

import sys

from drawreview.web.security import rates as module
from drawreview.web.security.rates import Rates


def test_of_more_addresses_than_are_remembered_the_longest_unused_is_forgotten() -> None:
    rates = Rates()
    assert rates.allows("request", "first", per_minute=1)
    for number in range(module._MOST_KEYS - 1):
        rates.allows("request", str(number), per_minute=1)
    assert not rates.allows("request", "first", per_minute=1)
    for number in range(module._MOST_KEYS):
        rates.allows("request", f"other {number}", per_minute=1)
    assert len(rates._kinds["request"]) == module._MOST_KEYS
    assert rates.allows("request", "first", per_minute=1)


def test_a_name_of_a_megabyte_is_not_remembered_whole_and_is_held_back_all_the_same() -> None:
    rates = Rates()
    name = "某" * 500_000
    assert rates.allows("login of", name, per_minute=1)
    assert not rates.allows("login of", name, per_minute=1)
    assert sum(sys.getsizeof(key) for key in rates._kinds["login of"]) < 1_000
