"""The answer on the page of an incident: verdict, headline, what to do, who and where, in words of the record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.model import figures
from lastgood.model.answers import ImpactKind, Mitigation, Segment
from lastgood.model.entry import Triaged
from lastgood.model.failure import FailurePath
from lastgood.model.incident import Incident
from lastgood.surfaces import wording
from lastgood.surfaces.slowness import slowness

MOST_SEGMENTS, MOST_HOPS = 3, 4
_VERDICTS = {
    "yes": ("Confirmed", "yes"),
    "no": ("Not confirmed", "no"),
    "unknown": ("Inconclusive", "possible"),
}
_DEEDS = {
    "rollback": "Roll back",
    "roll_forward": "Roll forward",
    "failover": "Fail over",
    "flag_off": "Switch off the flag",
    "flag_on": "Switch on the flag",
    "config_revert": "Revert the configuration of",
    "circuit_break": "Circuit-break",
    "stop_job": "Stop the job",
    "route_away": "Route traffic away from",
    "scale": "Scale up",
    "rate_limit": "Limit the rate of",
    "shed_load": "Shed load of",
    "renew_certificate": "Renew the certificate of",
    "hide": "Hide the broken option of",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence, and the question whose evidence it rests on; none of the words between."""

    text: str
    on: str = ""


