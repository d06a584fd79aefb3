"""Licence servers of the FlexNet kind (lmgrd and its vendor daemons): their debug logs and their licence files.

A line of the log has a clock alone; its `TIMESTAMP` lines state the day (month first), and past midnight it is the next. A refused
checkout is an error of the daemon. Of a licence file, a change is when a feature was issued, and when it expired: at the end of its
last day, in the zone of the server or in UTC: the file does not say by which the daemon goes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise

from lastgood.algorithms.time_words import month_of
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.dated import Clock, Days
from lastgood.decoding.tables.noted import decoded_notes
from lastgood.intake._registry import Source
from lastgood.model.clock import to_nanoseconds
from lastgood.model.signal import Signal

_LOOKED_AT = 16_384  # bytes
_MOST = 0.8  # of the lines with anything on them, at least
_LOG, _FILE = "licence daemon log", "licence file"
_LINE = re.compile(
    r"\s*(?P<h>\d\d?):(?P<m>[0-5]\d):(?P<s>[0-5]\d) \((?P<daemon>[A-Za-z][\w.-]*)\) (?P<text>\S.*)"
)
_OWN = re.compile(r'TIMESTAMP \d|(?:OUT|IN|DENIED|UNSUPPORTED|QUEUED): "|FLEX(?:net|lm)|EXTERNAL FILTERS')
_STAMP = re.compile(r"(?:TIMESTAMP |.*started on .*\()(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4})")
_CHECKOUT = re.compile(
    r'(?P<what>OUT|IN|DENIED|UNSUPPORTED|QUEUED): "(?P<feature>[^"]+)" (?:\([^()]*\) )?(?P<user>[^\s@]+)@(?P<host>\S+)'
)
_REFUSED = frozenset(["DENIED", "UNSUPPORTED"])
_BACK = timedelta(hours=6)  # by which a clock that falls back is past midnight
_KNOWN = re.compile(r"\s*(?:SERVER|VENDOR|DAEMON|USE_SERVER|FEATURE|INCREMENT|UPGRADE|PACKAGE|#)")
_DAY = r"(?P<{0}d>\d\d?)-(?P<{0}m>[A-Za-z]{{3}})-(?P<{0}y>\d{{4}})"
_FEATURE = re.compile(
    rf"\s*(?:FEATURE|INCREMENT) (?P<feature>\S+) (?P<daemon>\S+) \S+ (?:permanent|\d\d?-[A-Za-z]{{3}}-0+|0|{_DAY.format('e')}) \S+(?P<rest>.*)",
    re.IGNORECASE,
)
_ISSUED = re.compile(rf"\bISSUED={_DAY.format('i')}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of a log or a moment of a licence; `time` is 0 where no day is known."""

    place: int
    time: int
    daemon: str
    text: str
    state: str = ""  # of a licence: what came of it then
    feature: str = ""
    until: int = 0  # of what expired: the later end of its last day


