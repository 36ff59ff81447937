"""The commands and their options."""

from __future__ import annotations

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
    help="施工图审查分流：依包府办发〔2021〕8号判定审查方式，出具承诺书。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
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
