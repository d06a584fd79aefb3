"""The log lines: the same fields everywhere, and Lastgood reads each of them."""

import io
import json
import logging
from collections.abc import Iterator
from socket import gethostname
from typing import Any

import pytest
import structlog

from lastgood_kit import context, logs
from outcomes import outcome

log = logging.getLogger("shop.pay")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged."""
    stream = io.StringIO()
    handler = logs.set_up("payments", "v2", {"deployment.environment.name": "test"}, stream=stream)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)


def test_every_line_says_who_what_and_for_whom(lines: io.StringIO) -> None:
    """Service, version, ids, bound fields and the call's own."""
    with context.serving(context.arriving("", "r-1")), context.bound(**{"user.id": "u1"}):
        log.warning("refused %s", "card", extra={"issuer": "anz"})
    line = json.loads(lines.getvalue())

    assert {"level": "warning", "message": "refused card", "logger": "shop.pay", "request.id": "r-1",
            "user.id": "u1", "issuer": "anz", "service.name": "payments", "service.version": "v2",
            "host.name": gethostname(), "deployment.environment.name": "test"} == {
        name: value for name, value in line.items() if name not in {"time", "trace_id", "span_id"}
    }  # fmt: skip
    assert 32 == len(line["trace_id"])


def test_a_host_can_be_named_otherwise() -> None:
    """Where the name of the machine says nothing, such as that of a pod does."""
    stream = io.StringIO()
    handler = logs.set_up("payments", "v2", {"host.name": "node-3"}, stream=stream)
    log.warning("refused")
    logging.getLogger().removeHandler(handler)

    assert "node-3" == json.loads(stream.getvalue())["host.name"]


def test_an_error_is_one_line(lines: io.StringIO) -> None:
    """Its type, message and stack are fields."""
    try:
        list[str]().index("no\nsuch card")
    except ValueError:
        log.exception("charge failed")
    (written,) = lines.getvalue().splitlines()
    line = json.loads(written)

    assert ("ValueError", "'no\\nsuch card' is not in list") == (
        line["exception.type"],
        line["exception.message"],
    )
    assert "Traceback" in line["exception.stacktrace"]


def test_the_text_of_an_error_has_no_secret(lines: io.StringIO) -> None:
    """A driver writes its address into it, a client what it sent."""
    text = "postgres://shop:hunter2@db/x refused, token=sk_live_1, card 4111 1111 1111 1111"
    log.error("charge failed", exc_info=ConnectionError(text))

    assert not any(one in lines.getvalue() for one in ("hunter2", "sk_live_1", "4111"))
    assert "@db/x refused" in json.loads(lines.getvalue())["exception.message"]


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "card_number",
        "Authorization",
        "api_key",
        "session_token",
        "x-api-key",
        "pwd",
        "cvv",
        "private_key",
    ],
)
def test_secrets_are_not_written(lines: io.StringIO, name: str) -> None:
    """A field whose name is that of a secret has no value, also when it is bound."""
    with context.bound(**{name: "hunter2"}):
        log.warning("hello", extra={f"my_{name}": "hunter3", "headers": [{"x": {name: "hunter4"}}]})

    assert "hunter" not in lines.getvalue()
    assert "[redacted]" == json.loads(lines.getvalue())[name]


def test_what_is_not_json_is_written_as_text(lines: io.StringIO) -> None:
    """A line is never lost to a value."""
    log.warning("hello", extra={"what": object})

    assert "<class 'object'>" == json.loads(lines.getvalue())["what"]


class _Unwritable:
    def __str__(self) -> str:
        raise RuntimeError


def _in_itself() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["self"] = found
    return found


@pytest.mark.parametrize(
    "value", [float("nan"), float("-inf"), _in_itself(), {(1, 2): 3}, _Unwritable(), {1}, "\ud800", 10**5000, {"a": _Unwritable()}],
    ids=["nan", "inf", "in itself", "tuple", "object", "set", "surrogate", "large", "inside"],
)  # fmt: skip
def test_a_line_is_written_whatever_a_field_is(value: object) -> None:
    """As JSON, which others read."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    handler = logs.set_up("payments", "v2", stream=stream)
    log.warning("hello", extra={"what": value})
    logging.getLogger().removeHandler(handler)
    stream.seek(0)

    assert "hello" == json.loads(stream.read(), parse_constant=pytest.fail)["message"]


def test_lastgood_reads_every_field(lines: io.StringIO) -> None:
    """Time, level, body, ids, service and version each become a column or an attribute of that name."""
    with context.serving(context.arriving()) as request, context.bound(**{"user.id": "u1"}):
        log.error("charge failed")
    (row,) = outcome(lines.getvalue().encode()).rows["otel_logs"]
    attributes, resource = dict(row["LogAttributes"]), dict(row["ResourceAttributes"])

    assert ("charge failed", "payments", request.trace_id, request.span_id, 17) == (
        row["Body"], row["ServiceName"], row["TraceId"], row["SpanId"], row["SeverityNumber"],
    )  # fmt: skip
    assert ("u1", "v2") == (attributes["user.id"], resource["service.version"])


def test_structlog_has_the_same_fields() -> None:
    """Ids, bound fields, no secrets."""
    kept: list[dict[str, Any]] = []

    def keep(_: Any, __: str, event: Any) -> Any:
        kept.append(event)
        raise structlog.DropEvent

    logger = structlog.wrap_logger(None, processors=[logs.structlog_fields, keep])
    with context.serving(context.arriving("", "r-1")), context.bound(**{"user.id": "u1"}):
        logger.info("charged", password="hunter2", amount=3)  # noqa: S106

    assert {"level": "info", "message": "charged", "request.id": "r-1", "user.id": "u1", "password": "[redacted]",
            "amount": 3} == {
        name: value for name, value in kept[0].items() if name not in {"time", "trace_id", "span_id"}
    }  # fmt: skip


def test_secrets_in_a_text_are_left_out() -> None:
    """Behind their names, as tokens, and numbers of cards with their check digit; the rest stays."""
    texts = {
        'api_key: "k-1", n=2': 'api_key: "[redacted]", n=2',
        "token=abc&page=2": "token=[redacted]&page=2",
        "got eyJhbGciOi.eyJzdWIi.sig1 back": "got [redacted] back",
        "card 4111-1111-1111-1111, order 4111111111111112": "card [redacted], order 4111111111111112",
        "tokens: none of them": "tokens: [redacted] of them",
        "the password is wrong": "the password is wrong",
    }

    assert texts == {text: logs.without_secrets(text) for text in texts}
