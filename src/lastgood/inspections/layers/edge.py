"""Edge against origin: whether an edge fails by itself, by the statuses that it logs of its origin, by ids that both log, or by counts."""

from dataclasses import dataclass

from lastgood.algorithms.counts import CLEAR, wilson
from lastgood.inspections.layers.places import NOT_ASKED, STATUS, WRONG_AT_EDGE, Place, Places
from lastgood.inspections.layers.weights import (
    EDGE_ALONE,
    EDGE_UNANSWERED,
    IDS_SHARED,
    LAYER_REQUESTS,
    PATHS_READ,
    STALE_SHARE,
)
from lastgood.model.attributes import CORRELATION_ID, REQUEST_ID, URL_PATHS
from lastgood.model.boundary import Layer, ProbesSeen
from lastgood.model.figures import count, percent
from lastgood.model.probe_report import Place as Fault
from lastgood.readings.case import Case
from lastgood.telemetry.derived import first_of

_ID = (
    f"coalesce(nullIf(attributes['{REQUEST_ID}'], ''), nullIf(attributes['{CORRELATION_ID}'], ''), trace_id)"
)
_PATH = f"cutQueryString({first_of(['attributes'], URL_PATHS)})"
_LOGGED = f"SELECT service, phase, {STATUS} AS status, {_ID} AS id, {_PATH} AS path FROM lg_lines WHERE phase = 'bad'"
# Requests of an edge that are found elsewhere by their id: of those served and of those failed.
BY_ID = f"""
SELECT {WRONG_AT_EDGE.replace("status", "given")} AS wrong, count() AS requests, countIf(o.id != '') AS found, countIf(o.id != '' AND o.worst >= 400) AS failed
FROM (SELECT id, max(status) AS given FROM ({_LOGGED}) WHERE service = {{edge:String}} AND status > 0 AND id != '' GROUP BY id) AS e
GLOBAL LEFT JOIN (SELECT id, max(status) AS worst FROM ({_LOGGED}) WHERE service IN {{origins:Array(String)}} AND status > 0 AND id != '' GROUP BY id) AS o
USING (id) GROUP BY wrong ORDER BY wrong"""
# Requests of an edge and its origins on the paths that fail at the edge.
BY_PATH = f"""
SELECT service = {{edge:String}} AS outer, count() AS requests, countIf({WRONG_AT_EDGE}) AS failed
FROM ({_LOGGED}) WHERE status > 0 AND service IN {{places:Array(String)}} AND path GLOBAL IN (
    SELECT path FROM ({_LOGGED}) WHERE service = {{edge:String}} AND {WRONG_AT_EDGE} AND path != ''
    GROUP BY path ORDER BY count() DESC, path LIMIT {PATHS_READ})
GROUP BY outer ORDER BY outer"""


ORIGINS = (Layer.BALANCER, Layer.APPLICATION)  # layers behind an edge
GATEWAY_UNANSWERED = frozenset({502, 504, *range(520, 528)})  # of a gateway: what is behind it did not answer


@dataclass(frozen=True, slots=True)
class EdgeSeen:
    """An edge that is at fault, or whose origin is; None: its failures could not be compared."""

    place: str
    alone: bool | None
    what: str
    how: str = ""  # what its origin shows

    @property
    def because(self) -> str:
        """Both in a sentence."""
        return f"{self.what}; {self.how}" if self.how else self.what


def edge_seen(case: Case, places: Places) -> EdgeSeen | None:
    """What the edges and their origins show; None where no edge fails."""
    if probed := _probed(case):
        return probed
    for edge in places.of(Layer.EDGE):
        if edge.at_edge.fails:
            return _compared(case, edge, places)
    for edge in places.of(Layer.EDGE):
        stale = edge.stale
        if stale.fails and stale.failed >= STALE_SHARE * stale.of:
            counts = f"{count(stale.failed)} of {count(stale.of)} answers of {edge.name} are stale copies"
            before = f"({count(stale.failed_before)} of {count(stale.of_before)} before)"
            ill = any(
                p.broken.fails for layer in (Layer.BALANCER, Layer.APPLICATION) for p in places.of(layer)
            )
            return EdgeSeen(edge.name, None if ill else True, f"{counts} {before}")
    return None


