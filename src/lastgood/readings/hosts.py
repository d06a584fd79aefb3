"""Hosts: which services run on which, as resources of telemetry say."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping

from lastgood.algorithms.metric_families import reports_others
from lastgood.model.attributes import (
    HOSTS,
    MESSAGING_DESTINATION,
    NODE,
    NODE_ADDRESS,
    NODE_NAMED,
    POD,
    POD_HOST_ADDRESS,
    URL_DOMAIN,
)
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.telemetry.derived import first_of

_PLACES = first_of(["resource"], (*HOSTS, "instance"))
_RUNS = f"""
SELECT service, if({_PLACES} != '', {_PLACES}, instance) AS host, count() AS n
FROM {{relation}} WHERE service != '' GROUP BY service, host ORDER BY service, host LIMIT 20000"""
# Machines by their addresses, and pods by their machines, as node_exporter and kube-state-metrics tell.
_ALIASES = f"""
SELECT DISTINCT metric, instance, attributes['{NODE_NAMED}'] AS named, attributes['{NODE_ADDRESS}'] AS address,
       attributes['{POD_HOST_ADDRESS}'] AS beside, {first_of(["resource", "attributes"], HOSTS)} AS node, service
FROM lg_points WHERE metric IN ('node_uname_info', 'kube_node_info', 'kube_pod_info') LIMIT 20000"""
_PLACEMENT = f"""
SELECT {first_of(["resource", "attributes"], (POD, "pod"))} AS pod, max({first_of(["resource", "attributes"], (NODE, "node"))}) AS node
FROM lg_points WHERE metric = 'kube_pod_info' AND pod != '' GROUP BY pod HAVING node != '' ORDER BY pod LIMIT 20000"""
# From what serves requests to what merely reports.
_FROM = (
    (Signal.SPANS, "lg_spans"), (Signal.LOGS, "lg_requests"), (Signal.LOGS, "lg_lines"), (Signal.METRICS, "lg_points"),
)  # fmt: skip
_ADDRESS = re.compile(r"^\d+(\.\d+){3}$")
_WORDS = re.compile(r"[^a-z0-9]+")
_CONSUMERS = f"""
SELECT attributes['{MESSAGING_DESTINATION}'] AS queue, service, count() AS n FROM lg_spans
WHERE lower(kind) = 'consumer' AND queue != '' GROUP BY queue, service ORDER BY n, service"""
_ASKED_FOR = f"""
SELECT DISTINCT lower(attributes['{URL_DOMAIN}']) AS host FROM lg_requests WHERE host != '' ORDER BY host LIMIT 1000"""
NO_QUEUES: Mapping[str, str] = {}


class Hosts:
    """Which services run where; hosts are known by their short names and by their addresses."""

    def __init__(
        self,
        runs: Mapping[str, set[str]],
        aliases: Mapping[str, str],
        everyone: Collection[str] = (),
        consumers: Mapping[str, str] = NO_QUEUES,
    ) -> None:
        self._runs, self._aliases, self._everyone, self._consumers = runs, aliases, everyone, consumers

    def name(self, instance: str) -> str:
        """The host of an instance such as `db-1:9100` or `10.0.3.14:9100`."""
        short = short_of(instance)
        return self._aliases.get(short, short)

    def services(self, instance: str) -> tuple[str, ...]:
        """Who runs on the host of an instance, in the order of their names."""
        return tuple(sorted(self._runs.get(self.name(instance), ())))

    def consumer(self, label: str) -> str:
        """Who consumes a queue, or whom a consumer group or a volume is named after; else nothing."""
        return self._consumers.get(label) or self.named_in(label)

    def named_in(self, label: str) -> str:
        """The service that another name is made of, such as `billing` in `billing-consumer`: the longest; else nothing."""
        words = f"-{_WORDS.sub('-', label.lower())}-"
        found = [one for one in self._everyone if f"-{_WORDS.sub('-', one.lower())}-" in words]
        return max(found, key=lambda one: (len(one), one), default="")


def own_names(case: Case) -> frozenset[str]:
    """The host names that requests to one's own services ask for, in lower case: no one outside is meant by them."""
    if not (case.has(Signal.LOGS) or case.has(Signal.SPANS)):
        return frozenset()
    return frozenset(row["host"] for row in case.query(_ASKED_FOR).dicts())


def nodes_of_pods(case: Case) -> Mapping[str, str]:
    """The node that each pod runs on, by their names, as kube-state-metrics or a list of pods tell, also after the window."""
    held = case.holdings.telemetry_window
    if held is None or not case.has(Signal.METRICS):
        return {}
    window = Window(case.window.start, max(case.window.end, held.end))
    return {row["pod"]: row["node"] for row in case.query(_PLACEMENT, window=window).dicts()}


def short_of(host: str) -> str:
    """A host without port and domain; an address as it is."""
    bare = re.sub(r":\d+$", "", host.strip().lower())
    return bare if _ADDRESS.match(bare) else bare.partition(".")[0]


def read_hosts(case: Case) -> Hosts:
    """Which services run on which hosts; those that serve requests where any does, else those that write lines."""
    aliases: dict[str, str] = {}
    runs: dict[str, set[str]] = defaultdict(set)
    everyone = set[str]()
    for row in case.query(_ALIASES).dicts():
        node = short_of(row["named"] or row["node"])
        for other in filter(None, (row["address"], row["beside"], row["instance"] if row["named"] else "")):
            aliases[short_of(other)] = node
        if row["metric"] == "kube_pod_info" and row["service"] and node:
            runs[node].add(row["service"])
    for signal, relation in _FROM:
        found: dict[str, set[str]] = defaultdict(set)
        for row in case.query(_RUNS.format(relation=relation)).dicts() if case.has(signal) else ():
            short = short_of(row["host"])
            host = aliases.get(short, short)
            itself = relation == "lg_points" and short_of(row["service"]) == host  # metrics without a job
            if not reports_others(row["service"]) and not itself:
                everyone.add(row["service"])
                found[host].add(row["service"])
        for host, services in found.items():
            runs[host] = runs[host] or services
    runs.pop("", None)
    read = case.query(_CONSUMERS).dicts() if case.has(Signal.SPANS) else ()
    return Hosts(runs, aliases, everyone, {row["queue"]: row["service"] for row in read})
