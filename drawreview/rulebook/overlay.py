"""What a city files beside the law's folder: continuations, displacements, readings, notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

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


def _refuse(file: Written, path: tuple[str | int, ...], problem: str, remedy: str) -> InputError:
    return InputError((Problem(file.place(path), problem, remedy),))


def _read(path: Path) -> Written:
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = f"读不了：{system_words(error)}。"
        raise InputError((Problem(str(path), problem, "核对路径和权限。"),)) from None
    file = read(text_in(raw, str(path)), str(path))
    problems = tuple(_illegible(file, file.data, ()))
    if problems:
        raise InputError(problems)
    return file


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


def _fields(
    file: Written, key: str, data: object, needed: set[str], allowed: set[str]
) -> dict[str, Any]:
    if not is_mapping(data):
        raise _refuse(file, (key,), f"缺少 {key}。", "照 README 的格式填写。")
    mapping = data
    for name in mapping:
        if name not in needed | allowed:
            raise _refuse(
                file,
                (key, name),
                f"不认识的键 {name}。",
                f"可用：{'、'.join(sorted(needed | allowed))}。",
            )
    for name in sorted(needed):
        if mapping.get(name) in (None, ""):
            raise _refuse(file, (key,), f"缺少 {name}。", "补上。")
    for name in {"issued", "in_force_from", "in_force_until", "filed_on"} & set(mapping):
        try:
            said = mapping[name]
            mapping[name] = None if said is None else date.fromisoformat(str(said))
        except ValueError:
            raise _refuse(
                file, (key, name), f"{mapping[name]} 不是日期。", "写成 2022-01-20。"
            ) from None
    return mapping


def read_district_list(path: Path) -> DistrictList:
    """Return the notice that a file under 二(一)1(2) files; raises `InputError`."""
    file = _read(path)
    said = _fields(
        file,
        "district_list",
        file.data.get("district_list") if is_mapping(file.data) else None,
        {"number", "issuer", "district", "issued", "in_force_from", "projects"},
        {"in_force_until"},
    )
    projects = said["projects"]
    named = is_sequence(projects) and all(isinstance(p, str) and p.strip() for p in projects)
    if not named:
        raise _refuse(
            file,
            ("district_list", "projects"),
            "projects 应是项目名称的列表。",
            "逐项写「- 名称」。",
        )
    if str(said["district"]) not in DISTRICTS:
        raise _refuse(
            file, ("district_list", "district"), "不是包头市的旗县区代码。", "如 150204。"
        )
    return DistrictList(
        str(said["number"]),
        str(said["district"]),
        said["in_force_from"],
        said.get("in_force_until"),
        tuple(projects),
    )


def read_overlay(
    folder: Path,
    documents: Sequence[Document],
    questions: Mapping[str, Question],
    rules: Sequence[Rule],
) -> tuple[dict[str, str], tuple[Successor, ...], tuple[Adoption, ...]]:
    """Return who filed an overlay, what continues or displaces the trial, and adopted readings."""
    path = folder / "overlay.yaml"
    if not folder.is_dir():
        problem = "没有这个目录。" if not folder.exists() else "这是文件，不是目录。"
        raise InputError((Problem(str(folder), problem, "--overlay 后面写附加目录。"),))
    if not path.is_file():
        raise InputError(
            (Problem(str(path), "附加目录里没有 overlay.yaml。", "见 README 的附加目录一节。"),)
        )
    file = _read(path)
    data = file.data if is_mapping(file.data) else {}
    for key in data:
        if key not in _KEYS:
            raise _refuse(file, (key,), f"不认识的键 {key}。", f"可用：{'、'.join(_KEYS)}。")
    about = _fields(file, "overlay", data.get("overlay"), {"of", "filed_by", "filed_on"}, {"note"})
    if about["of"] not in {document.id for document in documents if document.trial}:
        raise _refuse(
            file, ("overlay", "of"), f"没有规则目录 {about['of']}。", "写 baotou_2021_8。"
        )
    successors: list[Successor] = []
    for key in ("continued_by", "displaced_by"):
        if key in data:
            said = _fields(
                file,
                key,
                data[key],
                {"number", "issuer", "issued", "in_force_from"},
                {"in_force_until"},
            )
            successors.append(
                Successor(
                    str(said["number"]),
                    str(said["issuer"]),
                    said["in_force_from"],
                    said.get("in_force_until"),
                    key == "displaced_by",
                )
            )
    adoptions = read_adoptions(file, questions, rules) if "readings" in data else ()
    return {key: str(value) for key, value in about.items()}, tuple(successors), adoptions
