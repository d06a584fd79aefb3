"""Names are replaced, always by the same."""

from time import process_time

import pytest

from lastgood.algorithms.anonymous import Anonymous


def learnt() -> Anonymous:
    """Names as a store of telemetry has them."""
    names = Anonymous(kept={"checkout"})
    names.learn("tenant", ("Bright Oak School", "acme"))
    names.learn("user.id", ("u-4711", "42"))
    names.learn("host.name", ("ip-10-3.eu.example", "checkout"))
    names.learn("server.address", ("stock", "api.pay.example"))
    names.learn("http.route", ("/orders",))
    return names


@pytest.mark.parametrize(
    ("attribute", "value", "shown"),
    [
        ("tenant", "acme", "customer-2"),
        ("user.id", "42", "user-2"),
        ("host.name", "checkout", "checkout"),
        ("server.address", "stock", "stock"),
        ("server.address", "api.pay.example", "host-2"),
        ("http.route", "/orders", "/orders"),
        ("http.route", "/tenants/acme/42", "/tenants/customer-2/42"),
    ],
)
def test_values_by_the_name_of_their_attribute(attribute: str, value: str, shown: str) -> None:
    """A number in a path is not taken for a user; a peer without a dot is a service."""
    assert shown == learnt().value(attribute, value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Order of u-4711 failed for Bright Oak School.", "Order of user-1 failed for customer-1."),
        ("no route to ip-10-3.eu.example.", "no route to host-1."),
        ("10.0.0.7 and 10.0.0.7 answer, version 1.2.3", "host-3 and host-3 answer, version 1.2.3"),
        ("mail anna@oak.example or anna@oak.example", "mail person-1 or person-1"),
        ('{"tenant":"acme","n":42}', '{"tenant":"customer-2","n":42}'),
        ("host-1 of customer-1", "host-1 of customer-1"),
        ("U-4711 of BRIGHT OAK SCHOOL and Acme", "user-1 of customer-1 and customer-2"),
        ("2001:db8::7 and 02:42:ac:11:00:02 at 12:00:07", "host-3 and host-4 at 12:00:07"),
        ("macmee and checkout stay", "macmee and checkout stay"),
    ],
)
def test_the_same_names_in_texts(text: str, shown: str) -> None:
    """Whole words only."""
    assert shown == learnt().text(text)


def test_a_hostile_text_takes_no_time() -> None:
    """A long word took the square of its length."""
    started = process_time()
    learnt().text("a" * 300_000 + " " + "a:" * 100_000)

    assert process_time() - started < 3


def test_no_secret_is_left() -> None:
    """Neither in a text nor in an attribute: a drill is shared."""
    names = Anonymous()
    said = names.text(
        "login password=hunter2 of kim@example.org with eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdef, card 4111 1111 1111 1111, "
        "account DE89370400440532013000, postgres://app:hunter2@db/x"
    )

    assert not [one for one in ("hunter2", "eyJ", "4111", "DE89", "kim") if one in said]
    assert "of person-1 with" in said
    for header in ("authorization", "cookie", "x-api-key"):
        assert "[redacted]" == names.value(f"http.request.header.{header}", "abc")
    assert "k" == names.value("feature_flag.key", "k")


def test_a_name_of_several_parts_is_found_in_a_longer_one() -> None:
    """A log line gives a host its domain, or a disk the name of its host; names of services stay."""
    names = Anonymous({"checkout-db"})
    names.learn("host.name", ["db-prod-7", "checkout-db", "edge.prod"])
    said = names.text(
        "no route to DB-PROD-7.internal.acme.example, disk_db-prod-7_sda of xdb-prod-71 on checkout-db.prod"
    )

    assert (
        "no route to host-1.internal.acme.example, disk_host-1_sda of xdb-prod-71 on checkout-db.prod" == said
    )
    started = process_time()
    names.text("db-prod-" * 30_000)
    assert process_time() - started < 3
