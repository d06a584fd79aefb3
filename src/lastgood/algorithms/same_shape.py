"""Values of the same shape: personal data and secrets in a payload replaced, so that it still breaks what it broke.

Each letter and digit is replaced by another of its kind: same script, case and length in UTF-8; punctuation, white
space, combining marks and everything else stay. So lengths, encodings, zones, separators and null survive. A value
always becomes the same one, so that relations inside a payload survive too. Card numbers keep their first six
digits (the issuer, ISO/IEC 7812) and a valid check digit. A date stays a date of the same decade: 29 February of a leap year,
the end of a month, a day above 12. A pseudonym of an e-mail address becomes an address: the one it stands for had another length.
"""

import re
import unicodedata
from calendar import isleap
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from lastgood.algorithms.personal_names import names_a_person
from lastgood.algorithms.pseudonyms import DIGITS
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.secrets import names_a_secret, without_secrets
from lastgood.model.redaction import Redacted

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PHONE = re.compile(
    r"(?<![\w+])\+\d{1,3}[ ./-]?\(?\d(?:[ ()./-]{0,2}\d){6,12}(?!\w)"
)  # E.164, with what people put between
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_CARD = re.compile(r"\d(?:[ -]?\d){12,18}")
_DATES = (
    re.compile(
        r"(?P<decade>\d{3})\d(?P<sign>[-/.])(?P<month>\d\d)(?P=sign)(?P<day>\d\d)(?=$|[T ]\d\d:)", re.ASCII
    ),
    re.compile(
        r"(?P<day>\d\d)(?P<sign>[-/.])(?P<month>\d\d)(?P=sign)(?P<decade>\d{3})\d(?=$|[T ]\d\d:)", re.ASCII
    ),
)
_EMAIL_TOKEN = re.compile(rf"{Redacted.EMAIL}:[0-9a-f]{{{DIGITS}}}")
_BLOCK = 32  # code points that letters are exchanged within: one alphabet's


def in_same_shape(value: str) -> str:
    """Another text of the same shape."""
    stream = _chances(value)
    if _EMAIL_TOKEN.fullmatch(value):
        return f"{''.join(_other('a', next(stream)) for _ in range(8))}@mail.example.com"
    for form in _DATES:
        if (found := form.match(value)) and _is_date(found):
            return _date(value, found, stream)
    if _ADDRESS.fullmatch(value):
        return ".".join(_octet(part, next(stream)) for part in value.split("."))
    if _CARD.fullmatch(value) and redacted(value)[1] == ("card number",):
        return _card(value, stream)
    return "".join(_other(letter, next(stream)) for letter in value)


def without_persons(document: Any) -> tuple[Any, tuple[str, ...]]:
    """A decoded JSON document with personal data and secrets replaced, and the JSON paths of what was."""
    replaced: list[str] = []
    return _walked(document, "$", "", replaced), tuple(replaced)


def is_personal(name: str) -> bool:
    """Whether a field of this name holds something about a person, or a secret."""
    return names_a_person(name) or names_a_secret(CAMEL.sub("_", name))


def holds_personal(text: str) -> bool:
    """Whether a text has something personal or secret in it, by its form."""
    return bool(redacted(text)[1] or _PHONE.search(text)) or without_secrets(text) != text


def _walked(value: Any, path: str, name: str, replaced: list[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _walked(one, f"{path}.{key}", str(key), replaced) for key, one in value.items()}
    if isinstance(value, list):
        return [_walked(one, f"{path}[{place}]", name, replaced) for place, one in enumerate(value)]
    if isinstance(value, bool) or value is None or value == "":
        return value
    personal = is_personal(name)
    if isinstance(value, str) and (personal or holds_personal(value)):
        replaced.append(path)
        return in_same_shape(value)
    if isinstance(value, int) and personal:
        replaced.append(path)
        return _number(value)
    return value


def _number(value: int) -> int:
    """Another number of as many digits and the same sign; the first digit stays, so limits are not crossed."""
    digits = str(abs(value))
    stream = _chances(digits)
    other = digits[0] + "".join(_other(digit, next(stream)) for digit in digits[1:])
    return int(other) if value >= 0 else -int(other)


def _chances(value: str) -> Any:
    """Numbers that depend on the value alone, without end."""
    count = 0
    while True:
        yield from blake2b(f"{count}\0{value}".encode("utf-8", "surrogatepass")).digest()
        count += 1


def _other(letter: str, chance: int) -> str:
    if letter.isascii():
        if letter.isdigit():
            return str(chance % 10)
        if letter.isalpha():
            return chr((ord("a") if letter.islower() else ord("A")) + chance % 26)
        return letter
    same = _alike(letter)
    return same[chance % len(same)]


@lru_cache(maxsize=10_000)
def _alike(letter: str) -> tuple[str, ...]:
    """The letters that may stand for one: those of its alphabet of its kind; itself where it is neither letter nor digit."""
    kind = unicodedata.category(letter)
    if kind[0] not in "LN":
        return (letter,)
    low = ord(letter) // _BLOCK * _BLOCK
    return tuple(
        one
        for code in range(low, low + _BLOCK)
        if unicodedata.category(one := chr(code)) == kind
        and len(one.encode()) == len(letter.encode())
        and len(unicodedata.normalize("NFD", one)) == len(unicodedata.normalize("NFD", letter))
    )


def _is_date(found: re.Match[str]) -> bool:
    try:
        date(int(found["decade"]) * 10 + 4, int(found["month"]), int(found["day"]))
    except ValueError:
        return False
    return True


def _date(value: str, found: re.Match[str], stream: Any) -> str:
    """Another day, with what may matter of it: a leap day, the end of a month, a day that cannot be a month."""
    month, day, decade = int(found["month"]), int(found["day"]), int(found["decade"]) * 10
    years = [*range(max(decade, 1), decade + 10)]
    if (month, day) == (2, 29):
        years = [year for year in years if isleap(year)]
    else:
        month = (1, 3, 5, 7, 8, 10, 12)[next(stream) % 7] if day > 28 else next(stream) % 12 + 1
        day = day if day > 28 else next(stream) % 16 + 13 if day > 12 else next(stream) % 12 + 1
    year, sign = years[next(stream) % len(years)], found["sign"]
    parts = f"{year:04}", f"{month:02}", f"{day:02}"
    made = sign.join(parts if found.start("decade") == 0 else (parts[2], parts[1], parts[0]))
    return made + value[found.end() :]


def _octet(part: str, chance: int) -> str:
    """Another number of as many digits, that an address may have."""
    low, size = {1: (0, 10), 2: (10, 90)}.get(len(part), (100, 156))
    return str(low + chance % size)


def _card(value: str, stream: Any) -> str:
    digits = [letter for letter in value if letter.isdigit()]
    made = digits[:6] + [str(next(stream) % 10) for _ in digits[6:-1]]
    made.append(next(check for check in "0123456789" if _luhn([*made, check])))
    rest = iter(made)
    return "".join(next(rest) if letter.isdigit() else letter for letter in value)


def _luhn(digits: list[str]) -> bool:
    numbers = [int(digit) for digit in reversed(digits)]
    return sum(n if place % 2 == 0 else sum(divmod(2 * n, 10)) for place, n in enumerate(numbers)) % 10 == 0
