"""The log query language: text in, a syntax tree out.

    level:error AND service:orders AND timestamp:[now-1h TO now]

    query    = either | nothing (every line)
    either   = both {"OR" both}
    both     = single {["AND"] single}              words side by side must all match
    single   = ("NOT" | "-" | "!") single | "(" either ")" | [field ":"] value
    value    = word | "phrase" | /regex/ | "*" | range | comparison | "(" either ")"
    range    = ("[" | "{") bound "TO" bound ("]" | "}")     brackets include, braces exclude
    comparison = (">=" | ">" | "<=" | "<") bound

A word may hold the wildcards `*` and `?`; a backslash takes any character literally. Without a field
the text of the line is searched, without regard to case. AND, OR, NOT and TO are upper case. The slash
that closes a regular expression ends its word, so `/api/orders` is a word and not an expression.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from lastgood.errors import QuerySyntaxError

DEPTH = 60  # of parentheses and negations: enough for people, too little to exhaust the stack
LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class Literal:
    """A word or a phrase to be matched."""

    text: str
    position: int
    like: str = ""  # the same as a LIKE pattern, when it has wildcards


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression, in RE2's syntax."""

    pattern: str
    position: int


@dataclass(frozen=True, slots=True)
class Exists:
    """Any value at all."""

    position: int


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range; None of text is an open end."""

    text: str | None
    inclusive: bool
    position: int


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two ends."""

    low: Bound
    high: Bound
    position: int


@dataclass(frozen=True, slots=True)
class Term:
    """A field and what it must be; an empty field is the text of the line."""

    field: str
    value: Literal | Regex | Exists | Range
    position: int


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all match; none of them: every line does."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Parts of which one must match."""

    parts: tuple["Node", ...]


Node = Term | Not | All | AnyOf


def parse(text: str) -> Node:
    """The syntax tree of a query; an empty one matches every line.

    Raises:
        QuerySyntaxError: it cannot be parsed; carries the position.
    """
    if len(text) > LENGTH:
        raise QuerySyntaxError(
            text[:60], 0, f"A query may have {LENGTH} characters, this one has {len(text)}"
        )
    if half := _SURROGATE.search(text):
        raise QuerySyntaxError(_SURROGATE.sub("?", text), half.start(), "This is not text in UTF-8")
    parser = _Parser(text)
    tree = parser.either(0) if parser.more() else All(())
    if parser.more():
        parser.fail("A `)` without its `(`" if text[parser.at] == ")" else "This was not expected")
    return tree


