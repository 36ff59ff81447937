"""The pages of the form, and what each asks; the words are keys of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from drawreview.project.kinds import (
    DISTRICTS,
    FIRE_VENUES,
    INVESTMENT_ZH,
    SPECIAL_WORKS,
    USE_ZH,
    WORKS_ZH,
)

FieldKind = Literal[
    "text",
    "area",
    "length",
    "count",
    "choice",
    "flag",
    "judgement",
    "day",
    "month",
    "commissioned",
    "checks",
    "known_checks",
    "rows",
]
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form.

    Attributes:
        name: The key in the project file, within the part that its page is about.
        kind: What is written or chosen.
        label: The question.
        hint: What helps to answer it.
        options: The values that may be chosen, with their words.
        parts: For rows: the fields of one row.
        most: For rows: how many there may be.
    """

    name: str
    kind: FieldKind
    label: str
    hint: str = ""
    options: Options = ()
    parts: tuple[Field, ...] = ()
    most: int = 0

    @property
    def unit(self) -> str:
        """What stands after the number."""
        return {"area": "㎡", "length": "m", "count": "层"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Group:
    """One page of the form.

    Attributes:
        id: Its name in the address.
        title: Its heading.
        about: The path in the project file to which its fields belong; `{}` is a building's place.
        fields: What it asks.
        lead: What to know beforehand.
    """

    id: str
    title: str
    about: str
    fields: tuple[Field, ...]
    lead: str = ""


HINTS: Final[Options] = (
    ("deep_pit", "深基坑"),
    ("long_span", "大跨度"),
    ("crane", "吊车"),
    ("hazardous_goods", "危险物品"),
    ("out_of_code_structure", "超限结构"),
)
_VENUES: Final[Options] = tuple(pair for kinds in FIRE_VENUES.values() for pair in kinds.items())

PROJECT: Final = Group(
    "project",
    "项目",
    "",
    (
        Field("name", "text", "项目名称"),
        Field("address", "text", "项目地址"),
        Field("district", "choice", "旗县区", options=tuple(DISTRICTS.items())),
        Field("project_code", "text", "投资项目统一代码", "如 2102-150204-04-01-123456"),
        Field(
            "investment",
            "choice",
            "投资性质",
            "使用任何财政资金的，不是社会投资",
            tuple(INVESTMENT_ZH.items()),
        ),
        Field(
            "category",
            "choice",
            "工程类别",
            options=(("building", "房屋建筑"), ("municipal", "市政基础设施")),
        ),
        Field(
            "works",
            "choice",
            "建设类型",
            "除新建外，面积、高度、层数按完工后的整体填写",
            tuple(WORKS_ZH.items()),
        ),
        Field(
            "works_floor_area_m2", "area", "施工范围建筑面积", "只用于扩建、改建、装修的存疑核对"
        ),
        Field("other_scale", "text", "其他指标", "市政工程填写，如道路长1.2公里；印在承诺书上"),
    ),
)
BUILDING: Final = Group(
    "building",
    "第 {number} 栋",
    "buildings[{}]",
    (
        Field("name", "text", "栋名"),
        Field("use", "choice", "建筑物性质", options=tuple(USE_ZH.items())),
        Field("public_building", "flag", "是否公共建筑", "只在性质为「其他」时需要"),
        Field("floor_area_m2", "area", "建筑面积", "照图纸填写，最多四位小数，软件不四舍五入"),
        Field("height_m", "length", "建筑高度"),
        Field(
            "height_basis",
            "choice",
            "高度算到",
            options=(
                ("roof_surface", "屋面面层"),
                ("eaves", "檐口"),
                ("parapet", "女儿墙顶"),
                ("ridge", "屋脊"),
                ("highest_point", "最高点"),
            ),
        ),
        Field("highest_point_m", "length", "最高点高度", "与建筑高度取大者"),
        Field("max_storey_height_m", "length", "最大层高", "层高最大的一层"),
        Field("storeys_above_ground", "count", "地上层数"),
        Field("partial_storeys", "count", "夹层、设备层、局部突出的层", "留空即没有；计入层数"),
        Field("storeys_below_ground", "count", "地下层数"),
        Field(
            "underground_rooms",
            "rows",
            "地下的房间",
            "只有为生产、消防需要建设的泵房和消防水池不算地下室",
            parts=(
                Field(
                    "kind",
                    "choice",
                    "种类",
                    options=(
                        ("pump_room", "地下泵房"),
                        ("fire_water_tank", "消防水池"),
                        ("semi_basement", "半地下室"),
                        ("pipe_trench", "管沟"),
                        ("lift_pit", "电梯坑"),
                        ("other", "其他"),
                    ),
                ),
                Field(
                    "serves",
                    "choice",
                    "为何而建",
                    options=(
                        ("production", "生产"),
                        ("fire_protection", "消防"),
                        ("other", "其他"),
                    ),
                ),
                Field("floor_area_m2", "area", "面积"),
            ),
            most=8,
        ),
        Field(
            "fire_venues",
            "rows",
            "51号令第十四条(一)至(六)所列的场所",
            "如商场、影剧院、幼儿园、歌舞厅；同一项的面积合计",
            parts=(
                Field("kind", "choice", "种类", options=_VENUES),
                Field("floor_area_m2", "area", "面积"),
            ),
            most=12,
        ),
        Field(
            "fire_hazard_class",
            "choice",
            "火灾危险性类别",
            "仓库、厂房填写；甲、乙类属于特殊工程",
            options=(("A", "甲"), ("B", "乙"), ("C", "丙"), ("D", "丁"), ("E", "戊")),
        ),
    ),
)
NATURE: Final = Group(
    "nature",
    "性质与特殊工程",
    "",
    (
        Field("single_function", "judgement", "功能单一", "这是判断，须有人认定；软件不推断"),
        Field("simple_technique", "judgement", "技术要求简单", "这是判断，须有人认定；软件不推断"),
        Field(
            "similar_use",
            "judgement",
            "与所列性质相类（「等」）",
            "只在性质不属于所列五类时需要；认定「是」须写明认定人、日期和理由",
        ),
        Field("hints", "checks", "图纸上有下列情形的请勾选", "不勾即没有", HINTS),
        Field(
            "special_works",
            "known_checks",
            "51号令第十四条(八)至(十)所列的工程",
            options=tuple(SPECIAL_WORKS.items()),
        ),
        Field("district_list", "text", "旗县区通知文号", "依二(一)1(2)列入清单的填写，否则留空"),
        Field(
            "review_commissioned_on",
            "commissioned",
            "施工图审查的委托日期",
            "以委托合同或系统记录为证",
        ),
    ),
)
_PARTY: Final = (
    Field("name", "text", "单位名称"),
    Field("credit_code", "text", "统一社会信用代码"),
    Field("address", "text", "单位地址"),
    Field("phone", "text", "单位电话"),
    Field("legal_representative", "text", "法定代表人"),
    Field("project_leader", "text", "项目负责人"),
    Field("project_leader_phone", "text", "项目负责人电话"),
)
_FIRM: Final = (_PARTY[0], Field("qualification", "text", "资质"), *_PARTY[1:])
OWNER: Final = Group(
    "owner",
    "建设单位",
    "project_owner",
    (
        *_PARTY,
        Field("agent", "text", "经办人"),
        Field("agent_mobile", "text", "经办人手机号码"),
        Field("blacklisted_on", "day", "列入诚信黑名单的日期", "由主管部门掌握；没有列入就留空"),
    ),
)
SURVEY: Final = Group(
    "survey",
    "勘察",
    "survey",
    (
        Field("commissioned", "month", "委托年月"),
        Field("not_surveyed", "text", "未经勘察的，写明理由"),
        Field("firms", "rows", "勘察单位", parts=_FIRM, most=3),
    ),
)
DESIGN: Final = Group(
    "design",
    "设计",
    "design",
    (
        Field("commissioned", "month", "委托年月"),
        Field("firms", "rows", "设计单位", parts=_FIRM, most=3),
    ),
)
PERMIT: Final = Group(
    "permit",
    "施工许可的前提",
    "permit",
    (
        Field("land_papers", "flag", "已取得土地手续"),
        Field("planning_papers", "flag", "已取得规划手续"),
        Field("site_verified_not_started", "flag", "现场核查未开工"),
        Field("drawings_complete", "flag", "已提供符合审查条件的全部施工图"),
        Field("drawings_uploaded_on", "day", "施工图上传日期", "承诺书（附件2）要用"),
    ),
)
GROUPS: Final = {
    group.id: group for group in (PROJECT, BUILDING, NATURE, PERMIT, OWNER, SURVEY, DESIGN)
}


def pages_of(buildings: int) -> tuple[str, ...]:
    """Return the pages of a form in their order: `building-0` is the first building."""
    return (
        "project",
        *(f"building-{place}" for place in range(max(1, buildings))),
        *(name for name in GROUPS if name not in {"project", "building"}),
    )


def words_of_values() -> dict[str, str]:
    """Return every value that may be chosen, with its words."""
    found: dict[str, str] = {}
    for group in GROUPS.values():
        for field in group.fields:
            for one in (field, *field.parts):
                found |= dict(one.options)
    return found
