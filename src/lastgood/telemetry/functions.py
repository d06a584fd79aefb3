"""Functions that typed SQL may name: those of `functions.toml`, wherever ClickHouse takes a function by its name.

A name is judged where it stands, not only where it is called: ClickHouse takes functions as arguments
(`arrayMap(upper, …)`), after APPLY, and some in a text (`arrayReduce('sum', …)`).
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlglot import Token, TokenType

OPEN, CLOSE = TokenType.L_PAREN, TokenType.R_PAREN
_TEXT = re.compile(r"'(\w+)(\([\d., ]*\))?'")  # an aggregate function with its parameters, in a text
_TYPE = re.compile(r"\w+|'[^']*'|[(),:]", re.ASCII)  # a part of `name:Type`
_NAME = re.compile(r"[A-Za-z_]\w*(\s+[A-Za-z_]\w*)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Functions:
    """The names of `functions.toml`, in lower case."""

    aggregates: frozenset[str]
    allowed: frozenset[str]  # the aggregates too
    outside: frozenset[str]  # what reaches outside: no name of anything
    refused: frozenset[str]  # what is known and not allowed: for the test alone
    taking_functions: frozenset[str]
    taking_texts: frozenset[str]
    combinators: tuple[str, ...]
    types: frozenset[str]
    words: frozenset[str]
    calls: frozenset[str]
    tables: frozenset[str]

    def aggregate(self, name: str) -> bool:
        """Whether it is an allowed aggregate function, with any combinators at its end."""
        if name.lower() in self.aggregates:
            return True
        ends = [one for one in self.combinators if name.lower().endswith(one) and len(name) > len(one)]
        return any(self.aggregate(name[: -len(one)]) for one in ends)

    def may_be_named(self, name: str) -> bool:
        """Whether it may stand where a function is expected."""
        return name.lower() in self.allowed or self.aggregate(name)

    def may_be_called(self, name: str, *, quoted: bool) -> bool:
        """Whether it may stand before a parenthesis."""
        word = name.lower().split()[-1] if name else ""
        if not quoted and word in self.words | self.calls | self.types | self.tables:
            return True
        return self.may_be_named(name)


@cache
def functions() -> Functions:
    """What `functions.toml` says."""
    text = files("lastgood.telemetry").joinpath("functions.toml").read_text("utf-8")
    lists = {
        part: {name: frozenset(names.lower().split()) for name, names in reported.items()}
        for part, reported in tomllib.loads(text).items()
    }
    syntax = lists["syntax"]
    return Functions(
        aggregates=lists["allowed"]["aggregates"],
        allowed=frozenset().union(*lists["allowed"].values()),
        outside=lists["refused"]["outside"],
        refused=frozenset().union(*lists["refused"].values()),
        taking_functions=lists["by_name"]["functions"],
        taking_texts=lists["by_name"]["texts"],
        combinators=tuple(sorted(syntax["combinators"])),
        types=syntax["types"],
        words=syntax["words"],
        calls=syntax["calls"],
        tables=syntax["tables"],
    )


def function_problems(tokens: Sequence[Token], sources: Sequence[str]) -> Iterator[tuple[Token, str]]:
    """Every name that stands for a function and may not, with why; `sources` are the tokens as they were typed."""
    for place, token in enumerate(tokens):
        name = named(token, sources[place])
        problem = ""
        if name.lower() in functions().outside:
            problem = f"{name} would reach outside the store; a column of that name needs another one"
        elif after(tokens, place) is OPEN:
            problem = _call_problem(tokens, sources, place, name)
        if not problem and name.lower() == "apply":
            problem = _applied_problem(tokens, sources, place)
        if problem:
            yield token, problem


def named(token: Token, source: str) -> str:
    """The name that a token is, quoted or not, a word of the language too; empty for anything else."""
    if token.token_type is TokenType.IDENTIFIER:
        return token.text
    return source if _NAME.fullmatch(source) else ""


def after(tokens: Sequence[Token], place: int, far: int = 1) -> TokenType | None:
    """The kind of a token after a place; None behind the end."""
    return tokens[place + far].token_type if place + far < len(tokens) else None


def _call_problem(tokens: Sequence[Token], sources: Sequence[str], place: int, name: str) -> str:
    if not name:
        return "" if tokens[place].token_type is not TokenType.R_BRACE else "A function cannot be bound"
    quoted = tokens[place].token_type is TokenType.IDENTIFIER
    if not functions().may_be_called(name, quoted=quoted):
        return f"The function {name} may not be called here: it is not on the list of those that only compute"
    if name.lower() == "exists" and after(tokens, place, 2) not in {TokenType.SELECT, TokenType.WITH}:
        return "EXISTS needs a SELECT"
    first = _first_argument(tokens, place + 1)
    if name.lower() in functions().taking_texts:
        text = _TEXT.fullmatch(sources[first[0]]) if len(first) == 1 else None
        if text is None or not functions().aggregate(text[1]):
            return f"{name} needs the name of an aggregate function as a plain text"
    if (
        name.lower() in functions().taking_functions
        and after(tokens, first[-1] if first else place + 1) is TokenType.COMMA
    ):
        return _passed_problem(tokens, sources, first, name)
    return ""


def _first_argument(tokens: Sequence[Token], opened: int) -> range:
    """The places of the tokens of the first argument behind an open parenthesis."""
    depth = 0
    for place in range(opened + 1, len(tokens)):
        kind = tokens[place].token_type
        if depth == 0 and kind in {TokenType.COMMA, CLOSE}:
            return range(opened + 1, place)
        depth += _step(kind)
    return range(opened + 1, len(tokens))


def _step(kind: TokenType) -> int:
    if kind in {OPEN, TokenType.L_BRACKET, TokenType.L_BRACE}:
        return 1
    return -(kind in {CLOSE, TokenType.R_BRACKET, TokenType.R_BRACE})


def _passed_problem(tokens: Sequence[Token], sources: Sequence[str], given: range, name: str) -> str:
    """What is wrong with the function that another is given: a lambda, or a name that is allowed."""
    given = _unwrapped(tokens, given)
    kinds, depth = [tokens[place].token_type for place in given], 0
    for kind in kinds:
        if depth == 0 and kind is TokenType.ARROW:
            return ""
        depth += _step(kind)
    if kinds == [TokenType.NUMBER]:  # of elements, as of arrayPartialSort
        return ""
    passed = named(tokens[given[0]], sources[given[0]]) if len(given) == 1 else ""
    if functions().may_be_named(passed):
        return ""
    return f"{name} needs a lambda first, such as x -> upper(x), or the name of a function that only computes"


def _unwrapped(tokens: Sequence[Token], given: range) -> range:
    """The same without parentheses around all of it."""
    while len(given) > 1 and tokens[given[0]].token_type is OPEN and _closing(tokens, given[0]) == given[-1]:
        given = given[1:-1]
    return given


def _closing(tokens: Sequence[Token], opened: int) -> int:
    depth = 0
    for place in range(opened, len(tokens)):
        depth += _step(tokens[place].token_type)
        if depth == 0:
            return place
    return -1


def _applied_problem(tokens: Sequence[Token], sources: Sequence[str], place: int) -> str:
    """What is wrong with the function behind APPLY."""
    place += 1
    while place < len(tokens) and tokens[place].token_type is OPEN:
        place += 1
    applied = named(tokens[place], sources[place]) if place < len(tokens) else ""
    if not applied or tokens[place].token_type is TokenType.FROM or after(tokens, place) is TokenType.ARROW:
        return ""
    if functions().may_be_named(applied):
        return ""
    return f"The function {applied} may not be applied here: it is not on the list of those that only compute"


def binding_problems(tokens: Sequence[Token], sources: Sequence[str]) -> Iterator[tuple[Token, str]]:
    """Every place for a bound value, `{name:Type}`, whose type is none: a name of anything cannot be bound."""
    inside = False
    for place, (token, source) in enumerate(zip(tokens, sources, strict=True)):
        if token.token_type is TokenType.L_BRACE:
            inside = (
                after(tokens, place) is not TokenType.STRING and after(tokens, place, 2) is TokenType.COLON
            )
        elif token.token_type is TokenType.R_BRACE:
            inside = False
        elif inside and (source.lower() == "identifier" or not _TYPE.fullmatch(source)):
            yield token, "Only a value of a type can be bound here, such as {name:String}"
