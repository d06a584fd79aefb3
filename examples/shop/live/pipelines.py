"""What collectors do to telemetry on its way: nothing, keep only some traces, or be late with one service."""

from collections import defaultdict
from collections.abc import Iterator
from time import monotonic
from typing import Protocol

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Status

DECIDES, SLOW, ONE_IN = (
    4.0,
    1.0,
    10,
)  # seconds until a trace is decided, seconds that are slow, others that are kept
LATE, BY = "payments", 20.0  # seconds
Batch = tuple[str, bytes]  # the path that it was sent to, and its body


class Pipeline(Protocol):
    """Takes batches in, and gives out what is ready."""

    def take(self, path: str, body: bytes) -> Iterator[Batch]:
        """What can be sent on at once."""
        ...

    def ready(self, *, last: bool = False) -> Iterator[Batch]:
        """What can be sent on by now; at the end all of it."""
        ...


class Direct:
    """As it comes."""

    def take(self, path: str, body: bytes) -> Iterator[Batch]:
        """All of it."""
        yield path, body

    def ready(self, *, last: bool = False) -> Iterator[Batch]:
        """Nothing was held back."""
        del last
        yield from ()


class TailSampling:
    """Traces with an error or a slow span are kept, and one in ten of the others; nothing says so in the spans."""

    def __init__(self) -> None:
        self._since: dict[bytes, float] = {}
        self._parts: dict[bytes, list[ResourceSpans]] = defaultdict(list)

    def take(self, path: str, body: bytes) -> Iterator[Batch]:
        """Logs and metrics."""
        if not path.endswith("/traces"):
            yield path, body
            return
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    part = ResourceSpans(resource=resource.resource)
                    part.scope_spans.add(scope=scope.scope, spans=[span])
                    self._parts[span.trace_id].append(part)
                    self._since.setdefault(span.trace_id, monotonic())

    def ready(self, *, last: bool = False) -> Iterator[Batch]:
        """The traces that were decided on."""
        due = [trace for trace, since in self._since.items() if last or monotonic() - since > DECIDES]
        kept: list[ResourceSpans] = []
        for trace in due:
            del self._since[trace]
            parts = self._parts.pop(trace)
            if _matters(parts) or trace[-1] % ONE_IN == 0:
                kept += parts
        if kept:
            yield "/v1/traces", ExportTraceServiceRequest(resource_spans=kept).SerializeToString()


class Late:
    """Everything in time, but for the spans of one service."""

    def __init__(self) -> None:
        self._held: list[tuple[float, Batch]] = []

    def take(self, path: str, body: bytes) -> Iterator[Batch]:
        """What is not of that service."""
        if path.endswith("/traces") and LATE.encode() in body and _of(body) == LATE:
            self._held.append((monotonic(), (path, body)))
        else:
            yield path, body

    def ready(self, *, last: bool = False) -> Iterator[Batch]:
        """What has waited for long enough."""
        due = [one for one in self._held if last or monotonic() - one[0] > BY]
        self._held = [one for one in self._held if one not in due]
        yield from (batch for _, batch in due)


PIPELINES: dict[str, type[Pipeline]] = {"direct": Direct, "tail-sampling": TailSampling, "late": Late}


def _matters(parts: list[ResourceSpans]) -> bool:
    spans = [span for part in parts for scope in part.scope_spans for span in scope.spans]
    return any(
        span.status.code == Status.STATUS_CODE_ERROR
        or span.end_time_unix_nano - span.start_time_unix_nano > SLOW * 1e9
        for span in spans
    )


def _of(body: bytes) -> str:
    """The service of the first resource."""
    resource = ExportTraceServiceRequest.FromString(body).resource_spans[0].resource
    named = (one.value.string_value for one in resource.attributes if one.key == "service.name")
    return next(named, "")
