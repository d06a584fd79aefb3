"""Proposals: the suspects of a sitrep as hypotheses, each with what must be measured if it is right.

What a kind of cause implies is written here as predictions, the same language that people use. Where the
store lacks what a prediction needs, it stays, and a check says what is missing. That users are affected is no
prediction, since it is true of every suspect; nor is what all suspects predict. A hypothesis may have none.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lastgood.algorithms.metric_meaning import meaning, words
from lastgood.algorithms.predictions.expression import Filter, Measure
from lastgood.algorithms.predictions.language import parse
from lastgood.algorithms.trouble_words import is_store
from lastgood.hypotheses.restated import restates
from lastgood.model.answers import Culprit, ImpactKind, WeighedChange
from lastgood.model.attributes import FLAG_VARIANT, SERVICE_NAME
from lastgood.model.change import OUTSIDE
from lastgood.model.entry import Triaged
from lastgood.model.failure import FAILURES, FailureKind
from lastgood.model.hypothesis import HypothesisAdded, Predicted
from lastgood.model.judgement import Amount, Count
from lastgood.model.naming import part_named

PROPOSAL_TIMES = Count(
    2,
    "times as much as the others, for the effect to follow a version, a flag or an instance",
    "judgement: twice is beyond the mix of requests",
)
PROPOSAL_SURE = Amount(
    0.2,
    "of confidence of a culprit after the first, to be proposed",
    "judgement: weaker ones would crowd the board",
)
RESOURCE_MEASURES = frozenset({"cpu", "memory", "disk", "restart"})
_FLAG = re.compile(r"flag|feature|toggle|experiment", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """Names that the store has, to write predictions with."""

    metrics: Sequence[str] = ()
    peers: Sequence[str] = ()  # who is called


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a suspect is derived from, and who it is."""

    said: Triaged
    known: Known
    name: str = ""  # of the service or the party
    culprit: Culprit | None = None

    @property
    def slow(self) -> bool:
        """Whether it affects by being slow rather than by failing."""
        return self.said.impact is not None and self.said.impact.kind is ImpactKind.LATENCY

    @property
    def requests(self) -> str:
        """The measure by which requests are affected."""
        return "latency" if self.slow else "fails"

    def impact(self, **where: str) -> str:
        """The impact as a measure."""
        return _measure("latency" if self.slow else "errors", **where)

    def rises(self, **where: str) -> str:
        """That requests are affected."""
        return f"{self.impact(**where)} rises"

    def only(self, name: str, value: str, **where: str) -> str:
        """That it follows an attribute: those that have the value are affected more than the others."""
        measure = "latency" if self.slow else "errors"
        return _follows(measure, tuple(Filter(key, reported) for key, reported in where.items()), name, value)

    def metric(self, *kinds: str, instance: str = "", but: str = "") -> Measure:
        """The metric of a kind: the one that was named as the reason, else the first; else the kind itself."""
        meant = [m for m in self.known.metrics if (found := meaning(m)) and found.kind in kinds]
        meant += [m for m in self.known.metrics if set(words(m)) & set(kinds)]
        named = [m for m in self.known.metrics if self.culprit and m in self.culprit.because]
        where = (("service", self.name, True), ("instance", instance, True), ("instance", but, False))
        filters = tuple(Filter(key, value, equal) for key, value, equal in where if value)
        return Measure("metric", filters, next(iter((*named, *meant, *kinds))))

    def metric_rises(self, *kinds: str, instance: str = "") -> Predicted:
        """That the metric of a kind rises: it must where it was named as the reason, else another may tell."""
        metric = self.metric(*kinds, instance=instance)
        guessed = metric.subject in self.known.metrics and not (
            self.culprit and metric.subject in self.culprit.because
        )
        return _hint(f"{metric} rises") if guessed else _key(f"{metric} rises")


def proposals(said: Triaged, known: Known) -> tuple[HypothesisAdded, ...]:
    """A hypothesis for each suspect: the class of failure or the culprits, and the changes that are suspected."""
    scene = _Scene(said, known)
    found = {one.about: one for one in (*_mechanisms(scene), *_changes(scene))}
    return _reported_apart(tuple(_without_symptom(one, said) for one in found.values()))


def _without_symptom(one: HypothesisAdded, said: Triaged) -> HypothesisAdded:
    """The hypothesis without what only repeats the incident."""
    return replace(one, predictions=tuple(p for p in one.predictions if not restates(parse(p.normal), said)))


