"""Chunks: what a run of letters and digits with joints (`. - / : @ …`) is, or what it falls apart into."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lastgood.algorithms.patterns.tokens import Kind, Token, marks

LONGEST_CHUNK = 256  # characters; a longer run without blanks is data, not words
JOINTS = r".\-/:@+~\\*%&?!#"
TRAILING = ".:!?,-+*#&%~"

_JOINT = re.compile(rf"(::|[{JOINTS}])")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"[+\-]?\d[\d.,:/\-]*")
_QUANTITY = re.compile(
    r"[+\-]?\d[\d.]*(?:e[+\-]?\d+|E[+\-]?\d+)?(?:[kKMGTP]i?[bB]?|[bB]|[mun]?s|[mhdxCVW]|%|[kK]?Hz)"
)
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]+|(?=[a-fA-F]*\d)[0-9a-fA-F]{4,}")
_CODED = re.compile(r"(?:[A-Za-z]{2,}|[A-Z])\d{1,4}|[A-Za-z_]{2,}\d_?[A-Za-z_]{2,}")
_CONSTANTS = {"true", "false", "null"}

_WITH_PATH = re.compile(r"([^/]*?[A-Za-z0-9_]):(/.+)", re.DOTALL)
_WITH_STATE = re.compile(r"(.*\d):([A-Za-z]{2,})")
_SOURCE = r"c|cc|cpp|h|hpp|java|py|go|rs|js|ts|rb|cs|scala|kt|php|m|swift"
_CODE_PLACE = re.compile(rf"([A-Za-z_\-]+\.(?:{_SOURCE})):(\d+)")
_LABELLED = re.compile(r"([A-Za-z][A-Za-z_.\-]*[A-Za-z]):([^:/].*)", re.DOTALL)
_OFFSET = re.compile(r"([A-Za-z_][A-Za-z_.]*)\+(0x[0-9a-fA-F]+.*|\d.*)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:\\")

_TOP_DOMAINS = frozenset({
    "com", "org", "net", "edu", "gov", "mil", "io", "cn", "de", "uk", "fr", "jp", "in", "br", "au", "local", "lan",
    "internal", "corp", "info", "biz", "localdomain",
})  # fmt: skip
_EXTENSIONS = frozenset({
    "log", "txt", "xml", "json", "gz", "zip", "tar", "tgz", "bz2", "dat", "tmp", "bak", "cfg", "conf", "ini", "yaml",
    "yml", "csv", "sock", "pid", "so", "jar", "war", "class", "exe", "dll", "sys", "cab", "png", "jpg", "java", "py",
    "go", "c", "cc", "cpp", "h", "js", "ts", "rb", "cs", "scala", "kt", "php", "rs", "sql", "sh", "db", "lock", "out",
    "err", "bin", "img", "rpm", "deb", "map", "rts", "html", "htm", "pdf",
})  # fmt: skip

Tokens = tuple[Token, ...]


@lru_cache(maxsize=1 << 16)
def tokens_of_chunk(text: str) -> Tokens:
    """The tokens of one chunk: one when it is one thing, several when it falls apart at its joints."""
    if len(text) > LONGEST_CHUNK:
        return _value(text)
    body = text[:1] + text[1:].rstrip(TRAILING)
    tail = marks(text[len(body) :])
    for reading in _READINGS:
        found = reading(body)
        if found is not None:
            return found + tail
    return _compound(body) + tail


def kind_of_part(text: str) -> Kind:
    """The kind of a text without joints."""
    if text.lower() in _CONSTANTS:
        return Kind.VALUE
    if not _DIGIT.search(text):
        return Kind.WORD
    if _is_quantity(text):
        return Kind.VALUE
    return Kind.CODED if _CODED.fullmatch(text) else Kind.VALUE


def _is_quantity(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or _QUANTITY.fullmatch(text) or _HEXADECIMAL.fullmatch(text))


def _value(text: str) -> Tokens:
    return (Token(Kind.VALUE, text),)


def _signed(text: str) -> Tokens | None:
    return _value(text) if text[0] in "+-" and _QUANTITY.fullmatch(text) else None


def _single(text: str) -> Tokens | None:
    return None if _JOINT.search(text) else (Token(kind_of_part(text), text),)


def _label_and_path(text: str) -> Tokens | None:
    found = _WITH_PATH.fullmatch(text)
    return _both(found[1], found[2]) if found and "://" not in text else None


def _quantity(text: str) -> Tokens | None:
    return _value(text) if _is_quantity(text) else None


def _value_and_state(text: str) -> Tokens | None:
    found = _WITH_STATE.fullmatch(text)
    return (*tokens_of_chunk(found[1]), Token(Kind.MARK, ":"), Token(Kind.WORD, found[2])) if found else None


def _file_and_line(text: str) -> Tokens | None:
    found = _CODE_PLACE.fullmatch(text)
    return (Token(Kind.WORD, found[1]), Token(Kind.MARK, ":"), *_value(found[2])) if found else None


def _label_and_value(text: str) -> Tokens | None:
    found = _LABELLED.fullmatch(text)
    if not found or "::" in text or _is_host_and_port(found[1], found[2]):
        return None
    return _both(found[1], found[2])


def _is_host_and_port(label: str, value: str) -> bool:
    head, dot, last = label.rpartition(".")
    return (
        value.isdigit()
        and bool(dot)
        and ("." in head or last.lower() in _TOP_DOMAINS or last.lower() in _EXTENSIONS)
    )


def _symbol_and_offset(text: str) -> Tokens | None:
    found = _OFFSET.fullmatch(text)
    return (*tokens_of_chunk(found[1]), Token(Kind.MARK, "+"), *_value(found[2])) if found else None


def _both(label: str, value: str) -> Tokens:
    return (*tokens_of_chunk(label), Token(Kind.MARK, ":"), *tokens_of_chunk(value))


_READINGS: tuple[Callable[[str], Tokens | None], ...] = (
    _signed,
    _single,
    _label_and_path,
    _quantity,
    _value_and_state,
    _file_and_line,
    _label_and_value,
    _symbol_and_offset,
)


@dataclass(frozen=True)
class _Compound:
    """A text with joints, and what can be counted in it."""

    text: str
    pieces: tuple[str, ...]  # parts at even places, joints between them; a part can be empty

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self.pieces[::2] if part)

    @cached_property
    def joints(self) -> tuple[str, ...]:
        return self.pieces[1::2]

    @cached_property
    def numbered(self) -> int:
        """How many parts have a number in them."""
        return sum(kind_of_part(part) is not Kind.WORD for part in self.parts)

    @property
    def last(self) -> str:
        return self.parts[-1].lower()

    @property
    def dots(self) -> int:
        return self.joints.count(".")

    def only(self, joints: str) -> bool:
        """Whether there is no joint but these."""
        return all(joint in joints for joint in self.joints)


def _compound(text: str) -> Tokens:
    compound = _Compound(text, tuple(_JOINT.split(text)))
    if not compound.parts:
        return marks(text)
    for kind, test in _COMPOUNDS:
        if test(compound):
            return (Token(kind, text),)
    return tuple(
        Token(Kind.MARK if place % 2 else kind_of_part(piece), piece)
        for place, piece in enumerate(compound.pieces)
        if piece
    )


def _is_path(c: _Compound) -> bool:
    slashes = c.joints.count("/")
    if not slashes:
        return False
    if c.text[0] in "/~" or c.text[:2] in {"./", ".."}:
        return True
    if ":" in c.joints:
        return len(c.parts) >= 4 and c.numbered > 0
    return len(c.parts) >= 4 or c.numbered > 0 or slashes >= 2


def _is_windows_path(c: _Compound) -> bool:
    backslashes = c.joints.count("\\")
    return backslashes >= 2 or (backslashes == 1 and bool(_DRIVE.match(c.text)))


def _is_address(c: _Compound) -> bool:
    return "@" in c.joints and len(c.parts) >= 2


def _holds_a_long_id(c: _Compound) -> bool:
    return len(c.parts) >= 4 and any(len(part) >= 6 and kind_of_part(part) is Kind.VALUE for part in c.parts)


def _is_mostly_numbers(c: _Compound) -> bool:
    parts = len(c.parts)
    return c.numbered * 2 >= parts and (parts, c.numbered) != (2, 1)


def _is_word(c: _Compound) -> bool:
    whole = len(c.pieces) == 2 * len(c.parts) - 1
    return whole and c.numbered == 0 and len(c.parts) <= 3 and c.dots < 2 and c.only(".-")


def _is_long_dotted(c: _Compound) -> bool:
    return c.dots >= 4 and c.numbered > 0 and c.only(".-:")


def _is_file(c: _Compound) -> bool:
    named = c.joints[-1] == "." and c.last in _EXTENSIONS and bool(c.pieces[-1])
    return named and ":" not in c.joints and (c.numbered > 0 or len(c.parts) >= 3)


def _has_port(c: _Compound) -> bool:
    return c.joints[-1] == ":" and c.last.isdigit()


def _is_dotted(c: _Compound) -> bool:
    return c.dots >= 2 and c.only(".-:") and c.joints.count(":") == _has_port(c)


def _is_host(c: _Compound) -> bool:
    return _is_dotted(c) and (c.numbered > 0 or "-" in c.joints or _has_port(c))


def _is_short_domain(c: _Compound) -> bool:
    return c.dots == 1 and c.last in _TOP_DOMAINS and c.only(".-")


def _is_numbered_domain(c: _Compound) -> bool:
    return _is_short_domain(c) and c.numbered > 0


def _is_name_with_port(c: _Compound) -> bool:
    if len(c.parts) < 3 or c.numbered != 1 or c.joints[-1] != ":" or not _DIGIT.search(c.last):
        return False
    if not all(joint in ".-" for joint in c.joints[:-1]):
        return False
    before = c.parts[-2].lower()
    return c.dots >= 2 or before in _TOP_DOMAINS or before in _EXTENSIONS


_COMPOUNDS: tuple[tuple[Kind, Callable[[_Compound], bool]], ...] = (
    (Kind.VALUE, _is_windows_path),
    (Kind.VALUE, _is_path),
    (Kind.VALUE, _is_address),
    (Kind.VALUE, _holds_a_long_id),
    (Kind.VALUE, _is_mostly_numbers),
    (Kind.WORD, _is_word),
    (Kind.VALUE, _is_long_dotted),
    (Kind.VALUE, _is_file),
    (Kind.VALUE, _is_host),
    (Kind.DOTTED, _is_dotted),
    (Kind.VALUE, _is_numbered_domain),
    (Kind.DOTTED, _is_short_domain),
    (Kind.VALUE, _is_name_with_port),
)
