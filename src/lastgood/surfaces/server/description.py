"""The description of the API: what each route takes, who may use it, and what it answers, in the terms of OpenAPI."""

import re
from typing import Any

from lastgood.model.access import Role
from lastgood.surfaces.server.desk import Open, Route

_PROBLEM = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "message": {"type": "string"}, "hint": {"type": "string"}},
    "required": ["error", "message"],
}
_ACCOUNT = {
    "type": "object",
    "properties": {
        "stored": {"type": "integer"},
        "rejected": {"type": "integer"},
        "reasons": {"type": "array", "items": {"type": "string"}},
        "repeated": {"type": "boolean"},
        "incidents": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["stored", "rejected", "reasons"],
}
_JSON = "application/json"
_NUMBER = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_SIGNATURES = {
    "/api/changes/github": ("x-hub-signature-256", "x-github-delivery"),
    "/api/changes/webhook": ("webhook-id", "webhook-timestamp", "webhook-signature"),
}
SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token; its role decides"},
    "ingest": {"type": "http", "scheme": "bearer", "description": "An ingest key"},
}


def described(route: Route) -> dict[str, Any]:
    """What the framework is given to describe a route."""
    extra: dict[str, Any] = {"parameters": list(_parameters(route)), "security": _security(route)}
    if isinstance(route.needs, Open):
        extra["requestBody"] = {"required": True, "content": {_JSON: {"schema": {}}}}
    return {"openapi_extra": extra, "responses": _responses(route), "status_code": route.status}


def _parameters(route: Route) -> list[dict[str, Any]]:
    path = [
        {"name": name, "in": "path", "required": True, "schema": _NUMBER}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    signed = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in _SIGNATURES.get(route.path, ())
    ]
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in route.query]
    return [*path, *signed, *asked]


def _security(route: Route) -> list[dict[str, list[str]]]:
    if isinstance(route.needs, Role):
        return [{"token": []}]
    return [{"ingest": []}] if route.needs is Open.INGEST else []


def _responses(route: Route) -> dict[int | str, dict[str, Any]]:
    means = {400: "It cannot be read", 413: "It is too large", 503: "Store or record do not answer"}
    if route.needs is not Open.ALL:
        means[401] = "No valid key or signature"
    if isinstance(route.needs, Role):
        means[403] = "The role does not cover it"
    if "{" in route.path or route.query:  # also where what is asked about holds nothing
        means[404] = "There is no such thing"
    schemas: dict[int, Any] = dict.fromkeys(means, _PROBLEM)
    if isinstance(route.needs, Open):
        means[200], schemas[200], schemas[400] = "Stored", _ACCOUNT, {"anyOf": [_ACCOUNT, _PROBLEM]}
    return {
        status: {"description": text, "content": {_JSON: {"schema": schemas[status]}}}
        for status, text in sorted(means.items())
    }
