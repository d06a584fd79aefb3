"""Text of the same shape: personal data in a body that is no whole JSON, replaced by the names of its fields.

Forms (`application/x-www-form-urlencoded`), elements of XML, and members of JSON that was cut off or is within another text.
"""

import json
import re
from functools import partial
from urllib.parse import quote_plus, unquote_plus

from lastgood.algorithms.same_shape import in_same_shape, is_personal

FORM = re.compile(r"[\w.\[\]%-]{1,200}=[^&=\s]*(?:&[\w.\[\]%-]{1,200}=[^&=\s]*)*")
PAIR = re.compile(r"(?P<name>[^&=]+)(?P<joint>=)(?P<value>[^&]*)")
MEMBER = re.compile(
    r'"(?P<name>[\w.-]{1,100})"(?P<joint>\s{0,9}:\s{0,9}"?)(?P<value>(?<=")(?:[^"\\]|\\.)+|(?<!")\d{4,})'
)
ELEMENT = re.compile(r"<(?:\w{1,50}:)?(?P<name>[\w.-]{1,100})(?P<joint>(?:\s[^<>]{0,200})?>)(?P<value>[^<]+)")


def encoded_in_same_shape(value: str) -> str:
    """A value as a form or an address encodes it, of the same shape and encoded again."""
    plain = unquote_plus(value)
    return in_same_shape(value) if plain == value else quote_plus(in_same_shape(plain))


def text_without_persons(text: str) -> tuple[str, str, tuple[str, ...]]:
    """The text with the values of fields that are about a person or secret replaced, without them, and their names."""
    replaced: dict[str, None] = {}
    rest = text
    is_form = FORM.fullmatch(text.strip())

    def other(match: "re.Match[str]", *, kept: bool) -> str:
        name = unquote_plus(match["name"]) if is_form else match["name"]
        if not match["value"].strip() or not is_personal(_last(name)):
            return match[0]
        replaced[name] = None
        start = match.start("value") - match.start()
        made = (encoded_in_same_shape if is_form else _escaped)(match["value"]) if kept else ""
        return match[0][:start] + made

    for form in (PAIR,) if is_form else (MEMBER, ELEMENT):
        text, rest = form.sub(partial(other, kept=True), text), form.sub(partial(other, kept=False), rest)
    return text, rest, tuple(replaced)


def _last(name: str) -> str:
    """`zip` of `address[zip]`."""
    return name.rstrip("]").rpartition("[")[2]


def _escaped(value: str) -> str:
    """A value as JSON escapes it, of the same shape and escaped again."""
    if "\\" not in value:
        return in_same_shape(value)
    try:
        plain = json.loads(f'"{value}"')
    except ValueError:
        return in_same_shape(value.partition("\\")[0])  # cut off within an escape
    return json.dumps(in_same_shape(plain), ensure_ascii="\\u" in value)[1:-1]
