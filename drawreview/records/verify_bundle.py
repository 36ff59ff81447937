"""Verify a bundle with nothing but Python's standard library; this file travels in the bundle.

It gives three verdicts, each for itself: the bytes are intact; they agree with the checkpoint that
the auditor already holds; decisions, deadlines and letters reproduce. Nothing in a bundle vouches
for itself: keys and checkpoints are trusted only where they come from outside. It runs on Python
3.8 and later.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:  # Python 3.8 reads no annotation, but it would read these
    from collections.abc import Iterator

    _Point = tuple[int, int, int, int]  # x·z, y·z, z, x·y·z

HOLDS, FAILS, UNCHECKED = "holds", "fails", "not_checked"
VERDICTS = ("intact", "consistent", "reproduces")
_STATUS = {HOLDS: 0, UNCHECKED: 4, FAILS: 1}  # the worst last
_SAID = {
    "intact": "字节完整",
    "consistent": "与我持有的检查点一致",
    "reproduces": "决定、期限和承诺书可以重现",
    HOLDS: "成立",
    FAILS: "不成立",
    UNCHECKED: "未核对",
}
_UNSIGNED = "字节自相一致，但签名没有核对（没有给 --key）：谁都做得出这样的包"
_MANIFEST = "manifest.json"
# What damaged or hostile files make of reading: flags and methods nobody has, nesting without end.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
_PARTS = (
    *("records.jsonl", "checkpoint.note", "checkpoints.jsonl", "keys.json"),
    *("verify.py", "README.txt"),
)
_AFTER_LOSS = "/after-loss-"
_PROOF_HEAD = "c2sp.org/tlog-proof@v1"
_MOST_SIGNATURES = 1000  # each costs some milliseconds here; the roots are all checked


class Verdict(NamedTuple):
    """One of the three verdicts, what it rests on, and what it does not reach."""

    verdict: str
    because: list[str]
    beyond: list[str] = []  # noqa: RUF012 - never changed


class Held(NamedTuple):
    """What the auditor holds apart from the bundle: keys, and a checkpoint seen earlier."""

    vkeys: tuple[str, ...]
    checkpoint: str | None


class BundleError(ValueError):
    """The file is not a bundle, or a part of it is not what it should be."""


# --- Ed25519, RFC 8032, verification only -----------------------------------------------------

_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_1 = pow(2, (_P - 1) // 4, _P)


def _add(one: _Point, two: _Point) -> _Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(factor: int, point: _Point) -> _Point:
    found = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = _add(found, point)
        point = _add(point, point)
        factor >>= 1
    return found


def _point(raw: bytes) -> _Point | None:
    """Return the point that 32 bytes name, or None if there is none."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _ROOT_OF_MINUS_1 % _P
    if (x * x - x2) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _base() -> _Point:
    found = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
    if found is None:
        raise AssertionError
    return found


_BASE = _base()


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature over a message is that of a public key."""
    if len(public) != 32 or len(signature) != 64:  # noqa: PLR2004 - RFC 8032
        return False
    key, commitment = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or s >= _Q:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(hashed, "little") % _Q
    left, right = _times(s, _BASE), _add(commitment, _times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % _P == 0


# --- The tree, RFC 6962 -----------------------------------------------------------------------


class Tree:
    """A Merkle tree that grows leaf by leaf and holds its peaks only."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, body: bytes) -> None:
        """Append a record."""
        found = hashlib.sha256(b"\x00" + body).digest()
        size = self.size
        while size & 1:
            found = hashlib.sha256(b"\x01" + self._peaks.pop() + found).digest()
            size >>= 1
        self._peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = hashlib.sha256(b"\x01" + peak + found).digest()
        return found


