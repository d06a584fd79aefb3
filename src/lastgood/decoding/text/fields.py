"""Fields: what the keys of structured logs mean, under all the names that loggers give them.

A key is looked up with its case, `-` and `_` ignored, first as it is, then without the wrappers that
loggers put around the caller's own fields. A name with dots is also known without them. An unknown field is kept as an
attribute of that name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

Place = Literal["event", "attribute", "resource", "duration", "upstream"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Where the value of a field goes; of several fields for one place the lowest rank wins."""

    place: Place
    name: str
    rank: int = 0


# In order of preference.
_EVENT: Mapping[str, str] = {
    "Timestamp": "timestamp_ns @timestamp timestamp time ts @t eventtime datetime asctime timemillis instant.epochsecond t.$date "
    "__realtime_timestamp _source_realtime_timestamp timeunixnano time_iso8601 time_local date dt created createdat "
    "starttime observedtimestamp receivetimestamp ingestiontime t epoch when timecreated dateandtime timegenerated "
    "timegenerated[utc] timestamp[utc] timeutc timestamputc eventtimestamp logtime log_time requesttime_iso requesttimeepoch messagetime started_at startedat "
    "edgestarttimestamp isotimestamp generated_at received_at receivedat occurredat occurred_at",
    "SeverityText": "level severity log.level severitytext loglevel levelname lvl @l logseverity priority "
    "log.severity levelstr severitynumber level_value syslog_severity l s @level leveldisplayname severitylevel detected_level error_severity severity_text severity_name syslog.severity "
    "label",
    "ServiceName": "service.name service svc servicename svcname dd.service serviceid app application appname applicationname "
    "app.name application.name resource.service.name kubernetes.labels.app.kubernetes.io/name kubernetes.labels.app "
    "resource.labels.service_name serviceContext.service program syslog_identifier container.service container.name container_name "
    "kubernetes.container.name kubernetes.container_name kubernetes.deployment.name resource.labels.container_name "
    "com.docker.compose.service attrs.com.docker.compose.service functionname _systemd_unit providername approlename containerappname "
    "cloud_rolename rolename service_name servicename projectname entity.name resource.labels.url_map_name",
    "ScopeName": "logger logger_name loggername log.logger sourcecontext logger.name category scope channel "
    "instrumentation_scope.name scope.name module component c caller name @module @logger",
    "TraceId": "traceid trace.id trace otel.trace_id oteltraceid logging.googleapis.com/trace x-b3-traceid b3.traceid "
    "dd.trace_id @tr trace_id_hex amzn_trace_id x-amzn-trace-id contextmap.traceid",
    "SpanId": "spanid span.id otelspanid logging.googleapis.com/spanid x-b3-spanid dd.span_id @sp span",
    "Body": "message msg @m short_message textpayload body @mt log text log.message event.original logmessage logentry line "
    "fullmessage event messagetemplate @message raw _raw resultdescription renderedmessage eventdata.message rendereddescription",
    "EventName": "event.name eventname event_name event.action @i",
}  # fmt: skip
_ATTRIBUTES: Mapping[str, str] = {
    "request.id": "requestid reqid req.id xrequestid request.id http.request.id correlationid correlation.id "
    "headers.x-request-id req.headers.x-request-id request.headers.x-request-id awsrequestid rid",
    "http.request.method": "method httpmethod http.method requestmethod http.request.method req.method request.method "
    "verb httprequest.requestmethod clientrequestmethod csmethod proxy.method",
    "http.response.status_code": "status statuscode http.statuscode httpstatus http.status responsestatus res.status "
    "res.statuscode response.status response.statuscode http.response.statuscode http.response.status_code "
    "httpstatuscode httprequest.status downstreamstatus responsecode edgeresponsestatus scstatus resultcode httpstatusd proxy.statuscode",
    "service.peer.name": "service.peer.name peer.service upstreamname upstreamcluster proxyupstreamname proxyhost resource.labels.backend_service_name",
    "lg.upstream_status": "upstreamstatus originstatus upstreamstatuscode originresponsestatus",
    "envoy.response_flags": "responseflags",
    "http.route": "route http.route endpoint routename routepattern resourcepath",
    "url.path": "path url.path uri requesturi requestpath request.path req.path http.path http.target request.uri "
    "url req.url request.url uripath clientrequestpath clientrequesturi csuristem",
    "url.full": "url.full http.url httprequest.requesturl requesturl url.original",
    "user.id": "userid user.id enduser.id user usr.id uid accountid account.id customerid customer.id customer "
    "principal user.name username",
    "url.domain": "url.domain request.host req.host http.host requesthost httphost clientrequesthost host_header cshost "
    "request.headers.host req.headers.host",
    "client.port": "client.port request.port req.port remoteport request.remote_port clientport",
    "session.id": "sessionid session.id session sid",
    "client.address": "clientip client.ip client.address remoteaddr remoteaddress remoteip remote_ip clientaddress "
    "client_addr request.remote_ip request.client_ip req.ip cip source.ip http.client_ip clienthost httprequest.remoteip ip req.remoteaddress xforwardedfor proxy.clientip",
    "user_agent.original": "useragent ua http.useragent user_agent.original httprequest.useragent "
    "req.headers.user-agent request.headers.user-agent clientrequestuseragent proxy.useragent",
    "exception.type": "exception.type error.type err.type errortype exceptiontype exception.class errorclass "
    "error.kind exception_class exception.exception_class thrown.name err.name error.name errorname exception.name error.class "
    "exception.exceptiontype exceptiondetail.type exc_info.type exc_type outertype",
    "exception.message": "exception.message error.message err.message errormessage exceptionmessage error err "
    "thrown.message exception.exception_message errmsg exception.value exceptiondetail.message exc_info.message exc_value "
    "error.msg err.msg error.reason crash_reason outermessage",
    "exception.stacktrace": "exception.stacktrace error.stacktrace error.stack err.stack stack stacktrace stack_trace "
    "exc_info excinfo exception @x traceback thrown.extendedstacktrace exception.backtrace backtrace errorverbose "
    "exception.stack exception.trace exception.traceback exceptiondetail.stacktrace exc_info.traceback exc_text error.traceback err_trace",
    "thread.name": "thread threadname thread.name process.thread.name thread_name",
    "server.address": "server.address peer peeraddress upstream upstreamaddr upstream_addr upstreamhost "
    "destination.address server.host",
    "db.query.text": "sql db.statement db.query.text",
    "code.namespace": "code.namespace class classname sourceclass ctx.class",
    "log.iostream": "stream log.iostream",
    "db.response.status_code": "state_code sqlstate err_code",
}  # fmt: skip
_RESOURCE: Mapping[str, str] = {
    "service.version": "service.version version appversion app.version releaseversion release serviceversion "
    "build buildversion dd.version",
    "service.instance.id": "service.instance.id instance instanceid serviceinstanceid nodeid instance.id",
    "service.namespace": "service.namespace",
    "k8s.pod.name": "k8s.pod.name kubernetes.pod.name kubernetes.podname pod podname kubernetes.pod "
    "resource.labels.pod_name",
    "k8s.namespace.name": "k8s.namespace.name kubernetes.namespace kubernetes.namespace.name kubernetes.namespacename "
    "namespace resource.labels.namespace_name",
    "k8s.node.name": "k8s.node.name kubernetes.node.name kubernetes.host kubernetes.nodename node",
    "host.name": "host.name host hostname _hostname host.hostname machinename machine computername agent.hostname",
    "container.id": "container.id containerid container_id",
    "deployment.environment.name": "deployment.environment.name deployment.environment environment env dd.env stage",
    "cloud.region": "cloud.region region awsregion resource.labels.location",
    "cloud.availability_zone": "cloud.availability_zone zone availabilityzone az",
    "process.pid": "process.pid pid processid _pid syslog_pid",
}  # fmt: skip
# The unit is in the name, or in the manual of the logger that uses it.
_DURATIONS: Mapping[str, str] = {
    "ns": "event.duration durationns elapsedns latencyns durationnanos downstreamduration",
    "us": "durationus elapsedus latencyus durationmicros tookus elapsedmicros timeelapsedus",
    "ms": "durationms elapsedms latencyms responsetimems responsetime tookms durationmillis elapsedmillis timems "
    "responsetimemillis requestdurationms totalms took_ms elapsedmilliseconds durationmilliseconds http.duration_ms "
    "processingtimems executiontimems ms timetakenms runtimems totaltimems durationinms latencies.request latencies.proxy "
    "durms ms timetaken_ms properties.timetaken response_time_ms servetimems totallatencyms",
    "s": "requesttime rt durations durationsec durationsecs durationseconds elapsedseconds elapsedsec latencyseconds "
    "latencys responsetimes responsetimeseconds processingtimes secs requestduration "
    "requestdurationseconds timetakens elapsed_seconds",
    "": "duration elapsed latency took httprequest.latency responselatency timetaken processingtime",
}  # fmt: skip
# How long what a proxy asked took, of the time that the whole request took.
_OF_UPSTREAM: Mapping[str, str] = {
    "ns": "originduration", "ms": "upstreamservicetime", "s": "upstreamresponsetime urt",
}  # fmt: skip

