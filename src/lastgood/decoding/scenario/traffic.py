"""Requests that walk the call graph of a scenario: spans, and the moments that log lines speak of.

A hop fails by itself with its `errors`, and then makes no calls; it fails too when a call of its own
does, unless the call is `tolerated`. Its `latency` is its own time, without that of its callees. Whoever
does `process …` consumes messages. A call may be made several `times`, be repeated at most so often when it fails (`retries`), be given up (`timeout`), and
spend time on the way (`network`). A service's clock may be wrong (`skew`), and of all requests only a share
be traced (`sampled`, of `spans`).
"""

import math
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from lastgood.decoding.scenario.grammar import NOTHING, Scenario, Statement, seconds, share
from lastgood.decoding.scenario.text import Words
from lastgood.telemetry.tables import SPANS

# Settings of a hop that are not attributes of its spans.
TRAFFIC = {
    "rate", "wave", "period", "latency", "spread", "errors", "status", "error", "message", "share", "external", "over",
    "times", "retries", "timeout", "network", "sampled",
}  # fmt: skip
PLAIN = TRAFFIC | {"tolerated"}
NETWORK = "0.4ms"  # between a caller and its callee, each way
SPREAD = "0.35"  # of the logarithm of a hop's own time
OUTSIDE: Mapping[str, str] = {"service.instance.id": ""}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at a service, for the log lines that speak of it."""

    time: datetime
    trace_id: str
    span_id: str
    resource: Mapping[str, str]
    carried: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hop:
    """One service's part in a request, when it is done."""

    end: datetime
    failed: bool
    status: str


class Traffic:
    """The call graph, and what walking it has made so far."""

    def __init__(self, scenario: Scenario, world: dict[str, list[dict[str, Any]]]) -> None:
        self.spans = world[SPANS.name]
        self.moments = defaultdict[str, list[Moment]](list)  # by request:SERVICE and failure:SERVICE
        self.calls = defaultdict[tuple[str, str], list[Statement]](list)
        self._services = {s.subject[0]: s for s in scenario.about("service")}
        self._skewed = {name for name, said in self._services.items() if _says(said, "skew")}
        self._steady: dict[tuple[str, str], dict[str, str]] = {}  # resources that hold all the time
        for call in scenario.about("call"):
            self.calls[call.subject[0], call.subject[1]].append(call)

    def request(self, entry: Statement, time: datetime, chance: random.Random) -> None:
        """One request, from its entry down."""
        service, operation = entry.subject
        before = len(self.spans)
        _Walk(self, chance).hop(entry, service, operation, time, "")
        sampled = entry.settings_at(time).get("sampled")
        if sampled is not None and chance.random() >= share(sampled):
            del self.spans[before:]

    def instances(self, service: str) -> tuple[str, ...]:
        """The instances of a service; one when the scenario says none."""
        statement = self._services.get(service)
        return _instances(service, statement.settings.get("instances", "") if statement else "")

    def resource(self, service: str, time: datetime, chance: random.Random) -> dict[str, str]:
        """The resource attributes of one instance of a service."""
        chosen = chance.choice(self.instances(service))
        if steady := self._steady.get((service, chosen)):
            return steady
        instance = {"service.instance.id": chosen}
        statement = self._services.get(service)
        settings = statement.settings_at(time, instance) if statement else NOTHING
        names = {"version": "service.version"}
        made = instance | {names.get(k, k): v for k, v in settings.items() if k not in {"instances", "skew"}}
        if statement is None or not statement.steps:
            self._steady[service, chosen] = made
        return made

    def clock(self, service: str, time: datetime, resource: Mapping[str, str]) -> datetime:
        """What an instance takes a time for."""
        if service not in self._skewed:
            return time
        settings = self._services[service].settings_at(time, resource)
        return time + timedelta(seconds=seconds(settings["skew"])) if "skew" in settings else time


