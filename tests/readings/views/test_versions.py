"""Requests by version."""

from datetime import timedelta

from inspections.test_canary import WHOLE, requests
from lastgood.readings.views.versions import service_with_versions, version_counts, versions_seen
from lastgood.workbench.store import Store
from telemetry.rows import put_lines
from worlds import START


def test_versions_are_listed_with_their_times_and_counts(store: Store) -> None:
    """By operation and minute."""
    requests(store, "1.0", until=600)
    requests(store, "1.1", since=600, seed=2)
    _, reader = store.survey()
    seen = versions_seen(reader, WHOLE, "shop", spans=True)
    counts = version_counts(reader, WHOLE, "shop", spans=True)

    assert "shop" == service_with_versions(reader, WHOLE, spans=True)
    assert ["1.0", "1.1"] == [version for version, _, _ in seen]
    assert seen[0][2] < seen[1][1] < START + timedelta(seconds=610)
    assert {"GET /list", "POST /pay"} == {one.operation for one in counts}
    assert 12000 == sum(one.requests for one in counts)
    assert 0 == counts[0].block % 60
    assert () == versions_seen(reader, WHOLE, "other", spans=True)


def test_access_lines_have_versions_too(store: Store) -> None:
    """Where there are no spans; one version alone is none to compare."""
    put_lines(
        store, 3, "web", **{"http.response.status_code": "500", "http.route": "/a", "service.version": "1"}
    )
    _, reader = store.survey()

    assert "" == service_with_versions(reader, WHOLE, spans=False)
    assert [3] == [sum(one.failures for one in version_counts(reader, WHOLE, "web", spans=False))]
