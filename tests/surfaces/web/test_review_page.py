"""Review in the browser."""

from pathlib import Path

import pytest

from lastgood.model.access import Role
from lastgood.model.entry import Frozen, Resolved, Triaged
from lastgood.model.finding import Verdict
from lastgood.workbench.review import deck
from lastgood.workbench.review_questions import method_questions
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture
FIRST = method_questions()[0]


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reviews are kept in a folder of the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def test_a_question_is_decided_answered_and_rated(service: Service) -> None:
    """The answer is hidden until a decision is sent; the next question follows; the terminal has the same state."""
    shown = called(service, "GET", "/review", Role.VIEWER).text
    after = called(service, "POST", "/review", Role.VIEWER, key=FIRST.key, decision="roll <b>back</b>").text
    saved = called(service, "POST", "/review/rating", Role.VIEWER, key=FIRST.key, rating="3")
    following = called(service, "GET", "/review", Role.VIEWER).text

    assert FIRST.evidence[1] in shown
    assert FIRST.answer[0] not in shown
    assert FIRST.answer[0] in after
    assert "roll &lt;b&gt;back" in after
    assert (303, "/review") == (saved.status_code, saved.headers["location"])
    assert FIRST.evidence[1] not in following
    assert "1 answered today" in following
    assert {FIRST.key} == {*deck(service.config, service.clock, "key viewer").memories}
    assert not deck(service.config, service.clock, "key_viewer").memories


def test_the_evidence_of_an_incident_is_that_of_its_first_answer(service: Service) -> None:
    """Rows that were kept later are not shown: they were not known then."""
    kept = Frozen("9 % fail", "q", "SELECT 1", {}, None, 1, cut_off=False, content=service.record.keep(b"{}"))
    for payload in (Triaged("", Verdict.YES, "measured"), kept, Resolved("flag off"), kept):
        service.record.append(1, payload, actor="kim")
    shown = called(service, "POST", "/review", key="incident:1").text

    assert 1 == shown.count("9 % fail")
    assert "/incidents/1/evidence/3" in shown
    assert "resolved: flag off" in shown
    assert "You wrote no decision" in shown


@pytest.mark.parametrize("wrong", [{"rating": "5"}, {"rating": ""}, {"rating": "3", "key": "x"}])
def test_what_cannot_be_rated(service: Service, wrong: dict[str, str]) -> None:
    """A rating is 1 to 4, of a question that there is."""
    assert 400 == called(service, "POST", "/review/rating", **{"key": FIRST.key, **wrong}).status_code
    assert 400 == called(service, "POST", "/review", key="").status_code


def test_nothing_is_due(service: Service) -> None:
    """Says when the next one is."""
    for question in method_questions():
        called(service, "POST", "/review/rating", key=question.key, rating="4")

    assert "No question is due" in called(service, "GET", "/review").text
