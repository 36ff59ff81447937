"""What the parts of a schedule are called, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drawreview.site.events import EVENT_EN, EVENT_ZH, STAGE_EN, STAGE_ZH

_WHAT_ZH: Final = {
    "foundation_report": "审查地基与基础部分并出具审查报告",
    "remaining_report": "审查其余部分并出具审查报告",
    "large_project_review": "审查完毕（大型项目）",
    "other_project_review": "审查完毕（中型及以下项目）",
    "class_a_survey_review": "审查勘察文件（甲级项目）",
    "other_survey_review": "审查勘察文件（乙级及以下项目）",
}
_WHAT_EN: Final = {
    "foundation_report": "review the foundation drawings and report",
    "remaining_report": "review the remaining drawings and report",
    "large_project_review": "finish the review (large project)",
    "other_project_review": "finish the review (other project)",
    "class_a_survey_review": "review the survey (class A project)",
    "other_survey_review": "review the survey (other project)",
}
_SHORT_ZH: Final = {
    "foundation_report_short": "地基与基础审查报告",
    "remaining_report_short": "其余部分审查报告",
    "large_project_review_short": "审查（大型）",
    "other_project_review_short": "审查（中型及以下）",
    "class_a_survey_review_short": "勘察审查（甲级）",
    "other_survey_review_short": "勘察审查（乙级及以下）",
}
_SHORT_EN: Final = {
    "foundation_report_short": "foundation report",
    "remaining_report_short": "remaining report",
    "large_project_review_short": "review (large)",
    "other_project_review_short": "review (other)",
    "class_a_survey_review_short": "survey (class A)",
    "other_survey_review_short": "survey (other)",
}
# What follows from a breach, as the rules name it -> in English; in Chinese the law's words say it.
CONSEQUENCE_EN: Final = {
    "accept_penalty_and_credit_sanction": (
        "have promised to accept an order to stop work, revocation of the permit, "
        "other penalties and credit sanctions"
    ),
    "bar_commitment_for_other_projects": "no permit on commitment for other projects of the owner",
    "blacklist_owner": "put the owner on the blacklist",
    "fine": "a fine",
    "joint_enforcement": "start joint enforcement",
    "order_to_put_right": "order to put it right",
    "penalty_withdrawal_or_revocation": (
        "penalty, withdrawal of quality and safety supervision, or revocation of the permit"
    ),
    "report_to_construction_authority": "report to the construction authority",
    "stop_work_and_rectify": "order to stop work and put it right",
    "stop_work_order": "order to stop work",
}
_DUE_ZH: Final = "地基与基础部分审查到期"
SCHEDULE_WORDS: Final[dict[str, Mapping[str, str]]] = {
    "zh": {
        **_WHAT_ZH,
        **_SHORT_ZH,
        **EVENT_ZH,
        **{stage.value: name for stage, name in STAGE_ZH.items()},
        "foundation_report_due": _DUE_ZH,
        "parallel": "同时起算",
        "serial": "先后起算",
        "review_institution": "施工图审查机构",
        "修改施工图": "修改施工图",
        "复审": "复审",
        "overdue": "逾期",
        "running": "未到期",
        "stopped": "停表",
        "passed": "已过",
        "done": "按期",
        "done_late": "逾期完成",
        "refused": "算不出",
    },
    "en": {
        **_WHAT_EN,
        **_SHORT_EN,
        **EVENT_EN,
        **{stage.value: name for stage, name in STAGE_EN.items()},
        "foundation_report_due": "foundation report due",
        "parallel": "parallel",
        "serial": "serial",
        "review_institution": "review institution",
        "修改施工图": "drawings under correction",
        "复审": "re-review",
        "overdue": "overdue",
        "running": "running",
        "stopped": "stopped",
        "passed": "passed",
        "done": "in time",
        "done_late": "late",
        "refused": "no day",
        "周末": "weekend",
        "元旦": "New Year's Day",
        "春节": "Spring Festival",
        "清明": "Tomb-Sweeping Day",
        "劳动节": "Labour Day",
        "端午": "Dragon Boat Festival",
        "国庆节": "National Day",
        "中秋": "Mid-Autumn Festival",
    },
}
