"""`drawreview schema`: the JSON Schemas of the files, and of the published answers."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Literal

import typer


def schema_command(
    what: Annotated[
        Literal["project", "events", "decision", "gates", "deadlines", "record", "rule"],
        typer.Argument(help="project、events、decision、gates、deadlines、record 或 rule"),
    ],
) -> None:
    """打印 JSON Schema。"""
    if what == "rule":
        from drawreview.rulebook.schema import rule_schema  # noqa: PLC0415

        schema = rule_schema()
    elif what == "project":
        from drawreview.project.model import Project  # noqa: PLC0415

        schema = Project.model_json_schema(by_alias=True)
    elif what == "events":
        from drawreview.site.events import EventFile  # noqa: PLC0415

        schema = EventFile.model_json_schema(by_alias=True)
    elif what == "deadlines":
        from drawreview.site.schedule_to_json import DeadlinesDocument  # noqa: PLC0415

        schema = DeadlinesDocument.model_json_schema(mode="serialization")
    elif what == "gates":
        from drawreview.site.answer_to_json import GatesDocument  # noqa: PLC0415

        schema = GatesDocument.model_json_schema(mode="serialization")
    elif what == "record":
        from drawreview.records.body import record_schema  # noqa: PLC0415

        schema = record_schema()
    else:
        from pydantic import TypeAdapter  # noqa: PLC0415

        from drawreview.engine.document import DecisionDocument  # noqa: PLC0415

        schema = TypeAdapter(DecisionDocument).json_schema(mode="serialization")
    sys.stdout.write(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")
