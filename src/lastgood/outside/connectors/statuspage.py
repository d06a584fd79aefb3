"""Status pages of third parties that speak the Statuspage API (v2): incidents and maintenances."""

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held
from lastgood.outside.connectors.wire import Wire


def detect(wire: Wire) -> bool:
    """Whether it has a summary with a page."""
    try:
        answer = wire.get_json("api/v2/summary.json")
    except NotFetchedError:
        return False
    return isinstance(answer, dict) and "page" in answer


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """The last fifty incidents, and the maintenances."""
    del asking
    yield Document("incidents.json", wire.get("api/v2/incidents.json"))
    yield Document("maintenances.json", wire.get("api/v2/scheduled-maintenances.json"))


def holds(wire: Wire, asking: Asking) -> Held:
    """How many incidents it lists; none is as it should be."""
    del asking
    return Held(f"{counted(len(wire.get_json('api/v2/incidents.json')['incidents']), 'incident')} listed")


CONNECTOR = Connector(
    "statuspage", "changes of a third party", fetch, detect, holds, frozenset({Signal.CHANGES})
)
