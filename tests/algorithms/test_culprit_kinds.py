"""The kind of a suspect, from what it says and from what it is called."""

import pytest

from lastgood.algorithms.culprit_kinds import is_outside_name, kind_of_peer, kind_of_trouble, place_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x509: certificate has expired or is not yet valid", "certificate"),
        ("dial tcp: lookup bank.example: no such host", "dns"),
        ("write /var/lib/index: no space left on device", "disk"),
        ("java.lang.OutOfMemoryError: Java heap space", "memory"),
        ("Lock wait timeout exceeded; try restarting transaction", "database"),
        ("KeyError: 'vat'", "code"),
    ],
)
def test_an_error_tells_its_kind(text: str, kind: str) -> None:
    """By words that every system has; code when it has none of them."""
    assert kind == kind_of_trouble(text, "code")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("orders-redis:6379", "cache"),
        ("kafka-1.broker", "queue"),
        ("billing-postgres", "database"),
        ("api.bank.example", "external"),
    ],
)
def test_a_peer_is_reported_by_its_name(name: str, kind: str) -> None:
    """Names that instrumentation and people give to what they ask."""
    assert kind == kind_of_peer(name)


def test_what_spans_say_of_a_peer_comes_before_its_name() -> None:
    """A host called `main-7` is a database where it is asked with SQL, and a cache where it is a Valkey."""
    assert "external" == kind_of_peer("main-7.internal")
    assert "database" == kind_of_peer("main-7.internal", store="postgresql")
    assert "cache" == kind_of_peer("main-7.internal", store="valkey")
    assert "queue" == kind_of_peer("main-7.internal", messages="kafka")


@pytest.mark.parametrize(
    ("text", "kind", "logger", "place"),
    [
        ("1062 Duplicate entry '2147483647' for key 'visits.PRIMARY'", "database", "production", "visits"),
        ("Lock wait timeout exceeded (SQL: update `wares` set `left` = 3)", "database", "app.Wares", "wares"),
        ('nextval: reached maximum value of sequence "visits_id_seq"', "database", "", "visits"),
        ('could not obtain lock on row in relation "wares"', "database", "", "wares"),
        ("QueuePool limit of size 5 overflow 10 reached", "database", "till.pool", ""),
        ("insert into wares failed", "code", "till.stock", "till.stock"),
        ("drawer is closed", "code", "production", ""),
    ],
)
def test_where_in_a_service_an_error_is(text: str, kind: str, logger: str, place: str) -> None:
    """The table that a store's trouble names; a logger is no part of what is called, nor one that is called like an environment."""
    assert place == place_in(text, kind, logger)


@pytest.mark.parametrize(
    ("name", "outside"),
    [
        ("api.pay.example", True), ("API.PAY.EXAMPLE", True), ("postgres.example.com", False), ("cart.svc", False),
        ("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", False), ("com.zaxxer.hikari.pool", False), ("App.Jobs.SendMail", False),
    ],
)  # fmt: skip
def test_a_class_is_no_host_of_another_party(name: str, outside: bool) -> None:
    """Though it is written with dots as a domain is."""
    assert outside is is_outside_name(name)
