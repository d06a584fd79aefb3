"""What is over is opened again before it is anything else."""

from datetime import UTC, datetime

import pytest

from lastgood.errors import UsageError
from lastgood.incidents.state import incident_of
from lastgood.model.entry import Entry, Mitigated, Opened, Payload, Reopened, Resolved
from lastgood.model.incident import Incident
from lastgood.model.postmortem import Accepted, Closed
from lastgood.workbench.transitions import refuse_silent_return

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def after(*payloads: Payload) -> Incident:
    """An incident of which these were said."""
    said = (Opened("x"), *payloads)
    return incident_of(Entry(1, n, "kim", AT, AT, payload, "", "") for n, payload in enumerate(said, 1))


@pytest.mark.parametrize(
    ("incident", "payload"),
    [
        (after(Resolved("x")), Mitigated("y")),
        (after(Resolved("x")), Resolved("again")),
        (after(Resolved("x"), Accepted("hash"), Closed("z")), Mitigated("y")),
        (after(Resolved("x"), Accepted("hash"), Closed("z")), Resolved("y")),
    ],
)
def test_what_is_over_does_not_go_back_silently(incident: Incident, payload: Payload) -> None:
    """The hint says how it is opened again."""
    with pytest.raises(UsageError) as reported:
        refuse_silent_return(incident, payload)

    assert 'lastgood incident reopen "why"' in reported.value.hint


@pytest.mark.parametrize(
    ("incident", "payload"),
    [
        (after(), Mitigated("y")),
        (after(Mitigated("x")), Mitigated("again, later")),
        (after(Resolved("x"), Reopened("y")), Mitigated("z")),
        (after(Resolved("x"), Reopened("y")), Resolved("at another time")),
        (after(Resolved("x")), Reopened("y")),
    ],
)
def test_what_leads_on_is_taken(incident: Incident, payload: Payload) -> None:
    """Also a better time for what was said before."""
    refuse_silent_return(incident, payload)
