"""Times as texts into nanoseconds, by columns: equal shapes are read together, digit by digit.

A *layout* is a regular expression in which `%Y %y %m %d %j %b %a %H %M %S %p %s` stand for what
`strptime` means by them (`%s`: the epoch in seconds, milli-, micro- or nanoseconds, distinguished by
the number of its digits), `%N` for a fraction, `%P` for AM or PM and `%Z` for a zone, each of which may be missing. A layout
is matched against one text of each shape (digits are alike, letters are alike); where it finds the
year there, every text of that shape has its year.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.time_words import month_of, zone_of

NAT = int(np.iinfo(np.int64).min)  # no time
LONGEST_TIMESTAMP = 64  # bytes; a longer text is no time
TIMESTAMP_SHAPES = 256  # in one call; texts of further shapes are not times but noise

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_MARGIN = DAY  # clocks may run ahead by a zone

Times = npt.NDArray[np.int64]
_Matrix = npt.NDArray[np.uint8]

_PLACEHOLDERS = {
    "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d{2})", "%m": r"(?P<m>\d{1,2})", "%d": r"(?P<d>\d{1,2})",
    "%b": r"(?P<b>[A-Za-z\x80-\xff]{3,20})\.?", "%a": r"[A-Za-z\x80-\xff]{2,20}\.?", "%j": r"(?P<j>\d{3})", "%H": r"(?P<H>\d{1,2})", "%M": r"(?P<M>\d{1,2})",
    "%S": r"(?P<S>\d{1,2})", "%p": r"(?P<p>[AaPp])\.?[Mm]\.?", "%N": r"(?:[.,:](?P<f>\d{1,9})\d*)?",
    "%s": r"(?P<e>\d{10}|\d{13}|\d{16}|\d{19})(?:[.,](?P<f>\d{1,9})\d*)?",
    "%P": r"(?:(?: |\xe2\x80\xaf|\xc2\xa0)?(?P<p>[AaPp])\.?[Mm]\.?)?",
    "%Z": r"(?: ?[\[(]?(?P<z>[+-]\d{2}:?\d{2}|[+-]\d{2}|(?:UTC|GMT)[+-]\d\d?(?::?\d\d)?|[A-Za-z_]+/[A-Za-z_/-]+|[A-Za-z]{1,5})"
    r"(?:(?<=\d) ?\(?[A-Z]{3,5})?[\])]?)?",
}  # fmt: skip

# Dates of numbers alone, by the order of year, month and day, which the date itself does not tell.
ORDERED: Mapping[str, tuple[str, ...]] = {
    "ymd": (r"%y[/-]%m[/-]%d[ ,T]+%H:%M:%S%N%P%Z",),
    "mdy": (
        r"%m[/-]%d[/-]%Y[ ,T:-]+%H:%M:%S%N%P%Z", r"%m[/-]%d[/-]%y[ ,T:-]+%H:%M:%S%N%P%Z", r"%m[./]%d %H:%M:%S%N",
    ),
    "dmy": (
        r"%d[/-]%m[/-]%Y[ ,T:-]+%H:%M:%S%N%P%Z", r"%d[/-]%m[/-]%y[ ,T:-]+%H:%M:%S%N%P%Z", r"%d[./]%m %H:%M:%S%N",
    ),
}  # fmt: skip
UNDECIDED = "?"  # for dates whose order nothing tells: they are not read

# In the order in which they are tried; the first that reads all texts of a shape is taken.
LAYOUTS = (
    r"%Y[-/.]%m[-/.]%d(?:[T _:,\t-]+| @ )%H[:.]%M(?:[:.]%S)?%N%P%Z",
    r"%Y(?P<m>\d\d)(?P<d>\d\d)[T _:.-]?(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)%N%Z",
    r"%Y(?P<m>\d\d)(?P<d>\d\d)(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)(?P<f>\d{3})%Z",
    r"%Y(?P<m>\d\d)(?P<d>\d\d)[T _:-]?%H:%M:%S%N%P%Z",
    r"%Y[-/.]?%j[T _:.-]+%H[:.]%M[:.]%S%N%Z",
    "%Y\xe5\xb9\xb4%m\xe6\x9c\x88%d\xe6\x97\xa5 ?%H:%M:%S%N%P%Z",  # 年月日, as the bytes of UTF-8
    r"%Y[-/ ]%b[-/ ]%d[T :,-]+%H:%M:%S%N%P%Z",
    r"%d\.?[-/ .]%b[-/ .,]+%Y[T :,-]+%H:%M:%S%N%P%Z",
    r"%d[-/ .]%b[-/ .]%y[ ,T]+%H:%M:%S%N%P%Z",
    r"%a,? %d\.?[- ]%b[- ]%Y %H:%M:%S%N%P%Z",
    r"(?P<z>[A-Z]{3,5}) %b %d (?:%Y )?%H:%M:%S%N",
    r"(?:%a,? )?%b %d,? %Y(?:,| @)? %H:%M:%S%N%P%Z",
    r"(?:%a,? )?%b %d %H:%M:%S%N%P%Z %Y",
    r"(?:%a,? )?%b %d %H:%M:%S%N %Y%Z",
    r"(?:%a,? )?%b %d %H:%M:%S%N%P%Z",
    r"(?:%a,? )?%d %b %H:%M:%S%N%P%Z",
    r"%d\.%m\.(?:%Y|%y)[ ,T]+%H:%M:%S%N%P%Z",
    *ORDERED["ymd"], *ORDERED["mdy"], *ORDERED["dmy"],
    r"%y%m%d +%H:?%M:?%S%N",
    r"%y(?P<m>\d\d)(?P<d>\d\d)(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)\.(?P<f>\d{3})",
    r"%m-%d %H:%M:%S%N",
    r"%s",
    r"%H:%M:%S%N%P%Z",
)  # fmt: skip

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_CODES = np.array([int.from_bytes(m.encode(), "big") for m in _MONTHS], np.int64)
_MONTH_ORDER = np.argsort(_MONTH_CODES)
_POWERS = 10 ** np.arange(19, dtype=np.int64)

# A number is a time only if it says one of this age of computers: what counts days or accounts says others.
_FIRST, _LAST = 631_152_000 * SECOND, 4_102_444_800 * SECOND


@dataclass(frozen=True, slots=True)
class Reference:
    """What a time may need that it does not say itself."""

    zone: tzinfo  # of times without one
    latest: int  # ns; a time without a year (or date) is the last such time before this, a day of grace
    day: int | None = None  # ns of the midnight that begins the date of times without a date
    order: str = ""  # of dates of numbers alone: of ORDERED, or UNDECIDED; empty: the first that reads them


def parse_times(texts: pa.Array, reference: Reference, layouts: Sequence[str] = LAYOUTS) -> Times:
    """Nanoseconds since the epoch of every text (strings or binary), NAT where it is no time."""
    found = np.full(len(texts), NAT, np.int64)
    if not len(texts):
        return found
    lengths = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    layouts = _of_order(tuple(layouts), reference.order)
    for length in np.flatnonzero(np.bincount(np.minimum(lengths, LONGEST_TIMESTAMP + 1))):
        if 0 < length <= LONGEST_TIMESTAMP:
            rows = np.flatnonzero(lengths == length)
            found[rows] = _read(_matrix(texts, rows, int(length)), reference, layouts)
    return found


@cache
def _of_order(layouts: tuple[str, ...], order: str) -> tuple[str, ...]:
    """The layouts without those of other orders."""
    others = {one for name, some in ORDERED.items() if order and name != order for one in some}
    return tuple(layout for layout in layouts if layout not in others)


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
    if matrix.shape[1] == _TAI and bool((matrix[:, 0] == ord("@")).all()):
        return _tai64n(matrix)
    found = np.full(len(matrix), NAT, np.int64)
    shapes = _shapes(matrix)
    waiting = np.arange(len(matrix))
    for _ in range(TIMESTAMP_SHAPES):
        first = shapes[waiting[0]]
        alike = (shapes[waiting] == first).all(axis=1)
        rows = waiting[alike]
        some = matrix if len(rows) == len(matrix) else matrix[rows]
        found[rows] = _read_alike(some, bytes(matrix[rows[0]]), reference, layouts)
        waiting = waiting[~alike]
        if not len(waiting):
            break
    return found


_TAI = 25  # characters of a TAI64N label
_TAI_AHEAD = (
    10 * SECOND
)  # of UTC in 1970, as its authors count (cr.yp.to/libtai/tai64.html); logs leave leap seconds out
_HEX = np.full(256, 255, np.uint8)
_HEX[[*b"0123456789abcdef"]] = np.arange(16)


def _tai64n(matrix: _Matrix) -> Times:
    """The times of `@4000…` and 23 more hexadecimal digits, as daemontools' multilog writes."""
    digits = _HEX[matrix[:, 1:]].astype(np.int64)
    powers = 16 ** np.arange(8, dtype=np.int64)[::-1]
    seconds, nanoseconds = digits[:, 8:16] @ powers, digits[:, 16:24] @ powers
    valid = (digits < 16).all(axis=1) & (digits[:, 0] == 4) & (digits[:, 1:8] == 0).all(axis=1)
    times = seconds * SECOND - _TAI_AHEAD + nanoseconds
    return np.where(valid & (nanoseconds < SECOND), times, NAT)


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
        offset = self._offset(local, reference.zone)
        utc = np.where(offset == NAT, NAT, local - offset)
        if "H" in self._spans and not ({"d", "b", "j"} & self._spans.keys()) and reference.day is None:
            utc = np.where(utc > reference.latest, utc - DAY, utc)
        return np.where(valid & dated & self._meant(utc), utc, NAT)

    def _meant(self, utc: Times) -> npt.NDArray[np.bool_]:
        """Which are not refused: for a zone that says nothing, or as digits alone that say another age."""
        known: npt.NDArray[np.bool_] = utc != NAT
        if "Y" in self._spans and "m" in self._spans and self._spans["Y"][1] == self._spans["m"][0]:
            known &= (utc >= _FIRST) & (utc < _LAST)
        return known

    def _number(self, name: str) -> Times:
        start, end = self._spans[name]
        value = np.zeros(len(self._matrix), np.int64)
        for column in range(start, end):
            value *= 10
            value += self._matrix[:, column] - ord("0")
        return value

    def _epoch(self) -> Times:
        start, end = self._spans["e"]
        times = self._number("e") * int(_POWERS[19 - (end - start)])
        if end - start == 10:
            times += self._fraction()
        return np.where((times >= _FIRST) & (times < _LAST), times, NAT)

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
        if "j" in self._spans:
            first, valid = _civil(
                self._number("Y"), np.ones(len(self._matrix), np.int64), np.ones(len(self._matrix), np.int64)
            )
            day = self._number("j")
            return first + day - 1, valid & (day >= 1) & (day <= 366)
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
        found = np.where(_MONTH_CODES[month] == code, month + 1, 0)
        return found if found.all() else self._month_by_name()

    def _month_by_name(self) -> Times:
        names, which = self._texts("b")
        return np.array([month_of(name) for name in names], np.int64)[which]

    def _texts(self, name: str) -> tuple[list[str], npt.NDArray[np.int64]]:
        """The distinct texts of a part, and which of them each row has."""
        start, end = self._spans[name]
        texts = np.ascontiguousarray(self._matrix[:, start:end]).view(f"S{end - start}").ravel()
        distinct, which = np.unique(texts, return_inverse=True)
        return [text.decode("utf-8", "replace") for text in distinct], which

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
        return self._named_offset(local, zone)

    def _named_offset(self, local: Times, reference: tzinfo) -> Times:
        """By the name of a zone; NAT where the name does not say which."""
        names, which = self._texts("z")
        offsets = np.full(len(local), NAT, np.int64)
        for number, name in enumerate(names):
            zone, rows = zone_of(name, reference), which == number
            if isinstance(zone, int):
                offsets[rows] = zone * 60 * SECOND
            elif zone is not None:
                offsets[rows] = zone_offsets(local[rows], zone)
        return offsets


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
