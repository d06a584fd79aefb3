"""Whose a file is, from its name: service, pod, and the date for times that have none."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import PurePath

from lastgood.algorithms.date_orders import order_of
from lastgood.algorithms.identity import Party, Role, called, instance_of, party
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Input, Settings
from lastgood.model.attributes import HOST_NAME
from lastgood.model.clock import to_nanoseconds

_ENDINGS = re.compile(
    r"(?:\.(?:gz|zst|bz2|xz|old|bak|orig|prev|log|txt|json|jsonl|ndjson|logfmt|out|err|stdout|stderr|journal|export|csv|tsv|psv|tab|dat|trc|lst|xml|clef|gelf|kv)|\.\d{1,4}"
    r"|[-_.]?\d{4}-?\d\d-?\d\d(?:[-_T.]?\d\d[-_:.]?\d\d(?:[-_:.]?\d\d)?)?)+$",
    re.IGNORECASE,
)
# /var/log/containers: pod_namespace_container-id.log, where the id has 64 digits.
_CONTAINER = re.compile(r"^(?P<pod>[^_]+)_(?P<namespace>[^_]+)_(?P<container>.+)-[0-9a-f]{64}$")
# How AWS names what it puts into a bucket: account, kind, region, of a balancer its own name, time, and ids.
_AWS = re.compile(
    r"^\d{12}_(?P<kind>[A-Za-z]+)_[a-z]{2}(?:-[a-z]+)+-\d(?:_(?:(?:app|net|gwy)\.)?(?P<name>[A-Za-z][\w-]*?)(?:\.[0-9a-f]{16})?)?"
    r"_\d{8}T\d{4,6}Z(?:_|$)"
)
_IIS = re.compile(r"(?:u_)?(?:ex|in|nc)(?:\d{4,8})?(?:_x)?")  # of each day or hour, without whose
# RabbitMQ calls its logs after its node, rabbit@HOST (rabbitmq.com, logging).
_RABBIT = re.compile(r"rabbit@(?P<host>[\w.-]+?)(?:[_-](?:sasl|upgrade))?")
# Of a log group of CloudWatch, /aws/lambda/bookings, as files that were saved from it are called.
_LOG_GROUP = re.compile(
    r"^[-_.]?aws[-_.](?:lambda|ecs|eks|apprunner|codebuild|elasticbeanstalk)[-_.](?=[A-Za-z])", re.IGNORECASE
)
_ID = re.compile(r"(?=[a-f]*\d)[0-9a-f]{8,}|0x[0-9a-f]+", re.IGNORECASE)  # within a name: digits of a hash
_ADDRESS = re.compile(r"[-_.]?(?<!\d)(?<!\d\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)")
_DATE = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")

# /var/log/pods: namespace_pod_uid/container/0.log.
_POD_FOLDER = re.compile(r"^(?P<namespace>[a-z0-9-]+)_(?P<pod>[a-z0-9.-]+)_[0-9a-f-]{6,36}$")

# Words that say what a file is or when it was written, not whose it is.
_ANYBODY = frozenset([
    "access", "error", "errors", "messages", "syslog", "log", "logs", "out", "stdout", "stderr", "stdin",
    "output", "events", "event", "app", "apps", "application", "all", "combined", "console", "debug",
    "info", "main", "system", "server", "current", "previous", "latest", "slow", "kern", "daemon", "auth",
    "data", "test", "sample", "input", "trace", "notice", "warn", "warning", "crit", "critical", "fatal",
    "alert", "emerg", "vhost", "vhosts", "other", "http", "https", "ssl", "tls", "request", "requests",
    "json", "text", "jan", "january", "feb", "february", "mar", "march", "apr", "april", "may", "jun",
    "june", "jul", "july", "aug", "august", "sep", "sept", "september", "oct", "october", "nov", "november",
    "dec", "december", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "production", "prod", "development", "dev",
    "staging", "stage", "catalina", "localhost", "mainlog", "rejectlog", "paniclog", "errorlog", "laravel", "symfony", "rails", "django", "audit", "ausearch", "dmesg", "kmsg",
    "cloudwatch", "tail", "journal", "journalctl", "journald", "insights", "results", "extract", "downloaded", "newrelic", "nr",
    "sumo", "sumologic", "honeycomb", "stackdriver", "papertrail", "logcli", "stern", "kubectl", "filter", "loki", "grafana", "explore", "kibana", "discover", "export", "datadog", "splunk", "serilog", "nlog", "log4j", "logback", "winston", "monolog",
])  # fmt: skip
# What runs a service and is better than no name; and words of records that a machine keeps of itself.
_FRAMEWORKS = frozenset(["rails", "django", "laravel", "symfony"])
_OF_MACHINES = frozenset("dpkg apt history term yum dnf rpm last reboot log logs var txt gz packages".split())
_PROGRAMS = frozenset(["control", "controller", "service", "svc", "manager", "gateway", "api", "reporter", "handler",
                       "tracker", "proxy", "server"])  # fmt: skip
# Folders that hold logs of several, one folder each; and those that hold the logs of what is around them.
_LOG_FOLDERS = frozenset(["log", "logs", "pods", "services", "apps"])
# Words in names of folders that were made for an incident, by a program or by the system.
_NOBODYS = frozenset([
    "incident", "incidents", "inc", "case", "cases", "outage", "postmortem", "ticket", "issue", "bug",
    "dump", "dumps", "bundle", "bundles", "support", "sosreport", "capture", "captures", "export",
    "exports", "download", "downloads", "desktop", "documents", "backup", "backups", "archive", "archives",
    "old", "new", "tmp", "temp", "pytest", "telemetry", "observability", "var", "usr", "opt", "srv", "etc",
    "mnt", "media", "home", "users", "root", "run", "lib", "local", "share", "private", "volumes", "shared",
    "workspace", "work", "project", "projects", "repo", "src", "prod", "production", "staging", "stage",
    "dev", "qa", "node", "nodes", "host", "hosts", "containers", "containerd", "docker", "kubernetes",
    "k8s", "remote", "journal", "files", "folder", "raw",
])  # fmt: skip


def telling(name: str, folder: str) -> str:
    """What of a file's name may say whose it is, where a person named `folder`: only what lies in that folder.

    A folder is named for what a person wants, as `mine`: it says nothing, unless it is named after a server, a pod
    or a folder of logs, or is one that programs log into, as /var/log/cart.
    """
    place = PurePath(folder)
    if not folder or not place.name or _says_itself(place):
        return name
    inside = PurePath(name).relative_to(place)
    return str(place.name / inside if place.name in _LOG_FOLDERS else inside)


def _says_itself(folder: PurePath) -> bool:
    """Whether a folder says whose its files are whoever named it."""
    pods = any(_POD_FOLDER.match(name) for name in folder.parts[-2:])
    server = re.sub(_NUMBERED, "", folder.name.lower()).rstrip("0123456789") in _SERVERS | _FRONTS
    return pods or server or folder.parts[-3:-1] == ("var", "log") or bool(_pod(folder.name).instance)


def whose(name: str) -> tuple[str, dict[str, str]]:
    """The service that a file's name or else its folder says ('' when neither does), and resource attributes."""
    path = PurePath(name.rpartition("!/")[2])
    stem = _LOG_GROUP.sub("", _ENDINGS.sub("", _ADDRESS.sub("", path.name)))
    resource: dict[str, str] = {}
    container = _CONTAINER.match(stem)
    if container:
        resource = {
            "k8s.namespace.name": container["namespace"],
            "k8s.container.name": container["container"],
        }
        stem = container["pod"]
    elif pods := _in_pod(path):
        resource, stem = pods
    pod = _pod(stem)
    if pod.instance:
        resource["k8s.pod.name"] = pod.instance
        return pod.name, resource
    if resource:
        resource["k8s.pod.name"] = stem
        return resource["k8s.container.name"], resource
    if known := _of_form(stem, path):
        return known
    owner, instance = _numbered_of(path.parent.name, _owner(stem)) or (_owner(stem), _instance_of(path))
    if not owner and instance:
        word = re.sub(_NUMBERED, "", instance)
        owner = instance if word.lower() in _MACHINES else word
    named = owner or _of_folder(path) or _framework(stem)
    return named, {HOST_NAME: instance} if owner and instance else resource


