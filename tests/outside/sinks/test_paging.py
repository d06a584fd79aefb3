"""Paging: how urgent it is, by each system's own words."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.test_sink_contract import OUT
from lastgood.config import Ntfy, Opsgenie, Pagerduty
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Occasion
from lastgood.outside.sinks._registry import kinds

SINKS: tuple[Any, ...] = (
    Pagerduty(name="p", key="$K"),
    Opsgenie(name="o", key="$K"),
    Ntfy(name="n", topic="$K"),
)


def body(settings: Any, severity: SeverityLevel | None, occasion: Occasion = Occasion.PAGE) -> dict[str, Any]:
    """What it is sent."""
    (call,) = kinds()[type(settings)].plan(settings, replace(OUT, severity=severity, occasion=occasion), "")
    return dict(call.body)


@pytest.mark.parametrize(
    ("urgency", "severity"),
    [
        (("critical", "P1", 5), SeverityLevel.SEV1),
        (("warning", "P3", 4), SeverityLevel.SEV3),
        (("error", "P2", 5), None),
    ],
)
def test_urgency_is_that_of_the_severity(urgency: tuple[Any, ...], severity: SeverityLevel | None) -> None:
    """And where there is none, that of what may be bad."""
    duty, genie, push = (body(one, severity) for one in SINKS)

    assert urgency == (duty["payload"]["severity"], genie["priority"], push["priority"])


def test_a_page_leads_to_the_incident() -> None:
    """What ends has only its key."""
    duty, genie, push = (body(one, SeverityLevel.SEV1) for one in SINKS)

    assert OUT.link == duty["links"][0]["href"] == genie["details"]["incident"] == push["click"]
    assert {"event_action", "dedup_key"} == {*body(SINKS[0], SeverityLevel.SEV1, Occasion.CLEAR)}
