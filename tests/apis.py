"""Stand-ins for the systems that sinks post to, after their documentation: what they demand, refuse and answer."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

KEY = "0123456789abcdef0123456789abcdef"  # whatever kind of secret a system has


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any  # decoded


@dataclass
class Reply:
    """What is answered."""

    status: int = 200
    body: Any = None  # JSON, or a text as it is
    headers: dict[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """A request that the documentation does not allow: status and reason."""


@dataclass
class Api:
    """A system that listens: first what it is asked to answer, then what it would."""

    url: str = ""
    first: list[Reply] = field(default_factory=list)
    got: list[Asked] = field(default_factory=list)
    taken: list[Asked] = field(default_factory=list)  # those that it accepted


Behaviour = Callable[[Asked, Api], Reply]


def demand(holds: bool, reason: str, status: int = 400) -> None:
    """Refuse a request where something does not hold."""
    if not holds:
        raise RefusedError(status, reason)


def authorised(asked: Asked, value: str, header: str = "authorization") -> None:
    """Whether the key is where it belongs."""
    demand(asked.headers.get(header) == value, "not authorised", 401)


def slack_webhook(asked: Asked, api: Api) -> Reply:
    """An incoming webhook: its address is its key."""
    demand(asked.path == f"/services/{KEY}", "no_service", 404)
    _blocks(asked.body)
    return Reply(200, "ok")


def slack(asked: Asked, api: Api) -> Reply:
    """The Web API: answers 200 whatever is wrong, and says so in `ok`."""
    if asked.headers.get("authorization") != f"Bearer {KEY}":
        return Reply(200, {"ok": False, "error": "invalid_auth"})
    if asked.path == "/auth.test":
        return Reply(200, {"ok": True, "team": "Shop", "user": "lastgood"})
    demand(asked.path in {"/chat.postMessage", "/chat.update"}, "unknown_method", 404)
    _blocks(asked.body)
    stamps = [f"170000000{n}.000100" for n, one in enumerate(api.taken) if "channel" in (one.body or {})]
    if asked.body["channel"] not in {"#incidents", "C1"}:
        return Reply(200, {"ok": False, "error": "channel_not_found"})
    if asked.path == "/chat.update" and asked.body.get("ts") not in stamps:
        return Reply(200, {"ok": False, "error": "message_not_found"})
    if asked.body.get("thread_ts", stamps and stamps[0]) not in [*stamps, []]:
        return Reply(200, {"ok": False, "error": "thread_not_found"})
    return Reply(200, {"ok": True, "channel": "C1", "ts": f"170000000{len(api.taken)}.000100"})


def _blocks(body: Any) -> None:
    """The limits of Block Kit."""
    demand(bool(body.get("text")), "no_text")
    found = body["blocks"]
    demand(0 < len(found) <= 50, "invalid_blocks")
    for block in found:
        match block["type"]:
            case "header":
                demand(
                    block["text"]["type"] == "plain_text" and 0 < len(block["text"]["text"]) <= 150, "header"
                )
            case "section":
                demand(("text" in block) != ("fields" in block), "section")
                demand(len(block.get("text", {}).get("text", "")) <= 3000, "section text")
                demand(len(block.get("fields", ())) <= 10, "fields")
                demand(all(0 < len(one["text"]) <= 2000 for one in block.get("fields", ())), "field")
            case "actions":
                demand(all(one["url"].startswith("https://") for one in block["elements"]), "button")
            case "context":
                demand(1 <= len(block["elements"]) <= 10, "context")
            case other:
                demand(False, f"unsupported block {other}")


def teams(asked: Asked, api: Api) -> Reply:
    """A webhook of Workflows: adaptive cards only, 28 kB at most."""
    demand(asked.path == f"/workflows/{KEY}", "no such workflow", 404)
    demand(len(json.dumps(asked.body, ensure_ascii=False).encode()) <= 28 * 1024, "too large", 413)
    demand(asked.body["type"] == "message", "type")
    (card,) = [one["content"] for one in asked.body["attachments"]]
    demand(asked.body["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive", "card")
    demand(card["type"] == "AdaptiveCard" and float(card["version"]) <= 1.5, "version")
    demand(all(one["type"] in {"Container", "RichTextBlock"} for one in card["body"]), "element")
    return Reply(202)


def mattermost(asked: Asked, api: Api) -> Reply:
    """An incoming webhook."""
    demand(asked.path == f"/hooks/{KEY}", "Invalid webhook", 400)
    demand(0 < len(asked.body["text"]) <= 16_383, "text")
    return Reply(200, "ok")


def statuspage(asked: Asked, api: Api) -> Reply:
    """Version 1."""
    authorised(asked, f"OAuth {KEY}")
    if asked.method == "GET":
        demand(asked.path == "/pages/p1", "not found", 404)
        return Reply(200, {"id": "p1", "name": "Shop"})
    incident = asked.body["incident"]
    demand(incident["status"] in {"investigating", "identified", "monitoring", "resolved"}, "status", 422)
    demand(bool(incident["body"]), "body", 422)
    states = {"operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"}
    demand(set(incident.get("components", {}).values()) <= states, "component", 422)
    if asked.method == "POST":
        demand(asked.path == "/pages/p1/incidents" and bool(incident["name"]), "name", 422)
        return Reply(201, {"id": "i1", "status": incident["status"]})
    demand(asked.method == "PATCH" and asked.path == "/pages/p1/incidents/i1", "not found", 404)
    return Reply(200, {"id": "i1", "status": incident["status"]})


def instatus(asked: Asked, api: Api) -> Reply:
    """Version 1."""
    authorised(asked, f"Bearer {KEY}")
    if asked.method == "GET":
        demand(asked.path == "/v1/p1/incidents", "not found", 404)
        return Reply(200, [])
    body = asked.body
    demand(body["status"] in {"INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED"}, "status")
    states = {"OPERATIONAL", "UNDERMAINTENANCE", "DEGRADEDPERFORMANCE", "PARTIALOUTAGE", "MAJOROUTAGE"}
    demand({one["status"] for one in body["statuses"]} <= states, "component")
    demand(bool(body["message"]) and isinstance(body["notify"], bool), "message")
    if asked.path == "/v1/p1/incidents":
        demand(bool(body["name"]), "name")
        return Reply(200, {"id": "ckf01", "status": body["status"]})
    demand(asked.path == "/v1/p1/incidents/ckf01/incident-updates", "not found", 404)
    return Reply(200, {"id": "ckf02", "status": body["status"]})


def pagerduty(asked: Asked, api: Api) -> Reply:
    """The Events API v2."""
    demand(asked.path == "/enqueue", "not found", 404)
    event = asked.body
    demand(len(event["routing_key"]) == 32 and event["routing_key"] == KEY, "routing_key")
    demand(event["event_action"] in {"trigger", "acknowledge", "resolve"}, "event_action")
    demand(0 < len(event["dedup_key"]) <= 255, "dedup_key")
    if event["event_action"] == "trigger":
        payload = event["payload"]
        demand(0 < len(payload["summary"]) <= 1024 and bool(payload["source"]), "payload")
        demand(payload["severity"] in {"critical", "error", "warning", "info"}, "severity")
    return Reply(202, {"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]})


def opsgenie(asked: Asked, api: Api) -> Reply:
    """The Alert API: everything is taken and done later."""
    authorised(asked, f"GenieKey {KEY}")
    if asked.path == "/alerts":
        alert = asked.body
        demand(0 < len(alert["message"]) <= 130 and 0 < len(alert["alias"]) <= 512, "message", 422)
        demand(
            len(alert["description"]) <= 15_000 and re.fullmatch("P[1-5]", alert["priority"]) is not None,
            "priority",
            422,
        )
    else:
        known = {one.body["alias"] for one in api.taken if one.path == "/alerts"}
        found = re.fullmatch(r"/alerts/([^/]+)/close\?identifierType=alias", asked.path)
        demand(found is not None and found[1] in known, "alert not found", 404)
    return Reply(202, {"result": "Request will be processed", "took": 0.1, "requestId": "r1"})


def ntfy(asked: Asked, api: Api) -> Reply:
    """Publishing as JSON."""
    if asked.path == "/v1/health":
        return Reply(200, {"healthy": True})
    authorised(asked, f"Bearer {KEY}")
    demand(asked.path == "/" and asked.body["topic"] == KEY, "topic")
    demand(
        asked.body["priority"] in {1, 2, 3, 4, 5} and len(asked.body["message"].encode()) <= 4096, "message"
    )
    return Reply(200, {"id": "n1", "event": "message"})


def github(asked: Asked, api: Api) -> Reply:
    """REST, version 2022-11-28."""
    authorised(asked, f"Bearer {KEY}")
    demand(asked.headers["accept"] == "application/vnd.github+json", "accept", 415)
    if asked.method == "GET":
        demand(asked.path == "/repos/shop/web", "not found", 404)
        return Reply(200, {"full_name": "shop/web"})
    demand(asked.path == "/repos/shop/web/issues", "not found", 404)
    demand(
        0 < len(asked.body["title"]) <= 256 and len(asked.body["body"]) <= 65_536, "Validation Failed", 422
    )
    return Reply(201, {"number": 7, "html_url": "https://github.com/shop/web/issues/7"})


def gitlab(asked: Asked, api: Api) -> Reply:
    """Version 4."""
    authorised(asked, KEY, "private-token")
    if asked.method == "GET":
        demand(asked.path == "/api/v4/projects/shop%2Fweb", "404 Project Not Found", 404)
        return Reply(200, {"id": 3})
    demand(asked.path == "/api/v4/projects/shop%2Fweb/issues", "404 Project Not Found", 404)
    demand(0 < len(asked.body["title"]) <= 255 and isinstance(asked.body["labels"], str), "title")
    return Reply(201, {"iid": 7, "web_url": "https://gitlab.com/shop/web/-/issues/7"})


def jira(asked: Asked, api: Api) -> Reply:
    """REST, version 2, as Jira Cloud has it."""
    authorised(asked, "Basic " + b64encode(f"kim@example.com:{KEY}".encode()).decode())
    if asked.method == "GET":
        demand(asked.path == "/rest/api/2/project/OPS", "No project could be found", 404)
        return Reply(200, {"key": "OPS"})
    demand(asked.path == "/rest/api/2/issue", "not found", 404)
    fields = asked.body["fields"]
    demand(fields["project"] == {"key": "OPS"} and fields["issuetype"] == {"name": "Task"}, "project")
    demand(0 < len(fields["summary"]) <= 255 and "\n" not in fields["summary"], "summary")
    demand(
        len(fields["description"]) <= 32_767 and all(" " not in one for one in fields["labels"]),
        "description",
    )
    return Reply(201, {"id": "10", "key": "OPS-7", "self": "https://shop.atlassian.net/rest/api/2/issue/10"})


def linear(asked: Asked, api: Api) -> Reply:
    """GraphQL: errors come with 200."""
    authorised(asked, KEY)
    demand(asked.path == "/graphql" and asked.method == "POST", "not found", 404)
    if asked.body["query"].startswith("query"):
        return Reply(200, {"data": {"team": {"id": asked.body["variables"]["team"], "name": "Ops"}}})
    given = asked.body["variables"]["input"]
    if re.fullmatch(r"[0-9a-f-]{36}", given["teamId"]) is None:
        return Reply(200, {"errors": [{"message": "Argument Validation Error"}], "data": None})
    demand(bool(given["title"]) and re.fullmatch(r"[0-9a-f-]{36}", given["id"]) is not None, "title")
    issue = {"identifier": "OPS-7", "url": "https://linear.app/shop/issue/OPS-7"}
    return Reply(200, {"data": {"issueCreate": {"success": True, "issue": issue}}})


@contextmanager
def api(behaves: Behaviour, *first: Reply) -> Iterator[Api]:
    """A system for as long as the block lasts."""
    state = Api(first=list(first))

    class Answering(BaseHTTPRequestHandler):
        def answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, json.loads(raw) if raw else None)
            state.got.append(asked)
            reply = state.first.pop(0) if state.first else _answer(behaves, asked, state)
            text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body or {})
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(behaves: Behaviour, asked: Asked, state: Api) -> Reply:
    try:
        reply = behaves(asked, state)
    except RefusedError as refused:
        status, reason = refused.args
        return Reply(status, {"error": reason})
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        return Reply(400, {"error": f"{type(fault).__name__}: {fault}"})
    state.taken.append(asked)
    return reply
