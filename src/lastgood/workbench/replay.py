"""Replay: a captured request sent to a target, a working one beside it, and how their answers differ."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import zip_longest
from secrets import token_hex
from typing import Any

from lastgood.algorithms.answers_apart import differences, noise, sent_apart
from lastgood.algorithms.body_credentials import without_body_credentials
from lastgood.algorithms.captures import holds_a_credential, is_credential, without_credentials
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.replay_verdict import verdict_of
from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import UsageError
from lastgood.model.entry import Entry
from lastgood.model.replay import OF_BODY, UNSENT, CapturedRequest, HttpAnswer, Replayed, ReplayReport, Shrunk
from lastgood.outside.replay import Sender, checked
from lastgood.workbench.asked_outside import Answered, keep
from lastgood.workbench.captures import Pair
from lastgood.workbench.room import Room
from lastgood.workbench.sending import Sending, filled, lacks_body, refuse, secrets_of, sendable
from lastgood.workbench.shrinking import shrink

MOST_SENDINGS = 10
MOST_DIFFERENCES_KEPT = 200  # differences in the record
LONGEST_KEPT = 4_000  # characters of the smallest request in the record
REPLAY_COLUMNS = ("request", "failing", "working", "problem")
_REPLACED = re.compile(
    r"\[(?:redacted|key|token|password|secret|e-mail address|account number|card number)\]"
)


def replay(
    pair: Pair, how: Sending, environment: Mapping[str, str], room: Room | None = None
) -> tuple[ReplayReport, Entry | None]:
    """What came of it, and its entry in the record where there is a room.

    Raises:
        UsageError: the target or a request may not be sent as it is; nothing was sent.
    """
    target = checked(how.target)
    headers, fields = filled(how.headers, environment), filled(how.fields, environment, "field")
    failing, working = (one and _prepared(one, headers, fields) for one in pair)
    assert failing  # noqa: S101 - a pair has one
    if not sendable(failing):
        raise UsageError(
            f"Nothing was sent: {failing.missing[0]} ({failing.name}).",
            hint="Give it with --body FILE."
            if lacks_body(failing)
            else "Write a path that failed into requests.json.",
        )
    if working and not sendable(working):
        working = None
    refuse(target, [one for one in (failing, working) if one], how)
    _refuse_unused(fields, [one for one in pair if one])
    secrets = (*secrets_of(how.headers, headers, environment), *fields.values())
    with closing(Sender(how.target, headers, how.seconds, secrets)) as sender:
        report = _judged(target, failing, working, *_sent(sender, failing, working, how.times))
        if how.elsewhere and report.verdict is Replayed.NOT_REPRODUCED:
            nowhere = CapturedRequest(failing.method, f"/lastgood-{token_hex(8)}", body=failing.body and "")
            report = replace(report, elsewhere=sender.send(nowhere))
        if how.shrink is not None and report.verdict is Replayed.REPRODUCED:
            report = replace(report, shrunk=shrink(sender, (failing, working), report.answers, how.shrink))
    return report, keep(room, _for_record(report))


def _prepared(
    request: CapturedRequest, given: Mapping[str, str], fields: Mapping[str, str]
) -> CapturedRequest:
    """Without credentials of those who sent it then, and without what was redacted; says so."""
    dropped = sorted(
        name
        for name, value in request.headers.items()
        if is_credential(name, value) or _REPLACED.search(value)
    )
    missing = [f"header {name} {UNSENT}: pass --header" for name in dropped if name not in given]
    body, of_body = _body(request, fields)
    kept = {name: value for name, value in request.headers.items() if name not in dropped}
    path, without = without_credentials(request.path)
    missing += [f"parameter {name} {UNSENT}: it is a credential" for name in without]
    if holds_a_credential(path):
        raise UsageError(
            "A part of the path looks like a credential. Nothing was sent.",
            hint="Capture a request that has none, or write its path into requests.json.",
        )
    return replace(
        request, path=path, headers=kept, body=body, missing=(*request.missing, *missing, *of_body)
    )


def _body(request: CapturedRequest, fields: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """The body as it is sent, and what of it is not as it was captured; a body that was given is sent as it is."""
    if not request.body or request.body_given:
        return request.body, []
    safe = without_body_credentials(request.body, fields)
    missing = [
        f"{OF_BODY}{place}: the captured value, --field {name} is sent" for place, name in safe.given.items()
    ]
    missing += [
        f"{OF_BODY}{place} {UNSENT}, other letters are: pass --field '{name or 'NAME'}: $VALUE'"
        if name
        else f"{OF_BODY}{place}: a credential {UNSENT}, [redacted] is"
        for place, name in safe.other.items()
    ]
    if _REPLACED.search(request.body):
        missing.append("values of the body were redacted when it was captured")
    return safe.body, missing


def _refuse_unused(fields: Mapping[str, str], requests: Sequence[CapturedRequest]) -> None:
    """Refuse a field that no body has as a credential: it is misspelt.

    Raises:
        UsageError: there is one; nothing was sent.
    """
    bodies = [one.body for one in requests if one.body and not one.body_given]
    used = {name for body in bodies for name in without_body_credentials(body, fields).given.values()}
    if unused := sorted({*fields} - used):
        raise UsageError(
            f"No captured body has a credential in a field {unused[0]}. Nothing was sent.",
            hint="Write the name as in the body, or pass all of it with --body FILE.",
        )


def _sent(
    sender: Sender, failing: CapturedRequest, working: CapturedRequest | None, times: int
) -> tuple[list[HttpAnswer], list[HttpAnswer]]:
    """The answers, the requests in turn: what changes over time changes both."""
    answers: list[HttpAnswer] = []
    beside: list[HttpAnswer] = []
    for _ in range(min(times, MOST_SENDINGS)):
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
    verdict, because = verdict_of(failing, answers, beside, working)
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
    if report.shrunk is not None:
        rows.append(_smallest(report.shrunk))
    claim = f"Replay of {name} at {report.target}: {report.verdict}, {report.because}"
    question, cut = (
        f"lastgood replay --target {report.target}",
        len(report.differences) > MOST_DIFFERENCES_KEPT,
    )
    return Answered(claim, question, report.target, REPLAY_COLUMNS, rows, cut_off=cut)


def _smallest(found: Shrunk) -> tuple[Any, ...]:
    """The smallest request as a row: it, what is left of it, and what limits it."""
    text = redacted(without_secrets(f"{found.request.name} {found.request.body or ''}"))[0]
    return (
        "smallest request that fails", text.strip()[:LONGEST_KEPT], f"{found.left} of {found.parts} parts left",
        "; ".join(found.notes),
    )  # fmt: skip
