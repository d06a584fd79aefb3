"""Names of attributes: each is written here once, for relations, readings, questions and sources.

They are OpenTelemetry's, new and old, and those that were seen in use. Of several names for one thing the most
exact comes first. Names with `lg.` are of the loader.
"""

import re

SERVICE_NAME = "service.name"
INSTANCE_ID, POD, CONTAINER_ID, HOST_NAME, NODE = (
    "service.instance.id", "k8s.pod.name", "container.id", "host.name", "k8s.node.name",
)  # fmt: skip
PROBE_TARGET, PROBE_INSTANCE = "target", "instance"  # labels of the blackbox exporter
INSTANCES = (INSTANCE_ID, POD, "pod", CONTAINER_ID, HOST_NAME, "host", "instance")
HOSTS = (HOST_NAME, NODE, "host.id", "host.ip", "node")
CHANGE_ZONE, NOT_STATED = "change.zone", "not stated, read as UTC"  # of the time of a change
ZONES = ("cloud.availability_zone", "availability_zone", "zone")
REGIONS = ("cloud.region", "region")
CLUSTERS = ("k8s.cluster.name", "cluster")
# Labels by which node_exporter and kube-state-metrics tell a machine's name and its addresses.
NODE_NAMED, NODE_ADDRESS, POD_HOST_ADDRESS = "nodename", "internal_ip", "host_ip"
# Names of a part of your own system: one of several that do the same work.
PART = re.compile(r"instance|pod|host|node|zone|region|cluster|datacenter|container|\brack\b", re.IGNORECASE)

SERVICE_VERSION = "service.version"
VERSIONS = (SERVICE_VERSION, "version", "app.version", "k8s.pod.labels.version")
HEAD_REVISION = "vcs.ref.head.revision"  # of what a deploy brought
ENVIRONMENT = "deployment.environment.name"
ENVIRONMENTS = (ENVIRONMENT, "deployment.environment", "environment", "env", "stage")
# Values of those that name no production.
NOT_PRODUCTION = frozenset(
    {"staging", "stage", "dev", "development", "test", "testing", "qa", "uat", "sandbox", "preview", "canary-test"}
)  # fmt: skip

USER_ID, SESSION_ID = "user.id", "session.id"
USERS = (USER_ID, "enduser.id", "enduser.pseudo.id", "user_id", "customer.id", SESSION_ID)
CLIENT_ADDRESS = "client.address"
REQUEST_ID, CORRELATION_ID = "request.id", "correlation.id"

HTTP_STATUS = "http.response.status_code"
HTTP_STATUSES = (HTTP_STATUS, "http.status_code")
HTTP_METHOD = "http.request.method"
HTTP_METHODS = (HTTP_METHOD, "http.method")
# A request as a client sent it: its address, its body, and each header by its name in lower case.
URL_FULLS = ("url.full", "http.url")
URL_PATH = "url.path"
URL_PATHS = (URL_PATH, "http.target")
URL_QUERY = "url.query"
HTTP_BODIES = (
    "http.request.body.content",
    "http.request.body.text",
    "http.request.body",
    "request.body",
    "request_body",
)
HTTP_BODY_SIZES = ("http.request.body.size", "http.request_content_length")
USER_AGENT = "user_agent.original"
USER_AGENT_PRODUCT = "user_agent.product"  # within it: the application with its version
HTTP_HEADER = "http.request.header."
RESPONSE_HEADER, RESPONSE_BODY = "http.response.header.", "http.response.body.content"
CODE_NAMESPACE = "code.namespace"  # a class
STACKTRACE = "exception.stacktrace"
SDK_LANGUAGE = "telemetry.sdk.language"  # of the sender's library
EXCEPTION_TYPE, EXCEPTION_MESSAGE = "exception.type", "exception.message"
GRPC_STATUS, RPC_SERVICE = "rpc.grpc.status_code", "rpc.service"
HTTP_ROUTE = "http.route"
NAMED_ROUTES = (HTTP_ROUTE, "rpc.method")
ADDRESSES = (*URL_PATHS, *URL_FULLS)  # of requests; the path first
ROUTES = (*NAMED_ROUTES, *ADDRESSES)
CODE_LINES = ("code.line.number", "code.lineno")
ERROR_TYPE = "error.type"
AUTHOR_EMAIL = "author.email"  # of a commit
ERROR_TYPES = (ERROR_TYPE, "exception.type")

