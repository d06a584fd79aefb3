"""Replay: a captured request sent to a target, a working one beside it, and how their answers differ."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from lastgood.algorithms.answers_apart import differences, noise, sent_apart
from lastgood.algorithms.captures import BODYLESS, is_credential, without_credentials
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.replay_verdict import verdict_of
from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import UsageError
from lastgood.model.entry import Entry
from lastgood.model.replay import CapturedRequest, HttpAnswer, ReplayReport
from lastgood.outside.replay import Sender, checked, is_production
from lastgood.workbench.asked_outside import Answered, keep
from lastgood.workbench.captures import Pair
from lastgood.workbench.room import Room

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})  # RFC 9110, 9.2.2
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})  # the safe ones; PUT and DELETE change what is there
OVERRIDING = ("x-http-method-override", "x-http-method", "x-method-override")  # headers that name the method
MOST_SENDINGS = 10
MOST_DIFFERENCES_KEPT = 200  # differences in the record
REPLAY_COLUMNS = ("request", "failing", "working", "problem")
_REPLACED = re.compile(
    r"\[(?:redacted|key|token|password|secret|e-mail address|account number|card number)\]"
)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True, slots=True)
class Sending:
    """Where to, with what, how often."""

    target: str
    headers: tuple[str, ...] = ()  # NAME: VALUE, with $NAME of the environment
    times: int = 2  # each request is sent, to see what differs by itself
    seconds: float = 10
    production: bool = False  # it may be, and that is meant
    allowed: tuple[str, ...] = ()  # methods that may be sent to production


def replay(
    pair: Pair, how: Sending, environment: Mapping[str, str], room: Room | None = None
) -> tuple[ReplayReport, Entry | None]:
    """What came of it, and its entry in the record where there is a room.

    Raises:
        UsageError: the target or a request may not be sent as it is; nothing was sent.
    """
    target = checked(how.target)
    headers = filled(how.headers, environment)
    failing, working = (one and _prepared(one, headers) for one in pair)
    assert failing  # noqa: S101 - a pair has one
    if not sendable(failing):
        raise UsageError(
            f"Nothing was sent: {failing.missing[0]} ({failing.name}).", hint="Give it with --body FILE."
        )
    if working and not sendable(working):
        working = None
    _refuse_production(target, [one for one in (failing, working) if one], how)
    answers, beside = _sent(failing, working, how, headers, secrets_of(how.headers, headers, environment))
    report = _judged(target, failing, working, answers, beside)
    return report, keep(room, _for_record(report))


def sendable(request: CapturedRequest) -> bool:
    """Whether all of it is there that a target needs."""
    return (
        request.body is not None
        or request.method in BODYLESS
        or not any("body" in one for one in request.missing)
    )


def filled(headers: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Headers by name, `$NAME` in their values replaced from the environment.

    Raises:
        UsageError: one is not written NAME: VALUE, its variable is not set, or its value ends the line.
    """
    found = {}
    for header in headers:
        name, mark, value = header.partition(":")
        if not mark or not name.strip():
            raise UsageError(
                "A header is written 'NAME: VALUE'.", hint="--header 'Authorization: Bearer $TOKEN'"
            )
        for one in _VARIABLE.finditer(value):
            if not environment.get(one[1] or one[2]):
                raise UsageError(f"The environment variable {one[1] or one[2]} is not set. Nothing was sent.")
        whole = _VARIABLE.sub(lambda m: environment[m[1] or m[2]], value).strip()
        if not whole.isprintable():
            raise UsageError(f"The value of header {name.strip()} cannot be sent. Nothing was sent.")
        found[name.strip().lower()] = whole
    return found


