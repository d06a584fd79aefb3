"""Redaction: secrets and personal data in a text, replaced by what they were before it leaves.

Recognised by form: private keys, tokens of the vendors that mark them, JSON Web Tokens, passwords in URLs, values after words such
as `password`, e-mail addresses, card numbers (checked after Luhn, ISO/IEC 7812) and IBANs (checked modulo 97, ISO 13616).
"""

import re
from collections.abc import Callable

from lastgood.algorithms.secrets import (
    COMMANDS,
    COOKIE,
    CURL,
    DIGEST,
    JOINT,
    MARKED,
    NAMED,
    PRIVATE_KEY,
    SQL,
    USER,
)

_CHECKED = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.]*\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_QUOTED = r"\"(?![\s\[])[^\"\\\n]{4,200}\"|'(?![\s\[])[^'\\\n]{4,200}'"
_ESCAPED = r"\\{1,4}u[0-9A-Fa-f]{4}"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("key", re.compile(PRIVATE_KEY, re.DOTALL)),
    ("token", re.compile(MARKED)),
    ("password", re.compile(r"(?<=://)[^\s/@:]*:[^\s/]+(?=@)")),
    ("token", re.compile(USER)),
    ("secret", re.compile(rf"(?i){SQL}")),
    ("secret", re.compile(rf"(?i){COOKIE}")),
    (
        "secret",
        re.compile(
            rf"(?i){NAMED}(?:\s[^<>]{{0,80}})?>(?!\[)[^<>]+(?=</)"
            rf"|(?<![\w-])--(?:[\w-]{{0,30}}-)?{NAMED}\s+(?:{_QUOTED}|[\"']?(?![\[-])[^\s\"']{{4,}})"
        ),
    ),
    (
        "secret",
        re.compile(
            rf"(?i)(?:{NAMED}|\bbearer)(?:{JOINT}|\b\s+(?=\S*\d)(?=\S{{12,}}))(?:bearer\s+)?"
            rf"(?:{_QUOTED}|\\{{0,4}}[\"']?(?![\s\[])[^\s\"',;\\]{{4,}}\\{{0,4}}[\"']?)"
        ),
    ),
    (
        "secret",
        re.compile(
            rf"(?i){NAMED}\\{{0,4}}[\"']?\s{{0,20}},?\s{{0,20}}\\{{0,4}}[\"']?value{JOINT}(?:\{{\s{{0,3}}\\{{0,4}}[\"']stringValue{JOINT})?"
            rf"\\{{0,4}}[\"']?(?![\s\[])[^\s\"',;\\]{{3,}}\\{{0,4}}[\"']?"
            rf"|value\\{{0,4}}[\"']\s{{0,3}}:\s{{0,3}}\\{{0,4}}[\"'](?!\[)[^\s\"'\\]+\\{{0,4}}[\"']\s{{0,20}},\s{{0,20}}\\{{0,4}}[\"'](?:name|key)"
            rf"\\{{0,4}}[\"']\s{{0,3}}:\s{{0,3}}\\{{0,4}}[\"'][\w.-]{{0,40}}(?<![a-z]){NAMED}"
        ),
    ),
    ("secret", re.compile(rf"(?i){CURL}")),
    ("secret", re.compile(COMMANDS)),
    ("secret", re.compile(rf"(?i){DIGEST}")),
    (
        "e-mail address",  # RFC 5321; unbounded it is quadratic. In JSON as text, `\n` before it stays and `\u00eb` is a letter of it
        re.compile(
            rf"(?:(?<!\\)[\w+]|(?<=\\)[^\Wbfnrtu]|{_ESCAPED})(?:[\w.+-]|{_ESCAPED}){{0,63}}@[\w-]+(?:\.[\w-]+)+\b"
        ),
    ),
)  # fmt: skip


def redacted(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without them, and what was taken out, in the order of the text's forms."""
    taken: list[str] = []

    def out(what: str, holds: Callable[[str], bool] = lambda _: True) -> Callable[[re.Match[str]], str]:
        def replaced(match: re.Match[str]) -> str:
            if not holds(match.group()):
                return match.group()
            taken.append(what)
            return f"[{what}]"

        return replaced

    for what, form in _FORMS:
        text = form.sub(out(what), text)
    text = _IBAN.sub(out("account number", is_iban), text)
    text = _CHECKED.sub(out("card number", luhn_holds), text)
    return text, tuple(taken)


def luhn_holds(text: str) -> bool:
    """Whether the check digit of a card number holds, after Luhn."""
    digits = [int(digit) for digit in text if digit.isdigit()]
    doubled = [
        digit if place % 2 == 0 else sum(divmod(2 * digit, 10))
        for place, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def is_iban(text: str) -> bool:
    """Whether the two check digits hold."""
    bare = text.replace(" ", "")
    moved = bare[4:] + bare[:4]
    return 15 <= len(bare) <= 34 and int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1
