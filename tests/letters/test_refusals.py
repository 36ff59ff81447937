"""Nobody gets a letter that says more than was decided."""

from __future__ import annotations

from datetime import date

import pytest

from drawreview.errors import LetterError
from drawreview.letters import blank_letter, fill_letter


def problems(decision, clauses, **options):
    with pytest.raises(LetterError) as caught:
        fill_letter(decision, clauses=clauses, **options)
    return caught.value.problems


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("prior_review", "继续办结"),
        ("undetermined", "事实不全"),
        ("referred", "请示"),
        ("out_of_scope", "不在本办法适用范围"),
    ],
)
def test_a_decision_without_a_letter_says_why(decision, clauses, path, why):
    (problem,) = problems(decision(None, review_path=path), clauses)
    assert why in str(problem)


def test_annex_1_is_refused_to_a_project_that_is_not_exempt(decision, clauses):
    (problem,) = problems(decision(review_path="deferred_review"), clauses)
    assert "不得使用附件1" in problem.problem


def test_annex_1_is_refused_while_the_exemption_depends_on_a_question(decision, clauses):
    (problem,) = problems(decision(certainty="depends", depends_on=("storey_height",)), clauses)
    assert "storey_height" in problem.problem


def test_annex_2_is_refused_to_an_exempt_project(decision, clauses):
    (problem,) = problems(decision("annex_2", review_path="exempt"), clauses)
    assert "附件2与此相反" in problem.problem


def test_annex_2_is_written_while_its_path_depends_on_a_question(decision, clauses):
    letter = decision("annex_2", certainty="depends", depends_on=("storey_height",))
    assert fill_letter(letter, clauses=clauses, formats=["pdf"])


def test_annex_2_without_an_upload_date_is_refused(decision, clauses):
    (problem,) = problems(decision("annex_2", permit={}), clauses)
    assert problem.place == "permit.drawings_uploaded_on"


@pytest.mark.parametrize(("day", "refused"), [(28, False), (1, False), (2, True)])
def test_annex_2_cannot_promise_an_upload_after_its_own_date(decision, clauses, day, refused):
    uploaded = date(2021, 2 if day == 28 else 3, day)
    letter = decision("annex_2", permit={"drawings_uploaded_on": uploaded})
    if refused:
        assert "晚于" in problems(letter, clauses)[0].problem
    else:
        assert fill_letter(letter, clauses=clauses, formats=["pdf"])


def test_a_project_both_surveyed_and_not_is_refused(decision, clauses):
    survey = {"not_surveyed": "装修", "commissioned": "2020-11"}
    assert problems(decision(survey=survey), clauses)[0].place == "survey"


def test_every_reason_is_given_at_once(decision, clauses):
    letter = decision("annex_2", permit={}, name="𪨊\ue000项目", decision_id="1")
    places = [each.place for each in problems(letter, clauses, formats=["odt"])]
    assert places == [
        "formats",
        "permit.drawings_uploaded_on",
        "decision.decision_id",
        "name",
        "name",
    ]


def test_an_unknown_annex_is_refused(clauses):
    with pytest.raises(LetterError, match="annex_3"):
        blank_letter("annex_3", clauses=clauses, on=date(2021, 3, 1))


def test_what_does_not_fit_two_pages_is_refused_and_the_longest_field_is_named(decision, clauses):
    (problem,) = problems(decision(name="长" * 2000, address="远" * 1999), clauses)
    assert "项目名称（2000字）" in problem.remedy