class _Walk:
    """One request on its way."""

    def __init__(self, traffic: Traffic, chance: random.Random) -> None:
        self.traffic = traffic
        self.chance = chance
        self.words = Words(chance)
        self.trace_id = f"{chance.getrandbits(128):032x}"
        self.carried: dict[str, str] = {}

    def hop(self, statement: Statement, service: str, operation: str, time: datetime, parent: str) -> Hop:
        """A service's part: its server span, and everything that it calls."""
        span_id, resource = self._id(), self.traffic.resource(service, time, self.chance)
        attributes = self._draw(statement, time, resource)
        settings = self._settings(statement, time, resource)
        failed = own = self._happens(settings, "errors", "0")
        half = self._own_time(settings) / 2
        now = time + half
        for call in () if failed else self.traffic.calls[service, operation]:
            made = self._settings(call, now, resource)
            if self._happens(made, "share", "1"):
                now, bad = self._calls(call, made, resource, now, span_id)
                if bad and "tolerated" not in made:
                    failed = True
                    break
        status = settings.get("status", "500") if own else "500" if failed else "200"
        end = now + half
        self._remember(service, (time, end), span_id, resource, failed=failed)
        outcome = _outcome(settings, status, failed=failed, own=own)
        kind = "Consumer" if operation.startswith("process ") else "Server"
        self._span(
            (service, operation, kind),
            (time, end),
            (span_id, parent),
            (attributes, resource),
            outcome,
        )
        return Hop(end, failed, status)

    def _calls(
        self,
        call: Statement,
        settings: Mapping[str, str],
        resource: Mapping[str, str],
        time: datetime,
        parent: str,
    ) -> tuple[datetime, bool]:
        """When a call, made as often as it is made and repeated when it failed, came back for good."""
        bad = False
        for _ in range(int(float(settings.get("times", "1")))):
            for _ in range(1 + int(settings.get("retries", "0"))):
                time, bad = self._call(call, settings, resource, time, parent)
                if not bad:
                    break
            if bad:
                break
        return time, bad

    def _call(
        self,
        call: Statement,
        settings: Mapping[str, str],
        resource: Mapping[str, str],
        time: datetime,
        parent: str,
    ) -> tuple[datetime, bool]:
        """When a call came back, and whether it failed; the caller's client span is made."""
        caller, _, _, callee, operation = call.subject
        span_id = self._id()
        if "external" in settings:
            attributes = self._draw(call, time, resource)
            failed = self._happens(settings, "errors", "0")
            status = settings.get("status", "500") if failed else "200"
            hop = Hop(time + self._own_time(settings), failed, status)
            self._remember(callee, (time, hop.end), span_id, resource, failed=failed)
            outcome = _outcome(settings, status, failed=failed, own=True)
        else:
            attributes = {}
            way = timedelta(seconds=seconds(settings.get("network", NETWORK)))
            hop = self.hop(call, callee, operation, time + way, span_id)
            outcome = _outcome({}, hop.status, failed=hop.failed, own=False)
            hop = Hop(hop.end + way, hop.failed, hop.status)
        if "timeout" in settings and hop.end - time > timedelta(seconds=seconds(settings["timeout"])):
            hop = Hop(time + timedelta(seconds=seconds(settings["timeout"])), failed=True, status="504")
            outcome = _outcome({"error": "timeout"}, hop.status, failed=True, own=True)
        end = hop.end
        attributes = {"server.address": callee, **attributes}
        self._span(
            (caller, operation, "Client"), (time, end), (span_id, parent), (attributes, resource), outcome
        )
        return end, hop.failed

    def _span(
        self,
        what: tuple[str, str, str],
        when: tuple[datetime, datetime],
        ids: tuple[str, str],
        reported: tuple[Mapping[str, str], Mapping[str, str]],
        outcome: Mapping[str, str],
    ) -> None:
        service, name, kind = what
        start, end = when
        attributes = {**reported[0], **{k: v for k, v in outcome.items() if k != "message"}}
        self.traffic.spans.append(
            {
                "Timestamp": self.traffic.clock(service, start, reported[1]),
                "TraceId": self.trace_id,
                "SpanId": ids[0],
                "ParentSpanId": ids[1],
                "SpanName": name,
                "SpanKind": kind,
                "ServiceName": service,
                "ResourceAttributes": list(reported[1].items()),
                "SpanAttributes": list(attributes.items()),
                "Duration": (end - start) // timedelta(microseconds=1) * 1000,
                "StatusCode": "Error" if "error.type" in outcome else "Unset",
                "StatusMessage": outcome.get("message", ""),
            }
        )

    def _settings(
        self, statement: Statement, time: datetime, resource: Mapping[str, str]
    ) -> Mapping[str, str]:
        if not statement.steps:
            return statement.settings
        return statement.settings_at(time, {**self.carried, **resource})

    def _draw(self, statement: Statement, time: datetime, resource: Mapping[str, str]) -> dict[str, str]:
        settings = self._settings(statement, time, resource)
        drawn = {k: self.words.choose(v) for k, v in settings.items() if k not in PLAIN}
        self.carried |= drawn
        return drawn

    def _own_time(self, settings: Mapping[str, str]) -> timedelta:
        spread = float(settings.get("spread", SPREAD))
        middle = seconds(settings.get("latency", "5ms"))
        return timedelta(seconds=middle * math.exp(self.chance.gauss(0, spread)))

    def _happens(self, settings: Mapping[str, str], name: str, default: str) -> bool:
        return self.chance.random() < share(settings.get(name, default))

    def _id(self) -> str:
        return f"{self.chance.getrandbits(64):016x}"

    def _remember(
        self,
        service: str,
        when: tuple[datetime, datetime],
        span_id: str,
        resource: Mapping[str, str],
        *,
        failed: bool,
    ) -> None:
        start, end = (self.traffic.clock(service, time, resource) for time in when)
        carried = dict(self.carried)
        moment = Moment(start, self.trace_id, span_id, resource, carried)
        self.traffic.moments[f"request:{service}"].append(moment)
        if failed:
            late = Moment(end, self.trace_id, span_id, resource, carried)
            self.traffic.moments[f"failure:{service}"].append(late)


def _says(statement: Statement, name: str) -> bool:
    """Whether a statement has a setting at any time."""
    return name in statement.settings or any(name in step.settings for step in statement.steps)


@lru_cache(1024)
def _instances(service: str, said: str) -> tuple[str, ...]:
    return tuple((said or f"{service}-0").split(","))


def _outcome(settings: Mapping[str, str], status: str, *, failed: bool, own: bool) -> dict[str, str]:
    """How a span ended: its status code and, when it failed, what kind of error."""
    outcome = {"http.response.status_code": status}
    if failed:
        outcome["error.type"] = settings.get("error", status) if own else status
        outcome["message"] = settings.get("message", "") if own else ""
    return outcome
