"""What a city files beside the law's folder: continuations, displacements, readings, notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from drawreview.errors import InputError, Problem, system_words
from drawreview.project.encoding import text_in
from drawreview.project.from_yaml import Path as Place
from drawreview.project.from_yaml import Written, is_mapping, is_sequence, read
from drawreview.project.kinds import DISTRICTS
from drawreview.project.words import illegible_in
from drawreview.rulebook.adoptions import read_adoptions
from drawreview.rulebook.model import Adoption, DistrictList, Document, Question, Successor
from drawreview.rulebook.rule import Rule

_KEYS: Final = ("overlay", "continued_by", "displaced_by", "readings")
_DAYS: Final = frozenset({"issued", "in_force_from", "in_force_until", "filed_on"})
Wrong = list[Problem]


class Filed(NamedTuple):
    """What an overlay files: by whom, what goes on or takes the trial's place, and the rest."""

    about: dict[str, str]
    successors: tuple[Successor, ...]
    adoptions: tuple[Adoption, ...]
    district_lists: tuple[DistrictList, ...]


def read_overlay(
    folder: Path,
    documents: Sequence[Document],
    questions: Mapping[str, Question],
    rules: Sequence[Rule],
) -> Filed:
    """Return what the files of an overlay say.

    Raises:
        InputError: With everything that is wrong with any of them.
    """
    path = folder / "overlay.yaml"
    if not folder.is_dir():
        problem = "没有这个目录。" if not folder.exists() else "这是文件，不是目录。"
        raise InputError((Problem(str(folder), problem, "--overlay 后面写附加目录。"),))
    wrong: Wrong = []
    about: dict[str, Any] = {}
    successors: tuple[Successor, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    if not path.is_file():
        wrong.append(
            Problem(str(path), "附加目录里没有 overlay.yaml。", "见 README 的附加目录一节。")
        )
    elif file := _read(path, wrong):
        data = file.data if is_mapping(file.data) else {}
        wrong += (
            Problem(file.place((key,)), f"不认识的键 {key}。", f"可用：{'、'.join(_KEYS)}。")
            for key in data
            if key not in _KEYS
        )
        about = _about(file, data, documents, wrong)
        successors = tuple(_successors(file, data, wrong))
        if "readings" in data:
            adoptions = _adoptions(file, questions, rules, wrong)
    lists = tuple(_district_lists(sorted(folder.glob("district_*.yaml")), wrong))
    if wrong:
        raise InputError(tuple(wrong))
    return Filed({k: str(v) for k, v in about.items()}, successors, adoptions, lists)


def read_district_lists(paths: Iterable[Path]) -> tuple[DistrictList, ...]:
    """Return the notices that files under 二(一)1(2) file.

    Raises:
        InputError: With everything that is wrong with any of them.
    """
    wrong: Wrong = []
    lists = tuple(_district_lists(paths, wrong))
    if wrong:
        raise InputError(tuple(wrong))
    return lists


def _read(path: Path, wrong: Wrong) -> Written | None:
    try:
        file = read(text_in(path.read_bytes(), str(path)), str(path))
    except OSError as error:
        problem = f"读不了：{system_words(error)}。"
        wrong.append(Problem(str(path), problem, "核对路径和权限。"))
    except InputError as error:
        wrong += error.problems
    else:
        wrong += _illegible(file, file.data, ())
        return file
    return None


def _illegible(file: Written, part: object, at: Place) -> Iterator[Problem]:
    """Yield the words, by which documents and projects are found, that hold what cannot be seen."""
    if is_mapping(part):
        for key, value in part.items():
            yield from illegible_in(file.place((*at, key)), key)
            yield from _illegible(file, value, (*at, key))
    elif is_sequence(part):
        for index, value in enumerate(part):
            yield from _illegible(file, value, (*at, index))
    elif isinstance(part, str):
        yield from illegible_in(file.place(at), part, lines=True)


def _fields(  # noqa: PLR0913 - a part of a file, and what it may hold
    file: Written, key: str, data: object, wrong: Wrong, *, needed: set[str], allowed: set[str]
) -> dict[str, Any] | None:
    """Return a part of a file, its days as days; None if anything is wrong with it."""
    if not is_mapping(data):
        problem = f"缺少 {key}。" if data is None else f"{key} 应是若干键和值。"
        remedy = f"写 {'、'.join(sorted(needed))}。"
        wrong.append(Problem(file.place((key,)), problem, remedy))
        return None
    before = len(wrong)
    for name in data:
        if name not in needed | allowed:
            remedy = f"可用：{'、'.join(sorted(needed | allowed))}。"
            wrong.append(Problem(file.place((key, name)), f"不认识的键 {name}。", remedy))
    for name in sorted(needed):
        if data.get(name) in (None, ""):
            wrong.append(Problem(file.place((key,)), f"{key} 缺少 {name}。", "补上。"))
    said = dict(data)
    for name in (name for name in data if name in _DAYS and data[name] not in (None, "")):
        try:
            said[name] = date.fromisoformat(str(data[name]))
        except ValueError:
            problem = f"{name} 写的 {data[name]} 不是日期。"
            wrong.append(Problem(file.place((key, name)), problem, "写成 2022-01-20。"))
    return said if len(wrong) == before else None


def _about(
    file: Written, data: Mapping[str, Any], documents: Sequence[Document], wrong: Wrong
) -> dict[str, Any]:
    needed = {"of", "filed_by", "filed_on"}
    about = _fields(file, "overlay", data.get("overlay"), wrong, needed=needed, allowed={"note"})
    part: Any = data.get("overlay")
    of = part.get("of") if is_mapping(part) else None
    if of and str(of) not in {document.id for document in documents if document.trial}:
        place = file.place(("overlay", "of"))
        wrong.append(Problem(place, f"没有规则目录 {of}。", "写 baotou_2021_8。"))
    return about or {}


def _successors(file: Written, data: Mapping[str, Any], wrong: Wrong) -> Iterator[Successor]:
    needed = {"number", "issuer", "issued", "in_force_from"}
    for key in ("continued_by", "displaced_by"):
        if key not in data:
            continue
        said = _fields(file, key, data[key], wrong, needed=needed, allowed={"in_force_until"})
        if said:
            yield Successor(
                str(said["number"]),
                str(said["issuer"]),
                said["in_force_from"],
                said.get("in_force_until") or None,
                key == "displaced_by",
            )


def _adoptions(
    file: Written, questions: Mapping[str, Question], rules: Sequence[Rule], wrong: Wrong
) -> tuple[Adoption, ...]:
    try:
        return read_adoptions(file, questions, rules)
    except InputError as error:
        wrong += error.problems
        return ()


def _district_lists(paths: Iterable[Path], wrong: Wrong) -> Iterator[DistrictList]:
    needed = {"number", "issuer", "district", "issued", "in_force_from", "projects"}
    part = "district_list"
    for path in paths:
        file = _read(path, wrong)
        if file is None:
            continue
        data = file.data.get(part) if is_mapping(file.data) else None
        before = len(wrong)
        said = _fields(file, part, data, wrong, needed=needed, allowed={"in_force_until"})
        projects = data.get("projects") if is_mapping(data) else None
        named = is_sequence(projects) and all(isinstance(p, str) and p.strip() for p in projects)
        if projects and not named:
            place, remedy = file.place((part, "projects")), "逐项写「- 名称」。"
            wrong.append(Problem(place, "projects 应是项目名称的列表。", remedy))
        district = data.get("district") if is_mapping(data) else None
        if district and str(district) not in DISTRICTS:
            place = file.place((part, "district"))
            wrong.append(Problem(place, f"{district} 不是包头市的旗县区代码。", "如 150204。"))
        if said and len(wrong) == before:
            yield DistrictList(
                str(said["number"]),
                str(said["district"]),
                said["in_force_from"],
                said.get("in_force_until") or None,
                tuple(said["projects"]),
            )
