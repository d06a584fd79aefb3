"""Docker on a host: the lines of its containers, and what happened to them. Only `ps`, `logs` and `events` are run.

After docs.docker.com/reference/cli. The command knows contexts and DOCKER_HOST.
"""

import re
from collections.abc import Iterator
from datetime import datetime

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.clock import system_clock
from lastgood.model.figures import count, counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._programs import printed
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import CONTAINER_LINES, LOG_PODS
from lastgood.outside.connectors.wire import Wire

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")  # as Docker checks names
_OF_COMPOSE = re.compile(r"(?:^|,)com\.docker\.compose\.service=([^,]+)")


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """A file of lines for each service; `target` is a context of Docker, `parts` are names of containers."""
    del wire
    events = printed([*_docker(asking), "events", *_window(asking)], shown="docker events")
    if events.strip():
        yield Document("docker-events.log", events)
    containers = list(_containers(asking))
    if len(containers) > LOG_PODS:
        yield Limit(
            f"the lines of {counted(len(containers) - LOG_PODS, 'container')} were left out: {LOG_PODS} are read"
        )
    of: dict[str, bytes] = {}
    for service, name in containers[: int(LOG_PODS)]:
        try:
            lines = printed(
                [*_docker(asking), "logs", "--timestamps", *_window(asking), f"--tail={CONTAINER_LINES}", name],
                shown="docker logs", both=True,
            )  # fmt: skip
        except NotFetchedError as problem:
            yield Limit(f"the lines of container {name} did not come: {problem.message}")
            continue
        of[service] = of.get(service, b"") + lines
        if lines.count(b"\n") >= CONTAINER_LINES:
            yield Limit(
                f"older lines of container {name} were left out: the newest {count(CONTAINER_LINES)} are read"
            )
    yield from (Document(f"{service}.log", lines) for service, lines in of.items() if lines.strip())


def _docker(asking: Asking) -> list[str]:
    return ["docker", *([f"--context={asking.target}"] if asking.target else [])]


def _window(asking: Asking) -> list[str]:
    """Since and until; until the future, events would be waited for."""
    until: datetime = min(asking.window.end, system_clock())
    return [f"--since={int(asking.window.start.timestamp())}", f"--until={int(until.timestamp())}"]


def _containers(asking: Asking) -> Iterator[tuple[str, str]]:
    """The service and the name of each container, also of those that have stopped."""
    for line in printed(
        [*_docker(asking), "ps", "--all", "--no-trunc", "--format={{json .}}"], shown="docker ps"
    ).splitlines():
        row = orjson.loads(line)
        name, service = str(row["Names"]).partition(",")[0], _OF_COMPOSE.search(str(row.get("Labels") or ""))
        if _NAME.fullmatch(name) and (not asking.parts or name in asking.parts):
            yield service[1] if service else name, name


def holds(wire: Wire, asking: Asking) -> Held:
    """How many containers there are."""
    del wire
    found = list(_containers(asking))
    return Held(counted(len(found), "container"), empty=not found)


CONNECTOR = Connector(
    "docker",
    "log lines and events of containers",
    fetch,
    None,
    holds,
    frozenset({Signal.LOGS, Signal.CHANGES}),
)