def recognise(given: Input) -> Claim | None:
    """Nearly all lines have a clock and a daemon, one with its words; or are those of a licence file, one with a feature."""
    lines = [
        line for line in given.head[:_LOOKED_AT].decode("utf-8-sig", "replace").splitlines() if line.strip()
    ]
    if len(given.head) > _LOOKED_AT and len(lines) > 1:
        lines.pop()  # it may be cut
    logged_lines = [found for line in lines if (found := _LINE.match(line))]
    if len(logged_lines) >= max(1, _MOST * len(lines)) and any(
        _OWN.match(found["text"]) for found in logged_lines
    ):
        return Claim(_LOG, 0.95, f"{len(logged_lines)} lines of a clock and a licence daemon")
    whole = [line for _, line in _unfolded(lines)]
    features = sum(bool(_FEATURE.match(line)) for line in whole)
    if features and all(map(_KNOWN.match, whole)):
        return Claim(_FILE, 0.95, f"{features} features of a licence")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A log line for each line of a log; a change for each issue and expiry in a licence file."""
    if claim.format == _LOG:
        return decoded_notes(given, settings, _of_log, _line)
    now = to_nanoseconds(settings.now)
    return decoded_notes(given, settings, lambda text, days: _of_file(text, days, now), _licence)


def _of_log(text: str, days: Days) -> Iterator[_Entry]:
    """The lines, on the days that the stamps state; those above the first stamp are counted back from it."""
    found = [
        (number, match) for number, line in enumerate(text.splitlines(), 1) if (match := _LINE.match(line))
    ]
    clocks = [
        timedelta(hours=int(one["h"]), minutes=int(one["m"]), seconds=int(one["s"])) for _, one in found
    ]
    midnights = list(accumulate((a - b > _BACK for a, b in pairwise(clocks)), initial=0))
    stamps = [_stamped(one["text"]) for _, one in found]
    first = next((stamp - timedelta(midnights[n]) for n, stamp in enumerate(stamps) if stamp), None)
    for (number, one), clock, midnight, stamp in zip(found, clocks, midnights, stamps, strict=False):
        first = stamp - timedelta(midnight) if stamp else first
        time = (
            days.of(first + timedelta(midnight), Clock(clock, 0))
            if first and clock < timedelta(days=1)
            else 0
        )
        yield _Entry(number, time, one["daemon"], one["text"].strip())


def _stamped(text: str) -> date | None:
    found = _STAMP.match(text)
    return _date(found["year"], int(found["month"]), found["day"]) if found else None


def _date(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day)) if 1970 < int(year) < 2200 else None
    except ValueError:
        return None


def _line(entry: _Entry, services: Sequence[str], about: Mapping[str, str]) -> Iterator[Row]:
    del services, about
    checkout = _CHECKOUT.match(entry.text)
    told = checkout.groupdict() if checkout else {}
    yield logged(
        entry.text, entry.time, "ERROR" if told.get("what") in _REFUSED else "INFO", service=entry.daemon, source="licences",
        attributes={"licence.feature": told.get("feature"), "user.name": told.get("user"), "client.address": told.get("host")},
    )  # fmt: skip


def _unfolded(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines, each with those that a backslash joins to it, and where it begins, from 1."""
    held, begin = "", 0
    for number, line in enumerate(lines, 1):
        begin = begin if held else number
        held += line.rstrip().removesuffix("\\")
        if not line.rstrip().endswith("\\"):
            yield begin, held
            held = ""
    if held:
        yield begin, held


def _of_file(text: str, days: Days, now: int) -> Iterator[_Entry]:
    """What came of each feature until now: an expiry before an issue, as one line makes one entry."""
    found = [(number, one) for number, line in _unfolded(text.splitlines()) if (one := _FEATURE.match(line))]
    valid = {(one["feature"], one["daemon"]) for _, one in found if not 0 < _ends(one, days)[0] <= now}
    for number, one in found:
        (end, until), issued = _ends(one, days), _ISSUED.search(one["rest"])
        begun = days.of(day, Clock(timedelta(), 0)) if issued and (day := _named(issued, "i")) else 0
        rest = "; another licence of it stays valid" if (one["feature"], one["daemon"]) in valid else ""
        words, time = (f"expired{rest}", end) if 0 < end <= now else ("was issued", begun)
        if 0 < time <= now:
            yield _Entry(
                number,
                time,
                one["daemon"],
                f"the licence of {one['feature']} {words}",
                words.split(";")[0],
                one["feature"],
                until if time == end else 0,
            )


def _named(found: re.Match[str], prefix: str) -> date | None:
    year, month, day = (found[f"{prefix}{part}"] for part in "ymd")
    return _date(year, month_of(month) or 0, day) if year else None


def _ends(found: re.Match[str], days: Days) -> tuple[int, int]:
    """When a licence ends by the earlier and by the later clock, in nanoseconds; 0 for one that stays."""
    last = _named(found, "e")
    if last is None:
        return 0, 0
    after = last + timedelta(days=1)
    here = days.of(after, Clock(timedelta(), 0))
    universal = to_nanoseconds(datetime(after.year, after.month, after.day, tzinfo=UTC))
    return (min(here, universal), max(here, universal)) if here else (0, 0)


def _licence(entry: _Entry, services: Sequence[str], about: Mapping[str, str]) -> Iterator[Row]:
    del services
    yield change(
        "certificate", entry.time, until=entry.until or None, id=f"licence/{entry.daemon}/{entry.feature}/{entry.state}/{entry.time}", service=entry.daemon,
        state=entry.state.removeprefix("was "), title=entry.text, source="licences", attributes={"licence.feature": entry.feature, **about},
    )  # fmt: skip


SOURCE = Source("licences", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode, surest=0.95)
