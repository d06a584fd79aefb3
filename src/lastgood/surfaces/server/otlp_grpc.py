"""OTLP over gRPC: the three Export methods. Messages stay bytes; the committer takes them as they are."""

from collections.abc import Awaitable, Callable

import grpc
import grpc.aio

from lastgood.errors import LastgoodError
from lastgood.model.signal import Signal
from lastgood.surfaces.server.callers import Callers, key_in
from lastgood.surfaces.server.committer import RETRY_SECONDS, Committer, FullError
from lastgood.surfaces.server.otlp_answers import RESOURCE_EXHAUSTED, failure, success
from lastgood.workbench.receive import Body

LARGEST = 64 * 1024 * 1024
_SERVICE = "/opentelemetry.proto.collector"
METHODS = {
    f"{_SERVICE}.trace.v1.TraceService/Export": Signal.SPANS,
    f"{_SERVICE}.logs.v1.LogsService/Export": Signal.LOGS,
    f"{_SERVICE}.metrics.v1.MetricsService/Export": Signal.METRICS,
}
Export = Callable[[bytes, "grpc.aio.ServicerContext[bytes, bytes]"], Awaitable[bytes]]


class _Exports(grpc.GenericRpcHandler):
    """Hands each known method to the committer."""

    def __init__(self, committer: Committer, callers: Callers) -> None:
        self._committer = committer
        self._callers = callers

    def service(self, details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes] | None":
        """What answers a method; None of one that is not OTLP's."""
        signal = METHODS.get(details.method)
        return None if signal is None else grpc.unary_unary_rpc_method_handler(self._export(signal))

    def _export(self, signal: Signal) -> Export:
        async def export(content: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
            sent = dict(context.invocation_metadata() or ())
            key = key_in(str(sent.get("authorization", "")), str(sent.get("x-lastgood-key", "")))
            if not (await self._callers.of_key(key)).ingest:
                await context.abort(grpc.StatusCode.UNAUTHENTICATED, "no valid ingest key")
            return await self._stored(Body(signal, content), context)

        return export

    async def _stored(self, body: Body, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
        try:
            receipt = await self._committer.commit(body)
        except FullError:
            said = "the queue is full"
            details = failure(RESOURCE_EXHAUSTED, said, retry_seconds=RETRY_SECONDS)
            await context.abort(
                grpc.StatusCode.RESOURCE_EXHAUSTED, said, (("grpc-status-details-bin", details),)
            )
        except LastgoodError as problem:
            await context.abort(grpc.StatusCode.UNAVAILABLE, problem.message)
        if receipt.problem:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, receipt.problem)
        return success(body.signal, receipt)


def grpc_server(committer: Committer, callers: Callers) -> grpc.aio.Server:
    """A server that is not bound yet."""
    server = grpc.aio.server(
        options=(("grpc.max_receive_message_length", LARGEST), ("grpc.so_reuseport", 0)),
    )
    server.add_generic_rpc_handlers((_Exports(committer, callers),))
    return server