def _probed(case: Case) -> EdgeSeen | None:
    """What a probe of the record shows that compared an edge with its origin."""
    kept = case.earlier(ProbesSeen)
    for host, probe in sorted(kept.by_host.items()) if kept else ():
        if probe.compared and probe.place in {Fault.EDGE, Fault.ORIGIN}:
            return EdgeSeen(host, probe.place == Fault.EDGE, f"a probe of {host} shows: {probe.said}")
    return None


def _compared(case: Case, edge: Place, places: Places) -> EdgeSeen:
    """By the first of the three ways that says anything."""
    tally = edge.at_edge
    status = max(edge.statuses, key=lambda one: (edge.statuses[one], one))
    what = (
        f"{edge.name} answers {count(tally.failed)} of {count(tally.of)} requests with errors, mostly {status} "
        f"({count(tally.failed_before)} of {count(tally.of_before)} before)"
    )
    for part in (_by_status(edge), _by_id(case, edge, places), _by_path(case, edge, places)):
        if part is not None:
            share, how = part
            return EdgeSeen(edge.name, _alone(edge, share), what, how)
    return EdgeSeen(edge.name, None, what, "the log of its origin is not loaded")


def _alone(edge: Place, share: float) -> bool | None:
    """Whether the edge is at fault, by the share that its origin did not fail; a gateway that got no answer cannot tell."""
    if share <= 1 - EDGE_ALONE:
        return False
    unanswered = sum(n for status, n in edge.statuses.items() if status in GATEWAY_UNANSWERED)
    open_ = share < EDGE_ALONE or unanswered > EDGE_UNANSWERED * edge.statuses.total()
    return None if open_ else True


def _by_status(edge: Place) -> tuple[float, str] | None:
    """The share that the origin did not fail, by the status that the edge logs of it."""
    logged = {status: n for status, n in edge.origins.items() if status != "unlogged"}
    whole = sum(logged.values())
    if whole < LAYER_REQUESTS:
        return None
    fine = sum(
        n for status, n in logged.items() if status in NOT_ASKED or (status.isdigit() and int(status) < 400)
    )
    return fine / whole, f"the origin was not asked or answered well in {percent(fine / whole)} of them"


def _origins(edge: Place, places: Places) -> list[str]:
    return [one.name for layer in ORIGINS for one in places.of(layer) if one.name != edge.name]


def _by_id(case: Case, edge: Place, places: Places) -> tuple[float, str] | None:
    origins = _origins(edge, places)
    if not origins:
        return None
    rows = {row["wrong"]: row for row in case.query(BY_ID, edge=edge.name, origins=origins).dicts()}
    served, wrong = rows.get(0), rows.get(1)
    if not served or not wrong or wrong["requests"] < LAYER_REQUESTS:
        return None
    shared = max(served["found"] / served["requests"], wrong["found"] / wrong["requests"])
    if shared < IDS_SHARED:
        return None
    fine = wrong["requests"] - wrong["failed"]
    said = (
        f"of these requests the origin logs {count(wrong['found'])}, {count(wrong['failed'])} of them failed"
    )
    return fine / wrong["requests"], said


def _by_path(case: Case, edge: Place, places: Places) -> tuple[float, str] | None:
    """By counts on the paths that fail at the edge: as many failures at the origin, or far fewer."""
    origins = _origins(edge, places)
    if not origins:
        return None
    rows = {
        row["outer"]: row for row in case.query(BY_PATH, edge=edge.name, places=[edge.name, *origins]).dicts()
    }
    outer, inner = rows.get(1), rows.get(0)
    if outer is None or outer["failed"] < LAYER_REQUESTS:
        return None
    asked, failed = (inner["requests"], inner["failed"]) if inner else (0, 0)
    if not asked and not any(
        p.requests for layer in (Layer.BALANCER, Layer.APPLICATION) for p in places.of(layer)
    ):
        return None
    elsewhere = sum(p.broken.failed for layer in ORIGINS for p in places.of(layer) if p.broken.fails)
    at_origin = min(1.0, max(failed, elsewhere) / outer["failed"])
    if asked and wilson(failed, asked, CLEAR)[0] > 1 - EDGE_ALONE:
        at_origin = max(at_origin, EDGE_ALONE)  # it fails for whom it answers, be they fewer
    said = f"on these paths the origin logs {count(failed)} errors in {count(asked)} requests"
    if elsewhere > failed:
        said = f"places behind it log {count(elsewhere)} errors"
    return 1 - at_origin, said
