"""Templates: what a pattern's samples have in common, as people read it."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import islice

from lastgood.algorithms.patterns.keys import MAX_TOKENS
from lastgood.algorithms.patterns.scanning import headline, scan
from lastgood.algorithms.patterns.tokens import WILDCARD, Kind, Token

MAX_SAMPLES = 40  # folded into one template
MAX_PIECES = 2 * MAX_TOKENS  # of a sample, spaces included; aligning is quadratic
_BEFORE_SIGN = frozenset(" =:,([{<|/")
_FUNCTION = re.compile(r"[A-Za-z_]\w*")
_GLUED = re.compile(r"[A-Za-z0-9_]*<\*>(?:[A-Za-z0-9_]+|<\*>)*")
_RULED = re.compile(r"<\*>(?:(?:##|~+|\^)<\*>)+")
_PREFIXED = re.compile(r"\w*_-<\*>")
_LISTED = re.compile(r"<\*>(?:,? <\*>)+")


def template(samples: Iterable[str]) -> str:
    """The text that the samples share, with `<*>` where they differ and for every value."""
    pieces, ragged = folded(samples)
    return joined(_GLUED.sub(WILDCARD, "".join(pieces)), ragged=ragged)


def folded(samples: Iterable[str]) -> tuple[list[str], bool]:
    """The pieces that the samples share, and whether the samples had different lengths."""
    pieces: list[str] | None = None
    ragged = False
    for sample in islice(dict.fromkeys(samples), MAX_SAMPLES):
        shown = _shown(scan(headline(sample))[:MAX_PIECES])
        if pieces is None:
            pieces = shown
            continue
        pieces, differed = _fold(pieces, shown)
        ragged |= differed
    return pieces or [], ragged


def joined(text: str, *, ragged: bool) -> str:
    """A template with neighbouring wildcards made one."""
    text = _RULED.sub(WILDCARD, _PREFIXED.sub(WILDCARD, " ".join(text.split())))
    if ragged:
        text = _LISTED.sub(WILDCARD, text)
    before = ""
    while before != text:
        before = text
        text = text.replace("<*>.<*>", WILDCARD).replace("<*><*>", WILDCARD)
    return text


def _shown(tokens: Sequence[Token]) -> list[str]:
    """The pieces of one message, values as wildcards."""
    out: list[str] = []
    for place, token in enumerate(tokens):
        if not _is_shown_as_wildcard(tokens, place):
            out.append(token.text)
        elif _ends_with_sign(out) and token.text[0].isdigit():
            out[-1] = WILDCARD
        else:
            out.append(WILDCARD)
    return out


def _is_shown_as_wildcard(tokens: Sequence[Token], place: int) -> bool:
    kind, text = tokens[place]
    if kind is Kind.DOTTED:
        before = [token.text for token in tokens[max(0, place - 2) : place] if token.kind is not Kind.SPACE]
        return before[-1:] == ["="]
    calls = [token.text for token in tokens[place + 1 : place + 3]] == ["(", ")"]
    return kind is Kind.VALUE and not (calls and _FUNCTION.fullmatch(text))


def _ends_with_sign(pieces: list[str]) -> bool:
    return pieces[-1:] in (["-"], ["+"]) and (len(pieces) < 2 or pieces[-2] in _BEFORE_SIGN)


def _fold(one: list[str], other: list[str]) -> tuple[list[str], bool]:
    """What two lists of pieces share, and whether they had to be aligned."""
    if one == other:
        return one, False
    if [piece == " " for piece in one] == [piece == " " for piece in other]:
        return [a if a == b else WILDCARD for a, b in zip(one, other, strict=True)], False
    out: list[str] = []
    for change, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        out += one[a:b] if change == "equal" else _gap(one[a:b], other[c:d])
    return out, True


def _gap(one: list[str], other: list[str]) -> list[str]:
    """What stands for two stretches that differ: a wildcard, with the spaces around it that both have."""
    if set(one + other) == {" "}:
        return [" "]
    sides = [side for side in (one, other) if side]
    leading = all(side[0] == " " for side in sides)
    trailing = all(side[-1] == " " for side in sides) and any(len(side) > 1 for side in sides)
    return [" "] * leading + [WILDCARD] + [" "] * trailing
