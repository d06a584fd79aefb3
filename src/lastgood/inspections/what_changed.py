"""What changed, and which of it can be blamed?

What it asks
    For every deploy, commit, config change, flag, migration, cron run and other change before and during
    the incident: what speaks for it as the cause, what against it.
Why on-call asks it
    "What changed?" answers most incidents, and blaming the latest deploy is right only sometimes. A
    change that is ruled out with a reason saves an hour.
Reads
    lg_changes from a day before the window to its end; lg_spans for versions side by side;
    lg_calls_known; the onset, the culprits, the path and the blast radius.
How
    Each change is weighed by timing and reach. Timing: after the onset interval it is ruled out; before
    it the weight halves with the half-life of its kind (flag 3 min … dns 20 min), not below a quarter for
    changes that stay (delayed onset). Reach: 1 on the culprit or first bad hop, 0.7 on another suspect
    or the last good hop, 0.5 on what the culprit calls or when no service is named, 0.45 on services with symptoms, 0.15
    elsewhere. A change of the same kind, service and title that went by before without the effect is
    unlikely, three times ruled out. Old and new version that serve side by side and fail alike (Wilson
    intervals overlap) rule a deploy out; the new one failing more raises it. Words shared with the symptom
    help. A commit is weighed at the time of the deploy that carried it. 0.45 and more is likely, 0.2
    possible, less unlikely. Changes are rivals: one that weighs less than nine tenths of the first is
    possible at most, however close in time, for one of them is enough.
Stays silent when
    There is no change feed (unknown), or no onset to line changes up with.
Known traps
    A change may take hours to bite. A feed that misses a source makes the rest look guilty. Clocks of
    change feeds are often those of people.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lastgood.algorithms.blame import reachable
from lastgood.algorithms.change_timing import Timing, timing
from lastgood.algorithms.steps import wilson
from lastgood.inspections._calls import seen_callees
from lastgood.inspections._registry import Case, Stage, inspection
from lastgood.inspections._resources import known_callees
from lastgood.model.answers import (
    BlastRadius,
    ChangesWeighed,
    ChangeVerdict,
    Culprits,
    FailurePath,
    Onset,
    WeighedChange,
)
from lastgood.model.evidence import Absence, ChangeRef, Table
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.telemetry.reader import Rows

QUESTION = "What changed?"
BEFORE = timedelta(days=1)
MOST = 500
CHANGES = f"""
SELECT Id AS id, ts, until, Kind AS kind, Service AS service, Title AS title, Version AS version,
       PreviousVersion AS previous, State AS state, Within AS within, Files AS files