def includes(root: bytes, size: int, index: int, body: bytes, proof: list[bytes]) -> bool:
    """Whether a proof leads from a record to the root of a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    found = hashlib.sha256(b"\x00" + body).digest()
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = hashlib.sha256(b"\x01" + sibling + found).digest()
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + sibling).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


# --- Notes and checkpoints, C2SP signed-note and tlog-checkpoint ------------------------------


_SIGNATURE = re.compile("\u2014 ([^ ]+) ([^ ]+)\\Z")


class Note(NamedTuple):
    """A checkpoint as a note says it, nothing of it verified yet."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes]]


def note_of(written: str) -> Note:
    """Return what the text of a checkpoint says; raises BundleError."""
    text, parted, lines = written.rpartition("\n\n")
    said = text.split("\n")
    signed = [_SIGNATURE.match(line) for line in lines.splitlines()]
    try:
        signatures = [(one[1], base64.b64decode(one[2], validate=True)) for one in signed if one]
        root = base64.b64decode(said[2], validate=True)
        whole = parted and all(signed) and re.match(r"(0|[1-9][0-9]*)\Z", said[1])
    except (ValueError, IndexError):
        whole, signatures, root = None, [], b""
    if not whole:
        raise BundleError("不是检查点：应有来源、记录数、根和签名")
    return Note(text + "\n", said[0], int(said[1]), root, signatures)


def signer_of(note: Note, vkeys: tuple[str, ...]) -> str | None:
    """Return the name of a trusted key that signed the note; None if none did.

    Raises BundleError where a signature bears a trusted key's name and is false.
    """
    signer = None
    for vkey in vkeys:
        name, key_id, material = vkey.strip().split("+", 2)
        raw = base64.b64decode(material)
        expected = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        if expected.hex() != key_id or raw[0] not in (1, 4):
            raise BundleError(f"{vkey.strip()}: 不是验证公钥")
        for signed_by, signature in note.signatures:
            if signed_by != name or signature[:4] != expected:
                continue
            signed, message = signature[4:], note.text.encode()
            if raw[0] == 4:  # noqa: PLR2004 - a witness signs the time too
                at = int.from_bytes(signed[:8], "big")
                signed, message = signed[8:], f"cosignature/v1\ntime {at}\n{note.text}".encode()
            if not ed25519_holds(raw[1:], signed, message):
                raise BundleError(f"{name} 的签名是假的")
            signer = name if raw[0] == 1 else signer
    return signer


# --- The bundle -------------------------------------------------------------------------------


