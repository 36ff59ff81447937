"""The closed lists of what an applicant may name: uses, rooms, venues, works, districts."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

# No project has more buildings, rooms, venues or firms; a million would fill a server.
MOST_PARTS: Final = 200


class Investment(StrEnum):
    """Who pays."""

    NON_GOVERNMENT = "non_government"  # 社会投资
    GOVERNMENT = "government"  # 政府投资
    MIXED = "mixed"  # 混合投资


INVESTMENT_ZH: Final = {
    Investment.NON_GOVERNMENT: "社会投资",
    Investment.GOVERNMENT: "政府投资",
    Investment.MIXED: "混合投资",
}


class Category(StrEnum):
    """What the regulation divides into classes: 房屋建筑和市政基础设施工程."""

    BUILDING = "building"  # 房屋建筑
    MUNICIPAL = "municipal"  # 市政基础设施


class Works(StrEnum):
    """What is done to the building."""

    NEW_BUILD = "new_build"  # 新建
    EXTENSION = "extension"  # 扩建
    RENOVATION = "renovation"  # 改建
    FIT_OUT = "fit_out"  # 装修
    CHANGE_OF_USE = "change_of_use"  # 改变用途


WORKS_ZH: Final = {
    Works.NEW_BUILD: "新建",
    Works.EXTENSION: "扩建",
    Works.RENOVATION: "改建",
    Works.FIT_OUT: "装修",
    Works.CHANGE_OF_USE: "改变用途",
}


class BuildingUse(StrEnum):
    """The main nature of a building; 二(一)1(1) lists the first five."""

    OFFICE = "office"  # 办公
    COMMERCIAL = "commercial"  # 商业
    PUBLIC_SERVICE = "public_service"  # 公共服务设施
    ORDINARY_WAREHOUSE = "ordinary_warehouse"  # 普通仓库
    ORDINARY_FACTORY = "ordinary_factory"  # 普通厂房
    RESIDENTIAL = "residential"  # 住宅
    DORMITORY = "dormitory"  # 宿舍
    OTHER = "other"  # 其他


# The stages of 三(一) and 三(二), in the order of building, and the words by which a clause names
# them: 工程结构 and plain 施工 take in several.
STAGES: Final = {
    "pit": "基坑开挖和支护|单位不得施工",
    "blinding": "垫层|工程结构|单位不得施工",
    "base_slab": "底板|工程结构|单位不得施工",
    "main_structure": "主体结构|工程结构|及以上|单位不得施工",
}


class RoomKind(StrEnum):
    """What lies below ground; only the first two are named by 二(一)1(1)."""

    PUMP_ROOM = "pump_room"  # 地下泵房
    FIRE_WATER_TANK = "fire_water_tank"  # 消防水池
    SEMI_BASEMENT = "semi_basement"  # 半地下室
    PIPE_TRENCH = "pipe_trench"  # 管沟
    LIFT_PIT = "lift_pit"  # 电梯坑
    OTHER = "other"  # 其他


class RoomPurpose(StrEnum):
    """What a room below ground serves: 为生产、消防需要建设."""

    PRODUCTION = "production"  # 生产
    FIRE_PROTECTION = "fire_protection"  # 消防
    OTHER = "other"  # 其他


LISTED_USES: Final = (
    BuildingUse.OFFICE,
    BuildingUse.COMMERCIAL,
    BuildingUse.PUBLIC_SERVICE,
    BuildingUse.ORDINARY_WAREHOUSE,
    BuildingUse.ORDINARY_FACTORY,
)
USE_ZH: Final = {
    BuildingUse.OFFICE: "办公",
    BuildingUse.COMMERCIAL: "商业",
    BuildingUse.PUBLIC_SERVICE: "公共服务设施",
    BuildingUse.ORDINARY_WAREHOUSE: "普通仓库",
    BuildingUse.ORDINARY_FACTORY: "普通厂房",
    BuildingUse.RESIDENTIAL: "住宅",
    BuildingUse.DORMITORY: "宿舍",
    BuildingUse.OTHER: "其他",
}


class HeightBasis(StrEnum):
    """Up to where a height was measured; the regulation does not say."""

    ROOF_SURFACE = "roof_surface"  # 屋面面层
    EAVES = "eaves"  # 檐口
    PARAPET = "parapet"  # 女儿墙顶
    RIDGE = "ridge"  # 屋脊
    HIGHEST_POINT = "highest_point"  # 最高点


class FireHazardClass(StrEnum):
    """火灾危险性类别 of a factory or warehouse."""

    A = "A"  # 甲
    B = "B"  # 乙
    C = "C"  # 丙
    D = "D"  # 丁
    E = "E"  # 戊


class Hint(StrEnum):
    """Something on the drawings that speaks against 技术要求简单."""

    DEEP_PIT = "deep_pit"  # 深基坑
    LONG_SPAN = "long_span"  # 大跨度
    CRANE = "crane"  # 吊车
    HAZARDOUS_GOODS = "hazardous_goods"  # 危险物品
    OUT_OF_CODE_STRUCTURE = "out_of_code_structure"  # 超限


HINT_ZH: Final = {
    Hint.DEEP_PIT: "深基坑",
    Hint.LONG_SPAN: "大跨度",
    Hint.CRANE: "吊车",
    Hint.HAZARDOUS_GOODS: "危险物品",
    Hint.OUT_OF_CODE_STRUCTURE: "超限",
}

# Order 51 第十四条(一)–(六): the fact that holds each item's floor area, and its kinds with the
# words by which the item names them.
FIRE_VENUES: Final[dict[str, dict[str, str]]] = {
    "public_assembly_venue_m2": {
        "stadium": "体育场馆",
        "assembly_hall": "会堂",
        "public_exhibition_hall": "公共展览馆",
        "museum_exhibition_hall": "博物馆的展示厅",
    },
    "passenger_terminal_venue_m2": {
        "airport_terminal": "民用机场航站楼",
        "passenger_station_waiting_hall": "客运车站候车室",
        "ferry_terminal_waiting_hall": "客运码头候船厅",
    },
    "lodging_and_trade_venue_m2": {
        "hotel": "宾馆",
        "restaurant": "饭店",
        "shopping_mall": "商场",
        "market": "市场",
    },
    "culture_and_workshop_venue_m2": {
        "theatre_cinema": "影剧院",
        "public_library_reading_room": "公共图书馆的阅览室",
        "commercial_indoor_gym": "营业性室内健身、休闲场馆",
        "hospital_outpatient_building": "医院的门诊楼",
        "university_teaching_building": "大学的教学楼",
        "university_library": "图书馆",
        "university_canteen": "食堂",
        "labour_intensive_workshop": "劳动密集型企业的生产加工车间",
        "temple_church": "寺庙、教堂",
    },
    "care_and_school_venue_m2": {
        "kindergarten_children_room": "托儿所、幼儿园的儿童用房",
        "indoor_children_play": "儿童游乐厅等室内儿童活动场所",
        "nursing_home": "养老院",
        "welfare_home": "福利院",
        "hospital_ward_building": "医院",
        "sanatorium_ward_building": "疗养院的病房楼",
        "school_teaching_building": "中小学校的教学楼",
        "school_library": "图书馆",
        "school_canteen": "食堂",
        "school_dormitory": "学校的集体宿舍",
        "labour_intensive_staff_dormitory": "劳动密集型企业的员工集体宿舍",
    },
    "entertainment_venue_m2": {
        "song_dance_hall": "歌舞厅",
        "video_hall": "录像厅",
        "screening_room": "放映厅",
        "karaoke_hall": "卡拉ＯＫ厅",
        "night_club": "夜总会",
        "game_arcade": "游艺厅",
        "sauna": "桑拿浴室",
        "internet_cafe": "网吧",
        "bar": "酒吧",
        "entertainment_restaurant": "具有娱乐功能的餐馆、茶馆、咖啡厅",
    },
}
VENUE_FACT: Final = {kind: fact for fact, kinds in FIRE_VENUES.items() for kind in kinds}

# Order 51 第十四条(八)–(十), likewise.
SPECIAL_WORKS: Final[dict[str, str]] = {
    "urban_rail": "城市轨道交通",
    "tunnel": "隧道工程",
    "large_power_generation": "大型发电",
    "large_power_substation": "变配电工程",
    "flammable_explosive_site": "生产、储存、装卸易燃易爆危险物品的工厂、仓库和专用车站、码头",
    "flammable_gas_liquid_station": "易燃易爆气体和液体的充装站、供应站、调压站",
    "state_organ_office": "国家机关办公楼",
    "power_dispatch_building": "电力调度楼",
    "telecom_building": "电信楼",
    "postal_building": "邮政楼",
    "disaster_command_building": "防灾指挥调度楼",
    "broadcasting_building": "广播电视楼",
    "archives_building": "档案楼",
}

# GB/T 2260, and the statistical code of the high-tech zone, which the notice addresses by name.
DISTRICTS: Final[dict[str, str]] = {
    "150202": "东河区",
    "150203": "昆都仑区",
    "150204": "青山区",
    "150205": "石拐区",
    "150206": "白云鄂博矿区",
    "150207": "九原区",
    "150221": "土默特右旗",
    "150222": "固阳县",
    "150223": "达尔罕茂明安联合旗",
    "150271": "包头稀土高新技术产业开发区",
}

# Who the duties and the consequences of the rules speak of, in the words of the clauses.
PARTIES: Final[dict[str, str]] = {
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
