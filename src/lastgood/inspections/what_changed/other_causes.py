"""Causes that are no change of one's own: traffic, a third party, a certificate, DNS, infrastructure, bad data; each weighed."""

import re
from collections.abc import Iterator

from lastgood.algorithms.diffs.kinds import Trouble
from lastgood.algorithms.trouble_words import is_store
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.model.answers import Culprits, GoldenSignals, OtherCause, Shape
from lastgood.model.failure import Cause, ErrorKind
from lastgood.model.figures import multiple, percent
from lastgood.readings.case import Case
from lastgood.readings.risen import Risen

T = Trouble
BUSIER = 1.4  # times the traffic
_OVERLOADED = frozenset(
    {T.LATENCY, T.CPU, T.QUEUE, T.CONNECTIONS, T.REFUSED, T.TIMEOUT, T.RATE_LIMIT, T.MEMORY}
)
_OUTSIDE = re.compile(
    r"^[\w-]+(\.[\w-]+)*\.(?!internal$|local$|svc$|cluster$|lan$|corp$|intranet$)[a-z]{2,}(:\d+)?$"
)
_EXPIRED = re.compile(r"expired|not yet valid|CERT_HAS_EXPIRED", re.IGNORECASE)
_DATA = re.compile(
    r"tenant|customer|account|file|partition|batch|message|record|format|product|sku|document", re.IGNORECASE
)


def other_causes(
    case: Case, scene: Scene, risen: Risen, symptoms: Symptoms, rises: list[SlowRise]
) -> tuple[OtherCause, ...]:
    """What could explain it without a change of one's own, heaviest first; weights as of changes (lastgood.algorithms.rivals)."""
    found = [
        *_traffic(case, symptoms),
        *_third_party(scene, risen, symptoms),
        *_worded(scene, risen, symptoms),
    ]
    found += [*_infrastructure(case, scene, rises), *_data(scene, risen)]
    best: dict[str, OtherCause] = {}
    for one in sorted(found, key=lambda one: (-one.weight, one.cause)):
        best.setdefault(one.cause, one)
    return tuple(best.values())


def _traffic(case: Case, symptoms: Symptoms) -> Iterator[OtherCause]:
    signals = case.earlier(GoldenSignals)
    if signals is None or signals.traffic is not Shape.UP or not symptoms.troubles & _OVERLOADED:
        return
    rates = [(good, bad) for name, (good, bad) in signals.details.items() if "requests" in name and good > 0]
    times = min((bad / good for good, bad in rates), default=1.5)
    if times >= BUSIER:
        yield OtherCause(
            Cause.TRAFFIC, min(4.0, 1.5 * (times - 1)), f"{multiple(times)} as many requests as before come"
        )


def _third_party(scene: Scene, risen: Risen, symptoms: Symptoms) -> Iterator[OtherCause]:
    """An outside host that fails or is slow for those who call it."""
    if not scene.external:
        return
    outside = [name for name in scene.suspects if _OUTSIDE.match(name.lower()) and not is_store(name)]
    if not outside:
        return
    callers = {row["service"] for row, more in risen.spans if row["peer"] == outside[0] and more >= 3}
    theirs = bool(symptoms.troubles & {T.REFUSED, T.TIMEOUT, T.NETWORK, T.LATENCY})
    weight = (1.0 if theirs else 0.4) * (3.0 if len(callers) > 1 else 1.0)
    told = f"{outside[0]} fails for {' and '.join(sorted(callers)[:3]) or 'those who call it'}"
    yield OtherCause(Cause.THIRD_PARTY, weight, told)


def _worded(scene: Scene, risen: Risen, symptoms: Symptoms) -> Iterator[OtherCause]:
    """What the errors say themselves."""
    told = risen.words
    certificate, dns, full = (
        told.get(kind) for kind in (ErrorKind.CERTIFICATE, ErrorKind.DNS, ErrorKind.DISK_FULL)
    )
    if certificate and T.CERTIFICATE in symptoms.troubles:
        expired = any(_EXPIRED.search(row["text"]) for row, _ in (*risen.spans, *risen.lines))
        said = f"errors say “{certificate.sample}”"
        yield OtherCause(Cause.CERTIFICATE, 3.0 if expired else 0.8, said, shown=expired)
    if dns and T.DNS in symptoms.troubles:
        yield OtherCause(Cause.DNS, 1.0, f"errors say “{dns.sample}”")
    if full:
        said = f"errors say “{full.sample}”"
        yield OtherCause(Cause.INFRASTRUCTURE, 2.0, said, shown=any(map(is_store, scene.suspects)))


def _infrastructure(case: Case, scene: Scene, rises: list[SlowRise]) -> Iterator[OtherCause]:
    segment, culprits = scene.segment, case.earlier(Culprits)
    if segment and segment.share_of_traffic < 0.8:
        parts = [f"{name}={value}" for name, value in segment.where.items() if scene.part(name, value)]
        if parts and len(parts) == len(segment.where):
            yield OtherCause(
                Cause.INFRASTRUCTURE,
                1.0,
                f"{percent(segment.share_of_failures)} of what fails is on {parts[0]}",
                shown=False,
            )
    if any(one.kind == "disk" for one in rises):
        yield OtherCause(
            Cause.INFRASTRUCTURE,
            0.8,
            f"{rises[0].metric} of {rises[0].service} rose since {rises[0].low:%H:%M}",
            shown=False,
        )
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    if first and first.kind == "network":
        said = f"the network of {first.service} is slow"
        yield OtherCause(Cause.INFRASTRUCTURE, 0.3, said, shown=False)


def _data(scene: Scene, risen: Risen) -> Iterator[OtherCause]:
    bad, segment = risen.words.get(ErrorKind.BAD_DATA), scene.segment
    if bad is None or bad.share < 0.5:
        return
    whose = [f"{n}={v}" for n, v in segment.where.items() if _DATA.search(n)] if segment else []
    weight = 1.5 if whose else 0.5
    yield OtherCause(
        Cause.BAD_DATA,
        weight,
        f"{f'what {whose[0]} sends' if whose else 'what comes in'} cannot be read: “{bad.sample}”",
        shown=bool(whose),
    )
