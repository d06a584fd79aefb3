"""Answers apart: which fields of two answers of HTTP differ, without those that differ between two of the same kind."""

import re
from collections.abc import Iterator, Mapping, Sequence

from lastgood.algorithms.body_fields import body_fields
from lastgood.algorithms.captures import is_credential
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import BLOT, without_secrets
from lastgood.model.replay import CapturedRequest, Difference, HttpAnswer, Part

SLOWER = 2.0  # times: below which a difference of times is not reported
SLOWER_SECONDS = 0.05
LONGEST_VALUE = 200  # characters of a value that are shown
_ALWAYS = frozenset({"date", "content-length", "connection", "keep-alive", "transfer-encoding", "age"})
# Names by which bodies describe an error; RFC 9457 and usual ones.
_ERROR_FIELD = re.compile(
    r"^\$\.(?:errors?|exception|message|detail|title|type|code|reason|fault)\b|\.(?:error|exception)[_.]?(?:message|code|type|class)?$",
    re.IGNORECASE,
)
Fields = Mapping[tuple[Part, str], str]


def differences(failing: Sequence[HttpAnswer], working: Sequence[HttpAnswer]) -> tuple[Difference, ...]:
    """The fields in which each answer to one request differs from each to another, and that are no noise."""
    if not failing or not working:
        return ()
    masked = noise(failing) | noise(working)
    mine, theirs = fields_of(failing[0]), fields_of(working[0])
    found = [
        _shown(part, name, mine.get((part, name)), theirs.get((part, name)))
        for part, name in dict.fromkeys((*mine, *theirs))
        if (part, name) not in masked and mine.get((part, name)) != theirs.get((part, name))
    ]
    return (*found, *_slower(failing, working))


def noise(answers: Sequence[HttpAnswer]) -> frozenset[tuple[Part, str]]:
    """Fields that are not the same in all answers to one request."""
    every = [fields_of(answer) for answer in answers]
    names = {name for fields in every for name in fields}
    return frozenset(name for name in names if len({fields.get(name) for fields in every}) > 1)


def fields_of(answer: HttpAnswer) -> Fields:
    """Status, headers and body of an answer, by JSON path where the body is JSON."""
    found = {(Part.STATUS, ""): str(answer.status) if answer.status else answer.problem}
    found |= {(Part.HEADER, name): value for name, value in answer.headers.items() if name not in _ALWAYS}
    return found | {(Part.BODY, path): value for path, value in body_fields(answer.body)}


def failure_in(answer: HttpAnswer, masked: frozenset[tuple[Part, str]]) -> Fields:
    """What tells one failure from another: the status, and what the body says of the error.

    Of a body without a field named so, all of it. Fields that differ by themselves are left out.
    """
    stated = [(path, value) for path, value in body_fields(answer.body) if (Part.BODY, path) not in masked]
    of_error = [(path, value) for path, value in stated if _ERROR_FIELD.search(path)]
    return {(Part.STATUS, ""): str(answer.status)} | {
        (Part.BODY, path): value for path, value in of_error or stated
    }


def sent_apart(failing: CapturedRequest, working: CapturedRequest) -> tuple[Difference, ...]:
    """The fields in which two requests differ."""
    mine, theirs = _sent(failing), _sent(working)
    return tuple(
        _shown(part, name, mine.get((part, name)), theirs.get((part, name)))
        for part, name in dict.fromkeys((*mine, *theirs))
        if mine.get((part, name)) != theirs.get((part, name))
    )


def _sent(request: CapturedRequest) -> Fields:
    path, _, query = request.path.partition("?")
    found = {(Part.METHOD, ""): request.method, (Part.PATH, ""): path}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        found[Part.PATH, f"?{name}"] = value
    found |= {(Part.HEADER, name): value for name, value in request.headers.items() if name not in _ALWAYS}
    return found | {(Part.BODY, place): value for place, value in body_fields(request.body or "")}


def _shown(part: Part, name: str, *values: str | None) -> Difference:
    """A difference without secrets and personal data, its values cut where they are long."""
    last = name.rsplit(".", 1)[-1].partition("[")[0].removeprefix("?")
    hidden = is_credential(last.lower()) or last == "set-cookie"
    failing, working = (
        value if value is None else BLOT if hidden else redacted(without_secrets(value))[0][:LONGEST_VALUE]
        for value in values
    )
    return Difference(part, name, failing, working)


def _slower(failing: Sequence[HttpAnswer], working: Sequence[HttpAnswer]) -> Iterator[Difference]:
    """A difference of times, where the slowest of one is clearly faster than the fastest of the other."""
    mine, theirs = ([answer.seconds for answer in answers] for answers in (failing, working))
    for first, second in ((mine, theirs), (theirs, mine)):
        if min(first) > SLOWER * max(second) and min(first) - max(second) > SLOWER_SECONDS:
            yield Difference(Part.TIME, "", _range(mine), _range(theirs))


def _range(seconds: Sequence[float]) -> str:
    low, high = (round(1000 * value) for value in (min(seconds), max(seconds)))
    return f"{low} ms" if low == high else f"{low} to {high} ms"
