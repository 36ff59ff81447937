"""What can happen in a project's life, and how an event file says it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from drawreview.project.model import Day, Lines, Project, Stated, Words, Yes

EVENTS_SCHEMA: Final = "drawreview/events@1"


class Stage(StrEnum):
    """The stages of 三(一) and 三(二), in the order of building."""

    PIT = "pit"  # 基坑开挖和支护
    BLINDING = "blinding"  # 垫层
    BASE_SLAB = "base_slab"  # 底板及以上
    MAIN_STRUCTURE = "main_structure"  # 主体结构


EVENT_ZH: Final = {
    "review_commissioned": "委托施工图审查",
    "drawings_uploaded": "上传全部施工图",
    "full_set_submitted": "报送全套施工图",
    "staging_requested": "要求先行审查地基与基础部分",
    "foundation_report_issued": "出具地基与基础部分审查报告",
    "remaining_report_issued": "出具其余部分审查报告",
    "correction_started": "开始修改施工图",
    "correction_finished": "施工图修改完毕",
    "review_certificate_issued": "取得施工图审查合格书",
    "site_progress_verified": "核实施工现场形象进度",
    "permit_issued": "取得施工许可",
    "fire_opinion_issued": "出具消防设计审查意见",
    "spot_check_selected": "列入施工图抽查",
    "spot_check_waived": "免于抽查",
    "spot_check_opinion_issued": "告知抽查意见",
    "rectification_accepted": "整改合格",
    "spot_check_certificate_issued": "取得施工图抽查合格书",
    "stage_started": "开始施工",
    "major_design_change": "重大设计变更",
    "blacklisted": "列入诚信黑名单",
    "correction": "更正",
}
STAGE_ZH: Final = {
    Stage.PIT: "基坑开挖和支护",
    Stage.BLINDING: "垫层",
    Stage.BASE_SLAB: "底板及以上",
    Stage.MAIN_STRUCTURE: "主体结构",
}
EVENT_EN: Final = {name: name.replace("_", " ") for name in EVENT_ZH}
STAGE_EN: Final = {
    Stage.PIT: "pit excavation and support",
    Stage.BLINDING: "blinding",
    Stage.BASE_SLAB: "base slab and above",
    Stage.MAIN_STRUCTURE: "main structure",
}
# What 13号令 第十一条 has reviewed; a change that names anything else may have touched all of it.
TOUCHED_ZH: Final = {
    "mandatory_standards": "工程建设强制性标准",
    "foundation_and_structure": "地基基础和主体结构的安全性",
    "fire_safety": "消防安全性",
    "civil_air_defence": "人防工程防护安全性",
    "energy_efficiency": "民用建筑节能、绿色建筑标准",
}
# As a change may name them -> their names.
MATTERS: Final = {**{name: name for name in TOUCHED_ZH}, **{zh: n for n, zh in TOUCHED_ZH.items()}}


# More than happens to any project.
_MOST: Final = 500


class _Dated(Stated):
    on: Day


class Happened(_Dated):
    """An event that is told by its name and day alone."""

    event: Literal[
        "review_commissioned",
        "drawings_uploaded",
        "full_set_submitted",
        "staging_requested",
        "correction_started",
        "correction_finished",
        "permit_issued",
        "spot_check_selected",
        "rectification_accepted",
        "spot_check_certificate_issued",
        "blacklisted",
    ]


class CertificateIssued(_Dated):
    """取得施工图审查合格书; one that covers some of the drawings only is not 全部 (三(三)s1)."""

    event: Literal["review_certificate_issued"]
    partial: Literal[True] | None = None


class ProgressVerified(_Dated):
    """核实施工现场形象进度 (三(一)¶2); left out, `passed` is what the name says."""

    event: Literal["site_progress_verified"]
    passed: Yes | None = None


class ReportIssued(_Dated):
    """A report or opinion, which notes violations of mandatory standards or none (二(二)s2)."""

    event: Literal[
        "foundation_report_issued", "remaining_report_issued", "spot_check_opinion_issued"
    ]
    violations: Yes


class FireOpinionIssued(_Dated):
    """The opinion of the fire protection design review (消防法 第十二条)."""

    event: Literal["fire_opinion_issued"]
    qualified: Yes


class SpotCheckWaived(_Dated):
    """免于抽查 (三(二)¶1s2), and the document that says so."""

    event: Literal["spot_check_waived"]
    document: Words


class StageStarted(_Dated):
    """Works of a stage began on site."""

    event: Literal["stage_started"]
    stage: Stage


class MajorDesignChange(_Dated):
    """重大设计变更 (三(四)¶2), and which of the reviewed matters it touches."""

    event: Literal["major_design_change"]
    touches: Annotated[
        tuple[Annotated[Words, Field(examples=list(TOUCHED_ZH))], ...], Field(min_length=1)
    ]
    project: Project | None = None  # as changed: from then on it stands for the project file

    @property
    def matters(self) -> frozenset[str]:
        """What it touches of what is reviewed; all of it, if another word is among its own."""
        listed = all(word in MATTERS for word in self.touches)
        return frozenset(MATTERS[word] for word in self.touches if listed) or frozenset(TOUCHED_ZH)


Happening = Annotated[
    Happened
    | CertificateIssued
    | ProgressVerified
    | ReportIssued
    | FireOpinionIssued
    | SpotCheckWaived
    | StageStarted
    | MajorDesignChange,
    Field(discriminator="event"),
]


class Correction(_Dated):
    """Puts an earlier entry right without touching it: another takes its place, or none does."""

    event: Literal["correction"]
    of: Annotated[int, Field(strict=True, ge=1, description="number of the entry, from 1")]
    why: Lines
    replaced_by: Happening | None = None
    withdrawn: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Correction:
        if (self.replaced_by is None) == (self.withdrawn is None):
            message = "replaced_or_withdrawn"
            raise ValueError(message)
        return self


Event = Annotated[
    Happened
    | CertificateIssued
    | ProgressVerified
    | ReportIssued
    | FireOpinionIssued
    | SpotCheckWaived
    | StageStarted
    | MajorDesignChange
    | Correction,
    Field(discriminator="event"),
]


def is_partial(event: Event) -> bool:
    """Whether it is a certificate that covers some of the drawings only (C7)."""
    return isinstance(event, CertificateIssued) and event.partial is True


class EventFile(Stated):
    """A project's life as a dated file.

    Raises:
        pydantic.ValidationError: A name or key is unknown, or a value is not what it takes.
    """

    schema_: Literal["drawreview/events@1"] = Field(default=EVENTS_SCHEMA, alias="schema")
    events: Annotated[tuple[Event, ...], Field(max_length=_MOST)]
