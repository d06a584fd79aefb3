"""Credentials in the body of a captured request: replaced before it is sent, by the names of fields and by their form.

JSON, forms, and members or elements of any other text. A value comes from what was given for the field, else it is another of the same
shape, so that the body still breaks what its shape broke. What is left by its form alone, such as a token in a sentence, is blotted out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from lastgood.algorithms.captures import is_credential
from lastgood.algorithms.same_shape import CAMEL, in_same_shape
from lastgood.algorithms.same_shape_text import ELEMENT, FORM, MEMBER, PAIR, encoded_in_same_shape
from lastgood.algorithms.secrets import without_secrets

IN_TEXT = "the text"  # the place of what is recognised by its form alone


@dataclass(slots=True)
class SafeBody:
    """A body without the credentials that were captured, and the places where they were, each with the name of its field."""

    body: str
    given: dict[str, str] = field(default_factory=dict)  # replaced by a value that was given
    other: dict[str, str] = field(default_factory=dict)  # replaced by another of the same shape


def without_body_credentials(body: str, values: Mapping[str, str]) -> SafeBody:
    """The body with credentials replaced; `values` are those to send, by the name of the field in lower case."""
    found = SafeBody(body)
    try:
        document = _walked(json.loads(body), "$", "", (values, found), secret=False)
        made = json.dumps(document, ensure_ascii="\\u" in body)
    except (ValueError, RecursionError):  # no JSON, cut off, or too deep to look at
        made = _of_text(body, values, found)
    found.body = made if found.given or found.other else body
    return found


def _walked(
    value: Any, place: str, name: str, known: tuple[Mapping[str, str], SafeBody], *, secret: bool
) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _walked(one, f"{place}.{key}", key, known, secret=secret or is_credential(_plain(key)))
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_walked(one, f"{place}[{n}]", name, known, secret=secret) for n, one in enumerate(value)]
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        return value
    if not secret and not is_credential(_plain(name), str(value)):
        return value
    made = _other(str(value), place, name, known)
    return int(made) if isinstance(value, int) and made.isascii() and made.isdigit() else made


def _of_text(body: str, values: Mapping[str, str], found: SafeBody) -> str:
    is_form = FORM.fullmatch(body.strip())

    def replaced(match: "re.Match[str]") -> str:
        name, value = (unquote_plus(match[part]) if is_form else match[part] for part in ("name", "value"))
        if not value.strip() or not is_credential(_plain(name), value):
            return match[0]
        last = _last(name)
        if given := values.get(last):
            found.given[name] = last
            made = quote_plus(given) if is_form else json.dumps(given)[1:-1]
        else:
            found.other[name] = last
            made = encoded_in_same_shape(match["value"]) if is_form else in_same_shape(value)
        return match[0][: match.start("value") - match.start()] + made

    for form in (PAIR,) if is_form else (MEMBER, ELEMENT):
        body = form.sub(replaced, body)
    if is_form or found.given or found.other:
        return body
    blotted = without_secrets(body)
    if blotted != body:
        found.other[IN_TEXT] = ""
    return blotted


def _other(value: str, place: str, name: str, known: tuple[Mapping[str, str], SafeBody]) -> str:
    values, found = known
    if given := values.get(_last(name)):
        found.given[place] = _last(name)
        return given
    found.other[place] = _last(name)
    return in_same_shape(value)


def _plain(name: str) -> str:
    """`access_token` of `accessToken`."""
    return CAMEL.sub("_", name).lower()


def _last(name: str) -> str:
    """`password` of `user[password]`."""
    return name.rstrip("]").rpartition("[")[2].lower()
