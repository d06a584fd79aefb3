"""The cells of one row as metrics: under the names of the program that printed them, or else under their headings'."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lastgood.algorithms.identity import workload_of
from lastgood.decoding.labels import RESOURCE_LABELS
from lastgood.decoding.quantities import BYTES, PERCENT, quantity
from lastgood.decoding.terminal.known import COUNTER, GAUGE, Known, Named, Share, known
from lastgood.decoding.text.fields import meaning

_HINT = re.compile(r"(?P<name>.*?)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]")
_UNITS = {"bytes": BYTES, "cores": "{cpu}", "b": BYTES, "%": PERCENT}
_WORD = re.compile(r"[a-z0-9]+|%", re.IGNORECASE)
_NOTHING = frozenset(["", "-", "n/a", "--", "null", "none", "all", "<unknown>", "-1"])
_VALUES = frozenset(["value", "val"])
# The lists that a label begins are of these.
LISTS: Mapping[str, Known] = {
    "mem": Known((), {}, shares=(Share("system.memory.utilization", ("available",), ("total",), left=True), Share("system.memory.utilization", ("used",), ("total",))), rest="system.memory"),
    "memory": Known((), {}, rest="system.memory"),
    "swap": Known((), {}, shares=(Share("system.paging.utilization", ("used",), ("total",)),), rest="system.paging"),
    "tasks": Known((), {}, rest="system.processes"),
    "processes": Known((), {}, rest="system.processes"),
    "cpu": Known((), {}, rest="system.cpu"),
}  # fmt: skip
_PROCESSOR = {
    "id": "%idle",
    "idle": "%idle",
    "wa": "%iowait",
    "iowait": "%iowait",
    "hi": "%irq",
    "si": "%soft",
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one metric, and what a row says of whose it is."""

    metric: str
    unit: str
    value: float
    type: str = GAUGE
    attributes: Mapping[str, str] = field(default_factory=dict)
    resource: Mapping[str, str] = field(default_factory=dict)
    service: str = ""  # empty: whoever the whole text is of
    program: str = ""  # whose server prints it, for when nothing else says whose it is


def of_row(names: Sequence[str], cells: Sequence[str], rest: str = "") -> Iterator[Value]:
    """What a row says; `rest`: what metrics of an unknown table are called after."""
    label = ""
    if len(cells) == len(names) + 1 or is_short(names, cells):
        label, cells = cells[0].strip(":").lower(), cells[1:]
    row = dict(_opened(zip((name.strip(" :#").lower() for name in names), cells, strict=False)))
    table = LISTS.get(label) or known(tuple(row))
    if table is None and len(row) == 2 and list(row)[1] in _VALUES and not quantity(next(iter(row.values()))):
        yield from _pair(row, rest)
        return
    yield from _measured(row, table or _unknown(row, rest), label if label not in LISTS else "")


