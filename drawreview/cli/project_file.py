"""Write a project file so that it reads back; comments and order stay where nothing changed."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from drawreview.project.from_yaml import is_mapping, is_sequence, read
from drawreview.project.model import PROJECT_SCHEMA


def project_file(stated: Mapping[str, Any], before: str = "") -> bytes:
    """Return the file that states a project.

    Args:
        stated: What it is to say.
        before: The file that it replaces; its comments, order and line ends stay.
    """
    if "\r\n" in before:
        return project_file(stated, before.replace("\r\n", "\n")).replace(b"\n", b"\r\n")
    stated = {"schema": PROJECT_SCHEMA, **stated}
    if before.lstrip("\ufeff \t\r\n").startswith("{"):
        return (json.dumps(stated, ensure_ascii=False, indent=2, default=_plain) + "\n").encode()
    from ruamel.yaml import YAML  # noqa: PLC0415 - only writing needs all of it

    yaml = YAML()
    yaml.width = 4096  # a long name stays on its line
    yaml.allow_unicode = True
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(Decimal, _number)
    document: Any = yaml.load(before) if before.strip() else {}
    known: Any = read(before, "").data if before.strip() else {}
    document = _changed(document, known, stated)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue().encode()


def _plain(value: object) -> float | str:
    if isinstance(value, Decimal):
        return float(value)  # at most four decimals: the shortest form is what was written
    return str(value)


def _number(representer: Any, value: Decimal) -> Any:  # noqa: ANN401 - ruamel's own
    kind = "float" if "." in f"{value:f}" else "int"
    return representer.represent_scalar(f"tag:yaml.org,2002:{kind}", f"{value:f}")


def _changed(document: Any, before: Any, after: Any) -> Any:  # noqa: ANN401 - any YAML
    """Return the document with what differs put into it; what is the same is left as written."""
    if is_mapping(before) and is_mapping(after) and hasattr(document, "items"):
        for key in [key for key in document if str(key) not in after]:
            del document[key]
        for key, value in after.items():
            if key not in before or before[key] != value:
                document[key] = _changed(document.get(key), before.get(key), value)
        return document
    if is_sequence(before) and is_sequence(after) and isinstance(document, list):
        entries = cast("list[Any]", document)
        del entries[len(after) :]
        for index, value in enumerate(after):
            if index >= len(entries):
                entries.append(_written(value))
            elif before[index] != value:
                entries[index] = _changed(entries[index], before[index], value)
        return entries
    return _written(after)


def _written(value: Any) -> Any:  # noqa: ANN401 - any YAML
    """Return a value as ruamel writes it so that it reads back; ASCII words in quotes."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString  # noqa: PLC0415

    if is_mapping(value):
        return {key: _written(part) for key, part in value.items()}
    if is_sequence(value):
        return [_written(part) for part in value]
    if isinstance(value, str) and not value.isidentifier() and value != PROJECT_SCHEMA:
        return DoubleQuotedScalarString(value)
    if isinstance(value, date):
        return value
    return value
