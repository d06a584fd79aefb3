"""Refusals: requests that get a 4xx, or are sent to another page, where that is a fault of the service and not of whoever asks.

What is wrong by its content (400, 409, 413, 415, 422) counts wherever it is. What is not found, not allowed, too much,
or sent to sign in counts at operations that ordinarily serve: whoever scans for weak pages asks for what was never served.
What robots get, by the name that they give themselves, counts nowhere: they ask for pages that no one links to.
"""

from lastgood.model.judgement import Count
from lastgood.readings.load_tools import OF_ROBOTS
from lastgood.telemetry.relations import IS_DENIED, IS_SERVED, WRONG

# fmt: off
SERVED_ORDINARILY = Count(30, "requests served by an operation, for its refusals to show something about it", "judgement: of fewer nothing is usual")
# fmt: on

_SERVES = f"""
SELECT service, operation FROM lg_requests WHERE {IS_SERVED}
GROUP BY service, operation HAVING count() >= {SERVED_ORDINARILY}"""
IS_REFUSED = f"((http_status IN {WRONG} OR ({IS_DENIED} AND (service, operation) GLOBAL IN ({_SERVES}))) AND NOT {OF_ROBOTS})"
REFUSED = (
    f"(SELECT * REPLACE(toUInt8({IS_REFUSED}) AS failed) FROM lg_requests)"  # the refused ones as failed
)
EITHER = (
    f"((http_status IN {WRONG} OR {IS_DENIED}) AND NOT {OF_ROBOTS})"  # where the operation is known to serve
)
REFUSED_HERE = f"(SELECT * REPLACE(toUInt8({EITHER}) AS failed) FROM lg_requests)"