URL_DOMAIN = "url.domain"  # of a request that is served: the name that its sender asked for
SERVER_ADDRESS, PEER_NAME = "server.address", "net.peer.name"
CLIENT_NAME = "client.name"
PEER_SERVICES = ("service.peer.name", "peer.service")
DB_SYSTEM, DB_SYSTEM_OLD, DB_OPERATION = "db.system.name", "db.system", "db.operation.name"
MESSAGING_SYSTEM, MESSAGING_DESTINATION = "messaging.system", "messaging.destination.name"
PEERS = (
    *PEER_SERVICES, SERVER_ADDRESS, PEER_NAME, DB_SYSTEM, DB_SYSTEM_OLD, MESSAGING_DESTINATION, MESSAGING_SYSTEM,
)  # fmt: skip
# What a proxy handed a request to, as access logs name it; the address is SERVER_ADDRESS.
UPSTREAMS = (
    *PEER_SERVICES, "upstream_cluster.name", "upstream_cluster", "proxy_upstream_name", "haproxy.backend",
)  # fmt: skip
# Labels of metrics. Who calls whom: of OpenTelemetry, of its service graph connector, of service meshes.
CALLER_LABELS = ("client.service", "client", "caller", "source_workload", "source_app", "source_service")
CALLEE_LABELS = (
    *PEER_SERVICES, "server.service", "server", "callee", "destination_workload", "destination_app",
    "destination_service_name",
)  # fmt: skip
# Whom a client's metric is about: OpenTelemetry's names, as Prometheus spells them, and Micrometer's.
TARGET_LABELS = (
    SERVER_ADDRESS, "server_address", PEER_NAME, "net_peer_name", RPC_SERVICE, CLIENT_NAME, "client_name",
    "clientName", "target", "upstream", "dependency",
)  # fmt: skip
# How what a counter counts ended: HTTP statuses and outcomes, as OpenTelemetry, Prometheus and Micrometer name them.
OUTCOME_LABELS = (
    HTTP_STATUS, "http_response_status_code", HTTP_STATUSES[1], "http_status_code", "status_code", "status", "code",
    "outcome", "result",
)  # fmt: skip
# Labels of counters that tell which requests they count.
METHOD_LABELS = (HTTP_METHOD, "http_request_method", HTTP_METHODS[1], "http_method", "method", "verb")
ROUTE_LABELS = (
    HTTP_ROUTE, "http_route", "route", "handler", "uri", "endpoint", "path", "operation", "rpc_method", "grpc_method",
)  # fmt: skip
ERROR_LABELS = (ERROR_TYPE, "error_type", "exception", "error")

FLAG_KEY, FLAG_VARIANT = "feature_flag.key", "feature_flag.result.variant"
FLAG_VARIANTS = (FLAG_VARIANT, "feature_flag.variant", "feature_flag.result.value")
# Attributes that give the money of a request, as `app.order.amount`.
MONEY = r"(?i)(^|[._])((order|payment|charge|cart|basket|checkout|booking|invoice|transaction)s?[._](amount|value|total|price)|revenue)$"

RESPONSE_FLAGS, TERMINATION_STATE = "envoy.response_flags", "haproxy.termination_state"
QUERY_TEXT = "db.query.text"
IIS_STATUS = "sc-win32-status"  # the status of Windows, which only IIS writes
DURATION_NS, UPSTREAM_NS, QUEUED_NS = "lg.duration_ns", "lg.upstream_ns", "lg.queued_ns"
UPSTREAM_STATUS = "lg.upstream_status"
# What edges log of their caches, and what only edges log.
CACHE_STATES = (
    "x-edge-result-type", "x-edge-response-result-type", "CacheCacheStatus", "cache_status", "upstream_cache_status",
    "fastly_info.state", "x-cache",
)  # fmt: skip
# What only API gateways log, as Kong and APISIX document: the time that they take themselves.
GATEWAY_MARKS = ("latencies.kong", "apisix_latency")
EDGE_MARKS = (
    "x-edge-location",
    "x-edge-result-type",
    "RayID",
    "CacheCacheStatus",
    "fastly_info.state",
    "cdn.pop",
)
LOG_REST = "log.rest"  # the end of a line that its format does not name
NAMESPACE = "k8s.namespace.name"
ALSO_RECORDED = "lg.also_recorded"  # the ids of other records of the same release
SEEN_IN = "lg.seen_in"  # of a deploy that no feed reports: what shows it, spans or logs
ANSWERED_BY = "lg.answered_by"  # of a request that a place answered for the one behind it
NAMED = "lg.named"  # what a row named as its service, where the law of names says another
CHOSEN = (
    "lg.chosen"  # of spans of traces that were chosen by how they ended: they are examples, and count nothing
)
SENTRY_EVENT = "sentry.event_id"  # of an error that users' programs reported
TICKET_ID = "ticket.id"  # of a support ticket
SAMPLE_RATE = "SampleRate"
BUCKET_LIMIT = "le"  # of a histogram of Prometheus, the most that a bucket takes
STATISTIC = "statistic"  # of CloudWatch: what a value is over its period
