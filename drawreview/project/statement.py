"""Turn a project file into a project, or into every one of its problems at once."""

from __future__ import annotations

import re

from pydantic import ValidationError

from drawreview.errors import InputError, Problem
from drawreview.project.contacts import refused
from drawreview.project.contradictions import contradictions
from drawreview.project.from_yaml import Path, Written, is_mapping, read
from drawreview.project.model import Project
from drawreview.project.wording import problems_in


def read_project(text: str, name: str) -> Project:
    """Return the project that a YAML or JSON text states.

    Raises:
        InputError: With every problem: where it stands, the value, and how to mend it.
    """
    return project_of(read(text, name))


def project_of(written: Written) -> Project:
    """Return the project of a text that has been read already; raises `InputError` likewise."""
    if not is_mapping(written.data):
        raise InputError(
            (Problem(written.name, "文件里没有项目。", "从 examples/office.yaml 改起。"),)
        )
    try:
        project = Project.model_validate(written.data)
    except ValidationError as error:
        raise InputError(problems_in(written, error, schema="project")) from None
    problems = [*refused(project), *contradictions(project)]
    if problems:
        raise InputError(
            tuple(
                Problem(f"{written.place(_path_of(p.place))}: {p.place}", p.problem, p.remedy)
                for p in problems
            )
        )
    return project


def _path_of(shown: str) -> Path:
    """Return the path that `survey.firms[0].credit_code` shows."""
    steps = re.findall(r"[^.\[\]]+", shown)
    return tuple(int(step) if step.isdigit() else step for step in steps)
