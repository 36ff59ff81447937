"""The facts that rules may read: the only list of their names."""

from __future__ import annotations

from typing import Final

from drawreview.fact import Fact, Kind
from drawreview.project.kinds import FIRE_VENUES, SPECIAL_WORKS, BuildingUse, Investment, Works

_VENUE_ZH: Final = {
    "public_assembly_venue_m2": (
        "体育、会堂、展览场所面积",
        "sports, assembly and exhibition venues",
    ),
    "passenger_terminal_venue_m2": ("航站楼、候车室、候船厅面积", "passenger terminals"),
    "lodging_and_trade_venue_m2": (
        "宾馆、饭店、商场、市场面积",
        "hotels, restaurants, malls, markets",
    ),
    "culture_and_workshop_venue_m2": (
        "影剧院、阅览、健身、门诊、大学、车间等面积",
        "culture and work venues",
    ),
    "care_and_school_venue_m2": ("儿童、养老、病房、中小学、宿舍等面积", "care and school venues"),
    "entertainment_venue_m2": ("歌舞娱乐场所面积", "entertainment venues"),
}
# What is known of the site on a day, folded from the log of events by site/state.py.
_SITE: Final = (
    # of 二(二)
    ("full_set_submitted", "报送全套施工图", "full set submitted", "全套施工图"),
    ("staging_requested", "要求先行审查地基与基础部分", "staged review requested", "先行审查"),
    (
        "clean_foundation_report",
        "地基与基础审查报告未注明违反强制性标准",
        "foundation report without violations",
        "取得地基与基础工程施工图审查报告",
    ),
    (
        "foundation_report_notes_violations",
        "地基与基础审查报告注明违反强制性标准",
        "foundation report notes violations",
        "存在违反强制性标准",
    ),
    # of 三(一)
    ("construction_permit_issued", "取得施工许可", "construction permit issued", "取得施工许可"),
    (
        "review_certificate_issued",
        "取得施工图审查合格书",
        "review certificate issued",
        "取得施工图审查合格书|取得全部工程施工图审查合格书",
    ),
    (
        "no_violations_since_certificate",
        "审查合格书之后没有再注明违反强制性标准",
        "no violations noted since the certificate",
        "通过施工图审查",
    ),
    ("site_progress_verified", "形象进度已核实", "site progress verified", "形象进度进行核实"),
    # of 三(二) and annex 1
    (
        "drawings_uploaded",
        "已上传全部施工图",
        "all drawings uploaded",
        "各专业施工图按要求全部上传",
    ),
    ("spot_check_waived", "免于抽查", "spot check waived", "免于抽查"),
    ("rectification_accepted", "抽查意见整改合格", "rectification accepted", "整改合格"),
    (
        "spot_check_certificate_issued",
        "取得施工图抽查合格书",
        "spot-check certificate issued",
        "取得施工图抽查合格书",
    ),
    # 消防法 第十二条
    (
        "fire_opinion_qualified",
        "消防设计审查合格",
        "fire protection design review passed",
        "未经消防设计审查|未经依法审查",
    ),
    ("works_started", "已开始施工", "works started", "擅自施工"),
    # 三(三)、三(四)
    (
        "base_slab_or_above_started",
        "已进行底板及以上施工",
        "base slab or above started",
        "底板及以上施工的建设项目|工程底板施工",
    ),
    (
        "certified_before_change",
        "变更前已合格，变更后的设计文件已上传",
        "certified before the change, changed drawings uploaded",
        "变更后的设计文件上传",
    ),
)
REVIEW_PATHS: Final = (
    "exempt",
    "joint_review",
    "deferred_review",
    "prior_review",
    "referred",
)