def _of_form(stem: str, path: PurePath) -> tuple[str, dict[str, str]] | None:
    """Whose a file is that its program names by a form of its own: standard input, AWS, IIS, RabbitMQ."""
    if stem.startswith("<"):
        return "", {}
    if aws := _AWS.match(stem):
        balancer = aws["name"] if aws["kind"] == "elasticloadbalancing" else ""
        return balancer or aws["kind"].lower(), {}
    if _IIS.fullmatch(stem):
        return _of_folder(path), {}
    rabbit = _RABBIT.fullmatch(stem)
    return ("rabbitmq", {HOST_NAME: rabbit["host"]}) if rabbit else None


def _framework(stem: str) -> str:
    """What a file is called after beside where it runs: `rails` of `rails-production`; alone it is the framework's own name."""
    words = _words(stem)
    return min(words & _FRAMEWORKS, default="") if len(words) > 1 else ""


def machine(name: str) -> str:
    """The machine that a file of a machine's own records is from: `app3` of `app3-dpkg.log` and `app3/var/log/dpkg.log`."""
    for part in reversed(PurePath(name.rpartition("!/")[2]).parts):
        words = [
            word
            for word in re.split(r"[-_.]", _ENDINGS.sub("", part))
            if word and word.lower() not in _OF_MACHINES
        ]
        if words and not words[0].isdigit() and any(word[-1].isdigit() for word in words):
            return "-".join(words)
    return ""