def _reported_apart(found: tuple[HypothesisAdded, ...]) -> tuple[HypothesisAdded, ...]:
    """The hypotheses without the predictions that all of them make: these rule out none.

    A class or a culprit that agrees with a change about a party is no rival of it.
    """
    made = [{one.normal for one in each.predictions} for each in found]
    rivals = len(made) > 1 and all(each.change for each in found)
    common = set.intersection(*made) if rivals else set()
    return tuple(
        replace(each, predictions=tuple(one for one in each.predictions if one.normal not in common))
        for each in found
    )


def _mechanisms(scene: _Scene) -> Iterator[HypothesisAdded]:
    classed, culprits = scene.said.failure_class, scene.said.culprits
    first = culprits[0] if culprits else None
    names = [part_named(one.service, one.instance, one.component) for one in culprits]
    if classed and (expected := _CLASSES.get(classed.name)):
        subject = classed.subject or (first.service if first else "")
        of_it = replace(scene, name=subject, culprit=first)
        # As the card names the suspect, where the class is of it.
        whose = names[0] if first and subject in {first.service, first.component} else subject
        text = f"{FAILURES[classed.name].words}{f' of {whose}' if whose else ''}"
        yield _proposed(f"class:{classed.name}:{subject}", text, expected(of_it))
    for place, one in enumerate(culprits):
        expected_of = _KINDS.get(one.kind)
        covered = place == 0 and classed is not None and classed.name in _CLASSES
        if expected_of and not covered and (place == 0 or one.confidence >= PROPOSAL_SURE):
            text = f"{names[place]} ({one.kind}): {one.because}"
            about = f"culprit:{one.service}:{one.instance or ''}:{one.kind}"
            yield _proposed(about, text, expected_of(replace(scene, name=one.service, culprit=one)))


def _proposed(
    about: str, text: str, expected: Sequence[Predicted], change: str | None = None
) -> HypothesisAdded:
    unique = {one.normal: one for one in reversed(expected)}
    return HypothesisAdded(text, tuple(reversed(unique.values())), about, change)


def _key(text: str) -> Predicted:
    return Predicted(text, str(parse(text)))


def _hint(text: str) -> Predicted:
    """Speaks for it, or against; does not rule it out."""
    return Predicted(text, str(parse(text)), key=False)


def _measure(name: str, *, percentile: str = "", **where: str) -> str:
    """A measure as it is written, with the attributes that have a value."""
    return str(
        Measure(name, tuple(Filter(key, value) for key, value in where.items() if value), "", percentile)
    )


def _follows(measure: str, where: tuple[Filter, ...], name: str, value: str) -> str:
    """That those who carry a value are affected several times as much as the others."""
    yes, no = (Measure(measure, (*where, Filter(name, value, equal))) for equal in (True, False))
    return f"{yes} / {no} > {PROPOSAL_TIMES}"


# ---- what a class of failure, or a kind of culprit, implies

_Expected = Callable[[_Scene], Sequence[Predicted]]


def _pool(scene: _Scene) -> Sequence[Predicted]:
    """Waiting goes up, and the queries stay as quick as ever."""
    waiting = scene.metric_rises("pool", "database", "connections", "pending")
    found = [waiting]
    if store := _store(scene):
        query = _measure("latency", service=scene.name, peer=store, percentile="50")
        found.append(_key(f"{query} at baseline"))
    return found


def _slow_store(scene: _Scene) -> Sequence[Predicted]:
    """The calls to the store take longer, and so does who waits for them, where that is not the impact itself."""
    store = scene.name if is_store(scene.name) else _store(scene)
    caller = scene.culprit.service if scene.culprit else scene.name
    found = [_key(f"{_measure('latency', peer=store)} rises")] if store else []
    waits = [] if scene.slow else [_measure("latency", service="" if is_store(caller) else caller)]
    return [*found, *(_key(f"{one} rises") for one in waits)]


def _locked(scene: _Scene) -> Sequence[Predicted]:
    """The calls to the store may take longer; it may answer at once that it cannot have the lock."""
    store = scene.name if is_store(scene.name) else _store(scene)
    return [_hint(f"{_measure('latency', peer=store)} rises")] if store else []


def _dependency(scene: _Scene) -> Sequence[Predicted]:
    """The calls to it are affected."""
    return [_key(scene.rises(peer=_party(scene)))]


