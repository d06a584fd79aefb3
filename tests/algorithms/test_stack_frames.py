"""Frames of stack traces, as runtimes print them."""

from time import process_time

import pytest

from lastgood.algorithms.stack_frames import Language, raised

PYTHON = """Traceback (most recent call last):
  File "/app/src/shop/web.py", line 8, in handle
    return place(order)
  File "/app/src/shop/orders.py", line 31, in place
    zone = requests.get(url)
  File "/usr/lib/python3.11/site-packages/requests/api.py", line 73, in get
    return request("get", url)
requests.exceptions.ConnectTimeout: timed out after 3 s
"""
JAVASCRIPT = """TypeError: Cannot read properties of null (reading 'trim')
    at zoneOf (/srv/app/lib/zones.js:14:22)
    at async Checkout.place (/srv/app/checkout.js:40:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
"""
JAVA = """java.lang.RuntimeException: order failed
\tat com.shop.Web.handle(Web.java:12)
Caused by: java.lang.NullPointerException: zip
\tat java.base/java.util.Objects.requireNonNull(Objects.java:259)
\tat com.shop.Orders.place(Orders.java:31)
\t... 8 more
"""
GO = """panic: runtime error: invalid memory address or nil pointer dereference

goroutine 18 [running]:
panic({0x1, 0x2})
\t/usr/local/go/src/runtime/panic.go:884 +0x212
shop/orders.Place(0x0)
\t/src/orders/place.go:27 +0x1a
main.main()
\t/src/main.go:9 +0x20
"""
RUBY = """app/models/order.rb:31:in `zone': undefined method `strip' for nil:NilClass (NoMethodError)
\tfrom app/controllers/orders_controller.rb:12:in `create'
"""
RAILS = """Shop::NoZone (no zone (yet)):

app/models/order.rb:31:in 'Shop::Order#zone'
app/controllers/orders_controller.rb:12:in 'OrdersController#create'
"""


@pytest.mark.parametrize(
    ("text", "language", "file", "line", "function", "kind"),
    [
        (
            PYTHON,
            Language.PYTHON,
            "/app/src/shop/orders.py",
            31,
            "place",
            "requests.exceptions.ConnectTimeout",
        ),
        (JAVASCRIPT, Language.JAVASCRIPT, "/srv/app/lib/zones.js", 14, "zoneOf", "TypeError"),
        (JAVA, Language.JAVA, "Orders.java", 31, "place", "java.lang.NullPointerException"),
        (GO, Language.GO, "/src/orders/place.go", 27, "Place", "panic"),
        (RUBY, Language.RUBY, "app/models/order.rb", 31, "zone", "NoMethodError"),
        (RAILS, Language.RUBY, "app/models/order.rb", 31, "zone", "Shop::NoZone"),
    ],
)
def test_the_innermost_frame_of_ones_own_code(
    text: str, language: Language, file: str, line: int, function: str, kind: str
) -> None:
    """Frames of libraries and runtimes are passed over."""
    found = raised(f"order failed\n{text}")

    assert found
    assert found.own
    assert (language, file, line, function, kind) == (
        found.own.language, found.own.file, found.own.line, found.own.function, found.kind,
    )  # fmt: skip


def test_the_last_traceback_counts_and_its_line_is_kept() -> None:
    """That of a chain."""
    found = raised(
        f"{PYTHON}\nDuring handling of the above exception, another exception occurred:\n\n{PYTHON}"
    )

    assert found
    assert 3 == len(found.frames)
    assert found.own
    assert "zone = requests.get(url)" == found.own.code


def test_a_trace_of_libraries_alone_gives_its_innermost_frame() -> None:
    """And no trace gives nothing."""
    found = raised(
        'Traceback (most recent call last):\n  File "/x/site-packages/a.py", line 1, in f\nKeyError: 1\n'
    )

    assert found
    assert found.own
    assert "f" == found.own.function
    assert None is raised("connection refused at 10:00")


@pytest.mark.parametrize(
    "text",
    ["\n" * 150_000, "(" * 499 + ")\n" + "(" * 100_000, "  at a/" + "a/" * 80_000, ("  at " + "x:1" * 160 + "\n") * 300,
     "Traceback (most recent call last):\n" + "\n" * 150_000],
)  # fmt: skip
def test_a_hostile_line_takes_no_time(text: str) -> None:
    """Each of these took more than the square of its length."""
    started = process_time()
    raised(text)

    assert process_time() - started < 2
