"""Addresses of databases: what is shown, and where passwords come from."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.outside.database.address import address_of


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("postgresql://kim@db:5433/shop?sslmode=require", "postgresql://kim@db:5433/shop"),
        ("postgres://kim@db/shop", "postgresql://kim@db/shop"),
        ("mariadb://kim@db/shop", "mysql://kim@db/shop"),
        ("sqlite:///orders.db", "sqlite:///orders.db"),
        ("sqlite:////var/orders.db", "sqlite:////var/orders.db"),
    ],
)
def test_an_address_is_shown_in_one_form(given: str, shown: str) -> None:
    """Without its settings."""
    assert shown == str(address_of(given, {}))


@pytest.mark.parametrize(
    "given", ["postgresql://kim:hunter2@db/shop", "mysql://kim@db/shop?password=hunter2"]
)
def test_a_password_in_sight_is_refused_and_not_repeated(given: str) -> None:
    """The hint says where else it can be."""
    with pytest.raises(UsageError) as refused:
        address_of(given, {})

    assert "hunter2" not in refused.value.message + refused.value.hint
    assert "--password-file" in refused.value.hint


def test_a_password_of_the_environment_is_taken_and_not_shown() -> None:
    """In a variable that holds the whole address, or the one that MySQL's programs know."""
    whole = address_of("env:SHOP", {"SHOP": "postgresql://kim:hunter2@db/shop"})
    own = address_of("mysql://kim@db/shop", {"MYSQL_PWD": "hunter2"})

    assert ["hunter2", "hunter2"] == [whole.password, own.password]
    assert "hunter2" not in f"{whole} {whole!r} {own} {own!r}"


def test_a_password_file_is_the_users_alone(tmp_path: Path) -> None:
    """One that others can read is refused, with the command that mends it."""
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    file.chmod(0o644)
    with pytest.raises(UsageError, match="can be read by others") as refused:
        address_of("mysql://kim@db/shop", {}, password_file=file)
    file.chmod(0o600)

    assert f"chmod 600 {file}" in refused.value.hint
    assert "hunter2" == address_of("mysql://kim@db/shop", {}, password_file=file).password


@pytest.mark.parametrize(
    "given",
    [
        "oracle://db/x",
        "db",
        "postgresql://db",
        "postgresql://db:x/y",
        "postgresql://db/x?options=-c",
        "env:NOTHING",
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    """With the forms that are known, or the settings."""
    with pytest.raises(UsageError) as refused:
        address_of(given, {})

    assert refused.value.hint