_WRAPPERS = re.compile(
    r"^(?:fields|data|jsonpayload|context|contextmap|extra|extras|attributes|attrs|attr|mdc|labels|record|log|properties"
    r"|resource|resources|metadata|meta|ctx|body|payload|protopayload|params|span|details|res|req|request|response|http"
    r"|_source|state|httprequest|docker|kubernetes|k8s|tags|structured|additional|custom|info|json|message|msg|result"
    r"|resource\.attributes|log\.attributes|scope\.attributes)\."
)
_IGNORED = re.compile(r"[-_ ]")
_TYPED = re.compile(r"[^_\W]_[sdtgb]$")
_OTHERS = frozenset({"providerName"})  # as Traefik writes it, which is not what ProviderName is to Windows


def _folded(key: str) -> str:
    bare = key.lower()
    lead = len(bare) - len(bare.lstrip("_"))
    return "_" * lead + _IGNORED.sub("", bare[lead:])


def _known() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    groups: tuple[tuple[Place, Mapping[str, str]], ...] = (
        ("event", _EVENT), ("attribute", _ATTRIBUTES), ("resource", _RESOURCE), ("duration", _DURATIONS),
        ("upstream", _OF_UPSTREAM),
    )  # fmt: skip
    for place, names in groups:
        for name, aliases in names.items():
            for rank, alias in enumerate(aliases.split()):
                table.setdefault(_folded(alias), Meaning(place, name, rank))
    # Loki and Prometheus have no dots in names: `http_response_status_code`.
    undotted = {folded.replace(".", ""): meant for folded, meant in reversed(table.items())}
    return undotted | table


