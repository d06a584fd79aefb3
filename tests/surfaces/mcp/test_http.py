"""`/mcp` and `lastgood mcp`: agents over HTTP and over standard input, by the SDK's own client, to a real server."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from agents import called, read, talk, talk_http
from lastgood.incidents.accounts import Accounts
from lastgood.incidents.database import open_database
from senders import alert, http_spans, send, shop
from servers import INGEST, TOKEN, Server, now, serving, until

pytestmark = pytest.mark.slow


def failing_shop(server: Server) -> None:
    end = now()
    spans = shop(end - timedelta(minutes=20), end, end - timedelta(minutes=5), every=2.0)
    send(http_spans(server.otlp, INGEST), spans)
    server.post("/api/alerts", alert("CheckoutErrorRate", "checkout", end - timedelta(minutes=3)))
    until(lambda: server.get("/api/incidents/1/sitrep").is_success or None, 60)


def stdio(*options: str, **environment: str) -> Any:
    command = ["-m", "lastgood", "mcp", *options]
    given = {**os.environ, **environment}
    return stdio_client(StdioServerParameters(command=sys.executable, args=command, env=given))


async def looked(client: Client) -> list[Any]:
    """A triage of the bad minutes, the incident, and one piece of evidence of each."""
    found = await client.call_tool("triage", {"start": "now-6m"})
    incident = await client.call_tool("incident", {"number": 1})
    said = [one.structured_content or {} for one in (found, incident)]
    return [*said, *[await read(client, one["evidence"][0]) for one in said]]


def test_the_same_answers_over_both_transports(tmp_path: Path) -> None:
    """Over HTTP with a token, over standard input beside the server, and over it alone when the server has ended."""
    store, record = f"chdb://{tmp_path / 'store'}", f"sqlite:///{tmp_path / 'record.db'}"
    with serving(tmp_path) as server:
        failing_shop(server)
        over_http = talk_http(server.url, TOKEN, looked)
        passed_on = talk(stdio("--url", server.url, LASTGOOD_API_TOKEN=TOKEN), looked)
        assert 0 == server.ended()
        assert [] == [line for line in server.said if "Traceback" in line]
    alone = talk(stdio(LASTGOOD_STORE=store, LASTGOOD_RECORD=record), looked)

    for triage, incident, asked, kept in (over_http, passed_on, alone):
        assert "yes" == triage["verdict"]
        assert {"card.issuer": "ANZ"} == triage["data"]["blast_radius"]["segments"][0]["where"]
        assert "CheckoutErrorRate" in incident["data"]["incident"]["opened"]["title"]
        assert "SELECT" in asked
        assert "kept" in kept
    actors = {
        actor for _, actor, what in Accounts(open_database(record)).audited() if what.startswith("mcp ")
    }
    assert "token of the environment" in actors
    assert any(actor.startswith("agent of ") for actor in actors)


def test_the_guard_and_the_tokens_hold_for_agents(tmp_path: Path) -> None:
    """No token or an ingest key: 401. Another host or origin: 403. A body that is too large: 413. Nonsense: 400."""
    first = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepts = {"accept": "application/json, text/event-stream"}

    def status(key: str, content: Any = first, **headers: str) -> int:
        return server.post("/mcp", content, key, **{**accepts, **headers}).status_code

    with serving(tmp_path) as server:
        assert 401 == httpx.post(f"{server.url}/mcp", json=first).status_code
        assert 401 == status("not-a-key-at-all")
        assert 401 == status(INGEST)
        assert 403 == status(TOKEN, host="evil.example")
        assert 403 == status(TOKEN, origin="https://evil.example")
        assert 413 == status(TOKEN, b"[" * (1 << 21))
        assert 400 == status(TOKEN, b"{")
        assert 404 == httpx.get(f"{server.url}/mcp/nothing").status_code
        listed = talk_http(server.url, TOKEN, Client.list_tools)
        refused = talk_http(server.url, TOKEN, called("verify", incident=1))

    assert 8 == len(listed.tools)
    assert "role responder" in refused.content[0].text
