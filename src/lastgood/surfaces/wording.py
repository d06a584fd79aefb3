"""Words for values: how every surface writes numbers, times, shares and the sentences of the sitrep.

Nothing is computed here that an answer does not hold, and nothing is said without its numbers.
A no-break space joins a number to its unit, so that no line breaks between them.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from lastgood.model.alert import FiringAlert
from lastgood.model.answers import (
    FailureClass,
    GoldenSignals,
    Impact,
    ImpactKind,
    Mitigation,
    Onset,
    Segment,
    Shape,
    Trend,
)
from lastgood.model.attributes import USER_ID
from lastgood.model.episode import Episode
from lastgood.model.failure import FAILURES, Broken, FailurePath
from lastgood.model.figures import NBSP, clock, count, counted, duration, minute, percent
from lastgood.model.finding import Verdict
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Window
from lastgood.surfaces.boundary import third_party
from lastgood.surfaces.slowness import also_slow, slowness

TIMES = "\u00d7"  # the multiplication sign
# What reorders a line or ends it, though it cannot be seen: marks and overrides of direction, separators.
_DIRECTING = (0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
# What takes no room, so that two texts look alike or one hides another: blanks without width, fillers, tags.
_HIDDEN = (
    0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, *range(0x2060, 0x2066), *range(0x206A, 0x2070),
    0x3164, 0xFEFF, 0xFFA0, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0),
)  # fmt: skip
# Nothing in the data can steer a terminal, or make text read otherwise than it is: on every surface.
UNSEEN = {
    code: "\ufffd"
    for code in (*range(32), *range(127, 160), *_DIRECTING, *_HIDDEN)
    if chr(code) not in "\n\t"
}
# For a terminal or a file: ordinary spaces too.
PLAIN = {ord(NBSP): " ", **UNSEEN}
_JSON = {
    code: json.dumps(chr(code))[1:-1] for code in (*range(127, 160), *_DIRECTING, *_HIDDEN)
}  # below 32 JSON escapes itself
_NEXT_UPDATE = "Next update "
STALE = timedelta(minutes=15)  # data that end longer ago say nothing about now

STATES = {Verdict.YES: "CONFIRMED", Verdict.NO: "NOT CONFIRMED", Verdict.UNKNOWN: "INCONCLUSIVE"}
_KINDS = {
    ImpactKind.ERRORS: "failing",
    ImpactKind.LATENCY: "slow",
    ImpactKind.BOTH: "failing and slow",
    ImpactKind.TRAFFIC_LOSS: "losing traffic",
}
_CALLS = {
    Broken.FAILING: ("fail", "failed"),
    Broken.SLOW: ("are slow", "were slow"),
    Broken.DIVERTED: ("take another path", "took another path"),
}
_TRENDS = {Trend.WORSE: "getting worse", Trend.STEADY: "steady", Trend.BETTER: "getting better"}


def both_zones(time: datetime, near: datetime, zone: tzinfo) -> str:
    """`14:45:20 UTC (15:45 CET)`: in the team's zone too, where that shows another time."""
    local = time.astimezone(zone)
    here = f" ({local:%H:%M %Z})" if local.utcoffset() else ""
    return f"{clock(time, near)} UTC{here}"


def between(window: Window, near: datetime) -> str:
    """`14:00:00 to 14:31:00 (31 min)`."""
    start, end = clock(window.start, near), clock(window.end, window.start)
    return f"{start} to {end} ({duration(window.seconds)})"


def listed(words: Iterable[str], most: int = 5) -> str:
    """`a, b, c and 4 more`."""
    words = list(words)
    if len(words) <= most:
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most} more"


def before_the_data(onset: Onset | Episode | None) -> bool:
    """Whether it started at a time that the data do not reach back to."""
    return isinstance(onset, Onset) and onset.comparison is None


def onset_time(onset: Onset | Episode, near: datetime) -> str:
    """`14:45:20 ±15 s`, or with both ends when the interval leans to one side; of what the data begin with, their start."""
    if before_the_data(onset):
        return f"before {clock(onset.at, near)}, the start of the data"
    before, after = (onset.at - onset.low).total_seconds(), (onset.high - onset.at).total_seconds()
    text = clock(onset.at, near)
    if max(before, after) < 1:
        return text
    if max(before, after) > 2 * min(before, after):
        return f"{text} ({clock(onset.low, onset.at)} to {clock(onset.high, onset.at)})"
    return f"{text} ±{duration(max(before, after))}"


