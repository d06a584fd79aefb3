"""Which layer fails: client, edge, balancer, application, database, cache or queue, or an outside host?

What it asks
    What was seen at each layer that requests pass, and which of them fails by itself.
Why on-call asks it
    It names the team to wake, and the layers that need no look. A CDN that answers 403 by itself leaves no trace in any service.
Reads
    lg_lines of access logs and of browsers, lg_fronts, lg_spans, in the baseline and the bad window; the path, the suspects and
    probes in the record.
How
    A layer fails if a surely larger share of its requests, calls or lines fails than before (80 % Wilson intervals apart). Places
    that log requests are an edge by the marks of CDNs in their lines or by name, a balancer if they name upstreams or stand in front of others,
    else an application. An edge is held against its origin: by the status that it logs of the origin, else by ids that
    both log, else by counts on the paths that fail. The edge alone is at fault if the origin was not asked or answered well in
    four of five; where both fail, the origin is. Copies that turn stale count if the origin is well. An application is seen by
    its spans, else by its access log, by what the balancer logs of its answers, or by its own error lines. Else the first
    suspect names the layer, if failures were seen there, and the client's if no other layer fails. Where nothing was
    counted at the layer, what points at the suspect was seen there; where its counts are as before and others fail, it is open.
Stays silent when
    There is no comparison, or no layer was seen in both windows.
Known traps
    A firewall that blocks attackers answers 403 as well: compare with the baseline. Wrong headers and the age of copies
    stand in no access log: `lastgood probe --origin` compares them.
"""

from collections.abc import Iterator, Mapping, Sequence

from lastgood.algorithms.change_lineage import same
from lastgood.algorithms.culprit_kinds import kind_of_peer
from lastgood.algorithms.trouble_words import error_kinds
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.layers import weights as w
from lastgood.inspections.layers.applications import application, applications
from lastgood.inspections.layers.edge import EdgeSeen, edge_seen
from lastgood.inspections.layers.places import Place, Places, Tally, read_places
from lastgood.inspections.layers.seen import STORE_KINDS, counted_at, rated, with_suspect
from lastgood.model.answers import Confirmation, Culprit, Culprits, Onset
from lastgood.model.attributes import SDK_LANGUAGE, SENTRY_EVENT
from lastgood.model.boundary import Layer, Layers, LayerSeen, LayerState, ProbesSeen, Side, UsOrThem
from lastgood.model.evidence import Evidence, Table
from lastgood.model.failure import ErrorKind, FailurePath
from lastgood.model.figures import duration
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.called import Called, Fares, read_called, read_outside, together
from lastgood.readings.case import UNDECIDED, Case
from lastgood.readings.series import IS_BAD_LINE
from lastgood.telemetry.reader import Rows

# Lines of browsers and apps, and those of services.
BROWSERS = f"""
SELECT phase, count() AS lines, countIf({IS_BAD_LINE} OR attributes['{SENTRY_EVENT}'] != '') AS bad FROM lg_lines
WHERE phase != '' AND (resource['{SDK_LANGUAGE}'] = 'webjs' OR attributes['{SENTRY_EVENT}'] != '')
GROUP BY phase ORDER BY phase"""
_OF_KIND = {
    "database": Layer.STORE, "cache": Layer.STORE, "queue": Layer.STORE, "external": Layer.EXTERNAL,
    "code": Layer.APPLICATION, "cpu": Layer.APPLICATION, "memory": Layer.APPLICATION, "config": Layer.APPLICATION,
}  # fmt: skip


@inspection(
    "Which layer fails?",
    stage=Stage.EXPLAIN,
    needs={Signal.SPANS, Signal.LOGS},
    uses=(Onset, Confirmation, FailurePath, Culprits, UsOrThem, ProbesSeen),
    gives=Layers,
)
def layers(case: Case) -> Iterator[Finding]:
    """Every layer with what was seen there, and the one that fails by itself."""
    if case.comparison is None:
        yield Finding(Verdict.UNKNOWN, "there is no good window to compare the bad one with")
        return
    places = read_places(case)
    called = read_called(case) if case.has(Signal.SPANS) else None
    edge = edge_seen(case, places)
    services = tuple(applications(case, places, called))
    counts = (
        _client(case, places),
        _edge(places, edge),
        _of_places(places, Layer.BALANCER),
        application(services),
        _stores(called),
        _external(case, called),
    )
    suspected, because = _suspected(case, places, services)
    accused = not (case.unharmed or case.undecided)
    seen = with_suspect(counts, suspected, because) if accused else counts
    if not any(one.state is not LayerState.NOT_SEEN for one in seen):
        yield Finding(Verdict.UNKNOWN, "no layer reports requests, calls or errors in both windows")
        return
    begins = bool(called and called.rows and services and services[0].state is LayerState.FAILS)
    yield _judged(
        case, seen, edge, suspected, _table(seen, called.read if called else places.read), begins=begins
    )


