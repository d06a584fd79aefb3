"""What the columns of well-known programs' tables are: a metric under its usual name, a key, or neither.

Machines' metrics are named as OpenTelemetry's host receiver names them, containers' as its conventions for containers do, those of stores
as their exporters do. Shares are from 0 to 1. A program is known by columns that it alone has together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

GAUGE, COUNTER = "gauge", "counter"
UNANSWERED = "network.hop.unanswered.share"


@dataclass(frozen=True, slots=True)
class Named:
    """What a column is measured as: the metric, its unit, what its numbers are multiplied by, and whether it only grows."""

    metric: str
    unit: str = ""
    scale: float = 1.0
    type: str = GAUGE


@dataclass(frozen=True, slots=True)
class Share:
    """A metric of several cells: what they add up to, of others or of a number; `left`: one minus that."""

    metric: str
    parts: tuple[str, ...]
    of: tuple[str, ...] | float
    left: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """One program's table.

    `signs`: headings that it has, lower case. `keys`: columns that say what a row is about, and the attribute that they are.
    `whose`: the column that names the service. `rest`: what other columns are called after. `program`: whose server prints it.
    """

    signs: tuple[str, ...]
    columns: Mapping[str, Named] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    shares: tuple[Share, ...] = ()
    rest: str = ""
    whose: str = ""
    program: str = ""
    leave: frozenset[str] = frozenset()  # columns that are neither


def _share(metric: str) -> Named:
    return Named(metric, "1", 0.01)


def _kib(metric: str) -> Named:
    return Named(metric, "By/s" if metric.endswith(".rate") else "By", 1024.0)


_CORES = Named("process.cpu.usage", "{cpu}", 0.01)  # a hundred are one processor
_CPU = {
    name: _share(f"system.cpu.{mode}.utilization")
    for mode, names in {
        "user": "%user %usr us user", "nice": "%nice ni nice", "system": "%system %sys sy system sys", "steal": "%steal st steal",
        "interrupt": "%irq hi irq", "softirq": "%soft si soft", "guest": "%guest gu guest", "guest_nice": "%gnice gnice",
    }.items()
    for name in names.split()
} | {name: _share("system.disk.iowait.utilization") for name in ("%iowait", "wa", "iowait")}  # fmt: skip
_CPU |= {name: _share("system.cpu.idle") for name in ("%idle", "id", "idle")}
BUSY = "system.cpu.utilization"
_DISK = {
    "%util": _share("system.disk.busy.utilization"), "tps": Named("system.disk.operations", "/s"), "r/s": Named("system.disk.read.operations", "/s"),
    "w/s": Named("system.disk.write.operations", "/s"), "await": Named("system.disk.await", "ms"), "r_await": Named("system.disk.read.await", "ms"),
    "w_await": Named("system.disk.write.await", "ms"), "aqu-sz": Named("system.disk.queue.size"), "avgqu-sz": Named("system.disk.queue.size"),
    "rkb/s": _kib("system.disk.read.rate"), "wkb/s": _kib("system.disk.write.rate"), "dkb/s": _kib("system.disk.discard.rate"),
    "rmb/s": Named("system.disk.read.rate", "By/s", 2.0**20), "wmb/s": Named("system.disk.write.rate", "By/s", 2.0**20),
}  # fmt: skip
_NETWORK = {
    "rxkb/s": _kib("system.network.receive.rate"), "txkb/s": _kib("system.network.transmit.rate"),
    "rxpck/s": Named("system.network.receive.packets", "/s"), "txpck/s": Named("system.network.transmit.packets", "/s"),
    "%ifutil": _share("system.network.busy.utilization"), "rxdrop/s": Named("system.network.receive.dropped", "/s"),
    "txdrop/s": Named("system.network.transmit.dropped", "/s"), "rxerr/s": Named("system.network.receive.errs", "/s"),
    "txerr/s": Named("system.network.transmit.errs", "/s"),
}  # fmt: skip
_MEMORY = {
    "%memused": _share("system.memory.utilization"), "kbmemfree": _kib("system.memory.free"), "kbavail": _kib("system.memory.available"),
    "kbmemused": _kib("system.memory.used"), "kbbuffers": _kib("system.memory.buffered"), "kbcached": _kib("system.memory.cached"),
    "%swpused": _share("system.paging.utilization"), "kbswpused": _kib("system.paging.used"), "kbswpfree": _kib("system.paging.free"),
    "%commit": _share("system.memory.committed.share"),
}  # fmt: skip
LOAD = {
    "ldavg-1": Named("system.cpu.load_average.1m"), "ldavg-5": Named("system.cpu.load_average.5m"),
    "ldavg-15": Named("system.cpu.load_average.15m"),
}  # fmt: skip
_QUEUE = LOAD | {
    "runq-sz": Named("system.processes.runnable"),
    "plist-sz": Named("system.processes.count"),
    "blocked": Named("system.processes.blocked"),
}
_VMSTAT = {
    "r": Named("system.processes.runnable"), "b": Named("system.processes.blocked"), "swpd": _kib("system.paging.used"),
    "free": _kib("system.memory.free"), "buff": _kib("system.memory.buffered"), "cache": _kib("system.memory.cached"),
    "si": _kib("system.paging.in.rate"), "so": _kib("system.paging.out.rate"), "bi": _kib("system.disk.read.rate"),
    "bo": _kib("system.disk.write.rate"), "in": Named("system.interrupts", "/s"), "cs": Named("system.context_switches", "/s"),
}  # fmt: skip
_FILES = {
    "use%": _share("system.filesystem.utilization"), "capacity": _share("system.filesystem.utilization"), "used": _kib("system.filesystem.used"), "avail": _kib("system.filesystem.available"),
    "available": _kib("system.filesystem.available"), "size": Named("system.filesystem.size", "By"), "1k-blocks": _kib("system.filesystem.size"), "1024-blocks": _kib("system.filesystem.size"),
    "iuse%": _share("system.filesystem.inodes.utilization"), "inodes": Named("system.filesystem.inodes.limit"),
    "iused": Named("system.filesystem.inodes.used"), "ifree": Named("system.filesystem.inodes.free"),
}  # fmt: skip
_PROCESS = {
    "%cpu": _CORES, "cpu": _CORES, "wcpu": _share("process.cpu.weighted"), "%mem": _share("process.memory.utilization"), "rss": _kib("process.memory.rss"), "res": _kib("process.memory.rss"),
    "vsz": _kib("process.memory.virtual"), "virt": _kib("process.memory.virtual"), "shr": _kib("process.memory.shared.size"), "size": _kib("process.memory.virtual"),
    "kb_rd/s": _kib("process.disk.read.rate"), "kb_wr/s": _kib("process.disk.write.rate"), "%wait": _share("process.wait.share"),
    "%usr": _share("process.user.share"), "%system": _share("process.system.share"),
}  # fmt: skip
_PROCESS_KEYS = {
    "pid": "process.pid", "user": "process.owner", "uid": "process.owner", "username": "process.owner", "command": "process.executable.name",
}  # fmt: skip
_POD = {
    "cpu(cores)": Named("k8s.pod.cpu.usage", "{cpu}"), "memory(bytes)": Named("k8s.pod.memory.usage", "By"),
}  # fmt: skip
_CONTAINER = {
    "cpu %": replace(_CORES, metric="container.cpu.usage"), "mem %": _share("container.memory.utilization"), "pids": Named("container.pids.count"),
    "mem usage": Named("container.memory.usage", "By"), "limit": Named("container.memory.limit", "By"),
    "net i": Named("container.network.receive", "By", 1.0, COUNTER), "net o": Named("container.network.transmit", "By", 1.0, COUNTER),
    "block i": Named("container.disk.read", "By", 1.0, COUNTER), "block o": Named("container.disk.write", "By", 1.0, COUNTER),
}  # fmt: skip
_IDLE = Share(BUSY, ("%idle", "%iowait"), 100.0, left=True)

KNOWN: tuple[Known, ...] = (
    Known(("pid", "%cpu"), _PROCESS, _PROCESS_KEYS, rest="process", leave=frozenset(["pr", "ni", "s", "time+", "time", "tty", "stat", "start", "cpu"])),
    Known(("pid", "command"), _PROCESS, _PROCESS_KEYS, rest="process", leave=frozenset(["pr", "pri", "ni", "nice", "s", "state", "time+", "time"])),
    Known(("%idle",), _CPU, {"cpu": "cpu.logical_number"}, (_IDLE,), rest="system.cpu"),
    Known(("%memused",), _MEMORY, rest="system.memory"),
    Known(("%swpused",), _MEMORY, rest="system.paging"),
    Known(("runq-sz",), _QUEUE, rest="system.processes"),
    Known(("dev", "tps"), _DISK, {"dev": "system.device"}, rest="system.disk"),
    Known(("device", "%util"), _DISK, {"device": "system.device"}, rest="system.disk"),
    Known(("device", "tps"), _DISK, {"device": "system.device"}, rest="system.disk"),
    Known(("iface",), _NETWORK, {"iface": "network.interface.name"}, rest="system.network"),
    Known(("us", "sy", "id", "wa"), _CPU | _VMSTAT, shares=(Share(BUSY, ("id", "wa"), 100.0, left=True),), rest="vmstat"),
    Known(("filesystem", "mounted on"), _FILES, {"mounted on": "system.filesystem.mountpoint", "filesystem": "system.device", "type": "system.filesystem.type"}, rest="system.filesystem"),
    Known(("pod", "name", "cpu(cores)"), {key: replace(one, metric=one.metric.replace("k8s.pod", "container")) for key, one in _POD.items()}, {"pod": "k8s.pod.name", "name": "k8s.container.name", "namespace": "k8s.namespace.name"}, whose="pod"),
    Known(("name", "cpu(cores)", "cpu%"), {
        "cpu(cores)": Named("k8s.node.cpu.usage", "{cpu}"), "memory(bytes)": Named("k8s.node.memory.usage", "By"), "cpu%": _share(BUSY),
        "memory%": _share("system.memory.utilization"), "cpu(%)": _share(BUSY), "memory(%)": _share("system.memory.utilization"),
    }, {"name": "host.name"}, whose="name"),
    Known(("name", "cpu(cores)"), _POD, {"name": "k8s.pod.name", "namespace": "k8s.namespace.name"}, whose="name"),
    Known(("name", "ready", "status", "restarts"), {"restarts": Named("k8s.container.restarts", "", 1.0), "ready": Named("k8s.pod.containers.ready"), "ready of": Named("k8s.pod.containers.count")},
          {"name": "k8s.pod.name", "namespace": "k8s.namespace.name"}, whose="name", leave=frozenset(["age", "ip", "node", "status", "nominated node", "readiness gates"])),
    Known(("name", "cpu %"), _CONTAINER, {"name": "container.name", "container id": ""}, whose="name"),
    Known(("name", "reference", "targets", "replicas"), {
        "replicas": Named("k8s.hpa.current_replicas"), "minpods": Named("k8s.hpa.min_replicas"), "maxpods": Named("k8s.hpa.max_replicas"),
        "targets": Named("k8s.hpa.metric.current"), "targets of": Named("k8s.hpa.metric.target"),
    }, {"name": "k8s.hpa.name", "namespace": "k8s.namespace.name"}, whose="name", leave=frozenset(["reference", "age"])),
    Known(("name", "ready", "up-to-date", "available"), {
        "available": Named("kube_deployment_status_replicas_available"), "ready of": Named("kube_deployment_spec_replicas"),
        "ready": Named("k8s.deployment.ready_pods"), "up-to-date": Named("k8s.deployment.updated_pods"),
    }, {"name": "k8s.deployment.name", "namespace": "k8s.namespace.name"}, whose="name", leave=frozenset(["age", "containers", "images", "selector"])),
    Known(("topic", "partition", "lag"), {
        "lag": Named("kafka.consumer_group.lag"), "current-offset": Named("kafka.consumer_group.offset", "", 1.0, COUNTER),
        "log-end-offset": Named("kafka.partition.current_offset", "", 1.0, COUNTER),
    }, {"group": "group", "topic": "topic", "partition": "partition"}, whose="group", leave=frozenset(["consumer-id", "host", "client-id"])),
    Known(("name", "messages"), {}, {"name": "queue", "vhost": "vhost"}, rest="rabbitmq.queue", program="rabbitmq"),
    Known(("name", "messages_ready"), {}, {"name": "queue", "vhost": "vhost"}, rest="rabbitmq.queue", program="rabbitmq"),
    Known(("loss%", "snt", "avg"), {
        "loss%": _share(UNANSWERED), "avg": Named("network.hop.rtt.average", "ms"), "wrst": Named("network.hop.rtt.worst", "ms"),
        "best": Named("network.hop.rtt.best", "ms"), "last": Named("network.hop.rtt.last", "ms"), "stdev": Named("network.hop.rtt.stdev", "ms"),
        "snt": Named("network.hop.sent"), "drop": Named("network.hop.lost"), "rcv": Named("network.hop.received"),
    }, {"host": "network.hop"}, rest="network.hop"),
    Known(("gpu", "pwr", "sm"), {
        "pwr": Named("hw.power", "W"), "gtemp": Named("hw.temperature", "Cel"), "sm": _share("hw.gpu.utilization"), "mem": _share("hw.gpu.memory.utilization"),
    }, {"gpu": "hw.id"}, rest="hw.gpu"),
    Known(("keys", "mem", "clients", "requests"), {
        "mem": Named("redis.memory.used", "By"), "clients": Named("redis.connected_clients"), "blocked": Named("redis.blocked_clients"),
        "requests": Named("redis.commands.processed", "", 1.0, COUNTER), "connections": Named("redis.connections_received", "", 1.0, COUNTER), "keys": Named("redis.keys"),
    }, rest="redis", program="redis"),
)  # fmt: skip


def known(headings: tuple[str, ...]) -> Known | None:
    """The program whose table has these headings (lower case); the first that all signs speak for."""
    return next((one for one in KNOWN if set(one.signs) <= set(headings)), None)
