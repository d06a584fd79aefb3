"""What services are written in."""

import pytest

from lastgood.readings.views.languages import languages
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from lives import DAY, after

JAVA = "failed\njava.lang.IllegalStateException: no stock\n\tat com.shop.Orders.place(Orders.java:42)\n\tat x.Y.z(Y.java:1)"
PYTHON = 'failed\nTraceback (most recent call last):\n  File "/app/orders.py", line 3, in place\nKeyError: 1'
NODE = "TypeError: x\n    at place (/app/src/orders.ts:10:5)\n    at main (/app/src/index.ts:1:1)"
GO = "panic: x\n\ngoroutine 1 [running]:\nmain.place()\n\t/app/orders.go:12 +0x1d\n"


def put(store: Store, *rows: tuple[str, str, str, str]) -> None:
    """Lines of services: service, body, logger, language that the sender states."""
    columns = {
        "Timestamp": [after(n) for n in range(len(rows))],
        "ServiceName": [row[0] for row in rows],
        "Body": [row[1] for row in rows],
        "ScopeName": [row[2] for row in rows],
        "ResourceAttributes": [[("telemetry.sdk.language", row[3])] if row[3] else [] for row in rows],
    }
    store.engine.insert("otel_logs", LOGS.rows(columns), token=repr(rows)).result()


@pytest.mark.parametrize(
    ("body", "logger", "stated", "expected"),
    [
        ("started", "", "nodejs", "nodejs"),
        ("started", "", "rust", "rust"),
        (JAVA, "", "", "java"),
        (PYTHON, "", "", "python"),
        (NODE, "", "", "nodejs"),
        (GO, "", "", "go"),
        ("started", "com.shop.orders.Orders", "", "java"),
        ("started", "c.s.orders.Orders", "", "java"),
        ("started", "uvicorn.access", "", "python"),
        ("started", "Shop.Orders.Placing", "", None),
        ("wrote orders.java:42 to disk", "", "", None),
    ],
)
def test_a_language_is_stated_or_shown(
    store: Store, body: str, logger: str, stated: str, expected: str | None
) -> None:
    """By the sender's library, by frames of a stack trace, or by the name of a logger."""
    put(store, ("orders", body, logger, stated))

    assert expected == languages(store.survey()[1], DAY).get("orders")


def test_what_is_stated_goes_before_what_is_seen(store: Store) -> None:
    """A service may print the trace of another one, however often."""
    put(store, ("orders", "started", "", "go"), *[("orders", JAVA, "", "")] * 5)

    assert {"orders": "go"} == languages(store.survey()[1], DAY)


def test_a_proxy_has_no_language_and_lines_without_a_service_show_that_of_the_only_other(
    store: Store,
) -> None:
    """A panic is printed beside the lines of a service; of two services it may be either's."""
    served = [("http.response.status_code", "200"), ("url.path", "/quote"), ("http.request.method", "GET")]

    def requests(*services: str) -> None:
        columns = {
            "Timestamp": [after(n) for n in range(len(services))],
            "ServiceName": services,
            "Body": ["GET /quote"] * len(services),
            "LogAttributes": [served] * len(services),
        }
        store.engine.insert("otel_logs", LOGS.rows(columns), token=repr(services)).result()

    put(store, ("", GO, "", ""))
    requests("haproxy", "quote")
    assert {"haproxy": "proxy", "quote": "go"} == languages(store.survey()[1], DAY)

    requests("web")
    assert {"haproxy": "proxy"} == languages(store.survey()[1], DAY)