def secrets_of(
    written: Sequence[str], headers: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[str, ...]:
    """What of given headers is shown nowhere: values from the environment, and values of credentials."""
    named = [one[1] or one[2] for header in written for one in _VARIABLE.finditer(header)]
    literal = [value.rpartition(" ")[2] for name, value in headers.items() if is_credential(name)]
    return (*(environment[name].strip() for name in named), *literal)


def _prepared(request: CapturedRequest, given: Mapping[str, str]) -> CapturedRequest:
    """Without credentials of those who sent it then, and without what was redacted; says so."""
    dropped = sorted(
        name
        for name, value in request.headers.items()
        if is_credential(name, value) or _REPLACED.search(value)
    )
    missing = [f"header {name} is not sent: pass --header" for name in dropped if name not in given]
    if request.body and _REPLACED.search(request.body):
        missing.append("values of the body were redacted when it was captured")
    kept = {name: value for name, value in request.headers.items() if name not in dropped}
    path, without = without_credentials(request.path)
    missing += [f"parameter {name} is not sent: it is a credential" for name in without]
    return replace(request, path=path, headers=kept, missing=(*request.missing, *missing))


def _refuse_production(target: str, requests: Sequence[CapturedRequest], how: Sending) -> None:
    if not is_production(target):
        return
    if not how.production:
        raise UsageError(
            f"{target} may be production. Nothing was sent.",
            hint="Send it to localhost or a staging host. To send it there anyway, add --i-mean-production.",
        )
    allowed = HARMLESS | {one.upper() for one in how.allowed}
    if refused := sorted({method for one in requests for method in _methods(one)} - allowed):
        raise UsageError(
            f"{refused[0]} may change data in production. Nothing was sent.",
            hint=f"Use a test account. If {refused[0]} is safe there, add --allow-method {refused[0]}.",
        )


def _methods(request: CapturedRequest) -> tuple[str, ...]:
    """Its method, and the ones that a framework may take in its place."""
    return request.method, *(request.headers[name].upper() for name in OVERRIDING if name in request.headers)


def _sent(
    failing: CapturedRequest,
    working: CapturedRequest | None,
    how: Sending,
    headers: Mapping[str, str],
    secrets: Sequence[str],
) -> tuple[list[HttpAnswer], list[HttpAnswer]]:
    """The answers, the requests in turn: what changes over time changes both."""
    answers: list[HttpAnswer] = []
    beside: list[HttpAnswer] = []
    with closing(Sender(how.target, headers, how.seconds, secrets)) as sender:
        for _ in range(min(how.times, MOST_SENDINGS)):
            answers.append(sender.send(failing))
            if answers[-1].status is None:
                break  # nothing is there to answer
            if working is not None:
                beside.append(sender.send(working))
    return answers, beside


def _judged(
    target: str,
    failing: CapturedRequest,
    working: CapturedRequest | None,
    answers: list[HttpAnswer],
    beside: list[HttpAnswer],
) -> ReplayReport:
    verdict, because = verdict_of(failing, answers, beside)
    masked = sorted({f"{part} {name}".strip() for part, name in noise(answers) | noise(beside)})
    return ReplayReport(
        target, failing, working, sent_apart(failing, working) if working else (), tuple(answers), tuple(beside),
        differences(answers, beside), tuple(masked), verdict, because,
    )  # fmt: skip


def _for_record(report: ReplayReport) -> Answered:
    name = redacted(without_secrets(report.failing.name))[0]
    rows: list[tuple[Any, ...]] = [
        (f"answer {number}", mine.status, theirs and theirs.status, mine.problem)
        for number, (mine, theirs) in enumerate(zip_longest(report.answers, report.beside), 1)
    ]
    rows += [
        (f"differs: {one.part} {one.field}", one.failing, one.working, "")
        for one in report.differences[:MOST_DIFFERENCES_KEPT]
    ]
    claim = f"Replay of {name} at {report.target}: {report.verdict}, {report.because}"
    question, cut = (
        f"lastgood replay --target {report.target}",
        len(report.differences) > MOST_DIFFERENCES_KEPT,
    )
    return Answered(claim, question, report.target, REPLAY_COLUMNS, rows, cut_off=cut)
