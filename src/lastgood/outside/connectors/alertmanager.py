"""Alertmanager: the alerts that it holds now (API v2)."""

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held
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


def holds(wire: Wire, asking: Asking) -> Held:
    """How many alerts it has now; none is as it should be."""
    del asking
    version = wire.get_json("api/v2/status")["versionInfo"]["version"]
    return Held(f"{counted(len(wire.get_json('api/v2/alerts')), 'alert')} now (version {version})")


CONNECTOR = Connector("alertmanager", "alerts", fetch, detect, holds, frozenset({Signal.ALERTS}))