# Words of files of figures: of the programs that printed them, of what they show, and of where they were exported.
_FIGURES = frozenset(
    "heap gc threads connections sar sadf iostat vmstat mpstat pidstat top htop free df uptime ss netstat ping mtr dig curl nvidia smi dmon kubectl docker stats stat status "
    "info pods pod nodes node loop watch cpu mem memory ram disk disks load net network output out txt once all text show global variables queues "
    "list groups consumer describe usage utilization metrics metric report history latency duration errors requests traffic p50 p90 p95 p99 avg max "
    "perfmon grafana datadog cloudwatch cw azure gcp newrelic nrql influx influxdb graphite zabbix prometheus prom promtool openmetrics vm jmx "
    "statistics results answer answers output jconsole panel explore dashboard export chart graph series timeseries query inspect get csv json data monitor monitoring a b raw long range instant".split()
)


# Of servers, which are services where nothing else is named; and of what is measured, which is no service.
_SERVERS = frozenset(
    "pg postgres postgresql mysql mariadb redis kafka rabbitmq mssql sqlserver nginx querystore".split()
)
_FRONTS = frozenset(
    {"apache", "caddy", "envoy", "haproxy", "httpd", "ingress", "lb", "traefik", "web", "www"}
)
_MEASURES = frozenset(
    "per minute minutes hourly daily weekly min 5min 1min sec second seconds count counts total rate rates calls readings values lag backlog size "
    "files rows jobs job statements top slow queue".split()
)


def whose_figures(name: str) -> str:
    """Whose the figures in a file are, by its name less the words for what they are, or else by its folder; empty where neither says."""
    path = PurePath(name.rpartition("!/")[2])
    parts = re.split(r"([-_. ])", _ENDINGS.sub("", path.name))
    while parts and _of_figures(parts[-1]):
        parts.pop()
    while parts and _of_figures(parts[0]):
        parts.pop(0)
    named = "".join(parts)
    if named and named.lower() not in _SERVERS and not {part.lower() for part in parts} & _MEASURES:
        return called(whose(named)[0])
    folder = _of_folder(path)
    around = "" if _words(folder) <= _FIGURES else folder
    return around or (named if named.lower() in _SERVERS else "")


