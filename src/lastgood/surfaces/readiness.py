"""Readiness in words: what could not be answered and why, the effort to mend it, and how in the language of the service."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from lastgood.model.figures import count, counted, duration, number, percent, shortened
from lastgood.model.readiness import PROMPT_SECONDS, WEIGHTS, Lacked, Measured, Piece, Readiness
from lastgood.surfaces.deploy_practice import practice_lines
from lastgood.surfaces.markdown import escaped
from lastgood.surfaces.snippets import named, snippet
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.missed_pieces import NEVER_ON_RECORD

UNSEEN = "not seen"
# Of pieces that these data show nothing about, and that no service alone lacks: why it is not known, and what would show it.
NOT_KNOWN: Mapping[Piece, tuple[str, str]] = {
    Piece.VALUES: ("no request has the value of an order, so lost money is not known", ""),
    Piece.ARRIVAL: (
        "the store does not hold when data arrived, so how late they come is not known",
        "send them to lastgood serve, which stores that: OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318",
    ),
}
MOST_INCIDENTS = 5  # of the past, for one gap
LONGEST_NAME = 60  # characters of a service or an operation: a longer one would hide the sentence about it


@dataclass(frozen=True, slots=True)
class Words:
    """Of one piece: the question that needs it, a sentence with holes for what is missing, the effort, further questions."""

    question: str
    missing: str
    effort: str
    also: tuple[str, ...] = ()
    with_peer: str = ""  # the sentence where a peer is known, if that is another one


WORDS = {
    Piece.SPANS: Words(
        "What fails inside the service?", "{service} is part of the system and sends no spans", "hours"
    ),
    Piece.TRACES: Words(
        "Who is affected?",
        "traces break between {service} and {peer}: {there} of {out_of} calls arrive in their trace",
        "hours",
        ("What do the logs of a failing request show?",),
    ),
    Piece.USERS: Words("Who is affected?", "user.id is on {share} of the requests to {service}", "minutes"),
    Piece.VERSIONS: Words(
        "Is it the new release?", "{share} of what {service} sends has a version", "minutes"
    ),
    Piece.INSTANCES: Words(
        "Is it one instance?", "{share} of what {service} sends names its instance", "minutes"
    ),
    Piece.LINES: Words(
        "What do the logs show?",
        "{service} sends spans and no log lines",
        "hours",
        ("What do the logs of a failing request show?", "Which errors are new?"),
    ),
    Piece.TRACE_IDS: Words(
        "What do the logs of a failing request show?",
        "{share} of the log lines of {service} have a trace id",
        "minutes",
    ),
    Piece.LEVELS: Words(
        "Which errors are new?",
        "{share} of the log lines of {service} have a level",
        "minutes",
        ("What do the logs of a failing request show?",),
    ),
    Piece.METRICS: Words("Is a resource saturated?", "{service} sends no metrics", "hours"),
    Piece.DEPLOYS: Words("What changed?", "no deploy is recorded{during}", "minutes"),
    Piece.FLAGS: Words(
        "What changed?",
        "no flag change is recorded{during}",
        "hours",
        with_peer="{recorded} recorded; {commits} in the history of {peer}",
    ),
    Piece.HEALTH: Words(
        "Is it us, or what we depend on?",
        "the health check of {service} reports 200 while most of its calls fail: in {wrong} of {out_of} minutes",
        "hours",
    ),
    Piece.SWITCHES: Words(
        "Can we switch it off?",
        "no kill switch is seen on {service} {peer}: {there} of {out_of} requests evaluate a flag",
        "hours",
    ),
    Piece.VALUES: Words(
        "How much money is at stake?",
        "money cannot be counted: {share} of the requests to {service} {peer} have the value of an order",
        "minutes",
    ),
    Piece.ARRIVAL: Words(
        "What is happening right now?",
        "99 % of the {peer} of {service} arrive within {seconds}; {late} take more than {prompt}",
        "hours",
    ),
}


def why(gap: Measured) -> str:
    """What is missing, with its numbers."""
    words = WORDS[gap.piece]
    return ((gap.peer and words.with_peer) or words.missing).format(
        service=one_line(gap.service) or "the entry", peer=one_line(gap.peer), share=percent(gap.share), there=count(gap.there),
        out_of=count(gap.out_of), wrong=count(gap.out_of - gap.there),
        recorded=f"{counted(gap.there, 'flag change')} {'is' if gap.there == 1 else 'are'}",
        commits=f"{counted(gap.out_of, 'commit')} {'is' if gap.out_of == 1 else 'are'}",
        during=f" in {duration(gap.seconds)}" if gap.seconds else "", seconds=duration(gap.seconds or 0),
        late=percent(1 - gap.share), prompt=duration(PROMPT_SECONDS),
    )  # fmt: skip


def unanswered(found: Readiness, service: str) -> tuple[str, ...]:
    """The questions that have no answer when a service breaks."""
    words = (WORDS[gap.piece] for gap in found.missing_for(service))
    own = [question for one in words for question in (one.question, *one.also)]
    # Where a service above sends no spans, the trace goes on, but whoever entered there is not known.
    return tuple(dict.fromkeys([*own, *(WORDS[Piece.USERS].question for _ in found.hiding(service))]))


def readiness_text(found: Readiness, past: Sequence[Lacked] = ()) -> str:
    """For a terminal; `past` are the incidents of the record that lacked something."""
    return "".join(f"{line}\n" for line in _lines(found, past)).translate(PLAIN)


def _lines(found: Readiness, past: Sequence[Lacked]) -> Iterator[str]:
    looked = f"{found.window.start:%Y-%m-%d %H:%M} to {found.window.end:%Y-%m-%d %H:%M} UTC"
    yield f"READINESS {number(found.score, 0)} of 100 · {_counted(found)} · {looked}"
    for (piece, language), gaps in _alike(found):
        yield ""
        yield f"{WORDS[piece].question}  ({number(sum(map(found.cost, gaps)), 1)} points)"
        for gap in gaps:
            yield f"  {why(gap)}"
        yield f"  mend ({WORDS[piece].effort}{_in(language)}): {snippet(piece, language)}"
        if cost := cost_line(gaps, past, none=""):
            yield f"  no answer in past incidents: {cost}"
    yield ""
    yield from _services(found)
    yield f"MEASURED  {', '.join(f'{piece_name(piece)} {percent(share)}' for piece, share in found.parts.items())}"
    if without := without_data(found):
        yield f"UNKNOWN   no data about: {', '.join(map(piece_name, without))}"
    for title, lack in zip(chain(("NOT KNOWN",), repeat("")), not_known(found), strict=False):
        yield f"{title:<9} {lack.because}; {lack.how}"
    if late := arrival(found):
        yield f"ARRIVAL   {late}"
    for title, line in zip(chain(("DEPLOYS",), repeat("")), practice_lines(found.deploys), strict=False):
        yield f"{title:<9} {line}"


def _alike(found: Readiness) -> list[tuple[tuple[Piece, str], list[Measured]]]:
    """The gaps that are closed in the same way, what costs the most points first."""
    groups: dict[tuple[Piece, str], list[Measured]] = {}
    for gap in found.gaps:
        groups.setdefault((gap.piece, found.language_of(gap)), []).append(gap)
    return sorted(groups.items(), key=lambda one: -sum(map(found.cost, one[1])))


def _services(found: Readiness) -> Iterator[str]:
    """For each service its score, and what has no answer when it breaks."""
    width = max((len(one_line(one)) for one in found.services), default=0)
    for title, service in zip(chain(("SERVICES",), repeat("")), found.services, strict=False):
        questions = " ".join(unanswered(found, service))
        without = f"if it breaks, no answer to: {questions}" if questions else "no gap"
        yield f"{title:<9} {one_line(service):<{width}}  {number(found.of_service(service).score, 0):>3} of 100 without the change feed; {without}"


@dataclass(frozen=True, slots=True)
class NotKnown:
    """What these data do not show of the whole system: why, and what would."""

    piece: Piece
    because: str
    how: str


def not_known(found: Readiness) -> tuple[NotKnown, ...]:
    """What the data do not show of the whole system; the way is in its language, where it has one."""
    language = found.language_of(Measured(Piece.VALUES, 0, 1))
    return tuple(
        NotKnown(piece, because, how or snippet(piece, language))
        for piece, (because, how) in NOT_KNOWN.items()
        if piece in found.unmeasured
    )


def without_data(found: Readiness) -> tuple[Piece, ...]:
    """The other pieces without data."""
    return tuple(piece for piece in found.unmeasured if piece not in NOT_KNOWN)


def arrival(found: Readiness) -> str:
    """`99 % of telemetry arrives within 4 min (log lines of checkout)`: of what arrives latest; empty where it is not known."""
    late = [one for one in found.measured if one.piece is Piece.ARRIVAL]
    if not late:
        return ""
    last = max(late, key=lambda one: (one.seconds or 0, one.service, one.peer))
    return (
        f"99 % arrive within {duration(last.seconds or 0)} (latest: {last.peer} of {one_line(last.service)})"
    )


def cost_line(gaps: Sequence[Measured], past: Sequence[Lacked], *, none: str = "none") -> str:
    """`#3 (24 min), #7 (time not known)`: the last incidents without this piece; else `none`, or `not known` if no record shows it."""
    mine = [one for one in past if any(map(one.is_of, gaps))]
    shown = ", ".join(
        f"#{one.incident} ({duration(one.seconds) if one.seconds is not None else 'time not known'})"
        for one in mine[-MOST_INCIDENTS:]
    )
    unseen = "not known" if none and gaps[0].piece in NEVER_ON_RECORD else none
    return f"{shown}, of {len(mine)}" if len(mine) > MOST_INCIDENTS else shown or unseen


def one_line(name: str) -> str:
    """A name out of telemetry, as it stands in a sentence."""
    return shortened(name, LONGEST_NAME)


def _in(language: str) -> str:
    """`, Java`; that no language was seen, where none was."""
    return f", {named(language)}" if language else ", any language: none was seen"


def readiness_markdown(found: Readiness) -> str:
    """For a pull request or a wiki."""
    rows = [
        f"| {WORDS[gap.piece].question} | {escaped(why(gap))} | {number(found.cost(gap), 1)} | {WORDS[gap.piece].effort} "
        f"| {escaped(named(found.language_of(gap))) or UNSEEN} | `{snippet(gap.piece, found.language_of(gap))}` |\n"
        for gap in found.gaps
    ]
    head = (
        "| Cannot answer | because | points | effort | language | how |\n|---|---|---|---|---|---|\n"
        if rows
        else ""
    )
    lines = [f"- {escaped(line)}\n" for line in practice_lines(found.deploys)]
    deploys = f"\nDeploys to production:\n\n{''.join(lines)}" if lines else ""
    unknown = "".join(f"- {one.because}: `{one.how}`\n" for one in not_known(found))
    unknown = f"\nNot known:\n\n{unknown}" if unknown else ""
    title = f"# Readiness: {number(found.score, 0)} of 100"
    return f"{title}\n\n{_counted(found)}.\n\n{head}{''.join(rows)}{unknown}{deploys}"


def readiness_document(found: Readiness, past: Sequence[Lacked] = ()) -> dict[str, Any]:
    """For programs; `past` as for the text."""
    return {
        "score": round(found.score, 2),
        "window": {"start": found.window.start.isoformat(), "end": found.window.end.isoformat()},
        "parts": [
            {"piece": piece.value, "weight": WEIGHTS[piece], "share": share} for piece, share in found.parts.items()
        ],
        "gaps": [
            {
                "piece": gap.piece.value, "service": gap.service, "peer": gap.peer, "there": gap.there,
                "out_of": gap.out_of, "points": round(found.cost(gap), 2), "question": WORDS[gap.piece].question,
                "reason": why(gap), "effort": WORDS[gap.piece].effort, "language": found.language_of(gap) or None,
                "snippet": snippet(gap.piece, found.language_of(gap)),
                "past_incidents": [{"incident": one.incident, "seconds_affected": one.seconds} for one in past if one.is_of(gap)],
            }
            for gap in found.gaps
        ],
        "services": [
            {"service": one, "score": round(found.of_service(one).score, 2), "unanswered": list(unanswered(found, one))}
            for one in found.services
        ],
        "arrival": [
            {"service": one.service, "signal": one.peer, "p99_seconds": one.seconds}
            for one in found.measured if one.piece is Piece.ARRIVAL
        ],
        "deploys": [
            {"practice": one.practice.value, "with": one.done, "without": one.missing, "not_reported": one.unknown, "examples": list(one.examples)}
            for one in found.deploys
        ],
        "unmeasured": [piece.value for piece in found.unmeasured],
        "not_known": [{"piece": one.piece.value, "reason": one.because, "snippet": one.how} for one in not_known(found)],
    }  # fmt: skip


def _counted(found: Readiness) -> str:
    return f"{counted(len(found.gaps), 'gap')} in {counted(len(found.services), 'service')}"


def piece_name(piece: Piece) -> str:
    """`trace ids`."""
    return piece.value.replace("_", " ")
