"""How answers are laid out where a terminal is narrow: folded between words, nothing lost."""

from __future__ import annotations

import re
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawreview.cli.deadlines_text import pot_text, schedule_text
from drawreview.cli.gates_text import site_text
from drawreview.cli.sheet import folded, width_of
from drawreview.project.statement import read_project
from drawreview.site.deadlines import deadlines
from drawreview.site.gates import gates
from drawreview.site.statement import read_log
from tests.site.conftest import ROOT

EXAMPLES = ROOT / "examples"
SIGNS = st.text("工程施图，。（）〔〕「」 ab1-", max_size=120)
STYLE = re.compile(r"\x1b\[[0-9;]*m")


@given(SIGNS, st.integers(20, 60))
def test_folding_keeps_to_the_width_and_loses_nothing(text: str, width: int) -> None:
    lines = folded(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text("工程，。」）", min_size=1, max_size=80), st.integers(20, 60))
def test_no_line_begins_with_a_closing_mark(text: str, width: int) -> None:
    whole = re.sub("[，。」）]+", "，", text)
    assert not any(line.strip().startswith("，") for line in folded(whole, width)[1:])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_nothing_runs_over_the_edge_of_a_terminal(
    monkeypatch: pytest.MonkeyPatch, lang: str, width: int
) -> None:
    project = read_project((EXAMPLES / "housing.yaml").read_text(encoding="utf-8"), "h")
    log = read_log((EXAMPLES / "housing_events.yaml").read_text(encoding="utf-8"), "h_events")
    on = date(2021, 5, 6)
    site, schedule = gates(project, log, on=on), deadlines(project, log, on=on)
    plain = site_text(site, lang)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    shown = [
        STYLE.sub("", text)
        for text in (
            site_text(site, lang),
            schedule_text(schedule, lang),
            pot_text([schedule], lang),
        )
    ]
    assert "".join(shown[0].split()) == "".join(plain.split())
    for text in shown:
        assert max(map(width_of, text.splitlines())) <= width
    for text in shown[1:]:
        assert {str(due.due) for due in schedule.in_order} <= set(text.split())
