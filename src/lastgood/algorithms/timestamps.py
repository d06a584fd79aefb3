"""Times as texts into nanoseconds, by columns: equal shapes are read together, digit by digit.

A *layout* is a regular expression in which `%Y %y %m %d %b %a %H %M %S %p %s` stand for what
`strptime` means by them (`%s`: the epoch in seconds, milli-, micro- or nanoseconds, told apart by
its size), `%N` for a fraction that may be missing and `%Z` for a zone that may be missing. A layout
is matched against one text of each shape (digits are alike, letters are alike); where it finds the
year there, every text of that shape has its year.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

NAT = int(np.iinfo(np.int64).min)  # no time
LONGEST = 64  # bytes; a longer text is no time
MOST_SHAPES = 256  # in one call; texts of further shapes are not times but noise

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_MARGIN = DAY  # clocks may run ahead by a zone

Times = npt.NDArray[np.int64]
_Matrix = npt.NDArray[np.uint8]

_PLACEHOLDERS = {
    "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d{2})", "%m": r"(?P<m>\d{1,2})", "%d": r"(?P<d>\d{1,2})",
    "%b": r"(?P<b>[A-Za-z]{3,9})\.?", "%a": r"[A-Za-z]{3,9}\.?", "%H": r"(?P<H>\d{1,2})", "%M": r"(?P<M>\d{1,2})",
    "%S": r"(?P<S>\d{1,2})", "%p": r"(?P<p>[AaPp])\.?[Mm]\.?", "%N": r"(?:[.,:](?P<f>\d{1,9})\d*)?",
    "%s": r"(?P<e>\d{9,19})(?:[.,](?P<f>\d{1,9})\d*)?",
    "%Z": r"(?: ?(?P<z>[+-]\d{2}:?\d{2}|[+-]\d{2}|[A-Za-z]{1,5}))?",
}  # fmt: skip

# In the order in which they are tried; the first that reads all texts of a shape is taken.
LAYOUTS = (
    r"%Y[-/.]%m[-/.]%d[T _:,-]+%H[:.]%M(?:[:.]%S)?%N%Z",
    r"%Y%m%d[T _:-]?%H:?%M:?%S%N%Z",
    r"%d[-/ .]%b[-/ .,]+%Y[T :,-]+%H:%M:%S%N%Z",
    r"%a,? %d[- ]%b[- ]%Y %H:%M:%S%N%Z",
    r"(?:%a,? )?%b %d,? %Y,? %H:%M:%S%N(?: ?%p)?%Z",
    r"(?:%a,? )?%b %d %H:%M:%S%N%Z %Y",
    r"(?:%a,? )?%b %d %H:%M:%S%N%Z",
    r"%d\.%m\.%Y[ ,T]+%H:%M:%S%N%Z",
    r"%m[/-]%d[/-]%Y[ ,T:]+%H:%M:%S%N(?: ?%p)?%Z",
    r"%d[/-]%m[/-]%Y[ ,T:]+%H:%M:%S%N(?: ?%p)?%Z",
    r"%y[/-]%m[/-]%d[ ,T]+%H:%M:%S%N%Z",
    r"%m/%d/%y[ ,T]+%H:%M:%S%N(?: ?%p)?%Z",
    r"%y%m%d +%H:?%M:?%S%N",
    r"%m[-./]%d %H:%M:%S%N",
    r"%s",
    r"%H:%M:%S%N(?: ?%p)?%Z",
)  # fmt: skip

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_CODES = np.array([int.from_bytes(m.encode(), "big") for m in _MONTHS], np.int64)
_MONTH_ORDER = np.argsort(_MONTH_CODES)
_POWERS = 10 ** np.arange(19, dtype=np.int64)

# Minutes east of Greenwich of the abbreviations that logs carry; others mean the zone passed in.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
    "MSK": 180, "IST": 330, "SGT": 480, "HKT": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660,
    "NZST": 720, "NZDT": 780, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """What a time may need that it does not say itself."""

    zone: tzinfo  # of times without one
    latest: int  # ns; a time without a year (or date) is the last such time before this, a day of grace
    day: int | None = None  # ns of the midnight that begins the date of times without a date


def parse_times(texts: pa.Array, reference: Reference, layouts: Sequence[str] = LAYOUTS) -> Times:
    """Nanoseconds since the epoch of every text (strings or binary), NAT where it is no time."""
    found = np.full(len(texts), NAT, np.int64)
    if not len(texts):
        return found
    lengths = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    for length in np.flatnonzero(np.bincount(np.minimum(lengths, LONGEST + 1))):
        if 0 < length <= LONGEST:
            rows = np.flatnonzero(lengths == length)
            found[rows] = _read(_matrix(texts, rows, int(length)), reference, tuple(layouts))
    return found


def _matrix(texts: pa.Array, rows: npt.NDArray[np.int64], length: int) -> _Matrix:
    _, offsets, values = texts.buffers()
    wide = pa.types.is_large_binary(texts.type) or pa.types.is_large_string(texts.type)
    starts = np.frombuffer(offsets, np.int64 if wide else np.int32)[texts.offset :][: len(texts)][rows]
    data = np.frombuffer(values, np.uint8)
    first = int(starts[0])
    if int(starts[-1]) - first == length * (len(rows) - 1):
        return data[first : first + length * len(rows)].reshape(len(rows), length)
    columns: npt.NDArray[np.int64] = np.arange(length, dtype=np.int64)
    return np.take(data, starts.astype(np.int64)[:, None] + columns)


def _read(matrix: _Matrix, reference: Reference, layouts: tuple[str, ...]) -> Times:
    found = np.full(len(matrix), NAT, np.int64)
    shapes = _shapes(matrix)
    waiting = np.arange(len(matrix))
    for _ in range(MOST_SHAPES):
        first = shapes[waiting[0]]
        alike = (shapes[waiting] == first).all(axis=1)
        rows = waiting[alike]
        some = matrix if len(rows) == len(matrix) else matrix[rows]
        found[rows] = _read_alike(some, bytes(matrix[rows[0]]), reference, layouts)
        waiting = waiting[~alike]
        if not len(waiting):
            break
    return found


_CLASSES = np.arange(256, dtype=np.uint8)
_CLASSES[ord("0") : ord("9") + 1] = ord("0")
_CLASSES[ord("a") : ord("z") + 1] = ord("a")
_CLASSES[ord("A") : ord("Z") + 1] = ord("a")


def _shapes(matrix: _Matrix) -> _Matrix:
    return _CLASSES[matrix]


def _read_alike(matrix: _Matrix, sample: bytes, reference: Reference, layouts: tuple[str, ...]) -> Times:
    best = np.full(len(matrix), NAT, np.int64)
    most = 0
    text = sample.decode("latin-1").strip()
    shift = len(sample) - len(sample.lstrip())
    for layout in layouts:
        match = compiled(layout).fullmatch(text)
        if match is None:
            continue
        spans = {
            name: (start + shift, end + shift)
            for name in match.re.groupindex
            if (start := match.start(name)) >= 0
            for end in (match.end(name),)
        }
        times = _Columns(matrix, spans).nanoseconds(reference)
        good = int((times != NAT).sum())
        if good > most:
            best, most = times, good
        if good == len(matrix):
            break
    return best


@cache
def compiled(layout: str) -> re.Pattern[str]:
    """The regular expression of a layout; its groups are the letters of the placeholders."""
    text = layout.replace(" ", r"\s+").replace(r"\s+?", r"\s*").replace(r"\s++", r"\s+")
    for placeholder, regex in _PLACEHOLDERS.items():
        text = text.replace(placeholder, regex.replace(" ?", r"\s*"))
    return re.compile(text)


class _Columns:
    """Texts of one shape, and where in them each part of the time is."""

    def __init__(self, matrix: _Matrix, spans: dict[str, tuple[int, int]]) -> None:
        self._matrix = matrix
        self._spans = spans

    def nanoseconds(self, reference: Reference) -> Times:
        if "e" in self._spans:
            return self._epoch()
        clock, valid = self._clock()
        days, dated = self._days(reference)
        local = days * DAY + clock
        utc = local - self._offset(local, reference.zone)
        if "H" in self._spans and not ({"d", "b"} & self._spans.keys()) and reference.day is None:
            utc = np.where(utc > reference.latest, utc - DAY, utc)
        return np.where(valid & dated, utc, NAT)

    def _number(self, name: str) -> Times:
        start, end = self._spans[name]
        value = np.zeros(len(self._matrix), np.int64)
        for column in range(start, end):
            value *= 10
            value += self._matrix[:, column] - ord("0")
        return value

    def _epoch(self) -> Times:
        start, end = self._spans["e"]
        digits = end - start
        scale = 0 if digits >= 18 else 3 if digits >= 15 else 6 if digits >= 12 else 9
        value = self._number("e")
        if scale == 9:
            return value * SECOND + self._fraction()
        if digits == 19:
            value = np.where(value < 0, NAT, value)
        return value * int(_POWERS[scale])

    def _fraction(self) -> Times:
        if "f" not in self._spans:
            return np.zeros(len(self._matrix), np.int64)
        start, end = self._spans["f"]
        return self._number("f") * int(_POWERS[9 - (end - start)])

    def _clock(self) -> tuple[Times, npt.NDArray[np.bool_]]:
        hour, minute = self._number("H"), self._number("M")
        second = self._number("S") if "S" in self._spans else np.zeros_like(hour)
        valid = (hour < 24) & (minute < 60) & (second <= 60)
        if "p" in self._spans:
            letter = self._matrix[:, self._spans["p"][0]] | 0x20
            valid &= (hour >= 1) & (hour <= 12)
            hour = hour % 12 + np.where(letter == ord("p"), 12, 0)
        return ((hour * 60 + minute) * 60 + second) * SECOND + self._fraction(), valid

    def _days(self, reference: Reference) -> tuple[Times, npt.NDArray[np.bool_]]:
        if "d" not in self._spans:
            midnight = reference.latest if reference.day is None else reference.day
            same = np.full(len(self._matrix), midnight // DAY, np.int64)
            return same, np.ones(len(self._matrix), np.bool_)
        month = self._month()
        day = self._number("d")
        if "Y" in self._spans:
            year = self._number("Y")
        elif "y" in self._spans:
            short = self._number("y")
            year = short + np.where(short < 70, 2000, 1900)
        else:
            return _latest(month, day, reference)
        return _civil(year, month, day)

    def _month(self) -> Times:
        if "b" not in self._spans:
            return self._number("m")
        start, _ = self._spans["b"]
        letters = (self._matrix[:, start : start + 3] | 0x20).astype(np.int64)
        code = (letters[:, 0] << 16) | (letters[:, 1] << 8) | letters[:, 2]
        at = np.minimum(np.searchsorted(_MONTH_CODES[_MONTH_ORDER], code), 11)
        month = _MONTH_ORDER[at]
        return np.where(_MONTH_CODES[month] == code, month + 1, 0)

    def _offset(self, local: Times, zone: tzinfo) -> Times:
        if "z" not in self._spans:
            return zone_offsets(local, zone)
        start, end = self._spans["z"]
        sign = self._matrix[0, start]
        if sign in b"+-":
            colon = 1 if self._matrix[0, min(start + 3, end - 1)] == ord(":") else 0
            hours = _Columns(self._matrix, {"h": (start + 1, start + 3)})._number("h")  # noqa: SLF001 - its own
            minutes = np.zeros_like(hours)
            if end - start > 3:
                at = start + 3 + colon
                minutes = _Columns(self._matrix, {"h": (at, at + 2)})._number("h")  # noqa: SLF001 - its own
            return (hours * 60 + minutes) * (60 * SECOND) * (-1 if sign == ord("-") else 1)
        return self._named_offset(local, zone, start, end)

    def _named_offset(self, local: Times, zone: tzinfo, start: int, end: int) -> Times:
        names = np.ascontiguousarray(self._matrix[:, start:end]).view(f"S{end - start}").ravel()
        offset = zone_offsets(local, zone)
        for name in np.unique(names):
            minutes = _ZONES.get(name.decode("latin-1").upper())
            if minutes is not None:
                offset = np.where(names == name, minutes * 60 * SECOND, offset)
        return offset


def _civil(year: Times, month: Times, day: Times) -> tuple[Times, npt.NDArray[np.bool_]]:
    """Days since the epoch of calendar dates, and which of them exist."""
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1678) & (year <= 2261)
    months = np.where(valid, (year - 1970) * 12 + month - 1, 0)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days_in = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - first
    valid &= day <= days_in
    return first + day - 1, valid


def _latest(month: Times, day: Times, reference: Reference) -> tuple[Times, npt.NDArray[np.bool_]]:
    """The last such dates that are not after the reference: December read in January is last year's."""
    year = (
        int(np.int64(reference.latest).astype("datetime64[ns]").astype("datetime64[Y]").astype(np.int64))
        + 1970
    )
    latest_day = (reference.latest + _MARGIN) // DAY
    days = np.zeros_like(month)
    valid = np.zeros(len(month), np.bool_)
    for back in range(9):  # 29 February may be eight years ago
        if valid.all():
            break
        tried, exists = _civil(np.full_like(month, year + 1 - back), month, day)
        take = exists & (tried <= latest_day) & ~valid
        days = np.where(take, tried, days)
        valid |= take
    return days, valid


def zone_offsets(local: Times, zone: tzinfo) -> Times:
    """Nanoseconds east of Greenwich at local times; looked up once for every quarter of an hour."""
    quarter = 900 * SECOND
    if zone.utcoffset(datetime(2026, 1, 1)) == zone.utcoffset(datetime(2026, 7, 1)) == timedelta():  # noqa: DTZ001 - local
        return np.zeros_like(local)
    distinct, which = np.unique(local // quarter, return_inverse=True)
    epoch = datetime(1970, 1, 1)  # noqa: DTZ001 - local times are what the zone is asked about
    offsets = [_seconds(zone.utcoffset(epoch + timedelta(seconds=int(q) * 900))) * SECOND for q in distinct]
    return np.array(offsets, np.int64)[which]


def _seconds(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) if offset is not None else 0
