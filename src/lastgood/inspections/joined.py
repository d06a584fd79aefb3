"""How do the likeliest change and the first suspect go together?

What it asks
    Whether the service that was changed and the service that is suspected are one, call each other, or are two
    explanations; and of whom the class of failure speaks, if that is a third.
Why on-call asks it
    A deploy of one service and a suspect that is another look like two causes. Acting on the wrong one costs time.
Reads
    lg_spans and declared calls (lg_calls), for who calls whom; error lines of the bad window that name the other
    service; the changes as weighed, the suspects and the class of failure.
How
    The suspect calls what was changed, itself or by one service between: the failure shows at the suspect because of
    that call. What was changed calls the suspect: its calls may have changed. Without any of these, or where the suspect is
    an outside party that the changed service calls, there are two explanations, with the check that separates them.
Stays silent when
    No change is likely or possible, no one is suspected, the suspect has no name, all are about one service, or lookups
    of names fail: whose change that is, is weighed with the changes.
Known traps
    Error lines name who is called, not that the call failed because of it. Calls that no telemetry shows are unknown.
"""

from collections.abc import Iterator, Mapping

from lastgood.algorithms.change_lineage import same
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import (
    ChangesWeighed,
    ChangeVerdict,
    Culprit,
    Culprits,
    FailureClass,
    Joined,
    WeighedChange,
)
from lastgood.model.change import OUTSIDE
from lastgood.model.evidence import Table
from lastgood.model.finding import Finding, Section, Verdict
from lastgood.model.judgement import Amount
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.edges import seen_callees
from lastgood.readings.resources import known_callees
from lastgood.readings.series import IS_BAD_LINE

# fmt: off
JOINED_SURE = Amount(0.8, "of confidence, where one calls the other", "judgement: a call may be seen and not be the way of the failure")
APART_SURE = Amount(0.6, "of confidence, where no call between them is seen", "judgement: calls that nothing records are common")
# fmt: on
# Error lines of one service that name another as a word.
NAMED = f"""
SELECT service AS caller, name AS callee, count() AS lines
FROM lg_lines ARRAY JOIN {{names:Array(String)}} AS name
WHERE phase = 'bad' AND {IS_BAD_LINE} AND service IN {{names:Array(String)}} AND service != name
      AND match(lower(body), concat('(^|[^a-z0-9_-])', replaceRegexpAll(lower(name), '([^a-z0-9])', '\\\\\\\\\\\\1'), '([^a-z0-9_-]|$)'))
GROUP BY caller, callee ORDER BY caller, callee"""


@inspection(
    "How do the change and the suspect go together?",
    stage=Stage.EXPLAIN,
    needs={Signal.CHANGES},
    uses=(ChangesWeighed, Culprits, FailureClass),
    gives=Joined,
    section=Section.SUSPECTS,
)
def joined(case: Case) -> Iterator[Finding]:
    """How they go together; nothing where there are not two of them."""
    weighed, culprits = case.earlier(ChangesWeighed), case.earlier(Culprits)
    change = _likeliest(weighed) if weighed else None
    suspect = culprits.ranked[0] if culprits and culprits.ranked else None
    whose = weighed.owner(change) if change and weighed else ""
    if change is None or suspect is None or not whose or case.comparison is None:
        return
    if suspect.service in {"", DNS}:  # an unnamed one may be what was changed
        return
    if same(whose, suspect.service) and not _party(change, suspect):
        return
    callees, evidence = _calls(case, sorted({whose, suspect.service}))
    how, because = _said(change, whose, suspect, callees)
    third = _third(case.earlier(FailureClass), (whose, suspect.service, suspect.component or ""))
    verdict, sure = (Verdict.NO, APART_SURE) if how == "apart" else (Verdict.YES, JOINED_SURE)
    answer = Joined(change.change_id, whose, suspect.service, how)
    yield Finding(verdict, f"{because}{third}", sure, answer, (evidence,))


def _likeliest(weighed: ChangesWeighed) -> WeighedChange | None:
    for verdict in (ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE):
        for one in weighed.ranked:
            if one.verdict is verdict:
                return one
    return None


def _party(change: WeighedChange, suspect: Culprit) -> str:
    """The outside party that is suspected at the service that was changed; empty where it is the service itself."""
    part = suspect.component or ""
    outside = suspect.kind == "external" and part and not same(part, suspect.service)
    return part if outside and change.kind not in OUTSIDE else ""


def _calls(case: Case, names: list[str]) -> tuple[dict[str, set[str]], Table]:
    """Who calls whom, by declared calls, spans and error lines."""
    callees = known_callees(case)
    if case.has(Signal.SPANS):
        for caller, called in seen_callees(case).items():
            callees.setdefault(caller, set()).update(called)
    read = case.query(NAMED, names=names)
    rows = read.dicts()
    for row in rows:
        callees.setdefault(row["caller"], set()).add(row["callee"])
    between = tuple(
        (caller, callee) for caller in names for callee in sorted(callees.get(caller, ())) if caller != callee
    )
    return callees, Table(
        "Calls of the two, as far as any are seen", ("caller", "callee"), between, read.provenance
    )


def _said(
    change: WeighedChange, whose: str, suspect: Culprit, callees: Mapping[str, set[str]]
) -> tuple[str, str]:
    """How they go together, in a word and in a sentence."""
    at = suspect.service
    if party := _party(change, suspect) if same(whose, at) else "":
        check = f"check whether others that call {party} fail too"
        return "apart", f"two explanations: the {change.cited}, or {party} itself; {check}"
    called = callees.get(at, set()) | ({suspect.component} if suspect.component else set())
    if any(same(one, whose) for one in called):
        return "called", f"{whose} was changed, and the failure shows at {at}, because {at} calls {whose}"
    if between := next((one for one in sorted(called) if whose in callees.get(one, ())), ""):
        why = f"because {at} calls {between}, and {between} calls {whose}"
        return "through", f"{whose} was changed, and the failure shows at {at}, {why}"
    if any(same(one, at) for one in callees.get(whose, ())):
        return (
            "calls",
            f"{whose} was changed, and {at} fails: {whose} calls {at}, and its calls may have changed",
        )
    check = f"check whether {at} recovers once the change is undone"
    unseen = f"no call between {whose} and {at} is recorded"
    return "apart", f"two explanations: the {change.cited}, or {at} itself; {unseen}; {check}"


def _third(found: FailureClass | None, known: tuple[str, ...]) -> str:
    """Whom the class of failure speaks of, where that is neither."""
    if found is None or not found.subject or any(one and same(one, found.subject) for one in known):
        return ""
    return f"; the class of failure, {found.name.replace('_', ' ')}, is about {found.subject}"
