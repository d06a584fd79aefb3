r"""Counters of Windows' performance monitor: `\\HOST\Object(instance)\Counter`, and the metric that each is."""

import re
from dataclasses import dataclass

_PATH = re.compile(r"\\\\(?P<host>[^\\]+)\\(?P<object>[^\\(]+?)(?:\((?P<instance>.*)\))?\\(?P<counter>.+)")
_WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+")
_MEBI = 2.0**20


@dataclass(frozen=True, slots=True)
class Counter:
    """A metric of a host: its values are `offset + scale * value`; `instance` is which of several, and `of` the attribute for it."""

    metric: str
    unit: str = ""
    scale: float = 1.0
    offset: float = 0.0
    of: str = "instance"
    instance: str = ""
    host: str = ""


def _used(metric: str, of: str) -> Counter:
    return Counter(metric, "1", 0.01, 0.0, of)


def _left(metric: str, of: str) -> Counter:
    """What is counted is the share that is not used."""
    return Counter(metric, "1", -0.01, 1.0, of)


_BUSY, _CPU, _FILES = (
    "system.disk.busy.utilization",
    "system.cpu.utilization",
    "system.filesystem.utilization",
)
_DISK, _MOUNT, _PROCESS = "system.device", "system.filesystem.mountpoint", "process.executable.name"
# By object and counter, lower case; in the languages of Windows that are met most.
_KNOWN = {
    ("processor|processor information|prozessor|prozessorinformationen|processeur", "% processor time|prozessorzeit (%)|% temps processeur"): _used(_CPU, "cpu.logical_number"),
    ("processor|processor information|prozessor", "% idle time|leerlaufzeit (%)"): _left("system.cpu.busy.utilization", "cpu.logical_number"),
    ("processor|processor information|prozessor", "% user time|benutzerzeit (%)"): _used("system.cpu.user.utilization", "cpu.logical_number"),
    ("processor|processor information|prozessor", "% privileged time|privilegierte zeit (%)"): _used("system.cpu.system.utilization", "cpu.logical_number"),
    ("memory|arbeitsspeicher|speicher", "available mbytes|verfügbare mb"): Counter("system.memory.available", "By", _MEBI),
    ("memory|arbeitsspeicher|speicher", "available bytes|verfügbare bytes"): Counter("system.memory.available", "By"),
    ("memory|arbeitsspeicher|speicher", "% committed bytes in use|zugesicherte verwendete bytes (%)"): _used("system.memory.utilization", ""),
    ("memory", "pages/sec"): Counter("system.paging.operations", "/s"),
    ("paging file|auslagerungsdatei", "% usage|belegung (%)"): _used("system.paging.utilization", "system.device"),
    ("physicaldisk|logicaldisk|physikalischer datenträger|logischer datenträger", "% disk time|zeit (%)"): _used(_BUSY, _DISK),
    ("physicaldisk|logicaldisk|physikalischer datenträger|logischer datenträger", "% idle time|leerlaufzeit (%)"): _left(_BUSY, _DISK),
    ("physicaldisk|logicaldisk", "avg. disk queue length|current disk queue length"): Counter("system.disk.queue.size", of=_DISK),
    ("physicaldisk|logicaldisk", "avg. disk sec/read"): Counter("system.disk.read.await", "ms", 1000.0, of=_DISK),
    ("physicaldisk|logicaldisk", "avg. disk sec/write"): Counter("system.disk.write.await", "ms", 1000.0, of=_DISK),
    ("physicaldisk|logicaldisk", "avg. disk sec/transfer"): Counter("system.disk.await", "ms", 1000.0, of=_DISK),
    ("logicaldisk|logischer datenträger", "% free space|freier speicherplatz (%)"): _left(_FILES, _MOUNT),
    ("system", "processor queue length|prozessor-warteschlangenlänge"): Counter("system.processes.runnable"),
    ("process|prozess", "% processor time|prozessorzeit (%)"): Counter("process.cpu.usage", "{cpu}", 0.01, of=_PROCESS),
    ("process|prozess", "working set|working set - private|arbeitsseiten"): Counter("process.memory.rss", "By", of=_PROCESS),
    ("process|prozess", "private bytes"): Counter("process.memory.private", "By", of=_PROCESS),
    ("process|prozess", "handle count|handleanzahl"): Counter("process.handles", of=_PROCESS),
    ("process|prozess", "thread count|threadanzahl"): Counter("process.threads", of=_PROCESS),
    ("network interface|netzwerkschnittstelle", "packets outbound discarded|packets received discarded"): Counter("system.network.dropped", of="network.interface.name"),
    ("asp.net|asp.net applications", "requests queued|requests in application queue"): Counter("aspnet.queue.length", of="application"),
    ("asp.net|asp.net applications", "request wait time"): Counter("aspnet.queue.wait", "ms", of="application"),
    ("asp.net applications", "request execution time"): Counter("aspnet.request.duration", "ms", of="application"),
    ("http service request queues", "currentqueuesize"): Counter("iis.queue.length", of="application"),
}  # fmt: skip
_BY_NAME = {
    (thing, counter): known for (things, counters), known in _KNOWN.items() for thing in things.split("|") for counter in counters.split("|")
}  # fmt: skip
_TOTAL = frozenset(["", "_total", "_global_", "total", "gesamt", "__total__"])


def counter_of(path: str) -> Counter | None:
    """The metric that a column named by a counter's path is; None where it is no such path."""
    found = _PATH.fullmatch(path.strip())
    if found is None:
        return None
    thing, name = found["object"].strip(), found["counter"].strip()
    known = _BY_NAME.get((thing.lower(), name.lower())) or Counter(
        f"{_slug(thing)}.{_slug(name)}", "%" if "%" in name else ""
    )
    instance = (found["instance"] or "").strip()
    whole = instance.lower() in _TOTAL or instance.lower().endswith(",_total")
    return Counter(
        known.metric,
        known.unit,
        known.scale,
        known.offset,
        known.of,
        "" if whole else instance,
        found["host"],
    )


def _slug(text: str) -> str:
    return "_".join(word.lower() for word in _WORD.findall(re.sub(r"/sec\b", " per s", text)))
