"""A captured request as files that send it: curl, and Hurl (https://hurl.dev/docs/grammar.html).

Whoever writes telemetry chooses the words of a request: none of them is code of a shell, or a variable of Hurl.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping

from lastgood.model.replay import CapturedRequest
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench.sending import lacks_body, unfilled

LOCAL = "http://localhost:8000"
_PATH = "REQUEST_PATH"  # the variable for a path of which only the route is known
PLACEHOLDER = "[from the environment]"


def payload_name(request: CapturedRequest, which: str = "payload") -> str:
    """`payload.json`, or `payload.txt` for what is no JSON."""
    try:
        json.loads(request.body or "")
    except (ValueError, RecursionError):
        return f"{which}.txt"
    return f"{which}.json"


def flat(text: str) -> str:
    """A text on one line, for a comment of a language."""
    return " ".join(text.translate(PLAIN).split())


def curl(request: CapturedRequest) -> str:
    """The request as a shell script; the target and credentials come from the environment."""
    method = "--head" if request.method.upper() == "HEAD" else f"--request {shlex.quote(request.method)}"
    text = f"curl --silent --show-error --include --globoff --path-as-is {method}"
    for name, value in request.headers.items():
        variable = _variable(name)
        if value == PLACEHOLDER:
            text += f' \\\n  --header {shlex.quote(f"{name}: ")}"${{{variable}:?set {variable}}}"'
        else:
            text += f" \\\n  --header {shlex.quote(f'{name}: {value}')}"
    if request.body is not None:
        text += f" \\\n  --data-raw {shlex.quote(request.body)}"
    elif lacks_body(request):
        text += ' \\\n  --data-binary @"${BODY:?write a body into a file and set BODY to its name}"'
    path = (
        f'"${{{_PATH}:?set {_PATH} to a path of this route}}"'
        if unfilled(request)
        else shlex.quote(request.path)
    )
    notes = "".join(f"# missing: {' '.join(one.split())}\n" for one in request.missing)
    return f'#!/bin/sh\n{notes}{text} \\\n  "${{TARGET:-{LOCAL}}}"{path}\n'


def hurl(failing: CapturedRequest, working: CapturedRequest | None, files: Mapping[str, str]) -> str:
    """Both requests as a Hurl file, the working one first; `files` names the file of each body.

    It succeeds once the failing request is answered without a failure.
    """
    return "\n".join(_hurl(failing, working, files)) + "\n"


def _hurl(
    failing: CapturedRequest, working: CapturedRequest | None, files: Mapping[str, str]
) -> Iterator[str]:
    given = "".join(f' --variable {name}="${name.upper()}"' for name in _variables(failing, working))
    yield f"# Run: hurl --test --variable target={LOCAL}{given} requests.hurl"
    for title, which, request in (("working", "working", working), ("failing", "failing", failing)):
        if request is None:
            continue
        yield ""
        yield f"# The {title} request. It was answered {request.status or 'without a status'}."
        yield from (f"# missing: {flat(one)}" for one in request.missing)
        if lacks_body(request):
            yield f"# Write a body into {files[which]} first."
        if not request.method.isalpha():
            yield f"# Hurl has no method {flat(request.method)}."
            continue
        yield f"{request.method.upper()} {{{{target}}}}{_path(request)}"
        for name, value in request.headers.items():
            yield f"{_name(name)}: {f'{{{{{_variable(name).lower()}}}}}' if value == PLACEHOLDER else _value(value)}"
        if "/." in request.path:
            yield from ("[Options]", "path-as-is: true")
        if request.body is not None or lacks_body(request):
            yield f"file,{files[which]};"
        yield "HTTP *"
        yield "[Asserts]"
        yield f"status < {500 if (request.status or 500) >= 500 else 400}"


def _variables(*requests: CapturedRequest | None) -> Iterator[str]:
    """Names of what is given when it runs: credentials, and a path of which only the route is known."""
    known = [one for one in requests if one is not None]
    names = [name for one in known for name, value in one.headers.items() if value == PLACEHOLDER]
    yield from dict.fromkeys(_variable(name).lower() for name in names)
    if any(map(unfilled, known)):
        yield _PATH.lower()


def _path(request: CapturedRequest) -> str:
    return f"{{{{{_PATH.lower()}}}}}" if unfilled(request) else _value(request.path)


def _value(text: str) -> str:
    """A text in which Hurl fills nothing in: only letters, digits and few signs stand for themselves."""
    return re.sub(r"[^A-Za-z0-9/?&=.,:;@%+~_ -]|^ | $", lambda one: f"\\u{{{ord(one[0]):x}}}", text)


def _name(text: str) -> str:
    """The name of a header, as `_value`; a sign that means something in a name is written out."""
    return re.sub(r"[^A-Za-z0-9_-]", lambda one: f"\\u{{{ord(one[0]):x}}}", text)


def _variable(header: str) -> str:
    return re.sub(r"\W", "_", f"_{header}" if header[:1].isdigit() else header, flags=re.ASCII).upper()