def lines_of(bundle: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield the lines of a file of the bundle, without their ends."""
    with bundle.open(name) as file:
        for line in file:
            yield line[:-1] if line.endswith(b"\n") else line


def manifest_of(bundle: zipfile.ZipFile) -> dict[str, Any]:
    """Return the manifest of a bundle; raises BundleError."""
    try:
        manifest = json.loads(bundle.read(_MANIFEST))
        if manifest["schema"] != "drawreview/bundle@1":
            raise BundleError("不认识这种存证包的版本")
    except (KeyError, ValueError, TypeError):
        raise BundleError("存证包里没有可读的 manifest.json") from None
    return manifest


def damaged_files(bundle: zipfile.ZipFile, manifest: dict[str, Any]) -> list[str]:
    """Return what is wrong with the files of a bundle: missing, strange, doubled or changed."""
    names = bundle.namelist()
    listed = manifest["files"]
    wrong = [f"{name}: 清单里缺少" for name in _PARTS if name not in listed]
    wrong += [f"{name}: 出现两次" for name in sorted({n for n in names if names.count(n) > 1})]
    wrong += [f"{name}: 清单里没有" for name in sorted(set(names) - set(listed) - {_MANIFEST})]
    wrong += [f"{name}: 缺少" for name in sorted(set(listed) - set(names))]
    for name in sorted(set(listed) & set(names)):
        total = hashlib.sha256()
        try:
            with bundle.open(name) as file:
                for part in iter(lambda: file.read(1 << 20), b""):
                    total.update(part)
        except (*_BROKEN, OSError):
            wrong.append(f"{name}: 读不出来")
            continue
        if total.hexdigest() != listed[name]:
            wrong.append(f"{name}: 字节变了")
        if name.startswith("blobs/") and name[len("blobs/") :] != total.hexdigest():
            wrong.append(f"{name}: 内容与名称不符")
    return wrong


def verify(path: Path, held: Held) -> dict[str, Verdict]:
    """Return the verdicts on the bytes of a bundle and on its agreement with what is held."""
    try:
        with zipfile.ZipFile(path) as bundle:
            return _verified(bundle, held)
    except (BundleError, *_BROKEN, KeyError, ValueError, TypeError) as error:
        said = _unreadable(error)
        return {
            "intact": Verdict(FAILS, [said]),
            "consistent": Verdict(UNCHECKED if held.checkpoint is None else FAILS, [said]),
        }


def _unreadable(error: Exception) -> str:
    """Say in plain words why a file could not be read as a bundle."""
    if isinstance(error, BundleError):
        return str(error)
    if isinstance(error, _BROKEN):
        return "不是存证包（.zip），或已损坏"
    return "内容不是存证包的写法，或已损坏"


def _verified(bundle: zipfile.ZipFile, held: Held) -> dict[str, Verdict]:
    manifest = manifest_of(bundle)
    wrong = damaged_files(bundle, manifest)
    newest = note_of(bundle.read("checkpoint.note").decode())
    wrong += misstated(bundle, manifest, newest)
    mine = None if held.checkpoint is None else note_of(held.checkpoint)
    partial = manifest["indexes"] is not None
    found = _included(bundle, manifest, newest, mine) if partial else _grown(bundle, newest, mine)
    wrong += found.wrong
    said = [f"{found.records} 条记录，根 {newest.root.hex()[:16]}"]
    signer = None
    if bundle.read("verify.py") != Path(__file__).read_bytes():
        said.append("包内的 verify.py 不是正在运行的这一份")
    try:
        signer = signer_of(newest, held.vkeys)
        if held.vkeys and signer is None:
            wrong.append("最新检查点没有由您给出的公钥签名")
        listed = {key["vkey"] for key in json.loads(bundle.read("keys.json"))}
        given = {vkey.strip() for vkey in held.vkeys if vkey.startswith(f"{signer}+")}
        if given - listed:
            wrong.append(f"keys.json 里没有 {signer} 的公钥")
        said.append(f"由 {signer} 签名" if signer else _UNSIGNED)
        told, missed = _signatures(bundle, manifest, held.vkeys)
        said += told
        wrong += missed
    except BundleError as error:
        wrong.append(str(error))
    # Without a key from outside, bytes agree with themselves, as those of every forgery do.
    intact = Verdict(FAILS, wrong) if wrong else Verdict(HOLDS if signer else UNCHECKED, said)
    return {"intact": intact, "consistent": _consistent(newest, mine, found, held)}


def _signatures(
    bundle: zipfile.ZipFile, manifest: dict[str, Any], vkeys: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Check who signed the earlier checkpoints and the declared losses, if they are not too many.

    Whoever gives every key that the journal had expects every one to be signed by them.
    """
    if not vkeys:
        return [], []
    notes = [json.loads(line)["note"] for line in lines_of(bundle, "checkpoints.jsonl")]
    notes += [loss[name] for loss in manifest["losses"] for name in ("newest", "note")]
    if len(notes) > _MOST_SIGNATURES:
        return [f"较早的 {len(notes)} 个检查点只核对了根，没有逐个核对签名"], []
    signed = sum(signer_of(note_of(note), vkeys) is not None for note in notes)
    told = f"{len(notes)} 个检查点中 {signed} 个由您给出的公钥签名"
    every = {key["vkey"] for key in json.loads(bundle.read("keys.json"))} <= set(vkeys)
    return [told], [told] if every and signed < len(notes) else []


def misstated(bundle: zipfile.ZipFile, manifest: dict[str, Any], newest: Note) -> list[str]:
    """Return what a bundle says beside its records that the signed checkpoint or they do not."""
    wrong: list[str] = []
    if manifest["size"] != newest.size:
        wrong.append(f"清单说日志有 {manifest['size']} 条记录，检查点说有 {newest.size} 条")
    if manifest["origin"] != _journal(newest):
        wrong.append(f"清单说日志是 {manifest['origin']}，检查点是 {newest.origin} 的")
    for number, loss in enumerate(manifest["losses"], start=1):
        told, last = note_of(loss["note"]), note_of(loss["newest"])
        where = told.size == loss["size"] and told.origin.endswith(f"{_AFTER_LOSS}{number}")
        if not where or last.size < told.size or _journal(told) != _journal(newest):
            wrong.append(f"申报的第 {number} 次遗失不成立")
    stated = [json.loads(line) for line in lines_of(bundle, "checkpoints.jsonl")]
    wrong += [
        f"检查点列在记录数 {each['size']} 之下，自称 {note_of(each['note']).size}"
        for each in stated
        if each["size"] != note_of(each["note"]).size
    ]
    if bundle.read("checkpoint.note").decode() not in [each["note"] for each in stated]:
        wrong.append("最新检查点不在所有检查点之内")
    return wrong[:20] + _not_carried(bundle, manifest)


def _not_carried(bundle: zipfile.ZipFile, manifest: dict[str, Any]) -> list[str]:
    """Return what the records refer to that is not there, or there as something else."""
    kinds = manifest["blobs"]
    there = {n[len("blobs/") :] for n in bundle.namelist() if n.startswith("blobs/")}
    keys = {key["vkey"] for key in json.loads(bundle.read("keys.json"))}
    wrong = [f"blobs/{name}: 清单没有写明是什么" for name in sorted(there - set(kinds))]
    wrong += [f"blobs/{name}: 缺少" for name in sorted(set(kinds) - there)]
    referred: dict[str, str] = {}
    for body in lines_of(bundle, "records.jsonl"):
        try:
            said = json.loads(body)
            referred.update(_contents_of(said))
            if said["kind"] == "key_rotation" and said["vkey"] not in keys:
                wrong.append(f"keys.json 里没有记录 {said['id']} 换上的公钥")
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # no record, which a replay tells
    wrong += [
        f"记录所据的 {kind} {name[:12]} 不在包里"
        for name, kind in sorted(referred.items())
        if kinds.get(name) != kind
    ]
    return wrong[:20]


def _contents_of(said: dict[str, Any]) -> dict[str, str]:
    """Return the contents that a record was made from, by SHA-256, and what each is."""
    if said["kind"] in ("decision", "events"):
        found = {said["law"]["pack"]: "rules", said["law"]["calendar"]: "calendar"}
    elif said["kind"] == "letter":
        found = {said["forms"]: "forms", **dict.fromkeys(said["fonts"].values(), "font")}
    else:
        found = {}
    return {name: kind for name, kind in found.items() if name is not None}


class _Found(NamedTuple):
    records: int
    wrong: list[str]
    root_at_held: bytes | None  # of the records themselves, never what the bundle claims


def _grown(bundle: zipfile.ZipFile, newest: Note, mine: Note | None) -> _Found:
    """Grow the tree over all records; compare its root at each checkpoint."""
    roots = {0: hashlib.sha256(b"").digest()}
    wanted: dict[int, bytes] = {newest.size: newest.root}
    wrong: list[str] = []
    for line in lines_of(bundle, "checkpoints.jsonl"):
        note = note_of(json.loads(line)["note"])
        if wanted.setdefault(note.size, note.root) != note.root:
            wrong.append(f"记录数 {note.size} 有两个不同的检查点")
        if _journal(note) != _journal(newest):
            wrong.append(f"记录数 {note.size} 的检查点属于 {note.origin}")
    tree = Tree()
    for body in lines_of(bundle, "records.jsonl"):
        tree.add(body)
        if tree.size in wanted or (mine and tree.size == mine.size):
            roots[tree.size] = tree.root()
    wrong += [
        f"前 {size} 条记录与检查点的根不符"
        for size in sorted(wanted)
        if roots.get(size) != wanted[size]
    ]
    if tree.size != newest.size:
        wrong.append(f"有 {tree.size} 条记录，最新检查点说有 {newest.size} 条")
    return _Found(tree.size, wrong[:20], mine and roots.get(mine.size))


def _included(
    bundle: zipfile.ZipFile, manifest: dict[str, Any], newest: Note, mine: Note | None
) -> _Found:
    """Check that each record of a part of the journal lies where its proof says."""
    wrong: list[str] = []
    bodies = list(lines_of(bundle, "records.jsonl"))
    signed = bundle.read("checkpoint.note").decode()
    indexes = manifest["indexes"]
    if len(bodies) != len(indexes):
        wrong.append(f"清单说有 {len(indexes)} 条记录，实有 {len(bodies)} 条")
    for index, body in zip(indexes, bodies):  # noqa: B905 - the lengths are compared above
        head, _, written = bundle.read(f"proofs/{index}.tlog-proof").decode().partition("\n\n")
        said = head.split("\n")
        proof = [base64.b64decode(line, validate=True) for line in said[2:]]
        right = said[:2] == [_PROOF_HEAD, f"index {index}"] and written == signed
        if not right or not includes(newest.root, newest.size, index, body, proof):
            wrong.append(f"第 {index} 条记录的证明不成立")
    # Proofs that hold lead from the records to the root, so it is theirs.
    proved = mine is not None and mine.size == newest.size and not wrong
    return _Found(len(bodies), wrong[:20], newest.root if proved else None)


def _consistent(newest: Note, mine: Note | None, found: _Found, held: Held) -> Verdict:
    if mine is None:
        return Verdict(UNCHECKED, ["没有给出您持有的检查点（--checkpoint）"])
    wrong = _strange(mine, newest, held)
    root = found.root_at_held
    if not wrong and root is None:
        return Verdict(UNCHECKED, ["这里只有部分记录，需要同一检查点或整本日志"])
    if not wrong and root != mine.root:
        wrong = f"前 {mine.size} 条记录不是您见过的那些：历史被改写"
        if mine.origin != newest.origin:
            wrong += f"，或在丢失记录后由 {newest.origin} 续写"
    if wrong:
        return Verdict(FAILS, [wrong])
    return Verdict(HOLDS, [f"前 {mine.size} 条记录与您持有的检查点相同"])


def _journal(note: Note) -> str:
    """Return the journal's own name; after a loss it signs under another origin."""
    return note.origin.partition(_AFTER_LOSS)[0]


def _strange(mine: Note, newest: Note, held: Held) -> str | None:
    """Return why the checkpoint that is held cannot be one of this journal."""
    if _journal(mine) != _journal(newest):
        return f"您持有的是 {mine.origin} 的检查点，这里是 {newest.origin}"
    try:
        if held.vkeys and signer_of(mine, held.vkeys) is None:
            return "您持有的检查点没有由您给出的公钥签名"
    except BundleError as error:
        return f"您持有的检查点：{error}"
    if mine.size > newest.size:
        return f"您持有的检查点有 {mine.size} 条记录，这里只有 {newest.size} 条：尾部被截去"
    return None


# --- Doing again, which drawreview does where it is installed ---------------------------------

_REPLAY = "from drawreview.cli import main; main()"
_DONE = (
    ("decisions", "{} 个决定由 drawreview 重新作出，逐字节相同"),
    ("events", "{} 份期限重新推算，逐字节相同"),
    ("letters", "{} 份承诺书或告知书重新排出，逐字节相同"),
)
_LEFT = ("not_set", "set_elsewhere")


def reproduced(path: Path, vkeys: tuple[str, ...]) -> Verdict:
    """Return whether what a bundle records comes out again, if drawreview is installed here.

    Only where a given key signed the bytes is a difference laid to the engine. What could not be
    done again is said apart; it is neither found right nor wrong.
    """
    if importlib.util.find_spec("drawreview") is None:
        return Verdict(UNCHECKED, ["没有安装 drawreview"])
    isolated = ["-I"] if sys.flags.isolated else []
    asked = ["replay", "--journal", str(path), "--level", "B", "--format", "json"]
    with tempfile.TemporaryDirectory() as folder:
        if vkeys:
            keys = Path(folder, "keys.txt")
            keys.write_text("\n".join(vkeys), encoding="utf-8")
            asked += ["--trust", str(keys)]
        command = [sys.executable, *isolated, "-c", _REPLAY, *asked]
        ran = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell
    try:
        told = json.loads(ran.stdout)
        done = [said.format(told[name]) for name, said in _DONE if told[name]]
        left = [f"承诺书或告知书 {n} 份：{why}" for each in _LEFT for why, n in told[each].items()]
        left += [f"所据的记录有 {told['outside']} 处在包外"] if told["outside"] else []
        found = [each["text"] for each in told["findings"][:20]]
        holds = told["holds"]
    except (ValueError, KeyError, TypeError):
        last = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return Verdict(UNCHECKED, ["这里的 drawreview 不能重放", *last])
    if not holds:
        return Verdict(FAILS, found or ["drawreview 认为字节不完整"], left)
    return Verdict(HOLDS, done, left) if done else Verdict(UNCHECKED, ["没有可重现的"], left)


def _vkeys(said: str) -> list[str]:
    """Return a public key, or those of a file, one a line."""
    lines = [said] if "+" in said else Path(said).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]


