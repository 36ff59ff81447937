"""Who acts in the regulation, and what of it: each a different body, never merged."""

from __future__ import annotations

from typing import Final

WHO_ZH: Final = {
    "project_owner": "建设单位",
    "survey_firm": "勘察单位",
    "design_firm": "设计单位",
    "contractor": "施工单位",
    "review_institution": "施工图审查机构",
    "spot_check_body": "实施抽查的单位",
    "quality_supervision": "质量监督部门",
    "safety_supervision": "安全监督部门",
    "construction_authority": "建设行政主管部门",
    "housing_authority": "住房和城乡建设主管部门",
    "fire_rescue": "消防救援机构",
}
