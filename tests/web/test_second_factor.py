"""A second factor: codes of RFC 6238, recovery codes, and who must have one."""

from __future__ import annotations

import base64
import logging
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drawreview.cli.app import app
from drawreview.web.app import create_app
from drawreview.web.security.codes import code_at, new_secret, step_of
from drawreview.web.security.roles import Role
from drawreview.web.security.seal import Seal, SealError
from drawreview.web.settings import Settings
from drawreview.web.store import audit_log, second_factors, users
from tests.web.conftest import PASSWORD, PEOPLE, Site, csrf_of

HERE = "/account/second-factor"
NAME = PEOPLE[Role.CLERK][0]


# RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_the_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert code_at(secret, seconds // 30) == code[2:]
    assert step_of(f"{code[2:5]} {code[5:]}", secret, at=seconds, after=0) == seconds // 30


def test_a_code_is_good_for_its_own_step_and_the_neighbours_and_once() -> None:
    secret = new_secret()
    for by, good in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        taken = step_of(code_at(secret, 1000 + by), secret, at=30_000, after=0)
        assert (taken == 1000 + by) is good, by
    assert step_of(code_at(secret, 1000), secret, at=30_000, after=1000) is None
    for nonsense in ("", "12345", "1234567", "१२३४५६", "abcdef"):
        assert step_of(nonsense, secret, at=30_000, after=0) is None