def _of_figures(word: str) -> bool:
    return word.lower() in _FIGURES or (len(word) < 2 and not word.isdigit())


def is_access_log(name: str) -> bool:
    """Whether a file's name says that requests are in it."""
    return "access" in _words(_ENDINGS.sub("", PurePath(name).name))


def _pod(stem: str) -> Party:
    """Who is meant by the beginning of a name, which further words may follow."""
    return party(re.split(r"[_.]", stem, maxsplit=1)[0])


def _in_pod(path: PurePath) -> tuple[dict[str, str], str] | None:
    """The resource and the pod's name, of a file where the kubelet puts it."""
    folder = _POD_FOLDER.match(path.parent.parent.name)
    if folder is None:
        return None
    return {
        "k8s.namespace.name": folder["namespace"],
        "k8s.container.name": path.parent.name,
    }, folder["pod"]


def _owner(stem: str) -> str:
    """What is left of a name without the words at its ends that say nothing about whose it is.

    Empty for what a command printed: that is about others.
    """
    if party(stem).role is Role.NOBODY:
        return ""
    parts = re.split(r"([._-]+)", stem)
    while parts and _says_nothing(parts[-1]) and not _is_instance(parts):
        parts.pop()
    while len(parts) > 2 and (parts[0].isdigit() or _is_kind(*parts[:3])):
        del parts[:2]
    return "".join(parts)


def _says_nothing(part: str) -> bool:
    bare = part.strip("._-0123456789").lower()
    return (
        bare in _ANYBODY
        or not bare
        or _ID.fullmatch(part) is not None
        or re.fullmatch(r"\d+t\d+z?", part.lower()) is not None
    )


def _is_instance(parts: list[str]) -> bool:
    """Whether the last part numbers one of several, as in cart-0, rather than a rotation or a month."""
    return len(parts) > 2 and re.fullmatch(r"\d{1,3}", parts[-1]) is not None and not _says_nothing(parts[-3])


def _is_kind(first: str, between: str, second: str) -> bool:
    """Whether a first word is the kind of a file, as in access-shop or Oracle's alert_SHOP, and not of a program, as in access-control."""
    kinds = {"access", "error", "errors", "stdout", "stderr", *(("alert",) if between == "_" else ())}
    return first.lower() in kinds and second.lower() not in _PROGRAMS


def _of_folder(path: PurePath) -> str:
    """What the nearest folder says that is not just named after what lies in it.

    A folder among others in a folder of logs, or with a folder of logs in it, has an owner whatever its name;
    another one only if its name looks like a name, and not like that of an incident or of a temporary folder.
    """
    folders = [folder for folder in reversed(path.parts[:-1]) if folder not in {"/", "."}]
    around = next((n for n, folder in enumerate(folders) if not _words(folder) <= _ANYBODY), None)
    if around is None:
        return ""
    folder = folders[around]
    outer = folders[around + 1] if around + 1 < len(folders) else ""
    if _words(folder) & _NOBODYS or folder.startswith((".", "tmp")) or outer in {"home", "Users"}:
        return ""
    if (pod := _pod(folder)).instance:
        return pod.name
    sure = outer in _LOG_FOLDERS or any(inner in _LOG_FOLDERS for inner in folders[:around])
    return _owner(folder) if sure or _LIKE_A_NAME.fullmatch(folder) else ""


def _numbered_of(folder: str, owner: str) -> tuple[str, str] | None:
    """The folder and the name where files of a service's folder are those of its instances: `cart/cart-1.log`."""
    return (folder, owner) if instance_of(owner, folder) and not _words(folder) & _NOBODYS else None


def _instance_of(path: PurePath) -> str:
    """The name of the folder that a file is in where it is that of one of several, such as `store-2`; else empty."""
    folders = (folder for folder in reversed(path.parts[:-1]) if not _words(folder) <= _ANYBODY - _MACHINES)
    folder = next(folders, "")
    word = re.sub(_NUMBERED, "", folder)
    numbered = word != folder and _LIKE_A_NAME.fullmatch(word)
    return (
        folder
        if numbered and not _words(word) & (_NOBODYS | _PARTS) and word.lower() not in _LOG_FOLDERS
        else ""
    )


