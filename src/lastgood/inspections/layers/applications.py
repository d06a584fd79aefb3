"""What is seen of applications: by their spans, their access logs, what a balancer logs of their answers, and their own error lines."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from lastgood.algorithms.culprit_kinds import is_outside_name, kind_of_peer
from lastgood.inspections.layers.places import Place, Places, Tally
from lastgood.inspections.layers.seen import STORE_KINDS, counted_at, rated
from lastgood.inspections.layers.weights import LAYER_REQUESTS
from lastgood.model.attributes import HTTP_STATUSES, SDK_LANGUAGE, SENTRY_EVENT, UPSTREAM_NS, UPSTREAM_STATUS
from lastgood.model.boundary import Layer, LayerSeen, LayerState
from lastgood.model.figures import duration
from lastgood.model.signal import Signal
from lastgood.readings.called import Called, Fares
from lastgood.readings.case import Case
from lastgood.readings.ended import ENDED, UPSTREAM
from lastgood.readings.series import IS_BAD_LINE
from lastgood.telemetry.derived import first_of

# What servers behind a balancer answered. One that did not answer at all may be well, and the network between them not.
ANSWERS = f"""
SELECT service, upstream, phase, count() AS calls, countIf(ended != 'served') AS failing, sum(taken) / 1e9 AS seconds,
       minIf(ts, ended != 'served') AS first, sumMapIf(map(ended, toUInt64(1)), ended != 'served') AS texts
FROM (SELECT ts, service, {UPSTREAM} AS upstream, phase, {ENDED} AS ended, toInt64OrZero(attributes['{UPSTREAM_NS}']) AS taken
      FROM lg_served
      WHERE phase != '' AND (attributes['{UPSTREAM_NS}'] != '' OR trim(BOTH '-' FROM attributes['{UPSTREAM_STATUS}']) NOT IN ('', '0', '000')))
WHERE ended IN ('served', 'answered', 'late')
GROUP BY service, upstream, phase ORDER BY calls DESC, service, upstream, phase LIMIT 2000"""
# Lines of services that are no requests, and not of browsers.
OWN_LINES = f"""
SELECT service, phase, count() AS lines, countIf({IS_BAD_LINE}) AS bad FROM lg_lines
WHERE phase != '' AND service != '' AND {first_of(["attributes"], HTTP_STATUSES)} = ''
  AND resource['{SDK_LANGUAGE}'] != 'webjs' AND attributes['{SENTRY_EVENT}'] = ''
GROUP BY service, phase ORDER BY lines DESC, service, phase LIMIT 2000"""
UNSEEN = "no spans, access log, answers at a balancer or error lines of a service are loaded"


def applications(case: Case, places: Places, called: Called | None) -> Iterator[LayerSeen]:
    """What each source shows of them, the one that shows most of where a fault begins first; nothing where it shows nothing."""
    yield from _by_spans(called)
    yield from _by_places(places.of(Layer.APPLICATION))
    if case.has(Signal.LOGS):
        yield from _by_answers(case, places)
        yield from _by_lines(case, places)


def application(each: tuple[LayerSeen, ...]) -> LayerSeen:
    """The first that shows failures, else the first that shows anything."""
    known = sorted(
        each, key=lambda one: (one.state is not LayerState.FAILS, one.state is LayerState.NOT_SEEN)
    )
    return known[0] if known else LayerSeen(Layer.APPLICATION, LayerState.NOT_SEEN, UNSEEN)


def _by_spans(called: Called | None) -> Iterator[LayerSeen]:
    """Work of services that fails with nothing failing below it."""
    by: dict[str, Tally] = defaultdict(Tally)
    for row in called.rows if called else ():
        if not row["peer"]:
            by[row["service"]].add(row["phase"], row["origins"], row["calls"])
    if by:
        worst = max(by, key=lambda name: (by[name].fails, by[name].failed, by[name].of, name))
        yield counted_at(Layer.APPLICATION, worst, by[worst], "operations", "fail by themselves")


def _by_places(places: Sequence[Place]) -> Iterator[LayerSeen]:
    if places:
        worst = max(places, key=lambda p: (p.broken.fails, p.broken.failed, p.requests, p.name))
        yield counted_at(Layer.APPLICATION, worst.name, worst.broken, "requests")


def _by_answers(case: Case, places: Places) -> Iterator[LayerSeen]:
    """Errors and late answers of upstreams, as balancers log them; of stores and outside hosts none."""
    balancers = {place.name for place in places.of(Layer.BALANCER)}
    by: dict[str, Fares] = defaultdict(Fares)
    for row in case.query(ANSWERS).dicts():
        name = row["upstream"]
        if (
            row["service"] in balancers
            and kind_of_peer(name) not in STORE_KINDS
            and not is_outside_name(name)
        ):
            by[name or row["service"]].take(row)
    if not by:
        return
    worst = max(by, key=lambda name: (by[name].fails, by[name].ill, by[name].bad_failed, by[name].bad, name))
    one, named = by[worst], f"by the balancer's log of its answers, {worst}"
    tally = Tally(one.bad_failed, one.bad, one.good_failed, one.good)
    seen = counted_at(Layer.APPLICATION, named, tally, "requests")
    if one.slower_by and not one.fails and one.bad >= LAYER_REQUESTS:
        slow = f"{named}: {duration(one.bad_s / one.bad)} for each answer ({duration(one.good_s / one.good)} before)"
        seen = LayerSeen(
            Layer.APPLICATION,
            LayerState.FAILS,
            slow,
            seen.failed,
            seen.of,
            seen.failed_before,
            seen.of_before,
        )
    yield seen


def _by_lines(case: Case, places: Places) -> Iterator[LayerSeen]:
    """Error lines of services: many more show that one fails; as few as before do not show that it is well."""
    proxies = {place.name for layer in (Layer.EDGE, Layer.BALANCER) for place in places.of(layer)}
    by: dict[str, Tally] = defaultdict(Tally)
    for row in case.query(OWN_LINES).dicts():
        if row["service"] not in proxies and kind_of_peer(row["service"]) not in STORE_KINDS:
            by[row["service"]].add(row["phase"], row["bad"], row["lines"])
    failing = {name: one for name, tally in by.items() if (one := rated(tally)).fails}
    if failing:
        worst = max(failing, key=lambda name: (failing[name].failed, name))
        named = f"by its own error lines, {worst}"
        yield counted_at(Layer.APPLICATION, named, failing[worst], "lines", "are errors")