def _contract(scene: _Scene) -> Sequence[Predicted]:
    """The calls to it fail, and are as quick as ever."""
    party = _party(scene)
    return [
        _key(f"{_measure('errors', peer=party)} rises"),
        _hint(f"{_measure('latency', peer=party, percentile='50')} at baseline"),
        *_segment(scene),
    ]


def _rate_limit(scene: _Scene) -> Sequence[Predicted]:
    """It refuses for want of quota, because it is asked more."""
    party = _party(scene)
    refused = _key(f"{_measure('traffic', peer=party, status='429')} rises")
    return [refused, _hint(f"{_measure('traffic', peer=party)} rises")]


def _retries(scene: _Scene) -> Sequence[Predicted]:
    """More calls for each request, and they fail."""
    party = _party(scene)
    more = _key(f"{_measure('traffic', peer=party)} / traffic() rises")
    return [more, _key(f"{_measure('errors', peer=party)} rises")]


def _overload(scene: _Scene) -> Sequence[Predicted]:
    """Traffic rose before the onset, and the cost of a request is unchanged."""
    traffic, cpu = _measure("traffic", service=scene.name), scene.metric("cpu")
    return [
        _key(f"{traffic} rises"),
        _hint("traffic() before onset rises"),
        _hint(f"{cpu} rises"),
        _hint(f"{cpu} / {traffic} at baseline"),
    ]


def _resource(scene: _Scene) -> Sequence[Predicted]:
    """The resource runs short where it affects, and only there."""
    one = scene.culprit
    kind, instance = (one.kind, one.instance or "") if one and one.kind in RESOURCE_MEASURES else ("cpu", "")
    found = [scene.metric_rises(kind, instance=instance)]
    if instance:
        found.append(_key(scene.only("instance", instance, service=scene.name)))
        found.append(_hint(f"{scene.metric(kind, but=instance)} at baseline"))
    return found


def _network(scene: _Scene) -> Sequence[Predicted]:
    """The calls are affected; where they are slow, the one who answers does not take longer."""
    found = [_key(scene.rises(peer=_party(scene)))]
    if scene.slow:
        found.append(_key(f"{_measure('latency', service=scene.name)} at baseline"))
    if scene.culprit and scene.culprit.instance:
        found.append(_hint(scene.only("instance", scene.culprit.instance, service=scene.name)))
    return found


def _queue(scene: _Scene) -> Sequence[Predicted]:
    """What waits grows."""
    return [scene.metric_rises("queue", "lag", "backlog")]


def _code(scene: _Scene) -> Sequence[Predicted]:
    """What it calls is well; where an instance is named, only that one is affected."""
    found = [_key(f"{scene.impact(service=scene.name, kind='client')} at baseline")]
    if scene.culprit and scene.culprit.instance:
        found.append(_key(scene.only("instance", scene.culprit.instance, service=scene.name)))
    return [*found, *_segment(scene)]


def _reported(word: str) -> _Expected:
    """Who fails says so, in a word that every system has for it."""

    def expected(_: _Scene) -> Sequence[Predicted]:
        return [_hint(f'lines("{word}") rises')]

    return expected


def _lost(scene: _Scene) -> Sequence[Predicted]:
    """Fewer come, and those that come are served as ever; none where that is the impact itself."""
    impact = scene.said.impact
    if impact is not None and impact.kind is ImpactKind.TRAFFIC_LOSS:
        return []
    return [_key("traffic() falls"), _key("fails() at baseline")]


def _database(scene: _Scene) -> Sequence[Predicted]:
    """The store itself is slow, where it is named; else the way to it is too narrow."""
    named = scene.culprit and scene.culprit.component and is_store(scene.culprit.component)
    return _slow_store(scene) if named else _pool(scene)


def _cache(scene: _Scene) -> Sequence[Predicted]:
    """It spares the store less: more of its calls for each request."""
    store = _store(replace(scene, culprit=None))
    return [_key(f"{_measure('traffic', peer=store)} / traffic() rises")] if store else []


def _outside(scene: _Scene) -> Sequence[Predicted]:
    """What a service calls outside is affected."""
    return _dependency(replace(scene, name=(scene.culprit and scene.culprit.component) or scene.name))


