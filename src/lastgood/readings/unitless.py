"""Durations without a unit: the number at the end of access lines, which is milliseconds or microseconds.

`%D` is microseconds in Apache httpd and in Tomcat since 10.1, milliseconds in Tomcat before (httpd.apache.org,
mod_log_config; tomcat.apache.org, Access Log Valve). The line does not say which, so it is not read as a latency.
"""

from collections.abc import Iterator

from lastgood.model.attributes import LOG_REST
from lastgood.model.figures import amount, duration
from lastgood.model.judgement import Amount, Count
from lastgood.model.naming import service_named
from lastgood.readings.case import Case

# fmt: off
UNITLESS_LINES = Count(30, "access lines of a service that end with a number", "judgement: fewer give no median")
UNITLESS_SHARE = Amount(0.9, "of its access lines end so", "judgement: a format has it on every line")
UNIT_FITS = Amount(10.0, "times as long or as short as other requests at the median, at most, for a unit to fit", "judgement: the other unit is then a hundred times off")
# fmt: on
ENDINGS = f"""
SELECT service, quantileExactIf(0.5)(toFloat64OrZero(trim(attributes['{LOG_REST}'])), bare) AS middle
FROM (SELECT service, attributes, duration_ns, match(attributes['{LOG_REST}'], '^ ?[0-9]+$') AS bare FROM lg_requests)
GROUP BY service HAVING countIf(bare) >= {UNITLESS_LINES} AND countIf(bare) >= {UNITLESS_SHARE} * count() AND max(duration_ns) = 0
ORDER BY service LIMIT 20"""
# Of columns that are read fast: attributes are read only where a service has no durations.
WITHOUT_DURATION = f"""
SELECT service FROM lg_requests GROUP BY service HAVING count() >= {UNITLESS_LINES} AND max(duration_ns) = 0 LIMIT 1"""
OTHERS = "SELECT quantileExact(0.5)(duration_ns) AS middle, count() AS n FROM {} WHERE duration_ns > 0"
POSSIBLE_UNITS = {"milliseconds": 1e-3, "microseconds": 1e-6}


def unitless(case: Case) -> Iterator[str]:
    """Whose access lines end with a number that has no unit, and which unit fits other requests or spans."""
    rows = case.query(ENDINGS).dicts() if len(case.query(WITHOUT_DURATION)) else []
    if not rows:
        return
    read = (case.query(OTHERS.format(relation)).dicts()[0] for relation in ("lg_requests", "lg_spans"))
    usual = next((one["middle"] / 1e9 for one in read if one["n"] >= UNITLESS_LINES), 0.0)
    for row in rows:
        fits = [
            unit
            for unit, size in POSSIBLE_UNITS.items()
            if usual and row["middle"] and _fits(row["middle"] * size / usual)
        ]
        beside = f"; beside {duration(usual)} of other requests it fits {fits[0]}" if fits else ""
        yield (
            f"latency of {service_named(row['service'])} is not read: the number at the end of its access lines "
            f"(median {amount(row['middle'])}) has no unit{beside}"
        )


def _fits(times: float) -> bool:
    return 1 / UNIT_FITS <= times <= UNIT_FITS
