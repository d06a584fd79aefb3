"""The first bad hop from log lines alone: whose error is first, and who is said to have answered badly."""

from typing import Any

from lastgood.inspections.path.weights import HOPS_SHOWN, LINES_SURE
from lastgood.model.attributes import REQUEST_ID
from lastgood.model.evidence import Table
from lastgood.model.failure import FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.case import Case

LIMIT = "no spans: read from the first error line of each request, which trusts the clocks of the hosts"
TIED = "there are no spans; the first errors of requests are in several services at the same time, and no line says which of them answered the other"
# What stands before or behind the name of whom a line says that it answered badly, or not at all.
_BEFORE = ("upstream", "downstream", "backend", "dependency", "calling", "call to", "request to", "response from", "answer from", "reply from", "error from")  # fmt: skip
_BEHIND = ("answered", "returned", "responded", "replied", "failed", "timed out", "unavailable", "is unavailable", "is down", "did not answer", "did not respond")  # fmt: skip
_SAYS = f"""arrayExists(w -> position(t.4, concat(' ', w, ' ', s, ' ')) > 0, {list(_BEFORE)})
                OR arrayExists(w -> position(t.4, concat(' ', s, ' ', w, ' ')) > 0, {list(_BEHIND)})"""
LINES = f"""
SELECT era AS phase, first.1 AS service, first.2 AS before, count() AS requests
FROM (SELECT id, min(phase) AS era,
             arraySort(groupArray(2000)((ts, service, severity, if(severity >= 17, said, '')))) AS told,
             arrayFilter(t -> t.3 >= 17, told) AS errors, uniqExact(service) AS services,
             arrayDistinct(arrayMap(t -> t.2, errors)) AS erring,
             arrayDistinct(arrayMap(t -> t.2, arrayFilter(t -> t.1 = errors[1].1, errors))) AS tied,
             arrayMap(s -> arrayFirst(t -> t.2 != s AND ({_SAYS.replace(" s,", " lower(s),")}), errors).2, erring) AS blamers,
             arrayFilter((s, by) -> by != '' AND NOT has(blamers, s), erring, blamers) AS roots,
             multiIf(length(tied) = 1 AND NOT has(blamers, tied[1]), tied[1], length(roots) = 1, roots[1], '') AS bad,
             blamers[indexOf(erring, bad)] AS caller,
             arrayFirstIndex(t -> t.3 >= 17, told) AS at,
             (bad, if(caller != '', caller, arrayLast(t -> t.2 != bad, arraySlice(told, 1, at)).2)) AS first
      FROM (SELECT *, if(trace_id != '', trace_id, attributes['{REQUEST_ID}']) AS id,
                   concat(' ', replaceRegexpAll(lower(body), '[^a-z0-9_.-]+', ' '), ' ') AS said
            FROM lg_lines WHERE phase != '' AND id != '')
      GROUP BY id HAVING services > 1 AND notEmpty(errors))
GROUP BY era, service, before ORDER BY requests DESC, service, before LIMIT 1000"""


def by_lines(case: Case) -> Finding | None:
    """Where most failing requests have their first error; unknown where most do not tell, None where none is tied together."""
    read = case.query(LINES)
    rows = read.dicts()
    bad = [row for row in rows if row["phase"] == "bad"]
    if not bad:
        return None
    table = Table(
        "The first error of each request",
        ("window", "after", "service", "requests"),
        tuple((r["phase"], r["before"], r["service"], r["requests"]) for r in rows[:HOPS_SHOWN]),
        read.provenance,
    )
    best: dict[str, Any] = bad[0]
    if not best["service"]:
        return Finding(Verdict.UNKNOWN, TIED, evidence=(table,))
    every = sum(row["requests"] for row in bad)
    found = FailurePath(
        best["before"] or None, best["service"], every, best["requests"], external=False, by_requests=True
    )
    because = f"{best['requests']} of {every} failing requests have their first error in {best['service']}"
    return Finding(Verdict.YES, because, LINES_SURE * best["requests"] / every, found, (table,), (LIMIT,))
