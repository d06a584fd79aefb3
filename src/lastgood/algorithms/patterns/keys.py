"""Keys: the tuple of symbols that says which messages are of one kind at once, before any merging."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from lastgood.algorithms.patterns.scanning import canonical, headline, scan
from lastgood.algorithms.patterns.tokens import WILDCARD, Kind, Token

MAX_TOKENS = 128  # of a key; merging is quadratic in key length
CUT = "…"  # ends a key that was longer

Key = tuple[str, ...]

_QUOTED_REACH = 40  # tokens looked ahead for a closing quote
_BRACKET_REACH = 24  # the same for a closing bracket
_LONGEST_REPEAT = 8  # symbols of a group that repeats, as list items do

_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_AFTER_EMPTY = frozenset(",;)]}")
_OPENING = frozenset("\"'()[]{},;<>")
_VALUE_ENDS = frozenset(',;)]}"')
_VALUE_JOINTS = frozenset(".-:/+@~_#*%\\")
_SEPARATORS = frozenset(" ,;:.-/_+|@#~\\&%")
_NAMING = frozenset({"user", "for", "by", "(", ":", "as", "from", "username", "account", "login"})
_UNIT = re.compile(r"[kKMGTP]i?[bB]|B|ms|us|ns|s|secs?")
_NUMBERS = re.compile(r"\d+")
_TEXT = frozenset({Kind.WORD, Kind.CODED, Kind.DOTTED, Kind.VALUE})
_END = Token(Kind.SPACE, "")


def key_of(text: str) -> Key:
    """The key of a message; equal for messages that differ in values only."""
    return key_of_tokens(scan(canonical(headline(text))))


def key_of_tokens(tokens: Sequence[Token]) -> Key:
    """The key of tokens: values become `<*>`, numbers inside words `#`, lists of values one value."""
    symbols = _Walk(tokens[: 8 * MAX_TOKENS]).symbols()
    key = fold_repeats(squeeze(_with_empty_brackets(symbols)))
    return tuple(key) if len(key) <= MAX_TOKENS else (*key[:MAX_TOKENS], CUT)


@lru_cache(maxsize=1 << 16)
def kind_of_symbol(symbol: str) -> Kind:
    """What a symbol of a key stands for."""
    if symbol == WILDCARD:
        return Kind.VALUE
    if "#" in symbol and len(symbol) > 1:
        return Kind.CODED
    if symbol.count(".") >= 2 and symbol[0] != ".":
        return Kind.DOTTED
    return Kind.WORD if symbol[0].isalnum() or symbol[0] == "_" else Kind.MARK


class _Walk:
    """One pass over the tokens of a message that writes its symbols."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = (_END, _END, *tokens)  # so that there is always something before
        self._at = 2
        self._out: list[str] = []

    def symbols(self) -> list[str]:
        """The symbols, spaces included."""
        special: dict[Kind, tuple[Callable[[], bool], ...]] = {
            Kind.MARK: (self._assigned, self._sign),
            Kind.WORD: (self._assigned, self._prefix_of_id, self._unit),
        }
        otherwise = (self._assigned,)
        while self._at < len(self._tokens):
            kind = self._tokens[self._at].kind
            if kind is Kind.SPACE:
                self._out.append(" ")
            elif any(step() for step in special.get(kind, otherwise)):
                continue
            else:
                self._out.append(self._symbol())
            self._at += 1
        return self._out

    def _token(self, offset: int = 0) -> Token:
        place = self._at + offset
        return self._tokens[place] if place < len(self._tokens) else _END

    def _before(self) -> tuple[Token, int]:
        """The last token that is not a space, and how far back it is."""
        back = 2 if self._tokens[self._at - 1].kind is Kind.SPACE else 1
        return self._tokens[self._at - back], back

    def _assigned(self) -> bool:
        """Write the value after `=` as one wildcard, whatever it is."""
        before, back = self._before()
        if before.text != "=":
            return False
        token = self._token()
        if self._value_is_empty(token, back):
            self._out.append(WILDCARD)
            return False
        if token.kind in _TEXT:
            return self._assigned_text(token)
        if token.text in {'"', "'"}:
            return self._assigned_quote(token)
        return token.text not in _OPENING and back == 1 and self._assigned_marks()

    def _value_is_empty(self, token: Token, back: int) -> bool:
        if token.kind is Kind.MARK and token.text in _AFTER_EMPTY:
            return True
        return back == 2 and token.kind is not Kind.VALUE and self._names_a_field()

    def _names_a_field(self) -> bool:
        """Whether what comes is `name=`, so that the value before it is empty: `a= b=1`."""
        ahead = 0
        while (
            self._token(ahead).kind not in {Kind.VALUE, Kind.SPACE} and self._token(ahead).text not in "=,;"
        ):
            ahead += 1
        return ahead > 0 and self._token(ahead).text == "="

    def _assigned_marks(self) -> bool:
        self._out.append(WILDCARD)
        self._at += 1
        while self._token().kind is not Kind.SPACE and self._token().text not in _VALUE_ENDS:
            self._at += 1
        return True

    def _assigned_text(self, first: Token) -> bool:
        self._out.append(WILDCARD)
        self._at += 1
        while self._continues_value() and self._token(1).text != "=":
            self._at += 1
        if first.kind is not Kind.VALUE:
            self._skip_brackets()
        return True

    def _continues_value(self) -> bool:
        token = self._token()
        if token.kind in _TEXT:
            # A word straight before "=" is the next field's name.
            return True
        return token.text in _VALUE_JOINTS and self._token(1).kind in _TEXT

    def _skip_brackets(self) -> None:
        """Skip `(…)` after a word, when it closes soon and holds no fields of its own."""
        opening = self._token().text
        closing = _BRACKETS.get(opening)
        depth = 0
        for ahead in range(_BRACKET_REACH):
            text = self._token(ahead).text
            if closing is None or text == "=":
                return
            depth += (text == opening) - (text == closing)
            if depth == 0:
                self._at += ahead + 1
                return

    def _assigned_quote(self, quote: Token) -> bool:
        for ahead in range(1, _QUOTED_REACH):
            if self._token(ahead).text == quote.text:
                self._out.append(WILDCARD)
                self._at += ahead + 1
                return True
        return False

    def _sign(self) -> bool:
        """Leave out a sign or comparison before a number."""
        token, number, previous = self._token(), self._token(1), self._token(-1)
        signs = token.text in {"+", "-", "<", ">", "~"}
        if not (signs and number.kind is Kind.VALUE and number.text[0].isdigit()):
            return False
        if previous.kind not in {Kind.SPACE, Kind.MARK} and previous.text[-1] != "_":
            return False
        self._at += 1
        return True

    def _prefix_of_id(self) -> bool:
        """Leave out a word that is the beginning of an id: `blk_-123`."""
        if self._token().text[-1] != "_":
            return False
        after = self._token(1)
        signed = after.text in {"+", "-"} and self._token(2).kind is Kind.VALUE
        if after.kind is not Kind.VALUE and not signed:
            return False
        self._at += 1
        return True

    def _unit(self) -> bool:
        """Leave out the unit after a number."""
        if self._before()[0].kind is not Kind.VALUE or not _UNIT.fullmatch(self._token().text):
            return False
        self._at += 1
        return True

    def _symbol(self) -> str:
        kind, text = self._token()
        if kind is Kind.VALUE:
            return WILDCARD
        if kind is Kind.CODED:
            return _NUMBERS.sub("#", text)
        if text in {"root", "admin"} and self._before()[0].text in _NAMING:
            return WILDCARD
        return text


