"""Services whose telemetry ends while that of others goes on.

A service that went down and a log that was not copied to its end look alike.
"""

from datetime import datetime

from lastgood.inspections.confirm.weights import ENDED_WITHOUT
from lastgood.model.window import Comparison
from lastgood.readings.case import Case
from lastgood.readings.compared import Compared

_LAST = """
SELECT service, max(ts) AS last FROM (
    SELECT service, ts FROM lg_lines UNION ALL SELECT service, ts FROM lg_spans UNION ALL SELECT service, ts FROM lg_points
) WHERE service != '' GROUP BY service ORDER BY service"""


def ended(case: Case, comparison: Comparison, parts: tuple[Compared, ...]) -> dict[str, datetime]:
    """Since when there is nothing of each of them, though so many requests would have come."""
    last = {row["service"]: row["last"] for row in case.query(_LAST, window=comparison.hull).dicts()}
    newest = max(last.values(), default=None)
    rates: dict[str, float] = {}
    for part in parts:
        service = part.places[0][0]
        rates[service] = rates.get(service, 0.0) + part.good.requests / comparison.good.seconds
    return {
        service: last[service]
        for service, rate in rates.items()
        if newest is not None
        and service in last
        and (newest - last[service]).total_seconds() * rate >= ENDED_WITHOUT
    }
