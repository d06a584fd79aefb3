"""The postmortem on its page: written, checked, accepted and closed."""

import pytest

from lastgood.model.incident import Status
from lastgood.workbench.entered import entered
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture

PAGE = "/incidents/{number}/postmortem"
FOLLOW_UP = {
    "text": "Alert on the share of declined charges by issuer", "owner": "kim", "due": "2026-12-24",
    "type": "detect", "removes": "A provider changes its answers and no alert fires",
}  # fmt: skip


@pytest.mark.slow
def test_a_postmortem_is_written_accepted_and_the_incident_closed(service: Service) -> None:
    """Each gap is named until it is filled."""
    called(service, "POST", "/incidents/{number}/step", to="resolved", because="the provider rolled back")
    assert "Could it happen again" in called(service, "GET", PAGE).text
    assert 400 == called(service, "POST", f"{PAGE}/accept", csrf="").status_code
    for part, text in (
        ("impact", "110 users could not pay for 31 minutes."),
        ("mechanism", "The provider changed the format of its answer, and the parser refused it."),
        ("again", "Yes, until the parser accepts unknown fields; that is the first follow-up."),
    ):
        assert 303 == called(service, "POST", PAGE, part=part, text=text).status_code
    assert 303 == called(service, "POST", f"{PAGE}/follow-ups", **FOLLOW_UP).status_code
    shown = called(service, "GET", PAGE).text
    assert "Nothing is missing" in shown
    assert FOLLOW_UP["text"] in shown
    assert 303 == called(service, "POST", f"{PAGE}/accept", csrf="").status_code
    assert 303 == called(service, "POST", "/incidents/{number}/close", because="all is said").status_code
    assert Status.CLOSED is entered(service, 1, "").incident.status
    assert called(service, "GET", f"{PAGE}.md").text.startswith("---\n")


@pytest.mark.parametrize(
    "wrong", [{"due": "soon"}, {"type": "wish"}, {"owner": ""}, {"text": "Be more careful"}]
)
def test_a_follow_up_needs_owner_date_and_type(service: Service, wrong: dict[str, str]) -> None:
    """And asks no one for care."""
    assert 400 == called(service, "POST", f"{PAGE}/follow-ups", **{**FOLLOW_UP, **wrong}).status_code


def test_an_unknown_section_is_refused(service: Service) -> None:
    """With those that there are."""
    answer = called(service, "POST", PAGE, part="poem", text="x")

    assert 400 == answer.status_code
    assert "lessons" in answer.text
