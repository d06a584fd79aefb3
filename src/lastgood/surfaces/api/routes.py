"""The routes of the API."""

from lastgood.model.access import Role
from lastgood.surfaces.api import arrivals, canary, commands, incidents
from lastgood.surfaces.server.desk import Open, Route

_SENDERS = {
    "flagsmith": "Flagsmith",
    "gitlab": "GitLab",
    "launchdarkly": "LaunchDarkly",
    "terraform": "Terraform Cloud",
}

ROUTES = (
    Route("POST", "/api/changes", Open.INGEST, arrivals.changes, "Send changes"),
    Route("POST", "/api/changes/github", Open.SIGNED, arrivals.github, "Send changes as GitHub does"),
    Route("POST", "/api/changes/webhook", Open.SIGNED, arrivals.webhook, "Send signed changes"),
    *(
        Route(
            "POST",
            f"/api/changes/{name}",
            Open.SIGNED,
            arrivals.of_sender(name),
            f"Send changes as {title} does",
        )
        for name, title in _SENDERS.items()
    ),
    Route("POST", "/api/alerts", Open.INGEST, arrivals.alerts, "Send alerts"),
    Route("POST", "/api/alerts/pagerduty", Open.SIGNED, arrivals.pagerduty, "Send alerts as PagerDuty does"),
    Route("GET", "/api/incidents", Role.VIEWER, incidents.listed, "List incidents"),
    Route("GET", "/api/incidents/{number}", Role.VIEWER, incidents.shown, "Show an incident"),
    Route("GET", "/api/incidents/{number}/sitrep", Role.VIEWER, incidents.sitrep, "Show the last answer"),
    Route(
        "POST",
        "/api/incidents/{number}/investigate",
        Role.RESPONDER,
        incidents.investigate,
        "Ask again now",
        202,
    ),
    Route("POST", "/api/incidents/{number}/cancel", Role.RESPONDER, incidents.cancel, "End the questions"),
    Route("GET", "/api/holdings", Role.VIEWER, incidents.holdings, "Show what the store holds"),
    Route(
        "GET", "/api/canary", Role.VIEWER, canary.verdict, "Judge a canary", query=tuple(sorted(canary.NAMES))
    ),
    *commands.ROUTES,
    Route("GET", "/api/whoami", Role.VIEWER, incidents.whoami, "Show who asks"),
    Route("GET", "/api/openapi.json", Role.VIEWER, incidents.openapi, "Describe the API"),
)
