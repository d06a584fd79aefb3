"""Alertmanager: the alerts that it holds now (API v2)."""

from lastgood.errors import NotFetchedError
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched
from lastgood.outside.connectors.wire import Wire


def detect(wire: Wire) -> bool:
    """Whether it answers as Alertmanager does."""
    try:
        return "versionInfo" in wire.get_json("api/v2/status")
    except (NotFetchedError, TypeError):
        return False


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """The alerts, silenced and inhibited ones too."""
    del asking
    answer = wire.get("api/v2/alerts")
    if answer.strip() not in {b"", b"[]", b"null"}:
        yield Document("alerts.json", answer)


CONNECTOR = Connector("alertmanager", "alerts", fetch, detect)