def course(sitrep: Sitrep) -> str:
    """Whether it goes on, and how: `ongoing, steady`, `ended at 15:02:00, all within baseline now`."""
    onset, end = sitrep.onset, data_end(sitrep)
    if onset is None:
        return ""
    now = "now" if end is None else f"when the data end, {clock(end, onset.at)}"
    if onset.ended is not None:
        rest = "all within baseline" if onset.quiet else "another signal deviates"
        return f"ended at {clock(onset.ended, onset.at)}, {rest} {now}"
    trend = f", {_TRENDS[onset.trend]}" if onset.trend else ""
    return f"ongoing{trend}" if end is None else f"still so {now}{trend}"


def moved(onset: Onset, near: datetime) -> str:
    """What moved though nothing is wrong: `14:45:20 ±15 s, ongoing: ledger has 0 spans a second`."""
    return f"{_lasted(onset, near)}: {onset.first_symptom}"


def episode_line(episode: Episode, near: datetime) -> str:
    """`13:05:00 ±10 s to 13:20:00, ended: 8 % of requests at payment fail · in payment, ledger`."""
    where = f" · in {listed(episode.services, 4)}" if len(episode.services) > 1 else ""
    return f"{_lasted(episode, near)}: {episode.symptom}{where}"


def _lasted(one: Onset | Episode, near: datetime) -> str:
    start = onset_time(one, near)
    return f"since {start}, ongoing" if one.ended is None else f"{start} to {clock(one.ended, one.at)}, ended"


def data_end(sitrep: Sitrep) -> datetime | None:
    """When the data end, if that is too long ago to speak of now."""
    if sitrep.window is None or sitrep.asked_at - sitrep.window.end < STALE:
        return None
    return sitrep.window.end


def headline(sitrep: Sitrep) -> str:
    """What is wrong, since when and how it goes; or that nothing is; or why that is not known."""
    if sitrep.is_real is Verdict.NO:
        return (
            "No incident, but a signal changed" if sitrep.onset else "All signals are within their baseline"
        )
    if sitrep.is_real is Verdict.UNKNOWN:
        return f"Inconclusive: {subtitle(sitrep)}"
    parts = [f"{sitrep.severity.proposed} proposed"] if sitrep.severity else []
    parts.append(f"{subject(sitrep)} {trouble(sitrep)}".strip())
    if sitrep.onset:
        parts += [f"since {onset_time(sitrep.onset, sitrep.asked_at)}", course(sitrep)]
    return " · ".join(parts)


def subtitle(sitrep: Sitrep) -> str:
    """The headline beside the verdict, which says `inconclusive` by itself."""
    if sitrep.is_real is not Verdict.UNKNOWN:
        return headline(sitrep)
    return sitrep.confirmed.because if sitrep.confirmed else "the question was not asked"


def subject(sitrep: Sitrep) -> str:
    """Who shows the symptom: whose requests were counted, else the service most hit, or the requests."""
    impact = impact_of(sitrep)
    if impact and impact.of:
        return impact.of.split(" (")[0]  # a title has no room for how many operations
    if sitrep.blast_radius and sitrep.blast_radius.services:
        return sitrep.blast_radius.services[0]
    return "requests" if impact and impact.requests is not None else "the system"


def trouble(sitrep: Sitrep) -> str:
    """`failing`, `slow`, or that it deviates from its baseline."""
    impact = impact_of(sitrep)
    if impact is None or impact.kind is None or impact.requests is None:  # seen in logs alone, say
        return "deviates from its baseline"
    return _KINDS[impact.kind]


def impact_of(sitrep: Sitrep) -> Impact | None:
    """The impact, when it was measured."""
    return sitrep.confirmation.impact if sitrep.confirmation else None


def impact_line(impact: Impact, seconds: float | None, *, over: bool = False) -> str:
    """`4.9 % of requests fail (baseline 0.2 %) · 847 of 17 280 requests in 31 min · 412 users`; `failed` once it is over."""
    parts = []
    if impact.kind is ImpactKind.LATENCY:
        parts.append(f"{requests_of(impact)} {'were' if over else 'are'} {slowness(impact)}")
    if impact.failure_share is not None and impact.kind is not ImpactKind.LATENCY:
        usual = f" (baseline {percent(impact.baseline_share)})" if impact.baseline_share is not None else ""
        fate = fate_of(impact, over=over)
        parts.append(f"{percent(impact.failure_share)} of {requests_of(impact)} {fate}{usual}")
        if impact.kind is ImpactKind.BOTH:
            parts.append(also_slow(impact, over=over))
    if impact.requests is not None:
        failed = (
            f"{count(impact.failed)} of " if impact.failed and impact.kind is not ImpactKind.LATENCY else ""
        )
        span = f" in {duration(seconds)}" if seconds else ""
        parts.append(f"{failed}{counted(impact.requests, 'attempt' if impact.attempts else 'request')}{span}")
    if impact.users is not None:
        parts.append(users_of(impact.users, impact))
    return " · ".join(parts)


