"""Events of Docker as JSON: what `docker events --format json` prints, and its API gives (Engine API, events).

Each is a log line of its service: that of Compose or Swarm, else the container's name. A container that is created is a deploy of the
version of its image. What `docker events` prints without a format is read as log lines too.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_SERVICES = ("com.docker.compose.service", "com.docker.swarm.service.name", "name")
_LEVELS = {"oom": "ERROR", "die": "WARN", "kill": "WARN", "health_status: unhealthy": "WARN"}


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects have a type, an action and an actor with attributes."""
    for row in glimpses(given, 3):
        if {"Type", "Action", "Actor"} <= row.keys() and ("timeNano" in row or "time" in row):
            return Claim("docker events as JSON", 0.97, "an event has Type, Action and Actor")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each event, and a deploy for each container that is created."""
    del claim, settings
    return decoded(given, ("events",), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    said = inside(row, "Actor", "Attributes") or {}
    kind, action, time = str(row["Type"]), str(row["Action"]), at(row.get("timeNano") or row["time"])
    service = (
        next((str(said[name]) for name in _SERVICES if said.get(name)), "")
        if kind in {"container", "service"}
        else ""
    )
    image, code = str(said.get("image") or ""), str(said.get("exitCode") or "")
    ended = action == "die" and code not in {"", "0"}
    body = f"{kind} {action} {said.get('name') or inside(row, 'Actor', 'ID') or ''}{f' (exit code {code})' if code else ''}"
    yield logged(
        body, time, _LEVELS.get(action, "INFO") if action != "die" or ended else "INFO", service=service, source="docker",
        attributes={"docker.event.type": kind, "process.exit.code": code, "container.image.name": image},
        resource={"container.id": inside(row, "Actor", "ID") if kind == "container" else ""},
    )  # fmt: skip
    version = image.rpartition("/")[2].partition("@")[0].partition(":")[2]
    if (kind, action) == ("container", "create") and version:
        yield change("deploy", time, service=service, version=version, title=image, source="docker")


SOURCE = Source("docker_events", frozenset({Signal.LOGS, Signal.CHANGES}), recognise, decode)
