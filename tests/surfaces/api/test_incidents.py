"""Incidents as JSON."""

import orjson
import pytest

from lastgood.model.access import Role
from lastgood.surfaces.api.routes import ROUTES
from lastgood.workbench.service import Service
from surfaces.server.test_app import asked, key_of, service

__all__ = ["service"]  # a fixture


def got(opened: Service, path: str, role: Role = Role.RESPONDER) -> tuple[int, object]:
    route = next(route for route in ROUTES if route.path == path)
    answer = asked(opened, route, {"authorization": f"Bearer {key_of(opened, role)}"})
    return answer.status_code, orjson.loads(answer.content)


def test_incidents_are_listed_and_shown(service: Service) -> None:
    """With their entries, and what their investigation does."""
    _, listed = got(service, "/api/incidents")
    _, shown = got(service, "/api/incidents/{number}")

    assert isinstance(listed, list)
    assert isinstance(shown, dict)
    assert ["checkout fails"] == [one["opened"]["title"] for one in listed]
    assert ["opened"] == [entry["kind"] for entry in shown["record"]]
    assert "idle" == shown["investigation"]["phase"]


def test_an_answer_that_is_not_there_yet_is_no_data(service: Service) -> None:
    """404, with a sentence."""
    status, said = got(service, "/api/incidents/{number}/sitrep")

    assert 404 == status
    assert isinstance(said, dict)
    assert "no-data" == said["error"]


@pytest.mark.parametrize("path", ["/api/incidents/{number}/investigate", "/api/incidents/{number}/cancel"])
def test_a_responder_may_ask_again_and_cancel(service: Service, path: str) -> None:
    """Both are said to have been done."""
    status, said = got(service, path)

    assert status in {200, 202}
    assert isinstance(said, dict)
    assert 1 == said["incident"]


def test_who_asks_is_reported_who_it_is(service: Service) -> None:
    """To try a token."""
    assert (200, {"name": "key viewer", "role": "viewer"}) == got(service, "/api/whoami", Role.VIEWER)