def users_of(users: int, impact: Impact) -> str:
    """`412 users`; `at least 412 users` where affected requests name none."""
    return f"{'at least ' if impact.unnamed else ''}{counted(users, 'user')}"


def requests_of(impact: Impact) -> str:
    """`requests to web POST /order`; `requests` where it is not said which."""
    what, at = ("attempts", "at") if impact.attempts else ("requests", "to")
    return f"{what} {at} {impact.of}" if impact.of else what


def fate_of(impact: Impact, *, over: bool = False) -> str:
    """What becomes of affected requests: they `fail`, or `are refused or redirected`; or `failed`, once it is over."""
    refused = f"{'were' if over else 'are'} refused{'' if impact.attempts else ' or redirected'}"
    return refused if impact.refused else "failed" if over else "fail"


def everyone_line(impact: Impact | None) -> str:
    """That no segment stands out: of users only where requests name them, else what would bring them."""
    if impact is not None and impact.users is not None:
        return "all users alike: no tested attribute stands out"
    return (
        f"no tested attribute stands out; users cannot be distinguished: add {USER_ID} to spans or log lines"
    )


def segment_line(segment: Segment, harm: str) -> str:
    """`card.issuer=ANZ and plan=free: 96.8 % of failures, 5.1 % of traffic`."""
    affected, traffic = percent(segment.share_of_failures), percent(segment.share_of_traffic)
    return f"{described(segment)}: {affected} of {harm}, {traffic} of traffic"


def harm_of(impact: Impact | None) -> str:
    """What the affected requests are: `failures`, `slow requests`."""
    kinds = {ImpactKind.LATENCY: "slow requests", ImpactKind.BOTH: "failing and slow requests"}
    return kinds.get(impact.kind, "failures") if impact and impact.kind else "failures"


def described(segment: Segment) -> str:
    """`card.issuer=ANZ and plan=free`."""
    return " and ".join(f"{name}={value}" for name, value in sorted(segment.where.items()))


def signals_line(signals: GoldenSignals) -> str:
    """`errors up 0.2 → 4.9 %, latency flat; no data on saturation`."""
    shapes = {
        "errors": signals.errors,
        "latency": signals.latency,
        "traffic": signals.traffic,
        "saturation": signals.saturation,
    }
    moved = [f"{name} {shape.value}" for name, shape in shapes.items() if shape and shape is not Shape.FLAT]
    flat = [name for name, shape in shapes.items() if shape is Shape.FLAT]
    missing = [name for name, shape in shapes.items() if shape is None]
    parts = [", ".join(moved), f"{', '.join(flat)} flat" if flat else ""]
    text = "; ".join(part for part in parts if part)
    return " · ".join(part for part in (text, f"no data on {', '.join(missing)}" if missing else "") if part)


def json_text(document: object, *, indent: int | None = None) -> str:
    """JSON in which no character steers a terminal; its values are what they were."""
    return json.dumps(document, indent=indent, ensure_ascii=False).translate(_JSON)


def plain(name: str) -> str:
    """`dependency contract change` of a name with underscores."""
    return name.replace("_", " ")


def class_line(found: FailureClass) -> str:
    """`overload: traffic is up, and with it latency`, with the classes that are also possible."""
    names = [FAILURES[kind].words for kind in found.also]
    also = f" (also consistent with {listed(names, 3)})" if names else ""
    return f"{FAILURES[found.name].words}: {found.because}{also}"


def option_line(option: Mitigation) -> str:
    """`circuit break payments · ~2 min, reversible: it fails fast`, with the evidence that it destroys."""
    what = f"{plain(option.kind)} {option.target}"
    if option.minutes is None:  # others have to act
        return f"{what}: {option.because}"
    back = "reversible" if option.reversible else "cannot be undone"
    lost = f" · destroys evidence: {option.evidence_lost}" if option.evidence_lost else ""
    return f"{what} · ~{duration(option.minutes * 60)}, {back}: {option.because}{lost}"


def alert_line(alert: FiringAlert, near: datetime) -> str:
    """`ErrorRate (critical) · shop · firing since 12:03:00 · error rate above 50%`."""
    severity = f" ({alert.severity})" if alert.severity else ""
    recovered = "its metric is back to normal" if alert.recovered else ""
    firing = f"firing since {clock(alert.since, near)}"
    parts = (f"{alert.name}{severity}", alert.service, firing, recovered, alert.summary)
    return " · ".join(" ".join(part.split()) for part in parts if part)


