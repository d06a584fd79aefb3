"""Names of data that another replaced or that are gone, rules of who may connect, zones and encodings that changed."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from lastgood.algorithms.diffs.checks import turned
from lastgood.algorithms.diffs.grammars import Form
from lastgood.algorithms.diffs.kinds import Effect
from lastgood.algorithms.diffs.kinds import EffectKind as K
from lastgood.algorithms.diffs.parts import Edits, Part, tokens
from lastgood.algorithms.diffs.rules import effect
from lastgood.algorithms.diffs.unified import Line, Role

_CONTRACTS = re.compile(r"\.(proto|avsc|graphql|thrift|xsd|wsdl)$|openapi|swagger|schema|serializer|(^|/)(dto|contracts?|messages?|events?|api|models?)/", re.IGNORECASE)  # fmt: skip
_QUOTED = re.compile(r"[\"'`:]([A-Za-z_][\w.\-]*)[\"'`]?$")
_ACCESS = re.compile(
    r"\b(cidr_blocks?|source_ranges|(in|e)gress|security_groups?|(from|to)_port|principals|podSelector|namespaceSelector|matchLabels|ipBlock|authorized_networks|allowed_(ips|cidrs|hosts|origins)|allow-?list|white-?list)\b",
    re.IGNORECASE,
)
# Zones, encodings and locales, by the names that they have everywhere.
_LOCALE = re.compile(
    r"\b(?:America|Europe|Asia|Africa|Australia|Pacific|Atlantic)/[A-Z]\w+|\b(?:ZoneOffset|ZoneId|DateTimeZone|timezone|pytz|time)\.(?:UTC|utc|Local|systemDefault)\b|(?<=\.)(?:UTC|Local)$"
    r"|\bZoneId\.of\b|\btz(?:info)? ?=|[\"'](?:UTC|GMT[+\-\d]*)[\"']|\b[Uu][Tt][Ff][_-]?(?:8|16)\w*\b|\b(?:latin|iso|ISO)[-_]?(?:8859[-_])?\d+\b|\b(?:cp|windows-)125\d\b"
    r"|\bCultureInfo\.\w+(?:\([^)]*\))?|\bLocale\.[A-Z]\w+|[\"'][a-z]{2}[-_][A-Z]{2}[\"']"
)
FIELD_LINES = 60  # of a run whose lines are held against each other


def field_effects(edits: Edits) -> Iterator[Effect]:
    """What an edit does to names of data, access and locales; and lines that differ in a condition alone."""
    locale = list(_locales(edits))
    yield from locale
    if edits.hunk.role is Role.CONFIG:
        yield from _access(edits)
    if edits.hunk.role is not Role.CONFIG or _CONTRACTS.search(edits.hunk.path):
        yield from _pairs(edits, renames=not locale)
        yield from _removed(edits)


def _locales(edits: Edits) -> Iterator[Effect]:
    """Text or times that are read and written in another zone, locale or encoding."""
    lost = [part for part in edits.lost if _spoken(part)]
    was, now = ({name for part in parts for name in _spoken(part)} for parts in (edits.lost, edits.got))
    if not lost or was == now:
        return
    instead = [part for part in edits.got if _spoken(part) or part.last in {one.last for one in lost}]
    if instead:
        reported = f"{lost[0].line.text.strip()[:55]} → {instead[0].line.text.strip()[:55]}"
        yield effect(edits, K.LOCALE_CHANGED, lost[0], reported)


def _spoken(part: Part) -> list[str]:
    """The zones, encodings and locales that a part names."""
    return [name.lower() for reported in (part.name, part.value) for name in _LOCALE.findall(reported)]


def _access(edits: Edits) -> Iterator[Effect]:
    """What rules of a firewall or a network policy take from those who may connect."""
    around = "\n".join(line.text for line in edits.hunk.lines)
    lost = [line for line in edits.hunk.before if _ACCESS.search(line.text)]
    kept = {line.text.strip() for line in edits.hunk.after}
    if not lost and re.search(r"\b(ingress|egress|podSelector)\b", around):
        lost = [line for line in edits.hunk.before if re.search(r"matchLabels|^\s+[\w./-]+: ", line.text)]
    if gone := next((line for line in lost if line.text.strip() not in kept), None):
        yield Effect(
            K.ACCESS_CHANGED, edits.hunk.path, gone.text.strip()[:160], gone.number, gone.text.strip()[:80]
        )


def _pairs(edits: Edits, *, renames: bool) -> Iterator[Effect]:
    """Lines that stand for each other: a name that another replaced, a condition that turned."""
    path = edits.hunk.path
    runs = [(b, a) for b, a in edits.hunk.runs() if len(b) == len(a) <= FIELD_LINES]
    if not runs:
        return
    sides = (tokens(edits.hunk.side("-"), path), tokens(edits.hunk.side("+"), path))
    signs = [
        dict(zip(map(id, edits.hunk.side(sign)), side, strict=True))
        for sign, side in zip("-+", sides, strict=True)
    ]
    renamed: set[tuple[str, str]] = set()
    for before, after in runs:
        for old, new in zip(before, after, strict=True):
            was, now = signs[0][id(old)], signs[1][id(new)]
            plain = [[text for text, _ in side] for side in (was, now)]
            if turned(*plain) and not _moved(old, edits):
                yield _of_line(
                    edits, K.CONDITION_CHANGED, new, f"{old.text.strip()[:55]} → {new.text.strip()[:55]}"
                )
                return
            if renames and (found := _renamed(was, now, old, edits)) and found not in renamed:
                renamed.add(found)
    if len(renamed) == 1:
        ((a, b),) = renamed
        line = next(line for line in edits.hunk.after if b in line.text)
        yield _of_line(edits, K.FIELD_RENAMED, line, f"{a} → {b}")


def _moved(old: Line, edits: Edits) -> bool:
    return any(old.text.strip() == line.text.strip() for line in edits.hunk.after)


def _of_line(edits: Edits, kind: K, line: Line, what: str) -> Effect:
    return Effect(
        kind,
        edits.hunk.path,
        line.text.strip()[:160],
        line.number,
        what[:120],
        function=edits.hunk.heading[:80],
    )


_IMPORTS = re.compile(r"\s*(from|import|use|using|require\w*|package|include|export\b.*\bfrom)\b")


def _renamed(
    was: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]], line: Line, edits: Edits
) -> tuple[str, str] | None:
    """The name of data that another replaced, where nothing else of the line is different."""
    if len(was) != len(now) or _IMPORTS.match(line.text):
        return None
    places = [n for n, (a, b) in enumerate(zip(was, now, strict=True)) if a[0] != b[0]]
    if len({(was[n][0], now[n][0]) for n in places}) != 1:
        return None
    n = places[0]
    a, b = (_data_name(side, n, line, edits) for side in (was, now))
    return (a, b) if a and b and a != b else None


def _data_name(signs: Sequence[tuple[str, str]], n: int, line: Line, edits: Edits) -> str:
    """The name of data at one place of a line; empty where it is a variable, a function or a text for people."""
    text, _ = signs[n]
    before, after = (signs[n - 1][0] if n else ""), (signs[n + 1][0] if n + 1 < len(signs) else "")
    if tagged := re.search(r"\bjson:\"([\w.\-]+)", text):
        return tagged[1]
    if quoted := re.fullmatch(r"[\"'`]([A-Za-z_][\w.\-]*)[\"'`]", text):
        return quoted[1] if _keyed(before, after, signs) else ""
    if not re.fullmatch(r"[A-Za-z_][\w\-]*", text) or after in {"(", "!"}:
        return ""
    if before in {".", "?.", "&.", "->"}:
        own = signs[n - 2][0][:1].isupper() if n > 1 else False  # a constant of a type
        return "" if own or text.lower() in edits.made else text
    declares = after in {":", "?"} or (after == "=" and re.search(r"= \d+;", line.text))
    return text if declares and _CONTRACTS.search(edits.hunk.path) else ""


def _keyed(before: str, after: str, signs: Sequence[tuple[str, str]]) -> bool:
    """Whether a text in quotes names data: a key, what is looked up, what an annotation calls a field."""
    said = " ".join(text for text, _ in signs)
    return (
        after in {":", "=>"}
        or (before == "[" and after == "]")
        or bool(re.search(r"rename|JsonProperty|SerializedName|column|Column|@Json|alias", said))
        or (before == "(" and bool(re.search(r"\bget\w* \(", said, re.IGNORECASE)))
    )


def _removed(edits: Edits) -> Iterator[Effect]:
    """A field that is gone, where nothing came."""
    if not _CONTRACTS.search(edits.hunk.path) or edits.hunk.role not in {Role.CODE, Role.CONFIG}:
        return
    lost = [part for part in edits.lost if _is_field(part)]
    came = [part for part in edits.got if _is_field(part)]
    if lost and not came and not edits.hunk.after:
        yield effect(edits, K.FIELD_REMOVED, lost[0])
    for old, new in zip_longest(edits.lost, edits.got):
        if old and new and old.name == new.name and re.match(r"attributes?|fields|only", old.last):
            gone = set(re.findall(r"\w+", old.value)) - set(re.findall(r"\w+", new.value))
            if gone:
                yield effect(edits, K.FIELD_REMOVED, old, f"{', '.join(sorted(gone))} is gone")


def _is_field(part: Part) -> bool:
    return part.form is Form.FIELD or (
        part.form is Form.SETTING
        and bool(re.search(rf"[\"']?{re.escape(part.name)}[\"']?\??\s*:", part.line.text))
    )