_KNOWN = _known()


@cache
def meaning(path: str) -> Meaning:
    """What a field means, by its dotted path."""
    if path in _OTHERS:
        return Meaning("attribute", path)
    folded = _folded(path)
    depth = 0
    while True:
        known = _KNOWN.get(folded)
        if known is not None:
            return Meaning(known.place, known.name, known.rank + 100 * depth)
        bare = _WRAPPERS.sub("", folded, count=1)
        if bare == folded and folded.startswith("_"):  # GELF's mark of additional fields
            bare = folded.lstrip("_")
        if bare == folded:
            return _typed(path) or Meaning("attribute", path)
        folded, depth = bare, depth + 1


def _typed(path: str) -> Meaning | None:
    """What a column of a custom table of Log Analytics means, which ends in its type: `Log_s`, `time_t`; None for others."""
    found = meaning(path[:-2]) if _TYPED.search(path) else None
    return found if found and found.place in {"event", "resource"} else None


SCALE = {
    "ns": 1,
    "us": 1e3,
    "µs": 1e3,
    "μs": 1e3,
    "ms": 1e6,
    "s": 1e9,
    "sec": 1e9,
    "m": 60e9,
    "min": 60e9,
    "h": 3600e9,
}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ns|us|µs|μs|ms|sec|s|min|m|h)")
_SPAN = re.compile(rf"(?:{_PART.pattern}\s*)+")


_LONGEST_NS = float(2**63)


def duration_ns(value: str, unit: str) -> str:
    """Whole nanoseconds of a duration, '' when its unit is not known or no column holds it: a guess would be a wrong number."""
    if unit and value[:1].isdigit() and value.isascii() and value.replace(".", "", 1).isdigit():
        return _nanoseconds(float(value) * SCALE[unit])
    if _SPAN.fullmatch(value):
        return _nanoseconds(sum(float(number) * SCALE[u] for number, u in _PART.findall(value)))
    if unit and re.fullmatch(r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", value):
        return _nanoseconds(float(value) * SCALE[unit])
    return ""


def _nanoseconds(value: float) -> str:
    return str(round(value)) if value < _LONGEST_NS else ""


_HEX = re.compile(r"[0-9a-f]+")


def trace_id(value: str) -> str:
    """A trace or span id as lower-case hexadecimal without dashes or path; others as they are."""
    if _HEX.fullmatch(value):
        return value
    last = value.rsplit("/", 1)[-1]
    bare = last.replace("-", "").lower()
    return bare if _HEX.fullmatch(bare) else last
