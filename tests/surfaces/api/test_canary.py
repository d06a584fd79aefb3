"""A gate over HTTP."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from inspections.test_canary import requests
from lastgood.model.access import Role
from lastgood.surfaces.api.routes import ROUTES
from lastgood.workbench.service import Service
from surfaces.server.test_app import asked, key_of, service

__all__ = ["service"]  # a fixture
ROUTE = next(route for route in ROUTES if route.path == "/api/canary")


def got(opened: Service, **parameters: str) -> tuple[int, dict[str, Any]]:
    """The answer to a viewer."""
    headers = {"authorization": f"Bearer {key_of(opened, Role.VIEWER)}"}
    answer = asked(opened, ROUTE, headers, params=parameters)
    return answer.status_code, orjson.loads(answer.content)


def test_no_data_is_inconclusive_and_no_error(service: Service) -> None:
    """An error would count as a failed measurement, and roll back what has no traffic yet."""
    status, found = got(service)

    assert (200, "inconclusive") == (status, found["outcome"])
    assert found["because"]


def test_the_outcome_is_that_of_the_command(service: Service) -> None:
    """A bad canary fails, an equal one passes, of a service that has none nothing is known."""
    requests(service.store, "1.0")
    requests(service.store, "1.1", since=600, seed=2)
    requests(service.store, "1.2", since=600, bad=0.3, seed=3)
    outcomes = [
        got(service, baseline="1.0", canary=canary, service=name, since="30d")[1]["outcome"]
        for canary, name in (("1.1", "shop"), ("1.2", "shop"), ("1.1", "other"))
    ]

    assert ["pass", "fail", "inconclusive"] == outcomes
    assert "before now" in got(service, baseline="1.0", canary="1.1")[1]["because"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"margin": "x"},
        {"margin": "99"},
        {"margin": "nan"},
        {"canary": "track="},
        {"since": "soon"},
        {"sevrice": "a"},
        {"untimed": "yes"},
    ],
)
def test_a_mistake_is_refused(service: Service, parameters: dict[str, str]) -> None:
    """A parameter that is misspelt would otherwise judge something else."""
    status, _ = got(service, **parameters)

    assert 400 == status


def argo_ends(outcomes: list[str], limits: dict[str, int]) -> str:
    """What Argo Rollouts makes of measurements (`assessMetricStatus` of its analysis): a reached count is a success."""
    failed = inconclusive = 0
    for taken, outcome in enumerate(outcomes, 1):
        failed += outcome == "fail"
        inconclusive += outcome not in {"pass", "fail"}
        if failed > limits.get("failureLimit", 0):
            return "Failed"
        if inconclusive > limits.get("inconclusiveLimit", 0):
            return "Inconclusive"
        if taken >= limits["count"]:
            return "Successful"
    return "Running"


def test_argo_4479_runs_that_never_decide_are_no_success(service: Service) -> None:
    """With the template of the guide: a canary without traffic to the end is not promoted, one that passes is."""
    guide = Path(__file__).parents[3] / "docs" / "howto" / "gate-a-canary.md"
    limits = {
        name: int(number)
        for name, number in re.findall(
            r"^ +(count|failureLimit|inconclusiveLimit): (\d+)", guide.read_text(), re.MULTILINE
        )
    }
    _, found = got(service)
    undecided = [found["outcome"]] * limits["count"]

    assert "Inconclusive" == argo_ends(undecided, limits)
    assert "Successful" == argo_ends([*undecided[1:], "pass"], limits)
    assert "Failed" == argo_ends([*undecided[2:], "fail"], limits)