def _with_empty_brackets(symbols: list[str]) -> list[str]:
    """Brackets with nothing in them, after a space, hold an empty value."""
    out: list[str] = []
    for place, symbol in enumerate(symbols):
        if symbol == ")" and place > 1 and symbols[place - 2 : place] == [" ", "("]:
            out.append(WILDCARD)
        out.append(symbol)
    return out


def squeeze(symbols: Sequence[str]) -> list[str]:
    """Symbols without spaces; values that only separators part are one: `1.2 , 3` is `<*>`."""
    out: list[str] = []
    waiting: list[str] = []  # separators since the last value
    for symbol in symbols:
        after_value = bool(out) and out[-1] == WILDCARD
        if after_value and len(symbol) == 1 and symbol in _SEPARATORS:
            waiting.append(symbol)
            continue
        if not (after_value and symbol == WILDCARD):
            out += (mark for mark in waiting if mark != " ")
            if symbol != " ":
                out.append(symbol)
        waiting.clear()
    return out + [mark for mark in waiting if mark != " "]


def fold_repeats(key: list[str]) -> list[str]:
    """A key in which a group of symbols that holds a value and repeats stands once."""
    key = [
        symbol
        for place, symbol in enumerate(key)
        if not (place and symbol == key[place - 1] and len(symbol) > 1 and _is_coded(symbol))
    ]
    if len(key) < 6 or len(key) - len(set(key)) < 3:
        return key
    for length in range(2, _LONGEST_REPEAT + 1):
        if _repeats(key, length):
            key = _fold(key, length)
    return key


def _is_coded(symbol: str) -> bool:
    return kind_of_symbol(symbol) is Kind.CODED


def _repeats(key: list[str], length: int) -> bool:
    run = 0
    for here, there in zip(key, key[length:], strict=False):
        run = run + 1 if here == there else 0
        if run == length:
            return True
    return False


def _fold(key: list[str], length: int) -> list[str]:
    out: list[str] = []
    place = 0
    while place < len(key):
        group = key[place : place + length]
        after = place + length
        if len(group) == length and WILDCARD in group:
            while key[after : after + length] == group:
                after += length
        repeated = after > place + length
        out += group if repeated else key[place : place + 1]
        place = after if repeated else place + 1
    return out