def main(arguments: list[str] | None = None) -> int:
    """Verify a bundle from the command line.

    Returns:
        0 if all three verdicts hold, 1 if one fails, 4 if none fails and one could not be given,
        3 if a file cannot be read, 2 if the command is wrong.
    """
    parser = argparse.ArgumentParser(description="核对存证包：三个结论，各自独立。")
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="存证包（.zip）")
    key_help = "验证公钥，或写着公钥的文件；须从存证包以外取得"
    parser.add_argument("--key", action="append", default=[], metavar="VKEY", help=key_help)
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="您持有的检查点")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")
    asked = parser.parse_args(arguments)
    try:
        seen = asked.checkpoint and asked.checkpoint.read_text(encoding="utf-8")
        vkeys = [line for each in asked.key for line in _vkeys(each)]
        verdicts = verify(asked.bundle, Held(tuple(vkeys), seen))
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"读不了：{error}\n")
        return 3
    if verdicts["intact"].verdict == FAILS:
        verdicts["reproduces"] = Verdict(UNCHECKED, ["字节不完整，不再重现"])
    else:
        verdicts["reproduces"] = reproduced(asked.bundle, tuple(vkeys))
    if asked.format == "json":
        told = {name: verdicts[name]._asdict() for name in VERDICTS}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        for name in VERDICTS:
            verdict = verdicts[name]
            sys.stdout.write(f"{_SAID[name]}：{_SAID[verdict.verdict]}\n")
            sys.stdout.writelines(f"  {line}\n" for line in verdict.because)
            sys.stdout.writelines(f"  未能重现：{line}\n" for line in verdict.beyond)
    status = _STATUS[max((v.verdict for v in verdicts.values()), key=list(_STATUS).index)]
    if status == _STATUS[UNCHECKED] and asked.format == "text":
        sys.stdout.write("没有不成立的，但有结论未核对（退出状态 4），不能当作全部成立。\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