def say(sitrep: Sitrep) -> str | None:
    """The first message, drafted from facts alone; None when there is nothing certain to say."""
    if sitrep.is_real is Verdict.UNKNOWN:
        return None
    if sitrep.is_real is Verdict.NO:
        return _say_quiet(sitrep)
    before = "before " if before_the_data(sitrep.onset) else ""
    from_ = "from" if sitrep.onset and sitrep.onset.ended else "since"
    since = f"{from_} {before}{minute(sitrep.onset.at, sitrep.asked_at)} " if sitrep.onset else ""
    parts = [f"Investigating: {since}{_impact_sentence(sitrep)}{_say_who(sitrep)}.", _say_where(sitrep)]
    if sitrep.onset and sitrep.onset.ended:
        ended = minute(sitrep.onset.ended, sitrep.asked_at)
        parts.append(f"It has been back to its usual level since {ended}.")
    if sitrep.next_update:
        parts.append(f"{_NEXT_UPDATE}{minute(sitrep.next_update, sitrep.asked_at)}.")
    return " ".join(part for part in parts if part)


def say_by(said: str, next_update: datetime, near: datetime) -> str:
    """A first message that was drafted earlier, with the time of the next update as of now."""
    return (
        f"{said.rpartition(_NEXT_UPDATE)[0]}{_NEXT_UPDATE}{minute(next_update, near)}."
        if _NEXT_UPDATE in said
        else said
    )


def _say_quiet(sitrep: Sitrep) -> str | None:
    window = sitrep.comparison.bad if sitrep.comparison else sitrep.window
    if window is None:
        return None
    times = f"from {minute(window.start, sitrep.asked_at)} to {minute(window.end, sitrep.asked_at)}"
    impact = impact_of(sitrep)
    if impact is None or impact.failure_share is None:
        return f"No incident confirmed {times}."
    usual = f", baseline {percent(impact.baseline_share)}" if impact.baseline_share is not None else ""
    return f"No incident confirmed {times}: {percent(impact.failure_share)} of requests failed{usual}."


def _impact_sentence(sitrep: Sitrep) -> str:
    impact, who, over = impact_of(sitrep), subject(sitrep), bool(sitrep.onset and sitrep.onset.ended)
    if impact is None or impact.kind is None or impact.requests is None:
        why = f": {sitrep.confirmed.because}" if sitrep.confirmed else ""
        return f"{who} deviates from its baseline{why}"
    if impact.kind in {ImpactKind.ERRORS, ImpactKind.BOTH} and impact.failure_share is not None:
        shares = (
            f"baseline {percent(impact.baseline_share)}" if impact.baseline_share is not None else "",
            _of_all(sitrep, impact),
        )
        stated = "; ".join(filter(None, shares))
        usual = f" ({stated})" if stated else ""
        slow = f", and {also_slow(impact, over=over)}" if impact.kind is ImpactKind.BOTH else ""
        return f"{percent(impact.failure_share)} of {requests_of(impact)} {fate_of(impact, over=over)}{usual}{slow}"
    if impact.kind is ImpactKind.TRAFFIC_LOSS:
        return f"{'the system' if who == 'requests' else who} {'got' if over else 'gets'} less traffic than usual"
    whose, be = "requests" if who == "requests" else f"requests to {who}", "were" if over else "are"
    return f"{whose} {be} {slowness(impact) if impact.kind is ImpactKind.LATENCY else 'failing'}"


def _of_all(sitrep: Sitrep, impact: Impact) -> str:
    """The share of all requests that fail, where the impact is of several operations among others."""
    share = sitrep.severity.failing_share if sitrep.severity else None
    return f"{percent(share)} of all requests fail" if share and "(" in impact.of else ""


def _say_who(sitrep: Sitrep) -> str:
    radius = sitrep.blast_radius
    if radius is None or not radius.segments:
        return ""
    first, impact = radius.segments[0], impact_of(sitrep)
    if impact is not None and all(
        f" {value} " in f" {requests_of(impact)} " for value in first.where.values()
    ):
        return ""  # the requests are named by it already
    return f", {percent(first.share_of_failures)} of them with {described(first)}"


def _say_where(sitrep: Sitrep) -> str:
    path, over = sitrep.path, bool(sitrep.onset and sitrep.onset.ended)
    if path is None:
        return third_party(sitrep)
    good = f"after {path.last_good}, at" if path.last_good else "at"
    return f"Calls {calls_of(path, over=over)} {good} {path.first_bad} ({agreed(path)}). {third_party(sitrep)}".strip()


def calls_of(path: FailurePath, *, over: bool = False) -> str:
    """What calls do at the first bad hop: they `fail`, `are slow`, or `take another path`."""
    return _CALLS[path.how][over]


def agreed(path: FailurePath, *, kind: bool = False) -> str:
    """`110 of 112 traces agree`; with their kind, `110 of 112 failing traces agree`; requests where there are no spans."""
    noun = "request" if path.by_requests else "trace"
    return f"{count(path.agree)} of {counted(path.traces, f'{path.how} {noun}' if kind else noun)} agree"
