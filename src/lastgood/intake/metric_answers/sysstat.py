"""What `sadf -j` gives: the same figures as sar prints, under keys of their own."""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import at, inside
from lastgood.decoding.terminal.measures import of_row
from lastgood.intake.metric_answers.sample import Sample

# Of `sadf -j` the headings that sar prints for the same.
_SAR = {
    "cpu": "CPU", "user": "%user", "nice": "%nice", "system": "%system", "iowait": "%iowait", "steal": "%steal", "idle": "%idle",
    "irq": "%irq", "soft": "%soft", "guest": "%guest", "gnice": "%gnice", "usr": "%usr", "sys": "%sys", "memfree": "kbmemfree", "avail": "kbavail", "memused": "kbmemused",
    "memused-percent": "%memused", "buffers": "kbbuffers", "cached": "kbcached", "commit-percent": "%commit", "swpused-percent": "%swpused",
    "swpfree": "kbswpfree", "swpused": "kbswpused", "disk-device": "DEV", "rkB": "rkB/s", "wkB": "wkB/s", "dkB": "dkB/s", "util-percent": "%util", "iface": "IFACE",
    "rxpck": "rxpck/s", "txpck": "txpck/s", "rxkB": "rxkB/s", "txkB": "txkB/s", "ifutil-percent": "%ifutil",
}  # fmt: skip


def sysstat(document: Any, stem: str) -> Iterator[Sample]:
    """The values of every host, at every time."""
    del stem
    for host in inside(document, "sysstat", "hosts") or ():
        labels = {"host": str(host.get("nodename") or "")}
        for round_ in host.get("statistics") or ():
            told = round_.get("timestamp") or {}
            if not told.get("date"):
                continue
            time = at(f"{told['date']}T{told['time']}{'Z' if told.get('utc') else ''}")
            for row in _rows(round_):
                names = [_SAR.get(key, key) for key in row]
                for value in of_row(names, [str(one) for one in row.values()], "system"):
                    yield Sample(
                        value.metric,
                        labels | dict(value.attributes),
                        time,
                        value.value,
                        value.unit,
                        labels["host"],
                    )


def _rows(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The flat objects in one round of statistics, however deep."""
    for key, inner in part.items():
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict) and key != "timestamp":
                if any(isinstance(value, dict | list) for value in one.values()):
                    yield from _rows(one)
                else:
                    yield one
