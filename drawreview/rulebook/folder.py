"""Read one document's folder: its identity, its rules and its open questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, cast

from drawreview.condition.ast import All, Compare, Operator
from drawreview.condition.from_yaml import ConditionReader
from drawreview.errors import InputError, Problem
from drawreview.project.facts import FACTS
from drawreview.project.from_yaml import Written, is_mapping, is_sequence, read
from drawreview.rulebook.clauses import parse_clauses
from drawreview.rulebook.model import Document, Gap, Question, Trial
from drawreview.rulebook.rule import (
    EVERYTHING,
    Conclusion,
    Consequence,
    Deadline,
    Duty,
    Rule,
    StageGate,
)

_RULE_KEYS: Final = {"clause", "for", "when", "then", "overrides", "defined_by", "under"}
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
    "stages",
    "english",
}
_QUESTION_MAY_LACK: Final = {"otherwise", "warn_when", "says", "stages", "english"}
_DOCUMENT_KEYS: Final = {
    *("id", "title", "number", "issuer", "published", "last_verified_on", "issued", "trial"),
    *("displaced_by", "gap", "in_force_from", "amended", "seen", "level"),
}
_NOT_RULES: Final = {"document.yaml", "coverage.yaml", "open_questions.yaml"}
_GAP_RULE: Final = "commissioning_gap"


class DocumentFolder:
    """One document's folder; collects problems so that all are reported at once."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = root
        self.problems: list[Problem] = []

    def written(self, name: str) -> Written:
        """Return what a file of the folder says; an unreadable one is reported and empty."""
        file = self.folder / name
        shown = file.relative_to(self.root.parent).as_posix()
        try:
            return read(file.read_text(encoding="utf-8"), shown)
        except InputError as error:
            self.problems.extend(error.problems)
            return Written({}, {}, shown)

    def report(self, file: Written, path: tuple[str | int, ...], problem: str, remedy: str) -> None:
        """Note a problem at the line of a part of a file."""
        self.problems.append(Problem(file.place(path), problem, remedy))

    def keys(
        self, file: Written, path: tuple[str | int, ...], data: object, known: set[str]
    ) -> bool:
        """Whether a part is keys and values; unknown keys are reported."""
        if not is_mapping(data):
            self.report(
                file, path, "这里应是若干键和值。", f"可用的键：{'、'.join(sorted(known))}。"
            )
            return False
        for key in data:
            if key not in known:
                self.report(
                    file,
                    (*path, key),
                    f"不认识的键 {key}。",
                    f"可用的键：{'、'.join(sorted(known))}。",
                )
        return True

    def reader(self, file: Written) -> ConditionReader:
        """Return a reader of conditions that reports into this folder."""
        return ConditionReader(
            FACTS, lambda path, problem, remedy: self.report(file, path, problem, remedy)
        )

    def rules(
        self, file: Written, entries: object, at: tuple[str, ...], document: str
    ) -> Iterable[Rule]:
        """Yield the rules of a file."""
        for rule_id, entry in cast("dict[str, Any]", entries or {}).items():
            path = (*at, rule_id)
            if not self.keys(file, path, entry, _RULE_KEYS):
                continue
            missing = {"clause", "when", "then"} - set(entry)
            if missing:
                self.report(file, path, f"规则缺少 {'、'.join(sorted(missing))}。", "补上。")
                continue
            defined_by = entry.get("defined_by")
            at_source = {"document", "clause", "words"}
            if defined_by and not self._whole(file, (*path, "defined_by"), defined_by, at_source):
                continue
            yield Rule(
                id=rule_id,
                document=document,
                clause=str(entry["clause"]),
                when=self.reader(file).when(entry["when"], (*path, "when")),
                then=tuple(self._conclusions(file, entry["then"], (*path, "then"))),
                overrides=tuple(entry.get("overrides") or ()),
                defined_by=defined_by,
                place=file.place(path),
                scope=self.reader(file).when(entry["for"], (*path, "for"))
                if "for" in entry
                else EVERYTHING,
                under=tuple(self._under(file, entry.get("under") or {}, (*path, "under"))),
            )

    def _under(
        self, file: Written, entries: object, path: tuple[str, ...]
    ) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Yield the questions, with those of their readings, under which a rule stands."""
        if not is_mapping(entries):
            self.report(file, path, "under 应写「问题编号: [读法]」。", "例如 {C1: [annex_1]}。")
            return
        for question, readings in entries.items():
            if is_sequence(readings):
                yield question, tuple(map(str, readings))
            else:
                self.report(file, (*path, question), "这里应是列表。", "例如 [annex_1]。")

    def _conclusions(
        self, file: Written, entries: object, path: tuple[str, ...]
    ) -> Iterable[Conclusion]:
        if not is_mapping(entries) or not entries:
            self.report(file, path, "then 应写结论。", "写「短语: {review_path: exempt}」等。")
            return
        for words, says in entries.items():
            at = (*path, words)
            derived = {name for name, fact in FACTS.items() if fact.derived}
            if not self.keys(file, at, says, derived | {"letter", *_TOLD}):
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
            told = {
                name: make(words, says[name])
                for name, (keys, make) in _TOLD.items()
                if name in says and self._whole(file, (*at, name), says[name], keys)
            }
            yield Conclusion(words, tuple(settles), says.get("letter"), **told)

    def _whole(self, file: Written, path: tuple[str, ...], data: object, keys: set[str]) -> bool:
        """Whether all keys without a `?` are there; reports those that are not."""
        if not self.keys(file, path, data, {key.rstrip("?") for key in keys}):
            return False
        said = set(cast("dict[str, Any]", data))
        missing = {key for key in keys if not key.endswith("?")} - said
        if missing:
            self.report(file, path, f"缺少 {'、'.join(sorted(missing))}。", "补上。")
        return not missing

    def document(self) -> tuple[Document, list[Rule]]:
        """Return the document and its rules."""
        file = self.written("document.yaml")
        self.keys(file, (), file.data, {"document", "transition"})
        about = dict(file.data.get("document") or {})
        self.keys(file, ("document",), about, _DOCUMENT_KEYS)
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
        """Return the register of open questions, if the folder has one."""
        if not (self.folder / "open_questions.yaml").exists():
            return {}
        file = self.written("open_questions.yaml")
        found: dict[str, Question] = {}
        for name, entry in file.data.items():
            if not self.keys(file, (name,), entry, _QUESTION_KEYS):
                continue
            missing = _QUESTION_KEYS - _QUESTION_MAY_LACK - set(entry)
            if missing:
                self.report(file, (name,), f"缺少 {'、'.join(sorted(missing))}。", "补上。")
                continue
            found[name] = self._question(file, name, entry)
        return found

    def _question(self, file: Written, name: str, entry: dict[str, Any]) -> Question:
        reader = self.reader(file)
        otherwise = dict(entry.get("otherwise") or {})
        rules = tuple(otherwise.pop("rules", ()))
        english: dict[str, Any] = entry.get("english") or {}
        if not self.keys(file, (name, "english"), english, {"says", "readings"}):
            english = {}
        venues = any(value == {"single_venue": True} for value in otherwise.values())
        warn = entry.get("warn_when")
        overridden = None
        if is_mapping(warn) and "overridden" in warn:
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
            stages=tuple(entry.get("stages") or ()),
            english=english.get("says"),
            readings_english=english.get("readings", {}),
        )


def _day(value: object) -> date:
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


def _duty(words: str, said: dict[str, Any]) -> Duty:
    rest = (said.get(key) for key in ("before", "upon", "within_workdays"))
    return Duty(words, tuple(said["who"]), said["what"], *rest)


def _deadline(_: str, said: dict[str, Any]) -> Deadline:
    return Deadline(said["what"], said["within_workdays"], said["from"])


def _stage(_: str, said: dict[str, Any]) -> StageGate:
    return StageGate(tuple(said["names"]), said["may_start"])


def _consequence(_: str, said: dict[str, Any]) -> Consequence:
    return Consequence(tuple(said["who"]), said["what"])


# What a conclusion may tell besides facts: its keys (`?` marks those that may be left out).
_TOLD: Final[dict[str, tuple[set[str], Callable[[str, dict[str, Any]], Any]]]] = {
    "duty": ({"who", "what", "before?", "upon?", "within_workdays?"}, _duty),
    "deadline": ({"what", "within_workdays", "from"}, _deadline),
    "stage": ({"names", "may_start"}, _stage),
    "consequence": ({"who", "what"}, _consequence),
}


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
