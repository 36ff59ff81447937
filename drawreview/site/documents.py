"""Which document settles a fact that a stage waits for, and who issues it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the log: the event that brings it, its names, and from whom it comes."""

    event: str
    zh: str
    en: str
    from_zh: str
    from_en: str


_PERMIT: Final = Document(
    "permit_issued", "施工许可证", "construction permit", "行政审批部门", "permit authority"
)
_INSTITUTION: Final = ("施工图审查机构", "review institution")
_SPOT_CHECK: Final = ("实施抽查的单位", "spot-check body")
# A waiver is not among them: nobody can be asked to bring one.
DOCUMENT_OF: Final = {
    "construction_permit_issued": _PERMIT,
    "drawings_uploaded": Document(
        "drawings_uploaded",
        "全部施工图上传（有变更的，上传变更后的）",
        "all drawings uploaded (as changed)",
        "建设单位",
        "project owner",
    ),
    "clean_foundation_report": Document(
        "foundation_report_issued",
        "未注明违反强制性标准的地基与基础工程施工图审查报告",
        "foundation report that notes no violations",
        *_INSTITUTION,
    ),
    "foundation_report_issued": Document(
        "foundation_report_issued",
        "地基与基础工程施工图审查报告",
        "foundation report",
        *_INSTITUTION,
    ),
    "review_certificate_issued": Document(
        "review_certificate_issued",
        "覆盖全部工程的施工图审查合格书",
        "review certificate for all drawings",
        *_INSTITUTION,
    ),
    "no_violations_since_certificate": Document(
        "remaining_report_issued",
        "未注明违反强制性标准的其余部分施工图审查报告",
        "report on the remaining drawings that notes no violations",
        *_INSTITUTION,
    ),
    "site_progress_verified": Document(
        "site_progress_verified",
        "合格书之后的现场形象进度核实",
        "site progress verified after the certificate",
        "质量、安全监督部门，由建设单位通知",
        "quality and safety supervision, on the owner's notice",
    ),
    "spot_check_certificate_issued": Document(
        "spot_check_certificate_issued",
        "施工图抽查合格书",
        "spot-check certificate",
        *_SPOT_CHECK,
    ),
    "rectification_accepted": Document(
        "rectification_accepted", "抽查意见整改合格", "rectification accepted", *_SPOT_CHECK
    ),
    "fire_opinion_qualified": Document(
        "fire_opinion_issued",
        "合格的消防设计审查意见",
        "opinion that the fire protection design passes",
        "消防设计审查主管部门",
        "fire protection design review authority",
    ),
}
# What a change waits for that leaves the class of the project open.
CHANGED_PROJECT: Final = Document(
    "changed_project",
    "变更后的项目（重大设计变更的 project，或更正为所触及的字段）",
    "the project as changed (`project` of the change, or a correction to the fields touched)",
    "建设单位",
    "project owner",
)
BY_EVENT: Final = {
    document.event: document for document in (*reversed(DOCUMENT_OF.values()), CHANGED_PROJECT)
}
