"""What clients write down of their calls: lines with the URL that was called and the status that came back, failing or not.

A third party tells nothing of itself. Lines of a client library name its host, whatever their level.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from lastgood.algorithms.culprit_kinds import kind_of_peer
from lastgood.algorithms.upstream_names import upstream_names
from lastgood.inspections.culprit.client_failures import Sides, failing
from lastgood.model.attributes import USER_AGENT
from lastgood.model.evidence import Table
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.suspicions import Suspicions

# A name with a dot in it: what has none is one's own, and tells of itself.
_HOST = r"[a-z][a-z0-9+]{1,9}://(?:[^\s/@]*@)?([A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})(?::[0-9]{1,5})?(?:[/?\s\"',;)]|$)"
_STATUS = (
    r"(?i)(?:HTTP/[0-9](?:\.[0-9])?[\"']?[ :]+|\bstatus(?:[ _-]?code)?[\"']?(?: was| is)?[ =:]+[\"']?"
    r"|\b(?:returned|answered|got|received|responded(?: with)?) (?:HTTP )?|(?:->|=>|→) ?)([1-5][0-9]{2})\b"
)
CALLS = f"""
SELECT service, host, sum(phase = 'good') AS good, sum(phase = 'good' AND bad_answer) AS good_failed,
       sum(phase = 'bad') AS bad, sum(phase = 'bad' AND bad_answer) AS bad_failed
FROM (SELECT service, phase, lower(extract(body, {{host:String}})) AS host, toUInt16OrZero(extract(body, {{status:String}})) AS status,
             status >= 500 OR status = 429 AS bad_answer
      FROM lg_lines WHERE phase != '' AND position(body, '://') > 0 AND attributes['{USER_AGENT}'] = '')
WHERE host != '' AND status > 0 GROUP BY service, host ORDER BY bad DESC, service, host LIMIT 2000"""


def logged_suspicions(case: Case, known: Collection[str]) -> Suspicions:
    """Hosts whose answers fail more by the lines of who calls them; who calls whom comes with it. `known`: services."""
    if not case.has(Signal.LOGS):
        return Suspicions()
    read = case.query(CALLS, host=_HOST, status=_STATUS)
    rows = read.dicts()
    named = upstream_names({row["host"] for row in rows}, known)
    counted: dict[tuple[str, str], Sides] = {
        (row["service"], named[row["host"]]): (
            (row["good_failed"], row["good"]),
            (row["bad_failed"], row["bad"]),
        )
        for row in rows
        if named[row["host"]] != row["service"]
    }
    if not counted:
        return Suspicions()
    callees: dict[str, set[str]] = defaultdict(set)
    for caller, callee in counted:
        callees[caller].add(callee)
    table = Table(
        "Calls by their callers' lines",
        ("caller", "callee", "failed before", "of", "failed", "of now"),
        tuple((*ends, *(n for side in sides for n in side)) for ends, sides in sorted(counted.items())[:20]),
        read.provenance,
    )
    found = (
        one if one.service in {*known, *callees} else replace(one, kind=kind_of_peer(one.service))
        for one in failing(counted, callees)
    )
    return Suspicions(tuple(found), (table,), callees=dict(callees))
