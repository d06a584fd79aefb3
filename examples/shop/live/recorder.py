"""Keeps what a shop sends as files for a later `lastgood triage DIR`, and hands it on to a server if there is one.

OTLP becomes JSON lines as the Collector's file exporter writes them; changes and alerts stay as they were sent.
"""

import base64
import gzip
import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from examples.shop.live.pipelines import Direct, Pipeline

REQUESTS: dict[str, type[Message]] = {
    "traces": ExportTraceServiceRequest,
    "metrics": ExportMetricsServiceRequest,
    "logs": ExportLogsServiceRequest,
}
IDS = {"traceId", "spanId", "parentSpanId"}


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is handed on to: pages and API, OTLP over HTTP, and an ingest key."""

    api: str
    otlp: str
    key: str


class Recorder:
    """A receiver on a free port; `url` is for OTLP, changes and alerts alike."""

    def __init__(self, folder: Path, onward: Server | None = None, pipeline: Pipeline | None = None) -> None:
        self._folder, self._onward, self._lock, self._alerts = folder, onward, Lock(), 0
        self._pipeline, self._ended = pipeline or Direct(), Event()
        folder.mkdir(parents=True, exist_ok=True)
        recorder = self

        class Received(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                plain = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
                status, answer = recorder.take(self.path, plain, self.headers["content-type"])
                self.send_response(status)
                self.send_header("content-type", "application/x-protobuf")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Received)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.1})
        self._thread.start()
        self._later = Thread(target=self._send_what_waited)
        self._later.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        """Take nothing more."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self._ended.set()
        self._later.join()

    def take(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """Keep and hand on what the pipeline lets through; the server's answer."""
        status, answer = 200, b""
        with self._lock:
            through = list(self._pipeline.take(path, body))
        for where, what in through:
            self.keep(where, what)
            status, answer = self.hand_on(where, what, kind)
        return status, answer

    def _send_what_waited(self) -> None:
        ended = False
        while not ended:
            ended = self._ended.wait(0.5)
            with self._lock:
                due = list(self._pipeline.ready(last=ended))
            for path, body in due:
                self.keep(path, body)
                self.hand_on(path, body, "application/x-protobuf")

    def keep(self, path: str, body: bytes) -> None:
        """Write one request to its file."""
        signal = path.rpartition("/")[2]
        with self._lock:
            if signal in REQUESTS:
                line = json.dumps(otlp_json(REQUESTS[signal].FromString(body)), separators=(",", ":"))
                self._append(f"{signal}.jsonl", line)
            elif signal == "changes" and b'"page"' in body[:20]:
                (self._folder / "status-page.json").write_bytes(body)
            elif signal == "changes":
                self._append("changes.ndjson", body.decode())
            elif signal == "alerts":
                self._alerts += 1
                (self._folder / f"alert-{self._alerts}.json").write_bytes(body)

    def _append(self, name: str, line: str) -> None:
        with (self._folder / name).open("a") as out:
            out.write(line + "\n")

    def hand_on(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """The server's answer; 200 when there is none."""
        if self._onward is None:
            return 200, b""
        to = self._onward.otlp if path.startswith("/v1/") else self._onward.api
        headers = {"content-type": kind, "authorization": f"Bearer {self._onward.key}"}
        try:
            with urlopen(Request(to + path, body, headers), timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read()
        except HTTPError as refused:
            return refused.code, refused.read()
        except OSError:
            return 503, b""


def otlp_json(message: Message) -> dict[str, Any]:
    """A request as OTLP's JSON: as protobuf's, but ids are hexadecimal and enums are numbers."""
    found: dict[str, Any] = MessageToDict(message, use_integers_for_enums=True)
    _ids_in_hex(found)
    return found


def _ids_in_hex(part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            _ids_in_hex(one)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in IDS:
                part[name] = base64.b64decode(value).hex()
            else:
                _ids_in_hex(value)
