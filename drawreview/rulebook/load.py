"""Load the shipped rule folders, and an overlay beside them, into a rulebook."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from drawreview.condition.ast import All, Compare, Operator
from drawreview.condition.from_yaml import ConditionReader
from drawreview.errors import InputError, Problem, RuleError
from drawreview.paths import RULES
from drawreview.project.facts import FACTS
from drawreview.project.from_yaml import Written, read
from drawreview.rulebook.clauses import parse_clauses
from drawreview.rulebook.model import (
    Conclusion,
    DistrictList,
    Document,
    Duty,
    Gap,
    Question,
    Rule,
    Rulebook,
    Successor,
    Trial,
)

_RULE_KEYS: Final = {"clause", "when", "then", "overrides", "defined_by"}
_DUTY_KEYS: Final = {"who", "what", "before", "upon", "within_workdays"}
_QUESTION_KEYS: Final = {
    "clause",
    "words",
    "question",
    "readings",
    "adopted",
    "why",
    "settled_by",
    "otherwise",
    "warn_when",
    "says",
}
_NOT_RULES: Final = {"document.yaml", "coverage.yaml", "open_questions.yaml"}
_GAP_RULE: Final = "commissioning_gap"


class _Folder:
    """One document's folder; collects problems so that all are reported at once."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = root
        self.problems: list[Problem] = []

    def written(self, name: str) -> Written:
        file = self.folder / name
        shown = file.relative_to(self.root.parent).as_posix()
        try:
            return read(file.read_text(encoding="utf-8"), shown)
        except InputError as error:
            self.problems.extend(error.problems)
            return Written({}, {}, shown)

    def report(self, file: Written, path: tuple[str | int, ...], problem: str, remedy: str) -> None:
        self.problems.append(Problem(file.place(path), problem, remedy))

    def keys(self, file: Written, path: tuple[str | int, ...], data: Any, known: set[str]) -> bool:  # noqa: ANN401
        if not isinstance(data, dict):
            self.report(
                file, path, "这里应是若干键和值。", f"可用的键：{'、'.join(sorted(known))}。"
            )
            return False
        for key in cast("dict[str, Any]", data):
            if key not in known:
                self.report(
                    file,
                    (*path, key),
                    f"不认识的键 {key}。",
                    f"可用的键：{'、'.join(sorted(known))}。",
                )
        return True

    def reader(self, file: Written) -> ConditionReader:
        return ConditionReader(
            FACTS, lambda path, problem, remedy: self.report(file, path, problem, remedy)
        )

    def rules(
        self, file: Written, entries: Any, at: tuple[str, ...], document: str
    ) -> Iterable[Rule]:
        for rule_id, entry in (entries or {}).items():
            path = (*at, rule_id)
            if not self.keys(file, path, entry, _RULE_KEYS):
                continue
            missing = {"clause", "when", "then"} - set(entry)
            if missing:
                self.report(file, path, f"规则缺少 {'、'.join(sorted(missing))}。", "补上。")
                continue
            yield Rule(
                id=rule_id,
                document=document,
                clause=str(entry["clause"]),
                when=self.reader(file).when(entry["when"], (*path, "when")),
                then=tuple(self._conclusions(file, entry["then"], (*path, "then"))),
                overrides=tuple(entry.get("overrides") or ()),
                defined_by=entry.get("defined_by"),
                place=file.place(path),
            )

    def _conclusions(
        self, file: Written, entries: Any, path: tuple[str, ...]
    ) -> Iterable[Conclusion]:
        if not isinstance(entries, dict) or not entries:
            self.report(file, path, "then 应写结论。", "写「短语: {review_path: exempt}」等。")
            return
        for words, says in cast("dict[str, Any]", entries).items():
            at = (*path, words)
            derived = {name for name, fact in FACTS.items() if fact.derived}
            if not self.keys(file, at, says, derived | {"letter", "duty"}):
                continue
            settles: list[tuple[str, str | bool]] = []
            for name, value in says.items():
                fact = FACTS.get(name)
                if fact is None or not fact.derived:
                    continue
                if fact.values and value not in fact.values:
                    self.report(
                        file,
                        (*at, name),
                        f"{name} 没有值 {value}。",
                        f"可用：{'、'.join(fact.values)}。",
                    )
                elif not fact.values and value is not True:
                    self.report(
                        file, (*at, name), f"{name} 只能定为 true。", "反面由没有规则成立来表示。"
                    )
                else:
                    settles.append((name, value))
            duty = says.get("duty")
            if duty is not None and self.keys(file, (*at, "duty"), duty, _DUTY_KEYS):
                duty = Duty(words=words, **{**duty, "who": tuple(duty.get("who", ()))})
            yield Conclusion(
                words, tuple(settles), says.get("letter"), duty if isinstance(duty, Duty) else None
            )

    def document(self) -> tuple[Document, list[Rule]]:
        file = self.written("document.yaml")
        self.keys(file, (), file.data, {"document", "transition"})
        about = dict(file.data.get("document") or {})
        text = (self.folder / "clauses.md").read_text(encoding="utf-8")
        document = Document(
            id=str(about.get("id")),
            title=str(about.get("title")),
            number=str(about.get("number")),
            issuer=str(about.get("issuer")),
            about=about,
            clauses=parse_clauses(text),
            coverage=self.written("coverage.yaml").data,
            trial=_trial(about) if "trial" in about else None,
            gap=_gap(about["gap"]) if "gap" in about else None,
        )
        rules = list(self.rules(file, file.data.get("transition"), ("transition",), document.id))
        for path in sorted(self.folder.glob("*.yaml")):
            if path.name not in _NOT_RULES:
                written = self.written(path.name)
                rules.extend(self.rules(written, written.data, (), document.id))
        if document.gap:
            rules.insert(0, _gap_rule(document, rules))
        return document, rules

    def questions(self) -> dict[str, Question]:
        if not (self.folder / "open_questions.yaml").exists():
            return {}
        file = self.written("open_questions.yaml")
        found: dict[str, Question] = {}
        for name, entry in file.data.items():
            if not self.keys(file, (name,), entry, _QUESTION_KEYS):
                continue
            missing = _QUESTION_KEYS - {"otherwise", "warn_when", "says"} - set(entry)
            if missing:
                self.report(file, (name,), f"缺少 {'、'.join(sorted(missing))}。", "补上。")
                continue
            found[name] = self._question(file, name, entry)
        return found

    def _question(self, file: Written, name: str, entry: dict[str, Any]) -> Question:
        reader = self.reader(file)
        otherwise = dict(entry.get("otherwise") or {})
        rules = tuple(otherwise.pop("rules", ()))
        venues = any(value == {"single_venue": True} for value in otherwise.values())
        warn = entry.get("warn_when")
        overridden = None
        if isinstance(warn, dict) and "overridden" in warn:
            overridden, warn = (str(warn["overridden"]), str(warn["by"])), None
        return Question(
            id=name,
            **{
                key: entry[key]
                for key in (
                    "clause",
                    "words",
                    "question",
                    "readings",
                    "adopted",
                    "why",
                    "settled_by",
                )
            },
            rules=rules,
            otherwise=()
            if venues
            else tuple(
                (r, reader.reading(c, (name, "otherwise", r))) for r, c in otherwise.items()
            ),
            every_single_venue=venues,
            warn_when=None if warn is None else reader.reading(warn, (name, "warn_when")),
            warn_overridden=overridden,
            says=entry.get("says"),
        )


