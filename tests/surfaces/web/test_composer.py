"""The composer: a draft, its checks, and its sending."""

from lastgood.model.message import Audience, Updated
from lastgood.surfaces.web.composer import audience_of
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture

BARE = {"audience": "team", "status": "investigating", "doing": "We are looking into it", "next_at": "+30m"}


def test_what_lacks_numbers_is_refused_until_a_reason_is_given(service: Service) -> None:
    """The check says what is missing; with a reason it is sent, and the reason is on the record."""
    checked = called(service, "POST", "/incidents/{number}/update/check", **BARE).text
    assert "no impact" in checked
    assert "Send anyway" in checked

    assert 422 == called(service, "POST", "/incidents/{number}/updates", **BARE).status_code
    assert not [e for e in service.record.entries(1) if isinstance(e.payload, Updated)]

    answer = called(service, "POST", "/incidents/{number}/updates", **BARE, because="nothing is measured yet")
    assert 303 == answer.status_code
    sent = next(e.payload for e in service.record.entries(1) if isinstance(e.payload, Updated))
    assert ("nothing is measured yet", "We are looking into it") == (sent.because, sent.message.doing)
    assert sent.overridden


def test_a_time_that_is_none_is_refused(service: Service) -> None:
    """400, with what to write."""
    answer = called(service, "POST", "/incidents/{number}/update/check", **{**BARE, "next_at": "soon"})

    assert 400 == answer.status_code
    assert "15:30 UTC" in answer.text


def test_each_audience_has_its_draft() -> None:
    """The team's where the name is none."""
    assert [Audience.PUBLIC, Audience.TEAM] == [audience_of("public"), audience_of("<b>")]
