"""Alerts that fire: those that no message resolved, and whether the metric that each watches has recovered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import unquote_plus

import numpy as np

from lastgood.algorithms.change_point import Floats
from lastgood.algorithms.diffs.identifiers import words
from lastgood.algorithms.metric_meaning import Role, meaning
from lastgood.model.alert import FiringAlert
from lastgood.model.evidence import Table
from lastgood.model.finding import Check
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.doubts.doubt import Doubt
from lastgood.telemetry.reader import Rows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOT_FIRING = {"resolved", "pending", "inactive", "expired"}
# fmt: off
ALERT_WAITS = Time(15, "min before an alert, in which its metric may have left its level", "judgement: an alert waits before it fires")
NAME_LETTERS = Count(5, "letters of a metric's name, to be looked for in an alert's words", "judgement: shorter ones are parts of words")
ALERT_AFTER = Time(5, "min after an alert, of which values are read", "judgement: alerts fire on what has lasted")
ALERT_VALUES = Count(10, "values before it, to know the usual level", "judgement: quantiles of fewer say nothing")
ALERT_LATEST = Count(5, "latest values that must all be usual again", "judgement: one may be by chance")
ALERT_READ = Count(200_000, "values that are read", "judgement: bounds the work")
ALERT_EDGE = Amount(0.02, "of the usual values lie outside the band on either side", "judgement: accidents")
ALERT_MARGIN = Amount(0.1, "of the band is its margin", "judgement: it is known from few values")
ALERT_MARGIN_LEAST = Amount(0.01, "of the level is its margin at least", "judgement: exporters round")
# fmt: on

_ALERTS = """
SELECT name, service, state, severity, summary, url, toString(labels) AS label_text, ts, until
FROM lg_alerts ORDER BY ts, name, service LIMIT 100000"""
_METRICS = "SELECT DISTINCT metric FROM lg_points ORDER BY metric LIMIT 10000"
_VALUES = f"""
SELECT service, instance, metric, toString(attributes) AS labels, toUnixTimestamp64Nano(ts) / 1e9 AS at, value
FROM lg_points WHERE metric IN {{metrics:Array(String)}} AND NOT (monotonic AND cumulative) AND isFinite(value)
ORDER BY service, instance, metric, labels, at LIMIT {ALERT_READ}"""


@dataclass(frozen=True, slots=True)
class Firing:
    """The alerts that fire when the window ends, in the order in which they started."""

    alerts: tuple[FiringAlert, ...]
    read: Rows


def firing(case: Case) -> Firing | None:
    """The alerts that fire; None when none does."""
    if not case.has(Signal.ALERTS):
        return None
    rows = case.query(_ALERTS, window=Window(EPOCH, _until(case) + timedelta(microseconds=1)))
    latest: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for row in sorted(rows.dicts(), key=lambda row: (row["ts"], row["state"] == "resolved")):
        latest[row["name"], row["service"], row["label_text"]] = row
    found = [row for row in latest.values() if row["state"].lower() not in NOT_FIRING]
    if not found:
        return None
    watched = _watched(case, found)
    alerts = (
        FiringAlert(
            row["name"], row["service"], row["severity"], row["ts"], row["summary"], _recovered(row, watched)
        )
        for row in found
    )
    return Firing(tuple(sorted(alerts, key=lambda one: (one.since, one.name, one.service))), rows)


def alarmed(case: Case) -> Doubt | None:
    """That an alert fires, which the rest of the data neither confirm nor explain; None when none does."""
    found = firing(case)
    open_ones = [one for one in found.alerts if not one.recovered] if found else []
    if not found or not open_ones:
        return None
    first = open_ones[0]
    more = f", and {len(open_ones) - 1} other alerts" if len(open_ones) > 1 else ""
    whose = f" of {first.service}" if first.service else ""
    return Doubt(
        f"the alert {first.name}{whose} has been firing since {first.since:%Y-%m-%d %H:%M:%S} UTC{more}, "
        "and the data do not show why",
        evidence=(
            Table(
                "Alerts that fire",
                ("alert", "service", "severity", "since", "recovered"),
                tuple((a.name, a.service, a.severity, str(a.since), str(a.recovered)) for a in found.alerts),
                found.read.provenance,
            ),
        ),
        limits=(
            Check(
                "load the metric that the alert watches, up to now; it would show whether the alert is right"
            ),
        ),
    )


def _until(case: Case) -> datetime:
    """Now, unless an earlier part of the data is asked about."""
    held = case.holdings.telemetry_window
    return case.window.end if held and case.window.end < held.end else max(case.now, case.window.end)


def _watched(case: Case, alerts: list[Mapping[str, Any]]) -> list[tuple[str, str, Floats, Floats]]:
    """Service, metric, times and values of every series whose metric an alert names."""
    if not case.has(Signal.METRICS):
        return []
    reported = [_said(row) for row in alerts]
    names = [row["metric"] for row in case.query(_METRICS).dicts()]
    metrics = [
        name for name in names if any(_names(text, name) or _is_about(text, name) for text in reported)
    ]
    if not metrics:
        return []
    rows = case.query(_VALUES, metrics=metrics).dicts()
    return [
        (service, metric, *np.array([(row["at"], row["value"]) for row in part], np.float64).T)
        for (service, _, metric, _), part in groupby(
            rows, key=lambda row: (row["service"], row["instance"], row["metric"], row["labels"])
        )
    ]


def _said(alert: Mapping[str, Any]) -> str:
    return f"{unquote_plus(alert['url'])} {alert['name']} {alert['label_text']} {alert['summary']}"


def _names(text: str, metric: str) -> bool:
    return len(metric) >= NAME_LETTERS and _plain(metric) in _plain(text)


def _is_about(text: str, metric: str) -> bool:
    """Whether an alert speaks of the resource that a metric measures: `HighCPU` of `cpu_percent`."""
    meant = meaning(metric)
    return meant is not None and meant.role is Role.RESOURCE and meant.kind in words(text)


def _plain(text: str) -> str:
    """In the spelling of Prometheus, between underscores, so that one name is not found within another."""
    return f"_{re.sub(r'[^a-z0-9]+', '_', text.lower()).strip('_')}_"


def _recovered(alert: Mapping[str, Any], watched: list[tuple[str, str, Floats, Floats]]) -> bool:
    """Whether every metric that the alert names is as before it, and at least one was not when it fired."""
    said, since = _said(alert), alert["ts"].timestamp()
    own = [one for one in watched if _names(said, one[1])]
    own = [one for one in own if one[0] == alert["service"]] or own
    own = own or [one for one in watched if one[0] == alert["service"] and _is_about(said, one[1])]
    back = list(filter(None, (_back(since, times, values) for _, _, times, values in own)))
    return bool(own) and len(back) == len(own) and "left" in back


def _back(since: float, times: Floats, values: Floats) -> str:
    """'left' where it left its level and is back, 'stayed' where it never left it, '' where it is not back."""
    usual = values[times < since - ALERT_WAITS.total_seconds()]
    if len(usual) < ALERT_VALUES:
        return ""
    around = values[
        (times >= since - ALERT_WAITS.total_seconds()) & (times < since + ALERT_AFTER.total_seconds())
    ]
    low, high = _range(usual)
    if not _within(values[-ALERT_LATEST:], low, high) or times[-1] <= since:
        return ""
    return "stayed" if _within(around, low, high) else "left"


def _range(usual: Floats) -> tuple[float, float]:
    """What is usual: all but the outermost values, and a little beyond."""
    low, high = (float(edge) for edge in np.quantile(usual, (ALERT_EDGE, 1 - ALERT_EDGE)))
    margin = max(ALERT_MARGIN * (high - low), ALERT_MARGIN_LEAST * abs(high))
    return low - margin, high + margin


def _within(values: Floats, low: float, high: float) -> bool:
    return bool(((values >= low) & (values <= high)).all())
