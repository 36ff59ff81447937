"""Every field that people fill in: how it is asked for, in which unit, and who can answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from drawreview.project.kinds import (
    DISTRICTS,
    FIRE_VENUES,
    HINT_ZH,
    INVESTMENT_ZH,
    SPECIAL_WORKS,
    USE_ZH,
    WORKS_ZH,
)

Choices = tuple[tuple[str, str], ...]


class Supplier(Enum):
    """Who supplies an answer or a paper."""

    PROJECT_OWNER = "project_owner"
    SURVEY_FIRM = "survey_firm"
    DESIGN_FIRM = "design_firm"
    PERMIT_WINDOW = "permit_window"
    DISTRICT_AUTHORITY = "district_authority"


SUPPLIER_ZH: Final = {
    Supplier.PROJECT_OWNER: "建设单位",
    Supplier.SURVEY_FIRM: "勘察单位",
    Supplier.DESIGN_FIRM: "设计单位",
    Supplier.PERMIT_WINDOW: "窗口",
    Supplier.DISTRICT_AUTHORITY: "旗县区主管部门",
}


class Answer(Enum):
    """What kind of answer a field takes."""

    CHOICE = "choice"  # one of the choices
    CHOICES = "choices"  # any number of them, each once; none is an answer
    PARTS = "parts"  # likewise, but one may occur several times: rooms, venues
    YES_NO = "yes_no"
    JUDGEMENT = "judgement"  # yes or no, and who says so, when and why
    NUMBER = "number"
    WHOLE_NUMBER = "whole_number"
    DAY = "day"  # or one of the choices
    MONTH = "month"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the project file.

    Attributes:
        pattern: Its path, with `[]` for any place of a list: `buildings[].height_m`.
        zh: What it is called on a form.
        question: How it is asked.
        answer: What kind of answer it takes.
        supplier: Who can say.
        unit: The unit of a number.
        choices: The values to choose from, with the words for each.
        told: What helps to answer.
        after: Fields beside it that are to be answered before it makes sense.
    """

    pattern: str
    zh: str
    question: str
    answer: Answer
    supplier: Supplier
    unit: str | None = None
    choices: Choices = ()
    told: str | None = None
    after: tuple[str, ...] = ()


_OWNER, _SURVEY, _DESIGN = Supplier.PROJECT_OWNER, Supplier.SURVEY_FIRM, Supplier.DESIGN_FIRM
_WINDOW, _DISTRICT = Supplier.PERMIT_WINDOW, Supplier.DISTRICT_AUTHORITY

USES: Final[Choices] = tuple((use.value, words) for use, words in USE_ZH.items())
ROOMS: Final[Choices] = (
    ("pump_room", "地下泵房"),
    ("fire_water_tank", "消防水池"),
    ("semi_basement", "半地下室"),
    ("pipe_trench", "管沟"),
    ("lift_pit", "电梯坑"),
    ("other", "其他地下用房"),
)
# 第十四条(四) and (五) both name a 图书馆 and a 食堂: of universities, and of schools.
_VENUE_WORDS: Final = {
    "university_library": "大学的图书馆",
    "university_canteen": "大学的食堂",
    "hospital_ward_building": "医院的病房楼",
    "school_library": "中小学校的图书馆",
    "school_canteen": "中小学校的食堂",
}
VENUES: Final[Choices] = tuple(
    (kind, _VENUE_WORDS.get(kind, words))
    for kinds in FIRE_VENUES.values()
    for kind, words in kinds.items()
)
_WORKS_WORDS: Final = {
    "large_power_substation": "大型变配电工程",
    "large_power_generation": "大型发电工程",
}
SPECIAL: Final[Choices] = tuple(
    (work, _WORKS_WORDS.get(work, words)) for work, words in SPECIAL_WORKS.items()
)

