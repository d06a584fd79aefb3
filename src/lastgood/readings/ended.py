"""How requests ended at those that a proxy hands them to, by what its access log says."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lastgood.algorithms.counts import VERY_CLEAR, wilson
from lastgood.model.attributes import (
    CLIENT_ADDRESS,
    IIS_STATUS,
    RESPONSE_FLAGS,
    SERVER_ADDRESS,
    TERMINATION_STATE,
    UPSTREAM_NS,
    UPSTREAM_STATUS,
    UPSTREAMS,
    USER_AGENT,
)
from lastgood.model.judgement import Amount, Count
from lastgood.telemetry.derived import first_of

_STATE = f"attributes['{TERMINATION_STATE}']"
_FLAGS = f"splitByChar(',', attributes['{RESPONSE_FLAGS}'])"
_REPORTED = f"trim(BOTH '-' FROM attributes['{UPSTREAM_STATUS}'])"
UPSTREAM = first_of(["attributes"], UPSTREAMS)
# The name that users ask for is an address too: where a request came from outside, and nothing tells of who took it from here.
ITS_OWN_ADDRESS = f"""(user != '' OR attributes['{CLIENT_ADDRESS}'] != '' OR attributes['{USER_AGENT}'] != '')
    AND {UPSTREAM} = '' AND attributes['{UPSTREAM_NS}'] = '' AND attributes['{UPSTREAM_STATUS}'] = ''
    AND attributes['{SERVER_ADDRESS}'] != '' AND NOT match(attributes['{SERVER_ADDRESS}'], '^[0-9.]+$|:')"""
_ADDRESS = f"if({ITS_OWN_ADDRESS}, '', attributes['{SERVER_ADDRESS}'])"
# How a request ended, by what proxies say of it: Envoy's response flags, HAProxy's state at the end, else the status.
ENDED = f"""multiIf(NOT failed, 'served',
    hasAny({_FLAGS}, ['UO']) OR startsWith({_STATE}, 'sQ'), 'queued',
    http_status = 504 OR hasAny({_FLAGS}, ['UT']) OR startsWith({_STATE}, 'sH'), 'late',
    http_status = 499, 'left',
    hasAny({_FLAGS}, ['UH']) OR (startsWith({_STATE}, 'SC') AND attributes['{SERVER_ADDRESS}'] = ''), 'unserved',
    hasAny({_FLAGS}, ['UF', 'UC', 'UR', 'URX', 'LH', 'NC']) OR match({_STATE}, '^[sS][CH]'), 'refused',
    hasAny({_FLAGS}, ['RL', 'RLSE', 'UAEX']) OR startsWith({_STATE}, 'P') OR (http_status = 429 AND {_REPORTED} = ''), 'limited',
    http_status = 502 OR (http_status = 503 AND {_REPORTED} = '' AND {_STATE} = '' AND attributes['{RESPONSE_FLAGS}'] = ''), 'refused',
    'answered')"""
ENDS = f"""
SELECT service, {UPSTREAM} AS upstream, {_ADDRESS} AS address, http_status AS status, {ENDED} AS ended,
       countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad, max(attributes['{IIS_STATUS}'] != '') AS its_own