_NUMBERED = re.compile(r"[-_]\d{1,2}$|0\d$")  # one of several: store-2, store02
_MACHINES = frozenset(
    {"app", "application", "auth", "server"}
)  # with a number, of a machine rather than of a kind of file
# Words that are numbered in order, rather than being several of one.
_PARTS = frozenset(
    "part day week month year hour step phase try attempt take round batch set group sample example scenario level version release v".split()
)
_LIKE_A_NAME = re.compile(r"(?:[A-Za-z]{3,}|(?i:db|lb|mq|gw|fe|be|ui))(?:[-_.][A-Za-z]{2,})*\d?")


def _words(name: str) -> set[str]:
    return {part for part in re.split(r"[\W_]+", name.lower()) if part and not part.isdigit()}


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
    place = given.spool or given.path
    if place is not None and place.is_file():
        changed = datetime.fromtimestamp(place.stat().st_mtime, UTC)
        latest = min(latest, changed)
    if settings.year is not None:
        latest = datetime(settings.year, 12, 31, tzinfo=UTC)
    day = date_of(given.name)
    other = settings.telemetry
    if day is None and other and latest > other.end + _BESIDE and clocks_alone(given):
        latest = other.end + _BESIDE  # a file that was copied has the time of the copy
    reference = Reference(settings.zone, to_nanoseconds(latest), to_nanoseconds(day) if day else None)
    dates = _dates(given)
    if not dates:
        return reference
    covered = (to_nanoseconds(other.start), to_nanoseconds(other.end)) if other else None
    return replace(reference, order=order_of(dates, reference, covered))


_BESIDE = timedelta(hours=2)  # by which a log without dates may go on after the others
_CLOCK_ALONE = re.compile(rb"\W{0,3}\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?![\w:/-])(?! \d{4}-\d\d)")
_OF_CLOCKS, _LOOKED_AT = 0.8, 50  # share of the first lines, and how many


def clocks_alone(given: Input) -> bool:
    """Whether nearly all of the first lines begin with a time of day alone."""
    lines = given.head[:_SEARCHED].splitlines()[:_LOOKED_AT]
    return sum(map(bool, map(_CLOCK_ALONE.match, lines))) >= max(2, _OF_CLOCKS * len(lines))


# A date of numbers alone before a time of day, whose order it does not tell.
_NUMBERS_ALONE = re.compile(
    rb"(?<![\d./:-])\d\d?([/.-])\d\d?(?:\1(?:\d{4}|\d\d))?[ ,T:-]{1,2}\d\d?:\d\d(?P<seconds>:\d\d)?(?P<rest>(?:[.,]\d{1,9}\b)?(?: ?[AaPp]\.?[Mm]\b)?)"
)
_SEARCHED = 64 * 1024  # bytes at the beginning of a file, and at its end
_FRONT = 200  # bytes of a line in which its own date is
_DATES = 2_000


def _dates(given: Input) -> tuple[str, ...]:
    """The dates of numbers alone with which lines at the beginning and at the end of a file begin, in their order."""
    found = _dates_in(given.head[:_SEARCHED])
    if not found or len(given.head) <= _SEARCHED:
        return found
    return found + _dates_in(given.tail(_SEARCHED))


@lru_cache(maxsize=4)  # several ask for one file, one after the other
def _dates_in(text: bytes) -> tuple[str, ...]:
    dates: list[str] = []
    line = -1
    for match in _NUMBERS_ALONE.finditer(text):
        begin = text.rfind(b"\n", 0, match.start())
        if begin != line or not dates:
            line = begin
            if match.start() - begin <= _FRONT:
                clock = b"" if match["seconds"] else b":00"
                dates.append(
                    (text[match.start() : match.start("rest")] + clock + match["rest"]).decode("ascii")
                )
        if len(dates) >= _DATES:
            break
    return tuple(dates)
