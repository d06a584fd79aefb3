"""Labels as monitoring systems give them: whose a series is, and which labels name resources."""

import re
from collections.abc import Mapping

from lastgood.algorithms.identity import called, workload_of
from lastgood.algorithms.metric_families import reports_others

# Most telling first. A job is often the name of a scrape, so it comes after what names an application.
SERVICE_LABELS = (
    "service_name", "service.name", "service", "exported_service", "app_kubernetes_io_name", "app", "application",
    "microservice", "component", "deployment", "statefulset", "daemonset", "container", "exported_job", "job",
)  # fmt: skip
# Names of a cloud's own resources, and what a table calls whatever it measures: an owner where nothing names another.
PLACE_LABELS = (
    "dbinstanceidentifier", "dbclusteridentifier", "cacheclusterid", "replicationgroupid", "loadbalancer", "targetgroup", "queuename",
    "functionname", "tablename", "brokerid", "brokername", "streamname", "domainname", "resource", "resource_name", "resource_id",
    "resourceid", "entity", "machine", "device_name",
)  # fmt: skip
RESOURCE_LABELS = {
    "pod": "k8s.pod.name", "pod_name": "k8s.pod.name", "kubernetes_pod_name": "k8s.pod.name",
    "namespace": "k8s.namespace.name", "kubernetes_namespace": "k8s.namespace.name", "node": "k8s.node.name",
    "container": "k8s.container.name", "cluster": "k8s.cluster.name", "instance": "service.instance.id",
    "version": "service.version", "service_version": "service.version", "host": "host.name", "hostname": "host.name",
    "region": "cloud.region", "zone": "cloud.availability_zone", "env": "deployment.environment.name",
    "environment": "deployment.environment.name",
}  # fmt: skip
# What a scrape adds to every series, and what Prometheus renames where it collides with that.
_SCRAPED = frozenset(
    {"service", "job", "app", "app_kubernetes_io_name", "component", "pod", "container", "daemonset"}
)
# A prober's series are about whom it asks, which it names by its address (Prometheus' blackbox exporter).
_ASKED = re.compile(r"https?://(?:[^/@\s]*@)?(?P<host>[\w.-]+)", re.IGNORECASE)
_EXPORTED = ("exported_pod", "exported_container", "exported_node")


def service_of(labels: Mapping[str, str], otherwise: str = "") -> str:
    """The service that labels name: by an application's label, a pod's owner, whom a prober asks, or the host of an instance."""
    if not labels:
        return otherwise
    lower = _own({name.lower(): value for name, value in labels.items()})
    about = {
        name: value for name, value in lower.items() if name not in _SCRAPED or not reports_others(value)
    }
    return _named(about) or _named(lower) or otherwise


def _own(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels, with those of a series itself in place of the scrape's."""
    renamed = {name.removeprefix("exported_"): labels[name] for name in _EXPORTED if labels.get(name)}
    return {**labels, **renamed}


def _named(lower: Mapping[str, str]) -> str:
    for name in SERVICE_LABELS[:-3]:
        if lower.get(name):
            return called(lower[name])
    for name in ("pod", "pod_name", "podname", "kubernetes_pod_name"):
        if lower.get(name):
            return workload_of(lower[name])
    asked = (_ASKED.match(lower.get(name, "")) for name in ("target", "instance"))
    hosts = [found["host"].lower() for found in asked if found]
    for name in (*hosts, *(lower.get(label, "") for label in SERVICE_LABELS[-3:])):
        if name:
            return called(name)
    own = called(lower.get("instance", "").rsplit(":", 1)[0])
    return own or next((called(lower[name]) for name in PLACE_LABELS if lower.get(name)), "")


def resource_of(labels: Mapping[str, str]) -> dict[str, str]:
    """The labels that describe where a series comes from, under OpenTelemetry's names."""
    found = {
        RESOURCE_LABELS[name]: value
        for name, value in _own(labels).items()
        if name in RESOURCE_LABELS and value
    }
    service = service_of(labels)
    return {"service.name": service, **found} if service else found
