"""Whose a file is, from its name: service, pod, and the date for times that have none."""

import re
from datetime import UTC, datetime
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Input, Settings
from lastgood.model.clock import to_nanoseconds

_ENDINGS = re.compile(
    r"(?:\.(?:gz|zst|bz2|xz|log|txt|json|jsonl|ndjson|logfmt|out|err|stdout|stderr|journal|export|csv)|\.\d{1,4}"
    r"|[-_.]?\d{4}-?\d\d-?\d\d(?:[-_T.]?\d\d[-_:.]?\d\d(?:[-_:.]?\d\d)?)?)+$",
    re.IGNORECASE,
)
# A Deployment's pod: name, hash of the ReplicaSet (these letters only), five letters of the pod.
_POD = re.compile(
    r"^(?P<service>.+?)-(?P<set>[0-9bcdf-hj-np-tv-xz]{7,10})-(?P<pod>[0-9bcdf-hj-np-tv-xz]{5})(?=$|[_.])"
)
# /var/log/containers: pod_namespace_container-id.log, where the id has 64 digits.
_CONTAINER = re.compile(r"^(?P<pod>[^_]+)_(?P<namespace>[^_]+)_(?P<container>.+)-[0-9a-f]{64}$")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")

# Names that say what a file is, not whose.
_ANYBODY = frozenset(
    [
        "access",
        "error",
        "messages",
        "syslog",
        "log",
        "logs",
        "out",
        "stdout",
        "stderr",
        "stdin",
        "output",
        "events",
        "app",
        "all",
        "combined",
        "console",
        "debug",
        "info",
        "main",
        "system",
        "server",
        "current",
        "previous",
        "slow",
        "kern",
        "daemon",
        "auth",
        "data",
        "test",
        "sample",
        "input",
    ]
)


def whose(name: str) -> tuple[str, dict[str, str]]:
    """The service that a file's name says ('' when it says none), and resource attributes."""
    path = PurePath(name)
    stem = _ENDINGS.sub("", path.name)
    resource: dict[str, str] = {}
    container = _CONTAINER.match(stem)
    if container:
        resource = {
            "k8s.namespace.name": container["namespace"],
            "k8s.container.name": container["container"],
        }
        stem = container["pod"]
    pod = _POD.match(stem)
    if pod:
        resource["k8s.pod.name"] = pod[0]
        return pod["service"], resource
    if container:
        resource["k8s.pod.name"] = stem
        return container["container"], resource
    parts = [part for part in re.split(r"[._-]", stem) if part]
    if stem.startswith("<") or not parts or all(part.lower() in _ANYBODY or part.isdigit() for part in parts):
        return "", resource
    while parts[-1].lower() in _ANYBODY and len(parts) > 1:
        stem = stem[: stem.rfind(parts.pop())].rstrip("._-")
    return stem, resource


def date_of(name: str) -> datetime | None:
    """The midnight of the date in a file's name."""
    found = _DATE.search(PurePath(name).name)
    try:
        return datetime(*(int(part) for part in found.groups()), tzinfo=UTC) if found else None  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def reference_for(given: Input, settings: Settings) -> Reference:
    """What times that do not say everything are read against: zone, latest possible time, date."""
    latest = settings.now
    if given.path is not None and given.path.is_file():
        changed = datetime.fromtimestamp(given.path.stat().st_mtime, UTC)
        latest = min(latest, changed)
    if settings.year is not None:
        latest = datetime(settings.year, 12, 31, tzinfo=UTC)
    day = date_of(given.name)
    return Reference(settings.zone, to_nanoseconds(latest), to_nanoseconds(day) if day else None)