Sentence = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The first block."""

    word: str
    shape: str
    confidence: str
    as_of: str
    headline: tuple[Sentence, ...]
    since: str
    around: str  # the interval that holds the onset, and how it went on
    failed: str
    during: str
    users: str


@dataclass(frozen=True, slots=True)
class Option:
    """Something to do."""

    kind: str
    target: str
    text: str
    because: str
    meta: str
    short: str  # the same in two words


@dataclass(frozen=True, slots=True)
class Hop:
    """A service on the request path; or how many in the middle are left out."""

    name: str
    role: str = ""  # `last good`, `first bad`, `first bad · external`
    kind: str = ""  # good, bad, left-out


@dataclass(frozen=True, slots=True)
class Route:
    """Where: the request path from the entry to the first bad hop."""

    hops: tuple[Hop, ...]
    whole: str  # in words, for whoever does not see it drawn
    left_out: bool  # hops in the middle are not drawn
    example: str  # the id of the request that passed them


@dataclass(frozen=True, slots=True)
class Share:
    """A row of Who: a part of the requests and how many of it fail."""

    name: str
    whole: str  # with the attributes' whole names
    share: float
    failed: str
    percent: str
    bad: bool


def answer_of(said: Triaged, document: Mapping[str, Any], incident: Incident, now: datetime) -> Answer:
    """The first block of the page."""
    word, shape = _VERDICTS[said.verdict.value]
    confidence = (document.get("confirmed") or {}).get("confidence")
    since, around = _since(said, incident.ended_at, document, now)
    failed, during = _failed(said)
    return Answer(
        word,
        shape,
        figures.confidence(confidence) if confidence else "",
        f"as of {figures.clock(incident.triaged_at or now, now)} UTC",
        tuple(_headline(said)),
        since,
        around,
        failed,
        during,
        figures.count(said.impact.users) if said.impact and said.impact.users is not None else "",
    )


def _headline(said: Triaged) -> Iterator[Sentence]:
    impact, sure = said.impact, said.verdict.value == "yes"
    slow = impact is not None and impact.kind is ImpactKind.LATENCY
    if not sure or impact is None or (impact.failure_share is None and not slow):
        yield (Piece(sentence(said.because), "confirm"),)
    elif slow or impact.failure_share is None:
        yield (Piece(sentence(f"{wording.requests_of(impact)} are {slowness(impact)}"), "confirm"),)
    else:
        share, base = figures.percent(impact.failure_share), impact.baseline_share
        usual = (Piece(", baseline "), Piece(figures.percent(base), "confirm")) if base is not None else ()
        yield (
            Piece(share, "confirm"),
            Piece(f" of {wording.requests_of(impact)} fail"),
            *usual,
            Piece("."),
        )
    if sure and said.segments:
        first = said.segments[0]
        affected = figures.percent(first.share_of_failures)
        yield (
            Piece(affected, "blast_radius"),
            Piece(f" of {wording.harm_of(impact)} have {wording.described(first)}."),
        )


def sentence(text: str) -> str:
    """A text as a sentence: a capital in front, a full stop behind."""
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "?", "!")) else f"{whole}."


def _since(
    said: Triaged, end: datetime | None, document: Mapping[str, Any], now: datetime
) -> tuple[str, str]:
    """The onset, and its interval with the course since."""
    if said.since is None:
        return "", ""
    around = ""
    if said.since_low and said.since_high:
        low, high = (figures.clock(time, said.since) for time in (said.since_low, said.since_high))
        around = f"between {low} and {high}, "
    trend = (document.get("onset") or {}).get("trend")
    ended = f"until {figures.clock(end, now)}" if end else ""
    course = ended or ", ".join(filter(None, ("ongoing", trend)))
    return figures.clock(said.since, now), f"{around}{course}"


def _failed(said: Triaged) -> tuple[str, str]:
    """The failed of all requests, and in what time."""
    impact = said.impact
    if (
        impact is None
        or impact.requests is None
        or impact.failed is None
        or impact.kind is ImpactKind.LATENCY
    ):
        return "", ""
    span = f"in {figures.duration(said.comparison.bad.seconds)}" if said.comparison else ""
    return f"{figures.count(impact.failed)} of {figures.count(impact.requests)}", span


def deed(option: Mitigation) -> str:
    """`Roll back payments`."""
    plain = wording.plain(option.kind)
    return f"{_DEEDS.get(option.kind, plain[:1].upper() + plain[1:])} {option.target}"


def option_of(option: Mitigation) -> Option:
    """Something to do, in words."""
    takes = figures.duration(option.minutes * 60) if option.minutes is not None else ""
    back = "reversible" if option.reversible else "cannot be undone"
    lost = f"destroys evidence: {option.evidence_lost}" if option.evidence_lost else "loses no evidence"
    meta = [f"works in about {takes}" if takes else "", back, lost]
    short = [takes, "" if option.reversible or not takes else back]
    return Option(
        option.kind,
        option.target,
        deed(option),
        sentence(option.because),
        " \u00b7 ".join(filter(None, meta)),
        " \u00b7 ".join(filter(None, short)) or "by others",
    )


def who(said: Triaged) -> Iterator[Share]:
    """The affected share of each segment, and of all other requests where these were counted."""
    shown = said.segments[:MOST_SEGMENTS]
    for segment in shown:
        yield _share(_short(segment), segment.failures, segment.requests, whole=wording.described(segment))
    rest = _rest(said, shown)
    if rest is not None:
        yield _share("All others", *rest)


def share_of(said: Triaged | None) -> str:
    """What a share in Who is one of: `share that fails`, `share that is slow`."""
    impact = said.impact if said else None
    kinds = {ImpactKind.LATENCY: "is slow", ImpactKind.BOTH: "fails or is slow"}
    return f"share that {kinds.get(impact.kind, 'fails') if impact and impact.kind else 'fails'}"


def _rest(said: Triaged, shown: Sequence[Segment]) -> tuple[int, int] | None:
    """Failures and requests outside of the one segment; None where they were not counted: of slow ones, say."""
    impact = said.impact
    if (
        len(shown) != 1
        or impact is None
        or impact.kind in {ImpactKind.LATENCY, ImpactKind.BOTH}
        or impact.requests is None
        or impact.failed is None
    ):
        return None
    failed, requests = impact.failed - shown[0].failures, impact.requests - shown[0].requests
    return (failed, requests) if failed >= 0 and requests > 0 else None


def _share(name: str, failed: int, requests: int, *, whole: str = "") -> Share:
    share = failed / requests if requests else 0.0
    counts = f"{figures.count(failed)} of {figures.count(requests)}"
    return Share(name, whole, share, counts, figures.percent(share), bool(whole))


def _short(segment: Segment) -> str:
    """`issuer=ANZ, provider=stripe`: attributes by the last part of their names, where these differ."""
    last = {name: name.rpartition(".")[2] for name in segment.where}
    names = last if len(set(last.values())) == len(last) else {name: name for name in last}
    return ", ".join(f"{names[name]}={value}" for name, value in sorted(segment.where.items()))


def who_hint(said: Triaged, document: Mapping[str, Any]) -> Iterator[str]:
    """The segment in shares, and what was tested and is not it."""
    for segment in said.segments[:1]:
        yield (
            f"{wording.described(segment)} is {figures.percent(segment.share_of_failures)} of {wording.harm_of(said.impact)} "
            f"and {figures.percent(segment.share_of_traffic)} of traffic."
        )
    if cleared := (document.get("blast_radius") or {}).get("not"):
        yield f"Within noise: {wording.listed(cleared, 5)}."


def route_of(path: FailurePath) -> Route:
    """The hops as they are drawn; of more than MOST_HOPS the entry, the last good and the first bad one."""
    names = path.route or tuple(filter(None, (path.last_good, path.first_bad)))
    bad = Hop(names[-1], "first bad \u00b7 external" if path.external else "first bad", "bad")
    good = (Hop(path.last_good, "last good", "good"),) if path.last_good else ()
    above = [Hop(name) for name in names[: -1 - len(good)]]
    if over := len(names) > MOST_HOPS:
        above = [above[0], Hop(f"{len(above) - 1} more", kind="left-out")]
    drawn = " \u2192 ".join(names)
    whole = f"Request path: {drawn}. Last good: {path.last_good or 'not known'}. First bad: {path.first_bad}."
    return Route((*above, *good, bad), whole, over, path.example)


def agreeing(said: Triaged) -> str:
    """How many of the failing or slow traces break at the same place."""
    return wording.agreed(said.path, kind=True) if said.path else ""