_LIST: Final = (
    # 二(一)1(1)
    Fact(
        "investment",
        Kind.CHOICE,
        "投资性质",
        "investment",
        tuple(Investment),
        (("non_government", "社会投资"),),
    ),
    Fact(
        "total_floor_area_m2",
        Kind.AREA,
        "总建筑面积",
        "total floor area",
        labels=(("total_floor_area_m2", "总建筑面积"),),
    ),
    Fact(
        "building_height_m",
        Kind.LENGTH,
        "总高度",
        "building height",
        labels=(("building_height_m", "总高度"),),
    ),
    Fact(
        "storey_height_m",
        Kind.LENGTH,
        "单层高度",
        "storey height",
        labels=(("storey_height_m", "单层高度"),),
    ),
    Fact(
        "storeys_above_ground",
        Kind.COUNT,
        "地上层数",
        "storeys above ground",
        labels=(("storeys_above_ground", "层"),),
    ),
    Fact(
        "basement",
        Kind.CHOICE,
        "地下室",
        "basement",
        ("none_built", "pump_room_or_fire_tank", "doubtful", "other"),
        (("none_built", "无地下室"), ("pump_room_or_fire_tank", "地下泵房、消防水池")),
    ),
    Fact(
        "single_function",
        Kind.FLAG,
        "功能单一",
        "single function",
        labels=(("single_function", "功能单一"),),
    ),
    Fact(
        "simple_technique",
        Kind.FLAG,
        "技术要求简单",
        "simple technique",
        labels=(("simple_technique", "技术要求简单"),),
    ),
    Fact(
        "building_use",
        Kind.CHOICE,
        "建筑物性质",
        "building use",
        (*BuildingUse, "not_a_building"),
        (
            ("office", "办公"),
            ("commercial", "商业"),
            ("public_service", "公共服务设施"),
            ("ordinary_warehouse", "普通仓库"),
            ("ordinary_factory", "普通厂房"),
        ),
    ),
    Fact(
        "similar_use",
        Kind.FLAG,
        "与所列性质相类（「等」）",
        "use similar to those listed",
        labels=(("similar_use", "等"),),
    ),
    Fact(
        "district_listed",
        Kind.FLAG,
        "列入旗县区清单",
        "listed by the district",
        labels=(("district_listed", "评估确定"),),
    ),
    Fact("works", Kind.CHOICE, "建设类型", "works", tuple(Works)),
    # 尾s3、尾s4; never commissioned is later than any day
    Fact(
        "review_commissioned_on",
        Kind.DATE,
        "委托施工图审查日期",
        "commissioning of the drawing review",
        labels=(("review_commissioned_on", "委托施工图审查"),),
    ),
    # 51号令 第十四条
    *(
        Fact(name, Kind.AREA, *_VENUE_ZH[name], labels=tuple(kinds.items()))
        for name, kinds in FIRE_VENUES.items()
    ),
    Fact(
        "residential_height_m",
        Kind.LENGTH,
        "住宅建筑高度",
        "height of the tallest dwelling",
        labels=(("residential_height_m", "住宅"),),
    ),
    Fact(
        "special_works",
        Kind.CHOICE,
        "特殊工程类别",
        "special works",
        tuple(SPECIAL_WORKS),
        tuple(SPECIAL_WORKS.items()),
    ),
    Fact(
        "public_building_area_m2",
        Kind.AREA,
        "公共建筑单体面积",
        "area of the largest public building",
        labels=(("public_building_area_m2", "单体建筑面积"),),
    ),
    Fact(
        "public_building_height_m",
        Kind.LENGTH,
        "公共建筑高度",
        "height of the tallest public building",
        labels=(("public_building_height_m", "建筑高度"),),
    ),
    # 二(三)、三(三)s3、三(四)
    Fact("land_papers", Kind.FLAG, "土地手续", "land papers", labels=(("land_papers", "土地"),)),
    Fact(
        "planning_papers",
        Kind.FLAG,
        "规划手续",
        "planning papers",
        labels=(("planning_papers", "规划手续"),),
    ),
    Fact(
        "site_verified_not_started",
        Kind.FLAG,
        "现场核查未开工",
        "site verified not started",
        labels=(("site_verified_not_started", "未开工"),),
    ),
    Fact(
        "drawings_complete",
        Kind.FLAG,
        "全部施工图",
        "complete drawings",
        labels=(("drawings_complete", "全部施工图"),),
    ),
    Fact(
        "owner_blacklisted",
        Kind.FLAG,
        "建设单位列入黑名单",
        "owner on the blacklist",
        labels=(("owner_blacklisted", "黑名单"),),
    ),
    # concluded by rules
    Fact(
        "listed_fire_venue",
        Kind.FLAG,
        "第一项至第六项所列情形",
        "a listed venue",
        labels=(("listed_fire_venue", "第一项至第六项所列情形|特殊建设工程"),),
        derived=True,
    ),
    Fact(
        "special_construction_project",
        Kind.FLAG,
        "特殊建设工程",
        "special construction project",
        labels=(
            (
                "special_construction_project",
                "特殊工程|特殊建设工程|应当进行消防设计审查的建设工程",
            ),
        ),
        derived=True,
    ),
    Fact(
        "simple_low_risk_project",
        Kind.FLAG,
        "社会投资简易低风险项目",
        "simple low-risk project",
        labels=(("simple_low_risk_project", "简易低风险项目"),),
        derived=True,
    ),
    Fact(
        "permit_prerequisites",
        Kind.FLAG,
        "承诺制许可的前提",
        "permit prerequisites",
        labels=(("permit_prerequisites", "可采取告知承诺制"),),
        derived=True,
    ),
    Fact(
        "drawings_provided",
        Kind.FLAG,
        "已提供全部施工图",
        "drawings provided",
        labels=(("drawings_provided", "可采取告知承诺制"),),
        derived=True,
    ),
    Fact(
        "commitment_barred",
        Kind.FLAG,
        "不再允许告知承诺制",
        "commitment barred",
        labels=(("commitment_barred", "不再允许告知承诺制"),),
        derived=True,
    ),
    Fact(
        "under_this_document",
        Kind.FLAG,
        "按本文件执行",
        "under this document",
        labels=(("under_this_document", "按本文件执行"),),
        derived=True,
    ),
    Fact(
        "review_path",
        Kind.CHOICE,
        "审查方式",
        "review path",
        REVIEW_PATHS,
        (
            ("exempt", "免于审查|取消施工图审查|项目属于社会投资简易低风险"),
            ("joint_review", "联合审查|实行施工图审查|项目不属于社会投资简易低风险"),
            (
                "deferred_review",
                "可采取告知承诺制办理施工许可手续|实行施工图审查|项目不属于社会投资简易低风险",
            ),
            ("prior_review", "继续办结施工图审查"),
        ),
        derived=True,
    ),
    # of the site
    *(Fact(name, Kind.FLAG, zh, en, labels=((name, words),)) for name, zh, en, words in _SITE),
    Fact(
        "works_without_certificate",
        Kind.FLAG,
        "未取得审查合格书进行底板及以上施工",
        "base slab or above without the review certificate",
        labels=(
            (
                "works_without_certificate",
                "责令停工整改|视情节严重|同时|违反承诺|未经审查或者审查不合格",
            ),
        ),
        derived=True,
    ),
    Fact(
        "commitment_broken",
        Kind.FLAG,
        "违反承诺",
        "commitment broken",
        labels=(("commitment_broken", "违反承诺|抽查合格书|全部上传"),),
        derived=True,
    ),
    # read only by the other admissible readings of a doubtful phrase
    Fact("foundation_report_issued", Kind.FLAG, "有地基与基础审查报告", "a foundation report"),
    Fact("largest_building_area_m2", Kind.AREA, "单栋最大建筑面积", "largest building's area"),
    Fact("works_floor_area_m2", Kind.AREA, "施工范围建筑面积", "floor area of the works"),
    Fact("area_less_plant_rooms_m2", Kind.AREA, "扣除泵房水池后的面积", "area less pump rooms"),
    Fact("declared_height_m", Kind.LENGTH, "申报高度", "declared height"),
    Fact(
        "single_storey_height_m", Kind.LENGTH, "单层建筑的高度", "height of single-storey buildings"
    ),
    Fact("natural_storeys", Kind.COUNT, "自然层数", "natural storeys"),
    *(
        Fact(
            f"single_{name}",
            Kind.AREA,
            f"{_VENUE_ZH[name][0]}（单个）",
            f"{_VENUE_ZH[name][1]} (single)",
        )
        for name in FIRE_VENUES
    ),
)

FACTS: Final = {fact.name: fact for fact in _LIST}
SITE_FACTS: Final = (
    *(name for name, *_ in _SITE),
    *("works_without_certificate", "commitment_broken"),
    "foundation_report_issued",
)
