"""A decision: what was found, and, worked out when somebody asks, why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast

from drawreview.engine.document import (
    PATH_ZH,
    AdoptedReading,
    DecisionDocument,
    DutyOwed,
    Missing,
    PermitReason,
    Reason,
    ReviewPath,
    Warned,
    identified,
)
from drawreview.engine.doubt import contested_questions, register_warnings
from drawreview.engine.duties import duties_owed
from drawreview.engine.judgements import judgement_warnings
from drawreview.engine.permit import PermitRoute, Route, permit_route, route_alone
from drawreview.engine.reasons import reasons_in, reasons_of, word_of
from drawreview.engine.relevance import open_path_facts, path_after, read_by, telling_fields
from drawreview.installed import engine_releases
from drawreview.project.measure import Measured
from drawreview.project.personal import digest, withheld
from drawreview.rulebook.adoptions import adopted_on, under_adoptions
from drawreview.rulebook.model import Adoption, Extents, Rulebook
from drawreview.rulebook.rule import Rule
from drawreview.truth import TRUTHS, Truth

if TYPE_CHECKING:
    from drawreview.project.model import Project

Annex = Literal["annex_1", "annex_2"]


@dataclass(frozen=True)
class Standing:
    """Whether the city's document governs the day, and if not, what follows."""

    path: Literal["referred", "out_of_scope"] | None
    because: str | None = None
    question: str | None = None
    english: str | None = None


