"""The world of a scenario: its statements made into rows for every table, the same ones for the same seed."""

import math
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from lastgood.decoding.scenario.grammar import Scenario, ScenarioError, Statement, per_second, seconds, share
from lastgood.decoding.scenario.text import Words
from lastgood.decoding.scenario.traffic import Moment, Traffic
from lastgood.telemetry.tables import ALERTS, CALLS, CHANGES, GAUGES, LOGS, SUMS, TABLES, StoreTable

SEVERITY = {"trace": 1, "debug": 5, "info": 9, "warn": 13, "error": 17, "fatal": 21}
LOGGING = {"rate", "wave", "period", "each", "share", "over"}
METERING = {"level", "noise", "every", "unit", "over", "counter"}

Row = dict[str, Any]
World = dict[str, list[Row]]  # by table name
Committed = Callable[[str, list[Row]], list[Row]]  # changes of a service, as a repository gives them back


def make(scenario: Scenario, committed: Committed | None = None) -> World:
    """Everything that a scenario says, from its seed; `committed` makes the commits of a repository and reads them back.

    Raises:
        ScenarioError: it has a repository, and nothing is given that makes one.
    """
    world: World = defaultdict(list)
    traffic = Traffic(scenario, world)
    for entry in scenario.about("spans"):
        chance = chance_of(scenario, entry)
        for time in arrivals(scenario, entry, chance):
            traffic.request(entry, time, chance)
    for statement in scenario.about("logs"):
        world[LOGS.name] += _logs(scenario, statement, traffic)
    for statement in scenario.about("metric"):
        table = SUMS if "counter" in statement.settings else GAUGES
        world[table.name] += _points(scenario, statement, traffic.instances(statement.subject[0]))
    world[CHANGES.name] += _all_changes(scenario, committed)
    for statement in scenario.about("alert"):
        world[ALERTS.name].append(_alert(statement))
    for statement in scenario.about("known"):
        caller, _, callee = statement.subject
        world[CALLS.name].append({"Timestamp": scenario.whole.start, "Caller": caller, "Callee": callee})
    return world


def tables(world: World) -> Iterator[tuple[StoreTable, pa.Table]]:
    """The rows of a world as Arrow tables, ready to be written."""
    for table in TABLES:
        if rows := world.get(table.name):
            yield table, table.rows({name: [row[name] for row in rows] for name in rows[0]})


def chance_of(scenario: Scenario, statement: Statement) -> random.Random:
    """Chance of its own for every statement, so that adding a line changes no other."""
    return random.Random(f"{scenario.seed} {statement.keyword} {' '.join(statement.subject)}")


def arrivals(scenario: Scenario, statement: Statement, chance: random.Random) -> Iterator[datetime]:
    """Times at which something happens: Poisson at the rate in force, with an optional wave (hourly, or of its `period`)."""
    numbers = np.random.default_rng(chance.getrandbits(64))
    whole = scenario.whole
    for second in range(int(whole.seconds)):
        time = whole.start + timedelta(seconds=second)
        settings = statement.settings_at(time)
        wave = 1 + share(settings.get("wave", "0")) * math.sin(
            2 * math.pi * second / seconds(settings.get("period", "1h"))
        )
        count = numbers.poisson(per_second(settings["rate"]) * wave)
        for offset in sorted(numbers.random(count)):
            yield time + timedelta(seconds=float(offset))


def _logs(scenario: Scenario, statement: Statement, traffic: Traffic) -> Iterator[Row]:
    service, level, template = statement.subject
    chance = chance_of(scenario, statement)
    words = Words(chance)
    for moment in _moments(scenario, statement, traffic, chance):
        settings = statement.settings_at(moment.time, moment.carried)
        if chance.random() >= share(settings.get("share", "1")):
            continue
        attributes = {k: words.choose(v, moment.carried) for k, v in settings.items() if k not in LOGGING}
        traffic.moments[f"line:{service}"].append(Moment(moment.time, moment.trace_id, "", {}, attributes))
        yield {
            "Timestamp": moment.time,
            "TraceId": moment.trace_id,
            "SpanId": moment.span_id,
            "SeverityText": level.upper(),
            "SeverityNumber": SEVERITY[level],
            "ServiceName": service,
            "Body": words.fill(template, moment.carried),
            "ResourceAttributes": pairs(moment.resource),
            "LogAttributes": pairs(attributes),
        }


