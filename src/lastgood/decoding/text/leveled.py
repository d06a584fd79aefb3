"""Levels of events whose format knows none: in the head of the record, at the start of its second line, or in how a program dies.

A word is a level only where prose would not have it: behind brackets, names and numbers, in marks, in capitals, before a colon.
What is behind the first word of prose is the message, whatever words are in it.
"""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.text import severity as _severity
from lastgood.decoding.text.events import column, entries, with_column
from lastgood.decoding.text.formats import ANY_TEXT
from lastgood.decoding.text.plan import Format, Plan
from lastgood.decoding.text.structured import StructuredFormat

Mask = npt.NDArray[np.bool_]

_CAPITALS = (
    "TRACE|TRC|VERBOSE|DEBUG|DEBU|DBG|INFO|INF|INFORMATION|NOTICE|NOTE|WARN|WARNING|WARNI|WRN|ERROR|ERRO|ERR|SEVERE|FAILURE"
    "|CRITICAL|CRITI|CRIT|FATAL|FTL|DPANIC|PANIC|ALERT|EMERG|EMERGENCY|FINE|FINER|FINEST|CONFIG|SUCCESS|LOG|DEBUG[1-5]"
)
_WORDS = (
    "trace|verbose|debug|info|information|informational|notice|note|warn|warning|error|err|severe|failure|fail|critical|crit|fatal"
    "|panic|alert|emerg|emergency|warni|criti|trce|dbug|ftl|wrn|inf|dbg|trc|vrb"
)
# A part of a record's head: something in brackets, pairs and names that are no words, or a word before a bar or semicolon.
_PART = (
    r"(?:\[[^\[\]\n]*\]|\([^()\n]*\)|<[^<>\n]*>|\{[^{}\n]*\}"
    r"|[A-Za-z][\w-]*\([^()\n]*\)|[^\s\[\](){}<>|;\"']*[0-9_.:/#$=@-][^\s\[\](){}<>|;\"']*|[A-Za-z]+ ?[|;])"
)
_HEAD = (
    rf"^(?:{_PART}[\s|;:,-]*){{0,8}}?"
    rf"(?:[\[<(|*;]\s?(?P<marked>(?i:{_WORDS}))\s*[\]>)|*;]|[\[<|]\s?(?P<letter>[TDIWEFCN])\s?[\]>|]|(?P<capitals>{_CAPITALS})(?:[\s:\[\]|;,)/!]|$)|(?P<coloned>(?i:{_WORDS})|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION):(?:\s|$)"
    r"|%[A-Z][A-Z0-9_]*(?:-[A-Za-z][A-Za-z0-9_]*)*-(?P<device>[0-7])-[A-Z0-9_]+:)"  # as network devices name their messages
)
# Behind a name that has no sign in it, only in brackets of its own.
_BRACKETED = rf"^[\w.$-]+ \[(?P<bracketed>(?i:{_WORDS}))\s*\](?:\s|:|$)"
_PAIR = rf"(?i)(?:^|[\s,;{{\"'])(?:level|lvl|loglevel|log_level|severity|leveldisplayname)[\"']?\s{{0,20}}[:=]\s?[\"']?(?P<paired>{_WORDS})\b"
# Levels as Java's loggers write them in the languages that systems are set to, at the start of the second line.
_TRANSLATED = {
    "SCHWERWIEGEND": 17, "WARNUNG": 13, "INFORMATION": 9, "KONFIGURATION": 5, "FEIN": 5, "FEINER": 1, "AM FEINSTEN": 1,
    "GRAVE": 17, "AVERTISSEMENT": 13, "INFOS": 9, "INFO": 9, "PRÉCIS": 5, "PLUS PRÉCIS": 1, "LE PLUS PRÉCIS": 1,
    "ADVERTENCIA": 13, "INFORMACIÓN": 9, "INFORMACION": 9, "CONFIGURACIÓN": 5, "DETALLADO": 5, "MUY DETALLADO": 1,
    "AVVERTENZA": 13, "INFORMAZIONI": 9, "AVISO": 13, "INFORMAÇÕES": 9, "ADVERTÊNCIA": 13, "VARNING": 13, "ALLVARLIG": 17,
    "重大": 17, "致命的": 17, "警告": 13, "情報": 9, "設定": 5, "構成": 5, "普通": 5, "严重": 17, "信息": 9, "配置": 5, "詳細": 5, "详细": 5,
    "嚴重": 17, "資訊": 9, "심각": 17, "경고": 13, "정보": 9, "구성": 5,
}  # fmt: skip
_SECOND = (
    rf"^[^\n]*\n(?P<second>{_CAPITALS}|{'|'.join(sorted(_TRANSLATED, key=len, reverse=True))}) ?:(?:\s|$)"
)
# How programs say that they die: by a signal or their runtime, or by an exception that was not caught.
DEADLY = (
    r"panic: |fatal error: |.{0,40}\bgot signal \d+|Segmentation fault|\*\*\* Error in `|terminate called (?:after|without)"
    r"|[^\s:]+: [^\s:]+:\d+: .{0,200}Assertion .{0,200}failed|SIG(?:SEGV|ABRT|BUS|ILL): |# A fatal error has been detected|\S+: line \d+: +\d+ (?:Killed|Aborted|Segmentation fault)|Received signal \d+"
)
UNCAUGHT = (
    r"thread '[^'\n]*' (?:\(\d+\) )?panicked at |Traceback \(most recent call last\):|Exception in thread |Unhandled [Ee]xception"
    r"|(?:PHP )?Fatal error: |Uncaught |\*\* \((?:[A-Z]\w*\.)*[A-Z]\w*(?:Error|Exception)?\) |[^\s:]+:\d+:in [`'][^'\n]*': "
    r"|ERROR: AddressSanitizer"
)
_RAISED = r"(?:[A-Za-z_][\w$]*[.:]+)*[A-Z]\w*(?:Error|Exception)(?::\s|\s*$|\s*\n)"  # what was raised, before anything else
# An error of a kind in capitals, or by its number, as databases and platforms give it, also on a line below the first.
_NUMBERED = r"[A-Z]{2,8} [Ee]rror: |Error [A-Z]{1,3}-?\d{2,5}\b|(?:[^\n]*\n)??[A-Z]{3}-\d{5}: "
_DYING = rf"^\s*(?:(?P<deadly>{DEADLY})|(?P<uncaught>{UNCAUGHT}|{_RAISED}|{_NUMBERED}))"
_BEFORE = rf"^(?P<letter>[TDIWEFV])[|;,:/ ]*$|(?:^|[\s\[(<:|,;=*])(?:(?P<capitals>{_CAPITALS})|(?P<marked>(?i:{_WORDS})))(?:[\])>:|,;*]|\s*$|\s(?:REPORT))"
_TRANSPORT = "_TRANSPORT"  # of the journal, which gives the priority 6 to what programs print
# One quick search, without which most texts would be searched five times.
_MAYBE = (
    rf"(?:{_CAPITALS})|(?i:{_WORDS})\s*[\])>|:*;,\"']|[\[<|]\s?[TDIWEFCN]\s?[\]>|]|(?i:level|lvl|severity)|\n|Error|Exception"
    r"|panic|[Ff]atal|[Ss]ignal|Segmentation|terminate|ssertion|Unhandled|Uncaught|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION|\*\* "
    r"|SIG|:in [`']|%[A-Z]|-\d{5}: "
)


