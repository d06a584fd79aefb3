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
    four of five; where both fail, the origin is. Copies that turn stale count if the origin is well. Else the
    first suspect names the layer, and the client's if no other layer fails.
Stays silent when
    There is no comparison, or no layer was seen in both windows.
Known traps
    A firewall that blocks attackers answers 403 as well: compare with the baseline. Wrong headers and the age of copies
    stand in no access log: `lastgood probe --origin` compares them.
"""

from collections.abc import Iterator, Mapping

from lastgood.algorithms.change_lineage import same
from lastgood.algorithms.culprit_kinds import kind_of_peer
from lastgood.algorithms.trouble_words import error_kinds
from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.layers import weights as w
from lastgood.inspections.layers.edge import EdgeSeen, edge_seen
from lastgood.inspections.layers.places import Place, Places, Tally, read_places
from lastgood.model.answers import Confirmation, Culprit, Culprits, Onset
from lastgood.model.attributes import SDK_LANGUAGE, SENTRY_EVENT
from lastgood.model.boundary import Layer, Layers, LayerSeen, LayerState, ProbesSeen, Side, UsOrThem
from lastgood.model.evidence import Evidence, Table
from lastgood.model.failure import ErrorKind, FailurePath
from lastgood.model.figures import count, duration
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.called import Called, Fares, read_called, read_outside, together
from lastgood.readings.case import Case
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
STORE_KINDS = frozenset({"database", "cache", "queue"})


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
    first = _first(case)
    accused = _accused(case, places)
    counted = (
        _client(case, places),
        _edge(places, edge),
        _of_places(places, Layer.BALANCER),
        _application(places, called),
        _stores(called, first if accused is Layer.STORE else None),
        _external(case, called, first),
    )
    seen = tuple(_with_accusation(one, first) if first and one.layer is accused else one for one in counted)
    if not any(one.state is not LayerState.NOT_SEEN for one in seen):
        yield Finding(Verdict.UNKNOWN, "no layer reports requests, calls or errors in both windows")
        return
    yield _judged(case, Layers(seen), edge, accused, _table(seen, called.read if called else places.read))


def _first(case: Case) -> Culprit | None:
    culprits = case.earlier(Culprits)
    return culprits.ranked[0] if culprits and culprits.ranked else None


def _accused(case: Case, places: Places) -> Layer | None:
    """The layer of the first suspect; none where all is well, or where what fails does not call it."""
    first = _first(case)
    of = _layer_of(first, places) if first is not None and not case.unharmed else None
    return None if of is None or _apart(case, of) else of


def _with_accusation(seen: LayerSeen, first: Culprit) -> LayerSeen:
    """What accuses the first suspect is seen at its layer too: one that is cut off logs no request of its own."""
    if seen.state is LayerState.FAILS:
        return seen
    return LayerSeen(seen.layer, LayerState.FAILS, f"{first.service}: {first.because}")


def _judged(
    case: Case, found: Layers, edge: EdgeSeen | None, accused: Layer | None, table: Evidence
) -> Finding:
    """The layer that fails by itself: by the edge and its origin, by the first suspect, or as the only one that fails."""
    first, state = _first(case), {one.layer: one.state for one in found.seen}
    failing = [one for one in found.seen if one.state is LayerState.FAILS]
    verdict, why, sure = None, "", 0.0
    if edge is not None and edge.alone:
        verdict, why, sure = Layer.EDGE, edge.what, w.EDGE_SURE
    elif case.unharmed:
        pass
    elif _side(case) is Side.THEIRS:
        verdict, sure = Layer.EXTERNAL, w.EXTERNAL_SURE
    elif first is not None and accused is not None:
        verdict, sure = accused, w.LAYER_SURE * first.confidence
    elif [one.layer for one in failing if one.layer is not Layer.EXTERNAL] == [Layer.APPLICATION]:
        verdict, sure = Layer.APPLICATION, w.ALONE_SURE
    elif [one.layer for one in failing] == [Layer.CLIENT] and state[Layer.APPLICATION] is LayerState.FINE:
        verdict, why, sure = Layer.CLIENT, failing[0].because, w.CLIENT_SURE
    answer = Layers(found.seen, verdict, why)
    reported = ", ".join(f"{_name(one.layer)} {_STATES[one.state]}" for one in found.seen)
    if verdict is None:
        return Finding(Verdict.NO, f"no layer fails by itself: {reported}", None, answer, (table,))
    return Finding(Verdict.YES, f"{_name(verdict)}: {reported}", round(sure, 3), answer, (table,))


def _apart(case: Case, layer: Layer) -> bool:
    """Whether an outside host is suspected, while what fails does not call it."""
    return layer is Layer.EXTERNAL and _side(case) is Side.OURS


def _side(case: Case) -> Side | None:
    """Whose trouble it is, as far as that is known."""
    said = case.earlier(UsOrThem)
    return said.side if said else None


_STATES = {LayerState.FAILS: "fails", LayerState.FINE: "is fine", LayerState.NOT_SEEN: "is not seen"}


def _name(layer: Layer) -> str:
    return "database, cache or queue" if layer is Layer.STORE else layer.value


def _layer_of(first: Culprit, places: Places) -> Layer | None:
    """The layer of the first suspect: by its kind, or by the place that is called like it."""
    for layer in (Layer.EDGE, Layer.BALANCER):
        if first.kind != "external" and any(same(one.name, first.service) for one in places.of(layer)):
            return layer
    if kind_of_peer(first.service) in STORE_KINDS:
        return Layer.STORE
    if ErrorKind.POOL in error_kinds(first.because):
        return Layer.APPLICATION  # its own pool, whatever it is connected to
    return _OF_KIND.get(first.kind)


def _seen(layer: Layer, name: str, tally: Tally, noun: str, verb: str = "fail") -> LayerSeen:
    """A layer by one count; not seen where it has none now."""
    if not tally.of:
        return LayerSeen(layer, LayerState.NOT_SEEN, f"nothing logs {noun} there")
    state = LayerState.FAILS if tally.fails else LayerState.FINE
    if state is LayerState.FINE and tally.of < w.LAYER_REQUESTS:
        state = LayerState.NOT_SEEN
    because = (
        f"{name}: {count(tally.failed)} of {count(tally.of)} {noun} {verb} "
        f"({count(tally.failed_before)} of {count(tally.of_before)} before)"
    )
    return LayerSeen(layer, state, because, tally.failed, tally.of, tally.failed_before, tally.of_before)


def _client(case: Case, places: Places) -> LayerSeen:
    """What browsers and apps report, else what they cancel, else what of theirs is refused as wrong."""
    browsers = Tally()
    for row in case.query(BROWSERS).dicts() if case.has(Signal.LOGS) else ():
        browsers.add(row["phase"], row["bad"], row["lines"])
    if browsers.of:
        rate = _per_second(case, browsers)
        return _seen(Layer.CLIENT, "browsers and apps", rate, "lines", "report errors")
    entry = _entry(places)
    if entry is None:
        return LayerSeen(Layer.CLIENT, LayerState.NOT_SEEN, "no browser or app reports errors")
    tally, verb = (
        (entry.left, "are cancelled") if entry.left.fails else (entry.refused, "are refused as wrong")
    )
    return _seen(Layer.CLIENT, entry.name, tally, "requests", verb)


def _per_second(case: Case, tally: Tally) -> Tally:
    """Error reports alone have no requests: those of the bad window against as many as the baseline leads to expect."""
    if tally.failed < tally.of or tally.failed_before < tally.of_before or case.comparison is None:
        return tally
    both = tally.failed + tally.failed_before
    return Tally(tally.failed, both, tally.failed_before, both)


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
    passed = _seen(Layer.EDGE, worst.name, worst.at_edge, "requests")
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
    return _seen(layer, worst.name, worst.broken, "requests")


def _application(places: Places, called: Called | None) -> LayerSeen:
    """Work of services that fails with nothing failing below it; without spans their access logs."""
    if called is None or not called.rows:
        return _of_places(places, Layer.APPLICATION)
    by: dict[str, Tally] = {}
    for row in called.rows:
        if not row["peer"]:
            by.setdefault(row["service"], Tally()).add(row["phase"], row["origins"], row["calls"])
    if not by:
        return LayerSeen(Layer.APPLICATION, LayerState.NOT_SEEN, "no service reports its own spans")
    worst = max(by, key=lambda name: (by[name].fails, by[name].failed, by[name].of, name))
    return _seen(Layer.APPLICATION, worst, by[worst], "operations", "fail by themselves")


def _stores(called: Called | None, first: Culprit | None) -> LayerSeen:
    """Calls of databases, caches and queues, by the spans of their clients; else what accuses one."""
    whole: dict[str, Fares] = {}
    for (peer,), fares in called.by("peer").items() if called else ():
        of = [row for row in called.rows if row["peer"] == peer] if called else []
        store = any(row["store"] for row in of) or kind_of_peer(peer, "", of[0]["messages"]) in STORE_KINDS
        if peer and store:
            whole[peer] = fares
    return _peers(Layer.STORE, whole, first)


def _external(case: Case, called: Called | None, first: Culprit | None) -> LayerSeen:
    outside = read_outside(case, called) if called else None
    whole = {peer: fares for (peer,), fares in outside.by("peer").items()} if outside else {}
    accused = first is not None and (first.kind == "external" or _side(case) is Side.THEIRS)
    return _peers(Layer.EXTERNAL, whole, first if accused else None)


def _peers(layer: Layer, whole: Mapping[str, Fares], accused: Culprit | None) -> LayerSeen:
    """A layer of peers that report nothing of themselves, by its worst one."""
    ill = {peer: one for peer, one in whole.items() if one.ill}
    if not ill and accused is not None:
        return LayerSeen(layer, LayerState.FAILS, accused.because)
    if not whole:
        return LayerSeen(layer, LayerState.NOT_SEEN, "no calls of one are recorded")
    worst = max(ill, key=lambda peer: (ill[peer].bad_failed, peer), default="")
    one = ill[worst] if worst else together(whole.values())
    name = worst or (next(iter(whole)) if len(whole) == 1 else f"all {len(whole)}")
    tally = Tally(one.bad_failed, one.bad, one.good_failed, one.good)
    found = _seen(layer, name, tally, "calls")
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
