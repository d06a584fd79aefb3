"""The TypeScript examples, run by Node: a service with logger, boundary, edge and health check that is asked over HTTP."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

NODE = shutil.which("node")
EXAMPLES = Path(__file__).parents[1] / "examples" / "typescript"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-request-id": "order-7"}
# What says nothing to a program that runs.
TYPES = {
    "type_annotation", "type_parameters", "type_arguments", "interface_declaration", "type_alias_declaration", "readonly",
}  # fmt: skip
SERVICE = """
import { createServer } from "node:http";
import { boundary } from "./boundary.js";
import { edge } from "./edge.js";
import { health } from "./health.js";
import { Logger, bound, outgoing } from "./logger.js";
const log = new Logger("payments", "v2");
const check = health("payments", "v2", [
  { name: "cache", test: async () => true, required: false },
  { name: "bank", test: () => new Promise(() => {}), timeoutMs: 50 },
]);
const server = createServer(edge(log, async (from, to) => {
  if (from.url === "/health") return check(from, to);
  if (from.url === "/fail") await boundary(log, "charge card", { issuer: "ANZ", password: "x" }, async () => { throw new RangeError("no"); });
  bound({ "user.id": "u1" }, () => log.info("charging", { amount: 5 }));
  to.end(outgoing().traceparent);
}));
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\\n`));
"""


def without_types(text: bytes) -> bytes:
    """The same program as JavaScript."""
    tree = Parser(Language(tree_sitter_typescript.language_typescript())).parse(text)
    for start, end in reversed(list(_types(tree.root_node))):
        text = text[:start] + text[end:]
    return text


def _types(node: Node) -> Iterator[tuple[int, int]]:
    """Where types are, in order."""
    only_type = any(child.type in TYPES for child in node.children) and node.type == "export_statement"
    imported = node.type == "import_statement" and any(c.type == "type" for c in node.children)
    optional = node.type == "?" and node.parent is not None and node.parent.type == "optional_parameter"
    if node.type in TYPES or only_type or imported or optional:
        yield node.start_byte, node.end_byte
        return
    for child in node.children:
        yield from _types(child)


@pytest.fixture
def service(tmp_path: Path) -> "Iterator[tuple[str, subprocess.Popen[str]]]":
    """Its address, and its process."""
    if NODE is None:
        pytest.skip("Node is not installed: make node")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for example in EXAMPLES.glob("*.ts"):
        (tmp_path / f"{example.stem}.js").write_bytes(without_types(example.read_bytes()))
    (tmp_path / "main.js").write_text(SERVICE)
    process = subprocess.Popen([NODE, str(tmp_path / "main.js")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}", process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_service_logs_fails_and_is_checked(service: "tuple[str, subprocess.Popen[str]]") -> None:
    """Ids in and out, fields of the request on each line, an error once with its context, 503 where a check hangs."""
    url, process = service
    paid, failed, checked = (httpx.get(url + path, headers=HEADERS) for path in ("/pay", "/fail", "/health"))
    httpx.get(url + "/health", headers=HEADERS)  # once it is answered, what was before is written down
    process.terminate()
    said, _ = process.communicate()
    lines = [json.loads(line) for line in said.splitlines()]

    assert (200, "order-7", TRACE) == (
        paid.status_code,
        paid.headers["x-request-id"],
        paid.text.split("-")[1],
    )
    assert (500, "order-7") == (failed.status_code, failed.json()["request_id"])
    assert {("order-7", TRACE, "payments", "v2")} == {
        (one["request.id"], one["trace_id"], one["service.name"], one["service.version"]) for one in lines
    }
    assert [("u1", 5)] == [(one["user.id"], one["amount"]) for one in lines if one["message"] == "charging"]
    (error,) = [one for one in lines if one["level"] == "error"]
    assert ("charge card failed", "ANZ", "[redacted]", "RangeError") == (
        error["message"], error["issuer"], error["password"], error["exception.type"],
    )  # fmt: skip
    statuses = [one["http.response.status_code"] for one in lines if "url.path" in one]
    assert [200, 500, 503] == statuses[:3]
    assert 503 == checked.status_code
    assert ["pass", "fail"] == [one["status"] for one in checked.json()["checks"].values()]
    assert "no answer in 50 ms" == checked.json()["checks"]["bank"]["reason"]