def _day(value: Any) -> date:  # noqa: ANN401
    return date.fromisoformat(str(value))


def _trial(about: dict[str, Any]) -> Trial:
    issued, said = _day(about["issued"]["date"]), about["trial"]
    # 民法典 第二百零一、二百零二条: the day itself not counted, the year ends on its anniversary.
    anniversary = issued.replace(year=issued.year + int(said["years"]))
    return Trial(
        issued,
        anniversary - timedelta(days=1),
        anniversary,
        said["clause"],
        said["words"],
        said["question"],
    )


def _gap(said: dict[str, Any]) -> Gap:
    return Gap(said["clause"], _day(said["from"]), _day(said["to"]), said["question"])


def _gap_rule(document: Document, rules: list[Rule]) -> Rule:
    """Make the declared gap a rule, so that both engines see it and know what would settle it."""
    gap = cast("Gap", document.gap)
    return Rule(
        id=_GAP_RULE,
        document=document.id,
        clause=gap.clause,
        when=All(
            (
                Compare("review_commissioned_on", Operator.AT_LEAST, gap.first.toordinal()),
                Compare("review_commissioned_on", Operator.AT_MOST, gap.last.toordinal()),
            )
        ),
        then=(Conclusion("", (("review_path", "referred"),)),),
        overrides=tuple(
            r.id for r in rules if r.settled("review_path") not in (None, "prior_review")
        ),
        place=f"{document.id}/document.yaml",
    )


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, content in sorted(files):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