def with_levels(table: pa.Table, plan: Plan) -> pa.Table:
    """The events, those without a level with the one that their text tells; nothing is asked of formats that have none."""
    if not may_tell(plan):
        return table
    numbers = column(table, "SeverityNumber")
    rows = np.flatnonzero(_open(table, plan))
    if not len(rows):
        return table
    bodies = column(table, "Body")
    words, found = _reported(bodies if len(rows) == len(table) else bodies.take(pa.array(rows)))
    left = found == 0
    if left.any() and (before := _before(table, rows)) is not None:
        more = _words(before, _BEFORE, ("letter", "capitals", "marked"))
        levels = _severity.numbers_of(more)
        words, found = _where(left & (levels > 0), more, words), np.where(left, levels, found)
    left = found == 0
    if plan.level_place >= 0 and left.any():
        more = _at_place(bodies if len(rows) == len(table) else bodies.take(pa.array(rows)), plan.level_place)
        levels = _severity.numbers_of(more)
        words, found = _where(left & (levels > 0), more, words), np.where(left, levels, found)
    if not found.any():
        return table
    all_numbers = numbers.to_numpy().copy()
    all_numbers[rows[found > 0]] = found[found > 0]
    texts = column(table, "SeverityText").to_numpy(zero_copy_only=False).copy()
    texts[rows[found > 0]] = words[found > 0]
    table = with_column(table, "SeverityNumber", pa.array(all_numbers, pa.uint8()))
    return with_column(table, "SeverityText", pa.array(texts, pa.string()))


def _open(table: pa.Table, plan: Plan) -> Mask:
    """Which events have no level, or the `info` that consoles and the journal put where they know none."""
    mask: Mask = _severity.left_open(table).to_numpy(zero_copy_only=False).copy()
    owners, keys, values = entries(column(table, "LogAttributes"))
    rows = np.flatnonzero(pc.equal(keys, _TRANSPORT).to_numpy(zero_copy_only=False))
    if not (plan.exported or len(rows)):
        return mask
    weak = np.full(len(table), plan.exported)
    printed = pc.equal(values.take(pa.array(rows)), "stdout").to_numpy(zero_copy_only=False)
    weak[owners[rows[printed]]] = True
    info = column(table, "SeverityNumber").to_numpy() == _severity.INFO
    mask |= info & weak
    return mask


def may_tell(plan: Plan | None) -> bool:
    """Whether a file's formats leave open what level an event has."""
    return plan is not None and (any(map(_leaves_open, plan.formats)) or may_tell(plan.inner))


