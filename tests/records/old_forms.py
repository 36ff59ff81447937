"""Forms of an earlier day: another template, and fonts with fewer characters."""

from __future__ import annotations

import io
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from fontTools import ttLib
from fontTools.subset import Options, Subsetter

from drawreview import load_rulebook
from drawreview.paths import FORMS
from drawreview.rulebook.archive import archived

_FOOT = "存证编号　决定编号　序号前条的根：〔个人信息〕各栋情况。详见本决定的项目资料层数不一"


def forms_of_old(folder: Path, said: str) -> Path:
    """Make a folder of forms that can print what a project says."""
    shutil.copytree(FORMS, folder)
    template = folder / "baotou_2021_8" / "letter.typ"
    words = template.read_text("utf-8") + said + _FOOT + "".join(map(chr, range(32, 127)))
    words += "".join(load_rulebook().city.clauses.values())
    template.write_text(f"#set text(tracking: 0.01pt)\n{template.read_text('utf-8')}", "utf-8")
    for path in (folder / "fonts").glob("*.otf"):
        path.write_bytes(_with_characters(path.read_bytes(), words))
    return folder


def _with_characters(font: bytes, words: str) -> bytes:
    library: Any = ttLib  # the stub knows no more than the product needs
    made, out = library.TTFont(io.BytesIO(font), recalcTimestamp=False), io.BytesIO()
    subsetter = Subsetter(Options(notdef_outline=True, name_IDs=["*"]))
    subsetter.populate(text=words)
    subsetter.subset(made)
    made.save(out)
    return out.getvalue()


def forms_in(folder: Path) -> tuple[bytes, dict[str, bytes]]:
    """Return forms and fonts as a letter's record refers to them."""
    files = [path for path in folder.glob("**/*") if path.is_file()]
    named = [(path.relative_to(folder), path.read_bytes()) for path in files]
    forms = archived((n.as_posix(), c) for n, c in named if n.parts[0] != "fonts")
    return forms, {n.name: c for n, c in named if n.suffix == ".otf"}


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()
