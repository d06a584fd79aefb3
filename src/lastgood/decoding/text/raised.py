"""Exceptions that lines report, by the text of a stack trace and by the forms that loggers give to a field."""

import re

import orjson

from lastgood.model.attributes import EXCEPTION_MESSAGE, EXCEPTION_TYPE, STACKTRACE

_TYPE = r"(?:[A-Za-z_][\w$]*[.:/]{1,2})*(?:[A-Z][\w$]*)?(?:Error|Exception|Exit|Interrupt|Failure|Fault|Throwable|Warning)"
_PYTHON = re.compile(
    rf"^(?P<type>{_TYPE}|[a-z_][\w.]*\.[A-Z]\w*|[A-Z]\w+)(?:: (?P<message>.*))?$", re.MULTILINE
)
_NAMED = re.compile(rf"(?:^|[\s:>])(?P<type>{_TYPE})(?::\s*(?P<message>[^\n]*))?(?:\n|$)")
_PANIC = re.compile(
    r"^(?P<type>panic|fatal error|runtime error)(?:: | serving [^:]*(?::\d+)?: )(?P<message>[^\n]*)",
    re.MULTILINE,
)
_FRAMES = re.compile(
    r"^\s+(?:at |File \"|from |in `)|^\s+\.\.\. \d+ more|^goroutine \d+ \[|^\s+\S+\.go:\d+", re.MULTILINE
)


_TRACEBACK = "Traceback (most recent call last):"


def exception_of(text: str) -> dict[str, str]:
    """`exception.*` of a text with a stack trace (Python, Java, JavaScript, Go, Ruby, .NET), else nothing."""
    if not _FRAMES.search(text):
        return {}
    found = _python(text) or _PANIC.search(text) or _NAMED.search(text)
    if found is None:
        return {"exception.stacktrace": text}
    reported = {"exception.type": found["type"], "exception.stacktrace": text}
    if found["message"]:
        reported["exception.message"] = found["message"]
    return reported


def _python(text: str) -> re.Match[str] | None:
    """The innermost traceback comes last, and its last line names the exception."""
    start = text.rfind(_TRACEBACK)
    found = [*_PYTHON.finditer(text, start + len(_TRACEBACK))] if start >= 0 else []
    return found[-1] if found else None


# Fields that hold all of an exception, whatever of it there is.
_WHOLE = frozenset({"exception", "exc_info", "@x"})
_FLAGS = frozenset({"true", "false", "none", "null", "nil", "<nil>", "undefined", "no", "yes", "ok"})


def says_something(text: str) -> bool:
    """Whether a field that is called like an error has one: `error: false` and `err: 0` have none."""
    return text.lower() not in _FLAGS and any(map(str.isalpha, text))


def completed(attributes: dict[str, str], path: str) -> None:
    """Give attributes the type and the message of an exception of which they have nothing but the stack trace, from the field `path`."""
    if STACKTRACE not in attributes or EXCEPTION_TYPE in attributes or EXCEPTION_MESSAGE in attributes:
        return
    text = attributes[STACKTRACE].strip()
    told = _of_document(text) if text.startswith("[{") else _of_text(text)
    if not told and path.rpartition(".")[2].lower() in _WHOLE:
        told = {EXCEPTION_MESSAGE: text.partition("\n")[0]}
    attributes |= told


def _of_text(text: str) -> dict[str, str]:
    if _FRAMES.search(text):
        return {name: value for name, value in exception_of(text).items() if name != STACKTRACE}
    first, _, rest = text.partition("\n")
    found = _NAMED.fullmatch(first)
    if found is None:
        return {}
    message = found["message"] or rest.partition("\n")[0]  # Rails has them as a pair
    return {EXCEPTION_TYPE: found["type"]} | ({EXCEPTION_MESSAGE: message} if message else {})


def _of_document(text: str) -> dict[str, str]:
    """Of structlog's list of an exception and its causes."""
    try:
        raised = orjson.loads(text)[0]
    except orjson.JSONDecodeError:  # cut off
        return {}
    told = {EXCEPTION_TYPE: raised.get("exc_type"), EXCEPTION_MESSAGE: raised.get("exc_value")}
    return {name: str(value) for name, value in told.items() if value}