def _first(case: Case) -> Culprit | None:
    culprits = case.earlier(Culprits)
    return culprits.ranked[0] if culprits and culprits.ranked else None


def _suspected(case: Case, places: Places, services: Sequence[LayerSeen]) -> tuple[Layer | None, str]:
    """The layer that earlier answers name, and what they name it by."""
    first, said = _first(case), case.earlier(UsOrThem)
    if said is not None and said.side is Side.THEIRS:
        return Layer.EXTERNAL, first.because if first else "; ".join(said.theirs)
    layer = _layer_of(first, places, services) if first else None
    apart = (
        layer is Layer.EXTERNAL and said is not None and said.side is Side.OURS
    )  # what fails does not call it
    return (layer, first.because) if first and not apart else (None, "")


def _judged(
    case: Case,
    seen: tuple[LayerSeen, ...],
    edge: EdgeSeen | None,
    suspected: Layer | None,
    table: Evidence,
    *,
    begins: bool,
) -> Finding:
    """The layer that fails by itself, of those where failures were seen: by the edge and its origin, by the first suspect, or alone."""
    by, first = {one.layer: one for one in seen}, _first(case)
    failing = [one.layer for one in seen if one.state is LayerState.FAILS]
    verdict, why, sure = None, "", 0.0
    if edge is not None and edge.alone:
        verdict, why, sure = Layer.EDGE, edge.what, w.EDGE_SURE
    elif case.unharmed or case.undecided:
        pass
    elif suspected is not None:
        theirs = suspected is Layer.EXTERNAL and _theirs(case)
        verdict = suspected if suspected in failing else None
        sure = w.EXTERNAL_SURE if theirs else w.LAYER_SURE * (first.confidence if first else 0.0)
    elif begins and not {*failing} & {Layer.CLIENT, Layer.EDGE, Layer.STORE}:
        # spans show that failures begin in it, and the balancer in front hands them on
        verdict, sure = Layer.APPLICATION, w.ALONE_SURE
    elif failing == [Layer.CLIENT] and by[Layer.APPLICATION].state is LayerState.FINE:
        verdict, why, sure = Layer.CLIENT, by[Layer.CLIENT].because, w.CLIENT_SURE
    answer = Layers(seen, verdict, why)
    reported = ", ".join(f"{_name(one.layer)} {_STATES[one.state]}" for one in seen)
    below = any(by[layer].state is not LayerState.NOT_SEEN for layer in (Layer.STORE, Layer.EXTERNAL))
    blind = verdict is Layer.APPLICATION and not begins and not below
    if verdict is not None:
        sure *= w.BELOW_UNSEEN if blind else 1.0
        said = f"{_name(verdict)} ({by[verdict].because}): {reported}"
        return Finding(
            Verdict.YES, said, round(sure, 3), answer, (table,), (_would_tell(by),) if blind else ()
        )
    if case.unharmed:
        return Finding(
            Verdict.NO, f"no impact is confirmed, so no layer is named: {reported}", None, answer, (table,)
        )
    why = f"{UNDECIDED}, so no layer is named" if case.undecided else "inconclusive"
    return Finding(Verdict.UNKNOWN, f"{why}: {reported}", None, answer, (table,), (_would_tell(by),))


def _would_tell(by: Mapping[Layer, LayerSeen]) -> Check:
    """What to load or to look at, for a layer to be named."""
    unseen = {layer for layer, one in by.items() if one.state is LayerState.NOT_SEEN}
    if Layer.APPLICATION in unseen:
        return Check("load logs or spans of the services, or log upstream status and time at the balancer")
    if {Layer.STORE, Layer.EXTERNAL} & unseen:
        return Check("load spans of the calls that services make, or logs of what they call")
    return Check("compare a request that fails with one that works: lastgood ask compare_requests")


def _theirs(case: Case) -> bool:
    said = case.earlier(UsOrThem)
    return said is not None and said.side is Side.THEIRS


_STATES = {LayerState.FAILS: "fails", LayerState.FINE: "is fine", LayerState.NOT_SEEN: "is not seen"}


def _name(layer: Layer) -> str:
    return "database, cache or queue" if layer is Layer.STORE else layer.value


def _layer_of(first: Culprit, places: Places, services: Sequence[LayerSeen]) -> Layer | None:
    """The layer of the first suspect: by its kind, or by the place that is called like it; one that hands on errors is the next."""
    for layer in (Layer.EDGE, Layer.BALANCER):
        for one in places.of(layer) if first.kind != "external" else ():
            if same(one.name, first.service):
                answered = max(
                    (seen.failed for seen in services if seen.state is LayerState.FAILS), default=0
                )
                on = layer is Layer.BALANCER and 0 < one.broken.failed * w.EDGE_ALONE <= answered
                return Layer.APPLICATION if on else layer
    if kind_of_peer(first.service) in STORE_KINDS:
        return Layer.STORE
    if ErrorKind.POOL in error_kinds(first.because):
        return Layer.APPLICATION  # its own pool, whatever it is connected to
    return _OF_KIND.get(first.kind)


