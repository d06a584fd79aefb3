"""What people do on the board, through its routes."""

from lastgood.workbench.board import board
from lastgood.workbench.entered import entered
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_a_hypothesis_is_added_ruled_out_and_taken_up(service: Service) -> None:
    """Each step is on the record, with its reason."""
    root = "/incidents/{number}/hypotheses"
    form = {"text": "Stripe changed its answers", "predictions": "fails(issuer=ANZ) > 50%\n\n"}
    answer = called(service, "POST", root, **form)
    assert (303, "/incidents/1#hypotheses") == (answer.status_code, answer.headers["location"])
    assert (
        303 == called(service, "POST", f"{root}/{{which}}/rule-out", because="status page denies").status_code
    )
    assert "status page denies" == board(entered(service, 1, "")).hypotheses[0].because
    assert 303 == called(service, "POST", f"{root}/{{which}}/reopen", because="it was wrong").status_code
    assert board(entered(service, 1, "")).hypotheses[0].alive
    assert "Stripe changed its answers" in called(service, "GET", "/incidents/{number}").text


def test_a_prediction_that_cannot_be_read_is_refused(service: Service) -> None:
    """400; nothing is on the record."""
    answer = called(
        service, "POST", "/incidents/{number}/hypotheses", text="Stripe", predictions="it just fails"
    )

    assert 400 == answer.status_code
    assert 1 == len(service.record.entries(1))


def test_without_windows_nothing_can_be_checked(service: Service) -> None:
    """And the answer says what to do."""
    called(service, "POST", "/incidents/{number}/hypotheses", text="Stripe", predictions="fails(a=b) > 50%")
    answer = called(service, "POST", "/incidents/{number}/hypotheses/check", which="1")

    assert 400 == answer.status_code
    assert "no good window" in answer.text