def _leaves_open(found: Format) -> bool:
    if isinstance(found, StructuredFormat) or found.rank <= ANY_TEXT or found.envelope:
        return True
    return any(name in {"level", "priority"} for name in getattr(found, "groups", ()))


def _reported(bodies: pa.Array) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.uint8]]:
    """The level of each text as written and as a number: of its head, of its second line, of its pairs, of how it dies."""
    words = np.full(len(bodies), "", object)
    numbers = np.zeros(len(bodies), np.uint8)
    maybe = np.flatnonzero(pc.match_substring_regex(bodies, _MAYBE).to_numpy(zero_copy_only=False))
    if 0 < len(maybe) < len(bodies):
        words[maybe], numbers[maybe] = _reported(bodies.take(pa.array(maybe)))
    if len(maybe) < len(bodies):
        return words, numbers
    for regex, groups in (
        (_HEAD, ("marked", "letter", "capitals", "coloned", "device")), (_BRACKETED, ("bracketed",)), (_SECOND, ("second",)), (_PAIR, ("paired",)),
    ):  # fmt: skip
        left = np.flatnonzero(numbers == 0)
        if not len(left):
            return words, numbers
        found = _words(bodies.take(pa.array(left)) if len(left) < len(bodies) else bodies, regex, groups)
        words[left] = found.to_numpy(zero_copy_only=False)
        numbers[left] = _severity.numbers_of(found, _OWN)
    left = np.flatnonzero(numbers == 0)
    deaths = pc.extract_regex(bodies.take(pa.array(left)), _DYING)
    for name, level, word in (
        ("deadly", _severity.CRITICAL, "FATAL"),
        ("uncaught", _severity.ERROR, "ERROR"),
    ):
        is_one = pc.fill_null(pc.greater(pc.binary_length(pc.struct_field(deaths, name)), 0), False)  # noqa: FBT003
        hit = left[is_one.to_numpy(zero_copy_only=False)]
        numbers[hit], words[hit] = level, word
    words[numbers == 0] = ""
    return words, numbers


_OWN = (
    {"context": 9, "query": 9, "location": 9}
    | {word.lower(): number for word, number in _TRANSLATED.items()}
    | {str(number): level for number, level in enumerate(_severity.SYSLOG)}
)


def _words(texts: pa.Array, regex: str, groups: tuple[str, ...]) -> pa.Array:
    """What the first of these groups that is there says in each text; empty where none is."""
    found = pc.extract_regex(texts, regex)
    parts = [pc.fill_null(pc.struct_field(found, name), "") for name in groups]
    return pc.coalesce(*(pc.if_else(pc.equal(part, ""), None, part) for part in parts), "")


def level_place(table: pa.Table) -> int:
    """Which word of texts without a level is one in nearly all of them; -1 where none is.

    Where prose has such a word it is now here, now there, and a word that never varies tells nothing.
    """
    numbers = column(table, "SeverityNumber")
    known = set(pc.unique(numbers).to_pylist()) - {0}
    bodies = column(table, "Body").filter(pc.equal(numbers, 0))
    pieces = [
        [piece for piece in _BETWEEN.split(text[:_FRONT]) if piece][:_PLACES] for text in bodies.to_pylist()
    ]
    for place in range(_PLACES):
        at = [words[place].lower() for words in pieces if len(words) > place]
        hits = [word for word in at if word in _COLUMN]
        if (
            len(hits) >= max(1, _NEARLY * len(pieces))
            and len(known | {_severity.number_of(word) for word in hits}) > 1
        ):
            return place
    return -1


def _at_place(texts: pa.Array, place: int) -> pa.Array:
    found = _words(texts, rf"^{_GAP}*(?:{_PIECE}+{_GAP}+){{{place}}}(?P<word>{_PIECE}+)", ("word",))
    return pc.if_else(pc.is_in(pc.utf8_lower(found), pa.array(sorted(_COLUMN))), found, "")


_GAP, _PIECE = r"[\s|;:,()\[\]<>\"'*=-]", r"[^\s|;:,()\[\]<>\"'*=-]"
_BETWEEN = re.compile(_GAP + "+")
_COLUMN = frozenset(
    "trace debug info information notice warn warning error severe critical fatal trc dbg inf wrn err ftl panic verbose".split()
)
_FRONT, _PLACES = 200, 8  # characters, words that are looked at
_NEARLY = 0.9  # of the texts


def _where(mask: Mask, these: pa.Array, others: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    return np.where(mask, these.to_numpy(zero_copy_only=False), others)


def _before(table: pa.Table, rows: npt.NDArray[np.int64]) -> pa.Array | None:
    """What stands before the time of these events; None where no event has anything there."""
    owners, keys, values = entries(column(table, "LogAttributes"))
    mine = pc.equal(keys, "log.before").to_numpy(zero_copy_only=False)
    if not mine.any():
        return None
    texts = np.full(len(table), "", object)
    texts[owners[mine]] = values.filter(pa.array(mine)).to_pylist()
    return pa.array(texts[rows], pa.string())
