"""Causes that are no change of your own: traffic, a third party, a certificate, DNS, infrastructure, bad data; each weighed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lastgood.algorithms.culprit_kinds import is_outside_name
from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.algorithms.trouble_words import ANSWERED, is_store
from lastgood.inspections.what_changed.data_arrived import data_arrived
from lastgood.inspections.what_changed.one_operation import Operation
from lastgood.inspections.what_changed.one_sender import one_sender
from lastgood.inspections.what_changed.scene import HERE, Scene
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.slower_disk import slower_disks
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.taken_in import taken_in
from lastgood.inspections.what_changed.turned import Turned
from lastgood.inspections.what_changed.weights import (
    BAD_DATA,
    BAD_DATA_OF,
    BAD_DATA_SHARE,
    BAD_DATA_TAKEN,
    BUSIER,
    BUSIER_AT_ONE,
    BUSIER_BY_ONE,
    BUSIER_EACH,
    BUSIER_LEAST,
    BUSIER_MOST,
    BUSIER_PLANNED,
    BUSIER_SHOWN,
    BUSIER_UNKNOWN,
    BUSIER_UNTRIED,
    CALLERS_NAMED,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_FAULT,
    CLOCK_WRONG,
    DATA_TURNED,
    DISK_FULL,
    DISK_RISES,
    DNS_FAULT,
    FAILS_ANEW,
    HARDWARE_FAULT,
    HARDWARE_LINES,
    LINK_FAULT,
    NETWORK_SLOW,
    ONE_PART_HIT,
    PART_OF_TRAFFIC,
    PARTY_FAILS,
    PARTY_FAILS_OTHERWISE,
    PARTY_FOR_SEVERAL,
    PARTY_LIMITS,
    PARTY_REPORTED,
    RANGE_REACHED,
    REDELIVERED,
    REDELIVERIES,
    REPORTED_MOST,
)
from lastgood.model.answers import Culprits, GoldenSignals, OtherCause, Shape
from lastgood.model.failure import Cause, ErrorKind
from lastgood.model.figures import amount, shortened
from lastgood.model.judgement import Reason
from lastgood.readings.caches import Cache
from lastgood.readings.case import Case
from lastgood.readings.hosts import own_names
from lastgood.readings.lossy_links import LINK_UNPLACED, lossy_links
from lastgood.readings.risen import ERROR_SAMPLE, Risen

_T = Trouble
_OVERLOADED = frozenset(
    {_T.LATENCY, _T.CPU, _T.QUEUE, _T.CONNECTIONS, _T.REFUSED, _T.TIMEOUT, _T.RATE_LIMIT, _T.MEMORY}
)
_EXPIRED = re.compile(r"expired|not yet valid|CERT_HAS_EXPIRED", re.IGNORECASE)
_REDELIVERED = re.compile(
    r"redeliver|(?<!\d )(?<!sessions )\brequeu|poison (message|pill)|(receive|delivery) (count|attempt)",
    re.IGNORECASE,
)
# What kernels and controllers say of a part that is broken.
_HARDWARE = re.compile(
    r"\bmedium error\b|\bUNC\b|uncorrectable|unrecovered read error|blk_update_request|\bI/O error, dev\b|hardware error|machine check"
    r"|\bata\d+(\.\d+)?: (failed command|exception|error)|\bnvme\d+.{0,30}(timeout|reset|abort)|\bEDAC\b.{0,40}\b[CU]E\b|NIC Link is Down|NETDEV WATCHDOG|transmit queue \d+ timed out|[Mm]issing Tx completion|\bmd\d*: .{0,40}(fail|faulty)",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"tenant|customer|account|file|partition|batch|message|record|format|product|sku|document", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Noticed:
    """Caches that let more through, the one operation that is asked for more, and fields with another value since."""

    caches: Sequence[Cache] = ()
    asked: Operation | None = None
    turned: Sequence[Turned] = ()
    planned: str = ""  # an event that brings people
    untried: str = ""  # a change at the suspect that has not met such a load


NOT_NOTICED = Noticed()


def other_causes(
    case: Case,
    scene: Scene,
    risen: Risen,
    symptoms: Symptoms,
    rises: list[SlowRise],
    noticed: Noticed = NOT_NOTICED,
) -> tuple[OtherCause, ...]:
    """What could explain it without a change of your own, heaviest first; weights as of changes (lastgood.algorithms.rivals)."""
    found = [
        *_traffic(case, symptoms, noticed),
        *_third_party(case, scene, risen, symptoms),
        *_worded(scene, risen, symptoms),
    ]
    found += [
        *_infrastructure(case, scene, rises),
        *_data(case, scene, risen, symptoms),
        *_turned(symptoms, noticed.turned),
    ]
    best: dict[str, OtherCause] = {}
    for one in sorted(found, key=lambda one: (-one.weight, one.cause)):
        best.setdefault(one.cause, one)
    return tuple(best.values())


def _traffic(case: Case, symptoms: Symptoms, noticed: Noticed) -> Iterator[OtherCause]:
    signals = case.earlier(GoldenSignals)
    if signals is None or signals.traffic is not Shape.UP or not symptoms.troubles & _OVERLOADED:
        return
    rates = [(good, bad) for name, (good, bad) in signals.details.items() if "requests" in name and good > 0]
    times = min((bad / good for good, bad in rates), default=BUSIER_UNKNOWN)
    times = min([times, *(one.busier for one in noticed.caches)])  # what it lets through is no more traffic
    one = one_sender(case) if times >= BUSIER_LEAST else None
    if one is not None:
        why = Reason(
            BUSIER_BY_ONE,
            times=times,
            share=one.share,
            name=one.name,
            value=shortened(one.value, ERROR_SAMPLE),
            grown=one.times,
        )
        yield replace(_cause(Cause.TRAFFIC, why), subject=f"{one.name}={one.value}")
    elif times >= BUSIER_LEAST and noticed.planned:
        yield _cause(Cause.TRAFFIC, Reason(BUSIER_PLANNED, times=times, event=noticed.planned))
    elif times >= BUSIER_LEAST and (asked := noticed.asked) is not None:
        why = Reason(BUSIER_AT_ONE, times=times, share=asked.share, name=asked.name)
        yield _cause(Cause.TRAFFIC, why, shown=times >= BUSIER_SHOWN)
    elif times >= BUSIER_LEAST and noticed.untried:
        yield _cause(Cause.TRAFFIC, Reason(BUSIER_UNTRIED, times=times, change=noticed.untried), shown=False)
    elif times >= BUSIER_LEAST:
        scale = min(BUSIER_MOST / BUSIER, (times - 1) / BUSIER_EACH)
        yield _cause(Cause.TRAFFIC, Reason(BUSIER, scale=scale, times=times), shown=times >= BUSIER_SHOWN)


def _third_party(case: Case, scene: Scene, risen: Risen, symptoms: Symptoms) -> Iterator[OtherCause]:
    """An outside host that fails or is slow for those who call it."""
    outside = [name for name in scene.suspects if is_outside_name(name)]
    if outside:
        own = own_names(case)
        outside = [name for name in outside if name.lower() not in own]
    by_name = (
        bool(outside) and scene.suspects[outside[0]] >= HERE
    )  # by the path, or by the errors of who calls it
    if not outside or not (scene.external or by_name):
        yield from _reported(scene, risen)
        return
    callers = {
        row["service"]
        for row, more in risen.spans
        if row["peer"] == outside[0] and row["service"] != outside[0] and more >= FAILS_ANEW
    }
    theirs = bool(symptoms.troubles & {_T.REFUSED, _T.TIMEOUT, _T.NETWORK, _T.LATENCY})
    scale = PARTY_FOR_SEVERAL if len(callers) > 1 else 1.0
    named = " and ".join(sorted(callers)[:CALLERS_NAMED]) or "those who call it"
    row = PARTY_FAILS if theirs else PARTY_FAILS_OTHERWISE
    limited = (
        _T.RATE_LIMIT in symptoms.troubles
    )  # it may be asked for more than before, by whoever shares the limit
    why = Reason(PARTY_LIMITS if limited else row, scale=scale, party=outside[0], callers=named)
    yield _cause(Cause.THIRD_PARTY, why, shown=not limited)


def _reported(scene: Scene, risen: Risen) -> Iterator[OtherCause]:
    """That most new errors report the answer of a dependency, which is none of the services that report themselves."""
    whole = sum(more for _, more in risen.lines)
    own = [
        re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE) for name in scene.services if name
    ]
    reported = [
        (row, more)
        for row, more in risen.lines
        if ANSWERED.search(row["text"]) and not any(name.search(row["text"]) for name in own)
    ]
    share = sum(more for _, more in reported) / whole if whole else 0.0
    if share >= REPORTED_MOST:
        why = Reason(PARTY_REPORTED, share=share, sample=shortened(reported[0][0]["text"], ERROR_SAMPLE))
        yield _cause(Cause.THIRD_PARTY, why, shown=False)


def _worded(scene: Scene, risen: Risen, symptoms: Symptoms) -> Iterator[OtherCause]:
    """What the errors say themselves."""
    reported = risen.words
    certificate, dns, full = (
        reported.get(kind) for kind in (ErrorKind.CERTIFICATE, ErrorKind.DNS, ErrorKind.DISK_FULL)
    )
    if certificate and _T.CERTIFICATE in symptoms.troubles:
        expired = any(_EXPIRED.search(row["text"]) for row, _ in (*risen.spans, *risen.lines))
        row = CERTIFICATE_EXPIRED if expired else CERTIFICATE_FAULT
        yield _cause(Cause.CERTIFICATE, Reason(row, sample=certificate.sample), shown=expired)
    if dns and _T.DNS in symptoms.troubles:
        yield _cause(Cause.DNS, Reason(DNS_FAULT, sample=dns.sample))
    if (ended := reported.get(ErrorKind.RANGE)) is not None:
        yield _cause(Cause.BAD_DATA, Reason(RANGE_REACHED, sample=ended.sample))
    broken = [(row, more) for row, more in risen.lines if _HARDWARE.search(row["text"])]
    if sum(more for _, more in broken) >= HARDWARE_LINES:
        first = broken[0][0]
        where, sample = first["service"] or "a machine", shortened(first["text"], ERROR_SAMPLE)
        yield _cause(Cause.INFRASTRUCTURE, Reason(HARDWARE_FAULT, where=where, sample=sample))
    if full:
        fault = Reason(DISK_FULL, sample=full.sample)
        yield _cause(Cause.INFRASTRUCTURE, fault, shown=any(map(is_store, scene.suspects)))


def _infrastructure(case: Case, scene: Scene, rises: list[SlowRise]) -> Iterator[OtherCause]:
    segment, culprits = scene.segment, case.earlier(Culprits)
    if segment and segment.share_of_traffic < PART_OF_TRAFFIC:
        parts = [f"{name}={value}" for name, value in segment.where.items() if scene.part(name, value)]
        if parts and len(parts) == len(segment.where):
            hit = Reason(ONE_PART_HIT, share=segment.share_of_failures, part=parts[0])
            yield _cause(Cause.INFRASTRUCTURE, hit, shown=False)
    if any(one.kind == "disk" for one in rises):
        first_rise = rises[0]
        rose = Reason(DISK_RISES, metric=first_rise.metric, service=first_rise.service, rise=first_rise.low)
        yield _cause(Cause.INFRASTRUCTURE, rose, shown=False)
    for slower in slower_disks(case, scene.suspects):
        yield _cause(Cause.INFRASTRUCTURE, slower)
    for link in lossy_links(case)[0]:
        lost = Reason(
            LINK_FAULT, scale=1.0 if link.serves else LINK_UNPLACED, machine=link.machine, metric=link.metric,
            peers=link.peers, good=amount(link.good), bad=amount(link.bad),
        )  # fmt: skip
        yield _cause(Cause.INFRASTRUCTURE, lost, shown=link.serves)
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    if first and first.kind == "clock":
        yield _cause(Cause.INFRASTRUCTURE, Reason(CLOCK_WRONG, how=first.because))
    if first and first.kind == "network":
        yield _cause(Cause.INFRASTRUCTURE, Reason(NETWORK_SLOW, service=first.service), shown=False)


def _data(case: Case, scene: Scene, risen: Risen, symptoms: Symptoms) -> Iterator[OtherCause]:
    again = [(row, more) for row, more in risen.lines if _REDELIVERED.search(row["text"])]
    if sum(more for _, more in again) >= REDELIVERIES:
        yield _cause(Cause.BAD_DATA, Reason(REDELIVERED, sample=shortened(again[0][0]["text"], ERROR_SAMPLE)))
    if symptoms.troubles & {_T.CODE, _T.BAD_DATA}:
        yield from (_cause(Cause.BAD_DATA, why) for why in data_arrived(case, scene))
    bad, segment = risen.words.get(ErrorKind.BAD_DATA), scene.segment
    if bad is None or bad.share < BAD_DATA_SHARE:
        return
    taken = taken_in(case, scene.suspects, scene.low, scene.high)
    if taken is not None:
        line = taken.line[-ERROR_SAMPLE:].strip()
        why = Reason(BAD_DATA_TAKEN, sample=bad.sample, service=taken.service, at=taken.at, line=line)
        yield _cause(Cause.BAD_DATA, why)
    whose = [f"{n}={v}" for n, v in segment.where.items() if _DATA.search(n)] if segment else []
    found = Reason(BAD_DATA_OF, whose=whose[0], sample=bad.sample) if whose else None
    yield _cause(Cause.BAD_DATA, found or Reason(BAD_DATA, sample=bad.sample), shown=bool(whose))


def _turned(symptoms: Symptoms, turned: Sequence[Turned]) -> Iterator[OtherCause]:
    for one in turned:
        why = Reason(DATA_TURNED, name=one.name, service=one.service, old=one.old, new=one.new, at=one.at)
        yield _cause(Cause.BAD_DATA, why, shown=bool(symptoms.troubles & {_T.CODE, _T.BAD_DATA, _T.ERRORS}))


def _cause(cause: Cause, why: Reason, *, shown: bool = True) -> OtherCause:
    return OtherCause(cause, why.ratio, why.reported, shown=shown)
