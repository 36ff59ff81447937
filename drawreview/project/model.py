"""What an applicant says about a project; a field left out is unknown, never zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)

from drawreview.fact import Kind, scaled
from drawreview.legible import illegible
from drawreview.project.kinds import (
    DISTRICTS,
    MOST_PARTS,
    SPECIAL_WORKS,
    VENUE_FACT,
    BuildingUse,
    Category,
    FireHazardClass,
    HeightBasis,
    Hint,
    Investment,
    RoomKind,
    RoomPurpose,
    Works,
)

PROJECT_SCHEMA = "drawreview/project@1"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _as_written(value: object) -> object:
    """Keep the digits that were written: a float becomes the Decimal of its shortest form."""
    if isinstance(value, (bool, str)):
        message = "number_wanted"
        raise ValueError(message)  # noqa: TRY004 - pydantic turns only ValueError into a report
    return Decimal(repr(value)) if isinstance(value, float) else value


def _no_finer_than(kind: Kind) -> AfterValidator:
    def check(value: Decimal) -> Decimal:
        try:
            scaled(kind, value)
        except ValueError as error:
            message = f"too_fine_{kind.value}"
            raise ValueError(message) from error
        return value

    return AfterValidator(check)


def _date_as_written(value: object) -> object:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return date.fromisoformat(value)
    if type(value) is date:
        return value
    message = "day_wanted"
    raise ValueError(message)


def _digits_as_words(value: object) -> object:
    """Take a telephone number or a code that was written without quotes."""
    return str(value) if type(value) is int else value


def _named_in(names: Collection[str]) -> tuple[AfterValidator, WithJsonSchema]:
    def check(value: str) -> str:
        if value not in names:
            message = f"not_named:{', '.join(names)}"
            raise ValueError(message)
        return value

    return AfterValidator(check), WithJsonSchema({"enum": list(names)})


FireVenueKind = Annotated[str, *_named_in(VENUE_FACT)]
SpecialWork = Annotated[str, *_named_in(SPECIAL_WORKS)]
Area = Annotated[
    Decimal,
    Field(gt=0, le=100_000_000, allow_inf_nan=False),
    BeforeValidator(_as_written, json_schema_input_type=float),
    _no_finer_than(Kind.AREA),
]
Length = Annotated[
    Decimal,
    Field(gt=0, le=10_000, allow_inf_nan=False),
    BeforeValidator(_as_written, json_schema_input_type=float),
    _no_finer_than(Kind.LENGTH),
]
Storeys = Annotated[int, Field(strict=True, ge=0, le=1_000)]
Yes = Annotated[bool, Field(strict=True)]
Day = Annotated[date, BeforeValidator(_date_as_written)]
Month = Annotated[str, StringConstraints(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]


def _composed(value: str) -> str:
    """Write a character one way only, however it was typed, so that equal words are equal bytes."""
    return unicodedata.normalize("NFC", value)


def legibly_written(value: str) -> str:
    """Return words that hold no character but those that can be seen; raises ValueError."""
    return _none_of(illegible(value), value)


def legible_lines(value: str) -> str:
    """Return such words, on one line or on several; raises ValueError."""
    return _none_of(illegible(value, lines=True), value)


def _none_of(signs: tuple[str, ...], value: str) -> str:
    if signs:
        message = f"illegible:{''.join(signs)}"
        raise ValueError(message)
    return value


def _ends_of_lines(value: object) -> object:
    """Write the end of a line one way only, whatever machine it comes from."""
    return re.sub(r"\r\n?", "\n", value) if isinstance(value, str) else value


_STATED = StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)
_DIGITS_TOO = BeforeValidator(_digits_as_words, json_schema_input_type=str | int)
Words = Annotated[
    str, _DIGITS_TOO, _STATED, AfterValidator(_composed), AfterValidator(legibly_written)
]
# What may take several lines to say.
Lines = Annotated[
    str,
    BeforeValidator(_ends_of_lines),
    _DIGITS_TOO,
    _STATED,
    AfterValidator(_composed),
    AfterValidator(legible_lines),
]


_MOST = Field(max_length=MOST_PARTS)


class Stated(BaseModel):
    """Frozen and closed: an unknown key is an error, not a guess."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, defer_build=True
    )


class Judgement(Stated):
    """A question of judgement, answered by someone who signs for it."""

    value: Yes
    by: Words | None = None
    on: Day | None = None
    why: Lines | None = None

    @property
    def signed(self) -> bool:
        """Whether it says who judged, when and why."""
        return None not in (self.by, self.on, self.why)