FROM lg_served WHERE phase != ''
GROUP BY service, upstream, address, status, ended ORDER BY bad DESC, service, upstream, address, status, ended LIMIT 5000"""
SAID = {
    "queued": "found no free connection: the connection pool or queue to it is full",
    "late": "timed out", "left": "were cancelled by clients that timed out", "refused": "returned bad gateway: the upstream does not respond",
    "unserved": "found no server: all servers of the pool were taken out",
    "limited": "were rejected by rate limit before any upstream", "answered": "returned an error from the upstream",
    "own": "were answered by the proxy itself, before any upstream",
}  # fmt: skip
ANSWERED_IN_PROXY = frozenset({"limited", "own"})  # the proxy's own answers
_WITHOUT_SERVER = {"refused": "unserved", "answered": "own"}
# fmt: off
UPSTREAM_REQUESTS = Count(10, "requests to an upstream in each window, to compare", "judgement: of fewer a share is not known")
ADDRESS_LOSES = Amount(0.8, "of what an upstream loses is lost by one address", "judgement: nearly all")
ADDRESS_WORKS = Amount(0.6, "of the requests at most go to that address", "judgement: who does it all has no peers")
# fmt: on


@dataclass(frozen=True, slots=True)
class Ends:
    """How the requests of one proxy to one upstream ended, good and bad window."""

    proxy: str
    upstream: str  # '': none is reported
    ended: Mapping[str, tuple[int, int]]
    addresses: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # bad: failed, of requests

    @property
    def good(self) -> tuple[int, int]:
        """Failed, of requests."""
        return self._of(0)

    @property
    def bad(self) -> tuple[int, int]:
        """Failed, of requests."""
        return self._of(1)

    def _of(self, at: int) -> tuple[int, int]:
        every = sum(counts[at] for counts in self.ended.values())
        return every - self.ended.get("served", (0, 0))[at], every

    @property
    def lift(self) -> float:
        """How much larger a share surely fails than did."""
        if self.bad[1] < UPSTREAM_REQUESTS:
            return 0.0
        return wilson(*self.bad, VERY_CLEAR)[0] - (
            wilson(*self.good, VERY_CLEAR)[1] if self.good[1] >= UPSTREAM_REQUESTS else 0.0
        )

    @property
    def mostly(self) -> str:
        """How those end that fail more than they did."""
        scale = self.bad[1] / max(self.good[1], 1)
        more = {how: bad - good * scale for how, (good, bad) in self.ended.items() if how != "served"}
        return max(more, key=lambda how: (more[how], how))

    @property
    def well(self) -> bool:
        """Whether those that reach a server are served as before, though others find none."""
        reached = replace(self, ended={how: n for how, n in self.ended.items() if how != "unserved"})
        return reached.bad[1] >= UPSTREAM_REQUESTS and reached.lift <= 0

    @property
    def alone(self) -> str | None:
        """The address that fails by itself."""
        failed, requests = self.bad
        return alone(self.addresses, failed, requests)


def alone(addresses: Mapping[str, tuple[float, int]], lost: float, requests: int) -> str | None:
    """The address that loses nearly all that is `lost`, in little more than half of the `requests` at most; of what each lost and got."""
    worst = max(addresses, key=lambda name: (addresses[name], name), default="")
    mine, work = addresses.get(worst, (0, 0))
    by_itself = len(addresses) > 1 and mine >= ADDRESS_LOSES * lost and work <= ADDRESS_WORKS * requests
    return worst if by_itself else None


def read_ends(rows: Iterable[Mapping[str, Any]]) -> Iterator[Ends]:
    """How requests ended at each upstream, of rows of `ENDS`."""
    counts: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    addresses: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in rows:
        of = row["service"], row["upstream"]
        counts[of][row["ended"]].update({"good": row["good"], "bad": row["bad"]})
        if row["address"]:
            reported = addresses[of][row["address"]]
            reported[0] += row["bad"] * (row["ended"] != "served")
            reported[1] += row["bad"]
    for (proxy, upstream), ended in sorted(counts.items()):
        where = {name: (failed, of) for name, (failed, of) in addresses[proxy, upstream].items()}
        yield Ends(proxy, upstream, {how: (n["good"], n["bad"]) for how, n in ended.items()}, where)


def with_unserved(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `ENDS`: where others of an upstream name the server that they went to, one without found none, or the proxy answered it itself."""
    placed = {(row["service"], row["upstream"]) for row in rows if row["address"] and row["upstream"]}
    return [
        {**row, "ended": _WITHOUT_SERVER[row["ended"]]}
        if row["ended"] in _WITHOUT_SERVER
        and not row["address"]
        and (row["service"], row["upstream"]) in placed
        else row
        for row in rows
    ]
