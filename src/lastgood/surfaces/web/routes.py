"""The routes of the pages."""

from lastgood.model.access import Role
from lastgood.surfaces.server.desk import Open, Route
from lastgood.surfaces.web import (
    action_pages,
    board_pages,
    composer,
    evidence_pages,
    incident,
    listing,
    log_in,
    pages,
    postmortem_pages,
)

_ONE = "/incidents/{number}"
_PAPER = f"{_ONE}/postmortem"
ROUTES = (
    Route("GET", "/login", Open.ALL, log_in.form),
    Route("POST", "/login", Open.ALL, log_in.log_in),
    Route("POST", "/logout", Role.VIEWER, log_in.log_out),
    Route("GET", "/static/{name}", Open.ALL, pages.asset),
    Route("GET", "/", Role.VIEWER, listing.listing),
    Route("POST", "/incidents", Role.RESPONDER, incident.opened),
    Route("GET", _ONE, Role.VIEWER, incident.shown),
    Route("GET", f"{_ONE}/events", Role.VIEWER, incident.events),
    Route("GET", f"{_ONE}/evidence/{{sequence}}", Role.VIEWER, evidence_pages.shown),
    Route("POST", f"{_ONE}/evidence/{{sequence}}/again", Role.VIEWER, evidence_pages.again),
    Route("POST", f"{_ONE}/notes", Role.RESPONDER, incident.note),
    Route("POST", f"{_ONE}/acknowledge", Role.RESPONDER, incident.acknowledge),
    Route("POST", f"{_ONE}/step", Role.RESPONDER, incident.step),
    Route("POST", f"{_ONE}/severity", Role.RESPONDER, incident.severity),
    Route("POST", f"{_ONE}/reopen", Role.RESPONDER, incident.reopen),
    Route("POST", f"{_ONE}/investigate", Role.RESPONDER, incident.investigate),
    Route("POST", f"{_ONE}/cancel", Role.RESPONDER, incident.cancel),
    Route("POST", f"{_ONE}/hypotheses", Role.RESPONDER, board_pages.add),
    Route("POST", f"{_ONE}/hypotheses/check", Role.RESPONDER, board_pages.check),
    Route("POST", f"{_ONE}/hypotheses/{{which}}/rule-out", Role.RESPONDER, board_pages.rule_out),
    Route("POST", f"{_ONE}/hypotheses/{{which}}/reopen", Role.RESPONDER, board_pages.reopen),
    Route("GET", f"{_ONE}/act", Role.RESPONDER, action_pages.confirm),
    Route("POST", f"{_ONE}/act", Role.RESPONDER, action_pages.start),
    Route("POST", f"{_ONE}/verify", Role.RESPONDER, action_pages.measure),
    Route("GET", f"{_ONE}/update", Role.RESPONDER, composer.show),
    Route("POST", f"{_ONE}/update/check", Role.RESPONDER, composer.check),
    Route("POST", f"{_ONE}/updates", Role.RESPONDER, composer.send),
    Route("GET", _PAPER, Role.VIEWER, postmortem_pages.show),
    Route("GET", f"{_PAPER}.md", Role.VIEWER, postmortem_pages.markdown),
    Route("POST", _PAPER, Role.RESPONDER, postmortem_pages.write),
    Route("POST", f"{_PAPER}/follow-ups", Role.RESPONDER, postmortem_pages.follow_up),
    Route("POST", f"{_PAPER}/accept", Role.RESPONDER, postmortem_pages.accept),
    Route("POST", f"{_ONE}/close", Role.RESPONDER, postmortem_pages.close),
)
