"""Health of the server itself: alive, ready (with each check), and its metrics in Prometheus' text."""

import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from lastgood.errors import LastgoodError
from lastgood.surfaces.server.desk import Desk, Open, Route

FINE = "ok"


async def healthz(_request: Request, _desk: Desk) -> Response:
    """That the process lives."""
    return PlainTextResponse("ok\n")


async def readyz(_request: Request, desk: Desk) -> Response:
    """Whether everything works, check by check."""
    service = desk.service
    checks = {
        "store": await desk.run(_problem, service.check_store),
        "record": await desk.run(_problem, service.check_record),
        **{name: FINE if is_open else "not listening" for name, is_open in desk.ports.items()},
    }
    ready = all(said == FINE for said in checks.values()) and not desk.closing.is_set()
    return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503)


async def metrics(_request: Request, desk: Desk) -> Response:
    """What was taken and refused, what waits, and what the process has used."""
    totals, lines = desk.committer.totals, list[str]()

    def counter(name: str, means: str, values: dict[str, float]) -> None:
        lines.extend((f"# HELP lastgood_{name} {means}", f"# TYPE lastgood_{name} counter"))
        lines.extend(f"lastgood_{name}{labels} {value}" for labels, value in values.items())

    for name, means, by_signal in (
        ("otlp_stored_total", "Spans, log records and points that were stored.", totals.stored),
        ("otlp_rejected_total", "Those that were refused.", totals.rejected),
        ("retention_dropped_rows_total", "Rows that retention dropped.", desk.keeping.rows),
        ("retention_dropped_bytes_total", "Bytes that it dropped.", desk.keeping.size),
    ):
        counter(name, means, {f'{{signal="{signal}"}}': value for signal, value in by_signal.items()})
    for name, means, value in (
        ("otlp_repeated_total", "Bodies that were recognised as sent again.", totals.repeated),
        ("otlp_full_total", "Bodies that were refused because the queue was full.", totals.refused),
        ("otlp_unreadable_total", "Bodies that could not be read.", totals.unreadable),
        ("otlp_failed_total", "Bodies that the store did not take.", totals.failed),
        ("retention_failed_total", "Times that retention could not be done.", desk.keeping.failed),
        ("cpu_seconds_total", "CPU time of the process.", time.process_time()),
    ):
        counter(name, means, {"": value})
    for name, means, size in (
        ("otlp_waiting_bytes", "Bytes in the queue.", desk.committer.waiting_bytes),
        ("disk_free_bytes", "Free bytes of the store's disk.", desk.keeping.free),
    ):
        if size is not None:
            lines += [f"# HELP lastgood_{name} {means}", f"# TYPE lastgood_{name} gauge"]
            lines += [f"lastgood_{name} {size}"]
    for name, means, delays in (
        ("event_loop_delay_seconds", "How late the event loop comes to what is due.", desk.pace.delays),
        (
            "event_loop_own_delay_seconds",
            "The same without time in which the thread had no CPU.",
            desk.pace.own,
        ),
    ):
        lines += [f"# HELP lastgood_{name} {means}", f"# TYPE lastgood_{name} histogram"]
        lines += delays.lines(f"lastgood_{name}")
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _problem(check: Callable[[], None]) -> str:
    try:
        check()
    except LastgoodError as problem:
        return problem.code
    return FINE


ROUTES = (
    Route("GET", "/healthz", Open.ALL, healthz),
    Route("GET", "/readyz", Open.ALL, readyz),
    Route("GET", "/metrics", Open.ALL, metrics),
)
