"""A terminal's output line by line: dates, headers, rows, lists of figures, and what else was said meanwhile."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from lastgood.decoding.quantities import quantity
from lastgood.decoding.terminal import cells
from lastgood.decoding.terminal.clock import Clock, without_time
from lastgood.decoding.terminal.known import UNANSWERED
from lastgood.decoding.terminal.measures import Value, is_short, of_gpu, of_list, of_pair, of_row

_AVERAGE = re.compile(r"\s*(?:Average|Summary|Moyenne|Durchschn\.?|Media)\b ?:")
_RESTART = re.compile(r"\s*(?:LINUX )?RESTART\b", re.IGNORECASE)
_PROMPT = re.compile(
    r"\s*(?:\S+@\S+[^$#%>]{0,80}[$#%>]|[$%>\u276f]|PS [^>]{0,80}>|mysql>|\w+=[#>])\s+(?P<command>\S.*)"
)
_NAMESPACE = re.compile(r"(?:\s-n[ =]?|--namespace[ =])(?P<name>[a-z0-9][a-z0-9-]*)")
_LOAD = re.compile(
    r"load av(?:erages?|gs?):\s*(?P<one>\d+[.,]\d+),?\s+(?P<five>\d+[.,]\d+),?\s+(?P<fifteen>\d+[.,]\d+)"
)
_TIME_OF_DAY = re.compile(r"(?<![+:\d])\d\d:\d\d:\d\d(?=\s|$)")
_HOP = re.compile(r"^\s*HOST: (?P<host>\S+)\s")
_HOPS = re.compile(r"\s*\d+\.")
_LIST = re.compile(r"\s*(?P<label>[A-Za-z%][\w ()%/.]{0,40}?)\s*:\s+(?P<list>\S.*)")
_COUNTED = re.compile(
    r"\s*(?P<number>\d[\d.,]*\s?(?:%|[kKMGT]i?B?\b)?)(?:\s+|(?<=%))(?P<name>[A-Za-z][\w/ %.-]{0,60}?)\s*"
)
_NAMED = re.compile(r"\s*(?P<name>[A-Za-z][\w/ .-]{0,40}?)\s+(?P<number>\d[\d.]*%?)\s*")
_PAIR = re.compile(r"\s*(?P<name>[A-Za-z_][\w .()/%-]{0,80}?)\s*[:=]\s*(?P<value>\S.{0,60}?)\s*")
_PROSE = re.compile(r"(?P<indent>\s{2,})(?P<number>\d+)\s(?P<name>[A-Za-z][\w ,()/'-]{4,120})")
_SECTION = re.compile(r"(?:# )?(?P<name>[A-Z][A-Za-z0-9 ]{1,30}):?\s*")
_SERVER_TIME = re.compile(r"server_time_usec:(?P<time>\d{16})\s*")
_TROUBLE = re.compile(
    r"\b(?:error|fail\w*|unable|cannot|refused|timed? ?out|denied|not (?:available|found|ready)|unavailable|unreachable)\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"Timeout: [\d.]+ seconds|\d+ rows? in set|\(\d+ rows?\)|Listing ")
_UNWELL = re.compile(
    r"Error|BackOff|OOMKilled|Evicted|Unknown|Invalid|Failed|NotReady|Err\w+|Dead|unhealthy|Exited",
    re.IGNORECASE,
)
_PROGRAMS = (("redis_version:", "redis"), ("Total: ", "ss"))
AHEAD = 6  # rows that are looked at below a header


class Kind(Enum):
    """What a line is."""

    BLANK = "blank"
    FRAME = "frame"  # a header, a border, a date
    ROW = "row"
    SAID = "said"  # a line of prose at a known time
    RESTART = "restart"
    OTHER = "other"  # nothing that is understood


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, when, and what it measures."""

    number: int
    kind: Kind
    text: str = ""
    time: int | None = None
    values: tuple[Value, ...] = ()
    unwell: str = ""  # what a column of states says, where it is none of a healthy one


