"""Store addresses: their parts, and that no secret leaves them."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.errors import UsageError
from lastgood.telemetry.address import EmbeddedAddress, RemoteAddress, parsed


def test_an_embedded_address_is_a_path_with_options() -> None:
    """Percent-encoding is undone, and the query goes to the engine."""
    assert EmbeddedAddress(Path("/var/a b"), {"max_threads": "2"}) == parsed(
        "chdb:///var/a%20b?max_threads=2"
    )


def test_memory_has_no_path() -> None:
    """`chdb://memory` is no folder."""
    assert EmbeddedAddress(None) == parsed("chdb://memory")


def test_a_remote_address_has_all_its_parts() -> None:
    """User, password and database are decoded; options are distinguished."""
    found = parsed("clickhouses://re%40der:p%2Fw%3F@db.example:9443/otel?verify=false&max_threads=3")
    expected = RemoteAddress(
        "db.example", 9443, "otel", "re@der", "p/w?", secure=True, client={"verify": "false"},
        settings={"max_threads": "3"},
    )  # fmt: skip
    assert expected == found


@pytest.mark.parametrize(("scheme", "port"), [("clickhouse", 8123), ("clickhouses", 8443)])
def test_ports_default_to_the_http_interface(scheme: str, port: int) -> None:
    """8123, and 8443 with TLS."""
    found = parsed(f"{scheme}://db")
    assert isinstance(found, RemoteAddress)
    assert (port, "default", "default") == (found.port, found.database, found.user)


def test_the_password_is_in_no_text() -> None:
    """Neither the representation nor the shown address has it."""
    found = parsed("clickhouse://me:hunter2@db/otel")
    assert isinstance(found, RemoteAddress)
    assert "hunter2" not in repr(found) + str(found) + found.shown
    assert "clickhouse://db:8123/otel" == found.shown


@pytest.mark.parametrize(
    "address",
    ["", "postgres://me:hunter2@db", "chdb://relative/hunter2", "chdb://", "clickhouse://:hunter2@", "clickhouse://db:hunter2/x"],
)  # fmt: skip
def test_other_addresses_are_refused_without_being_repeated(address: str) -> None:
    """The message says what to write instead, and keeps the secret."""
    with pytest.raises(UsageError) as refused:
        parsed(address)
    assert "hunter2" not in str(refused.value) + refused.value.hint


@given(st.text())
def test_no_text_crashes(text: str) -> None:
    """Any text is an address or a usage error."""
    with suppress(UsageError):
        parsed(f"clickhouse://{text}")
