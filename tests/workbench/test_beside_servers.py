"""Access logs that nothing names are of the server whose own log lies beside them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.decoding.input import Input
from lastgood.workbench.beside_servers import with_servers
from lastgood.workbench.load import load
from lastgood.workbench.store import Store

ACCESS = b'203.0.113.7 - - [22/Nov/2026:14:41:00 +0000] "POST /pay HTTP/1.1" 503 157 "-" "okhttp/4.12"\n'
NGINX = b"2026/11/22 14:41:00 [error] 29#29: *17 connect() failed (111: Connection refused)\n"
APACHE = b"[Sun Nov 22 14:41:00.123456 2026] [proxy:error] [pid 7:tid 42] AH00957: HTTP: attempt failed\n"
TOMCAT = b"22-Nov-2026 14:41:00.123 SEVERE [main] org.apache.catalina.core.X.y failed\n"
GUNICORN = b"[2026-11-22 14:41:00 +0000] [12] [CRITICAL] WORKER TIMEOUT (pid:17)\n"
PHP = b"[22-Nov-2026 14:41:00 UTC] PHP Fatal error:  Out of memory in /srv/a.php on line 7\n"


@pytest.mark.parametrize(
    ("files", "server"),
    [
        ({"access.log": ACCESS, "error.log": NGINX}, "nginx"),
        ({"access.log.2": ACCESS, "error.log": NGINX, "app.log": PHP}, "nginx"),
        ({"other_vhosts_access.log": ACCESS, "error.log": APACHE}, "apache"),
        ({"ssl_access_log": ACCESS, "ssl_error_log": APACHE}, "apache"),
        ({"localhost_access_log.2026-11-22.txt": ACCESS, "catalina.out": TOMCAT}, "tomcat"),
        ({"access.log": ACCESS, "error.log": GUNICORN}, "gunicorn"),
        ({"logs/access/2026-11-22.log": ACCESS, "logs/error/2026-11-22.log": NGINX}, "nginx"),
        ({"a.tgz!/access.log": ACCESS, "a.tgz!/error.log": NGINX, "error.log": APACHE}, "nginx"),
        ({"access.log": ACCESS, "error.log": PHP}, ""),
        ({"access.log": ACCESS, "error.log": NGINX, "error_log": APACHE}, ""),
        ({"access.log": ACCESS, "shop.error.log": NGINX}, ""),
        ({"access.log": ACCESS, "error.log": b""}, ""),
    ],
)
def test_the_server_of_an_access_log_is_the_one_beside_it(files: dict[str, bytes], server: str) -> None:
    """One server whose own log has no other name either, in its folder or else anywhere."""
    found = with_servers([Input(None, name, content) for name, content in files.items()])

    assert list(files) == [given.name for given in found]
    assert [server] == [given.server for given in found if given.content == ACCESS]
    assert {""} == {given.server for given in found if given.content != ACCESS}


def test_what_cannot_be_read_is_no_server(tmp_path: Path) -> None:
    """It is said when its turn comes."""
    found = with_servers([Input(None, "access.log", ACCESS), Input(tmp_path / "none", "error.log")])

    assert ["", ""] == [given.server for given in found]


def test_both_logs_of_a_server_are_one_service(store: Store, tmp_path: Path) -> None:
    """Of two folders, each with its own; a log of another proxy keeps its name."""
    for folder, own in (("inc-1", NGINX), ("inc-2", APACHE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "access.log").write_bytes(ACCESS)
        (tmp_path / folder / "error.log").write_bytes(own)
    (tmp_path / "access.log").write_bytes(ACCESS)

    load(store, [tmp_path], now=datetime(2026, 11, 22, 15, tzinfo=UTC), zone=UTC)

    rows = store.engine.query(
        f"SELECT ServiceName AS name, count() AS n FROM {store.engine.database}.otel_logs GROUP BY name ORDER BY name"
    ).rows
    assert [{"name": "apache", "n": 2}, {"name": "nginx", "n": 2}, {"name": "web", "n": 1}] == rows
