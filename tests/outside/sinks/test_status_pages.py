"""Status pages: how components are said to be, and what an update reads."""

from dataclasses import replace

import pytest

from contracts.test_sink_contract import OUT
from lastgood.config import Instatus, Statuspage
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import UpdateStatus
from lastgood.outside.sinks._registry import kinds
from lastgood.outside.sinks.status_pages import message, state_of


@pytest.mark.parametrize(
    ("state", "severity", "status"),
    [
        ("major outage", SeverityLevel.SEV1, UpdateStatus.IDENTIFIED),
        ("partial outage", SeverityLevel.SEV2, UpdateStatus.MONITORING),
        ("degraded performance", SeverityLevel.SEV4, UpdateStatus.INVESTIGATING),
        ("degraded performance", None, UpdateStatus.INVESTIGATING),
        ("operational", SeverityLevel.SEV1, UpdateStatus.RESOLVED),
    ],
)
def test_components_are_as_the_severity_says(
    state: str, severity: SeverityLevel | None, status: UpdateStatus
) -> None:
    """Until it is resolved; the least where no one has said how bad it is."""
    assert state == state_of(replace(OUT, severity=severity, status=status))


def test_an_update_is_one_text() -> None:
    """The writer's words, then the fields; never nothing."""
    assert "We turn the flag off.\nImpact: 5.6 % of requests fail\nNext update: 15:46 UTC" == message(OUT)
    assert OUT.title == message(replace(OUT, said="", fields=()))


def test_only_what_is_affected_is_changed() -> None:
    """Without components none is; the name is given once."""
    page = Statuspage(name="p", page="p1", token="$T")  # noqa: S106 - the name of a variable
    (first,), (later,) = (kinds()[Statuspage].plan(page, OUT, earlier) for earlier in ("", "i1"))

    assert "components" not in first.body["incident"]
    assert ("Checkout failing", None) == (first.body["incident"]["name"], later.body["incident"].get("name"))
    other = Instatus(name="p", page="p1", token="$T")  # noqa: S106 - the name of a variable
    (opened,) = kinds()[Instatus].plan(other, OUT, "")
    assert ([], []) == (opened.body["components"], opened.body["statuses"])
