"""A real MariaDB of its own: a data folder that is gone afterwards, reached by a Unix socket."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_UNIX
from socket import socket as socket_of
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import pymysql

SCRIPTS = Path("/usr/share/mysql")
READY_WITHIN = 180  # seconds; a busy machine is no failure


@contextmanager
def mariadb() -> Iterator[Path]:
    """A running server with an empty database `shop`; gives its socket."""
    with TemporaryDirectory(prefix="lastgood-my-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        who: dict[str, Any] = (
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        )
        place = ["--no-defaults", f"--datadir={folder / 'data'}"]
        _install(place, folder, who)
        socket = folder / "my.sock"
        order = [
            _binary("mariadbd"), *place, f"--socket={socket}", "--skip-networking", f"--pid-file={folder / 'pid'}",
            "--innodb-buffer-pool-size=16M", "--innodb-flush-method=fsync",
        ]  # fmt: skip
        server = subprocess.Popen(
            order, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **who
        )
        try:
            _wait(server, socket)
            yield socket
        finally:
            server.terminate()
            server.wait(READY_WITHIN)


def _install(place: list[str], folder: Path, who: dict[str, Any]) -> None:
    """The system's own tables; the installer of Debian's server alone lacks a program of the client."""
    scripts = (SCRIPTS / f"mysql_{name}.sql" for name in ("system_tables", "system_tables_data"))
    orders = "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n"
    orders += "".join(script.read_text() for script in scripts)
    (folder / "data").mkdir()
    if who:
        shutil.chown(folder / "data", who["user"], who["group"])
    made = [_binary("mariadbd"), *place, "--bootstrap", "--innodb-flush-method=fsync"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, input=orders.encode(), **who)


def connected(socket: Path, database: str | None = None) -> Any:
    """A connection as the server's owner."""
    return pymysql.connect(unix_socket=str(socket), user="root", database=database, autocommit=True)


def _wait(server: subprocess.Popen[bytes], socket: Path) -> None:
    end = monotonic() + READY_WITHIN
    while not _listens(socket):
        if server.poll() is not None or monotonic() > end:
            raise TimeoutError("MariaDB did not start")
        sleep(0.05)
    with connected(socket) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE shop")


def _listens(place: Path) -> bool:
    with socket_of(AF_UNIX) as asked:
        return asked.connect_ex(str(place)) == 0


def _binary(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise FileNotFoundError(f"MariaDB's {name} is not installed: make mariadb")
    return found
