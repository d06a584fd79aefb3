"""Exceptions of lines: of the stack traces of five languages, and in the fields of each family of loggers."""

import json
from datetime import UTC
from typing import Any

import pytest

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.text.raised import completed, exception_of
from lastgood.decoding.text.structured import events_of

JAVA = "shop.PriceException: no price\n\tat shop.Cart.price(Cart.java:7)"
NODE = "PriceError: no price\n    at price (/app/cart.js:7:3)"
DOTNET = "Shop.PriceException: no price\n   at Shop.Cart.Price() in /app/Cart.cs:line 7"
PYTHON = (
    'Traceback (most recent call last):\n  File "/app/cart.py", line 7, in price\n    x\nPriceError: no price'
)
GO = "main.price\n\t/app/main.go:7"
FORMS: dict[str, tuple[dict[str, Any], str | None]] = {
    "OpenTelemetry": ({"attributes": {"exception.type": "PriceError", "exception.message": "no price"}}, "PriceError"),
    "ECS": ({"error": {"type": "shop.PriceException", "message": "no price", "stack_trace": JAVA}}, "shop.PriceException"),
    "logstash": ({"stack_trace": JAVA}, "shop.PriceException"),
    "log4j": ({"thrown": {"name": "shop.PriceException", "message": "no price", "extendedStackTrace": [{"class": "shop.Cart"}]}},
              "shop.PriceException"),
    "Quarkus": ({"exception": {"exceptionType": "shop.PriceException", "message": "no price", "frames": []}}, "shop.PriceException"),
    "python-json": ({"exc_info": PYTHON}, "PriceError"),
    "structlog": ({"exception": PYTHON}, "PriceError"),
    "structlog list": ({"exception": [{"exc_type": "PriceError", "exc_value": "no price", "frames": [{"lineno": 7}]},
                                      {"exc_type": "KeyError", "exc_value": "7", "is_cause": True}]}, "PriceError"),
    "loguru": ({"record": {"exception": {"type": "PriceError", "value": "no price", "traceback": True}}}, "PriceError"),
    "pino": ({"err": {"type": "PriceError", "message": "no price", "stack": NODE}}, "PriceError"),
    "bunyan": ({"err": {"name": "PriceError", "message": "no price", "stack": NODE}}, "PriceError"),
    "winston": ({"stack": NODE}, "PriceError"),
    "New Relic": ({"error.class": "PriceError", "error.message": "no price", "error.stack": NODE}, "PriceError"),
    "Datadog": ({"error": {"kind": "PriceError", "message": "no price", "stack": PYTHON}}, "PriceError"),
    "Serilog": ({"@x": DOTNET}, "Shop.PriceException"),
    "NLog": ({"exception": DOTNET}, "Shop.PriceException"),
    "Serilog details": ({"Properties": {"ExceptionDetail": {"Type": "Shop.PriceException", "Message": "no price"}}}, "Shop.PriceException"),
    "Rails": ({"exception": ["Shop::PriceError", "no price"]}, "Shop::PriceError"),
    "Semantic Logger": ({"exception": {"name": "Shop::PriceError", "message": "no price", "stack_trace": ["cart.rb:7"]}}, "Shop::PriceError"),
    "Monolog": ({"context": {"exception": {"class": "PriceException", "message": "no price", "trace": ["cart.php:7"]}}}, "PriceException"),
    "zap": ({"error": "no price", "stacktrace": GO}, None),
    "zerolog": ({"error": "no price", "stack": [{"func": "price", "line": "7", "source": "main.go"}]}, None),
    "slog": ({"err": "no price"}, None),
    "tracing": ({"fields": {"error": "no price"}}, None),
    "a text alone": ({"exception": "no price"}, None),
}  # fmt: skip


def attributes(fields: dict[str, Any]) -> dict[str, str]:
    """Those of a line with these fields beside a message."""
    line = {"message": "job failed", **fields}
    (row,) = events_of(
        [(line, json.dumps(line).encode())], Reference(UTC, 4_102_444_800_000_000_000)
    ).to_pylist()
    assert "job failed" == row["Body"]
    return dict(row["LogAttributes"])


@pytest.mark.parametrize("family", FORMS)
def test_the_exception_of_each_family_is_understood(family: str) -> None:
    """Its type, where the logger says it, and its message."""
    fields, kind = FORMS[family]
    found = attributes(fields)
    assert (kind, "no price") == (found.get("exception.type"), found.get("exception.message"))


@pytest.mark.parametrize("value", [False, True, 0, 7, "-", {}, "None", "<nil>", "OK"])
def test_a_field_that_says_there_is_no_error_is_none(value: Any) -> None:
    """It stays under its own name."""
    found = attributes({"error": value, "exc_info": value})
    assert {"error", "exc_info"} == set(found)


@pytest.mark.parametrize("stack", ["blue", GO, "[{cut", '[{"func": "price"}]'])
def test_a_stack_without_an_exception_names_none(stack: str) -> None:
    """Frames alone, a text that is cut off, and what is called so for another reason."""
    assert {"exception.stacktrace": stack} == attributes({"stack": stack})


def test_what_a_logger_says_itself_is_kept() -> None:
    """The stack trace names another exception, which was wrapped."""
    told = {"exception.type": "Outer", "exception.stacktrace": JAVA}
    kept = dict(told)
    completed(kept, "error.stack")
    assert told == kept


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ('failed\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nValueError: bad', "ValueError", "bad"),
        ("failed\njava.lang.IllegalStateException: no stock\n\tat com.shop.Cart.add(Cart.java:7)\nCaused by: java.io.IOException: x",
         "java.lang.IllegalStateException", "no stock"),
        ("TypeError: x is not a function\n    at add (/app/cart.js:7:3)", "TypeError", "x is not a function"),
        ("Error: no stock\n    at add (/app/cart.js:7:3)", "Error", "no stock"),
        ("panic: no route\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:7 +0x1d", "panic", "no route"),
        ("System.NullReferenceException: not set\n   at Shop.Cart.Add() in /app/Cart.cs:line 7",
         "System.NullReferenceException", "not set"),
    ],
)  # fmt: skip
def test_a_stack_trace_names_its_exception(text: str, kind: str, message: str) -> None:
    """Python, Java, JavaScript, Go, .NET."""
    reported = exception_of(text)
    assert (kind, message, text) == (
        reported["exception.type"], reported["exception.message"], reported["exception.stacktrace"],
    )  # fmt: skip


def test_a_text_without_frames_has_no_exception() -> None:
    """The word alone is not enough."""
    assert {} == exception_of("caught SomeException: never mind\nand more")