@dataclass(frozen=True)
class Decision:
    """What the two engines agreed on, for one project on one day under one rulebook."""

    project: Project
    on: date
    rulebook: Rulebook
    standing: Standing
    assumption: Literal["assume_in_force"] | None
    measured: Measured
    extents: Extents
    truths: tuple[int, ...]
    path: str | None

    @property
    def review_path(self) -> ReviewPath:
        """One of the seven paths; `undetermined` while facts are missing."""
        if self.standing.path and not self.assumption:
            return self.standing.path
        return cast("ReviewPath", self.path or "undetermined")

    @cached_property
    def truth_of(self) -> dict[str, Truth]:
        """Rule id -> the truth of its live condition."""
        truths = map(TRUTHS.__getitem__, self.truths)
        return dict(zip(self.rulebook.path.ids, truths, strict=True))

    @property
    def adopted(self) -> tuple[Adoption, ...]:
        """The readings that authorities had adopted by that day, and that were followed."""
        return adopted_on(self.rulebook, self.on)

    @property
    def supposed(self) -> dict[str, str]:
        """The readings that were chosen for this decision and that no authority has adopted."""
        adopted = {adoption.question for adoption in self.adopted}
        return {q: r for q, r in self.rulebook.readings.items() if q not in adopted}

    @property
    def _rests_on_a_supposition(self) -> bool:
        """Whether the path would be another one without the readings that were only chosen."""
        plain = self.rulebook.before_readings
        if plain is None or not self.supposed:
            return False
        return path_after(self.measured.extents, under_adoptions(plain, self.on)) != self.path

    @cached_property
    def won(self) -> tuple[Rule, ...]:
        """The rules that hold and settle the path."""
        settling = self.rulebook.settling_the_path
        return tuple(rule for rule in settling if self.truth_of[rule.id] is Truth.TRUE)

    @property
    def letter(self) -> Annex | None:
        """The annex that goes with the path; None where the path allows no letter."""
        path = self.review_path
        if path not in {"exempt", "joint_review", "deferred_review"}:
            return None
        # Annex 1 says that the project is low-risk: not while that is open (E8).
        if path == "exempt" and (self._contested or self._rests_on_a_supposition):
            return None
        letters = self.rulebook.letters
        found = (annex for place, annex in letters if self.truths[place] == Truth.TRUE)
        return cast("Annex | None", next(found, None))

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The open questions on which the path depends."""
        return self._questions

    @cached_property
    def _contested(self) -> tuple[str, ...]:
        base = self.measured.extents
        return tuple(contested_questions(self.rulebook, base, self.extents, self.path))

    @cached_property
    def _questions(self) -> tuple[str, ...]:
        if self.standing.path and not self.assumption:
            return (self.standing.question,) if self.standing.question else ()
        city = self.rulebook.city
        depends = list(self._contested)
        if self.path == "referred" and city.gap:
            depends = [city.gap.question]
        if self.assumption and city.trial:
            depends.append(self.standing.question or city.trial.question)
        return tuple(dict.fromkeys(depends))

    @property
    def certainty(self) -> Literal["robust", "depends"]:
        """Whether every admissible reading of every contested phrase gives this path."""
        return "depends" if self.depends_on else "robust"

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """The fields of the project file that could still change the path."""
        if self.review_path != "undetermined":
            return ()
        base = {name: self.extents[name] for name in self.measured.extents}
        found: dict[str, Missing] = {}
        for fact in open_path_facts(self.rulebook, base):
            for field in telling_fields(self.rulebook, self.measured, fact):
                rule, phrase = read_by(self.rulebook, self.extents, fact, field)
                # Whether it is a building at all is best read in the words on its nature.
                if field not in found or (field, fact) == ("category", "building_use"):
                    found[field] = Missing(field, fact, rule.clause, phrase.words)
        return tuple(found.values())

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every phrase of every rule that bears on the path, won or lost."""
        return reasons_in(reasons_of(self.rulebook, self.extents, self.truths))

    @cached_property
    def permit(self) -> PermitRoute:
        """Whether the permit can be had on commitment; a question apart from the path."""
        return permit_route(self.rulebook, self.extents, self.measured, self.review_path)

    @property
    def permit_route(self) -> Route | None:
        """The permit route, for those who do not ask why."""
        return route_alone(self.rulebook, self.extents, self.review_path)

    @cached_property
    def duties(self) -> tuple[DutyOwed, ...]:
        """Who must do what, where the path is decided."""
        if self.review_path not in {"exempt", "joint_review", "deferred_review"}:
            return ()
        return duties_owed(self.rulebook, self.truths)

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """What the register of open questions says about this project, and other doubts."""
        if self.standing.path and not self.assumption:
            return ()
        return (*register_warnings(self.rulebook, self.extents), *self._own_warnings())

    def _own_warnings(self) -> list[Warned]:
        found: list[Warned] = []
        notice = self.project.district_list
        if notice and self.measured.extents["district_listed"] == (0, 0):
            text = f"「{notice}」没有收录在案、不在有效期或没有点名本项目，不因此免审"
            found.append(Warned(question="A17", clause="二(一)1(2)", text=text))
        found += judgement_warnings(self.project, self.on, exempt=self.review_path == "exempt")
        day = self.project.review_commissioned_on
        if isinstance(day, date) and day > self.on:
            text = f"委托施工图审查日期 {day.isoformat()} 晚于决定日期，请核对"
            found.append(Warned(question="B10", clause="尾s3", text=text))
        if self.project.survey.not_surveyed and self.project.works == "new_build":
            text = "新建项目声明未经勘察；承诺书（六）「先勘察后设计」仍须承诺，请核实理由"
            found.append(Warned(question="E2", clause="附件1·备注2", text=text))
        if self.assumption and self.standing.because:
            text = f"假定有效，仅供测算：{self.standing.because}"
            found.append(Warned(question=self.standing.question or "B1", clause="尾s1", text=text))
        return found

    @property
    def decision_id(self) -> str:
        """The SHA-256 of the decision's content."""
        return self._identified[0]

    @property
    def written(self) -> bytes:
        """The published JSON document as bytes, in one form only."""
        return self._identified[1]

    @cached_property
    def _identified(self) -> tuple[str, bytes]:
        return self.written_by(engine_releases())

    def written_by(self, engine: Mapping[str, str]) -> tuple[str, bytes]:
        """Return the id and the bytes that these releases of the packages would have written."""
        reasons = reasons_of(self.rulebook, self.extents, self.truths)
        return identified(self._outline(engine), reasons)

    @cached_property
    def document(self) -> DecisionDocument:
        """The published JSON document, part by part."""
        outline = self._outline(engine_releases())
        return replace(outline, decision_id=self.decision_id, reasons=self.reasons)

    @cached_property
    def project_digest(self) -> str:
        """The SHA-256 of what the project states without what is about persons."""
        return digest(self.project)

    @cached_property
    def withheld(self) -> tuple[dict[str, Any], dict[str, str]]:
        """What the project states without what is about persons, and that, by its place."""
        return withheld(self.project)

    def _outline(self, engine: Mapping[str, str]) -> DecisionDocument:
        """Return the document without its id, and without the reasons, which are most of it."""
        law = self.rulebook
        overlay = law.overlay or {}
        return DecisionDocument(
            schema="drawreview/decision@1",
            decision_id="",
            on=self.on.isoformat(),
            project={"name": self.project.name, "digest": self.project_digest},
            review_path=self.review_path,
            review_path_zh=PATH_ZH[self.review_path],
            letter=self.letter,
            certainty=self.certainty,
            depends_on=self.depends_on,
            assumption=self.assumption,
            because=self.standing.because,
            reasons=(),
            missing=self.missing,
            permit_route=self.permit.route,
            permit_reasons=_told(self.permit.reasons),
            permit_missing=self.permit.missing,
            duties=self.duties,
            warnings=self.warnings,
            rulebook={
                "id": law.id,
                "digest": law.digest,
                "overlay": overlay.get("filed_by"),
                "overlay_filed_on": overlay.get("filed_on"),
            },
            readings=dict(law.readings),
            adopted_readings=tuple(
                AdoptedReading(a.question, a.reading, a.number, a.issuer, a.issued.isoformat())
                for a in self.adopted
            ),
            engine=dict(engine),
        )

    def to_json(self) -> str:
        """Return the document as indented JSON."""
        return json.dumps(asdict(self.document), ensure_ascii=False, indent=2)


@lru_cache(maxsize=1_024)
def _told(reasons: tuple[tuple[str, str, Truth], ...]) -> tuple[PermitReason, ...]:
    """Return what opens or closes the permit route, as the document has it."""
    return tuple(PermitReason(clause, words, word_of(truth)) for clause, words, truth in reasons)