_PROJECT: Final = (
    Field("name", "项目名称", "项目叫什么名称？", Answer.TEXT, _OWNER),
    Field("address", "项目地址", "项目在什么地址？", Answer.TEXT, _OWNER),
    Field(
        "district",
        "所在旗县区",
        "项目在哪个旗县区？",
        Answer.CHOICE,
        _OWNER,
        choices=tuple(DISTRICTS.items()),
    ),
    Field(
        "investment",
        "投资性质",
        "谁出钱：社会投资、政府投资，还是两者都有？",
        Answer.CHOICE,
        _OWNER,
        choices=tuple((paid.value, words) for paid, words in INVESTMENT_ZH.items()),
        told="只要有财政资金，就不是社会投资",
    ),
    Field(
        "category",
        "工程类别",
        "是房屋建筑，还是市政基础设施？",
        Answer.CHOICE,
        _OWNER,
        choices=(("building", "房屋建筑"), ("municipal", "市政基础设施")),
    ),
    Field(
        "works",
        "建设类型",
        "是新建，还是对已有建筑的工程？",
        Answer.CHOICE,
        _OWNER,
        choices=tuple((works.value, words) for works, words in WORKS_ZH.items()),
        told="新建以外的，面积、高度、层数按完工后的整体填写",
    ),
    Field(
        "works_floor_area_m2",
        "施工范围建筑面积",
        "施工范围的建筑面积是多少？",
        Answer.NUMBER,
        _DESIGN,
        "㎡",
    ),
    Field(
        "other_scale",
        "其他指标",
        "除房屋建筑外的项目，规模用什么指标表示？",
        Answer.TEXT,
        _DESIGN,
        told="例如 道路长1.2公里",
    ),
    Field("buildings", "栋数", "一共有几栋建筑？", Answer.WHOLE_NUMBER, _DESIGN, "栋"),
    Field(
        "single_function",
        "功能单一",
        "这个项目功能是否单一？",
        Answer.JUDGEMENT,
        _WINDOW,
        told="须有人认定并署名；有几种性质的，一般不算单一",
    ),
    Field(
        "simple_technique",
        "技术要求简单",
        "技术要求是否简单？",
        Answer.JUDGEMENT,
        _WINDOW,
        told="须有人认定并署名；有深基坑、大跨度、吊车、危险物品或超限结构的，一般不算简单",
    ),
    Field(
        "similar_use",
        "与所列性质相类",
        "建筑物性质不在所列五类之内：是否与之相类（「等」）？",
        Answer.JUDGEMENT,
        _WINDOW,
        told="须有人认定并署名",
        after=("use",),
    ),
    Field(
        "special_works",
        "特殊工程类别",
        "有没有下列工程？有几种选几种，都没有选「没有」",
        Answer.CHOICES,
        _DESIGN,
        choices=SPECIAL,
    ),
    Field(
        "district_list",
        "旗县区通知文号",
        "旗县区评估确定的通知，哪一份点名本项目？写文号",
        Answer.TEXT,
        _DISTRICT,
        told="没有点名本项目的通知，就写「无」",
    ),
    Field(
        "review_commissioned_on",
        "委托施工图审查日期",
        "哪一天委托施工图审查？",
        Answer.DAY,
        _OWNER,
        choices=(("not_commissioned", "尚未委托"),),
        told="以委托合同或系统记录为准",
    ),
)
_BUILDING: Final = (
    Field("name", "名称", "叫什么名称？", Answer.TEXT, _DESIGN),
    Field("use", "建筑物性质", "建筑物是什么性质？", Answer.CHOICE, _DESIGN, choices=USES),
    Field("floor_area_m2", "建筑面积", "建筑面积是多少？", Answer.NUMBER, _DESIGN, "㎡"),
    Field(
        "height_m",
        "高度",
        "高度是多少？",
        Answer.NUMBER,
        _DESIGN,
        "m",
        told="从室外地面算到最高点",
    ),
    Field("highest_point_m", "最高点高度", "最高点的高度是多少？", Answer.NUMBER, _DESIGN, "m"),
    Field(
        "max_storey_height_m",
        "最大层高",
        "最高的一层层高是多少？",
        Answer.NUMBER,
        _DESIGN,
        "m",
    ),
    Field("storeys_above_ground", "地上层数", "地上有几层？", Answer.WHOLE_NUMBER, _DESIGN, "层"),
    Field(
        "storeys_below_ground",
        "地下层数",
        "地下有几层？",
        Answer.WHOLE_NUMBER,
        _DESIGN,
        "层",
        told="没有就写 0",
    ),
    Field(
        "underground_rooms",
        "地下用房",
        "地面以下有什么？逐一列出，都没有选「没有」",
        Answer.PARTS,
        _DESIGN,
        choices=ROOMS,
    ),
    Field(
        "fire_venues",
        "51号令第十四条(一)至(六)所列场所",
        "里面有没有下列场所？逐一列出，都没有选「没有」",
        Answer.PARTS,
        _DESIGN,
        choices=VENUES,
    ),
    Field(
        "fire_hazard_class",
        "火灾危险性类别",
        "火灾危险性是哪一类？",
        Answer.CHOICE,
        _DESIGN,
        choices=(("A", "甲"), ("B", "乙"), ("C", "丙"), ("D", "丁"), ("E", "戊")),
        told="厂房、仓库按所生产、存放的物品；甲、乙类属于易燃易爆场所",
        after=("use",),
    ),
    Field(
        "public_building",
        "是否公共建筑",
        "是不是公共建筑？",
        Answer.YES_NO,
        _DESIGN,
        after=("use",),
    ),
)
_ROOM_AND_VENUE: Final = (
    Field(
        "buildings[].underground_rooms[].serves",
        "地下用房的用途",
        "是为什么需要建的？",
        Answer.CHOICE,
        _DESIGN,
        choices=(("production", "生产"), ("fire_protection", "消防"), ("other", "其他")),
    ),
    Field(
        "buildings[].fire_venues[].floor_area_m2",
        "场所面积",
        "建筑面积是多少？",
        Answer.NUMBER,
        _DESIGN,
        "㎡",
    ),
)
_PERMIT: Final = (
    Field("permit.land_papers", "土地手续", "土地手续取得了吗？", Answer.YES_NO, _OWNER),
    Field("permit.planning_papers", "规划手续", "规划手续取得了吗？", Answer.YES_NO, _OWNER),
    Field(
        "permit.site_verified_not_started",
        "现场核查未开工",
        "建设工程市场监督管理部门到现场核查过、确未开工吗？",
        Answer.YES_NO,
        _WINDOW,
    ),
    Field(
        "permit.drawings_complete",
        "全部施工图",
        "符合办理施工图审查条件的全部施工图提供了吗？",
        Answer.YES_NO,
        _DESIGN,
    ),
    Field(
        "permit.drawings_uploaded_on",
        "施工图上传日期",
        "哪一天把全部施工图上传到施工图信息管理系统？",
        Answer.DAY,
        _OWNER,
    ),
)
_SIGNING: Final = (
    ("name", "名称", Answer.TEXT),
    ("qualification", "资质", Answer.TEXT),
    ("address", "地址", Answer.TEXT),
    ("phone", "电话", Answer.TEXT),
    ("project_leader_phone", "项目负责人电话", Answer.TEXT),
)
_LETTER: Final = (
    *(
        Field(f"project_owner.{name}", f"建设单位{zh}", f"建设单位的{zh}？", answer, _OWNER)
        for name, zh, answer in (*_SIGNING, ("agent_mobile", "经办人手机号码", Answer.TEXT))
        if name != "qualification"
    ),
    *(
        Field(f"{at}.firms[].{name}", f"{whose}单位{zh}", f"{whose}单位的{zh}？", answer, who)
        for at, whose, who in (("survey", "勘察", _SURVEY), ("design", "设计", _DESIGN))
        for name, zh, answer in _SIGNING
    ),
    Field("survey.commissioned", "委托勘察年月", "哪年哪月委托详细勘察？", Answer.MONTH, _SURVEY),
    Field("design.commissioned", "委托设计年月", "哪年哪月委托施工图设计？", Answer.MONTH, _DESIGN),
)
FIELDS: Final = {
    field.pattern: field
    for field in (
        *_PROJECT,
        *(
            Field(
                f"buildings[].{one.pattern}",
                *(one.zh, one.question, one.answer, one.supplier),
                *(one.unit, one.choices, one.told, one.after),
            )
            for one in _BUILDING
        ),
        *_ROOM_AND_VENUE,
        *_PERMIT,
        *_LETTER,
    )
}
_PLACE: Final = re.compile(r"\[\d*\]")


