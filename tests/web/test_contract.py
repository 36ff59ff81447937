"""The API held against its own description by schemathesis, for every role."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drawreview.web.security.roles import Role
from tests.web.live import Live, running

_CONFIG = Path(__file__).parent / "schemathesis.toml"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Iterator[Live]:
    with running(tmp_path_factory.mktemp("contract"), password_hash) as server:
        yield server


def hold(live: Live, role: Role, tmp_path: Path, *options: str) -> int:
    """Run every check; return how many cases there were."""
    command = [
        str(Path(sys.executable).parent / "st"),
        "--config-file",
        str(_CONFIG),
        "run",
        f"{live.base}/api/v1/openapi.json",
        "--seed=1",
        *options,
    ]
    if role is not Role.ANYONE:
        command.append(f"--header=Authorization: Bearer {live.tokens[role]}")
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    (cases,) = re.findall(r"(\d+) generated", done.stdout)
    return int(cases)


@pytest.mark.parametrize("role", list(Role))
def test_the_api_is_what_it_says(live: Live, role: Role, tmp_path: Path) -> None:
    assert hold(live, role, tmp_path, "--phases=fuzzing", "--max-examples=3") > 9


@pytest.mark.full
@pytest.mark.parametrize("role", list(Role))
def test_the_api_is_what_it_says_at_length(live: Live, role: Role, tmp_path: Path) -> None:
    cases = hold(live, role, tmp_path, "--max-examples=100")
    print(f"schemathesis, all checks, {role}: {cases} cases, seed 1, 0 findings")
