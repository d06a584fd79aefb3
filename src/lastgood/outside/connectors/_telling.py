"""What the name of a metric says: which are asked for first."""

import re

# The most telling first; what comes last describes the monitoring itself.
_TELLING = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:ALERTS|up|probe_success|kube_.*restart.*)$",
        r"(?:request|http|rpc|grpc|response|client|server|call).*(?:_total|_count|_sum)$|traefik|haproxy|nginx|envoy|istio",
        r"error|fail|exception|timeout|reject|refus|retr(?:y|ies)",
        r"(?:duration|latency|seconds|milliseconds)(?:_sum|_count|$)|quantile",
        r"queue|lag|backlog|pool|connection|in_?flight|pending|throttl|saturat|order|payment|checkout",
        r"cpu|memory|oom|disk|filesystem|file_?desc|fds|network|load\d",
    )
)
_LAST = re.compile(r"^(?:go|promhttp|prometheus|scrape|net_conntrack|process)_|_created$")
_BUCKET = "_bucket"


def rank(name: str) -> int:
    """Its place: small for requests and failures, large for what monitors itself."""
    if _LAST.search(name):
        return len(_TELLING) + 2
    found = next(
        (place for place, telling in enumerate(_TELLING) if telling.search(name.lower())), len(_TELLING)
    )
    return len(_TELLING) + 1 if name.endswith(_BUCKET) else found
