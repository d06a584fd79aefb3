"""Readiness in words: what could not be answered and why, the effort to mend it, and how in the language of the service."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from lastgood.model.figures import count, counted, number, percent
from lastgood.model.readiness import WEIGHTS, Measured, Piece, Readiness
from lastgood.surfaces.deploy_practice import practice_lines
from lastgood.surfaces.snippets import named, snippet

UNSEEN = "not seen"
NOT_STORED = "how late data arrive is not stored"


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
    Piece.DEPLOYS: Words("What changed?", "no deploy is recorded", "minutes"),
    Piece.FLAGS: Words(
        "What changed?",
        "no flag change is recorded",
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
}


def why(gap: Measured) -> str:
    """What is missing, with its numbers."""
    words = WORDS[gap.piece]
    return ((gap.peer and words.with_peer) or words.missing).format(
        service=gap.service or "the entry", peer=gap.peer, share=percent(gap.share), there=count(gap.there),
        out_of=count(gap.out_of), wrong=count(gap.out_of - gap.there),
        recorded=f"{counted(gap.there, 'flag change')} {'is' if gap.there == 1 else 'are'}",
        commits=f"{counted(gap.out_of, 'commit')} {'is' if gap.out_of == 1 else 'are'}",
    )  # fmt: skip


def unanswered(found: Readiness, service: str) -> tuple[str, ...]:
    """The questions that have no answer when a service breaks."""
    words = (WORDS[gap.piece] for gap in found.missing_for(service))
    own = [question for one in words for question in (one.question, *one.also)]
    # Where a service above sends no spans, the trace goes on, but whoever entered there is not known.
    return tuple(dict.fromkeys([*own, *(WORDS[Piece.USERS].question for _ in found.hiding(service))]))


def readiness_text(found: Readiness) -> str:
    """For a terminal."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Readiness) -> Iterator[str]:
    yield f"READINESS {number(found.score, 0)} of 100 · {_counted(found)}"
    for gap in found.gaps:
        words = WORDS[gap.piece]
        yield ""
        yield f"{words.question}  ({number(found.cost(gap), 1)} points)"
        yield f"  {why(gap)}"
        yield f"  mend ({words.effort}{_in(found.language_of(gap))}): {snippet(gap.piece, found.language_of(gap))}"
    yield ""
    yield f"MEASURED  {', '.join(f'{piece_name(piece)} {percent(share)}' for piece, share in found.parts.items())}"
    if found.unmeasured:
        yield f"UNKNOWN   no data about: {', '.join(piece_name(piece) for piece in found.unmeasured)}"
    yield f"          {NOT_STORED}"
    for title, line in zip(chain(("DEPLOYS",), repeat("")), practice_lines(found.deploys), strict=False):
        yield f"{title:<9} {line}"


def _in(language: str) -> str:
    """`, Java`; that no language was seen, where none was."""
    return f", {named(language)}" if language else ", any language: none was seen"


def readiness_markdown(found: Readiness) -> str:
    """For a pull request or a wiki."""
    rows = [
        f"| {WORDS[gap.piece].question} | {why(gap)} | {number(found.cost(gap), 1)} | {WORDS[gap.piece].effort} "
        f"| {named(found.language_of(gap)) or UNSEEN} | `{snippet(gap.piece, found.language_of(gap))}` |\n"
        for gap in found.gaps
    ]
    head = (
        "| Cannot answer | because | points | effort | language | how |\n|---|---|---|---|---|---|\n"
        if rows
        else ""
    )
    lines = [f"- {line}\n" for line in practice_lines(found.deploys)]
    deploys = f"\nDeploys to production:\n\n{''.join(lines)}" if lines else ""
    return f"# Readiness: {number(found.score, 0)} of 100\n\n{_counted(found)}.\n\n{head}{''.join(rows)}{deploys}"


def readiness_document(found: Readiness) -> dict[str, Any]:
    """For programs."""
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
            }
            for gap in found.gaps
        ],
        "deploys": [
            {"practice": one.practice.value, "with": one.done, "without": one.missing, "not_reported": one.unknown, "examples": list(one.examples)}
            for one in found.deploys
        ],
        "unmeasured": [piece.value for piece in found.unmeasured],
    }  # fmt: skip


def _counted(found: Readiness) -> str:
    gaps, services = len(found.gaps), {one.service for one in found.measured if one.service}
    return f"{count(gaps)} {'gap' if gaps == 1 else 'gaps'} in {count(len(services))} services"


def piece_name(piece: Piece) -> str:
    """`trace ids`."""
    return piece.value.replace("_", " ")