@cache
def load_rulebook(rules: Path = RULES, overlay: Path | None = None) -> Rulebook:
    """Return the checked rulebook of a rules folder, with an overlay if one is given.

    Raises:
        RuleError: A file cannot be read, or does not say what its clause says.
        InputError: The overlay cannot be read.
    """
    from drawreview.rulebook.check import problems_of  # noqa: PLC0415 - it checks what this loads

    rulebook, problems = read_rulebook(rules, overlay)
    problems += [] if problems else problems_of(rulebook)
    if problems:
        raise RuleError(tuple(problems))
    return rulebook


def read_rulebook(rules: Path, overlay: Path | None = None) -> tuple[Rulebook, list[Problem]]:
    """Return what the folders say without checking it against the law, and what is unreadable."""
    folders = [_Folder(path.parent, rules) for path in sorted(rules.glob("**/document.yaml"))]
    documents: list[Document] = []
    found: list[Rule] = []
    questions: dict[str, Question] = {}
    problems: list[Problem] = []
    for folder in folders:
        document, own = folder.document()
        documents.append(document)
        found += own
        questions |= folder.questions()
        problems += folder.problems
    lists = [(rules.parent, path) for path in sorted(rules.glob("baotou_districts/*.yaml"))]
    about, successors = None, ()
    if overlay:
        about, successors = _overlay(overlay, documents)
        lists += [(overlay, path) for path in sorted(overlay.glob("district_*.yaml"))]
    files = [
        (path.relative_to(rules).as_posix(), path.read_bytes())
        for path in sorted(rules.glob("**/*"))
        if path.suffix in {".yaml", ".md"}
    ]
    if overlay:
        files += [
            (f"overlay/{path.name}", path.read_bytes()) for path in sorted(overlay.glob("*.yaml"))
        ]
    rulebook = Rulebook(
        documents=tuple(documents),
        rules=tuple(found),
        questions=questions,
        facts=FACTS,
        digest=_digest(files),
        district_lists=tuple(_district_list(root, path) for root, path in lists),
        successors=tuple(successors),
        overlay=about,
        files=tuple(name for name, _ in files),
    )
    return rulebook, problems


def _refuse(file: Written, path: tuple[str | int, ...], problem: str, remedy: str) -> InputError:
    return InputError((Problem(file.place(path), problem, remedy),))


def _fields(
    file: Written, key: str, data: Any, needed: set[str], allowed: set[str]
) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _refuse(file, (key,), f"缺少 {key}。", "照 README 的格式填写。")
    mapping = cast("dict[str, Any]", data)
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
            mapping[name] = mapping[name] and _day(mapping[name])
        except ValueError:
            raise _refuse(
                file, (key, name), f"{mapping[name]} 不是日期。", "写成 2022-01-20。"
            ) from None
    return mapping


def _district_list(root: Path, path: Path) -> DistrictList:
    file = read(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    said = _fields(
        file,
        "district_list",
        file.data.get("district_list"),
        {"number", "issuer", "district", "issued", "in_force_from", "projects"},
        {"in_force_until"},
    )
    return DistrictList(
        said["number"],
        str(said["district"]),
        said["in_force_from"],
        said.get("in_force_until"),
        tuple(said["projects"]),
    )


def _overlay(
    folder: Path, documents: list[Document]
) -> tuple[dict[str, str], tuple[Successor, ...]]:
    """Return who filed an overlay, and the documents that continue or displace the trial."""
    path = folder / "overlay.yaml"
    if not path.is_file():
        raise InputError(
            (Problem(str(path), "附加目录里没有 overlay.yaml。", "见 README 的附加目录一节。"),)
        )
    file = read(path.read_text(encoding="utf-8"), path.name)
    data = file.data if isinstance(file.data, dict) else {}
    for key in data:
        if key not in {"overlay", "continued_by", "displaced_by"}:
            raise _refuse(
                file, (key,), f"不认识的键 {key}。", "可用：overlay、continued_by、displaced_by。"
            )
    about = _fields(file, "overlay", data.get("overlay"), {"of", "filed_by", "filed_on"}, {"note"})
    if about["of"] not in {document.id for document in documents}:
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
                    said["number"],
                    said["issuer"],
                    said["in_force_from"],
                    said.get("in_force_until"),
                    key == "displaced_by",
                )
            )
    return {key: str(value) for key, value in about.items()}, tuple(successors)
