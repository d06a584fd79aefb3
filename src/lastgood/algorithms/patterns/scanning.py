"""Scanning: a log message to tokens."""

import re
from functools import lru_cache

from lastgood.algorithms.patterns.chunks import tokens_of_chunk
from lastgood.algorithms.patterns.tokens import SPACE, Kind, Token

MAX_CHARACTERS = 4096  # of a text that are looked at
_CACHED_WORD = 256  # characters; longer words are rare, and would make the cache large

_MONTH = (
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY = r"\b(?:Mon|Tue(?:s)?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?"
_DATE = re.compile(
    rf"(?:{_WEEKDAY} +)?{_MONTH} +\d{{1,2}}\b"
    r"(?:,? +\d+:\d+(?::\d+)?(?:[.,]\d+)?)?(?: +[A-Z]{2,5}\b)?(?:,? +\d+\b)?"
)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HTTP_VERSION = re.compile(r"(/\S*) HTTP/\d(?:\.\d)?")
_FRAME = re.compile(r"\s|at |\.\.\.|Traceback |File \"|goroutine |Caused by")
# A line of a stack trace as it stands alone where each line is logged by itself; numbers may be wildcards.
_PLACE = r"[\d<*>]+"
_ALONE = re.compile(
    rf"""\s*(?:
    at\ (?:async\ |new\ )?[^\s(]+\ ?\((?:[^()]*:{_PLACE}|Native\ Method|Unknown\ Source|<anonymous>|<\*>)\)   # Java, JavaScript
  | at\ [\w.$<>*`+]+\.[\w.$<>*`+]+\([^()]*\)(?:\ in\ .+:line\ {_PLACE})?                                # .NET
  | at\ \S+:{_PLACE}:{_PLACE} | File\ "[^"]*",\ line\ {_PLACE}(?:,\ in\ .+)? | Traceback\ \(most\ recent\ call\ last\):
  | \.\.\.\ {_PLACE}\ (?:more|common\ frames\ omitted) | goroutine\ {_PLACE}\ \[.*\]: | \S+\.go:{_PLACE}(?:\ \+\S+)?
  | \#{_PLACE}\ \S+\({_PLACE}\):\ .+ | (?:from\ )?\S+:{_PLACE}:in\ [`'].+                                        # PHP, Ruby
    )\s*""",
    re.VERBOSE,
)
_LETTER = re.compile(r"[^\W\d_]")

_NAME = r"A-Za-z0-9_$\x80-\U0010ffff"
_PIECE = re.compile(
    rf"""
    (?P<url> [A-Za-z][A-Za-z0-9+.\-]* :// [^"'<>,;)\]}}]* [^"'<>,;)\]}}.:!?] )
  | (?P<query> / [^"'<>()\[\]{{}},;?]* \? [^"'<>]* = [^"'<>]* )
  | (?P<mac> \b [0-9a-fA-F]{{2}} (?: : [0-9a-fA-F]{{2}} ){{3,}} \b )
  | (?P<ruler> \.{{2,}} | -{{2,}} | ={{2,}} | \*{{2,}} | \#{{2,}} | :{{2,}} )
  | (?P<chunk>
        (?: (?<! [\w)\]}}"'] ) [+\-] (?= [\d.]* \d ) )?          # a sign
        (?: ~?/ | \.{{1,2}}/ | \\\\ | [{_NAME}] )                # how a chunk may begin
        (?: [{_NAME}] | / (?= [{_NAME}/\\*%~\-.] ) | [.\-@+~\\*%&?!\#:] (?= [{_NAME}/\\*%~\-] ) )*
    )
  | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def scan(text: str) -> list[Token]:
    """The tokens of a message, words parted by SPACE. Only MAX_CHARACTERS are looked at."""
    tokens: list[Token] = []
    for word in _simplified(text[:MAX_CHARACTERS]).split():
        tokens += _cached_word(word) if len(word) <= _CACHED_WORD else _tokens_of_word(word)
        tokens.append(SPACE)
    return tokens[:-1]


def headline(text: str) -> str:
    """What identifies an event of several lines: its first two lines that are not of a stack trace."""
    if "\n" not in text:
        return text
    lines = [line for line in text.splitlines() if line and not _FRAME.match(line)]
    first = " ".join(lines[:2])
    return first if _LETTER.search(first) else text


def is_frame(text: str) -> bool:
    """Whether a line, or its pattern, is of a stack trace and has no message of its own."""
    return _ALONE.fullmatch(text) is not None


def _simplified(text: str) -> str:
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    text = _DATE.sub("0", text)
    return _HTTP_VERSION.sub(r"\1", text) if " HTTP/" in text else text


def _tokens_of_word(word: str) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for piece in _PIECE.finditer(word):
        text = piece.group()
        if piece.lastgroup == "chunk":
            tokens += tokens_of_chunk(text)
        else:
            marking = piece.lastgroup in {"mark", "ruler"}
            tokens.append(Token(Kind.MARK if marking else Kind.VALUE, text))
    return tuple(tokens)


_cached_word = lru_cache(maxsize=1 << 16)(_tokens_of_word)


_NUMBERS = re.compile(r"(?P<hex>0[xX][0-9a-fA-F]+|\b(?=\d*[a-fA-F])(?=[a-fA-F]*\d)[0-9a-fA-F]{4,}\b)|\d+")
_NUMBER_CHAIN = re.compile(r"\b00?(?:[.:,/\-]00?\b)+")


def canonical(text: str) -> str:
    """A message with its numbers made alike, so that what follows does not depend on the sample.

    Digit runs become `0` or `00`, hexadecimal ones `0a0a` or `0a0a0a0a`, chains such as `0.0:0` one `0`.
    """
    return _NUMBER_CHAIN.sub("0", _NUMBERS.sub(_alike, text[:MAX_CHARACTERS]))


def _alike(found: re.Match[str]) -> str:
    length = len(found.group())
    if found["hex"]:
        return "0a0a" if length < 6 else "0a0a0a0a"
    return "0" if length == 1 else "00"
