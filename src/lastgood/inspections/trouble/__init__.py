"""Which known trouble is it?

What it asks
    For each known kind of trouble a runbook of numbered checks: memory, garbage collection, CPU, disk, connections,
    databases, queues, external services, rate limits, DNS, certificates, races.
Why on-call asks it
    These explain most incidents, and each has checks that everybody runs. At night one of them is forgotten.
Reads
    lg_points as resources, lg_lines and lg_sample as texts of errors, calls by dependency, lg_changes; and what
    running databases answered, where `--database` names them.
How
    Each check is a row of a table: what it looks at, and from which value on it says yes (checks.py, weights.py).
    The bad window of the incident is compared with its baseline; without an incident, the end of the window with what
    is before. A check says yes where its number is over its row and above the baseline. It says no where the number is
    below, or as in the baseline. It cannot tell where no telemetry has it, and names what would report it. What only the
    running system knows is a command to paste. A runbook says yes if one of its deciding checks does. It says no
    if all deciding checks do; otherwise it is unknown, and the checks say why.
Stays silent when
    Never: a check without data says so. A triage does not ask this question.
Known traps
    A full pool, a busy disk and a long queue may be consequences: the runbook states what is there, not what
    caused it. Slow statements and locks are of the moment at which the database is asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from lastgood.inspections._registry import Stage, inspection
from lastgood.inspections.trouble import answered, seen
from lastgood.inspections.trouble.checks import (
    Answered,
    Calls,
    Check,
    Expires,
    Fills,
    Live,
    Look,
    Paste,
    Recorded,
    Rose,
    Texts,
    Use,
    checks_of,
)
from lastgood.inspections.trouble.looked import Looked
from lastgood.inspections.trouble.seen import Seen
from lastgood.model.answers import Onset
from lastgood.model.evidence import Absence, Provenance
from lastgood.model.figures import count
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.trouble import (
    TROUBLE_WORDS,
    CheckVerdict,
    Runbook,
    Trouble,
    TroubleCheck,
    TroublesAsked,
)
from lastgood.readings.case import Case

V = CheckVerdict


@inspection(
    "Which known trouble is it?",
    stage=Stage.EXPLAIN,
    needs=set(Signal),
    uses=(Onset,),
    gives=Runbook,
    handed=TroublesAsked,
)
def trouble(case: Case) -> Iterator[Finding]:
    """A finding for each runbook, in the order of the table."""
    yield from runbooks(case, case.earlier(TroublesAsked) or TroublesAsked())


def runbooks(case: Case | None, asked: TroublesAsked) -> Iterator[Finding]:
    """The same of a case, or without one: then only what running systems answered is checked."""
    looked = Looked(case, asked)
    for kind, rows in groupby(checks_of(asked.troubles), key=lambda row: row.trouble):
        if case is not None:
            case.in_time()
        if found := [(row, _seen(row, looked)) for row in rows if _concerns(row, looked)]:
            yield _finding(kind, found, looked)


def live_questions_of(troubles: Iterable[Trouble]) -> frozenset[str]:
    """The names of the questions to running systems that some runbooks need."""
    looks = (row.look for row in checks_of(tuple(troubles)))
    return frozenset(look.question for look in looks if isinstance(look, Live))


def _concerns(row: Check, looked: Looked) -> bool:
    """Whether a check is of a system that is there."""
    if looked.case is None and not isinstance(row.look, Live | Paste):
        return False
    return not isinstance(row.look, Live) or row.look.system in looked.systems


_LOOKS: Mapping[type[Look], Callable[[Any, Looked], Seen]] = {
    Use: seen.use, Fills: seen.fills, Expires: seen.expires, Rose: seen.rose, Texts: seen.texts,
    Calls: seen.calls, Answered: seen.answered, Recorded: seen.recorded, Paste: seen.paste,
}  # fmt: skip


def _seen(row: Check, looked: Looked) -> Seen:
    if isinstance(row.look, Live):
        return answered.live(row.look, looked, row.trouble)
    return _LOOKS[type(row.look)](row.look, looked)


def _finding(kind: Trouble, found: list[tuple[Check, Seen]], looked: Looked) -> Finding:
    checks = tuple(
        TroubleCheck(number, row.name, row.question, one.verdict, one.because, row.decides, one.command)
        for number, (row, one) in enumerate(found, 1)
    )
    runbook = Runbook(kind, checks)
    verdict = _verdict(runbook)
    wanted = {Verdict.YES: V.YES, Verdict.NO: V.NO}.get(verdict)
    first = [one for _, one in found if one.verdict is wanted] or [one for _, one in found]
    every = [e for one in first for e in one.evidence]
    evidence = tuple(e for place, e in enumerate(every) if e not in every[:place])  # checks may read the same
    return Finding(
        verdict,
        _because(runbook),
        None,
        runbook,
        evidence or (Absence("no check had data", Provenance("", {}, None, 0, 0.0)),),
        looked.limits,
    )


def _verdict(runbook: Runbook) -> Verdict:
    deciding = {one.verdict for one in runbook.checks if one.decides}
    if V.YES in deciding:
        return Verdict.YES
    return Verdict.NO if deciding == {V.NO} else Verdict.UNKNOWN


def _because(runbook: Runbook) -> str:
    counts = {verdict: len(runbook.saying(verdict)) for verdict in V}
    words = {V.YES: "yes", V.NO: "no", V.CANNOT_TELL: "cannot tell", V.ASK: "to ask"}
    said = ", ".join(f"{count(number)} {words[verdict]}" for verdict, number in counts.items() if number)
    return f"{TROUBLE_WORDS[runbook.trouble]}: {said}"