# Left out they mean none, so no path waits for them; an interview asks beside another question.
_CLOSED: Final = (
    Field(
        "hints",
        "技术要求简单的反例",
        "图纸上有没有下列情形？有几种选几种，都没有选「没有」",
        Answer.CHOICES,
        _DESIGN,
        choices=tuple((hint.value, words) for hint, words in HINT_ZH.items()),
        told="有的，技术要求简单须署名认定才算数",
    ),
    Field(
        "buildings[].height_basis",
        "高度的量法",
        "这个高度量到哪里？",
        Answer.CHOICE,
        _DESIGN,
        choices=(
            ("highest_point", "最高点"),
            ("ridge", "屋脊"),
            ("parapet", "女儿墙顶"),
            ("roof_surface", "屋面"),
            ("eaves", "檐口"),
        ),
        told="量到屋面、檐口的，还要问最高点",
    ),
    Field(
        "buildings[].partial_storeys",
        "夹层、设备层、局部突出的层",
        "此外还有几层夹层、设备层、局部突出的层？",
        Answer.WHOLE_NUMBER,
        _DESIGN,
        "层",
        told="没有就写 0；计入层数",
    ),
)
CLOSED: Final = {field.pattern: field for field in _CLOSED}
BESIDE: Final = {
    "simple_technique": "hints",
    "buildings[].height_m": "buildings[].height_basis",
    "buildings[].storeys_above_ground": "buildings[].partial_storeys",
}


def field_at(place: str) -> Field:
    """Return the field at a place such as `buildings[0].height_m`; raises KeyError."""
    pattern = pattern_of(place)
    return FIELDS[pattern] if pattern in FIELDS else CLOSED[pattern]


def pattern_of(place: str) -> str:
    """Return the pattern of a place: `buildings[].height_m` of `buildings[0].height_m`."""
    return _PLACE.sub("[]", place)