def is_short(names: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row has a label and then fewer figures than the header has names, as `Swap:` below memory's."""
    return 1 < len(cells) <= len(names) and cells[0].endswith(":") and cells[0].strip(":").lower() in LISTS


def of_list(label: str, row: Mapping[str, str], rest: str = "") -> Iterator[Value]:
    """What a list such as `Mem: 15 total, 8 used` says."""
    unit, _, name = label.lower().strip("% ").removesuffix("(s)").rpartition(" ")
    scale = {"kib": "Ki", "mib": "Mi", "gib": "Gi"}.get(unit, "")
    given = {key: text + scale if scale and text[-1:].isdigit() else text for key, text in row.items()}
    if {"us", "id"} <= set(given) or {"user", "idle"} <= set(given):
        processor = {_PROCESSOR.get(key, key): text for key, text in given.items()}
        yield from _measured(processor, known(("%idle",)) or Known(()), "")
        return
    table = LISTS.get(name) or LISTS.get(name.removesuffix("s"))
    yield from _measured(given, table or Known((), rest=f"{rest}.{_slug(label)}".strip(".")), "")


def _opened(cells: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The cells, those of two quantities apart: `MEM USAGE / LIMIT`, `NET I/O`, `READY` of `1/2`."""
    for name, cell in cells:
        parts = re.split(r"\s?/\s?", re.sub(r"^[a-z]+: ", "", cell))
        if len(parts) != 2 or not all(quantity(part) for part in parts):
            yield name, cell
        elif name.endswith(" i/o"):
            yield from zip((f"{name[:-4]} i", f"{name[:-4]} o"), parts, strict=True)
        elif len(named := re.split(r"\s?/\s?", name)) == 2:
            yield from zip(named, parts, strict=True)
        else:
            yield from zip((name, f"{name} of"), parts, strict=True)


def _unknown(row: Mapping[str, str], rest: str) -> Known:
    """A table of an unknown owner: the texts before its first number say what a row is about."""
    keys: dict[str, str] = {}
    for name, cell in row.items():
        if quantity(cell) or cell.lower() in {"-", "n/a"}:
            break
        keys[name] = _attribute(name)
    service = next(
        (
            name
            for name in row
            if name in {"service", "app", "application", "deployment", "pod"} and name in keys
        ),
        "",
    )
    return Known((), keys=keys, rest=rest, whose=service)


def _attribute(name: str) -> str:
    reported = meaning(name)
    return RESOURCE_LABELS.get(name) or (
        reported.name if reported.place == "resource" else _slug(name, "_") or "name"
    )


def _pair(row: Mapping[str, str], rest: str) -> Iterator[Value]:
    (heading, name), (_, text) = row.items()
    whose = "mysql.global_status" if heading == "variable_name" else rest
    found = quantity(text)
    if found:
        metric = (
            f"{whose}.{name.lower()}" if heading == "variable_name" else f"{whose}.{_slug(name)}".strip(".")
        )
        program = "mysql" if heading == "variable_name" else ""
        counts = heading == "variable_name" and not _LEVEL.match(name.lower())
        yield Value(metric, found[1], found[0], COUNTER if counts else GAUGE, program=program)


# What redis-cli's INFO tells, under its exporters' names; what it counts up from the start.
_REDIS = {
    "used_memory": Named("redis.memory.used", BYTES), "used_memory_rss": Named("redis.memory.rss", BYTES), "maxmemory": Named("redis.maxmemory", BYTES),
    "maxclients": Named("redis.config.maxclients"),
}  # fmt: skip
_REDIS_COUNTS = re.compile(
    r"total_|evicted_|expired_keys|keyspace_(?:hits|misses)|rejected_|sync_|used_cpu_|.*_processed$"
)
_REDIS_FACTS = re.compile(
    r"redis_|process_id|tcp_port|arch_bits|hz|configured_hz|lru_clock|.*_human$|run_id|monotonic_clock|.*_enabled$|server_time_usec"
)
_MEMINFO = re.compile(
    r"Mem(?:Total|Free|Available)|Buffers|Cached|Swap(?:Total|Free|Cached)|Slab|Committed_AS|CommitLimit|Active|Inactive|Dirty|Writeback|AnonPages|Shmem"
)
_GPU = re.compile(
    r"\|\s*\S+%?\s+(?P<temperature>\d+)C\s+P\d+\s+(?P<power>\d+)W\s*/\s*\d+W\s*\|\s*(?P<used>\d+)MiB\s*/\s*(?P<total>\d+)MiB\s*\|\s*(?P<busy>\d+)%"
)


def of_pair(program: str, section: str, name: str, text: str) -> Iterator[Value]:
    """What a name and a figure behind it, or a figure and words behind it, say."""
    if program == "redis":
        named = _REDIS.get(name) or Named(
            f"redis.{name}", "", 1.0, COUNTER if _REDIS_COUNTS.match(name) else GAUGE
        )
        if not _REDIS_FACTS.fullmatch(name) and (found := quantity(text, named.unit)):
            yield Value(named.metric, named.unit, found[0], named.type, program="redis")
        return
    found = quantity(text)
    if found is None:
        return
    if _MEMINFO.fullmatch(name) and text.endswith(" kB"):
        yield Value(f"node_memory_{name}_bytes", BYTES, found[0] * 1.024)  # its kilobytes are of 1024
    elif section and text.isdigit() and section.lower().startswith(("tcp", "udp", "ip", "icmp")):
        slug = _slug(name)
        metric = (
            "system.network.tcp.retransmits"
            if slug == "segments_retransmitted"
            else f"netstat.{section.lower()}.{slug}"
        )
        yield Value(metric, "", found[0], COUNTER)
    else:
        yield Value(".".join(filter(None, (_slug(section), _slug(name)))), found[1], found[0])


def of_gpu(line: str) -> Iterator[Value]:
    """What the figures of one processor in nvidia-smi's table say."""
    if (found := _GPU.search(line)) is None:
        return
    used, total = float(found["used"]), float(found["total"])
    yield Value("hw.gpu.utilization", "1", float(found["busy"]) / 100)
    yield Value("hw.gpu.memory.usage", BYTES, used * 2**20)
    yield Value("hw.gpu.memory.utilization", "1", round(used / total, 6) if total else 0.0)
    yield Value("hw.temperature", "Cel", float(found["temperature"]))
    yield Value("hw.power", "W", float(found["power"]))


# What MySQL's status tells that does not only grow (dev.mysql.com, server status variables).
_LEVEL = re.compile(
    r"threads_(?!created)|open_|innodb_(?:buffer_pool_(?:pages|bytes)_|row_lock_current|page_size|num_open|data_pending|os_log_pending|history)"
    r"|max_used|qcache_(?:free|total|queries)|wsrep_|slave_(?:open|running)|key_blocks|prepared_stmt_count|uptime|rpl_|ssl_|tls_|last_query_cost|not_flushed"
)


def _measured(row: Mapping[str, str], table: Known, label: str) -> Iterator[Value]:
    attributes, resource, service = _keys(row, table)
    if label:
        attributes["name"] = label
    numbers: dict[str, float] = {}
    for name, cell in row.items():
        if name in table.keys or name in table.leave or cell.strip().lower() in _NOTHING - {"-1"}:
            continue
        named = table.columns.get(name) or _named(name, table.rest)
        text = re.sub(r"\s*\(.*\)$", "", cell).strip()
        sized = named.unit == BYTES or (table.rest in _SIZES and not text[-1:].isdigit())
        found = quantity(text, BYTES if sized else named.unit if named.unit in {"{cpu}", "s"} else "")
        if found is None:
            continue
        value, unit = found
        bare = cell.strip()[-1:].isdigit() or unit == PERCENT
        numbers[name] = value
        yield Value(
            named.metric,
            named.unit or unit,
            round(value * named.scale, 9) if bare else value,
            named.type,
            attributes,
            resource,
            service,
            table.program,
        )
    stated: set[str] = set()
    for share in table.shares:
        worth = _share(share, numbers)
        if worth is not None and share.metric not in stated:
            stated.add(share.metric)
            yield Value(share.metric, "1", worth, GAUGE, attributes, resource, service, table.program)


def _keys(row: Mapping[str, str], table: Known) -> tuple[dict[str, str], dict[str, str], str]:
    attributes: dict[str, str] = {}
    resource: dict[str, str] = {}
    for name, attribute in table.keys.items():
        text = row.get(name, "").strip()
        if not attribute or text.lower() in _NOTHING:
            continue
        place = resource if attribute in _OF_PLACE else attributes
        place[attribute] = re.split(r"[\s:]", text)[0] if attribute == "process.executable.name" else text
        if attribute in {"k8s.container.name", "container.name"}:
            attributes[attribute] = text  # a pod has several
    whose = row.get(table.whose, "").strip() if table.whose else ""
    if whose and table.keys.get(table.whose) != "host.name":
        whose = workload_of(whose)
    return attributes, resource, whose


_SIZES = frozenset(["system.memory", "system.paging"])
_OF_PLACE = frozenset(
    [
        "k8s.pod.name",
        "k8s.namespace.name",
        "k8s.container.name",
        "k8s.node.name",
        "host.name",
        "container.name",
        "service.instance.id",
    ]
)


def _named(name: str, rest: str) -> Named:
    found = _HINT.fullmatch(name)
    plain, hint = (found["name"], found["unit"]) if found else (name, "")
    unit = _UNITS.get(hint.lower(), hint)
    if "%" in plain:
        unit = unit or PERCENT
        plain = plain.replace("%", " ").strip() or "share"
    if unit == PERCENT:
        return Named(f"{rest}.{_slug(plain)}".strip("."), PERCENT)
    return Named(f"{rest}.{_slug(plain)}".strip("."), unit)


def _slug(text: str, joint: str = "_") -> str:
    return joint.join(word.lower() for word in _WORD.findall(text.replace("/s", " per s").replace("%", " ")))


def _share(share: Share, numbers: Mapping[str, float]) -> float | None:
    """The share that some cells are; None where one is missing, or there is nothing to be a share of."""
    present = [numbers[part] for part in share.parts if part in numbers]
    if len(present) < len(share.parts) - (share.parts[-1] in {"%iowait", "wa"}):
        return None
    whole = share.of if isinstance(share.of, float) else sum(numbers.get(part, 0.0) for part in share.of)
    if not whole:
        return None
    worth = sum(present) / whole
    return round(1 - worth if share.left else worth, 6)
