"""Counted once: what to say of requests that several places wrote down, and of users whom they name differently."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lastgood.model.figures import count
from lastgood.model.finding import Finding
from lastgood.readings.case import Case
from lastgood.telemetry.entries import SPANS

FRONTS = "SELECT kind, outer, inner, counted FROM lg_fronts ORDER BY kind, outer, inner"
TWICE = """
SELECT service, sum(n) AS n FROM (
    SELECT service, 1 AS n FROM lg_served WHERE phase != ''
    UNION ALL SELECT service, -1 AS n FROM lg_requests WHERE phase != '')
GROUP BY service ORDER BY service"""
UNREAD = "requests that several places logged may be counted at each: there was no time to check"
OF_SPANS = "SELECT service, count() AS n FROM lg_served WHERE phase != '' GROUP BY service ORDER BY service"


def with_account(case: Case, finding: Finding) -> Finding:
    """A finding, its limits saying which requests were at several places and where they are counted."""
    return replace(finding, limits=(*finding.limits, *counted_once(case)))


def counted_once(case: Case) -> tuple[str, ...]:
    """A sentence for each place whose requests are counted at another; none where there is no such place."""
    if case.comparison is None:
        return ()
    rows = case.query(FRONTS).dicts()
    unread = [UNREAD for row in rows if row["kind"] == "unread"]
    return tuple(dict.fromkeys([*unread, *_requests(case, rows), *_users(rows)]))


def _requests(case: Case, rows: list[dict[str, Any]]) -> Iterator[str]:
    links = [row for row in rows if row["kind"] == "requests"]
    if not links or case.comparison is None:
        return
    spans = any(row["inner"].endswith(SPANS) for row in links)
    found = case.query(OF_SPANS if spans else TWICE, window=case.comparison.hull)
    times = {row["service"]: int(row["n"]) for row in found.dicts()}
    outermost = {row["outer"] for row in links} - {row["inner"] for row in links}
    for row in links:
        if row["inner"].endswith(SPANS) and row["outer"] in outermost:
            yield _of_spans(row, times)
        elif row["outer"] in outermost and not spans:
            other = row["inner"] if row["counted"] == row["outer"] else row["outer"]
            yield (
                f"{count(times.get(other, 0))} requests appear at {_named(row['outer'])} and {_named(row['inner'])}: "
                f"counted once, at {_named(row['counted'])}"
            )


def _of_spans(row: dict[str, Any], times: dict[str, int]) -> str:
    inner = row["inner"].removesuffix(SPANS)
    return (
        f"{count(times.get(inner, 0))} requests have a span of {_named(inner)} and a line in the access log of "
        f"{_named(row['outer'])}, which has more: counted once, by the access log"
    )


def _users(rows: list[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        if row["kind"] == "users":
            places = " and ".join(sorted((_named(row["outer"]), _named(row["inner"]))))
            yield f"{places} use different user ids: users are counted at {_named(row['counted'])}"


def _named(service: str) -> str:
    return service or "the service without a name"
