"""A real PostgreSQL of its own: a cluster in a temporary folder, reached by a Unix socket, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

READY_WITHIN = 180  # seconds; a busy machine is no failure

_NUMBERS = count(1)


@contextmanager
def cluster(hba: str = "", port: int = 5432) -> Iterator[Path]:
    """A running server; gives the folder of its socket.

    With lines for pg_hba.conf, which go before all others, it listens on a port of every address too.

    The server refuses to run as root, so root hands it to the account that Debian makes for it.
    """
    with TemporaryDirectory(prefix="lastgood-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        account = _account()
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        subprocess.run(
            [_binary("initdb"), "-D", data, "-U", "lastgood", "-A", "trust", "-E", "UTF8", "--no-locale"],
            check=True, capture_output=True, cwd=folder, **_as(account),
        )  # fmt: skip
        if hba:
            rules = data / "pg_hba.conf"
            rules.write_text(f"{hba}\n{rules.read_text()}")
        server = subprocess.Popen(
            [_binary("postgres"), "-D", data, "-k", folder, "-h", "*" if hba else "", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **_as(account),
        )  # fmt: skip
        try:
            _wait(server, folder, port)
            yield folder
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown
            server.wait(READY_WITHIN)


def new_database(folder: Path) -> str:
    """The URL of an empty database in a running cluster."""
    name = f"record{next(_NUMBERS)}"
    with psycopg.connect(host=str(folder), user="lastgood", dbname="postgres", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return f"postgresql://lastgood@/{name}?host={folder}"


def _wait(server: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    end = monotonic() + READY_WITHIN
    while True:
        try:
            psycopg.connect(host=str(folder), port=port, user="lastgood", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or monotonic() > end:
                raise
            sleep(0.05)
        else:
            return


def _binary(name: str) -> str:
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    found = str(versions[0]) if versions else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"PostgreSQL's {name} is not installed: make postgres")
    return found


def _account() -> pwd.struct_passwd | None:
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