@dataclass
class Reader:
    """Reads lines one after the other."""

    clock: Clock
    namespace: str = ""
    _header: cells.Header | None = None
    _section: str = ""
    _program: str = ""

    def read(self, lines: Sequence[str]) -> Iterator[Line]:
        """What each line is."""
        for place, line in enumerate(lines):
            yield self._line(place + 1, line, lines, place)

    def _line(self, number: int, line: str, lines: Sequence[str], place: int) -> Line:
        if not line.strip():
            return Line(number, Kind.BLANK)
        if summary := self._summary(line):
            return Line(number, Kind.ROW, line, self.clock.now, summary)
        if cells.is_rule(line) or self.clock.system(line) or self.clock.line(line):
            return Line(number, Kind.FRAME)
        time, rest = self.clock.parted(line)
        if time is not None and _RESTART.match(rest):
            return Line(number, Kind.RESTART, rest.strip(), time)
        if _AVERAGE.match(rest) or self._prompted(rest):
            return Line(number, Kind.FRAME)
        when = time if time is not None else self.clock.now
        below = lines[place + 1 : place + 1 + 3 * AHEAD]
        return self._figures(Line(number, Kind.OTHER, rest, when), below, alone=time is not None)

    def _prompted(self, rest: str) -> bool:
        """Whether a line is a command that a user typed, which may name a namespace."""
        prompt = _PROMPT.fullmatch(rest)
        if prompt and (space := _NAMESPACE.search(prompt["command"])):
            self.namespace = space["name"]
        return prompt is not None

    def _figures(self, line: Line, below: Sequence[str], *, alone: bool) -> Line:
        """A header, a row, a list; `alone`: the line has a time of its own, so that it may be one of a log."""
        number, rest, when = line.number, line.text, line.time
        if hop := _HOP.match(rest):
            self.clock.host = hop["host"]
            rest = rest.replace("HOST:", "HOP  ").replace(f" {hop['host']} ", " HOST ", 1)
        if cells.names_columns(rest):
            rows, timed = _rows_below(below)
            if header := cells.header(rest, rows, timed=timed):
                self._header, self.clock.zone = header, header.zone
                return Line(number, Kind.FRAME)
        values = (
            tuple(of_gpu(rest))
            or self._row(rest, below)
            or (() if alone else self._list(rest) or self._pair(rest))
        )
        if values:
            return Line(
                number,
                Kind.ROW if when is not None else Kind.OTHER,
                rest.strip(),
                when,
                values,
                self._unwell(rest),
            )
        if _HARMLESS.match(rest.strip()) or (self._program and _PAIR.fullmatch(rest)):
            return Line(number, Kind.FRAME)
        if (section := _SECTION.fullmatch(rest)) and rest[:1].strip():
            self._section, self._header = section["name"], None
            return Line(number, Kind.FRAME)
        if when is not None and _TROUBLE.search(rest):
            return Line(number, Kind.SAID, rest.strip(), when)
        return Line(number, Kind.OTHER, rest.strip(), when)

    def _summary(self, line: str) -> tuple[Value, ...]:
        """The line of `uptime`, with which `top` begins too, and its time."""
        found = _LOAD.search(line)
        if found is None:
            return ()
        times = _TIME_OF_DAY.findall(line)
        if times:
            self.clock.now = self.clock.time(times[-1] if line.startswith("last pid") else times[0])
        self._header = None
        text = {name: found[name].replace(",", ".") for name in ("one", "five", "fifteen")}
        return tuple(of_row(("ldavg-1", "ldavg-5", "ldavg-15", "runq-sz"), (*text.values(), "-")))

    def _row(self, rest: str, below: Sequence[str]) -> tuple[Value, ...]:
        header = self._header
        if header is None:
            return ()
        found = header.split(rest)
        if found is None or len(found) < 2:
            return ()
        labelled = (len(found) == len(header.names) + 1 and found[0].endswith(":")) or is_short(
            header.names, found
        )
        if len(found) != len(header.names) and not labelled:
            return ()
        values = tuple(of_row(header.names, found, self._rest))
        arrived = not below or not _HOPS.match(
            below[0]
        )  # only what does not come back from the last hop is lost
        lost = [one for one in values if arrived and one.metric == UNANSWERED]
        return (*values, *(replace(one, metric="network.packet.loss.ratio") for one in lost))

    def _unwell(self, rest: str) -> str:
        """What a row of states says that no healthy one does: of which thing, and what it is."""
        found = self._header.split(rest) if self._header else None
        if self._header is None or found is None or len(found) != len(self._header.names):
            return ""
        row = dict(zip((name.lower() for name in self._header.names), found, strict=True))
        state = row.get("status") or row.get("state") or ""
        return f"{row.get('name') or found[0]} is {state}" if _UNWELL.search(state) else ""

    @property
    def _rest(self) -> str:
        """What figures of an unknown owner are called after."""
        return ".".join(
            filter(
                None, (self._program, self._section.lower().replace(" ", "_") if not self._program else "")
            )
        )

    def _list(self, rest: str) -> tuple[Value, ...]:
        found = _LIST.fullmatch(rest)
        if found is None:
            return ()
        row: dict[str, str] = {}
        reported = re.sub(
            r"(?<=\d),(?=\d)", ".", found["list"]
        )  # decimal commas: those between figures have blanks
        for part in re.split(r"[,()]|\.(?=\s)", reported):
            if counted := _COUNTED.fullmatch(part):
                row.setdefault(counted["name"], counted["number"].replace(" ", ""))
            elif (named := _NAMED.fullmatch(part)) and row:
                row.setdefault(named["name"], named["number"])
            elif part.strip() and quantity(part):
                row.setdefault("total", part.strip())
            elif part.strip():
                return ()
        return tuple(of_list(found["label"], row, self._rest)) if len(row) > 1 else ()

    def _pair(self, rest: str) -> tuple[Value, ...]:
        if reported := _SERVER_TIME.fullmatch(rest.strip()):
            self.clock.now = int(reported["time"]) * 1000
        self._program = next((name for begins, name in _PROGRAMS if rest.startswith(begins)), self._program)
        if prose := _PROSE.fullmatch(rest):
            name, text = prose["name"], prose["number"]
        elif pair := _PAIR.fullmatch(rest):
            name, text = pair["name"], pair["value"]
        else:
            return ()
        return tuple(of_pair(self._program, self._section, name, text))


def _rows_below(below: Sequence[str]) -> tuple[list[str], bool]:
    """The next rows, without their times, and whether they had any."""
    found: list[str] = []
    timed = False
    for line in below:
        if cells.is_rule(line) or (not line.strip() and not found):
            continue
        rest = without_time(line)
        if (
            not rest.strip()
            or _AVERAGE.match(rest)
            or len(found) == AHEAD
            or (found and cells.names_columns(rest))
        ):
            break
        timed = timed or rest != line
        found.append(rest)
    return found, timed
