"""The class of a failure from its signs: rules that are one sentence each, tried in the order of their depth.

What lies deeper comes first, because it causes what is reported later: a full disk makes errors of a pool, a
pool makes timeouts, timeouts make retries. What a sign is worth was set by judgement, not fitted.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lastgood.algorithms.culprit_kinds import CALLED_KINDS
from lastgood.algorithms.trouble_words import is_store
from lastgood.model.answers import Shape
from lastgood.model.change import ChangeKind
from lastgood.model.failure import ErrorKind, FailureKind
from lastgood.model.figures import amount, count, percent

SHARE = 0.1  # of what fails anew, that must speak of a trouble
FEWEST_FAILURES = 3  # events of it
HALF_OF_FAILURES = 0.5  # of what fails anew
ONE_STATUS = 0.7  # of a dependency's failures, to be of one kind
MULTIPLIED = 2.0  # calls a request, against before
RETRIED_FAILING = 0.3  # of the calls that are repeated
GATEWAY_TIMEOUT = 504  # slow, rather than down
DOWN = 0.9  # of the calls to a dependency
ALWAYS_TELLING = frozenset(
    {ErrorKind.DISK_FULL, ErrorKind.MEMORY, ErrorKind.CERTIFICATE}
)  # one line of these is news
OUR_CHANGES: Mapping[ChangeKind, FailureKind] = {
    ChangeKind.DEPLOY: FailureKind.BAD_DEPLOY, ChangeKind.COMMIT: FailureKind.BAD_DEPLOY,
    ChangeKind.MIGRATION: FailureKind.BAD_DEPLOY, ChangeKind.CONFIG: FailureKind.CONFIG_ERROR,
    ChangeKind.FLAG: FailureKind.CONFIG_ERROR, ChangeKind.CRON: FailureKind.SCHEDULED_JOB,
    ChangeKind.SCALING: FailureKind.OVERLOAD,
}  # fmt: skip
RESOURCES: Mapping[str, FailureKind] = {
    "cpu": FailureKind.RESOURCE_CPU, "memory": FailureKind.RESOURCE_MEMORY, "disk": FailureKind.RESOURCE_DISK,
    "handles": FailureKind.RESOURCE_HANDLES, "network": FailureKind.NETWORK, "restart": FailureKind.CRASH_LOOP,
}  # fmt: skip
# The class that errors of a kind are by themselves; those of other kinds need more than their words.
CLASS_OF_ERRORS: Mapping[ErrorKind, FailureKind] = {
    ErrorKind.DISK_FULL: FailureKind.DISK_FULL, ErrorKind.CERTIFICATE: FailureKind.CERTIFICATE,
    ErrorKind.DNS: FailureKind.DNS, ErrorKind.MEMORY: FailureKind.RESOURCE_MEMORY,
    ErrorKind.CLOCK: FailureKind.CLOCK_SKEW, ErrorKind.HANDLES: FailureKind.RESOURCE_HANDLES, ErrorKind.LOCKS: FailureKind.LOCK_CONTENTION, ErrorKind.RANGE: FailureKind.RANGE_EXHAUSTED, ErrorKind.RATE_LIMIT: FailureKind.RATE_LIMIT,
    ErrorKind.POOL: FailureKind.POOL_STARVATION, ErrorKind.NETWORK: FailureKind.NETWORK,
    ErrorKind.BAD_DATA: FailureKind.BAD_DATA, ErrorKind.CREDENTIALS: FailureKind.CREDENTIALS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reported:
    """Errors that speak of one kind of trouble: how many more than usual, their share, where, an example."""

    events: float
    share: float
    where: str
    sample: str
    text: str = ""  # all of it that was read


@dataclass(frozen=True, slots=True)
class Dependency:
    """What is called and fails most: more failures than usual, of all calls now, by its most frequent status."""

    name: str
    calls: int
    failed: float
    status: int  # 0 when none is reported
    of_status: float  # share of its failures


@dataclass(frozen=True, slots=True)
class Repeated:
    """A call that is made more often for one request than before."""

    name: str
    before: float  # calls a request
    now: float
    failing: float  # share of it


@dataclass(frozen=True, slots=True)
class Exhausted:
    """A resource that was used up by the time requests were affected: its class, whose it is, and how that was seen."""

    name: FailureKind
    service: str
    because: str


@dataclass(frozen=True, slots=True)
class Signs:
    """All that classes are derived from; what was not measured is None or empty."""

    errors: Shape | None = None
    latency: Shape | None = None
    traffic: Shape | None = None
    saturation: Shape | None = None
    traffic_lost: bool = False
    words: Mapping[ErrorKind, Reported] = field(default_factory=dict)
    dependency: Dependency | None = None
    repeated: Repeated | None = None
    first_bad: str | None = None
    last_good: str | None = None
    external: bool = False
    culprit: str | None = None
    culprit_kind: str | None = None
    component: str | None = None
    risen: tuple[str, ...] = ()  # names of metrics of resources that rose
    exhausted: tuple[Exhausted, ...] = ()
    slowed: tuple[str, str] | None = None  # a database whose statements became slow, and how many
    change: tuple[ChangeKind, str] | None = None  # kind of the change that is likely, and what to call it
    changed: str | None = None  # whose it is


@dataclass(frozen=True, slots=True)
class Classed:
    """A class with what it is about, 0..1 how sure, and why."""

    name: FailureKind
    subject: str | None
    confidence: float
    because: str


def classes(signs: Signs) -> tuple[Classed, ...]:
    """Every class that the signs allow, deepest first, each once; empty when nothing decides."""
    first: dict[FailureKind, Classed] = {}
    for rule in RULES:
        for classed in rule(signs):
            first.setdefault(classed.name, classed)
    return tuple(first.values())


def _words(*kinds: ErrorKind) -> Callable[[Signs], Iterator[Classed]]:
    """Enough of what fails anew speaks of this trouble, in words that every system has for it."""

    def rule(signs: Signs) -> Iterator[Classed]:
        for kind in kinds:
            reported = signs.words.get(kind)
            if reported is None or not _enough(kind, reported):
                continue
            sure = 0.6 + 0.3 * min(1.0, reported.share)
            yield Classed(CLASS_OF_ERRORS[kind], reported.where or None, sure, _speaks(reported))

    return rule


def _enough(kind: ErrorKind, reported: Reported) -> bool:
    return kind in ALWAYS_TELLING or (reported.events >= FEWEST_FAILURES and reported.share >= SHARE)


def _speaks(reported: Reported) -> str:
    return f"{count(reported.events)} errors more than usual in {reported.where or 'an unnamed service'} say “{reported.sample}”"


def _exhausted(signs: Signs) -> Iterator[Classed]:
    """A resource ran out first, in what is at fault or in what is called: what fails there is for want of it.

    A processor that is busy with more requests than usual is overloaded.
    """
    called = signs.dependency.name if signs.dependency else None
    places = {signs.culprit, signs.first_bad, called}
    for one in signs.exhausted:
        loaded = one.name is FailureKind.RESOURCE_CPU and signs.traffic is Shape.UP
        if one.service in places and not loaded:
            yield Classed(one.name, one.service, 0.8, one.because)


def _rate_limit(signs: Signs) -> Iterator[Classed]:
    """A dependency answers 429."""
    reported = _failing(signs)
    if reported and reported.status == 429 and reported.of_status >= ONE_STATUS:
        yield Classed(
            FailureKind.RATE_LIMIT,
            reported.name,
            0.9,
            f"{percent(reported.of_status)} of failed calls to {reported.name} return 429",
        )


def _contract(signs: Signs) -> Iterator[Classed]:
    """A dependency refuses by one kind of 4xx while it stays quick, and no likely change is ours."""
    reported = _failing(signs)
    if not reported or _ours(signs) or signs.latency is Shape.UP:
        return
    if (
        400 <= reported.status < 500
        and reported.status not in {408, 429}
        and reported.of_status >= ONE_STATUS
    ):
        because = f"{percent(reported.of_status)} of failed calls to {reported.name} return {reported.status}; its latency is normal"
        yield Classed(
            FailureKind.DEPENDENCY_CONTRACT, reported.name, 0.85 if signs.external else 0.65, because
        )


def _denied(signs: Signs) -> Iterator[Classed]:
    """What fails says that it may not, and no likely change is ours."""
    reported = signs.words.get(ErrorKind.DENIED)
    if (
        reported
        and _enough(ErrorKind.DENIED, reported)
        and reported.share >= HALF_OF_FAILURES
        and not _ours(signs)
    ):
        where = signs.first_bad if signs.external else reported.where
        yield Classed(FailureKind.DEPENDENCY_CONTRACT, where, 0.55, _speaks(reported))


def _own(signs: Signs) -> Iterator[Classed]:
    """What is called and fails is a service of your own, and a change of it is likely: it is no outage of a dependency."""
    mine = signs.changed and signs.changed == signs.first_bad and not signs.external
    if mine and next(_down(signs), None) is not None:
        yield from _change(signs)


def _down(signs: Signs) -> Iterator[Classed]:
    """A dependency answers 5xx, refuses connections, or fails nearly every call, and does not merely take too long."""
    reported, refused = _failing(signs), signs.words.get(ErrorKind.REFUSED)
    if _waits(signs):
        return
    if (
        reported
        and reported.status >= 500
        and reported.status != GATEWAY_TIMEOUT
        and reported.of_status >= ONE_STATUS
    ):
        because = f"{percent(reported.of_status)} of failed calls to {reported.name} return {reported.status}"
        yield Classed(FailureKind.DEPENDENCY_DOWN, reported.name, 0.8, because)
    elif refused and _enough(ErrorKind.REFUSED, refused):
        if (
            signs.first_bad or signs.culprit_kind not in RESOURCES
        ):  # else what it lacks tells why it is not reached
            yield Classed(FailureKind.DEPENDENCY_DOWN, _not_reached(signs, refused), 0.75, _speaks(refused))
    elif reported and reported.calls and reported.failed / reported.calls >= DOWN and signs.external:
        because = f"{count(reported.failed)} of {count(reported.calls)} calls to {reported.name} fail"
        yield Classed(FailureKind.DEPENDENCY_DOWN, reported.name, 0.7, because)


def _not_reached(signs: Signs, refused: Reported) -> str | None:
    """Who cannot be reached: the first bad hop, or the one at fault; None where only who says so is known."""
    return signs.first_bad or (signs.culprit if signs.culprit != refused.where else None)


def _waits(signs: Signs) -> bool:
    """Whether calls fail because they take too long: latency is up, and most of what fails says so."""
    timeout = signs.words.get(ErrorKind.TIMEOUT)
    return timeout is not None and signs.latency is Shape.UP and timeout.share >= HALF_OF_FAILURES


def _retries(signs: Signs) -> Iterator[Classed]:
    """A call is made at least twice as often for one request, and much of it fails."""
    reported = signs.repeated
    if reported and reported.now >= MULTIPLIED * reported.before and reported.failing >= RETRIED_FAILING:
        because = f"{amount(reported.now, digits=2)} calls to {reported.name} per request ({amount(reported.before, digits=2)} before); {percent(reported.failing)} of the calls fail"
        yield Classed(FailureKind.RETRY_STORM, reported.name, 0.65, because)


def _overload(signs: Signs) -> Iterator[Classed]:
    """More requests than usual come, and something else is worse."""
    if signs.traffic is not Shape.UP:
        return
    worse = [name for name in ("errors", "latency", "saturation") if getattr(signs, name) is Shape.UP]
    if worse:
        yield Classed(
            FailureKind.OVERLOAD, signs.culprit, 0.7, f"traffic is up, and with it {' and '.join(worse)}"
        )


def _held(signs: Signs) -> Iterator[Classed]:
    """Errors report a full pool, and slow statements of a database hold its connections."""
    pool = signs.words.get(ErrorKind.POOL)
    if signs.slowed and pool and _enough(ErrorKind.POOL, pool):
        store, how = signs.slowed
        because = f"{how} in {store} hold the connections; {_speaks(pool)}"
        yield Classed(FailureKind.SLOW_DATABASE, store, 0.8, because)


def _pool(signs: Signs) -> Iterator[Classed]:
    """The strongest evidence is a pool of connections that fills."""
    if signs.culprit_kind == signs.component == "database":
        fills = f"a pool of {signs.culprit} fills{_metrics(signs)}"
        yield Classed(FailureKind.POOL_STARVATION, signs.culprit, 0.5, fills)


def _change(signs: Signs) -> Iterator[Classed]:
    """One of your own changes is likely, and nothing deeper tells why it affects."""
    if signs.change and (name := OUR_CHANGES.get(signs.change[0])):
        yield Classed(name, signs.culprit, 0.75, f"the {signs.change[1]} is likely")


def _neighbour(signs: Signs) -> Iterator[Classed]:
    """Time that the host took away (steal, throttling) rose."""
    stolen = [name for name in signs.risen if "steal" in name.lower() or "throttl" in name.lower()]
    if stolen:
        yield Classed(FailureKind.NOISY_NEIGHBOUR, signs.culprit, 0.65, f"{stolen[0]} rose")


def _resource(signs: Signs) -> Iterator[Classed]:
    """The strongest evidence against the culprit is a resource of its own."""
    kind = RESOURCES.get(signs.culprit_kind or "")
    if kind is not None:
        shows = f"{signs.culprit} shows abnormal {signs.culprit_kind}{_metrics(signs)}"
        yield Classed(kind, signs.culprit, 0.75, shows)


def _slow_store(signs: Signs) -> Iterator[Classed]:
    """Latency is up, and the time goes into a database."""
    store = signs.component if signs.culprit_kind == "database" else None
    hops = [signs.first_bad, signs.component if signs.culprit_kind != "cache" else None]
    names = [name for name in hops if name and (name == store or is_store(name))]
    if names and signs.latency is Shape.UP:
        yield Classed(
            FailureKind.SLOW_DATABASE, names[0], 0.7, f"latency is up; the time is spent in {names[0]}"
        )


def _slow(signs: Signs) -> Iterator[Classed]:
    """Latency is up or calls time out, and the first bad hop is one that is called."""
    timeout = signs.words.get(ErrorKind.TIMEOUT)
    timed_out = timeout is not None and _enough(ErrorKind.TIMEOUT, timeout)
    if not signs.first_bad or not (signs.external or signs.last_good) or signs.first_bad == signs.last_good:
        return
    if signs.latency is Shape.UP or timed_out:
        how = _speaks(timeout) if timeout and timed_out else "latency is up"
        yield Classed(
            FailureKind.DEPENDENCY_SLOW,
            signs.first_bad,
            0.7 if signs.external else 0.5,
            f"{how}, and the path breaks at {signs.first_bad}",
        )


def _late(signs: Signs) -> Iterator[Classed]:
    """What fails says that it waited too long, and nothing tells for whom."""
    reported = signs.words.get(ErrorKind.TIMEOUT)
    if (
        reported
        and _enough(ErrorKind.TIMEOUT, reported)
        and reported.share >= HALF_OF_FAILURES
        and not signs.first_bad
    ):
        called = signs.component if signs.culprit_kind in CALLED_KINDS else signs.culprit
        named = bool(called) and re.search(
            rf"(?<![\w.-]){re.escape(str(called))}(?![\w-])", reported.text or reported.sample
        )
        which = f"they name {called}" if named else "no telemetry names the dependency"
        yield Classed(
            FailureKind.DEPENDENCY_SLOW, called if named else None, 0.45, f"{_speaks(reported)}; {which}"
        )


def _failing_elsewhere(signs: Signs) -> Iterator[Classed]:
    """Calls to an outside dependency fail, and do not say how."""
    if signs.external and signs.errors is Shape.UP:
        yield Classed(
            FailureKind.DEPENDENCY_DOWN,
            signs.first_bad,
            0.4,
            f"calls to {signs.first_bad} fail without an error text",
        )


def _bad_data(signs: Signs) -> Iterator[Classed]:
    """What fails says that it cannot read what it was given, and no likely change is ours."""
    if not _ours(signs):
        yield from _words(ErrorKind.BAD_DATA)(signs)


def _lost(signs: Signs) -> Iterator[Classed]:
    """Fewer requests come, and those that come are served as before."""
    if (signs.traffic_lost or signs.traffic is Shape.DOWN) and signs.errors is not Shape.UP:
        because = "traffic fell; the failure share is unchanged"
        yield Classed(FailureKind.TRAFFIC_LOSS, signs.culprit, 0.7, because)


RULES: tuple[Callable[[Signs], Iterator[Classed]], ...] = (
    _words(ErrorKind.DISK_FULL, ErrorKind.CERTIFICATE, ErrorKind.DNS, ErrorKind.MEMORY, ErrorKind.CLOCK, ErrorKind.HANDLES, ErrorKind.LOCKS, ErrorKind.RANGE, ErrorKind.CREDENTIALS, ErrorKind.RATE_LIMIT),
    _exhausted, _held, _rate_limit, _contract, _own, _down, _retries, _overload, _words(ErrorKind.POOL), _pool, _change, _neighbour,
    _resource, _slow_store, _words(ErrorKind.NETWORK), _slow, _late, _bad_data, _denied, _failing_elsewhere, _lost,
)  # fmt: skip


def _failing(signs: Signs) -> Dependency | None:
    """The dependency that fails, where errors are up and it has enough of them."""
    reported = signs.dependency
    return (
        reported
        if reported and reported.failed >= FEWEST_FAILURES and signs.errors in {Shape.UP, None}
        else None
    )


def _ours(signs: Signs) -> bool:
    return signs.change is not None and signs.change[0] in OUR_CHANGES


def _metrics(signs: Signs) -> str:
    return f" ({signs.risen[0]} rose)" if signs.risen else ""
