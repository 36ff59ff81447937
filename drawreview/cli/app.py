"""The commands and their options."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from drawreview.cli import (
    ask,
    bundle,
    deadlines,
    decide,
    explain,
    gates,
    journal,
    law,
    letter,
    notice,
    questions,
    replay,
    schema,
    serve,
    whatif,
)

app = typer.Typer(
    name="drawreview",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    """Print which program, engine and rules these are, and end."""
    if not asked:
        return
    from drawreview.installed import engine_releases  # noqa: PLC0415 - rarely asked for
    from drawreview.rulebook.load import load_rulebook  # noqa: PLC0415

    for name, release in engine_releases().items():
        sys.stdout.write(f"{name} {release}\n")
    law = load_rulebook()
    sys.stdout.write(f"{law.id} {law.digest}\n")
    raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_version, help="印出版本：程序、引擎、规则"
        ),
    ] = False,
) -> None:
    """施工图审查分流：依包府办发〔2021〕8号判定审查方式，出具承诺书。"""
    del version


app.command("decide")(decide.decide_command)
app.command("ask")(ask.ask_command)
app.command("explain")(explain.explain_command)
app.command("whatif")(whatif.whatif_command)
app.command("letter")(letter.letter_command)
app.command("notice")(notice.notice_command)
app.command("deadlines")(deadlines.deadlines_command)
app.command("gates")(gates.gates_command)
app.command("schema")(schema.schema_command)
app.command("questions")(questions.questions_command)
app.command("serve")(serve.serve_command)
app.command("replay")(replay.replay_command)
app.add_typer(law.app, name="law")
journal.app.command("export")(bundle.export_command)
journal.app.command("import")(bundle.import_command)
journal.app.command("witness")(bundle.witness_command)
app.add_typer(journal.app, name="journal")
app.add_typer(serve.user_app, name="user")
