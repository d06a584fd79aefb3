"""The routes of the pages."""

from lastgood.model.access import Role
from lastgood.surfaces.server.desk import Open, Route
from lastgood.surfaces.web import incident, listing, log_in, pages

_ONE = "/incidents/{number}"
ROUTES = (
    Route("GET", "/login", Open.ALL, log_in.form),
    Route("POST", "/login", Open.ALL, log_in.log_in),
    Route("POST", "/logout", Role.VIEWER, log_in.log_out),
    Route("GET", "/static/{name}", Open.ALL, pages.asset),
    Route("GET", "/", Role.VIEWER, listing.listing),
    Route("POST", "/incidents", Role.RESPONDER, incident.opened),
    Route("GET", _ONE, Role.VIEWER, incident.shown),
    Route("GET", f"{_ONE}/events", Role.VIEWER, incident.events),
    Route("GET", f"{_ONE}/evidence/{{sequence}}", Role.VIEWER, incident.evidence),
    Route("POST", f"{_ONE}/notes", Role.RESPONDER, incident.note),
    Route("POST", f"{_ONE}/acknowledge", Role.RESPONDER, incident.acknowledge),
    Route("POST", f"{_ONE}/step", Role.RESPONDER, incident.step),
    Route("POST", f"{_ONE}/investigate", Role.RESPONDER, incident.investigate),
    Route("POST", f"{_ONE}/cancel", Role.RESPONDER, incident.cancel),
)
