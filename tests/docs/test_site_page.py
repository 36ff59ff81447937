"""What the pages on events, deadlines and stages show is what the program prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drawreview.site.events import EVENT_ZH
from tests.site.conftest import ROOT, Run, run  # noqa: F401 - a fixture

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SKIPPED = "…"


def shown_in(text: str, lines: list[str]) -> bool:
    """Whether a text holds these lines in order, all of them but where some were skipped."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == SKIPPED else re.escape(line) + "\n" for line in lines
    )
    return re.fullmatch(pattern, text) is not None


@pytest.mark.parametrize("page", ["site.md", "site.zh-CN.md"])
def test_each_command_prints_what_the_page_shows(
    run: Run,  # noqa: F811 - the fixture
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    commands = 0
    command: list[str] = []
    for kind, said in BLOCK.findall(text):
        if kind == "yaml":
            (tmp_path / "site_events.yaml").write_text(said, encoding="utf-8")
        elif kind == "sh":
            command = said.split()
            assert command.pop(0) == "drawreview"
        else:
            commands += 1
            printed = run(*command)
            assert printed.returncode == 0, printed.stderr
            assert shown_in(printed.stdout, said.splitlines()), command
    assert commands == 5


@pytest.mark.parametrize("page", ["site.md", "site.zh-CN.md"])
def test_every_event_is_told_of(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in EVENT_ZH if f"`{name}`" not in text] == []
