"""A real PostgreSQL server for the tests: not as root, on loopback, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

_SHM = Path("/dev/shm")  # noqa: S108 - used only where it is
MEMORY = _SHM if os.access(_SHM, os.W_OK) else None
PASSWORD = "only-for-the-tests"  # noqa: S105


def binaries() -> Path | None:
    """Return the folder of the server's programs, the newest release first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    return found[0].parent if found else None


def _lives(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


class Server:
    """One server, started, killed and started again at will."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="drawreview-postgres-", dir=MEMORY))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir()
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            user = next(one for one in pwd.getpwall() if one.pw_name in {"postgres", "nobody"})
            os.chown(self.data, user.pw_uid, user.pw_gid)
            self._as_user = [
                "setpriv",
                f"--reuid={user.pw_uid}",
                f"--regid={user.pw_gid}",
                "--clear-groups",
            ]
        password = self.folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        self._run("initdb", "-D", str(self.data), "-U", "owner", "--data-checksums", "-A",
                  "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self._as_user, str(self.programs / program), *arguments],
            capture_output=True,
            text=True,
            cwd=self.data,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [*self._as_user, str(self.programs / "postgres"), "-D", str(self.data), "-p",
             str(self.port), "-c", "listen_addresses=127.0.0.1",
             "-c", "unix_socket_directories="],
            stdout=log,
            stderr=log,
            cwd=self.data,
        )  # fmt: skip
        log.close()
        for _ in range(600):
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """SIGKILL the postmaster and all of its children at once, and reap it."""
        assert self.process is not None
        postmaster = self.process.pid
        os.kill(postmaster, signal.SIGSTOP)  # so that it starts nothing while its children die
        listed = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii")
        children = [int(child) for child in listed.split()]
        for process in (*children, postmaster):
            os.kill(process, signal.SIGKILL)
        self.process.wait()
        while any(_lives(child) for child in children):  # else they would hold its shared memory
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop at once and remove everything."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)  # it keeps nothing
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str, user: str = "owner") -> str:
        return f"postgresql://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def run(self, database: str, *statements: str) -> None:
        """Run statements as the owner."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]
