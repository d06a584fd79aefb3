"""The API by its own description: requests made from it, within a minute; no answer that it does not allow."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.model.access import KeyKind, Role
from lastgood.model.clock import system_clock
from lastgood.workbench.service import access_only
from senders import alert
from servers import INGEST, now, serving

pytestmark = pytest.mark.slow
SECONDS = 25  # for each kind of key
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "unsupported_method"
)


@pytest.mark.parametrize("kind", ["token", "ingest"])
def test_requests_made_from_the_description(tmp_path: Path, kind: str) -> None:
    """Of every route of a kind of key, right and wrong; never 500, nor a status or a form that is not described."""
    with access_only(f"sqlite:///{tmp_path / 'record.db'}", system_clock) as access:
        _, token = access.new_key("tester", KeyKind.API, Role.RESPONDER, actor="kim")
    with serving(tmp_path) as server:
        server.post("/api/alerts", alert("CheckoutErrorRate", "checkout", now() - timedelta(minutes=3)))
        described = tmp_path / "openapi.json"
        described.write_text(server.get("/api/openapi.json").text)
        key, routes = (
            (token, ()) if kind == "token" else (INGEST, ("--include-path-regex", "^/api/(changes|alerts)"))
        )
        options = [
            "--checks", CHECKS, "--max-time", str(SECONDS), "--phases", "examples,coverage,fuzzing", "--seed", "7",
            "--max-failures", "5", "--suppress-health-check", "all", "-H", f"authorization: Bearer {key}",
        ]  # fmt: skip
        left_out = () if routes else ("--exclude-path-regex", "^/api/(changes|alerts)")
        tested = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", str(described), "--url", server.url, *options, *routes, *left_out],
            capture_output=True, text=True, timeout=240, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert 0 == tested.returncode, tested.stdout[-6000:] + tested.stderr[-2000:]
        assert server.get("/readyz").is_success
        assert [] == [line for line in server.said if '"event": "fault"' in line]