FROM lg_changes ORDER BY ts DESC, id LIMIT {MOST}"""
VERSIONS = """
SELECT version, count() AS spans, countIf(failed) AS failed FROM lg_spans
WHERE phase = 'bad' AND service = {service:String} AND version != '' GROUP BY version ORDER BY version"""
EVERYWHERE = frozenset({"dns", "certificate", "third_party", "infrastructure"})
SUSPECT = 0.125  # of confidence, for those after the first: weaker ones are named, but are no reason
LIKELY, POSSIBLE = 0.45, 0.2
RIVAL = 0.9  # of the first's weight: less is not likely beside it
UNDONE = frozenset({"failed", "failure", "cancelled", "canceled", "aborted", "skipped", "rejected"})
_WORDS = re.compile(r"[A-Za-z][a-z]{3,}|[A-Z]{3,}")
_PLAIN = frozenset({"service", "before", "after", "where", "used", "follow", "comes", "nothing", "with", "fail", "them",
                    "below", "failing", "between", "calls", "over", "spreads", "past", "own", "error", "errors",
                    "change", "deploy", "update", "from", "that", "this"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scene:
    """What changes are held against."""

    low: datetime
    high: datetime
    culprit: tuple[str, ...]  # names of the place that is at fault
    near: frozenset[str]
    below: frozenset[str]
    victims: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Weighed:
    change: WeighedChange
    score: float


@inspection(
    QUESTION,
    stage=Stage.EXPLAIN,
    needs={Signal.CHANGES, Signal.SPANS, Signal.LOGS, Signal.METRICS},
    uses=(Onset, Culprits, FailurePath, BlastRadius),
    gives=ChangesWeighed,
)
def what_changed(case: Case) -> Iterator[Finding]:
    """Every change weighed, with reasons for and against it."""
    if not case.has(Signal.CHANGES):
        yield Finding(
            QUESTION,
            Verdict.UNKNOWN,
            "there is no change feed: load deploys, flags, config or a git repository",
        )
        return
    scene = _scene(case)
    if scene is None:
        yield Finding(QUESTION, Verdict.UNKNOWN, "there is no onset to line changes up with")
        return
    read = case.query(CHANGES, window=Window(case.window.start - BEFORE, case.window.end))
    rows = read.dicts()
    if not rows:
        nothing = Absence("changes from a day before the window to its end", read.provenance)
        yield Finding(
            QUESTION,
            Verdict.NO,
            "the change feed holds nothing from a day before to the end",
            0.7,
            evidence=(nothing,),
        )
        return
    weighed = sorted(
        (_weigh(case, row, rows, scene) for row in rows),
        key=lambda w: (-w.score, -w.change.at.timestamp(), w.change.change_id),
    )
    yield _said([_with_confidence(one, weighed) for one in weighed], read)


def _scene(case: Case) -> _Scene | None:
    onset = case.earlier(Onset)
    if onset is not None:
        low, high = onset.low, onset.high
    elif case.comparison is not None:
        low = high = case.comparison.bad.start
    else:
        return None
    culprits, path, radius = case.earlier(Culprits), case.earlier(FailurePath), case.earlier(BlastRadius)
    ranked = culprits.ranked if culprits else ()
    first = [ranked[0].service, ranked[0].component or ""] if ranked else []
    if path:
        first.append(path.first_bad)
    named = tuple(dict.fromkeys(name for name in first if name))
    callees = known_callees(case)
    for caller, called in (seen_callees(case) if case.has(Signal.SPANS) else {}).items():
        callees.setdefault(caller, set()).update(called)
    below = reachable(callees)
    near = {c.service for c in ranked[1:3] if c.confidence >= SUSPECT} | (
        {path.last_good} if path and path.last_good else set()
    )
    told = " ".join([c.because + " " + (c.component or "") for c in ranked[:1]])
    return _Scene(
        low,
        high,
        named,
        frozenset(near),
        frozenset(b for name in named for b in below.get(name, ())),
        frozenset(radius.services if radius else ()),
        frozenset(_words(told)),
    )


def _weigh(case: Case, row: dict[str, Any], rows: list[dict[str, Any]], scene: _Scene) -> _Weighed:
    carrier = _carrier(row, rows)
    when = carrier or row
    timed = timing(row["kind"], when["ts"], max(when["until"], when["ts"]), scene.low, scene.high)
    for_it: list[str] = []
    against: list[str] = []
    (against if timed.after or timed.weight < 0.5 else for_it).append(_told(timed, carrier))
    reach, reason = _reach(row, scene)
    (for_it if reach >= 0.5 and scene.culprit else against).append(reason)
    score = timed.weight * reach * _words_shared(row, scene, for_it)
    score, out = _defended(case, row, _again(row, rows, scene), score, (for_it, against))
    verdict = _verdict(score, out=out or timed.after)
    return _Weighed(
        WeighedChange(
            change_id=row["id"],
            kind=row["kind"],
            service=row["service"] or None,
            at=row["ts"],
            title=row["title"],
            verdict=verdict,
            confidence=0.0,
            for_it=tuple(for_it),
            against_it=tuple(against),
            within=row["within"] or (carrier["id"] if carrier else None),
        ),
        0.0 if verdict is ChangeVerdict.RULED_OUT else min(score, 1.0),
    )


def _carrier(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The deploy that carried a commit: the one it names, else the next one of its service."""
    if row["kind"] != "commit":
        return None
    deploys = sorted((r for r in rows if r["kind"] == "deploy"), key=lambda r: (r["ts"], r["id"]))
    if row["within"]:
        return next((r for r in deploys if r["id"] == row["within"]), None)
    return next((r for r in deploys if r["service"] == row["service"] and r["ts"] >= row["ts"]), None)


def _told(timed: Timing, carrier: dict[str, Any] | None) -> str:
    came = f"it came with {carrier['version'] or carrier['title']}: " if carrier else ""
    if timed.after:
        return f"{came}it began {_spoken(-timed.lead)} after the onset"
    if timed.during:
        return f"{came}the onset lies within it"
    return f"{came}{_spoken(timed.lead)} before the onset"


def _spoken(lead: timedelta) -> str:
    """Seconds below two minutes, hours above one."""
    seconds = round(lead.total_seconds())
    hours, minutes = divmod(round(seconds / 60), 60)
    if seconds < 120:
        return f"{seconds} s"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _reach(row: dict[str, Any], scene: _Scene) -> tuple[float, str]:
    service = row["service"]
    if not scene.culprit:
        return (
            0.5 if row["kind"] in EVERYWHERE else 0.4
        ), "nobody is at fault yet, so its reach is not known"
    if any(_same(service, name) for name in scene.culprit):
        return 1.0, f"on {service}, where it breaks"
    if not service:
        return 0.5, "it names no service, so it may reach all"
    for weight, services, what in (
        (0.7, scene.near, "next to where it breaks"),
        (0.5, scene.below, f"which {scene.culprit[0]} calls"),
        (0.45, scene.victims, "which shows symptoms but is not where it breaks"),
    ):
        if service in services:
            return weight, f"on {service}, {what}"
    return 0.15, f"on {service}, which is not on the failing path"


def _same(service: str, name: str) -> bool:
    """Whether two names mean one party: equal, or one is a whole word of a host name of the other."""
    if not service:
        return False
    return service.lower() == name.lower() or service.lower() in re.split(r"[.\s]+", name.lower())


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(text)} - _PLAIN


