"""Projects, decisions and the regulation, as the letters need them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

import pytest

from drawreview.paths import RULES
from drawreview.project.model import Project

ID = "3f2a9c01b2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e"


@dataclass(frozen=True)
class Decision:
    """As much of a decision as a letter reads."""

    project: Project
    letter: str | None
    review_path: str
    on: date = date(2021, 3, 1)
    certainty: str = "robust"
    depends_on: tuple[str, ...] = ()
    decision_id: str = ID
    assumption: str | None = None


def firm(name: str, qualification: str = "建筑行业（建筑工程）甲级") -> dict[str, Any]:
    return {
        "name": name,
        "qualification": qualification,
        "address": "包头市昆都仑区钢铁大街12号",
        "phone": "0472-5618888",
        "legal_representative": "李四",
        "project_leader": "王五",
        "project_leader_phone": "13800000002",
    }


def building(**other: Any) -> dict[str, Any]:
    return {
        "name": "办公楼",
        "use": "office",
        "floor_area_m2": 1850,
        "storeys_above_ground": 2,
        "storeys_below_ground": 0,
        **other,
    }


def project_of(**other: Any) -> Project:
    return Project.model_validate(
        {
            "name": "青山区某配套办公楼",
            "address": "包头市青山区民主路3号",
            "investment": "non_government",
            "category": "building",
            "buildings": [building()],
            "project_owner": {
                "name": "包头市某某置业有限公司",
                "address": "包头市青山区民主路1号",
                "phone": "0472-3300000",
                "legal_representative": "赵一",
                "project_leader": "钱二",
                "project_leader_phone": "13900000009",
                "agent": "张三",
                "agent_mobile": "13900000001",
            },
            "survey": {
                "commissioned": "2020-11",
                "firms": [firm("内蒙古某某岩土勘察有限公司", "工程勘察专业类（岩土工程）乙级")],
            },
            "design": {"commissioned": "2020-02", "firms": [firm("包头某某建筑设计院有限公司")]},
            "permit": {"drawings_uploaded_on": date(2021, 2, 20)},
            **other,
        }
    )


def decision_of(letter: str | None = "annex_1", **other: Any) -> Decision:
    of_decision = {"review_path", "on", "certainty", "depends_on", "decision_id", "assumption"}
    decided = {key: other.pop(key) for key in of_decision & set(other)}
    decided.setdefault("review_path", "exempt" if letter == "annex_1" else "deferred_review")
    return Decision(project=project_of(**other), letter=letter, **decided)


def clauses_of() -> dict[str, str]:
    clauses: dict[str, str] = {}
    path = None
    text = (RULES / "baotou_2021_8" / "clauses.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        opening = re.match(r"\[([^\]]+)\] ?(.*)", line)
        if opening:
            path = opening[1]
            clauses[path] = opening[2]
        elif line.startswith("#"):
            path = None
        elif line and path:
            clauses[path] = f"{clauses[path]}\n{line}".strip()
    return clauses


LONG = "内蒙古自治区包头市稀土高新技术产业开发区滨河新区"
LETTERS: Mapping[str, Decision] = {
    "office": decision_of(),
    "annex_2": decision_of("annex_2"),
    "municipal": decision_of(
        "annex_2",
        name="青山区民主路改造工程",
        category="municipal",
        buildings=None,
        other_scale="道路全长3.26公里，红线宽40米",
    ),
    "not_surveyed": decision_of(survey={"not_surveyed": "室内装修，不涉及地基"}),
    "five_firms": decision_of(
        "annex_2",
        survey={"commissioned": "2020-11", "firms": [firm("甲勘察有限公司"), firm("乙勘察院")]},
        design={
            "commissioned": "2020-12",
            "firms": [firm("子建筑设计院"), firm("丑市政设计院"), firm("寅人防设计院")],
        },
    ),
    "long_names": decision_of(
        "annex_2",
        name=LONG * 6 + "改造",
        address=LONG * 4 + "1号",
        project_owner={"name": LONG * 2 + "投资建设有限公司", "address": LONG * 3},
    ),
    "several_buildings": decision_of(
        "annex_2",
        buildings=[
            building(name="1号楼", floor_area_m2=1986.51, storeys_above_ground=6),
            building(name="2号楼", storeys_above_ground=4, storeys_below_ground=1),
            building(name="门卫室", floor_area_m2=35.2, storeys_above_ground=1),
        ],
    ),
    "what_if": decision_of(assumption="assume_in_force"),
}


@pytest.fixture(scope="session")
def clauses() -> Mapping[str, str]:
    return clauses_of()


@pytest.fixture
def decision() -> Callable[..., Decision]:
    return decision_of


@pytest.fixture(params=LETTERS)
def letter(request: pytest.FixtureRequest) -> tuple[str, Decision]:
    return request.param, LETTERS[request.param]


def _pdf_pages(pdf: bytes) -> list[str]:
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def _docx_text(docx: bytes, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        xml = archive.read(part).decode("utf-8")
    paragraphs = re.split(r"</w:p>", xml)
    texts = ["".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", each)) for each in paragraphs]
    return "\n".join(unescape(text) for text in texts)


@pytest.fixture(scope="session")
def pdf_pages() -> Callable[[bytes], list[str]]:
    return _pdf_pages


@pytest.fixture(scope="session")
def docx_text() -> Callable[..., str]:
    return _docx_text


def _bare(text: str) -> str:
    return re.sub("[\\s_\u200b]", "", text)


@pytest.fixture(scope="session")
def bare() -> Callable[[str], str]:
    """Without white space and blanks."""
    return _bare


@pytest.fixture
def said(
    clauses: Mapping[str, str],
) -> Callable[[Decision], tuple[str, str]]:
    """The whole text of the PDF and of the DOCX of a letter, without white space."""
    from drawreview.letters import fill_letter

    def say(decision: Decision) -> tuple[str, str]:
        written = fill_letter(decision, clauses=clauses)
        return _bare("".join(_pdf_pages(written["pdf"]))), _bare(_docx_text(written["docx"]))

    return say
