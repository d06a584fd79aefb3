"""Applications of Argo CD: what is asked for, and what it has forgotten."""

from datetime import UTC, datetime, timedelta

from lastgood.model.window import Window
from lastgood.outside.connectors import argocd as connector
from lastgood.outside.connectors._registry import Asking, Limit
from lastgood.outside.connectors.wire import Wire
from systems import System, running
from vendors import ARGO_APPLICATION, argocd

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))


def test_a_history_that_begins_in_the_window_is_said() -> None:
    """Argo CD keeps the last ten: what was synced before them is not known."""
    history = [
        {"id": n, "revision": f"{n:040x}", "deployedAt": f"2026-11-30T01:{10 + n}:00Z"} for n in range(10)
    ]
    full = ARGO_APPLICATION | {"status": {"history": history}}
    with running(argocd([full, ARGO_APPLICATION])) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW)))

    assert ["syncs of web before 2026-11-30T01:10:00Z are not kept by Argo CD (revisionHistoryLimit)"] == [
        one.sentence for one in found if isinstance(one, Limit)
    ]


def test_projects_and_labels_choose() -> None:
    """As Argo CD takes them; nothing chosen is nothing fetched."""
    system = argocd([])
    with running(system) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, select="team=shop", target="web", parts=("shop",))))

    assert ([], {"name": "web", "projects": "shop", "selector": "team=shop"}) == (found, system.asked[0][1])


def test_a_token_that_may_sync_is_said() -> None:
    """Reading needs less."""
    system = argocd([ARGO_APPLICATION])
    may = {**system.routes, "/api/v1/account/can-i/applications/sync/*": lambda _: {"value": "yes"}}
    with running(System(may)) as url, Wire(url) as wire:
        held = connector.holds(wire, Asking(WINDOW))

    assert ("1 application", "sync applications") == (held.sentence, held.excess)