K = FailureKind
_CLASSES: Mapping[FailureKind, _Expected] = {
    K.POOL_STARVATION: _pool, K.SLOW_DATABASE: _slow_store, K.LOCK_CONTENTION: _locked, K.RATE_LIMIT: _rate_limit,
    K.DEPENDENCY_CONTRACT: _contract, K.DEPENDENCY_DOWN: _dependency, K.DEPENDENCY_SLOW: _dependency,
    K.RETRY_STORM: _retries, K.OVERLOAD: _overload, K.NETWORK: _network, K.NOISY_NEIGHBOUR: _resource,
    K.RESOURCE_CPU: _resource, K.RESOURCE_MEMORY: _resource, K.RESOURCE_DISK: _resource, K.RESOURCE_HANDLES: _resource, K.CRASH_LOOP: _resource,
    K.CERTIFICATE: _reported("certificate"), K.DNS: _reported("resol"), K.DISK_FULL: _reported("space left"),
    K.CLOCK_SKEW: _code, K.BAD_DATA: _code, K.RANGE_EXHAUSTED: _code, K.CREDENTIALS: _code, K.TRAFFIC_LOSS: _lost,
}  # fmt: skip
_KINDS: Mapping[str, _Expected] = {
    "cpu": _resource, "memory": _resource, "disk": _resource, "restart": _resource, "network": _network,
    "database": _database, "queue": _queue, "external": _outside, "code": _code, "cache": _cache, "clock": _code,
    "certificate": _reported("certificate"), "dns": _reported("resol"),
}  # fmt: skip


def _store(scene: _Scene) -> str:
    """The store that a service calls: named as the reason, or called like it, or the only one; empty if unclear."""
    stores = [peer for peer in scene.known.peers if is_store(peer)]
    named = [peer for peer in stores if scene.culprit and peer == scene.culprit.component]
    like = [peer for peer in stores if scene.name and scene.name.lower() in peer.lower()]
    return next(iter(named or like or (stores if len(stores) == 1 else [])), "")


def _party(scene: _Scene) -> str:
    """A party as calls name it: itself, or the one that has it as a word of its host name."""
    peers, name = scene.known.peers, scene.name
    like = [peer for peer in peers if name.lower() in re.split(r"[.\s]+", peer.lower())]
    return name if name in peers or len(like) != 1 else like[0]


def _segment(scene: _Scene) -> list[Predicted]:
    """That only those are affected whom one attribute describes, where one does."""
    for segment in scene.said.segments[:1]:
        reported = {k: v for k, v in segment.where.items() if k not in {"operation", SERVICE_NAME}}
        for name, value in reported.items() if len(reported) == 1 else ():
            of_it = name.startswith("service.")  # an attribute of who answers, and not of the request
            only = scene.only(name, value, service=scene.name) if of_it else ""
            return [_hint(only or _follows(scene.requests, (), name, value))]
    return []


# ---- what a change implies


def _changes(scene: _Scene) -> Iterator[HypothesisAdded]:
    for change in scene.said.changes:
        yield _proposed(
            f"change:{change.change_id}",
            change.name,
            _of_change(replace(scene, name=change.service or ""), change),
            change.change_id,
        )


def _of_change(scene: _Scene, change: WeighedChange) -> Sequence[Predicted]:
    after = f"onset after {change.at.isoformat().replace('+00:00', 'Z')}"
    timing = [] if change.kind == "commit" else [_key(after)]  # a commit acts when it is deployed
    service = scene.name
    if change.kind in {"deploy", "commit"} and service:
        new, old = (scene.impact(service=service, version=version) for version in ("new", "old"))
        return [*timing, _key(f"{new} / {old} > {PROPOSAL_TIMES}")]
    if change.kind in {"flag", "config"}:
        return [*timing, *_flagged(scene, change)]
    if change.kind in OUTSIDE and service:
        party = _party(scene)
        if party in scene.known.peers:
            at_it = scene.rises(peer=party)
            # A restarted cache answers quickly and correctly; the store behind it is affected.
            return [*timing, _hint(at_it) if change.kind == "infrastructure" else _key(at_it)]
    return timing


def _flagged(scene: _Scene, change: WeighedChange) -> Sequence[Predicted]:
    """That only those with the flag are affected: by the attribute that tells it, else by OpenTelemetry's name for it."""
    reported = flag_attribute(scene.said, change.title)
    if reported or change.kind == "flag":
        return [_key(_follows(scene.requests, (), *(reported or (FLAG_VARIANT, "on"))))]
    return []


def flag_attribute(said: Triaged, title: str) -> tuple[str, str] | None:
    """The attribute and value, of those that describe who is affected, which tells that a flag is on."""
    wanted = set(words(title))
    for segment in said.segments:
        for name, value in segment.where.items():
            if _FLAG.search(name) or set(words(name.rpartition(".")[2])) <= wanted:
                return name, value
    return None
