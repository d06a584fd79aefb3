"""The plan: in which formats the lines of a file are, seen from its first thousand lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.text.event_xml import XML_EVENT
from lastgood.decoding.text.events import as_text, column, entries, first_lines
from lastgood.decoding.text.formats import ANY_TEXT, formats
from lastgood.decoding.text.security_events import CEF, LEEF
from lastgood.decoding.text.structured import JSON_LINES, LOGFMT
from lastgood.model.figures import count, percent

Mask = npt.NDArray[np.bool_]

SAMPLE = 1000  # lines
SCREENED = 60  # of them
ENOUGH = 0.2  # of the lines that could begin an event
ENOUGH_PARTICULAR = 0.04  # for the layouts of one software, whose events may have many lines
MOSTLY = 0.8
PARTICULAR, LAST_RESORT = 4, 0  # ranks
MOST_FORMATS = 6  # in one file
DEEPEST = 4  # envelopes within envelopes
FALLBACK = "time stamp first"  # always tried last, as a file may change its layout later
# Tried on what begins with a time and is in none of the formats seen: the odd lines of a file matter most.
WIDER = ("syslog RFC 3164", "syslog without a host", "Apache error", "nginx error", FALLBACK)

# What only the second and further lines of an event look like.
CONTINUATION = (
    r"^(?:\s|at |Caused by: |Traceback \(most recent|\.\.\. \d+ (?:more|common)|goroutine \d+ \[|[)}\]]+[;,]?\s*$"
    r"|(?:[A-Za-z_][\w.$]*\.)?[A-Z]\w*(?:Error|Exception|Exit|Interrupt)(?::|\s*$)|created by |During handling of|\s*$)"
)

# Words that begin messages but name no service.
_COMMON_WORDS = frozenset(
    """
    a an the no not new set got all and for from with this that user request response error errors
    warning info starting started stopping stopped start stop failed failing failure connecting
    connected connection connections received receiving sending sent processing processed handling
    handled using loading loaded listening closing closed opened opening could cannot unable
    creating created updating updated deleting deleted completed complete finished retrying retry
    invalid unexpected missing timeout timed shutting waiting running reading writing unknown added
    removed accepted rejected accepting registered executing executed begin end skip skipping found
    initializing initialized reloading fetching fetched call calling called slow trying successfully
    success msg message clientid error get post put delete patch head options
    """.split()
)
_NAME = re.compile(r"[A-Za-z][\w.:/-]*(?:\[[^\]]*\])?")


class Format(Protocol):
    """What can read lines: a text format, JSON lines, logfmt."""

    @property
    def name(self) -> str:
        """How reports call it."""

    @property
    def rank(self) -> int:
        """Whose turn is first where several match a line: the lower."""

    @property
    def multiline(self) -> bool:
        """Whether an event may go on over further lines."""

    @property
    def timeless(self) -> bool:
        """Whether it only says whose a line is, and the time is in the line."""

    @property
    def envelope(self) -> bool:
        """Whether it only wraps lines of another format."""

    @property
    def server(self) -> str:
        """The kind of server whose access log it is; empty where it is none of one."""

    @property
    def names(self) -> tuple[str, ...]:
        """The words that a mapping or a name of a file may use for it."""

    @property
    def joins(self) -> str:
        """The attribute of which neighbours with one value, at one time, are one event; empty where each line is one."""

    @property
    def changes(self) -> tuple[Mapping[str, str], ...]:
        """What bodies that say what was done to the system look like."""

    @property
    def details(self) -> tuple[str, ...]:
        """The attributes that `detailed` finds."""

    def reads_any(self, lines: pa.Array, texts: Sequence[bytes], reference: Reference) -> bool:
        """Whether any of a few lines is in this format; given as an array (binary) and one by one."""

    def match(self, lines: pa.Array, reference: Reference) -> tuple[Mask, pa.Table]:
        """Which of the lines are in this format, and the events of those."""

    def detailed(self, bodies: pa.Array) -> pa.Array:
        """Attributes found in whole events, one map a body."""


@dataclass(frozen=True)
class Plan:
    """The formats of a file, each line going to the first that reads it, and those of the bodies within."""

    formats: tuple[Format, ...]
    share: float  # of the sampled lines that could begin an event, those that do
    lines: int  # sampled
    inner: "Plan | None" = None
    says_whose: bool = False  # nearly every event names its service
    figures: bool = False  # the text of its events tells statuses or durations
    level_place: int = -1  # which word of its texts is their level, where no format knows it
    wider: tuple[Format, ...] = ()  # for lines with a time that none of the formats reads
    exported: bool = False  # the fields are the columns of a console, which win over what the message says

    @property
    def title(self) -> str:
        """Such as "Docker JSON lines > logfmt"."""
        mine = " + ".join(f.name for f in self.formats)
        return f"{mine} > {self.inner.title}" if self.inner else mine

    @property
    def because(self) -> str:
        """Why, in words."""
        first = f"the first {count(self.lines)} lines" if self.lines > 1 else "the only line"
        said = f"{percent(self.share)} of {first} match {self.formats[0].name}"
        return said + (f"; inside, {self.inner.because}" if self.inner else "")


@cache
def candidates() -> tuple[Format, ...]:
    """Every format, the particular ones first."""
    every: list[Format] = [JSON_LINES, LOGFMT, XML_EVENT, CEF, LEEF, *formats()]
    return tuple(sorted(every, key=lambda f: (-f.rank, f.name)))


def plan_of(lines: pa.Array, reference: Reference, depth: int = 0, *, owned: bool = False) -> Plan | None:
    """The plan for lines like these (binary), None when they are no log; `owned`: it is known whose they are."""
    if not len(lines):
        return None
    could = ~_continuing(lines)
    chosen: list[Format] = []
    begun = np.zeros(len(lines), np.bool_)
    tables: list[pa.Table] = []
    for found, mask, table in _best_first(lines, could, _Look(reference, depth, owned)):
        chosen.append(found)
        begun |= mask
        tables.append(table)
    considered = int((could | begun).sum())
    share = float(begun.sum()) / considered if considered else 0.0
    if not chosen or share < enough_of(chosen[0]):
        return None
    if depth and chosen[0].rank == LAST_RESORT and share < MOSTLY:
        return None  # a message that mentions a time is no line within a line
    wider = [f for f in candidates() if f.name in WIDER and f not in chosen]
    inner = None
    if depth < DEEPEST and chosen[0].envelope:
        bodies = column(pa.concat_tables(tables), "Body")
        # A JSON object without a message of its own is its message, and holds no other line.
        if not bodies.equals(pc.ascii_trim_whitespace(as_text(lines))):
            outer = pa.concat_tables(tables)
            inner = plan_of(
                first_lines(bodies)[0].cast(pa.binary()), reference, depth + 1, owned=owned or _owned(outer)
            )
    whose = pc.not_equal(column(pa.concat_tables(tables), "ServiceName"), "")
    named = pc.mean(whose.cast(pa.uint8())).as_py() >= MOSTLY or (inner is not None and inner.says_whose)
    return Plan(tuple(chosen), share, len(lines), inner, named, wider=tuple(wider))


def _continuing(lines: pa.Array) -> Mask:
    texts = as_text(lines)
    return pc.match_substring_regex(texts, CONTINUATION).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Look:
    """How formats are tried."""

    reference: Reference
    depth: int
    owned: bool


def _owned(events: pa.Table) -> bool:
    """Whether envelopes say whose their lines are."""
    _, keys, _ = entries(column(events, "ResourceAttributes"))
    named = pc.any(pc.not_equal(column(events, "ServiceName"), "")).as_py()
    return bool(named) or "k8s.pod.name" in keys.unique().to_pylist()


def _best_first(lines: pa.Array, could: Mask, look: _Look) -> Iterator[tuple[Format, Mask, pa.Table]]:
    """The format that reads most of the lines, then that which reads most of the rest, and so on."""
    rest = np.arange(len(lines))
    for turn in range(MOST_FORMATS):
        best = _best_of(lines.take(pa.array(rest)), could[rest], look, further=turn > 0)
        if best is None:
            return
        mask = np.zeros(len(lines), np.bool_)
        mask[rest[best[1]]] = True
        yield best[0], mask, best[2]
        rest = rest[~best[1]]
        if not len(rest):
            return


Tried = tuple[Format, Mask, pa.Table]


def _best_of(lines: pa.Array, could: Mask, look: _Look, *, further: bool) -> Tried | None:
    """The best format for some lines. Those for any text are dear to make ready, and tried only if they could be it."""
    tried: list[Tried] = []
    best: Tried | None = None
    for rank in (PARTICULAR, ANY_TEXT, LAST_RESORT):
        if rank == LAST_RESORT and (further or best is not None):
            break
        possible = _possible(lines, could, look.reference, rank)
        tried += [one for found in possible if (one := _tried(found, lines, look)) is not None]
        best = _best(tried, int(could.sum()), further=further)
        if best and best[0].rank >= PARTICULAR and best[1].sum() >= ENOUGH * could.sum():
            break
    return best


def _possible(lines: pa.Array, could: Mask, reference: Reference, rank: int) -> Iterator[Format]:
    """The formats of a rank that read any of a few lines from all over the sample; trying all lines costs far more."""
    begins = np.flatnonzero(could) if could.any() else np.arange(len(lines))
    few = lines.take(pa.array(begins[:: -(-len(begins) // SCREENED)]))
    texts = [text or b"" for text in few.to_pylist()]
    tier = (found for found in candidates() if (found.rank if found.rank <= ANY_TEXT else PARTICULAR) == rank)
    if rank <= ANY_TEXT and len(few) == len(lines):
        return tier  # to look at all lines is to try it
    return (found for found in tier if found.reads_any(few, texts, reference))


def _tried(found: Format, lines: pa.Array, look: _Look) -> Tried | None:
    if look.owned and "ServiceName" in found.names:
        return None  # what may be a service's name is a word of the message
    mask, table = found.match(lines, look.reference)
    if not mask.any() or not makes_sense(table) or not all(_are_names(column(table, n)) for n in found.names):
        return None
    if found.timeless:
        if not look.depth and mask.mean() < MOSTLY:
            return None  # what puts a name before lines puts it before every line
        inner = column(table, "Body").cast(pa.binary())
        known = plan_of(inner, look.reference, look.depth + 1, owned=True) if look.depth < DEEPEST else None
        return (found, mask, table) if known else None
    timed = pc.is_valid(column(table, "Timestamp")).to_numpy(zero_copy_only=False)
    return (found, mask, table) if timed.mean() >= 0.5 else None


def _best(tried: Sequence[Tried], begins: int, *, further: bool) -> Tried | None:
    """The most particular of those that read about as many lines as any; a last resort only alone.

    A further format of one software needs no more than one line: what has a time of its own continues nothing.
    """
    enough = [t for t in tried if t[1].sum() >= enough_of(t[0]) * begins]
    named = [t for t in enough if t[0].rank > LAST_RESORT]
    if further:
        named = [
            t
            for t in tried
            if t[0].rank >= PARTICULAR or (t in named and t[1].sum() >= max(3, ENOUGH * begins))
        ]
    pool = named or ([] if further else enough)
    if any(found.rank >= PARTICULAR and mask.sum() >= ENOUGH * begins for found, mask, _ in pool):
        pool = [t for t in pool if t[0].rank > ANY_TEXT]  # what no particular one reads is read by them later
    most = max((int(mask.sum()) for _, mask, _ in pool), default=0)
    close = [t for t in pool if t[1].sum() >= 0.8 * most]
    return max(close, key=lambda t: (t[0].rank, int(t[1].sum())), default=None)


def enough_of(found: Format) -> float:
    """The share of lines, of those that could begin an event, which a format must read."""
    return ENOUGH_PARTICULAR if found.rank >= PARTICULAR else ENOUGH


def _are_names(values: pa.Array) -> bool:
    """Whether these are names (of services, loggers) rather than the first words of messages."""
    given = [text for text in values.to_pylist() if text]
    distinct = set(given)
    common = sum(text.strip("[]:").lower() in _COMMON_WORDS for text in distinct)
    return (
        common <= len(distinct) / 20
        and len(distinct) <= max(3, len(given) / 4)
        and all(_NAME.fullmatch(text) for text in distinct)
    )


_LEVEL_WORDS = frozenset(
    "trace debug info notice warn warning error critical fatal severe trc dbg inf wrn err ftl".split()
)
_NO_NAME = r"[={}<>\"]|\d{4}-\d\d-\d\d|^\d\d:\d\d"
_SOURCE_FILE = r"\.(?:go|rs|py|rb|php|java|kt|scala|cs|cc|cpp|cxx|hpp|[jt]sx?|mjs|exs|erl|swift)$"
MANY_NAMES = 20  # lines, from which as many services as lines are none


def makes_sense(table: pa.Table) -> bool:
    """Whether what events say of themselves can be: a host that is called INFO shows that a line was cut wrongly."""
    services = pc.unique(column(table, "ServiceName"))
    odd = pc.match_substring_regex(services, _NO_NAME)
    files = pc.match_substring_regex(services, _SOURCE_FILE)
    levels = [name.lower() in _LEVEL_WORDS for name in services.to_pylist()]
    if (
        pc.any(odd).as_py()
        or pc.mean(files.cast(pa.uint8())).as_py() > 0.5
        or any(levels)
        or (len(table) >= MANY_NAMES and len(services) >= 0.8 * len(table))
    ):
        return False
    _, keys, values = entries(column(table, "ResourceAttributes"))
    hosts = pc.unique(values.filter(pc.equal(keys, "host.name"))).to_pylist()
    return not any(host.lower().strip(":[]") in _LEVEL_WORDS for host in hosts)