def _client(case: Case, places: Places) -> LayerSeen:
    """What browsers and apps report, else what they cancel, else what of theirs is refused as wrong."""
    browsers = Tally()
    for row in case.query(BROWSERS).dicts() if case.has(Signal.LOGS) else ():
        browsers.add(row["phase"], row["bad"], row["lines"])
    if browsers.of:
        return counted_at(Layer.CLIENT, "browsers and apps", rated(browsers), "lines", "report errors")
    entry = _entry(places)
    if entry is None:
        return LayerSeen(Layer.CLIENT, LayerState.NOT_SEEN, "no browser or app reports errors")
    tally, verb = (
        (entry.left, "are cancelled") if entry.left.fails else (entry.refused, "are refused as wrong")
    )
    return counted_at(Layer.CLIENT, entry.name, tally, "requests", verb)


def _entry(places: Places) -> Place | None:
    """The outermost place that logs requests, with most of them."""
    for layer in (Layer.EDGE, Layer.BALANCER, Layer.APPLICATION):
        if of := places.of(layer):
            return max(of, key=lambda one: (one.requests, one.name))
    return None


def _edge(places: Places, edge: EdgeSeen | None) -> LayerSeen:
    of = places.of(Layer.EDGE)
    if edge is not None and edge.alone is not False:
        tally = next((one.at_edge for one in of if one.name == edge.place), Tally())
        state = LayerState.FAILS
        return LayerSeen(
            Layer.EDGE, state, edge.because, tally.failed, tally.of, tally.failed_before, tally.of_before
        )
    worst = max(of, key=lambda one: (one.at_edge.fails, one.requests, one.name), default=None)
    if worst is None:
        return LayerSeen(Layer.EDGE, LayerState.NOT_SEEN, "no log of an edge is loaded")
    passed = counted_at(Layer.EDGE, worst.name, worst.at_edge, "requests")
    if edge is None:
        return passed
    return LayerSeen(
        Layer.EDGE,
        LayerState.FINE,
        edge.because,
        passed.failed,
        passed.of,
        passed.failed_before,
        passed.of_before,
    )


def _of_places(places: Places, layer: Layer) -> LayerSeen:
    of = places.of(layer)
    worst = max(
        of, key=lambda one: (one.broken.fails, one.broken.failed, one.requests, one.name), default=None
    )
    if worst is None:
        return LayerSeen(layer, LayerState.NOT_SEEN, f"no access log of a {_name(layer)} is loaded")
    return counted_at(layer, worst.name, worst.broken, "requests")


def _stores(called: Called | None) -> LayerSeen:
    """Calls of databases, caches and queues, by the spans of their clients."""
    whole: dict[str, Fares] = {}
    for (peer,), fares in called.by("peer").items() if called else ():
        of = [row for row in called.rows if row["peer"] == peer] if called else []
        store = any(row["store"] for row in of) or kind_of_peer(peer, "", of[0]["messages"]) in STORE_KINDS
        if peer and store:
            whole[peer] = fares
    return _peers(Layer.STORE, whole)


def _external(case: Case, called: Called | None) -> LayerSeen:
    outside = read_outside(case, called) if called else None
    return _peers(
        Layer.EXTERNAL, {peer: fares for (peer,), fares in outside.by("peer").items()} if outside else {}
    )


def _peers(layer: Layer, whole: Mapping[str, Fares]) -> LayerSeen:
    """A layer of peers that report nothing of themselves, by its worst one."""
    ill = {peer: one for peer, one in whole.items() if one.ill}
    if not whole:
        return LayerSeen(layer, LayerState.NOT_SEEN, "no calls of one are recorded")
    worst = max(ill, key=lambda peer: (ill[peer].bad_failed, peer), default="")
    one = ill[worst] if worst else together(whole.values())
    name = worst or (next(iter(whole)) if len(whole) == 1 else f"all {len(whole)}")
    tally = Tally(one.bad_failed, one.bad, one.good_failed, one.good)
    found = counted_at(layer, name, tally, "calls")
    if not worst:
        return LayerSeen(
            layer, LayerState.FINE, found.because, one.bad_failed, one.bad, one.good_failed, one.good
        )
    if one.fails:
        slow = found.because
    else:
        slow = f"{name}: {duration(one.bad_s / one.bad)} for each call ({duration(one.good_s / one.good)} before)"
    return LayerSeen(layer, LayerState.FAILS, slow, one.bad_failed, one.bad, one.good_failed, one.good)


def _table(seen: tuple[LayerSeen, ...], read: Rows) -> Table:
    rows = tuple(
        (_name(one.layer), one.state.value, one.failed, one.of, one.failed_before, one.of_before, one.because)
        for one in seen
    )
    columns = ("layer", "state", "failed", "of", "failed before", "of before", "what was seen")
    return Table("Layers", columns, rows, read.provenance)
