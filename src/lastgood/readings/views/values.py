"""Values: requests of two windows by the value of one attribute: how many, how many failed, how slow."""

from dataclasses import dataclass
from typing import Any

from lastgood.algorithms.counts import wilson
from lastgood.model.judgement import Amount, Count
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.reader import Reader, Rows

VALUES_MOST = Count(40, "values of an attribute that are listed", "judgement: a page shows no more")
WORSE_LEVEL = Amount(
    0.95, "level of the intervals of two shares that must not meet", "judgement: the usual one"
)
NAMES_MOST = Count(200, "attributes that can be chosen", "judgement: a list shows no more")

_BY_VALUE = """
SELECT {value} AS value, countIf(phase = 'good') AS good, countIf(phase = 'good' AND failed) AS good_failed,
       quantileIf(0.95)(duration_ns, phase = 'good' AND duration_ns > 0) AS good_p95,
       countIf(phase = 'bad') AS bad, countIf(phase = 'bad' AND failed) AS bad_failed,
       quantileIf(0.95)(duration_ns, phase = 'bad' AND duration_ns > 0) AS bad_p95
FROM lg_requests WHERE phase != '' GROUP BY value ORDER BY bad_failed DESC, bad DESC, value LIMIT {most:UInt64}"""
_OF_ATTRIBUTE = "if(attributes[{name:String}] != '', attributes[{name:String}], resource[{name:String}])"
_NAMES = """
SELECT name, count() AS requests
FROM (SELECT arrayJoin(mapKeys(attributes)) AS name FROM lg_requests WHERE phase != '')
GROUP BY name ORDER BY requests DESC, name LIMIT {most:UInt64}"""
_COLUMNS = ("service", "operation", "instance", "version", "http_status")


@dataclass(frozen=True, slots=True)
class Side:
    """Requests of one window."""

    requests: int
    failed: int
    p95_ns: float | None  # None where no request has a duration


@dataclass(frozen=True, slots=True)
class ByValue:
    """Requests with one value of the attribute, in both windows."""

    value: str
    good: Side
    bad: Side

    @property
    def worse(self) -> bool:
        """Whether more fail than chance explains: the intervals of both shares do not meet; never without good ones."""
        if not self.bad.failed or not self.good.requests:
            return False
        usual = wilson(self.good.failed, self.good.requests, WORSE_LEVEL)
        return wilson(self.bad.failed, self.bad.requests, WORSE_LEVEL)[0] > usual[1]


def by_value(reader: Reader, comparison: Comparison, attribute: str) -> tuple[tuple[ByValue, ...], Rows]:
    """Requests by a column of theirs or an attribute, those with most failures first; and the rows as read."""
    column = attribute in _COLUMNS
    value = f"toString({attribute})" if column else _OF_ATTRIBUTE
    bound = {"most": VALUES_MOST} | ({} if column else {"name": attribute})
    sql = _BY_VALUE.replace("{value}", value)
    rows = reader.query(sql, bound, _whole(comparison), comparison=comparison)
    return tuple(map(_value, rows.dicts())), rows


def attribute_names(reader: Reader, comparison: Comparison) -> tuple[str, ...]:
    """What requests can be distinguished by: their columns, then their attributes, the most frequent first."""
    bound = {"most": NAMES_MOST}
    rows = reader.query(_NAMES, bound, _whole(comparison), comparison=comparison).dicts()
    return (*_COLUMNS, *(row["name"] for row in rows))


def _whole(comparison: Comparison) -> Window:
    return comparison.good.hull(comparison.bad)


def _value(row: dict[str, Any]) -> ByValue:
    sides = (Side(row[one], row[f"{one}_failed"], _known(row[f"{one}_p95"])) for one in ("good", "bad"))
    return ByValue(row["value"], *sides)


def _known(value: float | None) -> float | None:
    return value if value is not None and value == value and value > 0 else None  # noqa: PLR0124 - NaN
