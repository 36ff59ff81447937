"""Turn a project file into a project, or into every one of its problems at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from drawreview.errors import InputError, Problem
from drawreview.project.contacts import refused
from drawreview.project.contradictions import contradictions
from drawreview.project.from_yaml import (
    Path,
    Written,
    is_mapping,
    is_sequence,
    not_keys_and_values,
    read,
)
from drawreview.project.places import path_of
from drawreview.project.plain import plainly_stated

if TYPE_CHECKING:
    from drawreview.project.model import Project


# What a file without a single known field must hold to be of another kind, not misspelt.
_SEVERAL: Final = 3
_WRITTEN_BY_US: Final = {
    "drawreview/decision": "决定（decide --format json 的输出）",
    "drawreview/notice": "一次性告知书（notice --format json 的输出）",
    "drawreview/deadlines": "期限（deadlines --format json 的输出）",
    "drawreview/gates": "施工节点（gates --format json 的输出）",
}


def read_project(text: str, name: str) -> Project:
    """Return the project that a YAML or JSON text states.

    Raises:
        InputError: With every problem: where it stands, the value, and how to mend it.
    """
    return project_of(read(text, name))


def decidable(text: str, name: str) -> Project:
    """Return the project of a text, or what decides alike; raises `InputError` likewise.

    Where all is well pydantic is not even imported: that would cost as much as the rest.
    """
    written = read(text, name)
    project = plainly_stated(written.data)
    if project is None or any(inner_problems(project, written)):
        return project_of(written)
    return project


def project_of(written: Written) -> Project:
    """Return the project of a text that has been read already; raises `InputError` likewise."""
    from pydantic import ValidationError  # noqa: PLC0415 - see `decidable`

    from drawreview.project.model import Project  # noqa: PLC0415
    from drawreview.project.wording import paths_in, problems_in  # noqa: PLC0415

    if not is_mapping(written.data):
        raise InputError((not_keys_and_values(written, "examples/office.yaml"),))
    other = _another_kind(written)
    if other:
        raise InputError((other,))
    try:
        project = Project.model_validate(written.data)
    except ValidationError as error:
        # The rest is checked as well, so that everything is told at once.
        rest = _without(written.data, set(paths_in(written, error)))
        raise InputError(
            (*problems_in(written, error, schema="project"), *_told_of_the_rest(rest, written))
        ) from None
    problems = tuple(inner_problems(project, written))
    if problems:
        raise InputError(problems)
    return project


def _another_kind(written: Written) -> Problem | None:
    """Return what is wrong if a file is not a project at all, so that one line says it."""
    from drawreview.project.model import PROJECT_SCHEMA, Project  # noqa: PLC0415

    schema = written.data.get("schema")
    if schema == PROJECT_SCHEMA:
        return None
    if "events" in written.data:
        remedy = "项目文件写在前，事件文件写在后；项目文件从 examples/office.yaml 改起。"
        return Problem(written.place(("events",)), "这是事件文件，不是项目文件。", remedy)
    remedy = "写出项目文件的名字；项目文件从 examples/office.yaml 改起。"
    if isinstance(schema, str) and not schema.startswith("drawreview/project"):
        what = _WRITTEN_BY_US.get(schema.partition("@")[0], f"schema 为「{schema[:60]}」的文件")
        return Problem(written.place(("schema",)), f"这是{what}，不是项目文件。", remedy)
    if len(written.data) >= _SEVERAL and not written.data.keys() & Project.model_fields.keys():
        return Problem(written.place(()), "里面没有一个字段是项目文件的。", remedy)
    return None


def inner_problems(project: Project, written: Written, at: str = "") -> Iterator[Problem]:
    """Yield what cannot be so although every field by itself is well written.

    Args:
        project: The project.
        written: The file that states it.
        at: Where in that file it stands, as in `events[3].project.`; all of it, if left out.
    """
    for p in (*refused(project), *contradictions(project)):
        place = f"{at}{p.place}"
        yield Problem(f"{written.place(path_of(place))}: {place}", p.problem, p.remedy)


def _told_of_the_rest(rest: Any, written: Written) -> tuple[Problem, ...]:  # noqa: ANN401 - any YAML
    from pydantic import ValidationError  # noqa: PLC0415

    from drawreview.project.model import Project  # noqa: PLC0415

    try:
        return tuple(inner_problems(Project.model_validate(rest), written))
    except ValidationError:
        return ()


def _without(data: Any, paths: set[Path], at: Path = ()) -> Any:  # noqa: ANN401 - any YAML
    """Return a file's data without what stands at some paths; a list keeps its places."""
    if is_mapping(data):
        kept = {k: v for k, v in data.items() if (*at, k) not in paths}
        return {k: _without(v, paths, (*at, k)) for k, v in kept.items()}
    if is_sequence(data):
        return [_without(v, paths, (*at, i)) for i, v in enumerate(data)]
    return data