def _moments(
    scenario: Scenario, statement: Statement, traffic: Traffic, chance: random.Random
) -> Iterator[Moment]:
    """When a line is written: with every request, failure or line (above it) of a service, or at a rate of its own."""
    if each := statement.settings.get("each"):
        yield from list(traffic.moments[each])
        return
    service = statement.subject[0]
    for time in arrivals(scenario, statement, chance):
        resource = traffic.resource(service, time, chance)
        yield Moment(traffic.clock(service, time, resource), "", "", resource, {})


def _points(scenario: Scenario, statement: Statement, instances: tuple[str, ...]) -> Iterator[Row]:
    service, metric = statement.subject
    whole = scenario.whole
    every = seconds(statement.settings.get("every", "10s"))
    counter = {"AggregationTemporality": 2, "IsMonotonic": True} if "counter" in statement.settings else {}
    for instance in instances:
        total, chance = 0.0, random.Random(f"{scenario.seed} metric {service} {metric} {instance}")
        for count in range(int(whole.seconds / every)):
            time = whole.start + timedelta(seconds=count * every)
            settings = statement.settings_at(time, {"service.instance.id": instance})
            level = float(settings["level"])
            value = max(0.0, chance.gauss(level, abs(level) * share(settings.get("noise", "0"))))
            total += value * every
            yield {
                "ResourceAttributes": pairs({"service.instance.id": instance}),
                "ServiceName": service,
                "MetricName": metric,
                "MetricUnit": settings.get("unit", "1"),
                "Attributes": pairs({k: v for k, v in settings.items() if k not in METERING}),
                "TimeUnix": time,
                "Value": total if counter else value,
                **counter,
            }


def _all_changes(scenario: Scenario, committed: Committed | None) -> list[Row]:
    rows = [row for statement in scenario.about("change") for row in _changes(scenario, statement)]
    for statement in scenario.about("repository"):
        if committed is None:
            raise ScenarioError("a repository is for tests")
        rows = committed(statement.subject[0], rows)
    return rows


def _changes(scenario: Scenario, statement: Statement) -> Iterator[Row]:
    kind, service, *rest = statement.subject
    versions = "->" in rest
    time = statement.at or scenario.whole.start
    every = statement.settings.get("every")
    known = {"id", "every", "title", "actor", "files", "within", "diff", "state"}
    while time < scenario.whole.end:
        name = statement.settings.get("id", f"{kind}-{service}")
        diff = statement.settings.get("diff", "").replace("\\n", "\n") or _diff(statement.diffs)
        yield {
            "Id": f"{name}@{time:%H:%M}" if every else name,
            "Timestamp": time,
            "EndTimestamp": statement.until or time,
            "Kind": kind,
            "Service": service,
            "Title": statement.settings.get("title", "" if versions else " ".join(rest)),
            "Actor": statement.settings.get("actor", ""),
            "Version": rest[2] if versions else "",
            "PreviousVersion": rest[0] if versions else "",
            "State": statement.settings.get("state", ""),
            "Within": statement.settings.get("within", ""),
            "Files": [f for f in statement.settings.get("files", "").split(",") if f]
            or list(statement.diffs),
            "Additions": len(re.findall(r"^\+(?!\+\+)", diff, re.MULTILINE)),
            "Deletions": len(re.findall(r"^-(?!--)", diff, re.MULTILINE)),
            "Diff": diff,
            "Source": "lastgood",
            "Attributes": pairs({k: v for k, v in statement.settings.items() if k not in known}),
        }
        if not every:
            return
        time += timedelta(seconds=seconds(every))


def _diff(parts: Mapping[str, list[str]]) -> str:
    """Lines by path, with the headers that git puts before them."""
    return "".join(
        f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n" + "".join(f"{line}\n" for line in lines)
        for path, lines in parts.items()
    )


def _alert(statement: Statement) -> Row:
    name, service = statement.subject
    return {
        "Id": f"{name}-{service}",
        "Timestamp": statement.at,
        "EndTimestamp": statement.at,
        "Name": name,
        "Service": service,
        "State": "firing",
        "Severity": statement.settings.get("severity", "critical"),
        "Summary": statement.settings.get("summary", ""),
        "Url": "",
        "Labels": pairs(statement.settings),
    }


def pairs(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """A map as Arrow takes it."""
    return list(values.items())
