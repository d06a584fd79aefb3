"""Actions from the page: confirmed, recorded, and one at a time."""

from lastgood.model.action import ActionBegun
from lastgood.workbench.service import Service
from surfaces.server.test_app import service
from surfaces.web.test_incident import called

__all__ = ["service"]  # a fixture


def test_an_action_is_confirmed_before_it_is_recorded(service: Service) -> None:
    """The page says what happens; a second action waits until the first is measured."""
    query = {"kind": "flag-off", "target": "anz-3ds"}
    shown = called(service, "GET", "/incidents/{number}/act", **query)
    assert 200 == shown.status_code
    assert "Keep the evidence" in shown.text
    assert "No command for this action" in shown.text
    assert "YOUR-COMMAND" in shown.text
    assert 1 == len(service.record.entries(1))

    form = {"kind": "flag-off", "target": "anz-3ds", "how": "hand"}
    assert 303 == called(service, "POST", "/incidents/{number}/act", **form).status_code
    begun = [e.payload for e in service.record.entries(1) if isinstance(e.payload, ActionBegun)]
    assert [("flag_off", "anz-3ds", "key responder")] == [(b.what, b.target, b.by) for b in begun]

    assert "no measured effect yet" in called(service, "GET", "/incidents/{number}/act", **query).text
    assert 400 == called(service, "POST", "/incidents/{number}/act", **form).status_code
    room = called(service, "GET", "/incidents/{number}").text
    assert "Wait: flag off anz-3ds" in room
    assert "Measure its effect" in room


def test_the_effect_of_nothing_is_refused(service: Service) -> None:
    """400, and a sentence; and a command that there is none of does not run."""
    assert 400 == called(service, "POST", "/incidents/{number}/verify", action="7").status_code
    form = {"kind": "rollback", "target": "payments", "how": "command"}
    assert 400 == called(service, "POST", "/incidents/{number}/act", **form).status_code