def _judgement(value: object) -> object:
    return {"value": value} if isinstance(value, bool) else value


Judged = Annotated[Judgement, BeforeValidator(_judgement, json_schema_input_type=bool | Judgement)]


class UndergroundRoom(Stated):
    """A room below ground, and what it serves."""

    kind: RoomKind
    serves: RoomPurpose | None = None
    floor_area_m2: Area | None = None


class FireVenue(Stated):
    """A venue of a kind that Order 51 第十四条(一)–(六) names."""

    kind: FireVenueKind
    floor_area_m2: Area | None = None


class Building(Stated):
    """One building (栋)."""

    name: Words | None = None
    use: BuildingUse | None = None
    floor_area_m2: Area | None = None
    height_m: Length | None = None
    height_basis: HeightBasis | None = None
    highest_point_m: Length | None = None
    max_storey_height_m: Length | None = None
    storeys_above_ground: Storeys | None = None
    partial_storeys: Storeys | None = None  # 夹层、设备层、局部突出的一层、阁楼
    storeys_below_ground: Storeys | None = None
    underground_rooms: Annotated[tuple[UndergroundRoom, ...], _MOST] | None = None
    fire_venues: Annotated[tuple[FireVenue, ...], _MOST] | None = None
    fire_hazard_class: FireHazardClass | None = None
    public_building: Yes | None = None  # 公共建筑; only the use `other` leaves it open

    if TYPE_CHECKING:  # pydantic gives it one, because it is frozen

        def __hash__(self) -> int: ...


class Party(Stated):
    """One of the parties that sign the letter."""

    name: Words | None = None
    credit_code: Words | None = None
    address: Words | None = None
    phone: Words | None = None
    legal_representative: Words | None = None
    project_leader: Words | None = None
    project_leader_phone: Words | None = None


class Firm(Party):
    """A survey firm or a design firm."""

    qualification: Words | None = None


class Survey(Stated):
    """勘察: by whom and since when, or why there was none (备注2)."""

    commissioned: Month | None = None
    firms: Annotated[tuple[Firm, ...], _MOST] = ()
    not_surveyed: Lines | None = None


class Design(Stated):
    """施工图设计: by whom and since when."""

    commissioned: Month | None = None
    firms: Annotated[tuple[Firm, ...], _MOST] = ()


class ProjectOwner(Party):
    """建设单位."""

    agent: Words | None = None
    agent_mobile: Words | None = None
    blacklisted_on: Day | None = None


class Permit(Stated):
    """What 二(三) asks for before a permit on commitment."""

    land_papers: Yes | None = None
    planning_papers: Yes | None = None
    site_verified_not_started: Yes | None = None
    drawings_complete: Yes | None = None
    drawings_uploaded_on: Day | None = None


class Project(Stated):
    """A project as its applicant describes it.

    Raises:
        pydantic.ValidationError: A key is unknown, or a value is not what its field takes.
    """

    schema_: Literal["drawreview/project@1"] = Field(default=PROJECT_SCHEMA, alias="schema")
    name: Words | None = None
    address: Words | None = None
    district: Words | None = None
    project_code: Annotated[
        str | None, Field(pattern=r"^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$")  # GB/T 40058
    ] = None
    investment: Investment | None = None
    category: Category | None = None
    works: Works | None = None
    works_floor_area_m2: Area | None = None  # 改建、扩建的施工范围面积
    other_scale: Lines | None = None
    buildings: Annotated[tuple[Building, ...], _MOST] | None = None
    single_function: Judged | None = None
    simple_technique: Judged | None = None
    similar_use: Judged | None = None  # 「等」: 与所列五类性质相类
    hints: Annotated[tuple[Hint, ...], _MOST] = ()
    special_works: Annotated[tuple[SpecialWork, ...], _MOST] | None = None
    district_list: Words | None = None
    review_commissioned_on: Day | Literal["not_commissioned"] | None = None
    project_owner: ProjectOwner = ProjectOwner()
    survey: Survey = Survey()
    design: Design = Design()
    permit: Permit = Permit()

    if TYPE_CHECKING:  # as above

        def __hash__(self) -> int: ...

    @field_validator("district")
    @classmethod
    def _of_baotou(cls, code: str | None) -> str | None:
        if code is not None and code not in DISTRICTS:
            message = "unknown_district"
            raise ValueError(message)
        return code
