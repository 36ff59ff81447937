"""Numbers and their units as English says them: one storey, two storeys."""

from __future__ import annotations

import pytest

from drawreview.engine.document import FactReason
from drawreview.engine.wording import distance_in_words, limit_in_words, value_in_words


@pytest.mark.parametrize(
    ("value", "said"),
    [("1", "1 storey"), (">=1", "at least 1 storey"), ("2", "2 storeys"), ("11", "11 storeys")],
)
def test_one_storey_is_not_storeys(value: str, said: str) -> None:
    reason = FactReason(
        fact="storeys_above_ground",
        value=value,
        operator="at_most",
        limit="2",
        distance="1",
        unit="storeys",
    )
    assert value_in_words(reason, "en") == said
    assert limit_in_words(reason, "en") == "2 storeys"
    assert distance_in_words(reason, "en") == "1 storey"
    assert distance_in_words(reason, "zh") == "1层"