def _words_shared(row: dict[str, Any], scene: _Scene, for_it: list[str]) -> float:
    own = _words(" ".join([row["title"], *row["files"][:50]]))
    shared = sorted(own & scene.words - _words(row["service"]))
    if not shared:
        return 1.0
    for_it.append(f"it shares {', '.join(shared[:3])} with the symptom")
    return 1.2


def _again(row: dict[str, Any], rows: list[dict[str, Any]], scene: _Scene) -> int:
    """How often the same change went by before it, and before the onset."""
    same = (row["kind"], row["service"], row["title"])
    before = min(row["ts"], scene.low)
    return sum((r["kind"], r["service"], r["title"]) == same and r["ts"] < before for r in rows)


def _defended(
    case: Case, row: dict[str, Any], again: int, score: float, reasons: tuple[list[str], list[str]]
) -> tuple[float, bool]:
    """The score after its defence, and whether it is ruled out."""
    for_it, against = reasons
    if case.comparison and max(row["until"], row["ts"]) < case.comparison.good.start:
        against.append("the whole good window came after it, without the effect")
        score *= 0.5
    if row["state"].lower() in UNDONE:
        against.append(f"it ended as {row['state']}")
        score *= 0.3
    if again and row["kind"] not in {"commit", "deploy"}:  # another commit, another deploy is another change
        against.append(f"it went by {'once' if again == 1 else f'{again} times'} before without the effect")
        if again >= 3:
            return 0.0, True
        score *= 0.3
    return _side_by_side(case, row, score, for_it, against)


def _side_by_side(
    case: Case, row: dict[str, Any], score: float, for_it: list[str], against: list[str]
) -> tuple[float, bool]:
    """Old and new version in the bad window: one cause of failure has to follow the version."""
    if row["kind"] != "deploy" or not row["version"] or score < 0.02 or not case.has(Signal.SPANS):
        return score, False
    seen = {r["version"]: r for r in case.query(VERSIONS, service=row["service"]).dicts()}
    new = seen.pop(row["version"], None)
    old_spans, old_failed = (sum(r[key] for r in seen.values()) for key in ("spans", "failed"))
    if new is None or new["spans"] < 20 or old_spans < 20:
        return score, False
    new_low, new_high = wilson(new["failed"], new["spans"], 1.96)
    old_low, old_high = wilson(old_failed, old_spans, 1.96)
    shares = f"{new['failed'] / new['spans']:.1%} of {row['version']} fail, {old_failed / old_spans:.1%} of the others beside it"
    if new_low > old_high:
        for_it.append(shares)
        return score * 1.5, False
    if new["failed"] and old_failed and new_high >= old_low:
        against.append(f"old and new fail alike: {shares}")
        return 0.0, True
    if new_high < old_low:
        against.append(f"the new version fails less: {shares}")
        return 0.0, True
    return score, False


def _verdict(score: float, *, out: bool) -> ChangeVerdict:
    if out:
        return ChangeVerdict.RULED_OUT
    if score >= LIKELY:
        return ChangeVerdict.LIKELY
    return ChangeVerdict.POSSIBLE if score >= POSSIBLE else ChangeVerdict.UNLIKELY


def _with_confidence(one: _Weighed, weighed: list[_Weighed]) -> WeighedChange:
    """A change beside its rivals: likely only near the first; its score less half of the best rival's."""
    rival = max((w.score for w in weighed if w is not one), default=0.0)
    change = one.change
    behind = change.verdict is ChangeVerdict.LIKELY and one.score < RIVAL * rival
    return WeighedChange(
        change.change_id,
        change.kind,
        change.service,
        change.at,
        change.title,
        ChangeVerdict.POSSIBLE if behind else change.verdict,
        round(min(0.95, one.score) * (1 - min(rival, 1.0) / 2), 3),
        change.for_it,
        (*change.against_it, "another change explains it better") if behind else change.against_it,
        change.within,
    )


def _said(weighed: list[WeighedChange], read: Rows) -> Finding:
    table = Table(
        "Changes, most suspect first",
        ("at", "kind", "service", "title", "verdict", "for", "against"),
        tuple((c.at, c.kind, c.service, c.title, c.verdict.value, "; ".join(c.for_it), "; ".join(c.against_it))
              for c in weighed),
        read.provenance,
    )  # fmt: skip
    limits = (f"only the last {MOST} changes were weighed",) if len(read) >= MOST else ()
    suspects = [c for c in weighed if c.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE}]
    if not suspects:
        because = f"none of {len(weighed)} changes lines up: " + "; ".join(
            f"{c.kind} {c.service or ''} {c.title}: {', '.join(c.against_it)}" for c in weighed[:3]
        )
        return Finding(QUESTION, Verdict.NO, because, 0.7, ChangesWeighed(tuple(weighed)), (table,), limits)
    first = suspects[0]
    because = (
        f"{first.kind} {first.title or first.change_id} is {first.verdict.value}: {'; '.join(first.for_it)}"
    )
    return Finding(
        QUESTION, Verdict.YES, because, first.confidence, ChangesWeighed(tuple(weighed)),
        (table, ChangeRef(first.change_id, read.provenance)), limits,
    )  # fmt: skip