_WORD = re.compile(r"(?:\\.|[^\s()\[\]{}\"\\:])(?:\\.|[^\s()\[\]{}\"\\])*", re.DOTALL)
_FIELD = re.compile(r"((?:\\.|[A-Za-z_@])(?:\\.|[\w.@/\-])*):(?!//)", re.DOTALL)
_BOUND = re.compile(r'"(?:\\.|[^"\\])*"|(?:\\.|[^\s\[\]{}()"\\])+', re.DOTALL)
_SURROGATE = re.compile(
    r"[\ud800-\udfff]"
)  # what is left of bytes that are no UTF-8; nothing can be asked with it
_ENDS = ("", ")", " ", "\t", "\n")
_WILDCARDS = {"*": "%", "?": "_"}
_LIKE_LITERAL = {"%": "\\%", "_": "\\_", "\\": "\\\\"}
_OPERATOR = re.compile(r"(AND|OR|NOT|&&|\|\|)(?=[\s()]|$)")


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def more(self) -> bool:
        """Whether something is left after white space."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def fail(self, problem: str, *, at: int | None = None, hint: str = "") -> NoReturn:
        """Refuse the query here."""
        raise QuerySyntaxError(self.text, self.at if at is None else at, problem, hint=hint)

    def either(self, depth: int) -> Node:
        """Alternatives."""
        if depth > DEPTH:
            self.fail("This is nested too deeply")
        parts = [self.both(depth)]
        while self.operator("OR", "||"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def both(self, depth: int) -> Node:
        """Parts side by side, or joined by AND."""
        parts = [self.single(depth)]
        while self.operator("AND", "&&") or self.another():
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def another(self) -> bool:
        """Whether a part follows that nothing joins."""
        return self.more() and self.text[self.at] != ")" and not self.peek("OR", "||")

    def single(self, depth: int) -> Node:
        """One negation, group or term."""
        if depth > DEPTH:
            self.fail("This is nested too deeply")
        if not self.more():
            self.fail("The query ends where a term was expected")
        if self.operator("NOT") or self.sign():
            return Not(self.single(depth + 1))
        if self.peek("AND", "OR", "&&", "||"):
            self.fail("A term was expected before this", hint="To search for the word itself, quote it.")
        if self.text[self.at] == "(":
            return self.group(depth)
        return self.term(depth)

    def group(self, depth: int) -> Node:
        """What stands in parentheses."""
        start = self.at
        self.at += 1
        if self.more() and self.text[self.at] == ")":
            self.fail("These parentheses are empty", at=start)
        inside = self.either(depth + 1)
        if not self.more():
            self.fail("This `(` is never closed", at=start)
        if self.text[self.at] != ")":
            self.fail("`)` was expected")
        self.at += 1
        return inside

    def term(self, depth: int) -> Node:
        """`field:value`, or a value in the text of the line."""
        start, name = self.at, ""
        if field := _FIELD.match(self.text, self.at):
            name = _unescaped(field[1])
            self.at = field.end()
            if self.at >= len(self.text) or self.text[self.at].isspace():
                self.fail(f"A value was expected after `{field[0]}`")
            if self.text[self.at] == "(":
                return _given(self.group(depth), name)
        return Term(name, self.value(), start)

    def value(self) -> Literal | Regex | Exists | Range:
        """What a field must be."""
        start, first = self.at, self.text[self.at]
        if first == '"':
            return self.phrase()
        if first == "/" and (end := _closing(self.text, start, "/")):
            self.at = end + 1
            return Regex(self.text[start + 1 : end].replace("\\/", "/"), start)
        if first in "[{":
            return self.range()
        if first in "<>":
            return self.comparison()
        word = _WORD.match(self.text, self.at)
        if word is None:
            self.fail(f"`{first}` was not expected", hint="Put a backslash before it, or quote the text.")
        self.at = word.end()
        return Exists(start) if word[0] == "*" else _literal(word[0], start)

    def phrase(self) -> Literal:
        """Text in double quotes."""
        start = self.at
        end = _closing(self.text, start, '"')
        if end is None:
            self.fail("This quote is never closed", at=start)
        self.at = end + 1
        return Literal(_unescaped(self.text[start + 1 : end]), start)

    def range(self) -> Range:
        """Two bounds in brackets."""
        start = self.at
        opened = self.text[start] == "["
        self.at += 1
        low, low_at = self.bound()
        if not self.more() or not re.compile(r"TO(?=\s)").match(self.text, self.at):
            self.fail("`TO` was expected", hint="A range is written [low TO high].")
        self.at += 2
        high, high_at = self.bound()
        if not self.more() or self.text[self.at] not in "]}":
            self.fail("This range is never closed", at=start)
        closed = self.text[self.at] == "]"
        self.at += 1
        return Range(Bound(low, opened, low_at), Bound(high, closed, high_at), start)

    def bound(self) -> tuple[str | None, int]:
        """One end of a range and where it stands; None is open."""
        self.more()
        at, found = self.at, _BOUND.match(self.text, self.at)
        if found is None:
            self.fail("A bound was expected", hint="A range is written [low TO high]; * is an open end.")
        self.at = found.end()
        return (None if found[0] == "*" else _bare(found[0])), at

    def comparison(self) -> Range:
        """`>=`, `>`, `<=` or `<` and a bound."""
        start = self.at
        sign = self.text[start]
        self.at += 1
        inclusive = self.text.startswith("=", self.at)
        self.at += inclusive
        at, found = self.at, _BOUND.match(self.text, self.at)
        if found is None:
            self.fail("A value was expected after the comparison")
        self.at = found.end()
        given, free = Bound(_bare(found[0]), inclusive, at), Bound(None, inclusive=True, position=at)
        return Range(given, free, start) if sign == ">" else Range(free, given, start)

    def peek(self, *names: str) -> bool:
        """Whether one of these operators comes next."""
        found = _OPERATOR.match(self.text, self.at) if self.more() else None
        return found is not None and found[1] in names

    def operator(self, *names: str) -> bool:
        """Take one of these operators if it comes next."""
        if not self.peek(*names):
            return False
        self.at += len(_OPERATOR.match(self.text, self.at)[1])  # type: ignore[index]  # peek has seen it
        return True

    def sign(self) -> bool:
        """Take a `-` or `!` that negates what follows it closely."""
        following = self.text[self.at + 1 : self.at + 2]
        if self.text[self.at] in "-!" and following and not following.isspace():
            self.at += 1
            return True
        return False


def _given(node: Node, name: str) -> Node:
    """The tree with a field for every term that names none: `field:(a OR b)`."""
    match node:
        case Term(field="", value=value, position=position):
            return Term(name, value, position)
        case Term():
            return node
        case Not(part=part):
            return Not(_given(part, name))
        case All(parts=parts):
            return All(tuple(_given(part, name) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(_given(part, name) for part in parts))


def _closing(text: str, start: int, mark: str) -> int | None:
    at = start + 1
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == mark and (mark == '"' or text[at + 1 : at + 2] in _ENDS):
            return at
        at += 1
    return None


def _literal(word: str, position: int) -> Literal:
    like, wild = "", False
    characters = iter(word)
    for character in characters:
        if character in _WILDCARDS:
            like, wild = like + _WILDCARDS[character], True
        else:
            literal = next(characters) if character == "\\" else character
            like += _LIKE_LITERAL.get(literal, literal)
    return Literal(_unescaped(word), position, like if wild else "")


def _bare(text: str) -> str:
    return _unescaped(text[1:-1] if text[0] == '"' and len(text) > 1 else text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
