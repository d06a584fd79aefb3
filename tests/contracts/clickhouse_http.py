"""ClickHouse's HTTP interface in front of the embedded engine, so that the real HTTP client can be tested.

Run as a program with a folder; prints the port. Each request gets a handle of its own, since settings
stay on a handle. What only a real server can show is listed in docs/decisions/0002-telemetry-store.md.
"""

import base64
import re
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

# Settings that a server's HTTP interface takes for itself.
TRANSPORT = {
    "database", "query", "session_id", "session_timeout", "session_check", "query_id", "quota_key", "compress",
    "decompress", "wait_end_of_query", "client_protocol_version", "role", "buffer_size", "default_format",
    "send_progress_in_http_headers", "http_headers_progress_interval_ms", "enable_http_compression",
    "cancel_http_readonly_queries_on_client_close",
}  # fmt: skip
# What a server takes by default: http_max_uri_size, http_max_field_value_size (one byte past it passes).
LONGEST_ADDRESS, LONGEST_FIELD = 1 << 20, (128 << 10) + 1
TOO_LONG = "Code: 1000. DB::Exception: HTML Form Exception: Field value too long. (POCO_EXCEPTION)"
USER, PASSWORD = "reader", "hunter2"
LOCKED = "locked"  # a user whose profile lets nothing be written and no setting be changed


class Front(BaseHTTPRequestHandler):
    """One request: settings, then the query, then its answer or the server's way to fail."""

    protocol_version = "HTTP/1.1"
    place: ClassVar[str]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Nothing: the output is the port."""

    def handle_one_request(self) -> None:
        """As the library does, with a server's limit of the address rather than the library's of 64 KiB."""
        self.raw_requestline = self.rfile.readline(LONGEST_ADDRESS + len("POST  HTTP/1.1\r\n"))
        if not self.raw_requestline.endswith(b"\n"):
            self.requestline, self.request_version, self.command = "", "HTTP/1.1", ""
            self.close_connection = True
            if self.raw_requestline:
                self.send_error(414)
        elif self.parse_request():
            getattr(self, f"do_{self.command}")()
            self.wfile.flush()

    def do_GET(self) -> None:
        """A query in the address."""
        self._answer(b"")

    def do_POST(self) -> None:
        """A query in the body or in a field of a form, or in the address with data in the body."""
        if self.headers.get("Transfer-Encoding", "") == "chunked":
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(body)

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        content = self.rfile.read(size)
        self.rfile.readline()
        return content

    def _answer(self, body: bytes) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True, max_num_fields=None))
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/form-data"):
            given, body = {**given, **_fields(kind, body)}, b""
        if any(len(value.encode()) > LONGEST_FIELD for value in given.values()):
            self._send(400, TOO_LONG.encode(), 1000)
            return
        if not self._known():
            self._send(403, b"Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)", 516)
            return
        handle = _connect(self.place)
        try:
            if self.user == LOCKED:
                handle.query("SET readonly = 1")
            kind, content = _run(handle, given, body)
        except RuntimeError as problem:
            text = str(problem)
            code = re.search(r"Code: (\d+)", text)
            self._send(500, text[max(text.find("Code: "), 0) :].encode(), int(code[1]) if code else 1000)
        else:
            self._send(200, content, kind=kind)
        finally:
            handle.close()

    def _known(self) -> bool:
        kind, _, secret = self.headers.get("Authorization", "").partition(" ")
        self.user, _, password = base64.b64decode(secret).decode().partition(":")
        return kind == "Basic" and self.user in {USER, LOCKED} and password == PASSWORD

    def _send(self, status: int, content: bytes, code: int = 0, kind: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-ClickHouse-Summary", '{"read_rows":"0","written_rows":"0"}')
        self.send_header("X-ClickHouse-Query-Id", "front")
        self.send_header("X-ClickHouse-Timezone", "UTC")
        if kind:
            self.send_header("X-ClickHouse-Format", kind)
        if code:
            self.send_header("X-ClickHouse-Exception-Code", str(code))
        self.end_headers()
        self.wfile.write(content)


def _fields(kind: str, body: bytes) -> dict[str, str]:
    """The fields of a form by name; no files, which would be external tables."""
    boundary = kind.partition("boundary=")[2].partition(";")[0].strip('"')
    found = {}
    for part in body.split(f"--{boundary}".encode())[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]*)"', head)
        assert name, head
        assert b"filename=" not in head, "external tables are not played"
        found[name[1].decode()] = value.decode()
    return found


def _connect(place: str) -> Any:
    import chdb  # noqa: PLC0415 - the tests read names from here, and need no engine for that

    opened: Any = chdb.connect
    return opened(place)


def _run(handle: Any, given: dict[str, str], body: bytes) -> tuple[str, bytes]:
    for name, value in given.items():
        if name not in TRANSPORT and not name.startswith("param_"):
            quoted = value.replace("\\", "\\\\").replace("'", "\\'")
            handle.query(f"SET {name} = '{quoted}'")
    if given.get("database"):
        handle.query(f"USE `{given['database']}`")
    parameters = {name[6:]: value for name, value in given.items() if name.startswith("param_")}
    query = given.get("query", "")
    if re.match(r"\s*INSERT\b", query or body[:200].decode("utf-8", "replace"), re.IGNORECASE):
        return "", _insert(handle, query, body)
    sql = "\n".join(part for part in (query, body.decode()) if part)
    named = re.search(r"\bFORMAT\s+(\w+)\s*;?\s*$", sql)
    kind = named[1] if named else given.get("default_format", "TabSeparated")
    return kind, bytes(handle.query(sql, kind, params=parameters).bytes())


def _insert(handle: Any, query: str, body: bytes) -> bytes:
    if not query:
        head, _, body = body.partition(b"\n")
        query = head.decode()
    statement, _, kind = query.strip().rpartition(" FORMAT ")
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        handle.query(f"{statement} FROM INFILE '{file.name}' FORMAT {kind.strip()}")
    return b""


def main(folder: str) -> None:
    """Serve the engine in `folder` until standard input ends."""
    Front.place = str(Path(folder) / "engine")
    keep = _connect(Front.place)
    keep.query("CREATE DATABASE IF NOT EXISTS lastgood ENGINE = Atomic")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    server.daemon_threads = True
    print(server.server_port, flush=True)  # noqa: T201 - how the test learns the port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    sys.stdin.read()
    server.shutdown()
    keep.close()


if __name__ == "__main__":
    main(sys.argv[1])