class Telephone:
    """Somebody with an authenticator."""

    def __init__(self, site: Site) -> None:
        self.site = site
        user = users.named(site.store, NAME)
        assert user
        self.user = user
        self.client = site.signed_in(Role.CLERK)
        begun = self.post(do="begin")
        assert "data:image/svg+xml" in begun.text
        (said,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", begun.text)
        self.secret = said.replace(" ", "")

    def code(self) -> str:
        self.site.clock.later(seconds=60)  # no code is taken twice
        return code_at(self.secret, int(self.site.clock().timestamp()) // 30)

    def post(self, **form: str):
        return self.client.post(HERE, data={"csrf": csrf_of(self.client, HERE), **form})

    def set_up(self) -> list[str]:
        answer = self.post(do="confirm", code=self.code())
        assert answer.status_code == 200, answer.text
        return re.findall(r"<code>((?:[a-z2-7]{4}-){2}[a-z2-7]{4})</code>", answer.text)

    def with_password(self):
        client = self.site.anyone()
        answer = client.post("/login", data={"name": NAME, "password": PASSWORD})
        return client, answer.headers["location"]

    def with_code(self, client, code: str):
        form = {"csrf": csrf_of(client, "/login/code"), "code": code}
        return client.post("/login/code", data=form)


@pytest.fixture
def telephone(site: Site) -> Telephone:
    return Telephone(site)


def test_after_it_is_set_up_the_password_alone_opens_nothing(telephone: Telephone) -> None:
    assert telephone.post(do="confirm", code="000000").status_code == 422
    assert len(telephone.set_up()) == 10
    client, place = telephone.with_password()
    assert place == "/login/code?next=/window"
    for address in ("/window", "/account", HERE, "/", "/account/password"):
        assert client.get(address).headers["location"] == "/login/code", address
    before = client.cookies["session"]
    code = telephone.code()
    assert telephone.with_code(client, "000000").status_code == 401
    assert telephone.with_code(client, code).headers["location"] == "/window"
    assert client.cookies["session"] != before
    assert client.get("/window").status_code == 200
    again, _ = telephone.with_password()
    assert telephone.with_code(again, code).status_code == 401  # it was used


def test_setting_it_up_ends_sessions_that_gave_no_code(site: Site) -> None:
    elsewhere = site.signed_in(Role.CLERK)
    telephone = Telephone(site)
    telephone.set_up()
    assert elsewhere.get("/window").status_code == 303
    assert telephone.client.get("/window").status_code == 200


def test_each_recovery_code_is_good_for_one_signing_in(telephone: Telephone) -> None:
    first, second, *_ = telephone.set_up()
    client, _ = telephone.with_password()
    assert telephone.with_code(client, first.upper().replace("-", " ")).status_code == 303
    again, _ = telephone.with_password()
    assert telephone.with_code(again, first).status_code == 401
    assert telephone.with_code(again, second).status_code == 303
    factor = second_factors.of(telephone.site.store, telephone.user.id)
    assert factor
    assert factor.left == 8


def test_codes_can_be_guessed_only_so_often(telephone: Telephone) -> None:
    (recovery, *_) = telephone.set_up()
    client, _ = telephone.with_password()
    telephone.site.store.rows("UPDATE second_factor SET wrong = ?", second_factors.MOST_WRONG - 1)
    assert telephone.with_code(client, "000000").status_code == 401
    locked = telephone.with_code(client, telephone.code())
    assert locked.status_code == 401
    assert "已经锁住" in locked.text
    assert telephone.with_code(client, recovery).status_code == 401


def test_it_is_taken_off_with_a_code_and_not_without(telephone: Telephone) -> None:
    telephone.set_up()
    assert telephone.post(do="off", code="000000").status_code == 422
    assert telephone.post(do="off", code=telephone.code()).status_code == 303
    client, place = telephone.with_password()
    assert place == "/window"
    assert client.get("/window").status_code == 200


def test_a_role_that_must_have_one_does_nothing_before(site: Site) -> None:
    admin = site.signed_in(Role.ADMINISTRATOR)
    clerk = site.signed_in(Role.CLERK)
    form = {"csrf": csrf_of(admin), "roles": "clerk"}
    assert admin.post("/admin/second-factor", data=form).status_code == 303
    assert admin.get("/admin").status_code == 200
    assert clerk.get("/window").headers["location"] == HERE
    assert clerk.post("/window/new", data={"csrf": csrf_of(clerk, HERE)}).status_code == 403
    telephone = Telephone(site)
    telephone.set_up()
    assert telephone.client.get("/window").status_code == 200
    assert telephone.post(do="off", code=telephone.code()).status_code == 409


def test_an_administrator_takes_it_away_and_cannot_do_so_in_silence(telephone: Telephone) -> None:
    telephone.set_up()
    site = telephone.site
    admin = site.signed_in(Role.ADMINISTRATOR)
    place = f"/admin/users/{telephone.user.id}"
    token = csrf_of(admin)
    assert admin.post(f"{place}/second-factor", data={"csrf": token}).status_code == 303
    assert telephone.client.get("/window").status_code == 303  # the sessions have ended
    reset = admin.post(f"{place}/password", data={"csrf": token})
    (once,) = re.findall(r"<code>([\w-]{20})</code>", reset.text)
    lines = [line for line in audit_log.latest(site.store) if line.what != "denied"]
    told = [(line.what, line.who) for line in lines[:2]]
    boss = PEOPLE[Role.ADMINISTRATOR][0]
    assert told == [("password reset", boss), ("second factor taken away", boss)]
    client = site.anyone()
    client.post("/login", data={"name": NAME, "password": once})
    page = client.get("/account/password").text
    assert f"由管理员 {boss} 于 2021-03-01" in page
    form = {"csrf": csrf_of(client), "old": once, "new": PASSWORD, "again": PASSWORD}
    assert client.post("/account/password", data=form).status_code == 303
    account = client.get("/account").text
    assert "管理员重设了密码" in account
    assert "管理员去掉了第二因素" in account


def test_a_one_time_password_that_nobody_used_expires(site: Site) -> None:
    admin = site.signed_in(Role.ADMINISTRATOR)
    user = users.named(site.store, NAME)
    assert user
    reset = admin.post(f"/admin/users/{user.id}/password", data={"csrf": csrf_of(admin)})
    (once,) = re.findall(r"<code>([\w-]{20})</code>", reset.text)
    site.clock.later(days=8)
    late = site.anyone().post("/login", data={"name": NAME, "password": once})
    assert late.status_code == 401
    assert "已经过期" in late.text


def test_administrators_change_their_own_password_with_the_old_one(site: Site) -> None:
    admin = site.signed_in(Role.ADMINISTRATOR)
    oneself = users.named(site.store, PEOPLE[Role.ADMINISTRATOR][0])
    assert oneself
    place = f"/admin/users/{oneself.id}/password"
    assert place not in admin.get("/admin").text
    assert admin.post(place, data={"csrf": csrf_of(admin)}).status_code == 409
    assert users.numbered(site.store, oneself.id) == oneself


def test_a_reset_at_the_terminal_notes_the_password_and_the_second_factor(
    telephone: Telephone, tmp_path: Path
) -> None:
    telephone.set_up()
    typed = CliRunner().invoke(
        app, ["user", "reset", NAME, "--data", str(tmp_path)], f"{PASSWORD}\n"
    )
    assert typed.exit_code == 0, typed.output
    told = [line.what for line in audit_log.concerning(telephone.site.store, NAME)]
    assert told[:2] == ["password reset", "second factor taken away"]


def test_a_copy_of_the_database_alone_does_not_give_the_secret(
    telephone: Telephone, tmp_path: Path
) -> None:
    telephone.set_up()
    telephone.site.store.rows("PRAGMA wal_checkpoint(truncate)")
    copy = (tmp_path / "web.sqlite3").read_bytes()
    assert telephone.secret.encode() not in copy
    assert base64.b32decode(telephone.secret) not in copy
    key = tmp_path / "key" / "second-factors.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "key" / "journal.key").exists()


def test_a_secret_moved_to_another_row_does_not_open(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "key")
    seal.make()
    sealed = seal.sealed("GEZDGNBV", 1)
    assert seal.opened(sealed, 1) == "GEZDGNBV"
    assert seal.sealed("GEZDGNBV", 1) != sealed
    for other, user in ((sealed, 2), (sealed[:-4], 1), ("GEZDGNBV", 1), ("字", 1), ("", 1)):
        with pytest.raises(SealError, match="打不开"):
            seal.opened(other, user)


@pytest.mark.parametrize("how", ["missing", "another", "nonsense", "open to others"])
def test_without_its_key_codes_are_not_taken_and_recovery_codes_and_resets_still_are(
    telephone: Telephone, tmp_path: Path, how: str
) -> None:
    recovery, *_ = telephone.set_up()
    site, key = telephone.site, tmp_path / "key" / "second-factors.key"
    kept = shutil.copy(key, tmp_path / "kept")
    if how == "open to others":
        key.chmod(0o644)
    else:
        key.unlink()
    if how == "another":
        Seal(key).make()
    if how == "nonsense":
        key.touch(mode=0o600)
        key.write_bytes("不是密钥".encode())
    client, _ = telephone.with_password()
    refused = telephone.with_code(client, telephone.code())
    assert refused.status_code == 503
    assert "第二因素的密钥不在或不对" in refused.text
    assert "一个恢复码" in refused.text
    assert second_factors.of(site.store, telephone.user.id).wrong == 0  # pyright: ignore[reportOptionalMemberAccess]
    if how != "another":
        auditor = site.signed_in(Role.AUDITOR)
        begun = auditor.post(HERE, data={"csrf": csrf_of(auditor), "do": "begin"})
        assert begun.status_code == 503  # no other key is drawn in the place of the lost one
    assert telephone.with_code(client, recovery).status_code == 303
    shutil.copy(kept, key)
    key.chmod(0o600)
    again, _ = telephone.with_password()
    assert telephone.with_code(again, telephone.code()).status_code == 303
    key.unlink()
    admin = site.signed_in(Role.ADMINISTRATOR)
    place = f"/admin/users/{telephone.user.id}/second-factor"
    assert admin.post(place, data={"csrf": csrf_of(admin)}).status_code == 303
    _, place = telephone.with_password()
    assert place == "/window"
    Telephone(site).set_up()  # nothing is sealed any more, so a new key is drawn
    assert key.exists()


def test_a_server_says_at_its_start_that_the_key_is_not_there(
    telephone: Telephone, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    telephone.set_up()
    (tmp_path / "key" / "second-factors.key").unlink()
    with caplog.at_level(logging.WARNING):
        again = create_app(telephone.site.app.state.office.settings)
    again.state.office.store.close()
    (said,) = (one.getMessage() for one in caplog.records)
    assert "second-factors.key: 没有这个密钥文件。" in said
    assert "1 名用户须用恢复码登录" in said


def test_the_key_lies_beside_the_journals(tmp_path: Path) -> None:
    elsewhere = Settings(tmp_path, journal_key=Path("/keys/journal.key"))
    assert elsewhere.second_factor_key == Path("/keys/second-factors.key")
